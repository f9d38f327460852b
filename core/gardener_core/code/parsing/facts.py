"""The facts of a parsed file that the catalog keeps."""

from collections.abc import Callable

from gardener_core.code.files.listing import SourceText
from gardener_core.code.languages.table import language_of, languages
from gardener_core.code.parsing.outlines import outline_of, pack_outline, pack_uses, uses_of
from gardener_core.code.parsing.symbols import Parsed
from gardener_core.store.project.facts import ConfigurationPoint, FileFacts, Symbol


def facts_of(source: SourceText, parsed: Parsed, clear: Callable[[str], str]) -> FileFacts:
    """What a file defines and uses; `clear` hides secrets in what is quoted from it."""
    language = language_of(source.path)
    row = languages().get(language)
    selfs = row.selfs if row else frozenset()
    outline = outline_of(parsed, selfs)
    uses = uses_of(parsed, outline, selfs)
    return FileFacts(
        path=source.path,
        language=language,
        symbols=_symbols(source, parsed, clear),
        configuration=tuple(
            ConfigurationPoint(source.path, item.name, item.kind, item.line, clear(item.default))
            for item in dict.fromkeys(parsed.configuration)
        ),
        outline=pack_outline(outline),
        uses=pack_uses(uses),
    )


def _symbols(source: SourceText, parsed: Parsed, clear: Callable[[str], str]) -> tuple[Symbol, ...]:
    """The definitions with their last lines, counted in one pass."""
    ends = sorted({max(item.end - 1, 0) for item in parsed.definitions})
    lines, line, before = {}, 1, 0
    for end in ends:
        line += source.raw.count(b"\n", before, end)
        lines[end], before = line, end
    return tuple(
        Symbol(
            path=source.path,
            symbol=item.symbol,
            name=item.name.rpartition(".")[2] or item.name,  # C++ has `Type::method`
            kind=item.kind,
            line=item.line,
            last_line=lines[max(item.end - 1, 0)],
            signature=clear(item.signature),
        )
        for item in parsed.definitions
    )
