"""A language made for the test: every thing has one name in docs and another in code."""

import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from embedder_training.batches import Batches
from embedder_training.mining import Pair
from embedder_training.training import EmbedderPlan, train_embedder

from gardener_core.events.run import Noted
from gardener_core.events.train import StepDone
from gardener_core.pretraining.corpus import Package
from gardener_core.search.embedders.static import StaticEmbedder, document_text
from gardener_core.search.embedders.static_table import LearnedTable, quantised

THINGS = 40
PLAN = EmbedderPlan(terms=200, dimensions=32, epochs=6, batch=64, block=16, rate=0.02, threads=1)


def word(kind: str, number: int) -> str:
    """A word that no stemmer cuts and no pattern splits."""
    return kind + "".join("bcdfghjkmp"[int(digit)] + "o" for digit in f"{number:02}")


def made(count: int, seed: int) -> list[Pair]:
    chance = random.Random(seed)
    pairs = []
    for number in range(count):
        things = chance.sample(range(THINGS), 4)
        noise = chance.sample(range(THINGS), 4)
        sentence = " ".join(word("doc", thing) for thing in things)
        code = " ".join(word("code", thing) for thing in things * 3)
        code += " " + " ".join(word("noise", thing) for thing in noise)
        package = Package(f"package{number % 3}", "1", "MIT")
        pairs.append(Pair(package, "a.py", "f", sentence, code))
    return pairs


def learn(pairs: Sequence[Pair], plan: EmbedderPlan) -> tuple[LearnedTable, list[StepDone]]:
    training = train_embedder(pairs, plan)
    steps = []
    while True:
        try:
            event = next(training)
        except StopIteration as end:
            return end.value, steps
        if isinstance(event, StepDone):
            steps.append(event)
        else:
            assert isinstance(event, Noted)


def mean_reciprocal_rank(table: LearnedTable, pairs: Sequence[Pair]) -> float:
    """Among the code of the pair's own package."""
    embedder = StaticEmbedder(quantised(table))
    found = []
    for package in {pair.package for pair in pairs}:
        own = [pair for pair in pairs if pair.package == package]
        texts = [document_text(pair.path, pair.symbol, pair.code) for pair in own]
        queries = np.stack([embedder.embed_query(pair.sentence) for pair in own])
        alike = queries @ embedder.embed_documents(texts).T
        found += list(1 / (alike >= np.diag(alike)[:, None]).sum(axis=1))
    return float(np.mean(found))


def test_it_learns_which_words_mean_the_same() -> None:
    pairs, unseen = made(600, seed=1), made(90, seed=2)
    before, _ = learn(pairs, replace(PLAN, rate=0.0))
    after, steps = learn(pairs, PLAN)
    assert [step.step for step in steps] == list(range(1, steps[0].steps + 1))
    assert mean_reciprocal_rank(before, unseen) < 0.3
    assert mean_reciprocal_rank(after, unseen) > 0.9


def test_eight_bits_are_enough_and_the_same_seed_gives_the_same_table() -> None:
    pairs = made(200, seed=1)
    table, _ = learn(pairs, PLAN)
    again, _ = learn(pairs, PLAN)
    assert quantised(table).to_bytes() == quantised(again).to_bytes()
    kept = quantised(table)
    rows = kept.vectors * kept.scales[:, None]
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(table.vectors, axis=1)
    assert ((rows * table.vectors).sum(axis=1) / lengths).min() > 0.9999


def test_half_of_the_batches_are_blocks_of_one_package() -> None:
    packages = [f"p{number % 50}" for number in range(1000)]
    batches = Batches(packages, batch=100, block=20, seed=0)
    epoch = list(batches.of_epochs(1))
    assert len(epoch) == batches.an_epoch == 10
    assert len(np.unique(np.concatenate(epoch))) == 1000
    kinds = sorted(len({packages[at] for at in batch}) for batch in epoch)
    assert kinds[4] < 25 < kinds[5]


@pytest.mark.parametrize("count", [1, 5, 64])
def test_little_food_is_one_batch(count: int) -> None:
    batches = Batches(["p"] * count, batch=64, block=16, seed=0)
    assert [len(batch) for batch in batches.of_epochs(2)] == [count, count]
