"""Train the built-in embedder."""

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from embedder_training.batches import Batches
from embedder_training.mining import Pair
from gardener_core.events.run import Noted
from gardener_core.events.train import StepDone
from gardener_core.search.embedders.static import MOST_TERMS, document_text
from gardener_core.search.embedders.static_table import LearnedTable
from gardener_core.search.terms import terms_of_question, terms_of_text

MOST_QUERY_TERMS = 40
LONGEST_CODE_CHARACTERS = 4_000
FEWEST_QUERY_TERMS = 2
FEWEST_CODE_TERMS = 4
NAME_DROPPED = 0.3  # else only the name is learned, which words find already
WARM_UP_STEPS = 50
FIRST_SCALE = 3.0
LARGEST_SCALE = 50.0
RUN = "static-1"


@dataclass(frozen=True, slots=True)
class EmbedderPlan:
    """How the table is trained."""

    terms: int = 20_000
    dimensions: int = 256
    epochs: int = 3
    batch: int = 1_024
    block: int = 256
    rate: float = 3e-3
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True, slots=True, eq=False)
class Bag:
    """A text's known terms by row, and log(1 + count) of each."""

    rows: NDArray[np.int64]
    counts: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A query, the code to find, and that code without the terms of its name."""

    query: Bag
    code: Bag
    nameless: Bag


class Weights(torch.nn.Module):
    """The parameters: a vector and two weights a term, and one temperature."""

    def __init__(self, rarity: NDArray[np.float32], dimensions: int) -> None:
        super().__init__()
        vectors = torch.randn(len(rarity), dimensions)
        self.vectors = torch.nn.Parameter(functional.normalize(vectors, dim=1))
        first = torch.from_numpy(np.log(0.2 + rarity / rarity.mean()))
        self.query = torch.nn.Parameter(first.clone())
        self.code = torch.nn.Parameter(first.clone())
        self.scale = torch.nn.Parameter(torch.tensor(FIRST_SCALE))

    def embed(self, bags: Sequence[Bag], weights: torch.Tensor) -> torch.Tensor:
        """The bags' vectors, each of length one."""
        rows = torch.from_numpy(np.concatenate([bag.rows for bag in bags]))
        counts = torch.from_numpy(np.concatenate([bag.counts for bag in bags]))
        starts = torch.from_numpy(np.cumsum([0, *(len(bag.rows) for bag in bags[:-1])]))
        shares = counts * weights[rows].exp()
        added = functional.embedding_bag(
            rows, self.vectors, starts, mode="sum", per_sample_weights=shares
        )
        return functional.normalize(added, dim=1)

    def loss(self, queries: Sequence[Bag], codes: Sequence[Bag]) -> torch.Tensor:
        """Contrastive loss: each query finds its code in the batch, and each code its query."""
        asked, found = self.embed(queries, self.query), self.embed(codes, self.code)
        alike = asked @ found.T * self.scale.exp().clamp(max=LARGEST_SCALE)
        right = torch.arange(len(queries))
        there = functional.cross_entropy(alike, right)
        return (there + functional.cross_entropy(alike.T, right)) / 2


def train_embedder(
    pairs: Sequence[Pair], plan: EmbedderPlan
) -> Generator[Noted | StepDone, None, LearnedTable]:
    """Train the table on pairs; yields every step and returns the table."""
    torch.manual_seed(plan.seed)
    torch.set_num_threads(plan.threads)
    asked = [terms_of_question(pair.sentence) for pair in pairs]
    read = [_code_terms(pair) for pair in pairs]
    # Not a set: its order differs between runs, and with it which rare terms get in.
    frequency = Counter(term for terms in (*asked, *read) for term in dict.fromkeys(terms))
    terms = tuple(term for term, _ in frequency.most_common(plan.terms))
    rows = {term: row for row, term in enumerate(terms)}
    lessons, packages = _lessons(pairs, asked, read, rows)
    yield Noted(f"{len(lessons)} pairs, {len(terms)} terms of {len(frequency)}.")
    rarity = np.log((1 + len(pairs)) / (1 + np.array([frequency[term] for term in terms])))
    weights = Weights(np.maximum(rarity, 0).astype(np.float32), plan.dimensions)
    yield from _teach(weights, lessons, Batches(packages, plan.batch, plan.block, plan.seed), plan)
    return LearnedTable(
        terms,
        weights.vectors.detach().numpy(),
        weights.query.exp().detach().numpy(),
        weights.code.exp().detach().numpy(),
    )


def _teach(
    weights: Weights, lessons: Sequence[Lesson], batches: Batches, plan: EmbedderPlan
) -> Generator[StepDone, None, None]:
    groups = [
        {"params": [weights.vectors], "lr": plan.rate},
        {"params": [weights.query, weights.code], "lr": 2 * plan.rate},
        {"params": [weights.scale], "lr": plan.rate / 3},
    ]
    adam = torch.optim.Adam(groups, betas=(0.9, 0.98))
    rates = [group["lr"] for group in adam.param_groups]
    chance = np.random.default_rng(plan.seed)
    steps = plan.epochs * batches.an_epoch
    for step, picked in enumerate(batches.of_epochs(plan.epochs)):
        share = min(1.0, (step + 1) / WARM_UP_STEPS) * (1 - step / steps)
        for group, rate in zip(adam.param_groups, rates, strict=True):
            group["lr"] = rate * share
        dropped = chance.random(len(picked)) < NAME_DROPPED
        queries = [lessons[at].query for at in picked]
        codes = [
            lessons[at].nameless if drop else lessons[at].code
            for at, drop in zip(picked, dropped, strict=True)
        ]
        loss = weights.loss(queries, codes)
        adam.zero_grad()
        loss.backward()
        adam.step()
        yield StepDone(RUN, "grow", step + 1, steps, loss.item())


def _lessons(
    pairs: Sequence[Pair],
    asked: Sequence[Sequence[str]],
    read: Sequence[Sequence[str]],
    rows: dict[str, int],
) -> tuple[list[Lesson], list[str]]:
    """The usable pairs as lessons, and the package of each."""
    lessons, packages = [], []
    for pair, query_terms, code_terms in zip(pairs, asked, read, strict=True):
        query = _bag(query_terms, rows, MOST_QUERY_TERMS)
        code = _bag(code_terms, rows, MOST_TERMS)
        if len(query.rows) >= FEWEST_QUERY_TERMS and len(code.rows) >= FEWEST_CODE_TERMS:
            lessons.append(Lesson(query, code, _without_name(code, pair, rows)))
            packages.append(pair.package.name)
    return lessons, packages


def _code_terms(pair: Pair) -> list[str]:
    return terms_of_text(document_text(pair.path, pair.symbol, pair.code[:LONGEST_CODE_CHARACTERS]))


def _bag(terms: Sequence[str], rows: dict[str, int], most: int) -> Bag:
    known = Counter(rows[term] for term in terms if term in rows).most_common(most)
    counts = np.array([count for _, count in known], np.float32)
    return Bag(np.array([row for row, _ in known], np.int64), np.log1p(counts))


def _without_name(code: Bag, pair: Pair, rows: dict[str, int]) -> Bag:
    name = {rows.get(term) for term in terms_of_text(pair.symbol.rpartition(".")[2])}
    keep = np.array([int(row) not in name for row in code.rows])
    return Bag(code.rows[keep], code.counts[keep]) if keep.sum() >= FEWEST_CODE_TERMS else code
