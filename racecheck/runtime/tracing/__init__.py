"""For backends that look at frames: moments of a code object, variables of a frame."""
