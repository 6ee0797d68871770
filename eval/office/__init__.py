"""The office's own questions for the evaluation, made from what people said of answers."""
