"""A server pulls and tells; its file is used where it lies, and its errors are told."""

import http.server
import json
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from support.pulled import DATA, SHA256, drain, entry_of

from gardener_core.models.catalogue.entry import OllamaSource
from gardener_core.models.sources.ollama import OllamaServer
from gardener_core.models.sources.source import SourceFailed

SOURCE = OllamaSource("hf.co/maker/tiny-GGUF:Q4_1")
WHOLE: Sequence[dict[str, Any]] = (
    {"status": "pulling manifest"},
    {"status": "pulling abc", "digest": "sha256:abc", "total": 300_000, "completed": 1000},
    {"status": "pulling abc", "digest": "sha256:abc", "total": 300_000, "completed": 300_000},
    {"status": "pulling def", "digest": "sha256:def", "total": 12, "completed": 12},
    {"status": "verifying sha256 digest"},
    {"status": "writing manifest"},
    {"status": "success"},
)


class PullingServer:
    """The recorded protocol of pull and show; what a test changes counts from then on."""

    def __init__(self, modelfile: str) -> None:
        self.lines: Sequence[object] = WHOLE
        self.status = 200
        self.modelfile = modelfile
        self.hangs = threading.Event()
        self.hangs.set()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._say([{"version": "0.33.0"}])

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert asked["model"] == SOURCE.model
                if self.path == "/api/show":
                    self._say([{"modelfile": server.modelfile}])
                else:
                    self._say(server.lines, server.status)
                    server.hangs.wait(10)

            def _say(self, lines: Sequence[object], status: int = 200) -> None:
                self.send_response(status)
                self.end_headers()
                for line in lines:
                    text = line if isinstance(line, bytes) else json.dumps(line).encode()
                    self.wfile.write(text + b"\n")
                self.wfile.flush()

            def log_message(self, *words: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.environment = {"OLLAMA_HOST": f"127.0.0.1:{self._server.server_port}"}
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.hangs.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PullingServer]:
    blob = tmp_path / "blobs" / f"sha256-{SHA256}"
    blob.parent.mkdir()
    blob.write_bytes(DATA)
    double = PullingServer(f"# Modelfile\nFROM {blob}\nTEMPLATE x\n")
    yield double
    double.close()


def test_its_blob_is_used_where_it_lies(server: PullingServer, box: Path) -> None:
    steps, (delivered,) = drain(OllamaServer(SOURCE, server.environment).fetch(entry_of(), box))
    assert delivered.path.read_bytes() == DATA and not delivered.ours
    assert [step.done for step in steps] == [1000, 300_000, 300_012]
    assert list(box.iterdir()) == []


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([{"error": "pull model manifest: file does not exist"}], "file does not exist"),
        ([*WHOLE[:2], {"error": "write: no space left on device"}], "no space left"),
        (WHOLE[:-1], "ended before the model was there"),
        ([*WHOLE[:2], b'{"status": "pull'], "broke off"),
        ([b"<html>"], "broke off"),
        ([["success"]], "broke off"),
    ],
)
def test_an_error_inside_its_stream_is_an_error(
    server: PullingServer, box: Path, lines: Sequence[object], told: str
) -> None:
    server.lines = lines
    with pytest.raises(SourceFailed, match=told):
        drain(OllamaServer(SOURCE, server.environment).fetch(entry_of(), box))


def test_what_else_can_be_wrong_with_it(server: PullingServer, box: Path) -> None:
    server.status, server.lines = 500, [{"error": "out of wits"}]
    with pytest.raises(SourceFailed, match="500: out of wits"):
        drain(OllamaServer(SOURCE, server.environment).fetch(entry_of(), box))
    server.status, server.lines = 200, WHOLE[:2]
    server.hangs.clear()
    with pytest.raises(SourceFailed, match="timed out"):
        drain(OllamaServer(SOURCE, server.environment, seconds=0.2).fetch(entry_of(), box))
    server.hangs.set()
    server.lines, server.modelfile = WHOLE, "FROM /nowhere/sha256-00"
    with pytest.raises(SourceFailed, match="cannot be read by you"):
        drain(OllamaServer(SOURCE, server.environment).fetch(entry_of(), box))
    with pytest.raises(SourceFailed, match="does not answer"):
        drain(OllamaServer(SOURCE, {"OLLAMA_HOST": "127.0.0.1:9"}).fetch(entry_of(), box))
