"""One thread at a time, and who chooses: schedules of a test, explored, shrunk and replayed."""
