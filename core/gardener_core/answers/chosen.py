"""What a person pinned and banned, as it counts in answers."""

from collections.abc import Callable, Iterable, Sequence

from gardener_core.events.index import Hit
from gardener_core.events.parts import CodeSpan, Why
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.choices import Choices


def where_they_are(choices: Choices, catalog: Catalog) -> Choices:
    """Pins and bans at the lines where their symbols are now."""
    if not choices.pins and not choices.bans:
        return choices
    with catalog.checking_for_damage():
        return Choices(
            tuple(_moved(catalog, one) for one in choices.pins),
            tuple(_moved(catalog, one) for one in choices.bans),
        )


def without_banned(hits: Iterable[Hit], bans: Sequence[CodeSpan]) -> tuple[Hit, ...]:
    """The hits that nobody banned."""
    return tuple(hit for hit in hits if not any(hit.span.same(one) for one in bans))


def pinned_code(
    pins: Sequence[CodeSpan], lines_of: Callable[[str], Sequence[str]]
) -> tuple[Hit, ...]:
    """Pinned code as it stands now, in the order in which it was pinned."""
    found = []
    for one in pins:
        lines = lines_of(one.path)[max(0, one.start_line - 1) : one.end_line]
        if lines:
            found.append(
                Hit(
                    rank=0,
                    path=one.path,
                    start_line=one.start_line,
                    end_line=one.start_line + len(lines) - 1,
                    symbol=one.symbol,
                    kind=one.kind,
                    language=one.language,
                    score=0.0,
                    why=Why(0, 0.0, ()),
                    text="\n".join(lines),
                )
            )
    return tuple(found)


def _moved(catalog: Catalog, one: CodeSpan) -> CodeSpan:
    """The same symbol where it is now: files are edited, and lines move."""
    if not one.symbol:
        return one
    named = [item for item in catalog.symbols.of_file(one.path) if item.symbol == one.symbol]
    if not named or any(one.start_line <= item.line <= one.end_line for item in named):
        return one
    near = min(named, key=lambda item: abs(item.line - one.start_line))
    return CodeSpan(one.path, one.symbol, one.kind, one.language, near.line, near.last_line)
