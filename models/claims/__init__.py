"""The claim model: which names in a sentence are parties of a collaboration that it states."""
