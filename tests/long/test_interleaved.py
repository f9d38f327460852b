"""A thousand interleaved requests over three adapters, none answered by the wrong one."""

import os
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from support.random_adapters import write_random_adapter
from support.real_models import CODER, STARTER, real_model

from gardener_core.garden.door import open_garden
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.fingerprints import Fingerprint
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.system.places import Places

pytestmark = pytest.mark.long
Keep = Callable[[str, list[str]], None]
REQUESTS, ADAPTERS, TOP, SWITCHES = 1000, 3, 10, 200
MOST_SWITCH_SECONDS = 0.005
PROMPTS = (
    "def read(path, limit):\n    return", "class Store:\n    def __init__(self,", "import os\n\n",
    "for line in file:\n    if line.strip() ==", "# The next function parses arguments",
)  # fmt: skip
OFF = (0.0,) * ADAPTERS


def scales_of(number: int) -> tuple[float, ...]:
    """One adapter on; the base alone where there is none of this number."""
    return tuple(float(number == one) for one in range(ADAPTERS))


def top(llama: Llama, ids: Sequence[int], scales: Sequence[float]) -> Fingerprint:
    return Fingerprint(llama.complete(ids, scales, 1, top=TOP).top[0])


def gap(one: Fingerprint, other: Fingerprint) -> float:
    """The widest distance among tokens that both have; endless where they share too few."""
    known = {candidate.id: candidate.logprob for candidate in one.top}
    pairs = [(known[c.id], c.logprob) for c in other.top if c.id in known]
    if len(pairs) < TOP - 2:
        return float("inf")
    return max(abs(mine - theirs) for mine, theirs in pairs)


def stored(
    base: BaseModel, folders: Sequence[Path], log: Path
) -> Mapping[tuple[int, int], Fingerprint]:
    """How each adapter goes on in a process that has it alone, and the base without any."""
    prints = {}
    for number in range(ADAPTERS + 1):
        files = [folders[number] / GGUF] if number < ADAPTERS else []
        with Llama(base.gguf, files, log, threads=1, context=256) as llama:
            for place, text in enumerate(PROMPTS):
                ids = llama.tokenize(text)
                prints[number, place] = top(llama, ids, [1.0] * len(files))
    return prints


def seconds_of_a_switch(llama: Llama) -> float:
    """What a request costs the process more whose adapter is another than the one before had.

    Counted in its own time: other work on the machine says nothing of it.
    """
    tokens = list(dict.fromkeys(llama.tokenize("def class for import if while return x y z")))

    def spent(every: int) -> float:
        began = cpu_seconds(llama.process_id)
        for number in range(SWITCHES):
            token = tokens[number % len(tokens)]  # another one: nothing is read before
            llama.complete([token], scales_of(number // every % 2), 1)
        return cpu_seconds(llama.process_id) - began

    return statistics.median(spent(1) - spent(SWITCHES) for _ in range(3)) / SWITCHES


def cpu_seconds(process: int) -> float:
    """The processor time that a process has taken."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize(("name", "sha256"), [("starter", STARTER), ("coder", CODER)])
def test_a_thousand_requests_are_each_answered_by_their_own_adapter(
    places: Places, tmp_path: Path, keep: Keep, name: str, sha256: str
) -> None:
    garden = open_garden(places)
    base = garden.models.add(real_model(sha256), name)
    garden.close()
    folders = [
        write_random_adapter(base, tmp_path / f"v{seed}", seed) for seed in range(1, ADAPTERS + 1)
    ]
    prints = stored(base, folders, tmp_path / "log")
    draw, worst, nearest, wrong = random.Random(0), 0.0, float("inf"), 0
    files = [folder / GGUF for folder in folders]
    with Llama(base.gguf, files, tmp_path / "log", threads=1, context=256) as llama:
        ids = [llama.tokenize(text) for text in PROMPTS]
        began = time.monotonic()
        for _ in range(REQUESTS):
            number, place = draw.randrange(ADAPTERS + 1), draw.randrange(len(PROMPTS))
            seen = top(llama, ids[place], scales_of(number))
            gaps = {one: gap(prints[one, place], seen) for one in range(ADAPTERS + 1)}
            own = gaps.pop(number)
            worst, nearest = max(worst, own), min(nearest, *gaps.values())
            wrong += own >= min(gaps.values())
        seconds = time.monotonic() - began
        switch = seconds_of_a_switch(llama)
    keep(
        f"A thousand interleaved requests on the {name}",
        [
            f"{REQUESTS} requests over {ADAPTERS} adapters and the base took {seconds:.0f} s: "
            f"{wrong} answered by another one. The ten likeliest tokens are at most {worst:.2f} "
            f"nats from what a process with that adapter alone says, and at least {nearest:.2f} "
            "from what any other one says.",
            f"A request whose adapter is another takes {1000 * switch:.1f} ms of CPU more.",
        ],
    )
    assert wrong == 0 and 2 * worst < nearest
    assert switch < MOST_SWITCH_SECONDS
