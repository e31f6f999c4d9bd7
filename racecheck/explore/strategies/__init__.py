"""Who is next: one file a strategy, independent of each other."""
