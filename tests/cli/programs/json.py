MINE = "not the one of the standard library"
