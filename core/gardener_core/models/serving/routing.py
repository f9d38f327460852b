"""Choose the engine that answers a request first."""

from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.models.model import BaseModel
from gardener_core.models.serving.pool import ModelPool
from gardener_core.models.serving.served import Engine, EngineSetting
from gardener_core.models.serving.speeds import Speeds

# Of code, on average; only for predicting how long a prompt takes.
CHARACTERS_A_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Size:
    """How long a request is: characters to read, tokens to write, tokens of context."""

    characters: int
    tokens: int
    context: int


class Router:
    """Knows which engines can serve a base, and which is expected to end first.

    A long prompt is read several times faster by transformers on a processor that multiplies bf16,
    and code is written twice as fast by llama.cpp; so it depends on the request.
    """

    def __init__(self, pool: ModelPool, speeds: Speeds) -> None:
        self._pool = pool
        self._speeds = speeds

    def possible(
        self, base: BaseModel, size: Size, budget: int, asked: EngineSetting
    ) -> Sequence[Engine]:
        """The engines that may serve a base now; transformers only where its folder is made."""
        if asked != "auto":
            return (asked,)
        engines: list[Engine] = ["llama.cpp"]
        if base.has_folder and self._pool.fits(base, "transformers", size.context, budget):
            engines.append("transformers")
        return engines

    def unmeasured(self, base: BaseModel, engines: Sequence[Engine]) -> Sequence[Engine]:
        """The engines whose speed has to be known before one can be chosen."""
        if len(engines) < 2:
            return ()
        return [engine for engine in engines if self._speeds.of(base.sha256, engine) is None]

    def fastest(self, base: BaseModel, engines: Sequence[Engine], size: Size) -> Engine:
        """The engine whose answer is expected to end first."""

        def seconds(engine: Engine) -> float:
            speed = self._speeds.of(base.sha256, engine)
            if speed is None:
                return float("inf")
            prompt = size.characters // CHARACTERS_A_TOKEN
            is_loaded = self._pool.is_loaded(base, engine)
            return speed.seconds(prompt, size.tokens, is_loaded=is_loaded)

        return min(engines, key=seconds)
