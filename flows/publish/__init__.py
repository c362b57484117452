"""What people take away: the six tables, as files that spreadsheets, statistics programs and other programs read."""
