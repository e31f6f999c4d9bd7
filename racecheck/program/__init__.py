"""All FileFacts in, one Program out: names, classes, calls, threads and locks linked across files."""
