"""CodeBLEU knows syntax and data flow, and only of two languages."""

from gardener_core.evaluation.measuring.codebleu import bleu_4, code_bleu

EXPECTED = "total = add(first, second)\nreturn total"


def test_the_same_code_is_one_and_nothing_is_nothing() -> None:
    assert code_bleu("python", EXPECTED, EXPECTED) == 1.0
    assert bleu_4(EXPECTED, EXPECTED) == 1.0 and bleu_4("", EXPECTED) == 0.0


def test_other_names_keep_shape_and_flow() -> None:
    renamed = code_bleu("python", "x = plus(a, b)\nreturn x", EXPECTED)
    other = code_bleu("python", "while True:\n    pass", EXPECTED)
    assert renamed is not None and other is not None and renamed > 0.45 > other
    assert bleu_4("x = plus(a, b)\nreturn x", EXPECTED) < renamed


def test_a_flow_from_the_wrong_variable_costs() -> None:
    right = code_bleu("python", "a = 1\nb = a\nc = b", "a = 1\nb = a\nc = b")
    wrong = code_bleu("python", "a = 1\nb = a\nc = a", "a = 1\nb = a\nc = b")
    assert right is not None and wrong is not None and wrong < right


def test_javascript_is_counted_and_others_are_not() -> None:
    assert code_bleu("javascript", "const a = f(b);", "const a = f(b);") == 1.0
    assert code_bleu("go", "a := f(b)", "a := f(b)") is None
