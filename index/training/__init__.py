"""Training of the bundled bilingual embedding model (see ``train.py``)."""
