"""Notecast: a static site generator for research notes."""

__version__ = "0.1.0"
