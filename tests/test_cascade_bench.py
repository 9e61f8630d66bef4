"""`bench cascade`: the calibration is the least-squares one, and the table is of seasons that the bar has not seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.arena import cascade_bench
from fivepenny.arena.cascade_bench import NEVER_SURE, SURE_ENOUGH, bench_cascade, cascade_of, find_bar, isotonic
from fivepenny.errors import WrongUse
from fivepenny.stage import trial
from fivepenny.stage.trial import Outcome, Trial

PLACES = st.integers(0, 12).map(lambda twelfths: twelfths / 12)
POINTS = st.lists(st.tuples(PLACES, st.sampled_from([0.0, 1.0])), min_size=1, max_size=40)


def fitted(steps: list[tuple[float, float]], place: float) -> float:
    return [height for start, height in steps if start <= place][-1]


def by_means(points: list[tuple[float, float]], place: float) -> float:
    """The same by its other definition: the greatest, over left ends, of the least mean over right ends."""
    places = sorted({x for x, _ in points})

    def mean(low: float, high: float) -> float:
        inside = [value for x, value in points if low <= x <= high]
        return sum(inside) / len(inside)

    return max(min(mean(low, high) for high in places if high >= place) for low in places if low <= place)


@given(POINTS)
def test_the_steps_rise_and_are_the_least_squares_ones(points: list[tuple[float, float]]) -> None:
    steps = isotonic(points)
    heights = [height for _, height in steps]
    assert heights == sorted(heights)
    for place, _ in points:
        assert fitted(steps, place) == pytest.approx(by_means(points, place))


def outcome(sureness: float | None, regret: int) -> Outcome:
    return Outcome(sureness, regret, 10, 0.1, 0)


@given(POINTS)
def test_the_bar_is_the_least_from_which_on_a_mind_is_right_often_enough(points: list[tuple[float, float]]) -> None:
    bar = find_bar([outcome(place, int(not right)) for place, right in points])

    def rate(low: float) -> float:
        above = [right for place, right in points if place >= low]
        return sum(above) / len(above)

    places = {place for place, _ in points if place < NEVER_SURE}
    if bar < NEVER_SURE:
        assert rate(bar) >= SURE_ENOUGH
        assert all(by_means(points, place) < SURE_ENOUGH for place in places if place < bar)
    else:
        assert all(rate(place) < SURE_ENOUGH for place in places)


def test_a_mind_that_is_never_right_or_never_tells_has_no_bar() -> None:
    assert find_bar([outcome(0.99, 3), outcome(0.9, 1)]) == NEVER_SURE
    assert find_bar([outcome(None, 0)]) == NEVER_SURE


def test_the_larger_mind_has_the_last_word_where_the_small_one_is_unsure() -> None:
    small = (outcome(0.9, 0), outcome(0.2, 5), outcome(None, 5))
    larger = (outcome(None, 1), outcome(None, 2), outcome(None, 3))
    played = cascade_of(Trial(small, larger), 0.8)
    assert [[part.regret for part in turn] for turn in played] == [[0], [5, 2], [5, 3]]


def test_a_bench_of_two_house_minds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "DAYS", 4)
    monkeypatch.setattr(cascade_bench, "DAYS", 4)
    found = bench_cascade("house:quill", "house:marrow", 4)
    small, larger, both = found["table"]
    assert found["seat"] == "quill"
    assert small["turns"] == larger["turns"] == both["turns"] > 10
    assert small["calls a turn"] == 1.0 <= both["calls a turn"] <= 2.0
    assert found["reference"].startswith("cascade:[house:quill,house:marrow]@")
    asked, turns = (int(word) for word in found["larger asked"].split() if word.isdigit())
    assert both["calls a turn"] == pytest.approx(1 + asked / turns, abs=1e-3)


def test_too_few_seeds_and_a_strange_seat_are_one_line() -> None:
    with pytest.raises(WrongUse, match="--seeds"):
        bench_cascade("house:quill", "house:marrow", 3)
    with pytest.raises(WrongUse, match="--seat"):
        bench_cascade("house:quill", "house:marrow", 4, "nobody")
