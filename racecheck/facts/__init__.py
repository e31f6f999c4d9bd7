"""One file in, one FileFacts out; nothing here ever looks at a second file."""
