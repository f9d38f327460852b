"""The figures of a measurement, printed as JSON lines."""

import json
import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PERCENTILE = 0.95


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure, over n things; `low` and `high` where it is a median of several."""

    name: str
    value: float
    unit: str
    n: int
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on the figures."""

    text: str


Line = Measured | Remark


def figure(name: str, value: float, unit: str, n: int) -> Measured:
    """A figure that was measured once, over n things."""
    return Measured(name, _rounded(value), unit, n, _rounded(value), _rounded(value))


def spread(name: str, values: Sequence[float], unit: str) -> Iterator[Measured]:
    """The median and the 95th percentile of several."""
    ordered = sorted(values)
    middle, late = statistics.median(ordered), ordered[int(len(ordered) * PERCENTILE)]
    low, high, n = _rounded(ordered[0]), _rounded(ordered[-1]), len(ordered)
    yield Measured(f"{name}, p50", _rounded(middle), unit, n, low, high)
    yield Measured(f"{name}, p95", _rounded(late), unit, n, low, high)


def peak_megabytes(who: int = resource.RUSAGE_SELF) -> float:
    """The peak memory of this process, or of the largest of its children."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(who).ru_maxrss * unit / 1e6


def child_cpu_seconds() -> float:
    """The CPU seconds of ended children."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Stopwatch:
    """Wall and CPU seconds since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    @property
    def seconds(self) -> float:
        """Seconds on the wall."""
        return time.perf_counter() - self._wall

    @property
    def cpu_seconds(self) -> float:
        """Seconds of CPU in this process, all threads together."""
        return time.process_time() - self._cpu


def print_lines(lines: Iterator[Line]) -> None:
    """Print each line as JSON, as soon as it is known."""
    for line in lines:
        print(json.dumps(asdict(line)), flush=True)


def arguments() -> tuple[Path, Path, list[int]]:
    """The root, the folder of the table, and the sizes, from the command line."""
    return Path(sys.argv[1]), Path(sys.argv[2]), [int(size) for size in sys.argv[3].split(",")]


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
