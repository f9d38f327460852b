"""What preparing the rows found, by stage and reason."""

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

StageName = Literal["collect", "split", "clean", "format", "augment", "validate"]
Tier = Literal["seed", "sprout", "shrub", "tree"]
# Rows from which a tier begins.
TIERS: tuple[tuple[Tier, int], ...] = (("tree", 10_000), ("shrub", 1_000), ("sprout", 100))


@dataclass(frozen=True, slots=True)
class Stage:
    """How many came into a stage and out of it, and why the others did not."""

    name: StageName
    unit: str
    came: int
    left: int
    reasons: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """The object of `gardener data --json`."""
        return {
            "name": self.name,
            "in": self.came,
            "out": self.left,
            "unit": self.unit,
            "reasons": dict(self.reasons),
        }


@dataclass(slots=True)
class Tally:
    """Counts a stage while it works."""

    name: StageName
    unit: str
    came: int = 0
    left: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def drop(self, reason: str, count: int = 1) -> None:
        """Something came in and did not get out."""
        self.came += count
        self.reasons[reason] += count

    def keep(self, count: int = 1) -> None:
        """Something came in and got out."""
        self.came += count
        self.left += count

    def stage(self) -> Stage:
        """The counts so far, the most frequent reason first."""
        return Stage(self.name, self.unit, self.came, self.left, dict(self.reasons.most_common()))


@dataclass(frozen=True, slots=True)
class ShareCount:
    """The rows and tokens of a share; `missing` says why it has none, or fewer than planned."""

    share: str
    planned: float
    rows: int
    tokens: int
    learned: int
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the rows are like.

    `trigram_diversity` is the share of different ones among all trigrams of words that are learned,
    `leaked` how many rows held text of a held-out file (none are kept).
    """

    tokens_mean: float = 0.0
    tokens_p95: int = 0
    trigram_diversity: float = 0.0
    duplicates: int = 0
    leaked: int = 0
    modules: int = 0
    modules_of: int = 0
    symbols: int = 0
    symbols_of: int = 0
    languages: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recent:
    """The split by time: files first committed since a day, and those of them that are held out."""

    since: str = ""
    files: int = 0
    held_out: int = 0
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataReport:
    """All that was counted; `wanted` is how many tokens the run will read."""

    base: str
    stages: tuple[Stage, ...]
    shares: tuple[ShareCount, ...]
    figures: Figures
    rows: int
    packed: int
    sequence_tokens: int
    wanted: int
    recent: Recent = Recent()
    notes: tuple[str, ...] = ()

    @property
    def tier(self) -> Tier:
        """How far so many rows carry."""
        return next((tier for tier, least in TIERS if self.rows >= least), "seed")

    @property
    def tokens(self) -> int:
        """The tokens of all rows."""
        return sum(share.tokens for share in self.shares)

    def to_json(self) -> dict[str, Any]:
        """The object of `gardener data --json`."""
        fields = dataclasses.asdict(self)
        fields["stages"] = [stage.to_json() for stage in self.stages]
        return {**fields, "tier": self.tier, "tokens": self.tokens}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "DataReport":
        """Read the object; a KeyError, TypeError or ValueError where it is none."""
        return cls(
            base=str(fields["base"]),
            stages=tuple(
                Stage(one["name"], one["unit"], one["in"], one["out"], one["reasons"])
                for one in fields["stages"]
            ),
            shares=tuple(ShareCount(**one) for one in fields["shares"]),
            figures=Figures(**fields["figures"]),
            rows=int(fields["rows"]),
            packed=int(fields["packed"]),
            sequence_tokens=int(fields["sequence_tokens"]),
            wanted=int(fields["wanted"]),
            recent=_recent(fields["recent"]),
            notes=tuple(fields["notes"]),
        )


def _recent(fields: Mapping[str, Any]) -> Recent:
    paths = tuple(str(path) for path in fields.get("paths", ()))
    return Recent(str(fields["since"]), int(fields["files"]), int(fields["held_out"]), paths)
