"""How chat completions are read: speech and thought, what a call cost, and the odds of each token."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.minds.answers import MOST_ALTERNATIVES, MOST_ODDS, Said, read_answer
from fivepenny.minds.mind import TokenOdds
from fivepenny.minds.patience import Cause, Fault
from misbehaving import completion

ANY: dict[str, Any] = {"messages": []}


def said(answer: dict[str, Any], alternatives: int = 0) -> Said:
    """An answer that can be read."""
    read = read_answer(answer, alternatives)
    assert isinstance(read, Said)
    return read


def telling(content: str | None = "Aye.", usage: object = None, **beside: Any) -> dict[str, Any]:
    """A completion with these fields beside its content, and this usage beside its choices."""
    fields = {"content": content, **beside}
    return {"choices": [{"message": fields}], "usage": {"prompt_tokens": 50} if usage is None else usage}


# ---- what was said ----


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (completion("Aye.", ANY), Said("Aye.", 4, 1)),
        (completion(None, ANY), Said("", 4, 0)),
        ({"choices": [{"message": {"content": "x"}}]}, Said("x", None, None)),
        ({"choices": [{"message": {"content": "x"}}], "usage": {"prompt_tokens": -1, "completion_tokens": True}},
         Said("x", None, None)),
        ({"choices": []}, Fault(Cause.NO_CHOICES)),
        *[(bad, Fault(Cause.OTHER_SHAPE)) for bad in (
            {}, {"choices": {}}, {"choices": [[]]}, {"choices": [{"text": "x"}]}, {"choices": [{"message": {}}]},
            {"choices": [{"message": {"content": ["x"]}}]}, {"error": "x"})],
    ],
)  # fmt: skip
def test_an_answer_is_read_or_named(answer: dict[str, Any], read: Said | Fault) -> None:
    assert read_answer(answer) == read


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<think>Coal is dear.</think>\n\nAye, {me}.", "Aye, {me}."),
        ("\n<THINK>a</THINK>Aye.", "Aye."),
        ("Coal is dear.</think>Aye.", "Aye."),
        ("<think>Coal is dear, so", ""),
        ("<think>Coal is dear.</think>", ""),
        ("<|channel|>analysis<|message|>Coal.<|end|><|start|>assistant<|channel|>final<|message|>Aye.", "Aye."),
        ("<|channel|>analysis<|message|>Coal is dear", ""),
    ],
)
def test_a_thought_in_the_content_is_not_speech(content: str, text: str) -> None:
    read = said(telling(content))
    assert (read.text, read.thought) == (text, True)
    assert read.thought_only is not bool(text)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (" Aye. \n", " Aye. \n"),
        ("<think>\n\n</think>\n\nAye.", "Aye."),
        ("<think></think>", ""),
        ('{"moves": ["hold"], "say": "I <think> so.</think>"}', '{"moves": ["hold"], "say": "I <think> so.</think>"}'),
        ("", ""),
    ],
)
def test_where_nothing_was_thought_nothing_is_cut(content: str, text: str) -> None:
    read = said(telling(content))
    assert (read.text, read.thought, read.thought_only) == (text, False, False)


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_a_thought_beside_the_content_is_seen(name: str) -> None:
    assert said(telling("Aye.", **{name: "Coal is dear."})) == Said("Aye.", 50, None, thought=True)
    assert said(telling(None, **{name: "Coal is dear."})).thought_only
    for nothing in (None, "", " \n", 3, ["x"], {}):
        assert not said(telling("Aye.", **{name: nothing})).thought


def test_a_thought_that_is_only_charged_for_is_seen() -> None:
    usage = {"prompt_tokens": 50, "completion_tokens": 9, "completion_tokens_details": {"reasoning_tokens": 9}}
    assert said(telling("", usage)).thought_only
    for nothing in (0, -1, "9", None, True):
        details = {"completion_tokens_details": {"reasoning_tokens": nothing}}
        assert not said(telling("", usage | details)).thought


# ---- what it cost ----


@pytest.mark.parametrize(
    ("told", "cached"),
    [
        ({"prompt_tokens_details": {"cached_tokens": 48}}, 48),
        ({"prompt_tokens_details": {"cached_tokens": 0}, "prompt_cache_hit_tokens": 7}, 0),
        ({"prompt_cache_hit_tokens": 50}, 50),
        ({"prompt_tokens_details": None, "prompt_cache_hit_tokens": 7}, 7),
        *[({"prompt_tokens_details": {"cached_tokens": bad}}, None)
          for bad in (51, -1, 2.0, "7", True, None, [], 2**70)],
        ({"prompt_tokens_details": [48]}, None),
        ({"prompt_tokens_details": {"cached_tokens": 3}, "prompt_tokens": None}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_tokens_out_of_a_cache_are_told_or_not(told: dict[str, Any], cached: int | None) -> None:
    assert said(telling(usage={"prompt_tokens": 50} | told)).cached_tokens == cached


@pytest.mark.parametrize(
    ("milliseconds", "seconds"),
    [(250, 0.25), (0, 0.0), (1.5, 0.0015)]
    + [(bad, None) for bad in (-1, True, "250", None, [], math.nan, math.inf, 10**400)],
)
def test_the_time_to_the_first_token_is_told_or_not(milliseconds: object, seconds: float | None) -> None:
    assert said(telling() | {"timings": {"prompt_ms": milliseconds}}).first_seconds == seconds
    for other in (None, [], {"predicted_ms": 3}):
        assert said(telling() | {"timings": other}).first_seconds is None


# ---- how sure it was ----


def listed(*rows: object) -> dict[str, Any]:
    """A completion of "Aye." with this list of tokens."""
    return {"choices": [{"message": {"content": "Aye."}, "logprobs": {"content": list(rows)}}]}


def row(text: str, *tops: object, logarithm: object = -0.5) -> dict[str, Any]:
    return {"token": text, "logprob": logarithm, "top_logprobs": list(tops)}


def top(text: str, probability: float) -> dict[str, Any]:
    return {"token": text, "logprob": math.log(probability)}


def test_odds_are_probabilities_with_the_token_itself_among_them() -> None:
    answer = listed(row("Aye", top("Aye", 0.5), top("No", 0.25)), row(".", top("!", 0.75), logarithm=math.log(0.125)))
    first, second = said(answer, 2).odds
    assert (first.text, [text for text, _ in first.odds]) == ("Aye", ["Aye", "No"])
    assert [share for _, share in first.odds] == pytest.approx([0.5, 0.25])
    assert (second.text, [text for text, _ in second.odds]) == (".", ["!", "."])
    assert [share for _, share in second.odds] == pytest.approx([0.75, 0.125])
    assert said(answer).odds == (), "nobody asked"


def test_odds_begin_with_the_speech() -> None:
    rows = [row(text) for text in ("<think>", "Aye.", " So", "</think>\n", "Aye", ".")]
    answer = listed(*rows)
    for content in ("<think>Aye. So</think>\nAye.", "Aye."):
        answer["choices"][0]["message"] = {"content": content, "reasoning": "Aye. So"}
        assert [odds.text for odds in said(answer, 1).odds] == ["Aye", "."]


def test_a_reply_that_repeats_itself_keeps_all_its_odds() -> None:
    answer = listed(*[row("aye, ") for _ in range(40)])
    answer["choices"][0]["message"]["content"] = "aye, " * 40
    assert len(said(answer, 1).odds) == 40


def test_a_letter_spread_over_tokens_costs_no_odds() -> None:
    answer = listed(row("Aye"), row(""), row(""), row("."))
    answer["choices"][0]["message"]["content"] = "Aye道."
    assert [odds.text for odds in said(answer, 1).odds] == ["Aye", "", "", "."]


def test_a_flood_of_odds_is_bounded() -> None:
    crowd = [top(f"t{number}", 0.001) for number in range(100_000)]
    (only,) = said(listed(row("Aye.", *crowd)), 10**9).odds
    assert len(only.odds) == MOST_ALTERNATIVES + 1
    assert said(listed(*[row("a")] * (MOST_ODDS + 1)), 5).odds == ()
    assert said(listed(row("a" * 100_000)), 5).odds == ()


@pytest.mark.parametrize(
    "bad",
    [3, None, {}, {"token": "Aye"}, {"token": 3, "logprob": -1}, row("Aye", logarithm=0.5), row("Aye", logarithm=True),
     row("Aye", logarithm=math.nan), row("Aye", logarithm=10**400), row("Aye", logarithm="-1")],
)  # fmt: skip
def test_a_list_with_a_bad_token_is_not_told(bad: object) -> None:
    assert said(listed(row("Aye"), bad), 5).odds == ()


@pytest.mark.parametrize("tops", [None, 3, {}, [3], [{"token": "No"}], [top("No", 1.0) | {"logprob": 7}]])
def test_a_bad_alternative_is_left_out(tops: object) -> None:
    answer = listed(row("Aye", logarithm=-math.inf) | {"top_logprobs": tops})
    assert said(answer, 5).odds == (TokenOdds("Aye", (("Aye", 0.0),)),)


# ---- anything at all ----

_KEYS = st.sampled_from(
    ["choices", "message", "content", "reasoning", "logprobs", "token", "logprob", "top_logprobs", "timings",
     "prompt_ms", "usage", "prompt_tokens", "prompt_tokens_details", "cached_tokens", "completion_tokens_details"]
)  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(_KEYS, inner),
)
_CHOICES = st.lists(st.fixed_dictionaries({"message": st.dictionaries(_KEYS, _JSON), "logprobs": _JSON}))


@given(st.fixed_dictionaries({"choices": _JSON | _CHOICES}, optional={"usage": _JSON, "timings": _JSON}), st.integers())
def test_any_answer_is_read_or_named(answer: dict[str, Any], alternatives: int) -> None:
    assert isinstance(read_answer(answer, alternatives), Said | Fault)


@given(st.text() | st.lists(st.sampled_from(["<think>", "</think>", "{", '"', "Aye", " "])).map("".join))
def test_speech_is_cut_once_and_for_all(content: str) -> None:
    once = said(telling(content)).text
    assert said(telling(once)).text == once
    assert json.dumps(once)
