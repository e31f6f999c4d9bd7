"""One thread at a time: who runs, who waits for what, and what leaves our control."""
