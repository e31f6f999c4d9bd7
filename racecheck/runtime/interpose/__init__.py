"""What replaces the primitives of a library while we watch; one file a library."""
