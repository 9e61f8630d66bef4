"""Minds behind HTTP servers: references and keys, opening, how a server is asked and how its answer is read."""

import json
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.errors import FivepennyError, MindFailed, MissingPart, UnknownMind, WrongUse
from fivepenny.minds.dialects import MANNERS, Dialect, body_of, disarmed
from fivepenny.minds.mind import Request, Task, Wording
from fivepenny.minds.patience import Patience
from fivepenny.minds.remote import Address, RemoteMind, parse_reference, remote_mind
from misbehaving import HOST, MODEL, Reply, Upstream, completion, serving

QUICK = Patience(tries=2, first_wait_seconds=0.001, turn_seconds=20.0, failed_turns=2, rested_turns=1)
ASKED = Request(Task.REPLY, "You trade.", "Choose.", 60, 'root ::= "hold"', 7, 0.7, '{"type": "object"}')
MARKS = ("<|im_start|>", "<|end|>", "<s>", "</s>", "<start_of_turn>", "<<SYS>>", "[INST]", "[/INST]", "<｜User｜>")


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIVEPENNY_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@contextmanager
def opened(
    reply: Reply, others: Mapping[str, Reply] | None = None, patience: Patience = QUICK
) -> Iterator[tuple[RemoteMind, Upstream]]:
    """A mind at a server that replies so, and the server."""
    with serving(reply, others) as upstream:
        mind = remote_mind(upstream.reference, patience=patience)
        try:
            yield mind, upstream
        finally:
            mind.close()


def plainly(body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """A server that does what it is asked and no more."""
    return 200, completion("Blue.", body)


# ---- references and keys ----


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("openai:http://127.0.0.1:11434/v1#qwen3:0.6b", ("http://127.0.0.1:11434/v1", "127.0.0.1", "qwen3:0.6b")),
        ("openai:https://lab.example/v1/#org/model-7b", ("https://lab.example/v1", "lab.example", "org/model-7b")),
        ("openai:http://[::1]:80#/srv/a model#2", ("http://[::1]:80", "::1", "/srv/a model#2")),
    ],
)  # fmt: skip
def test_a_reference_is_an_address(reference: str, address: tuple[str, str, str]) -> None:
    assert parse_reference(reference) == Address(*address)


@pytest.mark.parametrize(
    "reference",
    [
        "openai:", "openai:http://h/v1", "openai:http://h/v1#", "openai:#m", "openai:h/v1#m", "openai:ftp://h#m",
        "openai:http://#m", "openai:http://h:port/v1#m", "openai:http://[h/v1#m", "openai:http://h /v1#m",
        "openai:http://hé/v1#m", "openai:http://h/v1#m\nn", "openai:http://h/v1# m", "openai:http://h/v1#" + "m" * 999,
        "openai:http://ada" + ":sesame@h/v1#m", "openai:http://sesame@h/v1#m", "openai:http://h/v1?key=sesame#m",
    ],
)  # fmt: skip
def test_a_bad_reference_is_one_line_without_secrets(reference: str) -> None:
    with pytest.raises(UnknownMind) as caught:
        remote_mind(reference)
    text = str(caught.value)
    assert "\n" not in text and "sesame" not in text and len(text) < 400


@given(st.text())
def test_no_reference_is_an_accident(text: str) -> None:
    try:
        parse_reference(f"openai:{text}")
    except UnknownMind as error:
        assert str(error).isprintable()


def test_the_key_goes_into_the_headers_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIVEPENNY_API_KEY", "sesame-1720")
    broken = False

    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        return (422, {"error": {"message": "no, sesame-1720\n is wrong"}}) if broken else plainly(body)

    with opened(reply) as (mind, upstream):
        assert {headers.get("Authorization") for headers in upstream.headers} == {"Bearer sesame-1720"}
        assert "sesame" not in json.dumps(upstream.bodies) + repr(mind) + repr(mind.card)
        broken = True
        with pytest.raises(MindFailed, match="request refused, status 422 no, … is wrong") as caught:
            mind.complete(ASKED)
        assert "sesame" not in repr(caught.value)


