"""Other explorers, each behind one function that runs a program in the tool's own terms."""
