"""Reads exercise files and says everything that is wrong with one, at once."""

from unslouch.catalogue.load import CatalogueError, load_directory, load_exercise, parse_exercise

__all__ = ["CatalogueError", "load_directory", "load_exercise", "parse_exercise"]
