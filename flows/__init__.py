"""When, and in what order: the flows, the command line and what people take away."""
