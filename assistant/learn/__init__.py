"""Learning: a path of short units for the first week, and a glossary, all with their passages."""
