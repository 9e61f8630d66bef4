"""The arena's first benches: measures against seasons made by hand, intervals against the printed tables."""

import sys
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny import happenings as hap
from fivepenny.arena import engine_bench
from fivepenny.arena.auction_bench import bench_auction
from fivepenny.arena.books_bench import bench_books
from fivepenny.arena.engine_bench import TimedMind, bench_engine, null_mind, union_seconds
from fivepenny.arena.intervals import Interval, mean_interval, student_quantile, student_within
from fivepenny.arena.measures import gini, measure_season, price_range, rank_reversals
from fivepenny.arena.season_bench import bench_season
from fivepenny.clock import Beat
from fivepenny.errors import MindFailed, MissingPart, UnknownMind, WrongUse
from fivepenny.events import Body, Event
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.minds.catalogue import FileState, MindRow
from fivepenny.minds.mind import Request, Task, Wording
from fivepenny.minds.scripted import ScriptedMind
from fivepenny.stage.rehearsal import rehearse
from seasons import play_company, scripted_mind

SEATS = ("amber", "birch", "cedar")


def logged(*days: list[Body]) -> list[Event]:
    """Public events of these bodies, day after day."""
    opening: Body = hap.SeasonOpened(1, "small", SEATS, ("rye", "coal"), (10, 20))
    numbered = [(day, body) for day, bodies in enumerate(days, 1) for body in bodies]
    return [Event(n, day, Beat.DUSK, ("*",), body) for n, (day, body) in enumerate([(1, opening), *numbered], 1)]


def cleared(good: str, price_pence: int | None, volume: int) -> hap.Cleared:
    return hap.Cleared(good, price_pence, volume, (), (), (), ())


def closed(*worths_pence: int) -> hap.DayClosed:
    return hap.DayClosed(SEATS, (0, 0, 0), worths_pence)


# --- measures --------------------------------------------------------------------------------------------------


def test_the_measures_of_a_season_made_by_hand() -> None:
    found = measure_season(
        logged(
            [cleared("rye", 10, 4), cleared("coal", None, 0), closed(300, 200, 100)],
            [cleared("rye", 20, 2), cleared("coal", 8, 3), closed(200, 300, 100)],
            [cleared("rye", None, 0), cleared("coal", None, 0), hap.Ruined("cedar"), closed(200, 300, -50)],
            [hap.Defaulted(1, "amber", "cedar", 5, 7), hap.Ruined("birch"), closed(600, 0, -50)],
        )
    )
    assert found["days with trade: any good"] == 0.5
    assert (found["days with trade: rye"], found["days with trade: coal"]) == (0.5, 0.25)
    assert (found["volume a day: rye"], found["volume a day: coal"]) == (1.5, 0.75)
    assert found["price range: rye"] == pytest.approx(19.5 / 10.5)
    assert found["price range: coal"] is None
    assert found["rank reversals"] == 2
    assert found["Gini change"] == pytest.approx(2 / 3 - 2 / 9)
    assert (found["ruined by the end"], found["earliest ruin"], found["defaults"]) == (1, 3, 1)


def test_a_season_without_ruin_has_no_earliest_ruin() -> None:
    found = measure_season(logged([closed(1, 1, 1)]))
    assert (found["ruined by the end"], found["earliest ruin"]) == (0, None)


def test_a_season_of_which_no_day_was_closed_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="closed"):
        measure_season(logged([]))


@pytest.mark.parametrize(
    ("worths", "coefficient"),
    [((5, 5, 5), 0.0), ((9, 0, 0), 2 / 3), ((9, -4, -5), 2 / 3), ((-1, -2, -3), 0.0), ((0, 0, 0), 0.0), ((1, 3), 0.25)],
)
def test_the_gini_coefficient(worths: tuple[int, ...], coefficient: float) -> None:
    assert gini(worths) == pytest.approx(coefficient)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=9), st.integers(1, 50))
def test_the_gini_coefficient_keeps_its_bounds_and_knows_no_unit(worths: list[int], factor: int) -> None:
    assert 0 <= gini(worths) <= 1 - 1 / len(worths) + 1e-12
    assert gini([worth * factor for worth in worths]) == pytest.approx(gini(worths))
    assert gini(worths[::-1]) == pytest.approx(gini(worths))


