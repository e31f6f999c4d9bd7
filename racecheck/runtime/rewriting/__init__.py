"""Code with calls inserted that tell what it touches (used by `backends.rewrite`)."""
