"""Questions that the documents did not answer, gathered as a list of missing guidance."""
