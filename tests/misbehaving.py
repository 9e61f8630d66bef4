"""A small server that answers well, and a proxy before it that misbehaves on purpose, turn by turn.

The proxy speaks bytes, not HTTP: what it breaks is broken on the wire. It knows no minds; a test tells it when a
turn begins and what is to go wrong in it, and asks it afterwards how often it did harm.
"""

import gzip
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

MODEL = "scripted:small/x"
HOST = "127.0.0.1"
RELAY_SECONDS = 10
TEMPLATE_WORDS = 4
DRIP_SECONDS = 0.03
FLOOD_BYTES = 2_000_000
BOMB_BYTES = 50_000_000

Reply = Callable[[Mapping[str, Any]], tuple[int, object]]


def figure_reply(body: Mapping[str, Any]) -> tuple[int, object]:
    """As `chosen_reply`, but the line beside the moves names a figure, so that another has to be asked for."""
    return _reply(body, "I say {line}, for 12 pence.")


def chosen_reply(body: Mapping[str, Any]) -> tuple[int, object]:
    """A chat completion that picks from the menu in the prompt, by the seed in the body."""
    return _reply(body, "{line}")


def _reply(body: Mapping[str, Any], beside_moves: str) -> tuple[int, object]:
    chance = Random(body.get("seed", 0))
    prompt = body["messages"][-1]["content"]
    phrases = [line[2:].partition(":")[0] for line in prompt.splitlines() if line.startswith("- ")]
    words = " ".join("".join(chance.choice("abdeiklmnorstu") for _ in range(5)) for _ in range(4))
    line = f"Well now, {words}, {{me}} says."
    if not phrases:
        return 200, completion(line, body)
    say = beside_moves.replace("{line}", line)
    reply = {"moves": [chance.choice(phrases)], "say": say, "aside": "The door stays shut."}
    return 200, completion(json.dumps(reply), body)


