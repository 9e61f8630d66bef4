"""Kept beginnings of prompts: the same replies in any order and from any moment, and an honest count of what was kept.

The models are real files of four architectures with random weights, among them one with a sliding window and one whose
layers hold a state instead of past tokens.
"""

import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import gguf
import pytest
import torch

from academy_samples import sample_tokenizer, tiny_recipe
from fivepenny.academy.export import write_gguf
from fivepenny.academy.families import build
from fivepenny.academy.recipe import Family
from fivepenny.minds.chat import ChatEncoder
from fivepenny.minds.engine import Engine
from fivepenny.minds.gguf import read_head
from fivepenny.minds.llama import LlamaMind, card_of, file_mind, house_mind
from fivepenny.minds.mind import Completion, Request, Task, TokenOdds, Wording
from fivepenny.minds.openings import OPENINGS_MAX, Openings, clear_left_behind

CONTEXT_TOKENS = 2048
WINDOW_TOKENS = 64
SYSTEMS = tuple(f"You are {name}. " + "buy rye sell wool hold lend " * 20 for name in ("marrow", "quill", "vesper"))
FAMILIES = (Family.LLAMA, Family.QWEN3, Family.GEMMA3, Family.LFM2)


def write_model(family: Family, path: Path) -> Path:
    """A model of weights large enough that each token of a prompt matters to its reply."""
    recipe = tiny_recipe(family)
    recipe = replace(recipe, shape=replace(recipe.shape, context=CONTEXT_TOKENS))
    model = build(recipe)
    lot = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for weight in model.parameters():
            noise = torch.randn(weight.shape, generator=lot)
            weight.copy_(noise * 0.15 if weight.ndim > 1 else weight + noise * 0.2)
    write_gguf(recipe, model, sample_tokenizer(), path)
    if family is Family.GEMMA3:
        window = gguf.GGUFReader(path, "r+").fields["gemma3.attention.sliding_window"]
        window.parts[window.data[0]][0] = WINDOW_TOKENS
    return path


def opened(path: Path) -> LlamaMind:
    """The mind that `file_mind` makes of a lab's file (these say that they are the academy's)."""
    head = read_head(path)
    engine = Engine(head, keeps_openings=True)
    return LlamaMind(card_of(head, Wording.PROSE), engine, ChatEncoder(engine.post, head))


@pytest.fixture(scope="module", params=FAMILIES)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(request.param, tmp_path_factory.mktemp("kept") / f"{request.param.value}.gguf")


@pytest.fixture
def mind(models_path: Path) -> Iterator[LlamaMind]:
    with closing(file_mind(models_path / "marrow.gguf")) as mind:
        yield mind


def ask(number: int, system: str = SYSTEMS[0], temperature: float = 0.7, **changes: object) -> Request:
    prompt = f"day {number}: " + "rye wool buy sell "[number % 7 :] * (1 + number % 5)
    return replace(Request(Task.REPLY, system, prompt, 24, None, number, temperature), **changes)


def requests() -> list[Request]:
    """Forty prompts over three system texts, half of them drawn, half of them greedy."""
    return [ask(number, SYSTEMS[number % 3], 0.7 if number % 2 else 0.0) for number in range(40)]


def played(path: Path, asked: Sequence[Request]) -> dict[str, Completion]:
    """The replies of a fresh engine to these requests in this order, by prompt; the odds tell every last bit."""
    with closing(opened(path)) as mind:
        return {request.prompt: mind.complete(replace(request, alternatives=3)) for request in asked}


def said(replies: Mapping[str, Completion]) -> dict[str, tuple[str, tuple[TokenOdds, ...]]]:
    return {prompt: (reply.text, reply.odds) for prompt, reply in replies.items()}


def shuffled(asked: Sequence[Request]) -> list[Request]:
    return random.Random(1).sample(asked, len(asked))


def test_a_reply_does_not_depend_on_what_was_asked_before(model: Path) -> None:
    asked = requests()
    first = played(model, asked)
    assert len({reply.odds for reply in first.values()}) == len(asked)
    assert sum(reply.cached_tokens > 0 for reply in first.values()) == len(asked) - len(SYSTEMS)
    assert said(played(model, shuffled(asked))) == said(first)
    late = played(model, asked[20:])
    assert said(late) == {prompt: reply for prompt, reply in said(first).items() if prompt in late}


