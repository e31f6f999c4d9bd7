"""A small registration service and shop: the repaired form."""
