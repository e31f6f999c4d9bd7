"""One module per output format, independent of each other; each has `render(result, context)`."""
