"""All FileFacts in, one Program out: names, classes, calls, threads, locks across files."""
