"""Chunks are the file, and know what they hold."""

from pathlib import Path

import pytest
import textual

import gardener_core
from gardener_core.code.chunks import LARGEST_CHUNK_BYTES, chunk_file
from gardener_core.code.files.listing import SourceText, list_files, read_file

ODD = {
    "empty.py": b"",
    "blank.py": b"\n\n\n",
    "no_end.py": b"def f():\n    return 1",
    "crlf.py": b"class A:\r\n    x = 1\r\n\r\n    def f(self):\r\n        return 2\r\n",
    "tabs.py": b"def f():\n\treturn '\t'\n",
    "bom.py": b"\xef\xbb\xbfdef f():\n    pass\n",
    "broken.py": b"def f(:\n  class ((\n   def g():\n",
    "one_line.py": b"class A: pass\nclass B: x = 1\n",
    "same_line.py": b"class A:\n    def f(self): pass\n    def g(self): pass\nx = 1; y = 2\n",
    "decorated.py": b"@a\n@b(1)\ndef f():\n    pass\n\n@c\nclass D:\n    @d\n    def e(self): 1\n",
    "nested.py": b"def f():\n    def g():\n        class H:\n            pass\n    return g\n",
    "guarded.py": b"try:\n    import x\nexcept ImportError:\n    def x(): ...\nelse:\n    y = 1\n",
    "deep.py": b"".join(b" " * n + b"if x:\n" for n in range(400)) + b" " * 400 + b"y\n",
    "brackets.py": b"(" * 20_000,
    "long_line.py": b"x = '" + b"a" * 5000 + b"'\ny = 1\n",
    "controls.py": b"x = '\x0c\x1b[31m'\nfoo\x0b\n",
    "text.md": b"# Title\n\n" + b"word " * 30 + b"\n" + b"line\n" * 900,
}


@pytest.fixture(scope="module")
def sources() -> list[SourceText]:
    roots = [Path(gardener_core.__file__).parent, Path(textual.__file__).parent]
    found = [read_file(root, path) for root in roots for path in list_files(root)]
    odd = [SourceText(path, raw, "utf-8") for path, raw in ODD.items()]
    latin = SourceText("latin.py", "# déjà vu\nx = 'é'\n".encode("latin-1"), "latin-1")
    return [*(item for item in found if isinstance(item, SourceText)), *odd, latin]


def test_chunks_are_the_file_byte_for_byte_and_know_their_lines(sources: list[SourceText]) -> None:
    assert len(sources) > 200
    for source in sources:
        chunks = chunk_file(source)
        assert "".join(c.text for c in chunks).encode(source.encoding) == source.raw, source.path
        lines = source.text.split("\n")
        for chunk in chunks:
            quoted = "\n".join(lines[chunk.start_line - 1 : chunk.end_line])
            assert chunk.text.removesuffix("\n") == quoted, (source.path, chunk)


def test_cut_files_still_join() -> None:
    """A file that is cut anywhere is still a file."""
    whole = (Path(gardener_core.__file__).parent / "settings/schema.py").read_bytes()
    for end in range(0, len(whole), 97):
        source = SourceText("settings/schema.py", whole[:end], "utf-8")
        assert "".join(chunk.text for chunk in chunk_file(source)).encode() == whole[:end]


@pytest.mark.parametrize(
    ("path", "symbols"),
    [
        ("decorated.py", [("f", "function"), ("D", "class"), ("D.e", "method")]),
        ("nested.py", [("f", "function")]),
        ("guarded.py", [("", "module"), ("x", "function"), ("", "module")]),
        ("crlf.py", [("A", "class"), ("A.f", "method")]),
        ("bom.py", [("f", "function")]),
    ],
)
def test_python_is_cut_at_functions_and_classes(path: str, symbols: list[tuple[str, str]]) -> None:
    chunks = chunk_file(SourceText(path, ODD[path], "utf-8"))
    assert [(chunk.symbol, chunk.kind) for chunk in chunks] == symbols


def test_long_pieces_are_cut_at_line_ends() -> None:
    chunks = chunk_file(SourceText("text.md", ODD["text.md"], "utf-8"))
    assert len(chunks) > 1
    assert all(len(chunk.text) <= LARGEST_CHUNK_BYTES for chunk in chunks)
    assert all(chunk.text.endswith("\n") for chunk in chunks)
    assert [chunk.part for chunk in chunks] == list(range(len(chunks)))


def heading_paths(text: str) -> list[str]:
    """For each line, the headings above it, read in the simplest way that there is."""
    found: list[str] = []
    around: list[tuple[int, str]] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        under = lines[number + 1] if number + 1 < len(lines) else ""
        level = len(line) - len(line.lstrip("#"))
        if line and under and set(under) in ({"="}, {"-"}):
            level = 1 if under[0] == "=" else 2
        if level:
            around = [each for each in around if each[0] < level]
            around.append((level, line.lstrip("# ")))
        found.append(".".join(name for _, name in around))
    return found


@pytest.mark.parametrize("underlined", [True, False])
def test_pieces_of_a_long_document_carry_the_headings_of_their_section(underlined: bool) -> None:
    def heading(level: int, name: str) -> str:
        return f"{name}\n{'=-'[level - 1] * 8}\n" if underlined else f"{'#' * level} {name}\n"

    parts = ["Said before any heading.\n\n"]
    for number in range(60):
        parts += [heading(1, f"Version {number}"), "\nAbout it.\n\n"]
        parts += [heading(2, f"Language {number}"), "- something changed\n" * (number % 30), "\n"]
        parts += [heading(2, f"Short {number}"), "few words\n\n"]
    parts += [heading(2, "Very long"), "a line of the very long section\n" * 400]
    text = "".join(parts)
    paths = heading_paths(text)
    chunks = chunk_file(SourceText("releases.md", text.encode(), "utf-8"))
    assert "".join(chunk.text for chunk in chunks) == text
    for chunk in chunks:
        lines = paths[chunk.start_line - 1 : chunk.end_line]
        assert all(path.startswith(chunk.symbol) for path in lines), chunk
        assert chunk.symbol == lines[0], chunk
    assert len({chunk.symbol for chunk in chunks}) > 60
    long = [chunk for chunk in chunks if chunk.name == "Very long"]
    assert [chunk.part for chunk in long] == list(range(len(long))) and len(long) > 4


def test_short_sections_of_a_long_document_are_named_each() -> None:
    text = "# Changes\n\n" + "".join(f"## Release {n}\n\nfew words\n\n" for n in range(200))
    chunks = chunk_file(SourceText("changes.md", text.encode(), "utf-8"))
    named = {chunk.symbol: chunk.text for chunk in chunks}
    assert all(f"## Release {n}\n" in named[f"Changes.Release {n}"] for n in range(200))
