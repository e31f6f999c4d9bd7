"""How accesses are noticed: three ways to reach the same sites."""
