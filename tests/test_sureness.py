"""How sure a mind was: the probability of its own choice, of those that the constraint leaves."""

import json
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.company.sureness import grade_sureness, reply_sureness
from fivepenny.minds.mind import TokenOdds
from fivepenny.world import Menu, Option

SHARES = st.lists(st.floats(0.01, 1.0), min_size=10, max_size=10)
MENU = Menu("amber", tuple(Option(phrase, phrase) for phrase in ("buy rye", "buy coal", "hold")), "hold", 2)


def grade_odds(rows: list[list[float]], noise: float = 0.0) -> list[TokenOdds]:
    """A reply of the likeliest grades, with as much probability again on what no grade can be."""
    places = []
    for row in rows:
        odds = [(f" {grade}", share) for grade, share in enumerate(row)]
        best = max(range(10), key=row.__getitem__)
        places.append(TokenOdds(f" {best}", (*odds, (" rye", noise), ("", noise))))
    return places


def by_enumeration(rows: list[list[float]]) -> float:
    """The same by trying every combination of grades."""
    scaled = [[share / sum(row) for share in row] for row in rows]
    drawn = [max(range(10), key=row.__getitem__) for row in rows]
    best = drawn.index(max(drawn))
    total = 0.0
    for grades in product(range(10), repeat=len(rows)):
        if grades[best] == max(grades):
            chance = 1.0
            for row, grade in zip(scaled, grades, strict=True):
                chance *= row[grade]
            total += chance
    return total


@given(st.lists(SHARES, min_size=1, max_size=3), st.floats(0, 5))
def test_the_sureness_of_grades_is_that_of_every_combination(rows: list[list[float]], noise: float) -> None:
    assert grade_sureness(grade_odds(rows, noise), len(rows)) == pytest.approx(by_enumeration(rows))


@given(st.lists(SHARES, min_size=1, max_size=9))
def test_a_sureness_is_a_probability(rows: list[list[float]]) -> None:
    sureness = grade_sureness(grade_odds(rows), len(rows))
    assert sureness is not None
    assert 0.0 < sureness <= 1.0 + 1e-9


def test_one_who_sees_no_other_grade_is_sure_and_one_who_sees_all_alike_is_not() -> None:
    sure = [[float(grade == best) for grade in range(10)] for best in (7, 2, 4)]
    assert grade_sureness(grade_odds(sure), 3) == pytest.approx(1.0)
    alike = [[1.0] * 10] * 5
    assert (grade_sureness(grade_odds(alike), 5) or 1.0) < 0.4


@pytest.mark.parametrize(
    ("odds", "options"),
    [
        ([], 2),
        (grade_odds([[1.0] * 10]), 2),
        (grade_odds([[1.0] * 10] * 3), 2),
        ([TokenOdds(" 4", ()), TokenOdds(" 5", ((" 5", 1.0),))], 2),
        ([TokenOdds(" 4", ((" rye", 1.0),)), TokenOdds(" 5", ((" 5", 1.0),))], 2),
    ],
)
def test_where_not_each_grade_was_told_nothing_is_known(odds: list[TokenOdds], options: int) -> None:
    assert grade_sureness(odds, options) is None


def reply_odds(pieces: list[tuple[str, dict[str, float]]]) -> list[TokenOdds]:
    return [TokenOdds(text, ((text, others.get(text, 0.5)), *((o, p) for o, p in others.items() if o != text)))
            for text, others in pieces]  # fmt: skip


def test_only_what_may_stand_there_counts_against_a_phrase() -> None:
    odds = reply_odds(
        [
            ('{"moves":["', {}),
            ("buy", {"buy": 0.2, "hold": 0.1, "sell": 0.6, "}": 0.1}),
            (" rye", {" rye": 0.3, " coal": 0.1, " tin": 0.5}),
            ('"],"say":"', {}),
            ("rye", {"rye": 0.01}),
            ('","aside":""}', {}),
        ]
    )
    assert reply_sureness(odds, MENU) == pytest.approx(0.2 / 0.3 * 0.3 / 0.4)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=40), st.sampled_from(MENU.phrases))
def test_a_phrase_without_alternatives_is_sure_however_it_is_cut(cuts: list[int], phrase: str) -> None:
    text = json.dumps({"moves": [phrase], "say": "", "aside": ""}, separators=(",", ":"))
    pieces, start = [], 0
    for cut in [*cuts, len(text)]:
        if text[start : start + cut]:
            pieces.append((text[start : start + cut], {text[start : start + cut]: 0.001}))
        start += cut
    assert reply_sureness(reply_odds(pieces), MENU) == pytest.approx(1.0)


@pytest.mark.parametrize("text", ["", "buy rye", '{"moves":[]}', '{"moves":["buy tin"]}', '{"say":["x"]}'])
def test_a_reply_that_begins_with_no_move_of_the_menu_has_no_sureness(text: str) -> None:
    assert reply_sureness([TokenOdds(text, ((text, 1.0),))], MENU) is None


def test_a_token_that_was_not_told_leaves_it_open() -> None:
    odds = [TokenOdds('{"moves":["', ()), TokenOdds("hold", (("buy", 0.9),)), TokenOdds('"]', ())]
    assert reply_sureness(odds, MENU) is None
