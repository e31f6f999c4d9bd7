"""Pure functions from Program to a result type; each runs once, when a check first asks."""
