"""What racecheck knows as data: rule pages (`rulebook`), library models (`models`), `load`."""
