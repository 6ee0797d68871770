"""The Evaluation page: its routes, and what each of its views shows."""
