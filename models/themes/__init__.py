"""Which of the six themes a collaboration belongs to: a trained model, with a keyword baseline beside it."""
