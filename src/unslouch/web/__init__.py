"""The live page: a small server on this computer, and the page it serves."""
