"""Small first: the larger mind of a cascade is asked where the small one is not sure, and nowhere else."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.clock import Beat
from fivepenny.company.budget import SPENT, Spending
from fivepenny.company.cascade import read_cascade, shipped_bars
from fivepenny.company.cast import cast_references, open_player
from fivepenny.company.ensemble import Chair, Ensemble, Rung
from fivepenny.company.players import CuePlayer
from fivepenny.company.tape import Tape
from fivepenny.errors import MindFailed, UnknownMind, WrongUse
from fivepenny.header import Budget
from fivepenny.journal import TapeRow
from fivepenny.minds.catalogue import HOUSE_NAMES
from fivepenny.minds.meter import Price
from fivepenny.minds.mind import Completion, Mind, TokenOdds
from fivepenny.minds.scripted import Answer, ScriptedMind
from fivepenny.scenario import load_scenario
from test_ensemble import MENU, NOTHING, PRESS, Fixed, PolicyPlayer, observe

SCENARIO, _ = load_scenario("south-sea")
REFERENCE = "cascade:[house:quill,gguf:/models/big.gguf]@0.8"


def graded(text: str, sure: float) -> Completion:
    """A reply of grades whose best is as likely as this to be best."""
    grades = [int(grade) for grade in text.split()]
    best = max(grades)
    odds = []
    for grade in grades:
        other = " 0" if grade == best else " 1"
        row = ((f" {grade}", sure), (other, 1.0 - sure)) if grade == best else ((f" {grade}", 1.0),)
        odds.append(TokenOdds(f" {grade}", row))
    return Completion(text, 100, len(grades), 0.5, odds=tuple(odds))


class Table:
    """One seat with a cascade, played for a beat."""

    def __init__(
        self,
        small: Answer,
        larger: Answer,
        budget: Budget | None = None,
        rows: Mapping[tuple[int, str, str, str, int], TapeRow] | None = None,
        pool: ThreadPoolExecutor | None = None,
    ) -> None:
        self.small, self.larger = ScriptedMind([small]), ScriptedMind([larger])
        self.rows: list[TapeRow] = []
        price = Price(10, 1, 40)
        chair = Chair(
            "amber",
            CuePlayer(self.small, tells_sureness=True),
            PolicyPlayer(Fixed()),
            9,
            "small",
            {},
            price,
            Rung(CuePlayer(self.larger), "larger", price),
            0.8,
        )
        tape = Tape(dict(rows or {}))
        self.ensemble = Ensemble(3, {"amber": chair}, tape, self.rows.append, pool, Spending(budget or Budget()))

    def play(self) -> tuple[str, ...]:
        quiet = replace(MENU, options=tuple(replace(option, weight=0) for option in MENU.options))
        return self.ensemble.play(1, Beat.ADDRESS, {"amber": quiet}, observe)["amber"].phrases

    @property
    def told(self) -> list[tuple[str, int, str, str]]:
        return [(row.step, row.attempt, row.mind, row.reason) for row in self.rows]


@pytest.mark.parametrize(
    ("sure", "phrase", "asked"), [(0.95, "press birch", 0), (0.8, "press birch", 0), (0.79, "say nothing", 1)]
)
def test_the_larger_mind_is_asked_below_the_bar_alone(sure: float, phrase: str, asked: int) -> None:
    table = Table(graded(PRESS, sure), NOTHING)
    assert table.play() == (phrase,)
    assert len(table.larger.requests) == asked
    assert table.rows[0].sureness == pytest.approx(sure)
    assert [(row.attempt, row.mind) for row in table.rows] == [(1, "small"), (2, "larger")][: asked + 1]


@pytest.mark.parametrize("small", ["?", MindFailed("gone", "connection refused"), Completion(PRESS, 9, 3, 0.1)])
def test_a_small_mind_that_cannot_be_read_or_tells_nothing_passes_on(small: Answer) -> None:
    table = Table(small, NOTHING)
    assert table.play() == ("say nothing",)
    assert [row.attempt for row in table.rows] == [1, 2]


def test_where_the_larger_mind_fails_the_first_choice_stands() -> None:
    table = Table(graded(PRESS, 0.1), MindFailed("gone", "server error"))
    assert table.play() == ("press birch",)
    assert table.told == [("moves", 1, "small", ""), ("moves", 2, "larger", "no reply (server error)")]


def test_where_both_fail_the_understudy_plays() -> None:
    table = Table("?", "?")
    assert table.play() == ("thank birch",)
    assert [row.step for row in table.rows] == ["moves", "moves", "understudy"]


def test_with_nothing_left_for_the_larger_mind_the_small_one_plays_on() -> None:
    table = Table(graded(PRESS, 0.1), NOTHING, Budget(tokens=500))
    assert table.play() == ("press birch",)
    assert table.larger.requests == ()
    assert table.told == [("moves", 1, "small", ""), ("moves", 2, "larger", SPENT)]


def test_with_nothing_left_at_all_the_understudy_plays_and_nobody_is_asked() -> None:
    table = Table(graded(PRESS, 0.1), NOTHING, Budget(tokens=100))
    assert table.play() == ("thank birch",)
    assert table.small.requests == table.larger.requests == ()
    assert [(row.step, row.reason) for row in table.rows] == [("moves", SPENT), ("understudy", "")]


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_it_goes_on_from_any_point_of_the_tape_to_the_same_end(kept: int) -> None:
    whole = Table(graded(PRESS, 0.1), NOTHING)
    phrases = whole.play()
    with ThreadPoolExecutor(1) as pool:
        again = Table(graded(PRESS, 0.1), NOTHING, rows={row.key: row for row in whole.rows[:kept]}, pool=pool)
        assert again.play() == phrases
    assert len(again.small.requests) == (kept < 1)
    assert len(again.larger.requests) == (kept < 2)
    assert again.rows == whole.rows[kept:]
    assert (again.ensemble.spending.tokens, again.ensemble.spending.nanodollars) == (
        whole.ensemble.spending.tokens,
        whole.ensemble.spending.nanodollars,
    )


def test_what_was_spent_is_what_the_rows_say() -> None:
    table = Table(graded(PRESS, 0.1), NOTHING)
    table.play()
    spent = table.ensemble.spending
    assert spent.tokens == sum(row.prompt_tokens + row.completion_tokens for row in table.rows)
    assert spent.nanodollars == sum(row.cost_nanodollars or 0 for row in table.rows) > 0


# --- references ----------------------------------------------------------------------------------------------


@given(st.floats(0, 1), st.sampled_from(["house:quill", "gguf:/a b/c.gguf", "openai:http://127.0.0.1:9/v1#m:1b"]))
def test_a_cascade_is_read_as_it_is_kept(bar: float, larger: str) -> None:
    found = read_cascade(f"cascade:[house:vesper, {larger}]@{bar:.6f}")
    assert found is not None
    assert (found.small, found.larger, found.unsure_below) == ("house:vesper", larger, pytest.approx(bar, abs=1e-4))
    assert read_cascade(found.reference) == found


def test_what_is_no_cascade_is_none_of_ours() -> None:
    assert read_cascade("house:quill") is None
    assert read_cascade("openai:http://127.0.0.1/v1#cascade:[a,b]") is None


@pytest.mark.parametrize(
    "reference",
    ["cascade:", "cascade:[]", "cascade:[house:quill]", "cascade:[house:quill,house:brock,house:tansy]@0.5",
     "cascade:[house:quill,null]@0.5", "cascade:[understudy:quill,house:brock]@0.5", "cascade:[house:quill,]@0.5",
     "cascade:[house:quill,house:brock]@1.5", "cascade:[house:quill,house:brock]@x", "cascade:house:quill,house:brock",
     "cascade:[gguf:/nobody.gguf,house:brock]", "cascade:[cascade:[a,b]@0.1,house:brock]@0.5"],
)  # fmt: skip
def test_a_bad_cascade_is_one_line(reference: str) -> None:
    with pytest.raises(UnknownMind) as error:
        cast_references(None, [f"quill={reference}"], SCENARIO)
    assert "\n" not in str(error.value)


def test_the_bar_of_a_house_mind_is_known() -> None:
    assert set(shipped_bars()) == {f"house:{name}" for name in HOUSE_NAMES}
    cast = cast_references(None, ["quill=cascade:[house:quill,touring:qwen3-0.6b]"], SCENARIO)
    found = read_cascade(cast["quill"])
    assert found is not None
    assert found.larger.startswith("hf://")
    assert found.unsure_below == shipped_bars()["house:quill"]


def test_a_small_mind_that_tells_no_probabilities_is_refused() -> None:
    seat = SCENARIO.seats[0]
    mute: dict[str, Mind] = {"gguf:/x.gguf": ScriptedMind([" 0"])}
    with pytest.raises(WrongUse, match="how likely"):
        open_player("gguf:/x.gguf", seat, mute, tells_sureness=True)
    broken: dict[str, Mind] = {"gguf:/x.gguf": ScriptedMind([])}
    with pytest.raises(WrongUse, match="small mind"):
        open_player("gguf:/x.gguf", seat, broken, tells_sureness=True)
