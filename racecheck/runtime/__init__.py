"""Watches one run. Lives in the user's process: standard library only, its own locks are raw."""
