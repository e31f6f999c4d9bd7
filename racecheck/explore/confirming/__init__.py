"""What it takes to try a finding: who comes where, who is held there, what is seen."""
