"""Answers written by a language model, held to the same quotes as our own.

``settings`` names the endpoint, ``client`` speaks to it, ``prompt`` and ``parse`` are what goes
in and comes out, ``locate`` and ``verify`` judge each statement, ``answer`` puts the answer
together, and ``writer`` runs the whole within its time. Nothing here is imported before an
endpoint is configured, but ``settings``.
"""
