"""Shipped test kit: a synthetic person with known angles, and what they do."""
