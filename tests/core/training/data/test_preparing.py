"""Rows are prepared stage by stage: counted, deterministic, and without held-out text."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from support.draining import result_of
from support.forms import formed_base

from gardener_core.code.chunks import chunk_file
from gardener_core.code.files.listing import SourceText
from gardener_core.errors import NothingToLearn
from gardener_core.evaluation.split import SourceFile, split_files
from gardener_core.events.answer import CardLine, Composed
from gardener_core.events.index import Hit
from gardener_core.events.parts import CodeSpan, Why
from gardener_core.models.chat_template import ChatTurn
from gardener_core.models.tokens import TextTokens
from gardener_core.training.data.kept.folder import PACKED, ROWS, TOKENS, RowFolder
from gardener_core.training.data.kept.report import Stage
from gardener_core.training.data.kept.row import DataRow, Segment
from gardener_core.training.data.makers.question_rows import Shown
from gardener_core.training.data.makers.replay_rows import ForeignFile
from gardener_core.training.data.mix import MIXED, mix_of, quotas
from gardener_core.training.data.packed import PackedRows
from gardener_core.training.data.preparing import DataPlan, prepare
from gardener_core.training.data.writing import pack
from gardener_core.training.retraining.lines import digest_lines


def module(n: int) -> str:
    names = [f"plant{n}", f"bed{n}", f"garden{n}"]
    return (
        f'"""Module {n} of many, with some words that only it has: {names[n % 3]}."""\n\n'
        + "".join(
            f'def {name}_{k}(tool, row):\n    """Water the {name} in row {k} with tool {n}."""\n'
            f"    for step in range({k} + row):\n        tool.pour({name!r}, step, {n * k})\n"
            f"    return tool.dry_after({n}, {k})\n\n\n"
            for k, name in enumerate(names)
        )
    )


FILES = [SourceFile(f"pkg/m{n}.py", module(n)) for n in range(40)]


class Shelf:
    """A library that quotes the doc of whatever it is asked about, from the files themselves."""

    def shown(self, question: str) -> Shown:
        symbol = next(word.strip("`?") for word in question.split() if "_" in word)
        path = next(f.path for f in FILES if f"def {symbol}(" in f.text)
        number, k = int(path[5:-3]), symbol[-1]
        doc = f"Water the {symbol[:-2]} in row {k} with tool {number}."
        lines = (CardLine("does", doc, 1, path, 3, 8, symbol),)
        hits = tuple(
            Hit(rank, f.path, 3, 8, f"other_{rank}", "function", "python", 1.0,
                Why(0, 0.0, (), 0, 0.0), f"def other_{rank}():\n    pass\n")
            for rank, f in enumerate(FILES[:3], start=1)
        )  # fmt: skip
        subject = CodeSpan(path, symbol, "function", "python", 3, 8)
        return Shown(Composed(lines, "does", "answered", 0.0, subject), hits)

    def turns(
        self, question: str, shown: Shown, count: Callable[[str], int], most: int
    ) -> tuple[ChatTurn, ...]:
        card = "\n".join(f"[{line.n}] {line.text}" for line in shown.card.lines)
        return (ChatTurn("user", f"{card}\n{question}"),)


@pytest.fixture
def plan(tmp_path: Path) -> DataPlan:
    return DataPlan(
        base=formed_base(tmp_path / "base"),
        split=split_files(FILES),
        collected=Stage("collect", "files", 41, 40, {"binary": 1}),
        left_out=(),
        mix=MIXED,
        sequence_tokens=600,
        wanted=60_000,
        library=Shelf(),
        foreign=lambda: [ForeignFile(f"lib/{n}.py", "PSF-2.0", module(900 + n)) for n in range(40)],
    )


def made(plan: DataPlan, folder: Path) -> RowFolder:
    result_of(prepare(plan, folder))
    return RowFolder(folder)


def test_the_stages_hand_on_what_they_count(plan: DataPlan, tmp_path: Path) -> None:
    rows = made(plan, tmp_path / "rows")
    report = rows.report()
    stages = {stage.name: stage for stage in report.stages}
    assert [*stages] == ["collect", "split", "clean", "format", "augment", "validate"]
    assert stages["split"].came == stages["collect"].left == 40
    assert stages["split"].left == len(plan.split.train)
    assert stages["split"].reasons["held out"] == len(plan.split.held_out)
    assert stages["validate"].came == stages["format"].left + stages["augment"].left
    assert stages["validate"].left == report.rows == len(list(rows.rows()))
    for stage in report.stages:
        told = sum(n for why, n in stage.reasons.items() if not why.endswith("hidden"))
        assert stage.came - stage.left == told
    shares = {share.share: share for share in report.shares}
    assert all(not share.missing and share.rows for share in shares.values())
    assert 0.25 < shares["answers"].tokens / report.tokens < 0.35
    generators = {row.generator for row in rows.rows()}
    assert generators == {
        "file", "fill_in", "doc", "absent", "doc_to_code", "code_to_doc", "foreign",
    }  # fmt: skip


def test_no_row_holds_anything_of_a_held_out_file(plan: DataPlan, tmp_path: Path) -> None:
    hidden = [*plan.split.held_out, *plan.split.dev]
    names = {f"plant{f.path[5:-3]}_" for f in hidden}
    assert plan.split.dev and len(hidden) >= 4
    for row in made(plan, tmp_path / "rows").rows():
        assert row.origin.path not in {file.path for file in hidden}
        assert not any(name in row.text for name in names)


def test_answers_quote_and_a_fifth_says_that_nothing_does(plan: DataPlan, tmp_path: Path) -> None:
    rows = [row for row in made(plan, tmp_path / "rows").rows() if row.share == "answers"]
    absent = [row for row in rows if row.generator == "absent"]
    assert 0.05 < len(absent) / len(rows) < 0.4
    for row in rows:
        answer = "".join(part.text for part in row.segments if part.learned and not part.special)
        shown = row.turns[0][1]
        if row.generator == "doc":
            assert answer.endswith(" [1]") and answer.removesuffix(" [1]") in shown
        else:
            assert "Water" not in shown and "other_1" in shown and "Water" not in answer


def test_the_same_plan_makes_the_same_bytes(plan: DataPlan, tmp_path: Path) -> None:
    one, other = made(plan, tmp_path / "one"), made(plan, tmp_path / "other")
    for name in (ROWS, TOKENS, PACKED):
        assert (one.path / name).read_bytes() == (other.path / name).read_bytes()


def test_packed_rows_are_the_rows(plan: DataPlan, tmp_path: Path) -> None:
    folder = made(plan, tmp_path / "rows")
    tokens = TextTokens(plan.base.folder)
    packed = PackedRows(folder.path)
    wanted = sorted((row.text, row.learned) for row in folder.rows())
    found = []
    for row in packed:
        assert len(row.tokens) <= plan.sequence_tokens + 1
        starts = [*torch.nonzero(row.positions == 0).flatten().tolist(), len(row.tokens)]
        for first, last in itertools.pairwise(starts):
            text = tokens.decode(row.tokens[first:last].tolist())
            found.append((text, int(row.learned[first:last].sum())))
    assert sorted(found) == wanted and len(packed) == folder.report().packed
    full = sum(len(row.tokens) for row in packed) / len(packed) / (plan.sequence_tokens + 1)
    assert full > 0.9


def test_shares_that_cannot_be_had_go_to_the_code_and_are_named(
    plan: DataPlan, tmp_path: Path
) -> None:
    bare = formed_base(tmp_path / "bare", chat=False, fill_in=False)
    alone = replace(
        plan, base=bare, library=None, missing={"answers": "the project is not indexed"}
    )
    report = made(alone, tmp_path / "rows").report()
    shares = {share.share: share for share in report.shares}
    assert shares["answers"].rows == 0 and shares["answers"].missing
    assert shares["code"].tokens > 0.6 * report.tokens


def test_what_a_person_brings_along_is_added(plan: DataPlan, tmp_path: Path) -> None:
    chat = DataRow("imported", "imported", DataRow.from_json(
        {"share": "imported", "generator": "imported"}).origin, (),
        turns=(("user", "who waters"), ("assistant", "The gardener does.")))  # fmt: skip
    foreign = replace(chat, turns=(), segments=(Segment("<|odd|>", True, True),))
    mine = replace(plan, imported=lambda: [chat, foreign])
    folder = made(mine, tmp_path / "rows")
    (row,) = [row for row in folder.rows() if row.share == "imported"]
    assert "The gardener does.<|im_end|>" in row.text and row.learned > 10
    reasons = next(s.reasons for s in folder.report().stages if s.name == "validate")
    assert reasons["made for another base"] == 1


def test_too_little_is_said(plan: DataPlan, tmp_path: Path) -> None:
    empty = [SourceFile(f"e{n}.py", f"x{n} = {n}\n") for n in range(8)]
    nothing = replace(plan, split=split_files(empty), library=None, foreign=tuple)
    with pytest.raises(NothingToLearn, match="0 tokens"):
        result_of(prepare(nothing, tmp_path / "rows"))
    assert not RowFolder(tmp_path / "rows").exists()


def test_quotas_follow_the_code_that_there_is() -> None:
    small = quotas(MIXED, {}, 1000, 100_000)
    assert small.tokens == {"code": 1000, "answers": 600, "docs": 200, "replay": 200}
    bare = quotas(MIXED, {"answers": "no index", "docs": "none"}, 90_000, 10_000)
    assert bare.tokens == {"code": 9000, "replay": 1000}


def test_packing_cuts_no_row_and_wastes_little() -> None:
    lengths = [7, 3, 3, 9, 1, 10, 2, 8]
    packed = pack(lengths, 10)
    assert sorted(row for rows in packed for row in rows) == list(range(8))
    assert all(sum(lengths[row] for row in rows) <= 10 for rows in packed) and len(packed) == 5


def test_an_update_reads_what_is_new_and_a_part_of_the_rest(plan: DataPlan, tmp_path: Path) -> None:
    new, *rest = plan.split.train
    known = frozenset(
        digest_lines(chunk.text)
        for file in rest
        for chunk in chunk_file(SourceText(file.path, file.text.encode(), "utf-8"))
    )
    update = replace(plan, mix=mix_of("mixed", updates=True), known=known)
    rows = list(made(update, tmp_path / "rows").rows())
    fresh = {row.origin.path for row in rows if row.share in ("code", "docs", "answers")}
    assert fresh == {new.path}
    earlier = [row for row in rows if row.share == "earlier"]
    assert earlier and new.path not in {row.origin.path for row in earlier}
    assert len(earlier) < len([row for row in made(plan, tmp_path / "all").rows()])
    everything = known | {
        digest_lines(chunk.text)
        for chunk in chunk_file(SourceText(new.path, new.text.encode(), "utf-8"))
    }
    with pytest.raises(NothingToLearn, match="is known to the adapter"):
        made(replace(update, known=everything), tmp_path / "none")
