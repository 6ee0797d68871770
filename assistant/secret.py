"""A value that must not be shown: keys of endpoints."""

from __future__ import annotations


class Secret:
    """Text that shows itself only to who asks for it by ``reveal``.

    It cannot be printed, formatted, pickled or put into JSON by accident.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The text itself; hand it to the endpoint and to nothing else."""
        return self._value

    def __bool__(self) -> bool:
        """Whether there is one."""
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        """Whether both hide the same."""
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        """A hash of this process alone."""
        return hash(self._value)

    def __repr__(self) -> str:
        """Stars, whatever it is."""
        return "Secret(***)" if self._value else "Secret()"

    __str__ = __repr__

    def __reduce__(self) -> str:
        """Refuse to be pickled."""
        raise TypeError("a secret is not written to a file")

    def __deepcopy__(self, memo: object) -> Secret:
        """Itself, so that ``dataclasses.asdict`` keeps it hidden."""
        return self
