"""How many secrets stay readable, and how often an alarm is false."""

import sysconfig
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.planted import halves, kept_back, later, planted

from gardener_core.code.files.listing import unreadable_reason
from gardener_core.code.roles import role_of
from gardener_core.code.secrets.detection import find_secrets

MOST_BYTES = 60_000_000
HIDDEN_SHARE = 0.8
Keep = Callable[[str, list[str]], None]


def hidden(names: list[str]) -> str:
    found = list(planted(names))
    good = 0
    for item in found:
        spans = [(secret.start, secret.end) for secret in find_secrets(item.text)]
        good += kept_back(item.text, item.secret, spans) >= HIDDEN_SHARE
    share = good / len(found)
    return f"{good} of {len(found)} ({share:.3f}) in {len(names)} formats"


def installed() -> Iterator[tuple[str, str]]:
    """Python of this environment, largest packages not before others."""
    folder, size = Path(sysconfig.get_paths()["purelib"]), 0
    by_depth = sorted(folder.rglob("*.py"), key=lambda path: (path.stem, str(path)))
    for path in by_depth:
        raw = path.read_bytes()
        if len(raw) < 1_000_000 and not unreadable_reason(raw):
            size += len(raw)
            yield str(path.relative_to(folder)), raw.decode("utf-8", "replace")
        if size > MOST_BYTES:
            return


@pytest.mark.long
def test_secrets_shown_and_false_alarms(keep: Keep) -> None:
    alarms: Counter[str] = Counter()
    files, size, spent = set(), 0, 0.0
    for path, text in installed():
        size += len(text)
        started = time.process_time()
        found = find_secrets(text)
        spent += time.process_time() - started
        for secret in found:
            files.add(path)
            place = "code" if role_of(path) == "code" else "tests, examples"
            alarms[f"{secret.rule} in {place}"] += 1
    speed = size / spent / 1e6
    first, second = halves()
    keep(
        "Secrets shown",
        [
            f"- planted, first half: {hidden(first)}",
            f"- second half: {hidden(second)}",
            f"- later formats: {hidden(later())}",
            f"- installed Python, {size / 1e6:.0f} MB: {sum(alarms.values())} alarms in "
            f"{len(files)} files, {speed:.1f} MB/s of processor time",
            *(f"  - {name}: {count}" for name, count in alarms.most_common()),
        ],
    )
    assert sum(alarms.values()) < 5 * size / 1e6
