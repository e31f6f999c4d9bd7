"""One service in two forms: `buggy` and `repaired`."""
