"""Rows hold the text of the project, and loss stands where it belongs."""

import random
from pathlib import Path

import pytest
from support.forms import form_of, formed_base

from gardener_core.code.chunks import parse_and_cut
from gardener_core.code.files.listing import SourceText
from gardener_core.models.chat_template import ChatTurn
from gardener_core.training.data.cleaning import CleanFile
from gardener_core.training.data.kept.row import DataRow
from gardener_core.training.data.makers.code_rows import file_rows, fill_in_rows
from gardener_core.training.data.makers.doc_rows import code_to_doc_rows, doc_to_code_rows
from gardener_core.training.data.makers.forms import BaseForm
from gardener_core.training.data.makers.replay_rows import ForeignFile, foreign_rows

DOC = '    """Weigh every thing in a basket, größer first."""\n'
HEAD = '"""Baskets, and what they weigh; a module of a shop."""\n\nimport scales\n\n' + "# -\n" * 60
TEXT = HEAD + "".join(
    f"def weigh_{n}(basket):\n{DOC.replace('every', f'each {n} and every')}"
    f"    heavy = sorted(basket, key=scales.weigh_{n})\n    return sum(heavy)\n\n\n"
    for n in range(6)
)


@pytest.fixture
def form(tmp_path: Path) -> BaseForm:
    return form_of(formed_base(tmp_path / "base"))


@pytest.fixture
def file() -> CleanFile:
    return clean(TEXT)


def clean(text: str) -> CleanFile:
    parsed = parse_and_cut(SourceText("shop.py", text.encode(), "utf-8"))
    cuts, at = [], 0
    for chunk in parsed.chunks:
        cuts.append(at)
        at += len(chunk.text)
    definitions = parsed.parsed.definitions
    return CleanFile("shop.py", text, "python", ((0, len(text)),), tuple(cuts), definitions)


def learned(row: DataRow) -> str:
    return "".join(part.text for part in row.segments if part.learned and not part.special)


def read(row: DataRow) -> str:
    return "".join(part.text for part in row.segments if not part.learned and not part.special)


def test_the_pieces_of_a_file_are_the_file_and_fit(file: CleanFile, form: BaseForm) -> None:
    rows = list(file_rows(file, form, 400, "abc"))
    assert "".join(map(learned, rows)) == TEXT and len(rows) > 3
    assert all(read(row) == "shop.py\n" for row in rows)
    assert all(len(form.encoded(row.segments)[1]) <= 400 for row in rows)
    ends = [row.segments[-1] for row in rows]
    assert ends[-1].special and ends[-1].learned and not ends[0].special
    assert any(learned(row).startswith("def weigh") for row in rows[1:]), "cut at symbols"
    lines = TEXT.splitlines()
    for row in rows:
        span = "\n".join(lines[row.origin.start_line - 1 : row.origin.end_line])
        assert learned(row).strip("\n") in span and row.origin.commit == "abc"


def test_a_hole_is_a_scope_whose_end_is_learned(file: CleanFile, form: BaseForm) -> None:
    rows = list(fill_in_rows(file, form, 900, "", random.Random(1)))
    assert len(rows) == 6
    for row in rows:
        names = [part.text for part in row.segments if part.special]
        assert names == ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|endoftext|>"]
        _, before, _, after, _, middle, end = row.segments
        assert before.text + middle.text + after.text in TEXT and middle.learned and end.learned
        assert middle.text.endswith("return sum(heavy)\n") and not after.learned
        assert len(form.encoded(row.segments)[1]) <= 900
    assert {row.segments[5].text.startswith("def") for row in rows} == {True, False}


def test_docs_and_code_ask_for_each_other(file: CleanFile, form: BaseForm, tmp_path: Path) -> None:
    to_code = list(doc_to_code_rows(file, form, ""))
    assert len(to_code) == 6
    assert read(to_code[0]).endswith('größer first."""') and "sorted" in learned(to_code[0])
    assert read(to_code[0]).startswith("shop.py\ndef weigh_0")
    to_doc = list(code_to_doc_rows(file, form, ""))
    assert learned(to_doc[1]) == '"""Weigh each 1 and every thing in a basket, größer first."""'
    assert (to_doc[1].origin.symbol, to_doc[1].origin.path) == ("weigh_1", "shop.py")
    plain = form_of(formed_base(tmp_path / "asked", fill_in=False))
    asked = list(code_to_doc_rows(file, plain, ""))[1]
    assert learned(asked) == "Weigh each 1 and every thing in a basket, größer first."
    assert "Weigh" not in read(asked) and asked.turns[0][0] == "user"
    bare = form_of(formed_base(tmp_path / "bare", fill_in=False, chat=False))
    assert list(code_to_doc_rows(file, bare, "")) == []


def test_a_comment_above_an_export_is_a_doc_too(form: BaseForm) -> None:
    text = (
        "import { beds } from './beds.js';\n\n/**\n * Water every bed that is dry by now.\n */\n"
        "export function water(tool) {\n  return beds.filter((bed) => tool.dry(bed));\n}\n"
    )
    parsed = parse_and_cut(SourceText("beds.js", text.encode(), "utf-8"))
    file = CleanFile(
        "beds.js", text, "javascript", ((0, len(text)),), (0,), parsed.parsed.definitions
    )
    (to_code,) = doc_to_code_rows(file, form, "")
    assert read(to_code).endswith("export function water(tool) {\n") and "* Water" in read(to_code)
    assert learned(to_code).strip().startswith("return") and to_code.origin.start_line == 3
    (to_doc,) = code_to_doc_rows(file, form, "")
    assert learned(to_doc).startswith("/**") and "export function" in read(to_doc)


def test_a_conversation_is_in_the_form_of_the_base(form: BaseForm) -> None:
    turns = [ChatTurn("user", "what <|im_end|> ends?"), ChatTurn("assistant", "This. [1]")]
    segments, ids = form.encoded(form.chat(turns))
    assert "".join(part.text for part in segments) == (
        "<|im_start|>user\nwhat <|im_end|> ends?<|im_end|>\n<|im_start|>assistant\n"
        "This. [1]<|im_end|>"
    )
    assert [part.text for part in segments if part.learned] == ["This. [1]", "<|im_end|>"]
    assert ids.count(form.tokens.special("<|im_end|>") or -1) == 2, "what is said is no token"
    assert sum(len(part.ends) for part in segments) == len(ids)


def test_foreign_code_is_named_with_its_licence(form: BaseForm) -> None:
    files = [ForeignFile("lib/odd.py", "PSF-2.0", TEXT), ForeignFile("lib/empty.py", "PSF", "\n")]
    (row,) = foreign_rows(files, form, 200)
    assert learned(row) in TEXT and row.origin.licence == "PSF-2.0"
    assert TEXT.splitlines()[row.origin.start_line - 1] == learned(row).splitlines()[0]
    assert len(form.encoded(row.segments)[1]) <= 200
