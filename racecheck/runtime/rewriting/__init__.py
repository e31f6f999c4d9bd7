"""Code with calls inserted that tell what it touches (used by `backends.rewrite`)."""

from racecheck.runtime.rewriting.rewriter import compile_main

__all__ = ["compile_main"]