def test_the_order_would_be_seen_in_the_replies(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control: with the engine's own cache, which starts from whatever was asked before.

    LFM2's state cannot be cut back to where two prompts part, so the engine's own cache never serves it.
    """
    monkeypatch.setattr(Openings, "lay", lambda *_: True)
    asked = requests()
    first, other = played(model, asked), played(model, shuffled(asked))
    served = any(reply.cached_tokens for reply in first.values())
    assert served is (said(first) != said(other)) is (model.stem != Family.LFM2)


def test_the_engine_counts_what_it_kept(model: Path) -> None:
    with closing(opened(model)) as mind:
        empty = mind.count_tokens(SYSTEMS[0], "")
        counts = [mind.complete(ask(number, system)) for number, system in enumerate([*SYSTEMS, *SYSTEMS, SYSTEMS[0]])]
    assert [completion.cached_tokens for completion in counts[:3]] == [0, 0, 0], "what was computed now was not kept"
    assert all(0 < count.cached_tokens < count.prompt_tokens for count in counts[3:])
    assert counts[3].cached_tokens == counts[6].cached_tokens
    assert empty - 3 <= counts[3].cached_tokens <= empty


def test_nothing_is_kept_without_a_system_text(mind: LlamaMind) -> None:
    assert {mind.complete(ask(number, "")).cached_tokens for number in range(4)} == {0}


def test_a_house_mind_keeps_nothing(models_path: Path) -> None:
    with closing(house_mind(models_path / "marrow.gguf", models_path / "tokenizer.json")) as house:
        assert {house.complete(ask(3, "You sit.")).cached_tokens for _ in range(3)} == {0}


def folders_of(mind: LlamaMind) -> Path:
    openings = mind._engine._openings
    assert openings is not None
    return openings.folder


def test_a_state_that_is_lost_or_spoilt_is_computed_anew(mind: LlamaMind) -> None:
    asked = [ask(number) for number in range(6)]
    before = [mind.complete(request) for request in asked]
    for spoil in (Path.unlink, lambda state: state.write_bytes(b"no state"), lambda state: state.write_bytes(b"")):
        (state,) = folders_of(mind).iterdir()
        spoil(state)
        after = [mind.complete(request) for request in asked]
        assert [reply.text for reply in after] == [reply.text for reply in before]
        assert [reply.cached_tokens > 0 for reply in after] == [reply.cached_tokens > 0 for reply in before]


def test_where_nothing_can_be_saved_the_replies_are_the_same(mind: LlamaMind) -> None:
    before = [mind.complete(ask(number)).text for number in range(4)]
    (state,) = folders_of(mind).iterdir()
    state.unlink()
    folders_of(mind).rmdir()
    replies = [mind.complete(ask(number)) for number in range(4)]
    assert [reply.text for reply in replies] == before
    assert {reply.cached_tokens for reply in replies} == {0}


def test_the_states_are_few_and_private_and_go_with_the_mind(models_path: Path) -> None:
    with closing(file_mind(models_path / "marrow.gguf")) as mind:
        folder = folders_of(mind)
        first = mind.complete(ask(1, "You are 0."))
        for number in range(OPENINGS_MAX + 3):
            mind.complete(ask(1, f"You are {number}."))
            assert len(list(folder.iterdir())) <= OPENINGS_MAX
        assert folder.stat().st_mode & 0o077 == 0
        again = mind.complete(ask(1, "You are 0."))
        assert (again.text, again.cached_tokens) == (first.text, 0), "the oldest had to go"
        assert mind.complete(ask(1, f"You are {OPENINGS_MAX}.")).cached_tokens > 0
    assert not folder.exists()


# ---- time, and alternatives ----


def test_the_first_token_comes_before_the_last(mind: LlamaMind) -> None:
    for request in (ask(1, max_tokens=60), ask(2, ""), ask(3, max_tokens=1)):
        completion = mind.complete(request)
        assert completion.first_seconds is not None
        assert 0 < completion.first_seconds <= completion.seconds


PLAIN = "root ::= [a-z ]+"  # letters alone, so that every token ends a character
REPLY = 'root ::= "{\\"moves\\":[\\"" ("buy rye" | "sell tar" | "hold") "\\"]}"'


@pytest.mark.parametrize("grammar", [None, PLAIN, REPLY])
@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_alternatives_do_not_change_the_reply(mind: LlamaMind, grammar: str | None, temperature: float) -> None:
    for number in range(6):
        request = ask(number, grammar=grammar, temperature=temperature)
        bare, told = mind.complete(request), mind.complete(replace(request, alternatives=5))
        assert (bare.text, bare.completion_tokens, bare.odds) == (told.text, told.completion_tokens, ())
        assert told.odds
        assert all(len(token.odds) == 5 for token in told.odds)


@pytest.mark.parametrize("grammar", [PLAIN, REPLY])
def test_each_token_has_its_odds(mind: LlamaMind, grammar: str) -> None:
    told = mind.complete(ask(1, grammar=grammar, alternatives=3))
    assert "".join(token.text for token in told.odds) == told.text
    assert len(told.odds) in (told.completion_tokens, told.completion_tokens - 1)  # the end may be one too
    for token in told.odds:
        chances = [chance for _, chance in token.odds]
        assert all(higher >= lower for higher, lower in pairwise(chances))
        assert 0 < sum(chances) < 1


def test_odds_are_those_before_constraint_and_sampler(mind: LlamaMind, models_path: Path) -> None:
    """They add up to one over the whole vocabulary, and the first token's are the same however it was drawn."""
    whole = len(read_head(models_path / "marrow.gguf").items("tokenizer.ggml.tokens"))
    drawn = mind.complete(ask(1, grammar=REPLY, alternatives=whole)).odds[0]
    free = mind.complete(ask(1, temperature=0.0, seed=9, alternatives=whole)).odds[0]
    assert drawn.odds == free.odds
    assert sum(chance for _, chance in drawn.odds) == pytest.approx(1, abs=1e-4)
    assert drawn.text.startswith("{") and free.text == free.odds[0][0]


def test_what_a_killed_process_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    names = [f"fivepenny-openings-{process.pid}-gone", f"fivepenny-openings-{os.getpid()}-here", "fivepenny-openings-x"]
    names += [f"fivepenny-openings-{9**40}-never", "others-1-kept"]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.state").write_bytes(b"state")
    clear_left_behind(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([names[1], names[2], names[4]])
