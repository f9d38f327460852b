"""Loaded bases share a budget; what does not fit is refused before it is loaded."""

import contextlib
import fcntl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import MemoryShort
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import require_serving_memory, serving_need
from gardener_core.models.serving.pool import Loaded, ModelPool, Wanted
from gardener_core.system.hardware import usable_cores


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[ModelPool]:
    (tmp_path / "slots").mkdir()
    pool = ModelPool(tmp_path / "llama.log", tmp_path / "slots")
    yield pool
    pool.close()


@pytest.fixture
def first(seedling: BaseModel, base_gguf: Path) -> Wanted:
    return Wanted(seedling, "llama.cpp", (), 256)


def load(pool: ModelPool, wanted: Wanted, budget: int) -> tuple[list[str], Loaded]:
    *said, loaded = pool.get(wanted, budget)
    assert isinstance(loaded, Loaded)
    return [text for text in said if isinstance(text, str)], loaded


def test_what_an_adapter_costs_that_the_engine_was_not_started_with_is_told(
    pool: ModelPool, first: Wanted, trained
) -> None:
    said, alone = load(pool, first, 0)
    assert said == []
    wanted = replace(first, adapters=(trained.gguf.parent,))
    (told,), loaded = load(pool, wanted, 0)
    assert told == f"seedling was loaded anew for another adapter, in {loaded.load_seconds:.1f} s."
    assert not alone.model.alive() and load(pool, wanted, 0) == ([], loaded)


def test_the_base_that_was_not_used_for_longest_ends_first(pool: ModelPool, first: Wanted) -> None:
    need = require_serving_memory(first.base, first.context, 10**12)
    second, third = (
        replace(first, base=replace(first.base, name=name, sha256=name)) for name in ("b", "c")
    )
    said, one = load(pool, first, int(2.5 * need))
    load(pool, second, int(2.5 * need))
    assert (said, pool.names(), pool.held_bytes()) == ([], ["seedling", "b"], 2 * need)
    assert load(pool, first, int(2.5 * need))[1] is one, "it stays loaded, and was used last"
    said, _ = load(pool, third, int(2.5 * need))
    assert (said, pool.names()) == (["b was unloaded to make room."], ["seedling", "c"])
    assert one.model.alive() and one.model.complete([20, 21], [], 2).ids
    pool.close()
    assert not one.model.alive() and pool.held_bytes() == 0


def test_what_does_not_fit_is_refused_with_what_would(pool: ModelPool, first: Wanted) -> None:
    need = serving_need(first.base)
    wanted = replace(first, context=2048)
    with pytest.raises(MemoryShort, match="with a context of 2,048 tokens") as refused:
        load(pool, wanted, need.of(600))
    assert "512" in refused.value.hint and need.largest_context(need.of(600)) == 512
    with pytest.raises(MemoryShort) as refused:
        load(pool, wanted, need.fixed_bytes)
    assert "smaller base" in refused.value.hint
    assert pool.names() == []


def test_a_changed_context_loads_it_anew(pool: ModelPool, first: Wanted) -> None:
    _, one = load(pool, first, 0)
    _, other = load(pool, replace(first, context=512), 0)
    assert other is not one and not one.model.alive() and pool.names() == ["seedling"]


def test_one_thread_less_answers_while_a_run_works(pool: ModelPool, tmp_path: Path) -> None:
    assert pool.threads() == usable_cores()
    ticket = tmp_path / "slots" / "000000000001"
    ticket.touch()
    assert pool.threads() == usable_cores(), "a ticket that nobody holds is no run"
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(ticket.open())
        fcntl.flock(file, fcntl.LOCK_EX)
        assert pool.threads() == max(1, usable_cores() - 1)
    assert pool.threads() == usable_cores()


def test_the_need_is_near_to_what_is_taken(pool: ModelPool, first: Wanted) -> None:
    _, loaded = load(pool, first, 0)
    loaded.model.complete([20] * 200, [], 4)
    status = Path(f"/proc/{loaded.model.process_id}/status")
    if not status.exists():
        pytest.skip("reads /proc")
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    taken = int(lines["VmHWM"].split()[0]) * 1024
    assert taken < 1.3 * loaded.bytes + 30_000_000
