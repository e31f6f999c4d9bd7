"""Who looks at what happens: one question a file."""
