"""What people take away: the five tables, as files that spreadsheets, statistics programs and other programs read."""
