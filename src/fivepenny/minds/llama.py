"""Minds that run a GGUF file in this process through llama.cpp: the house's own, and any lab's.

House minds are sent token ids of the tokenizer that trained them, and their engine forgets each prompt. A lab's file
is sent its own chat template, as ids too (see `chat`), and its engine keeps the part of a prompt that no turn changes.
This module knows nothing of menus, moves or seats, and it never repairs a reply.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Protocol

from fivepenny.errors import MindFailed, MissingPart, WrongUse
from fivepenny.minds.chat import ChatEncoder, encodable
from fivepenny.minds.engine import Engine, library, one_line
from fivepenny.minds.gguf import GgufHead, check_language_model, read_head
from fivepenny.minds.mind import Completion, MindCard, Request, Task, Wording

TOKENIZER_NAME = "tokenizer.json"
WORDING_KEY = "fivepenny.wording"
"""What a file of our academy says that it reads; a lab's file says nothing."""

REHEARSAL_SECONDS_MAX = 600

# A reply that no model gives of its own accord; even spelt byte by byte it fits the budget.
PROBE_TEXT = "quince 4817"
PROBE_MAX_TOKENS = 16
_PROBE = Request(Task.GRADE, "", "0", PROBE_MAX_TOKENS, f'root ::= "{PROBE_TEXT}"', 0, 0.0)


class Encoder(Protocol):
    """Turns a request's texts into the token ids that the model is sent."""

    def encode(self, system: str, prompt: str) -> list[int]:
        """Token ids of the whole prompt; nothing in the texts becomes a control token."""
        ...

    def opening_tokens(self, system: str) -> int:
        """How many token ids begin every prompt with this system text and are worth keeping."""
        ...


class HouseEncoder:
    """Encodes cues with the tokenizer that trained the house minds, all of it as plain text.

    The tokenizer must hold the same tokens as the model file. Raises `MissingPart` where the tokenizer is not
    there, `WrongUse` where it is broken or another model's.
    """

    def __init__(self, tokenizer_path: Path, head: GgufHead) -> None:
        if not tokenizer_path.is_file():
            raise MissingPart(f"{tokenizer_path}: no such tokenizer; it belongs beside {head.path.name}")
        tokenizers = library("tokenizers")
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_path))
        except Exception as error:  # the library raises bare Exception for any fault in the file
            reason = one_line(str(error))
            raise WrongUse(f"{tokenizer_path}: not a tokenizer ({reason}); export it again") from error
        self._tokenizer.encode_special_tokens = True
        tokens = head.items("tokenizer.ggml.tokens")
        for token, token_id in self._tokenizer.get_vocab().items():
            if token_id >= len(tokens) or tokens[token_id] != token:
                raise WrongUse(f"{tokenizer_path}: not the tokenizer of {head.path.name}; export both together")
        first = head.number("tokenizer.ggml.bos_token_id", -1)
        self._first = [first] if 0 <= first < len(tokens) else []

    def encode(self, system: str, prompt: str) -> list[int]:
        """The begin token, as in training, then `system` and `prompt`, a line each where both stand."""
        text = "\n".join(part for part in (system, prompt) if part)
        encoding = self._tokenizer.encode(encodable(text), add_special_tokens=False)
        return [*self._first, *encoding.ids]

    def opening_tokens(self, system: str) -> int:
        """None: cues begin with what changes."""
        del system
        return 0


class LlamaMind:
    """A `Mind` of one engine and the encoder that speaks to it."""

    def __init__(self, card: MindCard, engine: Engine, encoder: Encoder) -> None:
        self._card = card
        self._engine = engine
        self._encoder = encoder

    @property
    def card(self) -> MindCard:
        """Who this is, by the model file's own account."""
        return self._card

    def count_tokens(self, system: str, prompt: str) -> int:
        """Tokens of a prompt of these texts, template included."""
        return len(self._encoder.encode(system, prompt))

    def complete(self, request: Request) -> Completion:
        """Answer one request. Raises `MindFailed` where the engine refuses it or is closed."""
        if request.max_tokens < 1:
            raise MindFailed(f"{self._card.name}: {request.max_tokens} tokens were allowed; allow at least 1")
        started = time.perf_counter()
        ids = self._encoder.encode(request.system, request.prompt)
        answer = self._engine.generate(ids, request, self._encoder.opening_tokens(request.system))
        return Completion(
            answer.text,
            len(ids),
            answer.completion_tokens,
            time.perf_counter() - started,
            answer.cached_tokens,
            None if answer.first_at is None else answer.first_at - started,
            answer.odds,
        )

    def close(self) -> None:
        """Free the model; calling it twice is harmless."""
        self._engine.close()


