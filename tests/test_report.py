"""The report of a season: its sums are those of the tape, and a mind's card needs no engine."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.journal import TapeRow
from fivepenny.minds.gguf import read_head
from fivepenny.minds.mind import MindCard, Wording
from fivepenny.stage.report import card_on_file, refusals_by_cause, usage_by

ROWS = st.builds(
    TapeRow,
    day=st.integers(1, 9),
    beat=st.just("address"),
    seat=st.sampled_from(["brock", "tansy"]),
    step=st.sampled_from(["moves", "line", "understudy"]),
    attempt=st.just(1),
    task=st.just("grade"),
    mind=st.just("house:brock"),
    system=st.just(""),
    prompt=st.just(""),
    raw=st.just(""),
    failure=st.sampled_from(["", "", "no reply: gone"]),
    verdict=st.sampled_from(["clean", "refused"]),
    reason=st.sampled_from(["empty", "malformed grades"]),
    moves=st.none(),
    say=st.none(),
    aside=st.none(),
    prompt_tokens=st.integers(0, 400),
    completion_tokens=st.integers(0, 50),
    seconds=st.floats(0, 2),
    cached_tokens=st.integers(0, 40),
    first_seconds=st.none() | st.floats(0, 1),
    cost_nanodollars=st.none() | st.integers(0, 10**9),
)


@given(st.lists(ROWS, max_size=30))
def test_the_sums_of_each_seat_are_those_of_its_own_replies(rows: list[TapeRow]) -> None:
    usage = usage_by(rows, lambda row: row.seat)
    assert set(usage) == {row.seat for row in rows if row.step != "understudy"}
    for seat, sums in usage.items():
        own = [row for row in rows if row.seat == seat and row.step != "understudy"]
        assert sums.calls == len(own)
        assert sums.failures == sum(row.failure != "" for row in own)
        assert sums.prompt_tokens == sum(row.prompt_tokens for row in own)
        assert sums.prompt_tokens_max == max((row.prompt_tokens for row in own), default=0)
        assert sums.completion_tokens == sum(row.completion_tokens for row in own)
        assert sums.seconds == pytest.approx(sum(row.seconds for row in own))
        assert sums.cached_tokens == sum(row.cached_tokens for row in own)
        assert sums.first_known == sum(row.first_seconds is not None for row in own)
        assert sums.unpriced == sum(row.cost_nanodollars is None for row in own)
        assert sums.cost_nanodollars == sum(row.cost_nanodollars or 0 for row in own)


@given(st.lists(ROWS, max_size=30))
def test_refusals_tell_lines_from_moves_and_leave_out_the_understudy(rows: list[TapeRow]) -> None:
    found = refusals_by_cause(rows)
    refused = [row for row in rows if row.verdict == "refused" and row.step != "understudy"]
    assert sum(found.values()) == len(refused)
    assert sum(count for cause, count in found.items() if cause.startswith("line: ")) == sum(
        row.step == "line" for row in refused
    )


def test_a_card_is_known_without_an_engine(models_path: Path) -> None:
    head = read_head(models_path / "quill.gguf")
    card = card_on_file(f"gguf:{models_path / 'quill.gguf'}")
    assert (card.family, card.parameters, card.wording) == (head.architecture, head.parameters, Wording.PROSE)
    assert card_on_file("understudy:vesper") == MindCard("vesper", "fivepenny", "rules", 0, Wording.CUE)
    assert card_on_file("null").family == "rules"


def test_a_mind_that_is_not_here_is_unknown_and_no_error(tmp_path: Path) -> None:
    assert card_on_file(f"gguf:{tmp_path / 'gone.gguf'}").family == "unknown"
    assert card_on_file("remote:elsewhere").parameters == 0
