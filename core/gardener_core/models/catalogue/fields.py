"""Take typed values out of a TOML table."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from gardener_core.system.terminal_text import is_safe

LARGEST = 2**62
LONGEST_TEXT = 1000
Made = TypeVar("Made")


class Wrong(Exception):
    """A value that cannot be used, by its key."""

    def __init__(self, key: str, what: str) -> None:
        super().__init__(f"{key}: {what}")
        self.key = key
        self.what = what


class Fields:
    """A table whose keys are taken one by one; what is left over at the end is a mistake."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._left = dict(table)

    def text(
        self,
        key: str,
        default: str | None = None,
        *,
        pattern: re.Pattern[str] | None = None,
        choices: Collection[str] = (),
        not_one_of: Collection[str] = (),
    ) -> str:
        """A text; without a default it must be there."""
        if key not in self._left and default is not None:
            return default
        value = self._take(key)
        if not isinstance(value, str) or not value or len(value) > LONGEST_TEXT:
            raise Wrong(key, "it is not a text")
        return _checked(key, value, pattern, choices, not_one_of)

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number that is not negative."""
        if key not in self._left and default is not None:
            return default
        value = self._take(key)
        if type(value) is not int or not 0 <= value < LARGEST:
            raise Wrong(key, "it is not a whole number from 0 on")
        return value

    def texts(
        self,
        key: str,
        *,
        pattern: re.Pattern[str] | None = None,
        choices: Collection[str] = (),
        count: int = 0,
    ) -> tuple[str, ...]:
        """A list of texts, of a certain length if one is given."""
        values = self._take(key)
        if (
            not isinstance(values, list)
            or not values
            or not all(isinstance(v, str) for v in values)
        ):
            raise Wrong(key, "it is not a list of texts")
        if count and len(values) != count:
            raise Wrong(key, f"it names {len(values)} files, the entry has {count}")
        return tuple(_checked(key, value, pattern, choices, ()) for value in values)

    def table(self, key: str, make: Callable[["Fields"], Made]) -> Made | None:
        """What is made of an inner table; None where there is none."""
        if key not in self._left:
            return None
        return _made(key, self._take(key), make)

    def tables(self, key: str, make: Callable[["Fields"], Made]) -> tuple[Made, ...]:
        """What is made of each table of a list."""
        values = self._take(key)
        if not isinstance(values, list) or not values:
            raise Wrong(key, "it is not a list of tables")
        return tuple(_made(key, value, make) for value in values)

    def end(self) -> None:
        """Refuse a table with more keys than were taken."""
        if self._left:
            raise Wrong(next(iter(self._left)), "there is no such key")

    def _take(self, key: str) -> Any:
        if key not in self._left:
            raise Wrong(key, "it is missing")
        return self._left.pop(key)


def _made(key: str, value: Any, make: Callable[[Fields], Made]) -> Made:
    if not isinstance(value, dict):
        raise Wrong(key, "it is not a table")
    fields = Fields(value)
    try:
        made = make(fields)
        fields.end()
    except Wrong as wrong:
        raise Wrong(f"{key}.{wrong.key}", wrong.what) from None
    return made


def _checked(
    key: str,
    value: str,
    pattern: re.Pattern[str] | None,
    choices: Collection[str],
    not_one_of: Collection[str],
) -> str:
    if not is_safe(value) or "\n" in value:
        raise Wrong(key, "it holds control characters")
    if choices and value not in choices:
        raise Wrong(key, f"{value!r} is not one of {', '.join(choices)}")
    if value in not_one_of or (pattern and not pattern.fullmatch(value)):
        raise Wrong(key, f"{value!r} cannot be used")
    return value
