"""Get a model from the Hugging Face hub."""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

import httpx2
from huggingface_hub import (
    HfFileMetadata,
    constants,
    get_hf_file_metadata,
    hf_hub_url,
    try_to_load_from_cache,
)
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import (  # type: ignore[attr-defined]
    build_hf_headers,
    disable_progress_bars,
)

from gardener_core.models.catalogue.entry import (
    CatalogueEntry,
    CatalogueFile,
    HubSource,
    SourceKind,
)
from gardener_core.models.sources.heartbeat import Abandoned, Heartbeat
from gardener_core.models.sources.source import (
    FULL,
    Delivered,
    SourceFailed,
    Transfer,
    Transferred,
    require_room,
)

POLL_SECONDS = 0.25
LOOK_SECONDS = 15.0
ENDING_SECONDS = 0.5
RETRIES, RETRY_SECONDS = 3, 1.0
# The library hands on pieces of 10 MB: too few to show progress, and too many to lose.
PIECE_BYTES = 1 << 16
_SHA256 = re.compile(r"[0-9a-f]{64}")


class TooMuch(Exception):
    """A server sends more bytes than the file has."""


class Hub:
    """A repository at one revision; `huggingface_hub` does the transfer, as the user has set it."""

    kind: SourceKind = "hub"

    def __init__(self, source: HubSource, endpoint: str | None = None) -> None:
        self._source = source
        self._endpoint = endpoint
        self.where = source.where

    def fetch(self, entry: CatalogueEntry, box: Path) -> Transfer:
        """Each file from where it is cached, else from the network; goes on where it stopped."""
        disable_progress_bars()
        constants.DOWNLOAD_CHUNK_SIZE = PIECE_BYTES
        done, delivered = 0, []
        for file, name in zip(entry.files, self._source.files, strict=True):
            cached = self._cached(name)
            if cached is not None:
                delivered.append(Delivered(file, cached, False, f"{self.where}, in its cache"))
                done += cached.stat().st_size
                continue
            if os.environ.get("HF_HUB_OFFLINE", "").lower() in ("1", "true", "yes", "on"):
                raise SourceFailed("HF_HUB_OFFLINE is set.")
            with _explained():
                told = self._look(name)
            _refuse_other(file, told)
            path = box / f"hub-{told.etag or len(delivered)}"
            for now in self._with_retries(name, told, path):
                yield Transferred(done + now, max(entry.bytes, done + (told.size or 0)))
            done += path.stat().st_size
            revision = (told.commit_hash or self._source.revision)[:12]
            origin = f"{self._source.repository}@{revision}"
            delivered.append(Delivered(file, path, True, origin))
        return tuple(delivered)

    def _cached(self, name: str) -> Path | None:
        found = try_to_load_from_cache(
            self._source.repository, name, revision=self._source.revision or None
        )
        return Path(found).resolve() if isinstance(found, str) else None

    def _url(self, name: str) -> str:
        return hf_hub_url(
            self._source.repository,
            name,
            revision=self._source.revision or None,
            endpoint=self._endpoint,
        )

    def _look(self, name: str) -> HfFileMetadata:
        return get_hf_file_metadata(self._url(name), timeout=LOOK_SECONDS, endpoint=self._endpoint)

    def _with_retries(self, name: str, told: HfFileMetadata, path: Path) -> Iterator[int]:
        """Go on after a connection was reset, which the library does not."""
        for left in reversed(range(RETRIES + 1)):
            try:
                yield from self._transfer(name, told, path)
                return
            except httpx2.NetworkError as problem:
                if not left:
                    raise SourceFailed(_line(problem)) from None
            time.sleep(RETRY_SECONDS)

    def _transfer(self, name: str, told: HfFileMetadata, path: Path) -> Iterator[int]:
        """How many bytes are here, several times a second; the transfer is a thread."""
        already = path.stat().st_size if path.exists() else 0
        if told.size and already > told.size:
            path.unlink()
            already = 0
        require_room(path.parent, (told.size or 0) - already)
        heart = Heartbeat()
        problems: list[Exception] = []
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", 0) as file:
            file.seek(already)
            target = _Target(file, told.size, heart)
            thread = threading.Thread(
                target=self._work, args=(name, told, already, target, problems), daemon=True
            )
            thread.start()
            try:
                is_working = True
                while is_working:  # one that has ended before it is looked at is told, too
                    heart.beat()
                    thread.join(POLL_SECONDS)
                    is_working = thread.is_alive()
                    yield target.tell()
            finally:
                heart.end()
                thread.join(ENDING_SECONDS)
        for problem in problems:
            if isinstance(problem, TooMuch):
                path.unlink()  # no beginning of this is worth to go on from
                raise SourceFailed(f"it sends more than the {told.size:,} bytes it promised.")
            if isinstance(problem, httpx2.NetworkError):
                raise problem
            with _explained():
                raise problem

    def _work(
        self,
        name: str,
        told: HfFileMetadata,
        already: int,
        target: "_Target",
        problems: list[Exception],
    ) -> None:
        try:
            headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
            http_get(
                self._url(name),
                cast(BinaryIO, target),
                resume_size=already,
                headers=headers,
                expected_size=told.size,
            )
        except Abandoned:
            pass
        except (TooMuch, HfHubHTTPError, httpx2.HTTPError, OSError, ValueError) as problem:
            problems.append(problem)


class _Target:
    """The file that a transfer writes to: bounded, and still while nobody waits for it."""

    def __init__(self, file: BinaryIO, most: int | None, heart: Heartbeat) -> None:
        self._file = file
        self._most = most
        self._heart = heart
        self.seek: Callable[..., int] = file.seek
        self.truncate: Callable[..., int] = file.truncate
        self.tell: Callable[[], int] = file.tell

    def write(self, piece: bytes) -> int:
        """Write a piece once somebody waits for it."""
        self._heart.wait()
        if self._most is not None and self._file.tell() + len(piece) > self._most:
            raise TooMuch
        rest = memoryview(piece)
        while rest:  # on a full disk the first write is short, without an error
            rest = rest[self._file.write(rest) :]
        return len(piece)


def _refuse_other(file: CatalogueFile, told: HfFileMetadata) -> None:
    """The hub tells size and sha256 of a large file before a byte of it is sent."""
    if file.bytes and told.size and told.size != file.bytes:
        raise SourceFailed(f"it has {file.name} with {told.size:,} bytes, not {file.bytes:,}.")
    etag = told.etag or ""
    if file.sha256 and _SHA256.fullmatch(etag) and etag != file.sha256:
        raise SourceFailed(f"it has another {file.name}: sha256 {etag[:12]}.")


@contextmanager
def _explained() -> Iterator[None]:
    """What went wrong, in one line; a full disk is no fault of the hub."""
    try:
        yield
    except GatedRepoError:
        raise SourceFailed(
            "its maker asks you to accept a licence on the hub first, and to log in: hf auth login."
        ) from None
    except HfHubHTTPError as problem:
        status = problem.response.status_code if problem.response is not None else 0
        raise SourceFailed(f"it answers with the status {status}.") from None
    except httpx2.TimeoutException:
        raise SourceFailed("it did not answer in time.") from None
    except OSError as problem:
        if problem.errno in FULL:
            raise
        raise SourceFailed(_line(problem)) from None
    except (httpx2.HTTPError, ValueError) as problem:
        raise SourceFailed(_line(problem)) from None


def _line(problem: Exception) -> str:
    with suppress(IndexError):
        return f"{' '.join(str(problem).split('.')[0].split())[:200]}."
    return f"{type(problem).__name__}."
