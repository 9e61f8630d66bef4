"""An xllamacpp server with nothing of ours round it: what a model does by itself, to set a season beside.

It has the settings of our engine: one thread, one slot, the same context and samplers; and it keeps nothing from prompt
to prompt, or all that llama.cpp keeps by itself. It takes token ids and knows no minds, seats or seasons.
"""

import http.client
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fivepenny.errors import MindFailed, WrongUse
from fivepenny.minds import engine
from fivepenny.minds.chat import ChatEncoder
from fivepenny.minds.gguf import GgufHead
from fivepenny.minds.llama import TOKENIZER_NAME, Encoder, HouseEncoder
from fivepenny.minds.mind import Request, Wording

HTTP_SECONDS_MAX = 60
MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class BareAnswer:
    """A reply, its tokens, and the server's own account of the seconds that prompt and reply took."""

    text: str
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    prompt_seconds: float
    reply_seconds: float


class BareServer:
    """One model in a server of its own, asked in the calling thread.

    With `prompt_cache` llama.cpp keeps what it likes of earlier prompts, and a reply depends on what was asked before.
    """

    def __init__(self, head: GgufHead, *, prompt_cache: bool = False) -> None:
        """Load the model. Raises `MissingPart` without xllamacpp, `WrongUse` where the file cannot be run."""
        xllamacpp = engine.library("xllamacpp")
        self._head = head
        self._prompt_cache = prompt_cache
        self._key = secrets.token_urlsafe(32)
        try:
            self._server: Any = xllamacpp.Server(_settings(xllamacpp, head, self._key, prompt_cache))
        except RuntimeError as error:
            raise WrongUse(f"{head.path}: llama.cpp cannot run this model; try another file of it") from error

    def encode(self, requests: Sequence[Request], wording: Wording) -> list[list[int]]:
        """The prompts of these requests as the token ids that a mind of this file sends. Raises `MindFailed`."""
        if wording is Wording.CUE:
            encoder: Encoder = HouseEncoder(self._head.path.with_name(TOKENIZER_NAME), self._head)
        else:
            encoder = ChatEncoder(self._post, self._head)
        return [encoder.encode(request.system, request.prompt) for request in requests]

    def answer(self, ids: Sequence[int], request: Request) -> BareAnswer:
        """The reply to a prompt of token ids, by the request's other terms. Raises `MindFailed` where it is refused."""
        body = engine.request_body(ids, request) | {"cache_prompt": self._prompt_cache}
        found: dict[str, Any] = self._server.handle_completions(body)
        if "usage" not in found:
            raise MindFailed(f"{self._head.path.name}: the bare server refused: {found.get('error')}")
        usage, timings = found["usage"], found["timings"]
        return BareAnswer(
            text="".join(choice["text"] for choice in found["choices"]),
            prompt_tokens=usage["prompt_tokens"],
            cached_tokens=usage["prompt_tokens_details"]["cached_tokens"],
            completion_tokens=usage["completion_tokens"],
            prompt_seconds=timings["prompt_ms"] / MILLISECONDS,
            reply_seconds=timings["predicted_ms"] / MILLISECONDS,
        )

    def close(self) -> None:
        """Free the model; calling it twice is harmless."""
        self._server = None

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One call to the server over HTTP, for templates and tokens. Raises `MindFailed`."""
        address = str(self._server.listening_address).removeprefix("http://")
        connection = http.client.HTTPConnection(address, timeout=HTTP_SECONDS_MAX)
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            found: Any = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise MindFailed(f"{self._head.path.name}: the bare server gave no answer to {path}: {error}") from error
        finally:
            connection.close()
        if response.status != 200 or not isinstance(found, dict):
            raise MindFailed(f"{self._head.path.name}: the bare server refused {path}: {found}")
        return found


def _settings(xllamacpp: Any, head: GgufHead, key: str, prompt_cache: bool) -> Any:
    """As our engine's. The key keeps others on the machine out of the port that every server opens."""
    settings = xllamacpp.CommonParams()
    settings.model.path = str(head.path)
    settings.n_ctx = min(head.context_tokens, engine.CONTEXT_MAX_TOKENS)
    settings.n_parallel = 1
    settings.cpuparams.n_threads = 1
    settings.cpuparams_batch.n_threads = 1
    settings.n_gpu_layers = 0
    settings.cache_prompt = prompt_cache
    if not prompt_cache:
        settings.cache_ram_mib = 0
        settings.n_ctx_checkpoints = 0
    settings.fit_params = False
    settings.warmup = False
    settings.ui = False
    settings.verbosity = -1
    settings.api_keys = [key]
    return settings
