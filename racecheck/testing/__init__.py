"""What `pytest --racecheck` does: one session over all tests, and each test's own findings."""
