"""Findings to text: `layout` and `terminal` for people, one module of `formats` per format."""
