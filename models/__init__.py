"""What things are, and what is learned: records, the store, the gazetteer, the theme model, identity."""
