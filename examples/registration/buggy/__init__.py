"""A small registration service and shop: the buggy form."""