# ---- opening ----


def test_a_card_says_who_sits_there() -> None:
    with opened(plainly) as (mind, _):
        assert (mind.card.name, mind.card.wording) == (MODEL, Wording.PROSE)


@pytest.mark.parametrize(
    ("status", "error", "line"),
    [
        (401, WrongUse, "key refused"),
        (404, WrongUse, "end in /v1"),
        (301, WrongUse, "redirected"),
        (503, MissingPart, "503"),
    ],
)
def test_a_server_that_will_not_is_one_line(status: int, error: type[FivepennyError], line: str) -> None:
    with serving(lambda body: (status, {})) as upstream, pytest.raises(error, match=line) as caught:
        remote_mind(upstream.reference, patience=QUICK)
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_there_is_told_from_those_that_are() -> None:
    models = {"/v1/models": lambda _: (200, {"data": [{"id": "granite"}, {"id": "lfm\n2"}, 3]})}
    with serving(lambda _: (404, {}), models) as upstream, pytest.raises(WrongUse, match=f"{MODEL} is none: granite"):
        remote_mind(upstream.reference, patience=QUICK)


def test_where_nobody_listens_a_part_is_missing() -> None:
    with socket.create_server((HOST, 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(MissingPart, match="connection refused; is a server running there"):
        remote_mind(f"openai:http://{HOST}:{port}/v1#m", patience=QUICK)


def test_without_httpx_a_part_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    monkeypatch.delitem(sys.modules, "fivepenny.minds.exchange", raising=False)
    with pytest.raises(MissingPart, match="pip install httpx"):
        remote_mind("openai:http://127.0.0.1:1/v1#m")


# ---- how a server is asked ----


def word_of(dialect: Dialect, body: Mapping[str, Any]) -> str | None:
    """The only word that a constraint in this dialect allows, as a server that knows this one reads it."""
    outputs, shaped = body.get("structured_outputs", {}), body.get("response_format", {})
    grammar = {Dialect.GRAMMAR: body.get("grammar"), Dialect.OUTPUTS_GRAMMAR: outputs.get("grammar")}.get(dialect)
    schema = {
        Dialect.RESPONSE_FORMAT: shaped.get("json_schema", {}).get("schema"),
        Dialect.OUTPUTS_JSON: outputs.get("json"),
        Dialect.GUIDED_JSON: body.get("guided_json"),
        Dialect.FORMAT_VALUE: shaped.get("value"),
    }.get(dialect)
    if grammar:
        return str(grammar.split('"')[1])
    return json.dumps({"word": schema["properties"]["word"]["enum"][0]}) if schema else None


@pytest.mark.parametrize("strict", [False, True], ids=["ignores the rest", "refuses the rest"])
@pytest.mark.parametrize("dialect", Dialect)
def test_a_dialect_is_found_by_what_comes_back(dialect: Dialect, strict: bool) -> None:
    known = {"model", "messages", "max_tokens", "temperature", "seed", "stream", dialect.value.split()[0]}

    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        if strict and not body.keys() <= known:
            return 422, {"error": "unknown field"}
        return 200, completion(word_of(dialect, body) or "Blue, says the clerk.", body)

    with opened(reply) as (mind, _):
        assert mind.manner.dialect is dialect
        assert mind.manner.thinking_switch is not strict


def test_a_server_that_repeats_all_it_is_told_is_not_held() -> None:
    with opened(lambda body: (200, completion(json.dumps(body["messages"]), body))) as (mind, _):
        assert mind.manner.dialect is Dialect.NONE


@pytest.mark.parametrize(
    ("refused", "manner"),
    [((), 0), (("chat_template_kwargs",), 1), (("max_tokens",), 2), (("max_tokens", "seed"), 3)],
)
def test_a_server_is_asked_for_no_more_than_it_takes(refused: tuple[str, ...], manner: int) -> None:
    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        bad = any(name in body for name in (*refused, "chat_template_kwargs" if refused else ""))
        return (400, {"error": {"message": "unsupported"}}) if bad else plainly(body)

    with opened(reply) as (mind, upstream):
        assert mind.manner == MANNERS[manner]
        mind.complete(ASKED)
        assert not upstream.bodies[-1].keys() & set(refused)


@pytest.mark.parametrize("status", [400, 500])
def test_where_no_system_is_taken_its_text_comes_first(status: int) -> None:
    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        return (status, {}) if body["messages"][0]["role"] == "system" else plainly(body)

    with opened(reply) as (mind, upstream):
        mind.complete(ASKED)
        assert upstream.bodies[-1]["messages"] == [{"role": "user", "content": "You trade.\n\nChoose."}]


def test_a_system_text_that_costs_nothing_was_not_read() -> None:
    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        return 200, completion("Blue.", {"messages": body["messages"][-1:]})

    with opened(reply) as (mind, _):
        assert not mind.manner.system_role
    for usage in ({}, {"prompt_tokens": 0}):
        with opened(lambda body, usage=usage: (200, plainly(body)[1] | {"usage": usage})) as (mind, _):
            assert mind.manner.system_role, "a server that counts nothing is believed"


@pytest.mark.parametrize("system_role", [True, False])
def test_the_beginning_stays_the_same_from_turn_to_turn(system_role: bool) -> None:
    manner = replace(MANNERS[0], system_role=system_role)
    turns = [json.dumps(body_of(MODEL, manner, replace(ASKED, prompt=text))["messages"]) for text in "ab"]
    beginnings = {turn.partition("You trade.")[0] + "You trade." for turn in turns}
    assert len(beginnings) == 1 and len(set(turns)) == 2
    assert all(turn.startswith(tuple(beginnings)) for turn in turns)


def test_a_constraint_that_is_refused_is_left_out_from_then_on() -> None:
    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        if body.get("grammar") == ASKED.grammar:
            return 400, {"error": "cannot parse"}
        return 200, completion(word_of(Dialect.GRAMMAR, body) or "Blue.", body)

    with opened(reply) as (mind, upstream):
        before = len(upstream.bodies)
        assert mind.complete(ASKED).text == mind.complete(ASKED).text == "Blue."
        assert ["grammar" in body for body in upstream.bodies[before:]] == [True, False, False]
        other = replace(ASKED, task=Task.SPEAK, grammar='root ::= "aye"')
        assert mind.complete(other).text == "aye"


@given(st.lists(st.sampled_from([*MARKS, "a", " ", "\n", "{price}", '["quill"]']) | st.text(), max_size=8).map("".join))
def test_no_mark_of_a_chat_survives(text: str) -> None:
    calm = disarmed(text)
    assert not any(mark in calm for mark in MARKS)
    assert calm.replace(" ", "") == text.replace(" ", "").encode("utf-8", "replace").decode()


@given(st.integers(), st.text(), st.text())
def test_any_request_can_be_posted(seed: int, system: str, prompt: str) -> None:
    body = body_of(MODEL, MANNERS[0], replace(ASKED, system=system, prompt=prompt, seed=seed))
    assert 0 <= json.loads(json.dumps(body).encode())["seed"] < 2**31


# ---- what comes back ----


@pytest.mark.parametrize("content", [b"[" * 100_000, b"[]", b"7", b"", b'{"a": 1' + b"0" * 5000 + b"}", b"\xff"])
def test_any_body_is_read_or_named(content: bytes) -> None:
    good = True
    with opened(lambda body: plainly(body) if good else (200, content)) as (mind, _):
        good = False
        with pytest.raises(MindFailed, match=r"not JSON|another shape"):
            mind.complete(ASKED)


def test_many_threads_get_their_own_answers() -> None:
    with opened(lambda body: (200, completion(f"seed {body.get('seed')}", body))) as (mind, _):
        got: dict[int, str] = {}

        def ask(seed: int) -> None:
            got[seed] = mind.complete(replace(ASKED, seed=seed)).text

        threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert got == {seed: f"seed {seed}" for seed in range(12)}
