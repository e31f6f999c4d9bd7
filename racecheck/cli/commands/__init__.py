"""One module per command, each with `run(arguments)`; found by file name."""
