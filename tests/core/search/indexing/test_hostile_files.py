"""Files that crash or stall parsers elsewhere go through the readers, and the run survives."""

import random
import time
from pathlib import Path

from gardener_core.code.files.listing import SourceText, read_file
from gardener_core.code.worker import FileRead
from gardener_core.code.workers import ReadingPool
from gardener_core.events.index import FilesRead, Indexed
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.check import problem_of
from gardener_core.search.indexing.update import refresh
from gardener_core.search.rows import add_rows
from gardener_core.search.search import search
from gardener_core.search.table import ChunkTable
from gardener_core.store.project.catalog import Catalog, KnownFile

EMBEDDER = load_static()
DEEP = 20_000
SUFFIXES = (
    "py", "js", "ts", "tsx", "go", "rs", "java", "c", "cpp", "rb", "sh", "json", "toml", "yaml",
    "md",
)  # fmt: skip


def lay_out(root: Path) -> None:
    root.mkdir()
    draw = random.Random(1)
    (root / "deep.py").write_text("x = " + "[\n" * DEEP + "1" + "]\n" * DEEP)
    (root / "deep.js").write_text("x = " + "(\n" * DEEP + "1" + ")\n" * DEEP)
    (root / "deep.json").write_text("[\n" * DEEP + "]\n" * DEEP)
    (root / "open.c").write_text("{\n" * DEEP)
    (root / "late_nul.py").write_bytes(b"def f():\n    return 1\n" * 500 + b"\0\0" + b"\nx = 1\n")
    (root / "nul.py").write_bytes(b"def f():\0\0\n  x=\0 1\n" * 100)
    (root / "invalid.py").write_bytes(b"def bad_bytes():\n    return '\xff\xfe\xc3('\n" * 100)
    (root / "long_line.py").write_bytes(b"a=[" + b"1," * 5_000_000 + b"]")
    (root / "line.js").write_bytes(b"a=[" + b"1," * 400_000 + b"]")
    for suffix in SUFFIXES:
        # No NUL, so that it reaches the parser; a line's end now and then, so that it is no blob.
        junk = bytes(draw.choices(range(1, 256), k=20_000))
        (root / f"random.{suffix}").write_bytes(junk.replace(b"\x01", b"\n"))
    (root / "good.py").write_text("def still_found():\n    return 1\n")


def test_run_survives_what_crashes_parsers(tmp_path: Path) -> None:
    root = tmp_path / "code"
    lay_out(root)
    catalog = Catalog(tmp_path / "c.db")
    table = ChunkTable.open_or_create(tmp_path / "index", EMBEDDER)
    with ReadingPool(root, 2, finish=add_rows) as pool:
        *_, done = refresh(root, catalog, table, EMBEDDER, pool)
    assert isinstance(done, Indexed)
    reasons = {item.path: item.reason for item in done.skipped}
    assert reasons["nul.py"] == "binary" and reasons["long_line.py"] == "larger than 1 MB"
    assert "lines too long" in reasons["line.js"]
    assert not [reason for reason in reasons.values() if "ended its parser" in reason]
    assert done.files + len(reasons) == len(list(root.iterdir()))
    assert problem_of(table) == ""
    assert search(table, EMBEDDER, "still_found", 1).hits[0].path == "good.py"
    assert search(table, EMBEDDER, "bad_bytes", 1).hits[0].path == "invalid.py"


def test_utf16_is_read_by_its_mark(tmp_path: Path) -> None:
    text = "def größe():\n    return '½ 漢'\n"
    for name, encoding in (("le.py", "utf-16-le"), ("be.py", "utf-16-be")):
        (tmp_path / name).write_bytes(("\ufeff" + text).encode(encoding))
    (tmp_path / "chance.py").write_bytes(b"\xff\xfe\x00\xd8x")  # a mark, and no UTF-16
    for name in ("le.py", "be.py"):
        source = read_file(tmp_path, name)
        assert isinstance(source, SourceText) and source.text == text
    with ReadingPool(tmp_path, 1) as pool:
        found = {read.path: read for read in pool.read(["le.py", "be.py", "chance.py"])}
    read = found["le.py"]
    assert isinstance(read, FileRead) and read.chunks[0].start_line == 1
    assert "".join(chunk.text for chunk in read.chunks) == text
    assert not isinstance(found["chance.py"], FileRead)


def test_refresh_that_finds_nothing_costs_next_to_nothing(tmp_path: Path) -> None:
    root = tmp_path / "code"
    catalog = Catalog(tmp_path / "c.db")
    known = []
    for number in range(5000):
        path = root / f"p{number % 100:02}" / f"m{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        found = path.stat()
        name = str(path.relative_to(root))
        known.append(KnownFile(name, 0, found.st_mtime_ns, "0", 0, "", ()))
    catalog.keep(known)
    table = ChunkTable.open_or_create(tmp_path / "index", EMBEDDER)
    pool = ReadingPool(root, 1)
    list(refresh(root, catalog, table, EMBEDDER, pool))
    spent = []
    for _ in range(3):
        before = time.process_time()
        first, done = refresh(root, catalog, table, EMBEDDER, pool)
        spent.append(time.process_time() - before)
        assert first == FilesRead(0, 0, known=5000)
        assert isinstance(done, Indexed) and (done.files, done.changed) == (5000, 0)
    assert min(spent) < 0.3  # CPU: a busy machine is no fault of ours
