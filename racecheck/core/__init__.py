"""Values and pure algorithms; standard library only, because they also live in users' processes."""
