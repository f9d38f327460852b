"""transformers in its own process answers as llama.cpp does."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from gardener_core.errors import BadInput, EngineLost, ModelUnfit
from gardener_core.models.llama.client import Llama
from gardener_core.models.serving.served import Completion
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.client import TorchModel

PREFIX = "import os\n\n\ndef main(path):\n    return "
CLOSE = 1e-3


@pytest.fixture(scope="module")
def torch_model(seedling, trained, tmp_path_factory) -> Iterator[TorchModel]:
    log = tmp_path_factory.mktemp("torch") / "log.txt"
    adapters = [trained.adapter, trained.adapter]
    with TorchModel(seedling.folder, adapters, log, threads=1, context=512, exact=True) as engine:
        yield engine


@pytest.fixture(scope="module")
def prompt(seedling) -> list[int]:
    return TextTokens(seedling.folder).encode(PREFIX)


def worst(one: Completion, other: Completion) -> float:
    """The largest difference between the log-probabilities of the same tokens."""
    by_id = {item.id: item.logprob for item in other.top[0]}
    return max(abs(item.logprob - by_id[item.id]) for item in one.top[0][:3])


def test_base_and_adapter_answer_as_in_llama_cpp(
    torch_model: TorchModel, llama: Llama, prompt: list[int]
) -> None:
    base, adapter = (
        torch_model.complete(prompt, [0, 0], 8, 5),
        torch_model.complete(prompt, [1, 0], 8, 5),
    )
    assert base.top != adapter.top
    assert (base.text, adapter.text) == (
        llama.complete(prompt, [0], 8).text,
        llama.complete(prompt, [1], 8).text,
    )
    assert worst(base, llama.complete(prompt, [0], 1, 5)) < CLOSE
    assert worst(adapter, llama.complete(prompt, [1], 1, 5)) < CLOSE


def test_each_request_says_which_adapter_is_on_and_leaves_no_trace(
    torch_model: TorchModel, prompt: list[int]
) -> None:
    first = [torch_model.complete(prompt, scales, 4, 5) for scales in ([0, 0], [1, 0], [0, 1])]
    again = [torch_model.complete(prompt, scales, 4, 5) for scales in ([0, 0], [1, 0], [0, 1])]
    assert [one.ids for one in first] == [one.ids for one in again]
    assert max(map(worst, first, again)) < CLOSE
    assert worst(first[1], first[2]) < CLOSE and first[0].top != first[1].top


def test_a_prefix_that_stays_is_read_once_and_changes_nothing(
    torch_model: TorchModel, prompt: list[int]
) -> None:
    longer = [*prompt, *prompt, *prompt[:5]]
    torch_model.complete([7], [0, 0], 1)
    fresh = torch_model.complete(longer, [0, 0], 4, 5)
    torch_model.complete([*prompt, *prompt, *prompt[:9]], [0, 0], 1)
    after_another = torch_model.complete(longer, [0, 0], 4, 5)
    assert torch_model.reused == len(longer) - 1
    assert after_another.ids == fresh.ids and worst(after_another, fresh) < CLOSE


def test_a_stream_says_the_same_and_can_be_cut_off(
    torch_model: TorchModel, prompt: list[int]
) -> None:
    pieces = list(torch_model.stream(prompt, [1, 0], 12))
    whole = torch_model.complete(prompt, [1, 0], 12)
    assert "".join(piece.text for piece in pieces) == whole.text
    assert sum(piece.tokens for piece in pieces) == len(whole.ids)
    endless = torch_model.stream(prompt, [1, 0], 400)
    next(endless)
    endless.close()
    assert torch_model.complete(prompt, [1, 0], 1).ids


@pytest.mark.parametrize(
    ("scales", "problem"),
    [([0], "2 adapters are loaded, 1"), ([1, 1], "one adapter"), ([0.5, 0], "one adapter")],
)
def test_scales_that_it_cannot_do_are_refused(
    torch_model: TorchModel, scales: list[float], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        torch_model.complete([20], scales, 1)


def test_a_prompt_that_is_too_long_or_empty_is_bad_input(torch_model: TorchModel) -> None:
    with pytest.raises(BadInput, match="3000 tokens; this model reads 512"):
        torch_model.complete([20] * 3000, [0, 0], 1)
    with pytest.raises(BadInput, match="nothing to continue"):
        torch_model.complete([], [0, 0], 1)


def test_a_killed_process_costs_an_answer_and_not_us(
    torch_model: TorchModel, prompt: list[int]
) -> None:
    pieces = torch_model.stream(prompt, [0, 0], 400)
    next(pieces)
    os.kill(torch_model.process_id, signal.SIGKILL)
    with pytest.raises(EngineLost, match="ended before it answered"):
        list(pieces)
    assert not torch_model.alive()


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnfit, match="has no tokenizer"):
        TorchModel(tmp_path, [], tmp_path / "log", threads=1, context=64)
