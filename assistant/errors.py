"""Errors that people are told about.

::

    AssistantError      a sentence that can be shown as it is
    ├── QuestionError   a question that cannot be taken as it is
    ├── SettingsError   a setting that is unknown, or has a value that cannot be
    ├── PersonalDataError  a question that would carry personal data elsewhere
    ├── PageError       the page's own files are missing or wrong
    ├── PortInUseError  the address asked for is taken
    ├── StateError      the office's records cannot be opened
    ├── NobodyError     a request that nobody was established for
    └── PeopleError     an account, a password or a sign-in that cannot be (``people/errors.py``)
"""

from __future__ import annotations

from assistant.phrasebook import phrase


class AssistantError(Exception):
    """An error with one sentence for people: what was expected, what was found, what to do."""


class QuestionError(AssistantError):
    """A question that is empty or too long; the sentence is in the question's language."""

    def __init__(self, name: str, language: str, **values: object) -> None:
        """Say what is wrong by the name of its phrase (``[error]`` in the phrases)."""
        super().__init__(phrase(language, "error", name, **values))


class PersonalDataError(AssistantError):
    """A question that holds personal data and would go to a machine that is not this one."""

    def __init__(self, language: str, kinds: str, host: str) -> None:
        """Say what it holds, where it would go, and what to do."""
        super().__init__(phrase(language, "personal", "refused", kinds=kinds, host=host))


class SettingsError(AssistantError):
    """A setting that is unknown, or has a value that cannot be."""


class PageError(AssistantError):
    """A file of the page (words, style, script) is missing or incomplete."""


class PortInUseError(AssistantError):
    """The address that the page should be served on cannot be opened."""


class StateError(AssistantError):
    """The file with the office's records cannot be opened, or is of a newer version."""


class NobodyError(AssistantError):
    """A request reached a page without anybody having been established for it."""
