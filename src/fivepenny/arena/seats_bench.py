"""`bench seats`: how much of a model's own speed is left when it plays, beside a bare server in the same run.

One model sits in all five seats of a season. Every request that it answers is kept, and the very same prompts, as
token ids, are then given to a bare xllamacpp server, one after another; season and server take turns, each warm. Where
the engine keeps nothing from prompt to prompt, the server's replies are the season's, word for word.

Two times are set against the server's. *While asked*: the union of the calls' intervals, in which the model had
something to answer. *Wall time*: the whole season, the world's own work included. Tokens a second count prompts and
replies together, cached tokens too. A second server is timed with llama.cpp's own prompt cache, which makes a reply
depend on what was asked before it. This module does not know what a request says.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fivepenny.arena.bare_server import BareServer
from fivepenny.arena.engine_bench import union_seconds
from fivepenny.errors import CheckFailed, WrongUse
from fivepenny.minds.catalogue import models_folder, seat_mind
from fivepenny.minds.gguf import read_head
from fivepenny.minds.mind import Completion, Mind, Request, Wording
from fivepenny.minds.wrapping import WrappedMind
from fivepenny.stage.rehearsal import SCENARIO, rehearse

MODEL = "house:quill"
DAYS = 10
COMPANY = "house"  # five references, each of which the one model answers to


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was answered, its answer, and when it began and ended, in seconds of one clock."""

    request: Request
    completion: Completion
    started: float
    ended: float


class WatchedMind(WrappedMind):
    """A mind that leaves its answered calls in a list; whoever opened the mind closes it."""

    def __init__(self, mind: Mind, calls: list[Call]) -> None:
        """Wraps this mind."""
        super().__init__(mind)
        self._calls = calls

    def complete(self, request: Request) -> Completion:
        """The mind's; a call that fails is not kept."""
        started = time.perf_counter()
        completion = super().complete(request)
        self._calls.append(Call(request, completion, started, time.perf_counter()))
        return completion

    def close(self) -> None:
        """Nothing: others share the mind."""


@dataclass(slots=True)
class Tally:
    """Sums over calls: tokens, and the seconds they are set against."""

    players: str
    calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0

    def add(self, prompt_tokens: int, cached_tokens: int, completion_tokens: int) -> None:
        """Count one call; its seconds are added apart."""
        self.calls += 1
        self.prompt_tokens += prompt_tokens
        self.cached_tokens += cached_tokens
        self.completion_tokens += completion_tokens

    @property
    def rate(self) -> float:
        """Tokens a second, of prompts and replies."""
        return (self.prompt_tokens + self.completion_tokens) / self.seconds

    @property
    def cached_share(self) -> float:
        """The share of the prompt tokens that came out of a cache."""
        return self.cached_tokens / self.prompt_tokens

    def row(self) -> dict[str, Any]:
        """As a row of the table."""
        return {
            "what": self.players,
            "calls": self.calls,
            "prompt tokens": self.prompt_tokens,
            "reply tokens": self.completion_tokens,
            "share cached": round(self.cached_share, 3),
            "seconds": round(self.seconds, 3),
            "tokens a second": round(self.rate),
        }


@dataclass(slots=True)
class _Sums:
    asked: Tally = field(default_factory=lambda: Tally("season, while asked"))
    wall: Tally = field(default_factory=lambda: Tally("season, wall time"))
    bare: Tally = field(default_factory=lambda: Tally("bare server"))
    cached: Tally = field(default_factory=lambda: Tally("bare server, its prompt cache on"))
    same: int = 0


def bench_seats(seeds: int, model: str = MODEL, days: int = DAYS) -> dict[str, Any]:
    """Throughput over seasons with the seeds 1 to `seeds`; `ratios` are season to server.

    `model` is a model file of this machine, as `house:NAME` or `gguf:PATH`. Raises WrongUse for another reference,
    MissingPart where the file or the engine is not there, CheckFailed where the model answered nothing.
    """
    head = read_head(_path_of(model))
    sums = _Sums()
    mind = seat_mind(model)
    try:
        for seed in range(1, seeds + 1):
            calls, seconds = _play(seed, days, mind)
            if not calls:
                raise CheckFailed(f"{model} answered nothing in {days} days; see: fivepenny models check {model}")
            _add_season(sums, calls, seconds)
            for tally, prompt_cache in ((sums.bare, False), (sums.cached, True)):
                texts = _ask_bare(tally, calls, mind.card.wording, BareServer(head, prompt_cache=prompt_cache))
                same = sum(text == call.completion.text for text, call in zip(texts, calls, strict=True))
                sums.same += 0 if prompt_cache else same
    finally:
        mind.close()
    return _found(sums, model, seeds, days)


def _path_of(model: str) -> Path:
    scheme, _, rest = model.partition(":")
    if scheme == "house" and rest:
        return models_folder() / f"{rest}.gguf"
    if scheme == "gguf" and rest:
        return Path(rest)
    raise WrongUse(f"{model!a} is no model file of this machine; write house:NAME or gguf:PATH")


def _play(seed: int, days: int, mind: Mind) -> tuple[list[Call], float]:
    """The calls of a season in the order in which they ended, and its wall seconds."""
    calls: list[Call] = []
    season = rehearse(seed, days, COMPANY, lambda _: WatchedMind(mind, calls))
    return calls, season.seconds


def _add_season(sums: _Sums, calls: Iterable[Call], seconds: float) -> None:
    for tally in (sums.asked, sums.wall):
        for done in (call.completion for call in calls):
            tally.add(done.prompt_tokens, done.cached_tokens, done.completion_tokens)
    sums.asked.seconds += union_seconds((call.started, call.ended) for call in calls)
    sums.wall.seconds += seconds


def _ask_bare(tally: Tally, calls: list[Call], wording: Wording, server: BareServer) -> list[str]:
    """Put the calls to the server, which is closed after them; its replies."""
    requests = [call.request for call in calls]
    texts = []
    try:
        prompts = server.encode(requests, wording)
        server.answer(prompts[-1], requests[-1])  # a first call pays for what is laid out once
        for ids, request in zip(prompts, requests, strict=True):
            started = time.perf_counter()
            answer = server.answer(ids, request)
            tally.seconds += time.perf_counter() - started
            tally.add(answer.prompt_tokens, answer.cached_tokens, answer.completion_tokens)
            texts.append(answer.text)
    finally:
        server.close()
    return texts


def _found(sums: _Sums, model: str, seeds: int, days: int) -> dict[str, Any]:
    return {
        "bench": "seats",
        "scenario": SCENARIO,
        "model": model,
        "seeds": seeds,
        "days": days,
        "table": [tally.row() for tally in (sums.asked, sums.wall, sums.bare, sums.cached)],
        "ratios": {
            "while asked, to the bare server": round(sums.asked.rate / sums.bare.rate, 3),
            "wall time, to the bare server": round(sums.wall.rate / sums.bare.rate, 3),
            "while asked, to the bare server with its prompt cache on": round(sums.asked.rate / sums.cached.rate, 3),
        },
        "share of prompt tokens cached in the season": round(sums.asked.cached_share, 3),
        "share of the bare server's replies that are the season's": round(sums.same / sums.bare.calls, 3),
    }
