"""Learn what questions ask for, from written questions.

Run as: python tools/grow_question_kinds.py
It shows how many are right when a tenth is left out, and writes the weights of all of them.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from gardener_core.answers.card.kinds import DATA, KINDS, STEPS, KindModel, grams_of
from gardener_core.events.answer import QuestionKind

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tools" / "question_kinds" / "training.tsv"
WEIGHTS = ROOT / "core" / "gardener_core" / "answers" / "card" / DATA
FOLDS = 10
FEWEST = 1  # questions with an n-gram; to leave out those of one question costs 0.01
DESCENTS = 1500
RATE = 1.0
DECAY = 0.02
Labelled = tuple[QuestionKind, str]


def main() -> None:
    """Cross-validate, then learn from all questions and write the weights."""
    questions = read_questions(QUESTIONS)
    order = np.random.default_rng(1).permutation(len(questions))
    right = 0
    for fold in range(FOLDS):
        left_out = set(order[fold::FOLDS].tolist())
        model = learn([each for at, each in enumerate(questions) if at not in left_out])
        right += sum(model.kind_of(text) == kind for kind, text in
                     (questions[at] for at in left_out))  # fmt: skip
    print(f"{len(questions)} questions, {right / len(questions):.3f} right where left out")
    model = learn(questions)
    raw = model.to_bytes()
    WEIGHTS.parent.mkdir(exist_ok=True)
    WEIGHTS.write_bytes(raw)
    print(f"{len(model.rows)} n-grams, {len(raw)} bytes: {WEIGHTS}")


def read_questions(path: Path) -> list[Labelled]:
    """The questions of a file, a kind and a question a line."""
    rows = (line.split("\t", 1) for line in path.read_text("utf-8").splitlines())
    return [(cast(QuestionKind, kind), text) for kind, text in rows]


def learn(questions: Sequence[Labelled]) -> KindModel:
    """Logistic regression by gradient descent with decay."""
    counts = Counter(gram for _, text in questions for gram in set(grams_of(text)))
    kept = sorted(gram for gram, count in counts.items() if count >= FEWEST)
    rows = {gram: row for row, gram in enumerate(kept)}
    inputs = np.zeros((len(questions), len(rows)), np.float32)
    wanted = np.zeros((len(questions), len(KINDS)), np.float32)
    for at, (kind, text) in enumerate(questions):
        inputs[at, [rows[gram] for gram in set(grams_of(text)) if gram in rows]] = 1.0
        wanted[at, KINDS.index(kind)] = 1.0
    weights, bias = _descend(inputs, wanted)
    step = float(np.abs(weights).max()) / STEPS
    return KindModel(
        rows, np.rint(weights / step).astype(int).ravel().tolist(), step, tuple(bias.tolist())
    )


def _descend(
    inputs: NDArray[np.float32], wanted: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    weights = np.zeros((inputs.shape[1], wanted.shape[1]), np.float32)
    bias = np.zeros(wanted.shape[1], np.float32)
    for _ in range(DESCENTS):
        scores = inputs @ weights + bias
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        error = (likely - wanted) / len(inputs)
        weights -= RATE * (inputs.T @ error + DECAY / len(inputs) * weights)
        bias -= RATE * error.sum(axis=0)
    return weights, bias


if __name__ == "__main__":
    main()
