"""Measure what the rows are like."""

import re
from collections import Counter
from collections.abc import Sequence

from gardener_core.code.languages.table import language_of
from gardener_core.training.data.cleaning import CleanFile
from gardener_core.training.data.kept.folder import DataItem
from gardener_core.training.data.kept.report import Figures
from gardener_core.training.data.kept.row import DataRow
from gardener_core.training.data.validating import Validator

_WORD = re.compile(r"\w+|[^\w\s]")
P95 = 0.95


class FigureCounter:
    """Counts rows while they are written."""

    def __init__(self) -> None:
        self._lengths: list[int] = []
        self._trigrams: set[int] = set()
        self._of_trigrams = 0
        self._files: set[str] = set()
        self._spans: dict[str, list[tuple[int, int]]] = {}
        self._languages: Counter[str] = Counter()

    def add(self, row: DataRow) -> None:
        """Count one row."""
        self._lengths.append(row.tokens)
        words = _WORD.findall("".join(part.text for part in row.segments if part.learned))
        for at in range(len(words) - 2):
            self._trigrams.add(hash((words[at], words[at + 1], words[at + 2])))
        self._of_trigrams += max(0, len(words) - 2)
        origin = row.origin
        self._languages[language_of(origin.path) or "other"] += row.tokens
        if row.share != "replay":
            self._files.add(origin.path)
            self._spans.setdefault(origin.path, []).append((origin.start_line, origin.end_line))

    def figures(
        self, validator: Validator, items: Sequence[DataItem], files: Sequence[CleanFile]
    ) -> Figures:
        """All figures; a symbol is covered where a row holds a line of it."""
        lengths = sorted(self._lengths)
        symbols = [item for item in items if item.symbol and item.accepted]
        covered = sum(
            any(first <= item.end_line and item.start_line <= last
                for first, last in self._spans.get(item.path, ()))
            for item in symbols
        )  # fmt: skip
        whole = sum(self._languages.values()) or 1
        reasons = validator.tally.reasons
        return Figures(
            tokens_mean=round(sum(lengths) / max(1, len(lengths)), 1),
            tokens_p95=lengths[int(P95 * (len(lengths) - 1))] if lengths else 0,
            trigram_diversity=round(len(self._trigrams) / max(1, self._of_trigrams), 4),
            duplicates=reasons["repeated"],
            leaked=reasons["copy of held-out code"],
            modules=len(self._files),
            modules_of=len(files),
            symbols=covered,
            symbols_of=len(symbols),
            languages={name: round(n / whole, 4) for name, n in self._languages.most_common()},
        )
