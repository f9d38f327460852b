"""A server pulls and tells; its file is used where it lies, and its errors are told."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from support.ollama_double import GENERATIONS, OllamaDouble
from support.ollama_held import pull_lines
from support.pulled import DATA, SHA256, drain, entry_of

from gardener_core.models.catalogue.entry import OllamaSource
from gardener_core.models.sources.ollama import OllamaServer
from gardener_core.models.sources.source import SourceFailed

SOURCE = OllamaSource("hf.co/maker/tiny-GGUF:Q4_1")
WHOLE = pull_lines()
DISK = "write: no space left on device"


@pytest.fixture(params=GENERATIONS)
def each(request: pytest.FixtureRequest) -> Iterator[OllamaDouble]:
    double = OllamaDouble(generation=request.param)
    yield double
    double.close()


@pytest.fixture
def double() -> Iterator[OllamaDouble]:
    double = OllamaDouble()
    yield double
    double.close()


def source_at(double: OllamaDouble, seconds: float = 60.0) -> OllamaServer:
    return OllamaServer(SOURCE, {"OLLAMA_HOST": double.host}, seconds)


def test_its_blob_is_used_where_it_lies(each: OllamaDouble, box: Path, tmp_path: Path) -> None:
    blob = tmp_path / "blobs" / f"sha256-{SHA256}"
    blob.parent.mkdir()
    blob.write_bytes(DATA)
    each.pulled_blob = str(blob)
    steps, (delivered,) = drain(source_at(each).fetch(entry_of(), box))
    assert delivered.path.read_bytes() == DATA and not delivered.ours
    assert [step.done for step in steps] == [0, 1000, 150_000, 300_000]
    assert list(box.iterdir()) == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], "file does not exist"),
        ([*WHOLE[:2], {"error": DISK}], "no space left"),
        (WHOLE[:-1], "its stream ended too early"),
        ([*WHOLE[:2], b'{"status": "pull\n'], "broke off"),
        ([b"<html>\n"], "no JSON object"),
        ([b'["success"]\n'], "no JSON object"),
    ],
)
def test_an_error_inside_its_stream_is_an_error(
    double: OllamaDouble, box: Path, lines: Sequence[object], told: str
) -> None:
    double.pulls = list(lines)  # type: ignore[arg-type]
    with pytest.raises(SourceFailed, match=told):
        drain(source_at(double).fetch(entry_of(), box))


def test_what_else_can_be_wrong_with_it(double: OllamaDouble, box: Path) -> None:
    double.pull_hangs, double.pulls = True, WHOLE[:2]
    with pytest.raises(SourceFailed, match=r"said nothing for 0\.2 s"):
        drain(source_at(double, seconds=0.2).fetch(entry_of(), box))
    double.released.set()
    double.pull_hangs, double.pulls = False, WHOLE
    double.pulled_blob = "/nowhere/sha256-00"
    with pytest.raises(SourceFailed, match="cannot be read by you"):
        drain(source_at(double).fetch(entry_of(), box))
    with pytest.raises(SourceFailed, match="does not answer"):
        drain(OllamaServer(SOURCE, {"OLLAMA_HOST": "127.0.0.1:9"}).fetch(entry_of(), box))
