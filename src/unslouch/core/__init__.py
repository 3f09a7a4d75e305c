"""The pure core: what movement means. No input or output, no clock, no thread."""
