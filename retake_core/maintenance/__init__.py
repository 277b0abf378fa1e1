"""Care of the library: backup, removal, repair, and what doctor finds."""
