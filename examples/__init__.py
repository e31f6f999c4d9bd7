"""Runnable stories."""