def house_mind(model_path: Path, tokenizer_path: Path) -> LlamaMind:
    """A trained specialist that reads cues: our own GGUF file and the tokenizer that trained it.

    Raises `MissingPart` or `WrongUse` where either file, or the engine, is missing or unfit.
    """
    head = read_head(model_path)
    check_language_model(head)
    return _opened_specialist(head, tokenizer_path)


def file_mind(model_path: Path) -> LlamaMind:
    """Any GGUF file: a lab's general model, which reads prose by its own chat template, or a specialist of our academy.

    A specialist reads cues, and its tokenizer lies beside it. The file may be a stranger's, so a child process tries
    it first: what still aborts llama.cpp after all checks ends the child, not the season. Raises `MissingPart` or
    `WrongUse` where the file or the engine is missing or unfit.
    """
    head = read_head(model_path)
    check_language_model(head)
    library("xllamacpp")  # its absence is a missing part, not the file's fault
    _rehearse(head.path)
    return _opened_file(head)


def rehearsal(model_path: str) -> int:
    """Open the file and have it answer once, in the child process; 0, or 1 with the reason printed."""
    try:
        _opened_file(read_head(Path(model_path))).close()
    except (MissingPart, WrongUse) as error:
        print(error)
        return 1
    return 0


def _rehearse(path: Path) -> None:
    code = "import sys; from fivepenny.minds.llama import rehearsal; sys.exit(rehearsal(sys.argv[1]))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        # A child that llama.cpp fells leaves its files behind, but nothing outside this folder.
        with tempfile.TemporaryDirectory(prefix="fivepenny-", ignore_cleanup_errors=True) as folder:
            child = subprocess.run(
                [sys.executable, "-c", code, str(path)],
                env=environment | {"TMPDIR": folder},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=REHEARSAL_SECONDS_MAX,
            )
    except OSError as error:
        reason = f"{path}: it cannot be tried in a process of its own ({error.strerror})"
        raise MissingPart(f"{reason}; start from python, with room for temporary files") from error
    except subprocess.TimeoutExpired as error:
        raise WrongUse(f"{path}: not ready after {REHEARSAL_SECONDS_MAX} s; use a smaller model") from error
    if child.returncode == 0:
        return
    if child.returncode == 1 and child.stdout.strip():
        raise WrongUse(" ".join(child.stdout.split()))
    raise WrongUse(f"{path}: llama.cpp breaks down on this file; fetch the model again or try another")


def _opened_specialist(head: GgufHead, tokenizer_path: Path) -> LlamaMind:
    encoder = HouseEncoder(tokenizer_path, head)
    engine = Engine(head)
    return _probed(LlamaMind(card_of(head, Wording.CUE), engine, encoder), engine, head.path)


def _opened_file(head: GgufHead) -> LlamaMind:
    if head.text(WORDING_KEY) == Wording.CUE.value:
        return _opened_specialist(head, head.path.with_name(TOKENIZER_NAME))
    engine = Engine(head, keeps_openings=True)
    try:
        encoder = ChatEncoder(engine.post, head)
    except MindFailed as error:
        engine.close()
        raise WrongUse(f"{head.path}: its chat template cannot be used ({one_line(str(error))})") from error
    return _probed(LlamaMind(card_of(head, Wording.PROSE), engine, encoder), engine, head.path)


def card_of(head: GgufHead, wording: Wording) -> MindCard:
    """The card that a model file's own metadata gives; its file name where it names itself nothing."""
    name = head.text("general.name") or head.path.stem
    lab = head.text("general.organization") or "unknown"
    return MindCard(name, lab, head.architecture, head.parameters, wording)


def _probed(mind: LlamaMind, engine: Engine, path: Path) -> LlamaMind:
    """`mind`, once the engine has shown that it keeps to a grammar with this model."""
    try:
        text = mind.complete(_PROBE).text
    except MindFailed as error:
        engine.close()
        raise WrongUse(f"{path}: loads but does not answer ({one_line(str(error))})") from error
    if text != PROBE_TEXT:
        engine.close()
        raise WrongUse(f"{path}: the engine does not keep to a grammar with this model; try another file")
    return mind