@given(st.lists(st.integers(1, 10**6), min_size=2, max_size=40))
def test_a_price_range_is_at_least_one(prices: list[int]) -> None:
    found = price_range(prices)
    assert found is not None
    assert 1 <= found <= max(prices) / min(prices)


def test_equal_worths_keep_the_order_of_the_seats() -> None:
    assert rank_reversals([closed(5, 5, 1), closed(7, 7, 1), closed(6, 7, 1)]) == 1


# --- intervals -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("freedom", "printed"), [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (30, 2.042), (120, 1.980)]
)
def test_the_quantiles_are_those_of_the_printed_tables(freedom: int, printed: float) -> None:
    assert student_quantile(freedom) == pytest.approx(printed, abs=6e-4)


@given(st.floats(0.01, 15), st.integers(1, 60))
def test_the_distribution_rises_with_t_and_with_the_degrees_of_freedom(t: float, freedom: int) -> None:
    within = student_within(t, freedom)
    assert 0 <= within <= 1 + 1e-12
    assert within <= student_within(t + 0.5, freedom) + 1e-12
    assert within <= student_within(t, freedom + 1) + 1e-12


def test_an_interval_is_students() -> None:
    values = [1.0, 2.0, 4.0, 9.0, 4.0]
    found = mean_interval(values)
    margin = 2.776 * stdev(values) / 5**0.5
    assert found.mean == fmean(values)
    assert found.low == pytest.approx(fmean(values) - margin, abs=1e-3)
    assert found.high == pytest.approx(fmean(values) + margin, abs=1e-3)


def test_too_few_values_have_no_interval() -> None:
    assert mean_interval([]) == Interval(None, None, None, 0)
    assert mean_interval([3.0]) == Interval(3.0, None, None, 1)
    assert mean_interval([3.0]).overlaps(mean_interval([1.0, 2.0])) is None
    with pytest.raises(ValueError, match="finite"):
        mean_interval([1.0, float("nan")])


def test_intervals_overlap_where_they_share_a_value() -> None:
    assert Interval(1, 0, 2, 9).overlaps(Interval(3, 2, 4, 9)) is True
    assert Interval(1, 0, 2, 9).overlaps(Interval(4, 3, 5, 9)) is False


# --- benches ---------------------------------------------------------------------------------------------------


def test_a_rehearsal_is_the_season_that_a_file_holds(tmp_path: Path) -> None:
    with SeasonFile.open(play_company(tmp_path / "season.db", 4, 5, "understudies")) as file:
        assert rehearse(4, 5, "understudies").events == tuple(file.events())
    assert not IN_MEMORY.exists()


def test_bench_season_sets_every_measure_beside_the_null() -> None:
    found = bench_season(3, "understudies", 6)
    rows = {row["measure"]: row for row in found["table"]}
    assert found["seeds"] == 3
    for row in rows.values():
        assert len(row) == 9
        if row["low"] is not None:
            assert row["low"] <= row["mean"] <= row["high"]
    share = rows["days with trade: any good"]
    assert 0 < share["mean"] <= 1
    assert {row["null does as well"] for row in rows.values()} <= {
        "yes", "no, it is lower", "no, it is higher", "cannot be said",
    }  # fmt: skip
    assert bench_season(3, "understudies", 6) == found


def test_the_null_does_as_well_as_itself() -> None:
    rows = bench_season(2, "null", 4)["table"]
    assert {row["null does as well"] for row in rows} <= {"yes", "cannot be said"}


def test_bench_season_names_an_unknown_company() -> None:
    with pytest.raises(UnknownMind):
        bench_season(1, "nobody", 2)


@pytest.mark.parametrize(
    ("spans", "seconds"),
    [([], 0), ([(0, 1), (2, 3)], 2), ([(0, 3), (1, 2)], 3), ([(1, 4), (0, 2), (6, 7)], 5), ([(0, 1), (0, 1)], 1)],
)
def test_time_in_which_several_calls_ran_counts_once(spans: list[tuple[float, float]], seconds: float) -> None:
    assert union_seconds(spans) == seconds


