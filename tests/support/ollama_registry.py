"""Blobs and models that the Ollama double was given, as three generations take them."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from io import BufferedIOBase
from typing import Any, Literal

from support.ollama_held import Held, a_pulled

# How the next upload or creation goes wrong.
Fault = Literal[
    "", "disk full", "upload breaks off", "error inside", "cut", "dies after", "unknown blob",
]  # fmt: skip
ADAPTERS_GONE = "LoRA adapters are no longer supported"
CRASHED = "llama runner process has terminated: exit status 1"
NO_SPACE = "write /models/blobs/sha256-1234-partial: no space left on device"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PIECE = 1 << 16
Said = tuple[int, dict[str, Any] | None]


@dataclass
class Registry:
    """What the server has, and how it takes more; `takes_adapters` says whether it still does."""

    held: dict[str, Held]
    takes_adapters: Callable[[], bool]
    refuses_early: Callable[[], bool]
    blobs: dict[str, bytes] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    created: list[dict[str, Any]] = field(default_factory=list)
    fault: Fault = ""
    is_dead: bool = False

    def has(self, digest: str) -> int:
        """The status of HEAD."""
        if not _DIGEST.fullmatch(digest):
            return 400
        return 200 if digest in self.blobs else 404

    def upload(self, digest: str, length: int, body: BufferedIOBase) -> Said | None:
        """Take a blob; one that is there is answered before its body is read. None: break off."""
        if digest in self.blobs:
            return 200, None
        self.uploads.append(digest)
        if self.fault == "disk full":
            body.read(min(length, _PIECE))
            return 500, {"error": NO_SPACE}
        if self.fault == "upload breaks off":
            body.read(min(length, _PIECE))
            return None
        return self.keep(digest, body.read(length))

    def keep(self, digest: str, data: bytes) -> Said:
        """Keep the bytes of a blob, if they are those of its digest."""
        found = f"sha256:{hashlib.sha256(data).hexdigest()}"
        if found != digest:
            return 400, {"error": f'digest mismatch, expected "{digest}", got "{found}"'}
        self.blobs[digest] = data
        return 201, None

    def create(self, asked: Mapping[str, Any]) -> tuple[Said | None, list[dict[str, Any]]]:
        """Make a model: a refusal before the stream, or what the stream tells."""
        self.created.append(dict(asked))
        files, adapters = asked.get("files") or {}, asked.get("adapters") or {}
        if refused := self._refused(files, adapters):
            return refused, []
        told: list[dict[str, Any]] = [{"status": "parsing GGUF"}]
        if any(digest not in self.blobs for digest in (*files.values(), *adapters.values())):
            missing = {"error": "open /models/blobs/sha256-12: no such file or directory"}
            return None, [*told, missing]
        if self.fault == "disk full":
            return None, [*told, {"error": NO_SPACE}]
        if self.fault == "error inside":
            return None, [*told, {"error": "unsupported architecture"}]
        if not all(self.blobs[digest].startswith(b"GGUF") for digest in files.values()):
            return None, [*told, {"error": "supplied file was not in GGUF format"}]
        told += [{"status": f"using existing layer {digest}"} for digest in files.values()]
        if self.fault == "cut":
            return None, told
        self._hold(asked, files)
        self.is_dead = self.fault == "dies after"
        return None, [*told, {"status": "writing manifest"}, {"status": "success"}]

    def copy(self, source: str, target: str) -> Said:
        """Give a model another name."""
        held = self.held.get(source)
        if held is None:
            return 404, {"error": f'model "{source}" not found'}
        self.held[target] = replace(held, name=target)
        return 200, None

    def _refused(self, files: Mapping[str, str], adapters: Mapping[str, str]) -> Said | None:
        if adapters and not self.takes_adapters():
            return 400, {"error": ADAPTERS_GONE}
        if any(name.startswith("/") or ".." in name for name in files):
            return 400, {"error": "file path must be relative"}
        if not files or not all(files.values()):
            return 400, {"error": "invalid digest format"}
        known = all(digest in self.blobs for digest in files.values())
        if self.refuses_early() and (not known or self.fault == "unknown blob"):
            return 400, {"error": "unknown blob"}
        return None

    def _hold(self, asked: Mapping[str, Any], files: Mapping[str, str]) -> None:
        """The digest is that of the manifest: whatever goes into the model counts, its name not."""
        manifest = {key: value for key, value in asked.items() if key not in ("model", "stream")}
        digest = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
        size = sum(len(self.blobs[one]) for one in files.values())
        held = a_pulled(asked["model"])
        self.held[held.name] = replace(held, digest=digest, size=size, context=32768)
