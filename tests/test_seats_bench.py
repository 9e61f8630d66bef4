"""`bench seats`: the season's requests are the server's, to the token, and the replies are the same."""

from pathlib import Path
from typing import Any

import pytest

from fivepenny.arena import seats_bench
from fivepenny.arena.bare_server import BareServer
from fivepenny.arena.seats_bench import Call, Tally, WatchedMind, bench_seats
from fivepenny.errors import CheckFailed, MindFailed, MissingPart, WrongUse
from fivepenny.minds.catalogue import models_folder, seat_mind
from fivepenny.minds.gguf import read_head
from fivepenny.minds.mind import Request, Task, Wording
from fivepenny.minds.scripted import ScriptedMind
from servers import write_gguf_model

REQUEST = Request(Task.SPEAK, "", "prompt", 4, None, 1, 0.0)


def check_table(found: dict[str, Any]) -> None:
    """Two rows of the season, two of the server, all over the same calls and prompts."""
    rows = {row["what"]: row for row in found["table"]}
    assert len(rows) == 4
    assert len({(row["calls"], row["prompt tokens"]) for row in rows.values()}) == 1
    assert all(row["calls"] > 0 and row["tokens a second"] > 0 for row in rows.values())
    assert rows["season, while asked"]["seconds"] <= rows["season, wall time"]["seconds"]
    assert rows["bare server"]["share cached"] == 0
    assert all(ratio > 0 for ratio in found["ratios"].values())


def test_a_house_model_says_in_the_seats_what_it_says_bare() -> None:
    found = bench_seats(2, days=1)
    check_table(found)
    assert found["share of the bare server's replies that are the season's"] == 1
    assert found["share of prompt tokens cached in the season"] == 0
    assert (found["model"], found["seeds"], found["days"]) == ("house:quill", 2, 1)


def test_a_file_of_a_lab_sits_in_all_seats(tmp_path: Path) -> None:
    check_table(bench_seats(1, f"gguf:{write_gguf_model(tmp_path / 'model.gguf')}", 1))


@pytest.mark.parametrize("reference", ["quill", "house:", "gguf:", "understudy:brock", "openai:http://127.0.0.1/v1#m"])
def test_only_a_model_file_can_be_measured(reference: str) -> None:
    with pytest.raises(WrongUse, match="gguf:PATH"):
        bench_seats(1, reference, 1)


@pytest.mark.parametrize("reference", ["house:nobody", "gguf:nowhere.gguf"])
def test_a_missing_file_is_named(reference: str) -> None:
    with pytest.raises(MissingPart, match=r"nobody|nowhere"):
        bench_seats(1, reference, 1)


def test_a_model_that_answers_nothing_cannot_be_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seats_bench, "seat_mind", lambda _: ScriptedMind([]))
    with pytest.raises(CheckFailed, match="answered nothing"):
        bench_seats(1, "house:quill", 1)


def test_a_watched_mind_keeps_its_answered_calls_and_stays_open() -> None:
    calls: list[Call] = []
    mind = WatchedMind(ScriptedMind(["yes", MindFailed("no"), "again"]), calls)
    mind.complete(REQUEST)
    with pytest.raises(MindFailed):
        mind.complete(REQUEST)
    mind.close()
    mind.complete(REQUEST)
    assert [call.completion.text for call in calls] == ["yes", "again"]
    assert all(call.request is REQUEST and call.started <= call.ended for call in calls)


def test_a_rate_counts_prompts_and_replies() -> None:
    tally = Tally("a", seconds=2.0)
    tally.add(60, 30, 10)
    tally.add(20, 10, 10)
    assert (tally.rate, tally.cached_share, tally.calls) == (50, 0.5, 2)


def test_the_bare_server_answers_as_the_mind_does_and_says_what_was_cached() -> None:
    path = models_folder() / "quill.gguf"
    request = Request(Task.SPEAK, "", "the ship is late and the price will rise", 8, None, 3, 0.5)
    mind, server = seat_mind("house:quill"), BareServer(read_head(path))
    keeper = BareServer(read_head(path), prompt_cache=True)
    try:
        completion = mind.complete(request)
        (ids,) = server.encode([request], Wording.CUE)
        for answer in (server.answer(ids, request), server.answer(ids, request), keeper.answer(ids, request)):
            assert (answer.text, answer.prompt_tokens) == (completion.text, completion.prompt_tokens)
            assert answer.cached_tokens == 0
            assert min(answer.prompt_seconds, answer.reply_seconds) > 0
        assert 0 < keeper.answer(ids, request).cached_tokens < len(ids)
        with pytest.raises(MindFailed, match="quill"):
            server.answer(ids * 1000, request)
    finally:
        server.close()
        keeper.close()
        mind.close()
