"""Filters are taken out of a query, and nothing else is."""

import pytest

from gardener_core.search.query import Query, parse_query

NOW = 1_000_000.0


@pytest.mark.parametrize(
    ("query", "text", "condition"),
    [
        ("refresh token", "refresh token", ""),
        ("lang:rust refresh", "refresh", "(lang = 'rust')"),
        ("refresh lang:Rust token", "refresh token", "(lang = 'rust')"),
        ("lang:go lang:c", "", "(lang = 'go' OR lang = 'c')"),
        ("kind:method cx>10", "", "(kind = 'method') AND (cx > 10)"),
        ("cx>=2 cx<9", "", "(cx >= 2 AND cx < 9)"),
        ("cx:3", "", "(cx = 3)"),
        ("path:Core/", "", "(contains(lower(path), 'core/'))"),
        ("-path:tests x", "x", "NOT (contains(lower(path), 'tests'))"),
        ("name:it's", "", "(contains(lower(name), 'it''s'))"),
        ("changed:7d", "", f"(changed >= {NOW - 7 * 86_400})"),
        ("changed:2h", "", f"(changed >= {NOW - 7200})"),
        # Words that only look like filters stay text.
        ("std::vector", "std::vector", ""),
        ("lang: rust", "lang: rust", ""),
        ("-x well-known", "-x well-known", ""),
        ("http://x:80/path:a", "http://x:80/path:a", ""),
        ("mylang:rust", "mylang:rust", ""),
        ("changed:soon", "changed:soon", ""),
        ("cx > 10", "cx > 10", ""),
        ("color:red", "color:red", ""),
        ("path::join", "path::join", ""),
    ],
)
def test_query(query: str, text: str, condition: str) -> None:
    assert parse_query(query, NOW) == Query(text, condition)


def test_star_is_a_pattern_of_the_whole_name() -> None:
    condition = parse_query("name:Session*").condition
    assert condition.startswith("(regexp_like(name, '^(?i:Session.*")
