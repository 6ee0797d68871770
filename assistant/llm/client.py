"""Speaks to an OpenAI-compatible endpoint: one streamed completion, bounded in time and size.

The ``openai`` client is imported when the first endpoint is opened, and never otherwise.
Nothing that an endpoint says in an error is logged or shown: it may repeat the key.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from assistant.llm.errors import Fault, ModelError, TooLongError
from assistant.llm.settings import LlmSettings

Message = dict[str, str]
Watch = Callable[[str], bool]
"""Called with the text so far; False: no more is wanted."""
TOKENS = 1_600
"""Tokens that one completion may have."""
CHARACTERS = 24_000
"""Characters after which a completion is cut off: it repeats itself, or is no answer."""


@dataclass(frozen=True)
class Endpoint:
    """An endpoint and its connections; threads share it."""

    settings: LlmSettings
    client: Any = field(repr=False)
    plain: threading.Event = field(default_factory=threading.Event, repr=False)
    """Set once the endpoint has refused a JSON schema."""

    def complete(
        self,
        messages: Sequence[Message],
        deadline: float,
        schema: Mapping[str, object] | None = None,
        watch: Watch | None = None,
    ) -> str:
        """The text of one completion.

        Args:
            messages: role and content, in order.
            deadline: ``time.monotonic()`` until which it may take.
            schema: a JSON schema to hold the model to, where the endpoint can.
            watch: called with the text so far.

        Raises:
            ModelError: there is no text that can be used.
        """
        wanted = None if self.plain.is_set() else schema
        try:
            return self._stream(messages, deadline, wanted, watch)
        except _SchemaRefusedError:
            self.plain.set()
            return self._stream(messages, deadline, None, watch)

    def _stream(
        self,
        messages: Sequence[Message],
        deadline: float,
        schema: Mapping[str, object] | None,
        watch: Watch | None,
    ) -> str:
        from assistant.llm.transport import time_limits

        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise ModelError("timeout")
        with _faults(schema is not None):
            stream = self.client.chat.completions.create(
                model=self.settings.model,
                messages=list(messages),
                stream=True,
                temperature=0,
                max_tokens=TOKENS,
                timeout=time_limits(remaining),
                **_format(schema),
            )
            with contextlib.closing(stream):
                return _read(iter(stream), deadline, watch)


def open_endpoint(settings: LlmSettings) -> Endpoint:
    """An endpoint ready to be asked; nothing is sent yet."""
    from openai import Omit, OpenAI  # only where an endpoint is configured

    from assistant.llm.transport import capped_client

    unwanted = {"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()}
    client = OpenAI(
        base_url=settings.base_url,
        api_key=settings.api_key.reveal() or "none",
        max_retries=0,
        http_client=capped_client(),
        default_headers=cast(Any, {"Accept-Encoding": "identity", **unwanted}),
    )
    return Endpoint(settings, client)


class _SchemaRefusedError(Exception):
    """The endpoint does not know ``response_format``."""


def _format(schema: Mapping[str, object] | None) -> dict[str, Any]:
    if schema is None:
        return {}
    held = {"name": "answer", "strict": True, "schema": schema}
    return {"response_format": {"type": "json_schema", "json_schema": held}}


def _read(chunks: Iterator[Any], deadline: float, watch: Watch | None) -> str:
    """The text of a stream that ends properly, or that nobody wants more of."""
    parts: list[str] = []
    length, ended = 0, False
    for chunk in chunks:
        if time.monotonic() > deadline:
            raise ModelError("timeout")
        choice = next(iter(chunk.choices or ()), None)
        if choice is None:
            continue
        text = getattr(choice.delta, "content", None)
        if isinstance(text, str) and text:
            parts.append(text)
            length += len(text)
            if watch is not None and not watch("".join(parts)):
                return "".join(parts)
        if length > CHARACTERS:
            raise ModelError("too_long")
        ended = ended or choice.finish_reason is not None
    if not ended:
        raise ModelError("cut" if parts else "malformed")
    return "".join(parts)


@contextlib.contextmanager
def _faults(with_schema: bool) -> Iterator[None]:
    """Turn whatever the client raises into a fault, without its text."""
    import httpx2
    import openai

    try:
        yield
    except TooLongError:
        raise ModelError("too_long") from None
    except openai.APIStatusError as error:
        if with_schema and error.status_code in (400, 422):
            raise _SchemaRefusedError from None
        raise ModelError(_fault_of(error.status_code), _retry_after(error.response)) from None
    except openai.APITimeoutError:
        raise ModelError("timeout") from None
    except openai.APIConnectionError as error:
        long = isinstance(error.__cause__, TooLongError)
        raise ModelError("too_long" if long else "unreachable") from None
    except httpx2.TimeoutException:
        raise ModelError("timeout") from None
    except httpx2.TransportError:
        raise ModelError("cut") from None
    except (openai.OpenAIError, httpx2.HTTPError, ValueError, TypeError, AttributeError):
        raise ModelError("malformed") from None


def _fault_of(status: int) -> Fault:
    if status == 429:
        return "busy"
    if status == 408:
        return "timeout"
    return "server" if status >= 500 else "malformed" if status < 400 else "refused"


def _retry_after(response: Any) -> float:
    """Seconds that the endpoint asks to wait, 0 where it does not say."""
    try:
        return max(0.0, min(float(response.headers.get("retry-after", "0")), 3_600.0))
    except ValueError:
        return 0.0
