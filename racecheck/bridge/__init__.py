"""Where the settings, rules and suppressions of lint meet what a run finds."""
