"""Back to the start before each run: what modules, libraries and executors hold."""
