"""The office's records of answers: a person's history, evidence sheets, saved answers."""