def test_a_timed_mind_keeps_the_interval_of_a_failed_call() -> None:
    spans: list[tuple[float, float]] = []
    mind = TimedMind(ScriptedMind(["yes"]), spans)
    request = Request(Task.SPEAK, "", "prompt", 4, None, 1, 0.0)
    assert mind.complete(request).text == "yes"
    with pytest.raises(MindFailed):
        mind.complete(request)
    assert len(spans) == 2
    assert all(start <= end for start, end in spans)


def test_bench_engine_says_which_models_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(
        MindRow(f"house:{name}", name, "", "", 0, "", 0, Wording.CUE, state)
        for name, state in (("marrow", FileState.THERE), ("quill", FileState.MISSING), ("brock", FileState.BROKEN))
    )
    monkeypatch.setattr(engine_bench, "list_minds", lambda: rows)
    with pytest.raises(MissingPart, match="quill, brock"):
        bench_engine(1)


def check_engine_table(found: dict[str, Any], days: int) -> None:
    """Three companies, each with its decisions; only models take time inside the engine."""
    rows = {row["players"]: row for row in found["table"]}
    assert list(rows) == ["house models", "null mind", "understudies"]
    assert all(row["decisions"] > 0 and row["seconds"] > 0 for row in rows.values())
    assert rows["house models"]["calls"] >= rows["house models"]["decisions"]
    assert 0 < rows["house models"]["share inside llama.cpp"] <= 1
    assert rows["null mind"]["share inside llama.cpp"] == rows["understudies"]["calls"] == 0
    assert found["days"] == days
    assert all(ratio > 0 for ratio in found["ratios"].values())
    assert list(found["understudy days a second, by characters"]) == ["5", "10"]
    costs = found["milliseconds a character's day, by characters"]
    growth = found["ratios"]["cost of a character's day, largest table to smallest"]
    assert growth == pytest.approx(costs["10"] / costs["5"], rel=0.01)
    assert (found["forks"]["copies"], found["forks"]["days of each"]) == (2, days)
    assert found["forks"]["seconds"] > 0 < found["forks"]["seconds in a row"]


@pytest.fixture
def small_crowds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tables at most, two copies, once."""
    for name, value in {"TABLES": (1, 2), "RUNS": 1, "COPIES": 2, "FROM_DAY": 3}.items():
        monkeypatch.setattr(engine_bench, name, value)


@pytest.mark.usefixtures("small_crowds")
def test_bench_engine_with_scripted_minds_in_the_models_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_bench, "list_minds", tuple)
    monkeypatch.setattr(engine_bench, "seat_mind", scripted_mind)
    check_engine_table(bench_engine(1, 3), 3)


@pytest.mark.usefixtures("small_crowds")
def test_bench_engine_with_the_house_models() -> None:
    check_engine_table(bench_engine(1, 2), 2)


def test_the_null_mind_grades_every_option() -> None:
    mind = null_mind("house:quill")
    request = Request(Task.GRADE, "", "", 14, None, sys.maxsize, 0.0)
    digits = mind.complete(request).text.split()
    assert len(digits) == 7
    assert all(len(digit) == 1 and digit.isdigit() for digit in digits)
    assert mind.complete(Request(Task.SPEAK, "", "", 48, None, 5, 0.0)).text == ""


def test_bench_books_counts_what_the_workload_did() -> None:
    found = bench_books(300, 2)
    worlds, ledgers = found["tables"]["the world"], found["tables"]["the ledger alone"]
    assert [row["seed"] for row in worlds] == [row["seed"] for row in ledgers] == [1, 2]
    assert sum(row["moves"] for row in worlds) == sum(row["sent"] for row in found["tables"]["moves by kind"]) == 600
    assert sum(row["refused by name"] for row in worlds) == sum(
        row["times"] for row in found["tables"]["refusals by name"]
    )
    for row in ledgers:
        assert row["posted"] + row["refused"] == row["batches"] == 15
    assert worlds[0]["digest"] != worlds[1]["digest"]
    assert (found["breaches"], found["first breaches"]) == (0, [])


def test_bench_auction_states_the_null_players_efficiency() -> None:
    rows = bench_auction(40)["table"]
    assert all(0 < row["low"] <= row["efficiency"] <= row["high"] <= 1.05 for row in rows)
    by_calls = {(row["traders a side"], row["auctions in a row"]): row["efficiency"] for row in rows}
    assert by_calls[5, 8] > by_calls[5, 1]
    with pytest.raises(WrongUse):
        bench_auction(1)
