"""What must not be learned is left out, with the reason, and people may overrule."""

from gardener_core.evaluation.split import SourceFile
from gardener_core.training.data.cleaning import Cleaner, CleanFile
from gardener_core.training.data.near_copies import NearCopies

BODY = "".join(f"    total = total + weigh(basket, {number}) * {number}\n" for number in range(9))
FUNCTION = "def price(basket):\n    total = 0\n" + BODY + "    return total\n"
OTHER = "def label(basket):\n    return 'a basket of ' + str(len(basket)) + ' things, not more'\n"


def cleaned(text: str, choices: dict[tuple[str, str], bool] | None = None, held_out: str = ""):
    copies = NearCopies()
    copies.add(held_out)
    cleaner = Cleaner(copies, choices or {})
    return cleaner, cleaner.clean(SourceFile("shop.py", text))


def learned(file: CleanFile | None) -> str:
    assert file is not None
    return "".join(file.text[start:end] for start, end in file.runs)


def test_the_header_of_a_licence_goes_and_other_comments_stay() -> None:
    header = "#!/usr/bin/env python\n# Copyright 2020 Somebody\n# MIT License\n\n"
    cleaner, file = cleaned(header + OTHER)
    assert learned(file) == OTHER
    assert cleaner.tally.reasons["licence"] == 1
    assert learned(cleaned("# What a basket costs\n" + OTHER)[1]).startswith("# What")


def test_the_text_of_a_licence_is_not_learned() -> None:
    for name in ("LICENSE", "docs/licence.md", "COPYING.txt", "LICENSE-MIT"):
        cleaner = Cleaner(NearCopies(), {})
        assert cleaner.clean(SourceFile(name, FUNCTION)) is None
        assert cleaner.items[0].reason == "licence"
    assert Cleaner(NearCopies(), {}).clean(SourceFile("licensing.py", FUNCTION))


def test_addresses_of_people_are_hidden() -> None:
    cleaner, file = cleaned("# ask jane.doe@corp.internal about it\n" + OTHER)
    assert "jane" not in learned(file) and "[address]" in learned(file)
    assert cleaner.tally.reasons["addresses hidden"] == 1


def test_a_symbol_that_nearly_stands_in_a_held_out_file_is_left_out() -> None:
    copied = FUNCTION.replace("return total", "return cost")
    cleaner, file = cleaned(FUNCTION + "\n\n" + OTHER, held_out=copied)
    assert "def price" not in learned(file) and "def label" in learned(file)
    (item,) = [item for item in cleaner.items if item.reason == "copy of held-out code"]
    assert (item.symbol, item.accepted, item.start_line) == ("price", False, 1)
    wanted = {("shop.py", "price"): True}
    assert "def price" not in learned(cleaned(FUNCTION + OTHER, wanted, copied)[1]), "never"


def test_what_repeats_is_learned_once() -> None:
    copies = NearCopies()
    cleaner = Cleaner(copies, {})
    first = cleaner.clean(SourceFile("a.py", FUNCTION))
    assert first and cleaner.clean(SourceFile("b.py", FUNCTION)) is None
    assert cleaner.tally.reasons["repeated"] == 1


def test_a_person_rejects_a_file_or_a_symbol_and_accepts_a_small_one() -> None:
    cleaner, file = cleaned(FUNCTION + "\n\n" + OTHER, {("shop.py", "label"): False})
    assert "def label" not in learned(file) and "def price" in learned(file)
    assert [item.symbol for item in cleaner.items if item.reason == "rejected by you"] == ["label"]
    assert cleaned(FUNCTION, {("shop.py", ""): False})[1] is None
    assert cleaned("x = 1\n")[1] is None
    assert learned(cleaned("x = 1\n", {("shop.py", ""): True})[1]) == "x = 1\n"
