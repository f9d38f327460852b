"""A function or class with its documentation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Documented:
    """A function or class; `start` and `end` are bytes, `cut` the bytes of its doc."""

    symbol: str
    is_function: bool
    doc: str
    start: int
    end: int
    cut: tuple[int, int] | None

    @property
    def name(self) -> str:
        """The symbol without its owners."""
        return self.symbol.rpartition(".")[2]
