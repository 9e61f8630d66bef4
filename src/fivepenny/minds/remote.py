"""Minds behind servers that speak as OpenAI's does: vLLM, Ollama, llama-server, LM Studio, SGLang, TGI and more.

A reference is `openai:BASE_URL#model`. Only `/chat/completions` is needed; `/models` and `/tokenize` are used where
they are. A key goes nowhere but into the request's headers. This module knows nothing of menus, moves or seats, and
it never repairs a reply; of a reply that holds thought and speech it gives the speech.
"""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from fivepenny.errors import MindFailed, MissingPart, UnknownMind, WrongUse
from fivepenny.minds.answers import Said, read_answer
from fivepenny.minds.dialects import (
    PROBE_PROMPT,
    PROBE_SYSTEM,
    Manner,
    body_of,
    find_manner,
    messages_of,
)
from fivepenny.minds.keys import OWN_KEY, key_advice, key_for
from fivepenny.minds.mind import Completion, MindCard, Request, Task, Wording
from fivepenny.minds.patience import Breaker, Cause, Clock, Fault, Patience, persist

if TYPE_CHECKING:
    from fivepenny.minds.exchange import Exchange

KIND = "openai"
MODEL_LENGTH_MAX = 200
MODELS_NAMED = 5
OPENING_SECONDS = 300.0
TOKENIZE_SECONDS = 5.0
# Without the server's tokenizer: English takes about four bytes a token, so three is on the safe side; of what is
# not ASCII every byte may be a token. The marks of a template are a dozen tokens or so.
ASCII_BYTES_A_TOKEN = 3
TEMPLATE_TOKENS = 24
PATIENCE, CLOCK = Patience(), Clock()

_CHAT, _MODELS, _TOKENIZE = "/chat/completions", "/models", "/tokenize"
_KEY_ADVICE = f"set {OWN_KEY}"
# A request that the server refuses, or thinks about to no end, says nothing against the server.
_LIVING = frozenset({Cause.REQUEST_REFUSED, Cause.THOUGHT_ONLY, Cause.CLOSED})


@dataclass(frozen=True, slots=True)
class Address:
    """Where a model is served: the base URL without a slash at its end, the host, and the model's name there."""

    base_url: str
    host: str
    model: str

    @property
    def root_url(self) -> str:
        """Where a server keeps what is its own: the base URL less its version."""
        return self.base_url.removesuffix("/v1")


def parse_reference(reference: str) -> Address:
    """The address in `openai:BASE_URL#model`. Raises `UnknownMind`; a secret in the reference is not repeated."""
    kind, _, rest = reference.partition(":")
    url, mark, model = rest.partition("#")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise UnknownMind(f"{KIND}: not an address; write {KIND}:http://HOST:PORT/v1#MODEL") from None
    if parts.username is not None or parts.password is not None:
        raise UnknownMind(f"{KIND}: an address holds no user or password here; {_KEY_ADVICE} in the environment")
    if parts.query:
        raise UnknownMind(f"{KIND}: an address holds no question mark here; for a key, {_KEY_ADVICE}")
    told = f"{reference!a}" if len(reference) <= MODEL_LENGTH_MAX else f"{KIND}: so long a reference"
    if kind != KIND or parts.scheme not in ("http", "https") or not host or not mark or not _plain(url):
        raise UnknownMind(f"{told} names no mind; write {KIND}:http://HOST:PORT/v1#MODEL")
    if not model or model != model.strip() or not model.isprintable() or len(model) > MODEL_LENGTH_MAX:
        raise UnknownMind(f"{told} names no model; write its name at that server after the #")
    return Address(url.rstrip("/"), host, model)


def _plain(url: str) -> bool:
    return url.isascii() and url.isprintable() and " " not in url


