"""One model in llama.cpp, in this process: token ids in, text out, on one thread.

A reply depends on its own request alone, so the same request gives the same reply however many engines run beside this
one. An engine either forgets each prompt, or keeps the beginnings that it is told of (see `openings`). This module
knows nothing of chat templates, menus, moves or seats, and it never repairs a reply.
"""

import atexit
import http.client
import importlib
import json
import math
import os
import secrets
import threading
import time
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from fivepenny.errors import MindFailed, MissingPart, WrongUse
from fivepenny.minds.gguf import GgufHead
from fivepenny.minds.mind import Request, TokenOdds
from fivepenny.minds.openings import Openings

CONTEXT_MAX_TOKENS = 4096
HTTP_SECONDS_MAX = 60
HTTP_THREADS = 2
MESSAGE_LENGTH_MAX = 200

# The sampler of every request above temperature 0; set in full because the engine's defaults may move.
TOP_K = 40
TOP_P = 0.95
MIN_P = 0.05
# The engine takes the largest 32-bit number for "any seed"; a remainder by it never is that number.
SEED_MODULUS = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of a prompt of token ids.

    `cached_tokens` of the prompt had been computed for an earlier request, as the engine counts them. `first_at` is
    the reading of `time.perf_counter` when the first token came, None where none did. `odds` are told for each token
    that ends a character: of a character spelt by several tokens, the engine tells the last alone.
    """

    text: str
    completion_tokens: int
    cached_tokens: int
    first_at: float | None
    odds: tuple[TokenOdds, ...]


def request_body(ids: Sequence[int], request: Request) -> dict[str, Any]:
    """What llama.cpp is asked for a prompt of token ids, all of the sampler set; not how it is to answer."""
    body: dict[str, Any] = {
        "prompt": list(ids),
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed % SEED_MODULUS,
        "top_k": TOP_K,
        "top_p": TOP_P,
        "min_p": MIN_P,
        "typical_p": 1.0,
        "repeat_penalty": 1.0,
        "presence_penalty": 0.0,
        "frequency_penalty": 0.0,
    }
    if request.grammar is not None:
        body["grammar"] = request.grammar
    if request.alternatives > 0:
        body |= {"n_probs": request.alternatives, "post_sampling_probs": False}
    return body


class Engine:
    """One model loaded into llama.cpp, answering one request at a time.

    Requests wait for each other within an engine; engines run side by side, since the work happens outside
    Python's lock. `close` ends a request in flight.
    """

    def __init__(self, head: GgufHead, *, keeps_openings: bool = False) -> None:
        """Load the model, with a folder for the beginnings of prompts where it `keeps_openings`.

        Raises `MissingPart` without xllamacpp or a folder, `WrongUse` where the file cannot be run.
        """
        xllamacpp = library("xllamacpp")
        self._name = head.path.name
        self._key = secrets.token_urlsafe(32)
        self._closing = threading.Event()
        self._openings = Openings(self.post) if keeps_openings else None
        try:
            self._server: Any = _started(xllamacpp, _parameters(xllamacpp, head, self._key, self._openings))
        except RuntimeError as error:
            self._drop_openings()
            raise WrongUse(f"{head.path}: llama.cpp cannot run this model; try another file of it") from error
        self._address = str(self._server.listening_address).removeprefix("http://")
        # Signal handlers run in the main thread only: a worker keeps Ctrl-C out of the engine's callback, while
        # the thread that asked waits where it can be interrupted.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix=f"engine-{self._name}")
        _open_engines.add(self)

    def generate(self, ids: Sequence[int], request: Request, opening_tokens: int = 0) -> Answer:
        """The reply to a prompt of token ids, of which the first `opening_tokens` will begin other prompts too.

        Raises `MindFailed`.
        """
        stream = {"stream": True, "stream_options": {"include_usage": True}}
        body = request_body(ids, request) | {"cache_prompt": False, **stream}
        cancelled = threading.Event()
        try:
            answer = self._worker.submit(self._answer, self._server, body, opening_tokens, cancelled)
        except RuntimeError as error:
            raise MindFailed(f"{self._name}: closed; open the mind again") from error
        try:
            return answer.result()
        finally:
            cancelled.set()

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One call to the engine's own HTTP server on this machine. Raises `MindFailed`."""
        if self._closing.is_set():
            raise MindFailed(f"{self._name}: closed; open the mind again")
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(self._address, timeout=HTTP_SECONDS_MAX)
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise MindFailed(f"{self._name}: no answer from {path} ({one_line(str(error))})") from error
        finally:
            connection.close()
        if response.status != 200 or not isinstance(answer, dict):
            raise MindFailed(f"{self._name}: {path} was refused: {_fault(answer)}")
        return answer

    def close(self) -> None:
        """Stop a request in flight and free the model; calling it twice is harmless."""
        self._closing.set()
        self._worker.shutdown(wait=True)
        self._server = None
        self._drop_openings()
        _open_engines.discard(self)

    def _drop_openings(self) -> None:
        if self._openings is not None:
            self._openings.close()

    def _answer(self, server: Any, body: dict[str, Any], opening_tokens: int, cancelled: threading.Event) -> Answer:
        """The answer, from a slot that is empty or holds exactly the opening."""
        served = False
        # A prompt that is all opening leaves nothing to be read from there on.
        if self._openings is not None and 0 < opening_tokens < len(body["prompt"]):

            def compute(opening: Sequence[int]) -> None:
                alone = {"prompt": list(opening), "max_tokens": 1, "temperature": 0.0, "cache_prompt": False}
                self._stream(server, alone | {key: body[key] for key in ("stream", "stream_options")}, cancelled)

            served = self._openings.lay(body["prompt"][:opening_tokens], compute)
            body["cache_prompt"] = True
        chunks, first_at = self._stream(server, body, cancelled)
        usage = chunks[-1]["usage"]
        choices = [choice for chunk in chunks for choice in chunk["choices"]]
        return Answer(
            "".join(choice["text"] for choice in choices),
            int(usage["completion_tokens"]),
            int(usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)) if served else 0,
            first_at,
            tuple(odds for choice in choices for odds in _odds(choice)) if "n_probs" in body else (),
        )

    def _stream(
        self, server: Any, body: dict[str, Any], cancelled: threading.Event
    ) -> tuple[list[dict[str, Any]], float | None]:
        """The engine's stream, and when its first token came. It is a stream so that it can be stopped between two."""
        chunks: list[dict[str, Any]] = []
        first_at: float | None = None

        def keep(chunk: dict[str, Any]) -> bool:
            nonlocal first_at
            if first_at is None and any(choice.get("finish_reason") is None for choice in chunk.get("choices", ())):
                first_at = time.perf_counter()
            chunks.append(chunk)
            return cancelled.is_set() or self._closing.is_set()

        server.handle_completions(body, keep)
        if cancelled.is_set() or self._closing.is_set():
            raise MindFailed(f"{self._name}: stopped before it had answered")
        if not chunks or "usage" not in chunks[-1]:
            raise MindFailed(f"{self._name}: the engine refused: {_fault(chunks[-1] if chunks else None)}")
        return chunks, first_at


