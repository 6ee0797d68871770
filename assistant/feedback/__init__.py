"""What people say of the answers they were given: right or wrong, where, and what would be."""
