"""How long a mind on a server is waited for: tries and waits, the circuit breaker, tokens counted, and the end."""

import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fivepenny.errors import MindFailed
from fivepenny.minds.exchange import Exchange
from fivepenny.minds.patience import FINAL, Breaker, Cause, Clock, Fault, Patience, persist, retry_after_seconds
from fivepenny.minds.remote import TEMPLATE_TOKENS, estimated_tokens, remote_mind
from misbehaving import HOST, TEMPLATE_WORDS, serving
from test_remote import ASKED, QUICK, opened, plainly

TODAY = datetime(1720, 10, 1, 12, 0, 0, tzinfo=UTC)


class Turn:
    """A turn against a list of outcomes, on a clock that only sleep moves."""

    def __init__(self, *outcomes: str | Fault, try_seconds: float = 0.0) -> None:
        self.outcomes, self.try_seconds = list(outcomes), try_seconds
        self.time = 0.0
        self.slept: list[float] = []
        self.given: list[float] = []

    def attempt(self, seconds: float) -> str | Fault:
        self.given.append(seconds)
        self.time += self.try_seconds
        return self.outcomes.pop(0)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def play(self, patience: Patience, seed: int = 1) -> tuple[str | Fault, int]:
        return persist(self.attempt, patience, lambda: self.time, self.sleep, Random(seed))


# ---- tries and waits ----


def test_a_turn_is_tried_until_it_is_answered() -> None:
    turn = Turn(Fault(Cause.SILENT), Fault(Cause.SERVER_ERROR), "aye")
    assert turn.play(Patience(tries=4, first_wait_seconds=1.0)) == ("aye", 3)
    first, second = turn.slept
    assert 0.5 <= first <= 1.0 <= second <= 2.0
    assert turn.given == [Patience().turn_seconds, 180.0 - first, 180.0 - first - second]


@pytest.mark.parametrize("cause", Cause)
def test_what_cannot_change_is_not_tried_again(cause: Cause) -> None:
    turn = Turn(*[Fault(cause)] * 4)
    assert turn.play(Patience(tries=4))[1] == (1 if cause in FINAL else 4)


def test_what_the_server_asks_for_is_waited_and_no_less() -> None:
    turn = Turn(Fault(Cause.BUSY, "", 30.0), "aye")
    assert turn.play(Patience()) == ("aye", 2)
    assert 30.0 <= turn.slept[0] <= 30.5


def test_a_wait_that_outlasts_the_turn_is_not_begun() -> None:
    turn = Turn(Fault(Cause.BUSY, "", 180.0), "aye")
    assert turn.play(Patience()) == (Fault(Cause.BUSY, "", 180.0), 1)
    assert turn.slept == []


@given(
    st.lists(st.floats(0, 100) | st.none(), min_size=30, max_size=30), st.integers(1, 25), st.floats(0, 50),
    st.integers(0, 99),
)  # fmt: skip
def test_a_turn_keeps_its_budget(waits: list[float | None], tries: int, try_seconds: float, seed: int) -> None:
    patience = Patience(tries=tries, turn_seconds=120.0)
    faults = [Fault(Cause.BUSY, "", wait) for wait in waits]
    turn, twin = Turn(*faults, try_seconds=try_seconds), Turn(*faults, try_seconds=try_seconds)
    _, tried = turn.play(patience, seed)
    assert tried <= tries
    assert turn.time - try_seconds < 120.0, "nothing begins after the turn's seconds"
    assert all(seconds > 0 for seconds in turn.given)
    twin.play(patience, seed)
    assert (turn.slept, turn.given) == (twin.slept, twin.given)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0), (" 12 ", 12.0), ("Tue, 01 Oct 1720 12:00:40 GMT", 40.0), ("Tue, 01 Oct 1720 11:00:00 GMT", 0.0),
        (None, None), ("", None), ("soon", None), ("-3", None), ("1e9", None), ("9" * 40, None), ("²", None),
        ("Tue, 99 Oct 1720 12:00:40 GMT", None),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, TODAY) == seconds


@given(st.text() | st.text("0123456789 :,GMTOctue+-"))
def test_any_retry_after_is_read(header: str) -> None:
    seconds = retry_after_seconds(header, TODAY)
    assert seconds is None or seconds >= 0


# ---- the circuit breaker ----


def test_a_breaker_rests_tries_once_and_closes() -> None:
    breaker = Breaker(failed_turns=2, rested_turns=3)

    def turn(answered: bool) -> bool:
        admitted = breaker.admits()
        if admitted:
            breaker.record(answered=answered)
        return admitted

    assert [turn(answered) for answered in (False, True, False, False)] == [True] * 4
    assert [turn(False) for _ in range(8)] == [False, False, False, True, False, False, False, True]
    assert [turn(True) for _ in range(5)] == [False, False, False, True, True]
    assert turn(False) and turn(True), "one failure after a recovery is not two"


def test_only_one_turn_is_on_trial() -> None:
    breaker = Breaker(failed_turns=1, rested_turns=0)
    breaker.admits()
    breaker.record(answered=False)
    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.record(answered=True)
    assert [breaker.admits(), breaker.admits()] == [True, True]


def test_a_request_that_is_refused_says_nothing_against_the_server() -> None:
    good = True
    with opened(lambda body: plainly(body) if good else (400, {})) as (mind, _):
        good = False
        for _ in range(6):
            with pytest.raises(MindFailed, match=r"request refused, status 400 \(tried once\)"):
                mind.complete(ASKED)


