"""Choose the engine that answers a request first."""

from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.models.model import BaseModel
from gardener_core.models.serving.pool import ModelPool
from gardener_core.models.serving.served import Engine, EngineSetting
from gardener_core.models.serving.speeds import Speeds
from gardener_core.models.shape import shape_of

# Of code, on average; only for predicting how long a prompt takes.
CHARACTERS_A_TOKEN = 3
# A shorter prompt, or one to a small base, is read by llama.cpp before transformers has started.
LONG_PROMPT_TOKENS = 400
SMALL_PARAMETERS = 50_000_000


@dataclass(frozen=True, slots=True)
class RequestSize:
    """How long a request is: characters to read, tokens to write, tokens of context."""

    characters: int
    tokens: int
    context: int

    @property
    def prompt_tokens(self) -> int:
        """About how many tokens are read."""
        return self.characters // CHARACTERS_A_TOKEN


class Router:
    """Knows which engines can serve a base, and which is expected to end first.

    A long prompt is read several times faster by transformers on a processor that multiplies bf16,
    and code is written twice as fast by llama.cpp; so it depends on the request.
    """

    def __init__(
        self, pool: ModelPool, speeds: Speeds, small_parameters: int = SMALL_PARAMETERS
    ) -> None:
        self._pool = pool
        self._speeds = speeds
        self._small_parameters = small_parameters

    def possible(
        self, base: BaseModel, size: RequestSize, budget: int, asked: EngineSetting
    ) -> Sequence[Engine]:
        """The engines that may serve a base now; transformers only where its folder is made."""
        if asked != "auto":
            return (asked,)
        if size.prompt_tokens < LONG_PROMPT_TOKENS or not base.has_folder:
            return ("llama.cpp",)
        is_small = shape_of(base).parameters < self._small_parameters
        if is_small or not self._pool.fits(base, "transformers", size.context, budget):
            return ("llama.cpp",)
        return ("llama.cpp", "transformers")

    def unmeasured(self, base: BaseModel, engines: Sequence[Engine]) -> Sequence[Engine]:
        """The engines whose speed has to be known before one can be chosen."""
        if len(engines) < 2:
            return ()
        return [engine for engine in engines if self._speeds.of(base.sha256, engine) is None]

    def fastest(self, base: BaseModel, engines: Sequence[Engine], size: RequestSize) -> Engine:
        """The engine whose answer is expected to end first."""

        def seconds(engine: Engine) -> float:
            speed = self._speeds.of(base.sha256, engine)
            if speed is None:
                return float("inf")
            is_loaded = self._pool.is_loaded(base, engine)
            return speed.seconds(size.prompt_tokens, size.tokens, is_loaded=is_loaded)

        return min(engines, key=seconds)
