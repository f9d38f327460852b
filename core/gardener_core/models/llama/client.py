"""A client for llama.cpp in its own process."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gardener_core.errors import BadInput, EngineLost
from gardener_core.models.llama.process import LlamaProcess, Refused, Setup
from gardener_core.models.serving.served import Candidate, Completion, Piece, Timing
from gardener_core.models.serving.token_cache import TokenCache

_FORCED = 1000.0  # added to a logit, so that the token is written


class Llama:
    """One loaded base with a fixed list of adapters, each on or off in every request.

    `log` is truncated, so each process needs its own file.
    """

    def __init__(
        self,
        gguf: Path,
        adapters: Sequence[Path],
        log: Path,
        *,
        threads: int,
        context: int,
        exact: bool = False,
        states: Path | None = None,
    ) -> None:
        """`states` is the folder that what was read can be saved to."""
        self._adapters = len(adapters)
        self._states = states
        self._tokens = TokenCache(self._ids_of)
        self._special: dict[str, int | None] = {}
        self.timing = Timing()
        names = tuple(str(path) for path in adapters)
        kept = f"{states}/" if states else ""
        setup = Setup(str(gguf), names, threads, context, exact, states=kept)
        self._process = LlamaProcess(setup, log)

    @property
    def process_id(self) -> int:
        """The id of the process that llama.cpp runs in."""
        return self._process.id

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.alive()

    def complete(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int, top: int = 0
    ) -> Completion:
        """Continue the prompt greedily; a scale for each adapter, 0 turns it off."""
        request = self._request(prompt, scales, tokens)
        with _client_errors():
            answer = self._process.call(
                "/completion", {**request, "n_probs": top, "return_tokens": True}
            )
        places = answer.get("completion_probabilities", [])
        return Completion(
            text=answer["content"],
            ids=tuple(answer["tokens"]),
            top=tuple(_candidates(place["top_logprobs"]) for place in places),
        )

    def stream(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int
    ) -> Iterator[Piece]:
        """The same, piece by piece; closing the generator stops the generation."""
        request = self._request(prompt, scales, tokens)
        request |= {"stream": True, "return_tokens": True}
        self.timing = Timing()
        with _client_errors(), self._process.answer("/completion", request) as response:
            finished = False
            for line in response:
                if line.startswith(b"data: "):
                    answer = json.loads(line[6:])
                    yield Piece(answer.get("content", ""), len(answer.get("tokens", ())))
                    finished = answer.get("stop", False)
                    self.timing = _timing(answer.get("timings", {})) if finished else self.timing
        if not finished:
            raise EngineLost(
                "llama.cpp stopped in mid-answer.", hint=f"Look into {self._process.log}"
            )

    def tokenize(self, text: str) -> list[int]:
        """The ids of a text; none of it is taken for a special token."""
        return self._tokens.ids_of(text)

    def special(self, text: str) -> int | None:
        """The id of a special token, if the base has it."""
        if text not in self._special:
            request = {"content": text, "add_special": False, "parse_special": True}
            with _client_errors():
                ids: list[int] = self._process.call("/tokenize", request)["tokens"]
            self._special[text] = ids[0] if len(ids) == 1 else None
        return self._special[text]

    def detokenize(self, ids: Sequence[int]) -> str:
        """The text of ids."""
        with _client_errors():
            return str(self._process.call("/detokenize", {"tokens": list(ids)})["content"])

    def template_ids(self, text: str) -> list[int]:
        """The ids of a whole prompt, in which special tokens are meant."""
        request = {"content": text, "add_special": True, "parse_special": True}
        with _client_errors():
            ids: list[int] = self._process.call("/tokenize", request)["tokens"]
        return ids

    def rendered(self, messages: Sequence[Mapping[str, str]]) -> str:
        """A conversation as llama.cpp itself writes it, by the template of the file."""
        with _client_errors():
            return str(self._process.call("/apply-template", {"messages": messages})["prompt"])

    def ends_at(self, token: int) -> bool:
        """Whether a text ends where this token is written."""
        scales = [0.0] * self._adapters
        request = self._request([token], scales, 2) | {"logit_bias": [[token, _FORCED]]}
        with _client_errors():
            return self._process.call("/completion", request).get("stop_type") == "eos"

    @property
    def keeps_states(self) -> bool:
        """Whether what was read can be saved and loaded again."""
        return self._states is not None

    def save_state(self, scales: Sequence[float], name: str) -> int:
        """Save what was read last with these adapters as a file; how many tokens that is."""
        with _client_errors():
            answer = self._process.call(_place(scales, "save"), {"filename": name})
        return int(answer["n_saved"])

    def load_state(self, scales: Sequence[float], name: str) -> int:
        """Load what was saved; how many tokens need not be read again.

        The last request with these scales has to have had the same adapter: llama.cpp forgets what
        it holds when another one is turned on, and does not know which one a file was read with.
        """
        with _client_errors():
            answer = self._process.call(_place(scales, "restore"), {"filename": name})
        return int(answer["n_restored"])

    def close(self) -> None:
        """End the process, and wait for it."""
        self._process.close()

    def __enter__(self) -> "Llama":
        """Use it in a with statement."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close it at the end."""
        self.close()

    def _ids_of(self, text: str) -> list[int]:
        request = {"content": text, "add_special": False, "parse_special": False}
        with _client_errors():
            ids: list[int] = self._process.call("/tokenize", request)["tokens"]
        return ids

    def _request(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int
    ) -> dict[str, Any]:
        if len(scales) != self._adapters:
            raise ValueError(f"{self._adapters} adapters are loaded, {len(scales)} scales given")
        if not prompt:
            raise BadInput("There is nothing to continue.", hint="Give some code as the prefix.")
        # A request without the full list corrupts llama.cpp's cache: the next ones are wrong too.
        lora = [{"id": number, "scale": float(scale)} for number, scale in enumerate(scales)]
        return {
            "prompt": list(prompt),
            "n_predict": tokens,
            "temperature": 0,
            "cache_prompt": True,
            "id_slot": _slot(scales),
            "lora": lora,
        }


def _slot(scales: Sequence[float]) -> int:
    """What is read with an adapter has a place of its own."""
    return int(any(scales))


def _place(scales: Sequence[float], action: str) -> str:
    return f"/slots/{_slot(scales)}?action={action}"


def _candidates(top: Sequence[Mapping[str, Any]]) -> tuple[Candidate, ...]:
    return tuple(Candidate(item["id"], item["logprob"]) for item in top)


def _timing(timings: Mapping[str, Any]) -> Timing:
    return Timing(
        read=timings.get("prompt_n", 0),
        read_seconds=timings.get("prompt_ms", 0.0) / 1000,
        written=timings.get("predicted_n", 0),
        written_seconds=timings.get("predicted_ms", 0.0) / 1000,
        evaluated=timings.get("prompt_n", 0) + timings.get("cache_n", 0),
    )


@contextlib.contextmanager
def _client_errors() -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        if refusal.is_too_long and "n_ctx" in refusal.fields:
            raise BadInput(
                f"The prompt has {refusal.fields['n_prompt_tokens']} tokens; "
                f"this model reads {refusal.fields['n_ctx']}.",
                hint="Give a shorter prefix.",
            ) from None
        raise refusal.lost() from None
