"""Each language has a folder here: a sample, and what is found in it."""

from pathlib import Path

import pytest

from gardener_core.code.chunks import parse_and_cut
from gardener_core.code.files.listing import SourceText
from gardener_core.code.languages.table import language_of, languages
from gardener_core.code.parsing.symbols import Call, Definition

HERE = Path(__file__).parent


def said(item: Definition, lines: bytes) -> str:
    """A definition in one line."""
    first = lines.count(b"\n", 0, item.start) + 1
    last = lines.count(b"\n", 0, item.end - 1) + 1
    parts = [f"{item.kind} {item.symbol} {first}-{last}"]
    if item.complexity > 1:
        parts.append(f"complexity {item.complexity}")
    if item.bases:
        parts.append(f"bases {' '.join(item.bases)}")
    if item.doc:
        parts.append(f"doc {item.doc!r}")
    if item.calls:
        parts.append(f"calls {' '.join(called(call) for call in item.calls)}")
    if item.returns:
        parts.append(f"returns {item.returns}")
    return "  ".join(parts)


def called(call: Call) -> str:
    name = f"{call.receiver}.{call.name}" if call.receiver else call.name
    return f"&{name}" if call.passed else name


def listing(sample: Path) -> str:
    source = SourceText(sample.name, sample.read_bytes(), "utf-8")
    whole = parse_and_cut(source)
    lines = [said(item, source.raw) for item in whole.parsed.definitions]
    lines += [f"signature {item.signature}" for item in whole.parsed.definitions]
    for taken in whole.parsed.imports:
        scope = f"{taken.scope}: " if taken.scope else ""
        lines.append(f"import {scope}{taken.name} = {taken.member or 'all'} of {taken.module}")
    for bound in whole.parsed.bindings:
        scope = f"{bound.scope}: " if bound.scope else ""
        lines.append(f"bound {scope}{bound.name} = {bound.value or '-'} {bound.type}".rstrip())
    lines += [
        f"configuration {k.kind} {k.name} :{k.line} {k.default}".rstrip()
        for k in whole.parsed.configuration
    ]
    lines += [f"outside {called(call)} :{call.line}" for call in whole.parsed.calls]
    lines += [f"chunk {c.kind} {c.symbol} {c.start_line}-{c.end_line}" for c in whole.chunks]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", sorted(languages()))
def test_sample_is_read_as_written_down(language: str) -> None:
    (sample,) = (HERE / language).glob("sample.*")
    assert language_of(sample.name) == language
    assert listing(sample) == (HERE / language / "found.txt").read_text()


@pytest.mark.parametrize("language", sorted(languages()))
def test_cut_and_mutated_samples_still_join(language: str) -> None:
    (sample,) = (HERE / language).glob("sample.*")
    whole = sample.read_bytes()
    for at in range(0, len(whole), 7):
        for raw in (whole[:at], whole[at:], whole[:at] + b"\xff\x00(" + whole[at:]):
            source = SourceText(sample.name, raw, "latin-1")
            chunks = parse_and_cut(source).chunks
            assert "".join(chunk.text for chunk in chunks).encode("latin-1") == raw
