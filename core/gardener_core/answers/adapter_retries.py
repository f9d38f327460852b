"""Try an adapter that does not load again, but not with every question."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gardener_core.store.garden.adapter_files import GGUF

# Loading a base takes a second or ten, so that a question does not wait for what failed just now.
WAITS = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why an adapter did not load, how often it was tried, and when it may be tried again."""

    reason: str
    tries: int
    due: float
    version: int  # of its file: a changed one is another adapter


class AdapterRetries:
    """The adapters that did not load; each is tried again after 1, 2, 4 and 8 seconds.

    After that it is tried again when its file has changed.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[Path, _Failure] = {}

    def reason(self, adapter: Path) -> str:
        """Why an adapter is not to be tried now; empty where it is."""
        failure = self._failures.get(adapter)
        if failure is None or failure.version != _version(adapter):
            return ""
        return failure.reason if self._clock() < failure.due else ""

    def seconds_left(self, adapter: Path) -> float:
        """How long it is until the next try; 0 where none is waited for."""
        failure = self._failures.get(adapter)
        left = failure.due - self._clock() if failure else 0.0
        return left if 0.0 < left < float("inf") else 0.0

    def failed(self, adapter: Path, reason: str) -> None:
        """Take note that an adapter did not load."""
        version, known = _version(adapter), self._failures.get(adapter)
        tries = known.tries if known and known.version == version else 0
        wait = WAITS[tries] if tries < len(WAITS) else float("inf")
        self._failures[adapter] = _Failure(reason, tries + 1, self._clock() + wait, version)

    def worked(self, adapter: Path) -> None:
        """Take note that an adapter answers."""
        self._failures.pop(adapter, None)


def _version(adapter: Path) -> int:
    try:
        return (adapter / GGUF).stat().st_mtime_ns
    except OSError:
        return 0
