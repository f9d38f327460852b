"""Points on the held-out curve while a run learns."""

from collections.abc import Sequence

from gardener_core.evaluation.sample import beginnings
from gardener_core.evaluation.split import SourceFile
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.bits import window_bits
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.interrupts import Interruptible
from gardener_core.training.course import Course
from gardener_core.training.lora import LoraModel

POINTS = 20
FEWEST_STEPS = 2  # from one point to the next
# Of each file one window is read; all points together take about a tenth of the time of learning.
MOST_FILES = 6
CHARACTERS_A_TOKEN_LEARNED = 0.05
FEWEST_CHARACTERS, MOST_CHARACTERS = 600, 6_000


class HeldOutPoints:
    """Scores a sample of files that are never learned from, at the same steps in every attempt."""

    def __init__(
        self, files: Sequence[SourceFile], tokens: TextTokens, settings: TrainingSettings
    ) -> None:
        learned = settings.steps * settings.rows_a_step * settings.sequence_tokens
        characters = int(learned * CHARACTERS_A_TOKEN_LEARNED)
        most = max(FEWEST_CHARACTERS, min(MOST_CHARACTERS, characters))
        self._files = beginnings(files, MOST_FILES, most)
        self._ids = [tokens.encode(file.text) for file in self._files]
        self._settings = settings
        self._every = max(FEWEST_STEPS, round(settings.steps / POINTS))

    @property
    def files(self) -> int:
        """How many files are scored."""
        return len(self._files)

    @property
    def tokens(self) -> int:
        """How many tokens are read at all points together."""
        points = 1 + -(-self._settings.steps // self._every)
        return points * sum(map(len, self._ids))

    def is_due(self, course: Course) -> bool:
        """Whether a point belongs to the present step and is not there yet."""
        if not self._files or course.scored_step == course.step:
            return False
        return course.step % self._every == 0 or course.step == self._settings.steps

    def bits_per_byte(self, model: LoraModel, interruptible: Interruptible) -> float:
        """The bits of all files over their bytes, with the adapter as it is now."""
        bits = sum(
            part
            for ids in self._ids
            for _, part in window_bits(
                model.scored, ids, self._settings.sequence_tokens, interruptible, model.is_mixed
            )
        )
        return bits / sum(len(file.text.encode()) for file in self._files)
