"""Compare the answers of two models at one place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from torch import Tensor

from gardener_core.models.llama.client import Llama
from gardener_core.models.serving.served import Candidate

TOP = 10
# How many of the likeliest tokens are asked for, until the one that stands there is among them.
_ASKED = (64, 4096, 1_000_000)
_CERTAIN = 1.96  # standard deviations that hold 95 of 100 cases


@dataclass(frozen=True, slots=True)
class ComparedModel:
    """A loaded file, and which of its adapters are on."""

    llama: Llama
    scales: Sequence[float] = ()

    def likeliest(self, prompt: Sequence[int]) -> tuple[Candidate, ...]:
        """The likeliest next tokens; none where the next one ends the text or is half a letter."""
        places = self.llama.complete(prompt, self.scales, tokens=1, top=_ASKED[0]).top
        return places[0] if places else ()

    def logprob(
        self, prompt: Sequence[int], token: int, likeliest: Sequence[Candidate]
    ) -> float | None:
        """The log-probability of a token, looked for among more where it is not likely."""
        for asked in _ASKED:
            if asked > _ASKED[0]:
                places = self.llama.complete(prompt, self.scales, tokens=1, top=asked).top
                likeliest = places[0] if places else ()
            for candidate in likeliest:
                if candidate.id == token:
                    return candidate.logprob
        return None


def widest_gap(likeliest: Sequence[Candidate], expected: Tensor) -> float:
    """How far the likeliest tokens of one model are from what the other says of them, in nats."""
    return max(abs(item.logprob - expected[item.id].item()) for item in likeliest[:TOP])


@dataclass(slots=True)
class Bits:
    """The bits of the same tokens by three models."""

    base: float = 0.0
    trained: float = 0.0
    exported: float = 0.0
    bytes: int = 0
    differences: list[float] = field(default_factory=list)

    def add(self, base: float, trained: float, exported: float, size: int) -> None:
        """Add a token by its log-probabilities."""
        self.base -= base / math.log(2)
        self.trained -= trained / math.log(2)
        self.exported -= exported / math.log(2)
        self.bytes += size
        self.differences.append((trained - exported) / math.log(2))

    def lost(self) -> tuple[float, float]:
        """Between which shares lies what the exported model lost, in 95 of 100 cases."""
        if not self.trained or len(self.differences) < 2:
            return 0.0, 0.0
        count = len(self.differences)
        mean = sum(self.differences) / count
        spread = sum((one - mean) ** 2 for one in self.differences) / (count - 1)
        half = _CERTAIN * math.sqrt(spread * count) / self.trained
        change = self.exported / self.trained - 1
        return change - half, change + half
