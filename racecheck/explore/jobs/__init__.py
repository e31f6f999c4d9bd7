"""An exploration in parts, for several processes: shares, and the sum of what came of them."""
