"""The command line: arguments to `api` calls, results to streams and exit codes."""
