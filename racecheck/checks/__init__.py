"""One file a rule, or a tight family: results in, findings out. `registry` reads this folder."""
