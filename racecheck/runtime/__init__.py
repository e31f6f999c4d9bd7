"""Watches one run. Lives in the user's process: standard library only, and its own locks are raw."""
