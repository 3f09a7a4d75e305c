"""Adapters that bring pictures: recordings, and the live page's own."""
