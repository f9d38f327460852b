"""Say what so many rows are good for."""

from collections.abc import Sequence

from gardener_core.training.data.kept.report import TIERS, DataReport, Tier

ALL_READ = 0.9  # of the tokens that a run reads: with less, the project has no more
_EXPECT: dict[Tier, str] = {
    "seed": "too few to tell more than names; completions change little",
    "sprout": "names and style of the project; look at the held-out score before trusting it",
    "shrub": "the project's own calls and patterns in completions",
    "tree": "enough for several passes; more data is worth more than more steps",
}


def expectation(report: DataReport) -> str:
    """The tier of these rows, and what to expect."""
    return f"{report.rows:,} rows, a {report.tier}: {_EXPECT[report.tier]}."


def shortfall(report: DataReport) -> str:
    """What is missing to the next tier, and how much of the project would do; empty at the top.

    Rows grow with the files that are learned, so the number of these is a guess by proportion.
    """
    above = [(tier, least) for tier, least in reversed(TIERS) if least > report.rows]
    if not above:
        return ""
    tier, least = above[0]
    if report.tokens >= ALL_READ * report.wanted:  # it is the run that takes no more
        times = least / max(1, report.rows)
        return f"{least - report.rows:,} more make a {tier}: {times:.1f} times the steps."
    files = next((stage.left for stage in report.stages if stage.name == "split"), 0)
    enough = -(-files * least // report.rows) if report.rows else 0
    likely = f", about {enough:,} files like these" if enough else ""
    return f"{least - report.rows:,} more make a {tier}{likely}."


def figures(report: DataReport, thousands: str = ",") -> list[str]:
    """What was counted of the rows, in sentences; `thousands` stands between thousands."""
    found, recent = report.figures, report.recent

    def count(number: int) -> str:
        return f"{number:,}".replace(",", thousands)

    languages = ", ".join(f"{name} {part:.0%}" for name, part in found.languages.items())
    said = [
        f"For {report.base}: {count(report.packed)} sequences of {report.sequence_tokens} tokens.",
        f"A row has {found.tokens_mean:.0f} tokens in the mean, 19 of 20 have at most "
        f"{found.tokens_p95}; {found.trigram_diversity:.0%} of its learned trigrams differ.",
        f"Rows come from {count(found.modules)} of {count(found.modules_of)} files and "
        f"{count(found.symbols)} of {count(found.symbols_of)} symbols; {languages}.",
    ]
    if recent.since:
        said.append(
            f"By time: {count(recent.files)} files were added since {recent.since}, "
            f"{count(recent.held_out)} of them held out."
        )
    return said


def is_too_little(report: DataReport) -> bool:
    """Whether there is too little to learn from, which is said before training."""
    return report.tier == "seed"


def remarks(report: DataReport) -> Sequence[str]:
    """What else a person should know: missing shares, and how often the rows are read."""
    found = [
        f"No share of {share.share}: {share.missing}; its tokens went to the code."
        if not share.rows
        else f"Fewer {share.share} than planned: {share.missing}."
        for share in report.shares
        if share.missing
    ]
    if report.tokens and report.wanted > 1.2 * report.tokens:
        found.append(
            f"The run reads {report.wanted:,} tokens, so each row about "
            f"{report.wanted / report.tokens:.1f} times."
        )
    return found
