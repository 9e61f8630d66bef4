"""What minds behind HTTP servers bring besides a text: thoughts that take room, odds, figures, causes of failure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from fivepenny.errors import MindFailed
from fivepenny.minds.dialects import Dialect
from fivepenny.minds.mind import THINK_TOKENS
from fivepenny.minds.patience import Cause
from misbehaving import Reply, completion
from test_remote import ASKED, QUICK, opened, plainly, word_of

# ---- thinking ----

THOUGHT_WORDS = 200
SECRET = "The coal is under the stairs."


def thinking(style: str, words: int = THOUGHT_WORDS, always: bool = True) -> Reply:
    """A server whose model thinks so many words before it says "Aye.", the limit permitting; or only about coal."""

    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        limit = body["max_tokens"]
        if not always and "coal" not in body["messages"][-1]["content"]:
            return plainly(body)
        thought = " ".join([SECRET, *["hm"] * words][:limit])
        spoken = "Aye." if words + 1 < limit else ""
        if style == "content":
            return 200, completion(f"<think>{thought}" + (f"</think>{spoken}" if spoken else ""), body)
        answer = completion(spoken or None, body)
        if style == "charged":
            answer["usage"]["completion_tokens_details"] = {"reasoning_tokens": min(words, limit)}
        else:
            answer["choices"][0]["message"][style] = thought
        return 200, answer

    return reply


@pytest.mark.parametrize("style", ["content", "reasoning_content", "reasoning", "charged"])
def test_a_mind_that_thinks_aloud_gets_room_for_it(style: str) -> None:
    with opened(thinking(style)) as (mind, upstream):
        assert mind.manner.thinks
        reply = mind.complete(ASKED)
        assert upstream.bodies[-1]["max_tokens"] == ASKED.max_tokens + THINK_TOKENS
        assert reply.text == "Aye."


def test_a_mind_that_does_not_think_gets_none() -> None:
    for reply in (plainly, lambda body: (200, completion("<think>\n\n</think>\n\nBlue.", body))):
        with opened(reply) as (mind, upstream):
            assert not mind.manner.thinks
            assert mind.complete(ASKED).text == "Blue."
            assert upstream.bodies[-1]["max_tokens"] == ASKED.max_tokens


@pytest.mark.parametrize("style", ["content", "reasoning_content"])
def test_a_mind_that_thinks_late_is_asked_once_more(style: str) -> None:
    with opened(thinking(style, always=False)) as (mind, upstream):
        assert not mind.manner.thinks
        before = len(upstream.bodies)
        asked = replace(ASKED, prompt="What of coal?")
        assert mind.complete(asked).text == mind.complete(asked).text == "Aye."
        limits = [body["max_tokens"] for body in upstream.bodies[before:]]
        assert limits == [ASKED.max_tokens, *[ASKED.max_tokens + THINK_TOKENS] * 2]


@pytest.mark.parametrize("style", ["content", "reasoning_content", "reasoning", "charged"])
def test_a_thought_without_end_is_a_failure_by_name(style: str) -> None:
    with opened(thinking(style, words=10_000)) as (mind, upstream):
        before = len(upstream.bodies)
        for _ in range(QUICK.failed_turns + 1):
            with pytest.raises(MindFailed, match="nothing but thought") as caught:
                mind.complete(ASKED)
            assert caught.value.cause == Cause.THOUGHT_ONLY
            assert "stairs" not in str(caught.value)
        assert len(upstream.bodies) == before + QUICK.failed_turns + 1, "the same thought again would help nobody"


# ---- alternatives ----


def telling_odds(body: Mapping[str, Any]) -> tuple[int, object]:
    """A server that tells as many alternatives as it is asked for."""
    answer = completion(word_of(Dialect.GRAMMAR, body) or "Blue.", body)
    tops = [{"token": f"Blue{place}", "logprob": -1.0} for place in range(body.get("top_logprobs", 0))]
    rows = [{"token": "Blue.", "logprob": -2.0, "top_logprobs": tops}]
    answer["choices"][0]["logprobs"] = {"content": rows} if body.get("logprobs") else None
    return 200, answer


def test_alternatives_are_asked_for_where_they_are_wanted() -> None:
    with opened(telling_odds) as (mind, upstream):
        assert mind.complete(ASKED).odds == ()
        assert not {"logprobs", "top_logprobs"} & upstream.bodies[-1].keys()
        (odds,) = mind.complete(replace(ASKED, alternatives=3, grammar=None)).odds
        assert (upstream.bodies[-1]["logprobs"], upstream.bodies[-1]["top_logprobs"]) == (True, 3)
        assert [text for text, _ in odds.odds] == ["Blue0", "Blue1", "Blue2", "Blue."]
        assert len(mind.complete(replace(ASKED, alternatives=10**6, grammar=None)).odds[0].odds) <= 21
    with opened(plainly) as (mind, _):
        assert mind.complete(replace(ASKED, alternatives=3)).odds == ()


def test_where_alternatives_are_refused_they_are_left_out_from_then_on() -> None:
    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        return (400, {"error": "no logprobs here"}) if "logprobs" in body else telling_odds(body)

    with opened(reply) as (mind, upstream):
        before = len(upstream.bodies)
        for _ in range(2):
            reply_now = mind.complete(replace(ASKED, alternatives=3))
            assert (reply_now.text, reply_now.odds) == ("hold", ())
        assert ["logprobs" in body for body in upstream.bodies[before:]] == [True, False, False]
        assert all("grammar" in body for body in upstream.bodies[before:]), "it is not the constraint that was refused"


def test_a_refused_constraint_costs_no_alternatives() -> None:
    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        return (400, {"error": "cannot parse"}) if body.get("grammar") == ASKED.grammar else telling_odds(body)

    with opened(reply) as (mind, upstream):
        before = len(upstream.bodies)
        for _ in range(2):
            assert mind.complete(replace(ASKED, alternatives=3)).odds
        asked = [("grammar" in body, "logprobs" in body) for body in upstream.bodies[before:]]
        assert asked == [(True, True), (True, False), (False, True), (False, True)]


# ---- cost and causes ----


def test_what_a_call_cost_is_told_as_far_as_it_is_known() -> None:
    beside: dict[str, Any] = {}

    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        answer = completion("Blue.", body)
        usage = answer["usage"] | {"prompt_tokens_details": {"cached_tokens": 2}} if beside else answer["usage"]
        return 200, answer | beside | {"usage": usage}

    with opened(reply) as (mind, _):
        plain = mind.complete(ASKED)
        assert (plain.cached_tokens, plain.first_seconds) == (0, None)
        beside = {"timings": {"prompt_ms": 0.001}}
        told = mind.complete(ASKED)
        assert (told.cached_tokens, told.first_seconds) == (2, 0.000001)
        beside = {"timings": {"prompt_ms": 3_600_000}}
        assert mind.complete(ASKED).first_seconds is None, "an hour is longer than the call took"


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ((200, {"choices": []}), Cause.NO_CHOICES),
        ((422, {}), Cause.REQUEST_REFUSED),
        ((401, {}), Cause.KEY_REFUSED),
        ((503, {}), Cause.SERVER_ERROR),
        ((429, {}), Cause.BUSY),
        ((302, {}), Cause.REDIRECTED),
        ((200, b"<html>"), Cause.NOT_JSON),
    ],
)
def test_a_failure_says_its_cause_in_stable_words(answer: tuple[int, object], cause: Cause) -> None:
    good = True
    with opened(lambda body: plainly(body) if good else answer) as (mind, _):
        good = False
        with pytest.raises(MindFailed) as caught:
            mind.complete(ASKED)
        assert caught.value.cause == cause.value
