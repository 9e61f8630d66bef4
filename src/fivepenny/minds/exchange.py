"""One bounded exchange with an HTTP server: JSON out, a JSON object or a named fault back.

Bounded in bytes, in silence and in all: a watch shuts the socket when the time is up, however slowly the server
drips. Redirects are not followed and nothing is decompressed. It knows no models and no messages; the key is in
its headers and nowhere else.
"""

import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx

from fivepenny.minds.patience import Cause, Clock, Fault, Patience, retry_after_seconds

DETAIL_LENGTH_MAX = 120
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_BUSY, _OK = 429, 200
_KEY_REFUSED = (401, 403)
_PASSING = (408, 425)  # of the 4xx, those that a later try may not meet


class Exchange:
    """Speaks to one server with one key. Safe to call from threads; `close` ends what is in flight."""

    def __init__(self, host: str, key: str, patience: Patience, clock: Clock) -> None:
        """A server on this machine is spoken to directly, another through the proxy of the environment, if any."""
        self._key = key
        self._patience = patience
        self._clock = clock
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        # A connection for each call: one that was kept open may have died with the server it led to.
        self._client = httpx.Client(
            headers=headers,
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=host not in LOOPBACK,
        )
        self._watches: set[_Watch] = set()
        self._lock = threading.Lock()
        self._closed = False

    def post(self, url: str, body: Mapping[str, object], seconds: float) -> dict[str, Any] | Fault:
        """The JSON object that a POST brings within these seconds."""
        content = json.dumps(body).encode()
        return self._send("POST", url, content, seconds)

    def get(self, url: str, seconds: float) -> dict[str, Any] | Fault:
        """The JSON object that a GET brings within these seconds."""
        return self._send("GET", url, None, seconds)

    def close(self) -> None:
        """End the calls in flight and make no more; calling it twice is harmless."""
        with self._lock:
            self._closed = True
            watches = list(self._watches)
        for watch in watches:
            watch.end()
        self._client.close()

    def _send(self, method: str, url: str, content: bytes | None, seconds: float) -> dict[str, Any] | Fault:
        watch = _Watch()
        with self._lock:
            if self._closed:
                return Fault(Cause.CLOSED)
            self._watches.add(watch)
        silence = min(self._patience.silence_seconds, seconds)
        timeout = httpx.Timeout(silence, connect=min(self._patience.connect_seconds, seconds))
        headers = {"Content-Type": "application/json"} if content is not None else {}
        alarm = threading.Timer(seconds, watch.end)
        alarm.daemon = True
        alarm.start()
        try:
            with self._client.stream(
                method, url, content=content, headers=headers, timeout=timeout, extensions={"trace": watch.trace}
            ) as response:
                return self._read(response)
        except (httpx.HTTPError, OSError, RuntimeError) as error:
            if self._closed:
                return Fault(Cause.CLOSED)
            return Fault(Cause.OUT_OF_TIME) if watch.ended else _broken(error)
        finally:
            alarm.cancel()
            with self._lock:
                self._watches.discard(watch)

    def _read(self, response: httpx.Response) -> dict[str, Any] | Fault:
        status = response.status_code
        if 300 <= status < 400:
            return Fault(Cause.REDIRECTED, f"status {status}")
        if status in _KEY_REFUSED:
            return Fault(Cause.KEY_REFUSED, f"status {status}")  # without its text, which may repeat the key
        wait = retry_after_seconds(response.headers.get("retry-after"), self._clock.today())
        if status == _BUSY:
            return Fault(Cause.BUSY, "", wait)
        if status >= 500 or status in _PASSING:
            return Fault(Cause.SERVER_ERROR, f"status {status}", wait)
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            return Fault(Cause.NOT_PLAIN)
        content = bytearray()
        for piece in response.iter_raw():
            content += piece
            if len(content) > self._patience.answer_bytes:
                return Fault(Cause.TOO_LONG)
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError):
            answer = None
        if status != _OK:
            return Fault(Cause.REQUEST_REFUSED, " ".join(f"status {status} {self._reason(answer)}".split()))
        if answer is None:
            return Fault(Cause.NOT_JSON)
        return answer if isinstance(answer, dict) else Fault(Cause.OTHER_SHAPE)

    def _reason(self, answer: object) -> str:
        """What the server says of its refusal, in one line and never with the key."""
        told = answer.get("error", answer.get("detail", "")) if isinstance(answer, dict) else ""
        text = str(told.get("message", "") if isinstance(told, dict) else told)
        if self._key:
            text = text.replace(self._key, "…")
        return "".join(letter if letter.isprintable() else " " for letter in text)[:DETAIL_LENGTH_MAX]


class _Watch:
    """Ends one exchange from outside, by shutting its socket; a read that waits on it then comes back."""

    def __init__(self) -> None:
        self.ended = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Learn the socket from the client's account of what it does."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                self._shut()

    def end(self) -> None:
        with self._lock:
            self.ended = True
            self._shut()

    def _shut(self) -> None:
        if not self.ended or self._socket is None:
            return
        with suppress(OSError):  # it is closed already
            # Of the plain socket: the shutdown of one under TLS would take its state from the reader's hands.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


def _broken(error: Exception) -> Fault:
    """The name of what went wrong on the way."""
    if isinstance(error, httpx.ConnectTimeout):
        return Fault(Cause.SLOW_CONNECTION)
    if isinstance(error, httpx.TimeoutException):
        return Fault(Cause.SILENT)
    if isinstance(error, httpx.ConnectError):
        refused = any(isinstance(link, ConnectionRefusedError) for link in _chain(error))
        return Fault(Cause.CONNECTION_REFUSED if refused else Cause.NO_CONNECTION)
    return Fault(Cause.BROKEN_OFF)


def _chain(error: BaseException | None) -> list[BaseException]:
    links: list[BaseException] = []
    while error is not None:
        links.append(error)
        error = error.__cause__ or error.__context__
    return links
