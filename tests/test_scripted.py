"""The scripted mind says its lines and remembers what it was asked."""

import threading

import pytest

from fivepenny.errors import MindFailed
from fivepenny.minds.mind import Completion, Mind, MindCard, Request, Task, Wording
from fivepenny.minds.scripted import SCRIPTED_CARD, ScriptedMind


def ask(prompt: str) -> Request:
    return Request(Task.SPEAK, "", prompt, 8, None, 1, 0.0)


def test_a_queue_is_said_in_order_and_remembered() -> None:
    mind: Mind = ScriptedMind(["one two", "three"])
    assert mind.card == SCRIPTED_CARD
    assert mind.complete(ask("a b c")) == Completion("one two", 3, 2, 0.0)
    assert mind.complete(ask("d")).text == "three"
    with pytest.raises(MindFailed, match="no answer left"):
        mind.complete(ask("e"))
    assert isinstance(mind, ScriptedMind)
    assert [request.prompt for request in mind.requests] == ["a b c", "d", "e"]


def test_a_function_sees_the_request() -> None:
    mind = ScriptedMind(lambda request: request.prompt.upper())
    assert [mind.complete(ask(text)).text for text in ("rye", "tar")] == ["RYE", "TAR"]


def test_a_script_may_hold_completions_and_faults() -> None:
    whole = Completion("x", 7, 8, 9.0)
    mind = ScriptedMind([whole, MindFailed("asleep"), TimeoutError("late")])
    assert mind.complete(ask("a")) is whole
    with pytest.raises(MindFailed, match="asleep"):
        mind.complete(ask("b"))
    with pytest.raises(TimeoutError):
        mind.complete(ask("c"))


def test_a_closed_script_fails() -> None:
    card = MindCard("Quill", "Lab", "script", 0, Wording.PROSE)
    mind = ScriptedMind(["x"], card)
    mind.close()
    mind.close()
    assert mind.card is card
    with pytest.raises(MindFailed, match="closed"):
        mind.complete(ask("a"))


def test_a_script_is_asked_from_threads() -> None:
    mind = ScriptedMind(lambda request: "a b")

    def play() -> None:
        for _ in range(200):
            mind.complete(ask("x"))

    threads = [threading.Thread(target=play) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mind.requests) == 800