def library(name: str) -> Any:
    """A library that is imported when it is needed. Raises `MissingPart`."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingPart(f"{name} is not installed; run: pip install {name}") from error


def one_line(text: str) -> str:
    """A foreign message, on one line of bounded length."""
    return " ".join(text.split())[:MESSAGE_LENGTH_MAX]


def _odds(choice: dict[str, Any]) -> list[TokenOdds]:
    """The tokens of a part of the stream, as the engine spells them."""
    rows = (choice.get("logprobs") or {}).get("content", ())
    return [
        TokenOdds(row["token"], tuple((other["token"], math.exp(other["logprob"])) for other in row["top_logprobs"]))
        for row in rows
    ]


def _parameters(xllamacpp: Any, head: GgufHead, key: str, openings: Openings | None) -> Any:
    """llama.cpp's settings: one thread, one slot, nothing remembered of its own accord, nothing printed."""
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(head.path)
    parameters.n_ctx = min(head.context_tokens, CONTEXT_MAX_TOKENS)
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.cpuparams_batch.n_threads = 1
    parameters.n_threads_http = HTTP_THREADS
    parameters.n_gpu_layers = 0
    parameters.cache_prompt = False
    parameters.cache_ram_mib = 0
    parameters.cache_idle_slots = False
    parameters.n_ctx_checkpoints = 0
    parameters.fit_params = False
    parameters.warmup = False
    parameters.check_tensors = True  # weights that are not numbers would abort the process later
    parameters.ui = False
    parameters.endpoint_slots = False
    parameters.endpoint_metrics = True  # `_started` asks for them
    parameters.verbosity = -1
    parameters.api_keys = [key]
    if openings is not None:
        parameters.slot_save_path = str(openings.folder) + os.sep
        # Sliding windows that forget make llama.cpp read every prompt from its start.
        parameters.swa_full = True
    return parameters


def _started(xllamacpp: Any, parameters: Any) -> Any:
    """A server whose loop runs: llama.cpp waits for ever for the end of one that is dropped before its loop begins.

    An interrupt while the model loads is raised when the call returns, before its value has a name. Here the list holds
    it already, and only the loop can answer what is asked then.
    """
    servers: list[Any] = []
    try:
        servers.extend(map(xllamacpp.Server, (parameters,)))
    finally:
        for server in servers:
            server.handle_metrics()
    return servers[0]


def _fault(answer: object) -> str:
    """What the engine gave as its reason, in one line."""
    error = answer.get("error", answer) if isinstance(answer, dict) else answer
    return one_line(str(error.get("message", error) if isinstance(error, dict) else error))


_open_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Stop what a program left open: an engine's own threads must not outlive the interpreter."""
    for engine in list(_open_engines):
        engine.close()
