"""A course says when to halve the rate, when to end, and which step was the best."""

from gardener_core.training.course import Course


def after(*bits: float) -> Course:
    """A course with these points, a step apart; the first one is the base's."""
    course = Course()
    for point in bits:
        course = course.scored(point).stepped(skipped=False)
    return course


def test_the_best_step_is_the_lowest_point() -> None:
    course = after(1.0, 0.9, 0.8, 0.85, 0.81)
    assert (course.best_step, course.best_bits, course.misses) == (2, 0.8, 2)
    assert not course.has_plateaued
    assert after(1.0, 0.9, 0.8, 0.85, 0.81, 0.8).has_plateaued  # as low as the best is not lower


def test_a_rate_that_makes_all_worse_is_halved_once() -> None:
    course = after(1.0, 1.1, 1.2)
    assert course.must_halve
    again = course.restarted()
    assert (again.step, again.rate_factor, again.best_bits, again.misses) == (0, 0.5, 1.0, 0)
    assert (
        not again.stepped(skipped=False).scored(1.1).stepped(skipped=False).scored(1.2).must_halve
    )
    assert not after(1.0, 0.99, 1.2, 1.3).must_halve
    assert not after(1.0, 1.1, 0.99).must_halve
    assert not after(1.0, 1.001, 1.002).must_halve, "a few files differ by so much by chance"


def test_time_is_added_up_and_survives_the_restart() -> None:
    course = after(1.0, 1.1, 1.2).measured(2.0, 3.0, 700).measured(1.0, 1.5, 600)
    again = course.restarted()
    for one in (course, again):
        assert (one.taken, one.seconds, one.cpu_seconds, one.peak_bytes) == (3, 3.0, 4.5, 700)
