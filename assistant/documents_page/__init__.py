"""The Documents page: the office's own documents, for the person who keeps them."""
