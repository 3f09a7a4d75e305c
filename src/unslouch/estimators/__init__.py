"""Adapters that find a person in a picture."""
