"""The review app: a person's judgement on what was harvested, fast and durable."""
