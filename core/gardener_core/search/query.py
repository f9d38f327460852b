"""Parse the filters of a query."""

import re
import time
from dataclasses import dataclass
from fnmatch import translate
from typing import Literal

Scope = Literal["code", "tests", "all"]
SCOPES: tuple[Scope, ...] = ("code", "tests", "all")
KEYS = ("lang", "kind", "path", "name", "cx", "changed")
# A key is a filter only when a value follows at once; any other word is text.
_FILTER = re.compile(
    r"(?<!\S)(?P<not>-?)(?:(?P<key>lang|kind|path|name|changed):(?P<value>[^\s:]\S*)"
    r"|cx(?P<sign>:|<=|>=|<|>|=)(?P<number>\d+))(?!\S)"
)
# What may have been meant as a filter; a name such as path::join was not.
_LOOKS_LIKE_FILTER = re.compile(
    r"(?P<not>-?)(?:(?P<key>lang|kind|path|name|changed):(?P<value>(?!:)\S*)"
    r"|cx(?::|<=|>=|<|>|=)(?P<number>\S*))"
)
_USAGE = {"changed": "wants a time: 30m, 12h, 7d, 2w", "cx": "wants a number: cx>10"}
_SPAN = re.compile(r"(\d+)([mhdw])")
_SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True)
class Query:
    """The text to search for, and a condition on rows; either may be empty."""

    text: str
    condition: str


def parse_query(query: str, now: float | None = None) -> Query:
    """Split a query like `refresh token lang:python -path:tests cx>10`.

    Filters of one key are alternatives, different keys must all hold, excluded ones must not.
    """
    wanted: dict[str, list[str]] = {}
    unwanted: list[str] = []

    def take(match: re.Match[str]) -> str:
        condition = _condition(match, time.time() if now is None else now)
        if not condition:
            return match[0]
        if match["not"]:
            unwanted.append(f"NOT ({condition})")
        else:
            wanted.setdefault(match["key"] or "cx", []).append(condition)
        return " "

    text = " ".join(_FILTER.sub(take, query).split())
    # Two bounds on the complexity make a range; two languages are a choice.
    groups = [(" AND " if key == "cx" else " OR ").join(options) for key, options in wanted.items()]
    return Query(text, " AND ".join([*(f"({group})" for group in groups), *unwanted]))


@dataclass(frozen=True, slots=True)
class Filter:
    """A word of a query that filters, or looks like a filter; then `problem` says why not."""

    text: str
    key: str
    value: str
    excludes: bool
    problem: str = ""


def filters_of(query: str) -> tuple[Filter, ...]:
    """The words of a query that filter or look like filters, in order."""
    found = (_filter(word) for word in query.split())
    return tuple(item for item in found if item)


def _filter(word: str) -> Filter | None:
    looks = _LOOKS_LIKE_FILTER.fullmatch(word)
    if looks is None:
        return None
    key, value = looks["key"] or "cx", looks["value"] or looks["number"] or ""
    match = _FILTER.fullmatch(word)
    holds = match is not None and bool(_condition(match, 0.0))
    problem = "" if holds else f"{_USAGE.get(key, 'a value follows at once')}; now it is a word"
    return Filter(word, key, value, bool(looks["not"]), problem)


def within(condition: str, scope: Scope) -> str:
    """Restrict a condition to a scope."""
    match scope:
        case "all":
            return condition
        case "code":
            role = "role != 'test'"
        case "tests":
            role = "role = 'test'"
    return f"({condition}) AND {role}" if condition else role


def _condition(match: re.Match[str], now: float) -> str:
    key, value = match["key"], match["value"]
    match key:
        case None:
            sign = "=" if match["sign"] == ":" else match["sign"]
            return f"cx {sign} {match['number']}"
        case "lang" | "kind":
            return f"{key} = {_quoted(value.lower())}"
        case "changed":
            span = _SPAN.fullmatch(value)
            return f"changed >= {now - int(span[1]) * _SECONDS[span[2]]}" if span else ""
        case "path" | "name":
            return _matches(key, value)
        case _:
            raise AssertionError(f"{key} is no key of a filter")


def _matches(column: str, value: str) -> str:
    """A value with a wildcard matches the whole; any other is searched inside."""
    if "*" in value or "?" in value:
        pattern = translate(value).removeprefix("(?s:").removesuffix(")\\Z").removesuffix(")\\z")
        return f"regexp_like({column}, {_quoted(f'^(?i:{pattern})$')})"
    return f"contains(lower({column}), {_quoted(value.lower())})"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
