"""The synthetic athlete: a rendered person with exact ground truth."""