def test_a_resting_circuit_is_a_cause_of_its_own() -> None:
    good = True
    with opened(lambda body: plainly(body) if good else (503, {})) as (mind, _):
        good = False
        causes = []
        for _ in range(QUICK.failed_turns + QUICK.rested_turns):
            with pytest.raises(MindFailed) as caught:
                mind.complete(ASKED)
            causes.append(caught.value.cause)
    assert causes == [Cause.SERVER_ERROR] * QUICK.failed_turns + [Cause.RESTING] * QUICK.rested_turns


# ---- tokens ----


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("abc", 1), ("abcd", 2), ("道", 3), ("aé", 3), ("\ud800", 1)])
def test_an_estimate_is_on_the_safe_side(text: str, tokens: int) -> None:
    assert estimated_tokens(text) == tokens


def _llama_style(body: Mapping[str, Any]) -> tuple[int, object]:
    return 200, {"tokens": body.get("content", "").split()}


def _vllm_style(body: Mapping[str, Any]) -> tuple[int, object]:
    words = sum(len(message["content"].split()) for message in body.get("messages", ()))
    return (200, {"count": words + TEMPLATE_WORDS}) if words else (422, {})


@pytest.mark.parametrize("style", [_llama_style, _vllm_style])
def test_a_server_that_counts_is_believed(style: Any) -> None:
    with opened(plainly, {"/tokenize": style}) as (mind, _):
        assert mind.count_tokens("one two", "three") == 3 + TEMPLATE_WORDS
        assert mind.complete(replace(ASKED, system="one two", prompt="three")).prompt_tokens == 3 + TEMPLATE_WORDS


def test_a_server_that_stops_counting_is_not_asked_until_it_answers() -> None:
    counts = True

    def tokenize(body: Mapping[str, Any]) -> tuple[int, object]:
        return _vllm_style(body) if counts else (500, {})

    with opened(plainly, {"/tokenize": tokenize}) as (mind, upstream):
        counts, before = False, len(upstream.paths)
        estimate = 3 + 2 + TEMPLATE_TOKENS
        assert [mind.count_tokens("one two", "three") for _ in range(3)] == [estimate] * 3
        assert upstream.paths[before:] == ["/tokenize"]
        counts = True
        mind.complete(ASKED)
        assert mind.count_tokens("one two", "three") == 3 + TEMPLATE_WORDS


def test_without_a_tokenizer_the_estimate_counts() -> None:
    with opened(lambda body: (200, plainly(body)[1] | {"usage": {}})) as (mind, upstream):
        reply = mind.complete(ASKED)
        assert reply.prompt_tokens == mind.count_tokens(ASKED.system, ASKED.prompt) == 4 + 3 + TEMPLATE_TOKENS
        assert reply.completion_tokens == 2
        assert upstream.paths.count("/tokenize") == 2, "asked once in each style, at opening"


# ---- the wire, and the end ----


def test_a_connection_that_is_not_taken_is_given_up() -> None:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex((HOST, port))
        exchange = Exchange(HOST, "", Patience(connect_seconds=0.2), Clock())
        fault = exchange.get(f"http://{HOST}:{port}/v1/models", 5.0)
        exchange.close()
        for one in crowd:
            one.close()
    assert fault == Fault(Cause.SLOW_CONNECTION)


def test_headers_that_drip_are_cut_off() -> None:
    """No single wait is long, so only the watch on the whole turn can end it."""
    done = threading.Event()

    def drip(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            while not done.wait(0.02):
                try:
                    client.sendall(b"HTTP/1.1 200 OK\r\nX: "[:1])
                except OSError:
                    return

    with socket.create_server((HOST, 0)) as listener:
        server = threading.Thread(target=drip, args=(listener,))
        server.start()
        exchange = Exchange(HOST, "", Patience(silence_seconds=5.0), Clock())
        started = time.monotonic()
        fault = exchange.get(f"http://{HOST}:{listener.getsockname()[1]}/", 0.4)
        took = time.monotonic() - started
        done.set()
        server.join()
        exchange.close()
    assert fault == Fault(Cause.OUT_OF_TIME)
    assert took < 3.0


def test_closing_ends_a_call_in_flight_and_a_wait() -> None:
    slow, release = threading.Event(), threading.Event()

    def reply(body: Mapping[str, Any]) -> tuple[int, object]:
        if slow.is_set() and body.get("seed") == 1:
            release.wait(20)
        return (503, {}) if slow.is_set() else plainly(body)

    patience = replace(QUICK, first_wait_seconds=15.0, most_wait_seconds=15.0)
    with serving(reply) as upstream:
        mind = remote_mind(upstream.reference, patience=patience)
        slow.set()
        failures: list[str] = []

        def ask(seed: int) -> None:
            try:
                mind.complete(replace(ASKED, seed=seed))
            except MindFailed as error:
                failures.append(str(error))

        asking = [threading.Thread(target=ask, args=(seed,)) for seed in (1, 2)]
        for thread in asking:
            thread.start()
        time.sleep(0.3)
        mind.close()
        mind.close()
        for thread in asking:
            thread.join(5)
        alive = [thread.is_alive() for thread in asking]
        release.set()
    assert alive == [False, False]
    assert all("closed" in failure for failure in failures) and len(failures) == 2
    with pytest.raises(MindFailed, match="closed; open the mind again") as caught:
        mind.complete(ASKED)
    assert caught.value.cause == Cause.CLOSED
    assert mind.count_tokens("a", "b") > 0


def test_at_least_one_token_is_asked_for() -> None:
    with opened(plainly) as (mind, _), pytest.raises(MindFailed, match="allow at least 1") as caught:
        mind.complete(replace(ASKED, max_tokens=0))
    assert caught.value.cause == Cause.REQUEST_REFUSED
