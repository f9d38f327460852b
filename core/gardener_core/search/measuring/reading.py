"""Measure how fast files are read, by stage."""

from collections.abc import Callable, Iterator
from importlib import import_module

from tree_sitter import Language as Grammar
from tree_sitter import Parser

from gardener_core.code.chunks import parse_and_cut
from gardener_core.code.files.listing import SourceText, list_files, read_file
from gardener_core.code.languages.table import language_of, languages
from gardener_core.code.parsing.queries import parse
from gardener_core.code.roles import why_not_ours
from gardener_core.code.secrets.detection import Allowed, find_secrets
from gardener_core.code.worker import FileRead, read_for_index
from gardener_core.search.measuring.figures import (
    Line,
    Stopwatch,
    arguments,
    figure,
    peak_megabytes,
    print_lines,
)
from gardener_core.search.rows import add_rows


def main() -> None:
    """Read a tree several times in one process, one more stage each time."""
    print_lines(_measured())


def _measured() -> Iterator[Line]:
    root, _, _ = arguments()
    watch = Stopwatch()
    paths = list_files(root)
    yield figure("listing the files", watch.seconds, "s", len(paths))
    sources = [source for path in paths if isinstance(source := read_file(root, path), SourceText)]
    sources = [source for source in sources if not why_not_ours(source.path, source.raw)]
    known = [source for source in sources if language_of(source.path) in languages()]
    parsers = {name: _parser(name) for name in {language_of(source.path) for source in known}}
    bare = Stopwatch()
    for source in known:
        parsers[language_of(source.path)].parse(source.raw)
    bare_seconds = bare.cpu_seconds
    size = sum(len(source.raw) for source in known) / 1e6
    n = len(known)
    yield figure("bare parse", size / bare_seconds, "MB/s", n)
    stages: list[tuple[str, Callable[[SourceText], object]]] = [
        ("parse with symbols and calls", lambda s: parse(language_of(s.path), s.path, s.raw)),
        ("parse and cut", parse_and_cut),
        ("search for secrets", lambda s: find_secrets(s.text)),
    ]
    for name, work in stages:
        watch = Stopwatch()
        for source in known:
            work(source)
        yield figure(name, size / watch.cpu_seconds, "MB/s", n)
    allowed = Allowed.of_project(root)
    whole, chunks = Stopwatch(), 0
    reads = []
    for source in known:
        read = read_for_index(root, source.path, allowed)
        if isinstance(read, FileRead):
            chunks += read.count
            reads.append(read)
    seconds = whole.cpu_seconds
    yield figure("the whole reading", size / seconds, "MB/s", n)
    yield figure("the whole, times the bare parse", seconds / bare_seconds, "x", n)
    yield figure("files read", n / seconds, "files/s", n)
    yield figure("chunks cut", chunks / seconds, "chunks/s", chunks)
    watch = Stopwatch()
    for read in reads:
        add_rows(read)
    yield figure("terms and vectors", chunks / watch.cpu_seconds, "chunks/s", chunks)
    yield figure("peak memory", peak_megabytes(), "MB", 1)


def _parser(language: str) -> Parser:
    row = languages()[language]
    return Parser(Grammar(getattr(import_module(row.grammar), row.function)()))
