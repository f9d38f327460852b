"""The llama.cpp process answers, says what went wrong, and ends with its parent."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gardener_core.errors import BadInput, EngineLost, ModelUnfit
from gardener_core.models.llama.client import Llama

PREFIX = "import os\n\n\ndef main(path):\n    return "
SECONDS = 20.0
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="waits on Linux's pidfd")


def test_an_adapter_is_on_or_off_in_each_request_and_leaves_no_trace(llama: Llama) -> None:
    prompt = llama.tokenize(PREFIX)
    off, on = likeliest(llama, prompt, 0), likeliest(llama, prompt, 1)
    assert off != pytest.approx(on, abs=1e-3)
    list(llama.stream(prompt, [1], 4))
    for _ in range(2):
        assert likeliest(llama, prompt, 0) == pytest.approx(off, abs=1e-5)
        assert likeliest(llama, prompt, 1) == pytest.approx(on, abs=1e-5)


def likeliest(llama: Llama, prompt: list[int], scale: float) -> dict[int, float]:
    """What is stored in other places of the cache is summed in another order."""
    (place,) = llama.complete(prompt, [scale], 1, top=5).top
    return {candidate.id: candidate.logprob for candidate in place}


@pytest.mark.parametrize("scales", [[], [0, 1]])
def test_a_list_of_scales_that_is_not_whole_is_refused(llama: Llama, scales: list[float]) -> None:
    with pytest.raises(ValueError, match="1 adapters are loaded"):
        llama.complete([20], scales, 1)


def test_a_completion_tells_its_text_and_its_tokens(llama: Llama) -> None:
    said = llama.complete(llama.tokenize(PREFIX), [1], 6, top=3)
    assert llama.detokenize(said.ids) == said.text
    assert [len(place) for place in said.top] == [3] * len(said.ids)
    assert [place[0].id for place in said.top] == list(said.ids)
    assert all(candidate.logprob <= 0 for place in said.top for candidate in place)


def test_a_stream_says_the_same_and_can_be_cut_off(llama: Llama) -> None:
    prompt = llama.tokenize(PREFIX)
    pieces = list(llama.stream(prompt, [1], 12))
    assert "".join(piece.text for piece in pieces) == llama.complete(prompt, [1], 12).text
    assert sum(piece.tokens for piece in pieces) == 12
    pieces = llama.stream(prompt, [1], 400)
    next(pieces)
    pieces.close()
    assert llama.complete(prompt, [1], 1).ids


def test_a_prompt_that_is_too_long_or_empty_is_bad_input(llama: Llama) -> None:
    with pytest.raises(BadInput, match="3000 tokens; this model reads 512"):
        llama.complete([20] * 3000, [0], 1)
    with pytest.raises(BadInput, match="nothing to continue"):
        llama.complete([], [0], 1)


def test_what_cannot_be_loaded_says_why(base_gguf: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"no model")
    log = tmp_path / "log.txt"
    with pytest.raises(ModelUnfit, match="magic"):
        Llama(broken, [], log, threads=1, context=64)
    with pytest.raises(ModelUnfit, match=r"expect general\.type to be 'adapter'"):
        Llama(base_gguf, [base_gguf], log, threads=1, context=64)


def test_a_killed_engine_is_an_engine_lost(base_gguf: Path, tmp_path: Path) -> None:
    with Llama(base_gguf, [], tmp_path / "log.txt", threads=1, context=512) as engine:
        pieces = engine.stream([20, 21], [], 400)
        next(pieces)
        os.kill(engine.process_id, signal.SIGKILL)
        with pytest.raises(EngineLost):
            list(pieces)
        with pytest.raises(EngineLost):
            engine.complete([20], [], 1)


def test_it_outlives_the_thread_that_started_it(base_gguf: Path, tmp_path: Path) -> None:
    started: list[Llama] = []

    def start() -> None:
        started.append(Llama(base_gguf, [], tmp_path / "log.txt", threads=1, context=64))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    with started[0] as engine:
        assert engine.complete([20, 21], [], 2).ids


@linux_only
def test_it_ends_when_the_leash_is_let_go(base_gguf: Path, tmp_path: Path) -> None:
    engine = Llama(base_gguf, [], tmp_path / "log.txt", threads=1, context=64)
    flags = Path(f"/proc/{engine.process_id}/fdinfo/0").read_text().split("flags:")[1].split()[0]
    assert int(flags, 8) & os.O_ASYNC  # the kernel itself holds the leash
    with ended(engine.process_id) as wait:
        engine.close()
        assert wait()


@linux_only
def test_it_ends_when_its_parent_is_killed(base_gguf: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from gardener_core.models.llama.client import Llama;"
        "import sys, time;"
        "engine = Llama(Path(sys.argv[1]), [], Path(sys.argv[2]), threads=1, context=64);"
        "print(engine.process_id, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(base_gguf), str(tmp_path / "log.txt")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with parent, ended(int(parent.stdout.readline())) as wait:
        parent.kill()
        assert wait()


@linux_only
def test_the_leash_works_inside_a_call_that_never_returns() -> None:
    code = (
        "import itertools; from gardener_core.models.llama import server;"
        "server._end_with_stdin(); print('held', flush=True); sum(itertools.repeat(0))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with child:
        assert child.stdout.readline() == b"held\n"
        child.stdin.close()
        assert child.wait(SECONDS) == -signal.SIGIO


@contextlib.contextmanager
def ended(process_id: int):
    """Wait for the end of a process that need not be our child."""
    descriptor = os.pidfd_open(process_id)
    try:
        yield lambda: bool(select.select([descriptor], [], [], SECONDS)[0])
    finally:
        os.close(descriptor)
