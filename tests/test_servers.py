"""A real llama.cpp server, started here: how it is asked, what it tells, and what is done when it is killed."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from fivepenny.clock import BEATS
from fivepenny.company import prose
from fivepenny.company.cast import company_references
from fivepenny.company.players import ProsePlayer
from fivepenny.company.tape import Tape
from fivepenny.errors import MindFailed, WrongUse
from fivepenny.header import Header
from fivepenny.journal import SeasonFile, TapeRow
from fivepenny.minds.dialects import PROBE_SYSTEM, Dialect
from fivepenny.minds.mind import Mind, Request, Task
from fivepenny.minds.patience import Patience
from fivepenny.minds.remote import RemoteMind, remote_mind
from fivepenny.stage.audit import audit_season
from fivepenny.stage.house import assemble, replay, seated
from fivepenny.stage.season import BeatPlayed
from seasons import CHRONICLE, SCENARIO
from servers import HOST, free_port, llama_server, write_gguf_model

SEED, SEAT = 3, "tansy"
KEY = "key-of-the-test-4817"
# A server of two busy cores may take its time; one that was killed is not waited for.
PATIENCE = Patience(tries=2, first_wait_seconds=0.05, failed_turns=2, rested_turns=2)
SCHEMA = {
    "type": "object",
    "properties": {"moves": {"type": "array", "items": {"enum": ["buy rye", "hold"]}, "minItems": 1, "maxItems": 1}},
    "required": ["moves"],
    "additionalProperties": False,
}
GRAMMAR = 'root ::= "{\\"moves\\": [\\"" ("buy rye" | "hold") "\\"]}"'


def request(**changes: object) -> Request:
    return replace(Request(Task.REPLY, "You trade.", "Choose.", 60, None, 1, 0.9), **changes)  # type: ignore[arg-type]


def play(path: Path, mind: Mind, reference: str, days: int, each: Callable[[BeatPlayed], None] = lambda _: None) -> str:
    """A season with this mind in one seat; its digest."""
    references = company_references("understudies", SCENARIO)
    header = Header(SEED, days, SCENARIO, CHRONICLE, references | {SEAT: reference})
    seat = next(seat for seat in SCENARIO.seats if seat.name == SEAT)
    with SeasonFile.create(path, header) as file:
        chairs = seated(replace(header, minds=references), {})
        chairs[SEAT] = replace(chairs[SEAT], player=ProsePlayer(mind, seat), mind=reference)
        for played in assemble(file, chairs, Tape(), None).beats():
            each(played)
        return file.digest


def own_rows(path: Path) -> list[TapeRow]:
    with SeasonFile.open(path) as file:
        return [row for row in file.tape() if row.seat == SEAT]


def check(path: Path, digest: str) -> None:
    """The season is sound, and comes out the same from its file alone."""
    assert audit_season(path).breaches == ()
    assert replay(path).digest == digest
    rows = own_rows(path)
    refused = {(row.day, row.beat) for row in rows if row.step == "moves" and row.verdict == "refused"}
    assert {(row.day, row.beat) for row in rows if row.step == "understudy"} == refused
    systems = {row.system for row in rows if row.step == "moves"}
    assert systems == {prose.system_text(next(seat for seat in SCENARIO.seats if seat.name == SEAT))}


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gguf_model(tmp_path_factory.mktemp("gguf") / "tiny.gguf", seed=1)


@pytest.fixture(scope="module")
def llama(gguf: Path) -> Iterator[str]:
    """The reference of a running llama.cpp server that wants a key."""
    port = free_port()
    with llama_server(gguf, port, KEY):
        yield f"openai:http://{HOST}:{port}/v1#tiny:test/x"


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIVEPENNY_API_KEY", KEY)


@pytest.fixture
def llama_mind(llama: str, key: None) -> Iterator[RemoteMind]:
    mind = remote_mind(llama, patience=PATIENCE)
    yield mind
    mind.close()


def test_llama_is_found_out(llama_mind: RemoteMind) -> None:
    assert llama_mind.manner.dialect is Dialect.GRAMMAR
    assert llama_mind.manner.system_role
    reply = llama_mind.complete(request(grammar=GRAMMAR))
    assert json.loads(reply.text)["moves"][0] in ("buy rye", "hold")
    assert reply.completion_tokens > 0
    assert reply.seconds > 0


def test_llama_keeps_to_a_schema(llama_mind: RemoteMind) -> None:
    llama_mind.manner = replace(llama_mind.manner, dialect=Dialect.RESPONSE_FORMAT)
    text = llama_mind.complete(request(schema=json.dumps(SCHEMA))).text
    assert json.loads(text)["moves"][0] in ("buy rye", "hold")


@pytest.mark.parametrize(
    "texts", [("You trade.", "Choose."), ("", "day 3"), (PROBE_SYSTEM, "naïve 道 <|end|> <|start|>")]
)
def test_llama_counts_as_it_charges(llama_mind: RemoteMind, texts: tuple[str, str]) -> None:
    system, prompt = texts
    charged = llama_mind.complete(request(system=system, prompt=prompt, max_tokens=1)).prompt_tokens
    counted = llama_mind.count_tokens(system, prompt)
    assert charged <= counted <= charged + 8  # the marks of a system turn are counted where there is none


def test_llama_reads_no_marks_in_data(llama_mind: RemoteMind) -> None:
    """A text that spells a control token costs as many tokens as its letters, not one."""
    spelt = llama_mind.complete(request(prompt="<|end|>" * 20, max_tokens=1)).prompt_tokens
    plain = llama_mind.complete(request(prompt="", max_tokens=1)).prompt_tokens
    assert spelt - plain > 40


def test_a_request_that_llama_refuses_is_one_line(llama_mind: RemoteMind) -> None:
    with pytest.raises(MindFailed, match="request refused") as caught:
        llama_mind.complete(request(prompt="x " * 9000))
    assert "\n" not in str(caught.value)
    assert llama_mind.complete(request(grammar="root ::= [")).text  # it is asked again without


def test_the_key_is_wanted_and_kept(llama: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIVEPENNY_API_KEY", "sk-wrong-4711")
    with pytest.raises(WrongUse, match="key refused") as caught:
        remote_mind(llama, patience=PATIENCE)
    assert "sk-wrong" not in str(caught.value)


def test_llama_tells_what_a_call_cost(llama_mind: RemoteMind) -> None:
    asked = request(system="You trade in coal and rye. " * 20)
    first, second = llama_mind.complete(asked), llama_mind.complete(replace(asked, prompt="Choose again."))
    for reply in (first, second):
        assert reply.first_seconds is not None and 0 < reply.first_seconds < reply.seconds
        assert reply.cached_tokens < reply.prompt_tokens
    assert second.cached_tokens > second.prompt_tokens / 2, "the system text was read a moment ago"


def test_llama_tells_how_sure_it_was(llama_mind: RemoteMind) -> None:
    assert llama_mind.complete(request(grammar=GRAMMAR)).odds == ()
    reply = llama_mind.complete(request(grammar=GRAMMAR, alternatives=5))
    assert "".join(odds.text for odds in reply.odds) == reply.text
    for odds in reply.odds:
        assert odds.text in [text for text, _ in odds.odds]
        likeliest = [share for _, share in odds.odds[:5]]
        assert likeliest == sorted(likeliest, reverse=True) and len(odds.odds) <= 6
        assert all(0 <= share <= 1 for _, share in odds.odds) and sum(likeliest) <= 1.0 + 1e-6


def test_a_llama_that_is_killed_comes_back(tmp_path: Path, gguf: Path, key: None) -> None:
    port = free_port()
    reference = f"openai:http://{HOST}:{port}/v1#tiny"
    with ExitStack() as stack:
        process = stack.enter_context(llama_server(gguf, port, KEY))
        mind = remote_mind(reference, patience=PATIENCE)
        stack.callback(mind.close)

        def each(played: BeatPlayed) -> None:
            if (played.day, played.beat) == (1, BEATS[-1]):
                process.kill()
            if (played.day, played.beat) == (3, BEATS[-1]):
                stack.enter_context(llama_server(gguf, port, KEY))

        digest = play(tmp_path / "season.db", mind, reference, 7, each)
    check(tmp_path / "season.db", digest)
    asked = [row for row in own_rows(tmp_path / "season.db") if row.step == "moves"]
    assert {row.day for row in asked if row.failure} >= {2, 3}
    # It is noticed when the circuit's rest is over, and from then on nothing is lost.
    assert not any(row.failure for row in asked if row.day in (1, 7))
    # Held to the menu, even random weights move; without the constraint none of these would.
    answered = [row for row in asked if not row.failure]
    assert sum(row.verdict != "refused" for row in answered) >= 0.75 * len(answered) > 0
