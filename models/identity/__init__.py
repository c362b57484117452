"""Who is the same as whom, and which collaboration is which."""