def completion(text: str | None, body: Mapping[str, Any]) -> dict[str, Any]:
    """A chat completion that says this, by a server that counts words and has a template of four."""
    words = sum(len(message["content"].split()) for message in body["messages"])
    usage = {"prompt_tokens": TEMPLATE_WORDS + words, "completion_tokens": len((text or "").split())}
    message = {"role": "assistant", "content": text}
    return {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": usage}


@dataclass
class Upstream:
    """What a scripted server was asked, and where it is."""

    url: str
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """How a seat refers to it."""
        return f"openai:{self.url}#{MODEL}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2].removesuffix("/v1"))


@contextmanager
def serving(reply: Reply = chosen_reply, others: Mapping[str, Reply] | None = None) -> Iterator[Upstream]:
    """A server on this machine: `reply` answers chat completions, `others` other paths; the rest is not found."""
    routes = {"/v1/chat/completions": reply, **(others or {})}
    upstream = Upstream("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            upstream.bodies.append(body)
            self._answer(body)

        def do_GET(self) -> None:
            self._answer({})

        def _answer(self, body: dict[str, Any]) -> None:
            upstream.headers.append(dict(self.headers))
            upstream.paths.append(self.path)
            route = routes.get(self.path)
            status, answer = route(body) if route else (404, {"error": "not found"})
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    upstream.url = f"http://{HOST}:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield upstream
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _head(status: str, length: int | None, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", "Connection: close", *headers]
    lines += [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


def _whole(status: str, content: bytes, *headers: str) -> bytes:
    return _head(status, len(content), *headers) + content


class Talk:
    """One connection of a client, with its request read and the true answer to be had."""

    def __init__(self, client: socket.socket, upstream_port: int) -> None:
        self.client = client
        self._port = upstream_port
        self.request = _read_request(client)

    def true_answer(self) -> bytes:
        """What the server behind would say."""
        with socket.create_connection((HOST, self._port), timeout=RELAY_SECONDS) as server:
            server.sendall(self.request)
            pieces = []
            while piece := server.recv(65536):
                pieces.append(piece)
        return b"".join(pieces)

    def send(self, content: bytes) -> None:
        """Send, whether or not the client still listens."""
        with suppress(OSError):
            self.client.sendall(content)

    def reset(self) -> None:
        """Break the connection off without a word."""
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def until_gone(self, each: Callable[[], None] = lambda: None) -> None:
        """Keep the client waiting until it hangs up, doing something again and again."""
        self.client.settimeout(DRIP_SECONDS)
        while True:
            try:
                each()
                if not self.client.recv(1024):
                    return
            except TimeoutError:
                continue
            except OSError:
                return


def _read_request(client: socket.socket) -> bytes:
    client.settimeout(RELAY_SECONDS)
    content = b""
    while b"\r\n\r\n" not in content:
        piece = client.recv(65536)
        if not piece:
            return b""
        content += piece
    head, _, body = content.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += client.recv(65536)
    return head + b"\r\n\r\n" + body


def _silent(talk: Talk) -> None:
    talk.until_gone()


def _dropped(talk: Talk) -> None:
    talk.reset()


def _endless(talk: Talk) -> None:
    talk.send(_head("200 OK", None))
    talk.send(b" " * FLOOD_BYTES)
    talk.until_gone()


def _dripping(talk: Talk) -> None:
    """A byte at a time, for ever: no wait is long, the whole is."""
    talk.send(_head("200 OK", 1_000_000))
    talk.until_gone(lambda: talk.client.sendall(b" "))


def _busy_seconds(talk: Talk) -> None:
    talk.send(_whole("429 Too Many Requests", b"{}", "Retry-After: 2"))


def _busy_date(talk: Talk) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    talk.send(_whole("429 Too Many Requests", b"{}", f"Retry-After: {date}"))


def _server_error(talk: Talk) -> None:
    talk.send(_whole("503 Service Unavailable", b'{"error": "loading"}'))


def _truncated(talk: Talk) -> None:
    answer = talk.true_answer()
    talk.send(answer[: len(answer) - 40])


def _garbage(talk: Talk) -> None:
    talk.send(_whole("200 OK", b"<html>\xff\xfe" + b"[" * 5000))


def _wrong_shape(talk: Talk) -> None:
    talk.send(_whole("200 OK", b'{"choices": {"0": "buy rye"}, "usage": []}'))


def _no_choices(talk: Talk) -> None:
    talk.send(_whole("200 OK", b'{"choices": []}'))


def _redirect(talk: Talk) -> None:
    talk.send(_whole("307 Temporary Redirect", b"", f"Location: http://{HOST}:9/v1/chat/completions"))


def _bomb(talk: Talk) -> None:
    talk.send(_whole("200 OK", BOMB, "Content-Encoding: gzip"))


BOMB = gzip.compress(b"\0" * BOMB_BYTES)
DOWN = "refused connection"
DIES = "dies and comes back"
FAULTS: dict[str, Callable[[Talk], None]] = {
    DOWN: _dropped,  # never reached: nobody listens
    "dropped connection": _dropped,
    "silence": _silent,
    "drips for ever": _dripping,
    "floods for ever": _endless,
    "429, seconds": _busy_seconds,
    "429, a date": _busy_date,
    "503": _server_error,
    "truncated body": _truncated,
    "garbage body": _garbage,
    "wrong shape": _wrong_shape,
    "no choices": _no_choices,
    "redirect elsewhere": _redirect,
    "gzip bomb": _bomb,
    DIES: _truncated,  # in the middle of a reply; then nobody listens for a while
}
"""What the proxy can do to a call, by name."""


class Proxy:
    """Stands before a server and does harm to the first tries of a turn.

    `begin_turn` says what is to go wrong in the turn that begins, and for how many tries; `slept` is to be called
    whenever the client has waited between two of them, and `end_turn` at the end.
    """

    def __init__(self, upstream_port: int) -> None:
        self._upstream_port = upstream_port
        self._fault = ""
        self._tries_left = 0
        self.harmed: list[str] = []
        self.passed = 0
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._talks: list[threading.Thread] = []
        self.port = 0
        self._listen()

    @property
    def reference(self) -> str:
        """How a seat refers to it."""
        return f"openai:http://{HOST}:{self.port}/v1#{MODEL}"

    def begin_turn(self, fault: str, tries: int) -> None:
        """Harm this many tries from now on, and no more."""
        self._fault, self._tries_left = fault, tries
        self._stand()

    def slept(self) -> None:
        """The client has waited; where nobody listened, that was a try."""
        if self._listener is None and self._tries_left:
            self._count()
        self._stand()

    def end_turn(self, *, asked: bool) -> None:
        """The turn is over; `asked` is whether the client tried at all."""
        if asked:
            self.slept()
        self.begin_turn("", 0)

    def close(self) -> None:
        """Stop listening."""
        self._leave()
        for talk in self._talks:
            talk.join(RELAY_SECONDS)

    def _count(self) -> None:
        self._tries_left -= 1
        self.harmed.append(self._fault)

    def _stand(self) -> None:
        """Listen or not, as the plan for the next try has it."""
        died = self._fault == DIES and self._tries_left and self.harmed[-1:] == [DIES]
        down = bool(self._tries_left) and (self._fault == DOWN or died)
        if down and self._listener is not None:
            self._leave()
        elif not down and self._listener is None:
            self._listen()

    def _listen(self) -> None:
        self._listener = socket.create_server((HOST, self.port))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, args=(self._listener,))
        self._thread.start()

    def _leave(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None and self._thread is not None:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            self._thread.join()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            talk = threading.Thread(target=self._talk, args=(client,))
            self._talks.append(talk)
            talk.start()

    def _talk(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            talk = Talk(client, self._upstream_port)
            if not self._tries_left:
                self.passed += 1
                talk.send(talk.true_answer())
                return
            self._count()
            FAULTS[self._fault](talk)


@contextmanager
def proxy_before(upstream: Upstream) -> Iterator[Proxy]:
    """A proxy in front of this server."""
    proxy = Proxy(upstream.port)
    try:
        yield proxy
    finally:
        proxy.close()
