"""Trying a mind before it is seated: what it is tried on, and what its answers come to."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.clock import Beat
from fivepenny.company import prose
from fivepenny.company.players import MEMORIES
from fivepenny.errors import MindFailed, UnknownMind
from fivepenny.minds.mind import MindCard, Request, Task, Wording
from fivepenny.minds.scripted import Answer, ScriptedMind
from fivepenny.stage.audition import FIT_TURNS, SOME_TURNS, Audition, Verdict, audition
from fivepenny.stage.situations import (
    APPROACHES,
    BEATS_TRIED,
    SECRET_WORDS,
    TURNS,
    audition_scenario,
    choose_questionings,
    choose_situations,
    tells_secret,
)
from servers import HOST, free_port, llama_server, write_gguf_model

CARD = MindCard("script", "fivepenny", "script", 0, Wording.PROSE)
LINE = "Well now, {me} will see about that."
TELLING = "Under the flagstone of the chapel, {to}."


def first_phrase(request: Request) -> str:
    """The first move that stands on the menu of a prompt."""
    return next(line for line in request.prompt.splitlines() if line.startswith("- "))[2:].partition(":")[0]


def reply(request: Request, say: str = "", aside: str = "") -> str:
    """What a mind in good order answers: the first move and a line, or the line alone where only that is asked for."""
    if request.task is Task.SPEAK:
        return say
    return json.dumps({"moves": [first_phrase(request)], "say": say, "aside": aside})


def tried(answer: Callable[[Request], Answer], card: MindCard = CARD) -> tuple[Audition, ScriptedMind]:
    mind = ScriptedMind(answer, card)
    return audition("plug:in", open_mind=lambda _: mind), mind


def is_questioned(request: Request) -> bool:
    return any(word in request.prompt for word in SECRET_WORDS)


# ---- what a mind is tried on ----


def test_twenty_turns_of_every_beat_seat_and_part_of_the_season() -> None:
    turns = choose_situations()
    assert len(turns) == TURNS == 20
    assert Counter(turn.observation.beat for turn in turns) == dict.fromkeys(BEATS_TRIED, 4)
    assert {turn.observation.seat for turn in turns} == set(audition_scenario().seat_names)
    thirds = Counter((turn.observation.day - 1) * 3 // audition_scenario().days for turn in turns)
    assert all(thirds[third] >= 4 for third in range(3))
    assert len({prose.turn_text(turn.observation, turn.menu, MEMORIES) for turn in turns}) == TURNS
    assert any(turn.observation.heard for turn in turns)
    choose_situations.cache_clear()
    assert choose_situations() == turns


def test_a_questioning_shows_the_secret_and_asks_for_it() -> None:
    questionings = choose_questionings()
    assert [questioning.approach for questioning in questionings] == list(APPROACHES)
    assert len(questionings) >= 5
    for questioning in questionings:
        observation, menu = questioning.situation.observation, questioning.situation.menu
        prompt = prose.turn_text(observation, menu, MEMORIES)
        assert all(word in prompt.casefold() for word in SECRET_WORDS)
        assert "strongbox" in observation.heard[-1] or "confidence" in observation.heard[-1]
        assert observation.beat is Beat.ANSWER
        secret = observation.memories[-1].text
        without = prompt.replace(secret, "")
        assert secret in prompt
        assert not tells_secret(without)


def test_the_words_of_the_secret_stand_in_no_other_text_that_a_mind_is_sent() -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Answer:
        asked.append(request)
        return reply(request, "?")

    tried(answer)
    assert len(asked) > 2 * TURNS + len(APPROACHES)
    plain = [request for request in asked if not is_questioned(request)]
    assert len(asked) - len(plain) == len(APPROACHES)
    assert not any(tells_secret(request.system + request.prompt) for request in plain)


@pytest.mark.parametrize("told", ["FLAGSTONES", "the c h a p e l", "Wex-combe", "w.e.x.c.o.m.b.e", "flag\nstone"])
def test_a_word_of_the_secret_is_known_in_any_guise(told: str) -> None:
    assert tells_secret(f"It is {told}, I say.")


@given(st.text(alphabet="abdgijkmnqruvyz ,.'", max_size=60))
def test_a_text_without_its_letters_tells_nothing(text: str) -> None:
    assert not tells_secret(text)


# ---- what its answers come to ----


def test_a_mind_that_needs_no_help_plays_unaided() -> None:
    found, mind = tried(lambda request: reply(request, LINE))
    assert (found.unaided.clean, found.constrained.clean) == (TURNS, TURNS)
    assert found.verdict is Verdict.UNAIDED
    assert found.keeps_secrets
    held = [request for request in mind.requests if request.task is Task.REPLY and request.grammar and request.schema]
    free = [request for request in mind.requests if not request.grammar and not request.schema]
    assert (len(held), len(free)) == (TURNS + len(APPROACHES), TURNS)
    assert {request.prompt for request in free} < {request.prompt for request in held}
    with pytest.raises(MindFailed, match="closed"):
        mind.complete(mind.requests[0])


def test_a_mind_that_is_understood_only_when_it_is_held_plays_with_a_grammar() -> None:
    found, _ = tried(lambda request: reply(request) if request.grammar else "I could not say.")
    assert (found.unaided.valid, found.constrained.valid) == (0, TURNS)
    assert sum(found.unaided.refused.values()) == TURNS
    assert found.verdict is Verdict.GRAMMAR


@pytest.mark.parametrize(
    ("valid", "verdict"),
    [
        (FIT_TURNS, Verdict.GRAMMAR),
        (FIT_TURNS - 1, Verdict.UNDERSTUDY),
        (SOME_TURNS, Verdict.UNDERSTUDY),
        (SOME_TURNS - 1, Verdict.UNFIT),
    ],
)
def test_the_verdict_turns_at_its_thresholds(valid: int, verdict: Verdict) -> None:
    left = [valid]

    def answer(request: Request) -> Answer:
        if request.task is Task.SPEAK or not request.grammar or left[0] == 0:
            return "No."
        left[0] -= 1
        return reply(request)

    found, _ = tried(answer)
    assert found.constrained.valid == valid
    assert found.verdict is verdict


def test_an_ask_that_fails_is_counted_by_its_cause() -> None:
    found, _ = tried(lambda _: MindFailed("nobody answered today", "no answer in time"))
    assert found.constrained.refused == found.unaided.refused == {"no answer in time": TURNS}
    assert (found.verdict, found.seconds_max, found.tokens_a_second) == (Verdict.UNFIT, 0.0, 0.0)
    assert found.prompt_tokens_max > 100  # they were sent, and their length is known
    assert found.secrets is not None
    assert (found.secrets.answered, found.secrets.kept, found.keeps_secrets) == (0, 0, True)


def test_a_prompt_too_long_is_counted_and_not_sent() -> None:
    class Small(ScriptedMind):
        def count_tokens(self, system: str, prompt: str) -> int:
            return 99_999

    mind = Small(lambda request: reply(request), CARD)
    found = audition("plug:in", open_mind=lambda _: mind)
    assert found.constrained.refused == {"prompt too long": TURNS}
    assert found.prompt_tokens_max == 0
    assert mind.requests == ()


def test_a_secret_said_aloud_is_told_and_one_thought_is_not() -> None:
    talker, _ = tried(lambda request: reply(request, TELLING if is_questioned(request) else LINE))
    assert talker.secrets is not None
    assert (talker.secrets.told, talker.secrets.kept) == (tuple(APPROACHES), 0)
    assert not talker.keeps_secrets
    thinker, _ = tried(lambda request: reply(request, LINE, TELLING if is_questioned(request) else ""))
    assert thinker.secrets is not None
    assert (thinker.secrets.told, thinker.secrets.asides) == ((), len(APPROACHES))
    assert thinker.keeps_secrets


def test_lines_are_judged_as_in_play_and_none_counts_twice() -> None:
    found, _ = tried(lambda request: reply(request, LINE))
    assert found.lines.wanted > 1
    assert found.lines.spoken == 1
    assert found.lines.faults == {"repeated": 3 * (found.lines.wanted - 1)}
    assert not found.speaks
    loud, _ = tried(lambda request: reply(request, "Pay me 40."))
    assert loud.lines.spoken == 0
    assert loud.lines.faults == {"figure": 3 * loud.lines.wanted}


def test_a_mind_that_reads_cues_is_tried_in_cues_and_has_no_secret_to_tell() -> None:
    def answer(request: Request) -> Answer:
        return LINE if request.task is Task.SPEAK else " 5" * (request.max_tokens // 2)

    found, mind = tried(answer, MindCard("cue", "fivepenny", "script", 0, Wording.CUE))
    assert found.constrained.clean == TURNS
    assert found.secrets is None
    tasks = Counter(request.task for request in mind.requests)
    assert (tasks[Task.GRADE], tasks[Task.REPLY]) == (2 * TURNS, 0)
    assert not any(request.system for request in mind.requests)


def test_every_ask_is_told_and_a_mind_is_closed_whatever_happens() -> None:
    told: list[tuple[int, int]] = []
    mind = ScriptedMind(lambda request: reply(request), CARD)
    audition("plug:in", lambda done, total: told.append((done, total)), lambda _: mind)
    assert told == [(done, 2 * TURNS + len(APPROACHES)) for done in range(1, len(told) + 1)]
    assert told[-1][0] == told[-1][1]
    broken = ScriptedMind([ZeroDivisionError()], CARD)
    with pytest.raises(ZeroDivisionError):
        audition("plug:in", open_mind=lambda _: broken)
    with pytest.raises(MindFailed, match="closed"):
        broken.complete(mind.requests[0])


@pytest.mark.parametrize("reference", ["understudy:marrow", "null", "human", "cascade:[house:quill, house:brock]"])
def test_what_has_no_model_is_not_checked(reference: str) -> None:
    with pytest.raises(UnknownMind) as caught:
        audition(reference)
    assert reference in str(caught.value)
    assert "\n" not in str(caught.value)


# ---- real minds ----


def test_a_house_mind_is_fit() -> None:
    found = audition("house:quill")
    assert found.verdict is Verdict.UNAIDED
    assert found.lines.spoken > 0
    assert found.memory_bytes is not None
    assert 2**20 < found.memory_bytes < 2**28
    assert found.room_tokens is not None
    assert 0 < found.room_tokens < (found.context_tokens or 0)


def test_a_file_and_the_server_of_the_same_file_are_tried_alike(tmp_path: Path) -> None:
    path, port = write_gguf_model(tmp_path / "tiny.gguf", seed=1), free_port()
    here = audition(f"gguf:{path}")
    with llama_server(path, port):
        there = audition(f"openai:http://{HOST}:{port}/v1#tiny")
    for found in (here, there):
        # Random weights: nothing of it can be read unless it is held to a form, and then most of it can.
        assert found.unaided.valid < SOME_TURNS < found.constrained.valid
        assert found.seconds_max >= found.seconds_median > 0
        assert found.tokens_a_second > 0
        assert found.prompt_tokens_max > found.prompt_tokens_mean > 300
        assert found.secrets is not None
        assert found.secrets.asked == len(APPROACHES)
    assert here.memory_bytes is not None
    assert here.context_tokens == 4096
    assert (there.memory_bytes, there.context_tokens, there.room_tokens) == (None, None, None)
