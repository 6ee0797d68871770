"""Whether a question may leave this machine for a language model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.datatypes import Language, Turn
from assistant.errors import PersonalDataError
from assistant.personal import Concern
from assistant.phrasebook import phrase
from assistant.pipeline import Assistant
from assistant.understand import language_of

if TYPE_CHECKING:
    from assistant.llm.writer import Sending


def sending_of(assistant: Assistant, personal: bool) -> Sending | None:
    """How questions are sent, None where no language model is configured."""
    if assistant.writer is None:
        return None
    from assistant.llm.writer import Sending  # only where an endpoint is configured

    return Sending(personal=personal)


def check_personal(
    assistant: Assistant, question: str, history: Sequence[Turn], allowed: bool
) -> None:
    """Refuse a question that would carry personal data to another machine.

    Raises:
        PersonalDataError: it holds such data, and sending it was not allowed.
    """
    concerns = concerns_of(assistant, question, history)
    if concerns and not allowed and assistant.writer is not None:
        language = language_of(question)
        raise PersonalDataError(
            language, names_of(concerns, language), assistant.writer.settings.host
        )


def concerns_of(
    assistant: Assistant, question: str, history: Sequence[Turn]
) -> tuple[Concern, ...]:
    """What of a conversation looks like personal data and would leave this machine."""
    if assistant.writer is None:
        return ()
    said = [turn.content for turn in history if turn.role == "user"]
    return assistant.writer.concerns([question, *said])


def names_of(concerns: Sequence[Concern], language: Language) -> str:
    """What kinds of personal data there are, in words."""
    kinds = dict.fromkeys(c.kind for c in concerns)
    return phrase(language, "personal", "joint").join(
        phrase(language, "personal", kind) for kind in kinds
    )