def estimated_tokens(text: str) -> int:
    """At most how many tokens a text is likely to be, by its bytes in UTF-8."""
    size, ascii_size = len(text.encode("utf-8", "replace")), sum(letter.isascii() for letter in text)
    return -(-ascii_size // ASCII_BYTES_A_TOKEN) + size - ascii_size


class Tokenizer:
    """Counts tokens by the server's own `/tokenize` where it has one, else by the estimate.

    After a fault nothing is asked until `trust` is given again. Never raises.
    """

    def __init__(self, address: Address, manner: Manner, exchange: "Exchange", said: Said) -> None:
        """Finds out once what the server has; `said` is its reply to the probe's system text and prompt."""
        self._address, self._manner, self._exchange = address, manner, exchange
        self._marks = TEMPLATE_TOKENS
        self._kind = ""
        self._trusted = True
        for kind in ("messages", "content"):
            counted = self._ask(kind, PROBE_SYSTEM, PROBE_PROMPT)
            if counted:
                self._kind = kind
                self._marks = 0 if said.prompt_tokens is None else max(0, said.prompt_tokens - counted)
                return

    def count(self, system: str, prompt: str) -> int:
        """Tokens of a prompt of these texts, template included."""
        counted = self._ask(self._kind, system, prompt) if self._kind and self._trusted else None
        if counted is None:
            self._trusted = False
            return estimated_tokens(system) + estimated_tokens(prompt) + TEMPLATE_TOKENS
        return counted + self._marks

    def trust(self) -> None:
        """The server has just answered: it may be asked again."""
        self._trusted = True

    def _ask(self, kind: str, system: str, prompt: str) -> int | None:
        """vLLM and its kin count whole messages; llama.cpp takes one text (`content`), SGLang too (`prompt`)."""
        messages = messages_of(self._manner, system, prompt)
        text = "\n".join(message["content"] for message in messages)
        body: dict[str, Any] = {"model": self._address.model}
        body |= {"messages": messages} if kind == "messages" else {"content": text, "prompt": text}
        answer = self._exchange.post(self._address.root_url + _TOKENIZE, body, TOKENIZE_SECONDS)
        if isinstance(answer, Fault):
            return None
        count, tokens = answer.get("count"), answer.get("tokens")
        if isinstance(count, int) and count > 0:
            return count
        return len(tokens) if isinstance(tokens, list) and tokens else None


@dataclass(slots=True, eq=False)
class RemoteMind:
    """A `Mind` at an address. Safe to be asked from several threads, as its seats do."""

    card: MindCard
    address: Address
    manner: Manner
    exchange: "Exchange" = field(repr=False)
    tokenizer: Tokenizer = field(repr=False)
    patience: Patience = PATIENCE
    clock: Clock = CLOCK
    _breaker: Breaker = field(init=False, repr=False)
    _closing: threading.Event = field(init=False, repr=False, default_factory=threading.Event)
    _unheld: set[Task] = field(init=False, repr=False, default_factory=set)
    _tells: bool = field(init=False, repr=False, default=True)

    def __post_init__(self) -> None:
        self._breaker = Breaker(self.patience.failed_turns, self.patience.rested_turns)

    def count_tokens(self, system: str, prompt: str) -> int:
        """Tokens of a prompt of these texts: the server's count, or an estimate on the safe side."""
        return self.tokenizer.count(system, prompt)

    def complete(self, request: Request) -> Completion:
        """Answer one request, however often it has to be tried. Raises `MindFailed` where the budget is spent."""
        if request.max_tokens < 1:
            few = f"{request.max_tokens} tokens were allowed; allow at least 1"
            raise MindFailed(f"{self.card.name}: {few}", Cause.REQUEST_REFUSED.value)
        if self._closing.is_set():
            raise MindFailed(f"{self.card.name}: {Cause.CLOSED}; open the mind again", Cause.CLOSED.value)
        if not self._breaker.admits():
            raise MindFailed(f"{self.card.name}: {Cause.RESTING}", Cause.RESTING.value)
        started = self.clock.now()
        outcome, tries = persist(
            lambda seconds: self._asked(request, seconds),
            self.patience,
            self.clock.now,
            self.clock.sleep or self._closing.wait,
            Random(request.seed),
        )
        answered = isinstance(outcome, Said)
        self._breaker.record(answered=answered or (isinstance(outcome, Fault) and outcome.cause in _LIVING))
        if isinstance(outcome, Fault):
            times = "once" if tries == 1 else f"{tries} times"
            raise MindFailed(f"{self.card.name}: {outcome} (tried {times})", outcome.cause.value)
        self.tokenizer.trust()
        return self._completion(request, outcome, self.clock.now() - started)

    def close(self) -> None:
        """End what is in flight and ask no more; calling it twice is harmless."""
        self._closing.set()
        self.exchange.close()

    def _asked(self, request: Request, seconds: float) -> Said | Fault:
        """One try. A model that is only now seen to think is asked once more, with the tokens for it."""
        deadline = self.clock.now() + seconds
        said = self._put(request, seconds)
        if isinstance(said, Said) and said.thought_only and not self.manner.thinks:
            self.manner = replace(self.manner, thinks=True)
            left = deadline - self.clock.now()
            said = self._put(request, left) if left > 0 else said
        return Fault(Cause.THOUGHT_ONLY) if isinstance(said, Said) and said.thought_only else said

    def _put(self, request: Request, seconds: float) -> Said | Fault:
        """Ask for all that may be had; where that is refused, for less and less, and remember what was too much."""
        deadline = self.clock.now() + seconds
        refused = Fault(Cause.OUT_OF_TIME)
        put: list[dict[str, Any]] = []
        for held, told in product((True, False), repeat=2):
            body = body_of(self.address.model, self.manner, request, constrained=held, told=told)
            left = deadline - self.clock.now()
            if body in put or (held and request.task in self._unheld) or (told and not self._tells) or left <= 0:
                continue
            put.append(body)
            said = _posted(self.exchange, self.address, body, left, request.alternatives if told else 0)
            if isinstance(said, Said):
                self._remember(request, held, told)
            if isinstance(said, Said) or said.cause is not Cause.REQUEST_REFUSED:
                return said
            refused = said
        return refused

    def _remember(self, request: Request, held: bool, told: bool) -> None:
        if not held:
            self._unheld.add(request.task)
        if not told and request.alternatives > 0:
            self._tells = False

    def _completion(self, request: Request, said: Said, seconds: float) -> Completion:
        """The reply, with the server's count of tokens, or the estimate where it gives none."""
        prompt_tokens, completion_tokens = said.prompt_tokens, said.completion_tokens
        if prompt_tokens is None:
            prompt_tokens = estimated_tokens(request.system) + estimated_tokens(request.prompt) + TEMPLATE_TOKENS
        if completion_tokens is None:
            completion_tokens = estimated_tokens(said.text)
        first = said.first_seconds if said.first_seconds is not None and said.first_seconds <= seconds else None
        return Completion(
            said.text, prompt_tokens, completion_tokens, seconds, said.cached_tokens or 0, first, said.odds
        )


def remote_mind(reference: str, *, patience: Patience = PATIENCE, clock: Clock = CLOCK) -> RemoteMind:
    """Open the model that `openai:BASE_URL#model` names, and find out how its server is to be asked.

    Raises `UnknownMind` for a bad reference, `MissingPart` where httpx is not installed or nobody answers at the
    address, `WrongUse` where the key or every request is refused.
    """
    address = parse_reference(reference)
    key = key_for(address.base_url, os.environ)
    try:
        from fivepenny.minds.exchange import Exchange
    except ImportError as error:
        raise MissingPart("httpx is not installed; run: pip install httpx") from error
    exchange = Exchange(address.host, key, patience, clock)
    try:
        return _opened(address, exchange, patience, clock)
    except BaseException:
        exchange.close()
        raise


def _opened(address: Address, exchange: "Exchange", patience: Patience, clock: Clock) -> RemoteMind:
    deadline = clock.now() + OPENING_SECONDS
    closing, lot = threading.Event(), Random(address.base_url)

    def ask(body: Mapping[str, object]) -> Said | Fault:
        left = deadline - clock.now()
        if left <= 0:
            return Fault(Cause.OUT_OF_TIME)
        # The first answer may wait for the model to be loaded.
        bounds = replace(patience, turn_seconds=left)
        sleep = clock.sleep or closing.wait
        return persist(lambda seconds: _posted(exchange, address, body, seconds), bounds, clock.now, sleep, lot)[0]

    found = find_manner(address.model, ask)
    if isinstance(found, Fault):
        raise _not_opened(address, exchange, found)
    manner, said = found
    tokenizer = Tokenizer(address, manner, exchange, said)
    card = MindCard(address.model, "unknown", "unknown", 0, Wording.PROSE)
    return RemoteMind(card, address, manner, exchange, tokenizer, patience, clock)


def _posted(
    exchange: "Exchange", address: Address, body: Mapping[str, object], seconds: float, alternatives: int = 0
) -> Said | Fault:
    answer = exchange.post(address.base_url + _CHAT, body, seconds)
    return answer if isinstance(answer, Fault) else read_answer(answer, alternatives)


def _not_opened(address: Address, exchange: "Exchange", fault: Fault) -> MissingPart | WrongUse:
    """Why a mind could not be opened, and what to do about it."""
    where = f"{address.base_url}: {fault}"
    match fault.cause:
        case Cause.KEY_REFUSED:
            return WrongUse(f"{where}; {key_advice(address.base_url)}")
        case Cause.REDIRECTED:
            return WrongUse(f"{where}; write the address that it leads to")
        case Cause.REQUEST_REFUSED:
            return WrongUse(f"{where}; {_models_advice(address, exchange)}")
    return MissingPart(f"{where}; is a server running there?")


def _models_advice(address: Address, exchange: "Exchange") -> str:
    """What may be wrong with the model's name or the address, by the server's own list of models."""
    answer = exchange.get(address.base_url + _MODELS, TOKENIZE_SECONDS)
    rows = None if isinstance(answer, Fault) else answer.get("data")
    if not isinstance(rows, list):
        return "does the address end in /v1, or wherever its /chat/completions lies?"
    names = [str(row.get("id")) for row in rows if isinstance(row, dict)]
    if not names or address.model in names:
        return "choose another model or server"
    listed = ", ".join(name[:MODEL_LENGTH_MAX] for name in names[:MODELS_NAMED] if name.isprintable())
    return f"of the models it has, {address.model} is none: {listed}"
