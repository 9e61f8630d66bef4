"""Files of the hub, against a real HTTP server that speaks the few endpoints that huggingface_hub asks.

Each pull runs in a child process, because the library reads its settings once, when it is imported.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command_line import environment
from fivepenny.errors import UnknownMind
from fivepenny.minds import hub

REPOSITORY, NAME = "some-lab/Small-GGUF", "small-Q8_0.gguf"
REFERENCE = f"hf://{REPOSITORY}/{NAME}"
CONTENT = Random(1).randbytes(70_000)
COMMIT = "0123456789abcdef0123456789abcdef01234567"
LIMIT_SECONDS = 120
LIBRARY_CHUNK_BYTES = 10 * 1024 * 1024  # what the library has taken from a line before it can go on from there

PULL = """
import json, sys
from fivepenny.errors import FivepennyError
from fivepenny.minds import hub
told = []
try:
    answer = {"path": str(hub.pull(sys.argv[1], lambda *words: told.append(words)))}
except FivepennyError as error:
    answer = {"error": type(error).__name__, "message": str(error)}
print(json.dumps({**answer, "told": told, "pulled": hub.is_pulled(sys.argv[1])}))
"""


@dataclass(slots=True)
class Hub:
    """What the server has and does: files by path, and how it misbehaves."""

    files: dict[str, bytes] = field(default_factory=lambda: {f"{REPOSITORY}/resolve/main/{NAME}": CONTENT})
    announced: str = ""  # a SHA-256 that it claims in place of the right one
    cut_after_bytes: int = 0  # how much of the first GET it sends
    ignores_ranges: bool = False  # it sends a whole file where the rest was asked for
    fault: tuple[int, str] | None = None  # a status and an error code for every request
    asked: list[tuple[str, str]] = field(default_factory=list)  # method and range of each request


class Handler(BaseHTTPRequestHandler):
    """HEAD and GET of `/ORG/REPO/resolve/REVISION/FILE`, with ranges, as the hub answers them."""

    hub: Hub

    def do_HEAD(self) -> None:
        """What a file is."""
        self._answer(with_body=False)

    def do_GET(self) -> None:
        """A file, or its rest."""
        self._answer(with_body=True)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""

    def _answer(self, with_body: bool) -> None:
        wanted = self.headers.get("Range", "")
        self.hub.asked.append((self.command, wanted))
        content = self.hub.files.get(self.path.lstrip("/"))
        if self.hub.fault or content is None:
            status, code = self.hub.fault or (404, "EntryNotFound")
            self.send_response(status)
            self.send_header("X-Error-Code", code)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.hub.ignores_ranges:
            wanted = ""
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        body = content[start:]
        self.send_response(206 if wanted else 200)
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{self.hub.announced or sha256(content).hexdigest()}"')
        self.send_header("Content-Length", str(len(body)))
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if not with_body:
            return
        if self.hub.cut_after_bytes:
            body, self.hub.cut_after_bytes = body[: self.hub.cut_after_bytes], 0
            self.close_connection = True
        self.wfile.write(body)


@dataclass(frozen=True, slots=True)
class Place:
    """A reader's machine: where the library caches, where our records lie, which hub it asks."""

    folder: Path
    hub: Hub
    address: str

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a child."""
        known = {name: text for name, text in environment().items() if not name.startswith(("HF_", "HUGGING"))}
        return known | {
            "HF_ENDPOINT": self.address,
            "HF_HOME": str(self.folder / "cache"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }

    def run(self, code: str, *words: str, **variables: str) -> dict[str, Any]:
        """What a child prints, as JSON; it has to end well."""
        child = subprocess.run(
            [sys.executable, "-c", code, *words],
            env={**self.variables, **variables},
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT_SECONDS,
        )
        assert (child.returncode, child.stderr) == (0, "")
        answer = json.loads(child.stdout)
        assert isinstance(answer, dict)
        assert "\n" not in answer.get("message", "")
        return answer

    def pull(self, reference: str = REFERENCE, **variables: str) -> dict[str, Any]:
        """One pull in a child process."""
        return self.run(PULL, reference, **variables)

    def records(self) -> list[Path]:
        """Every record of a pulled file."""
        return [path for path in (self.folder / "data").rglob("*") if path.is_file()]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A machine that has pulled nothing, and a hub on this machine."""
    state = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Serving", (Handler,), {"hub": state}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Place(tmp_path, state, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def test_a_file_is_pulled_into_the_librarys_cache_and_recorded(place: Place) -> None:
    answer = place.pull()
    path = Path(answer["path"])
    assert path.read_bytes() == CONTENT
    assert path.is_relative_to(place.folder / "cache")
    (record,) = place.records()
    assert json.loads(record.read_text())["sha256"] == sha256(CONTENT).hexdigest()
    assert answer["pulled"]
    for step in ("downloading", "checking"):
        done = [count for told, count, _ in answer["told"] if told == step]
        assert done == sorted(done)
        assert done[-1] == len(CONTENT)


def test_a_pulled_file_needs_no_hub_and_no_library(place: Place) -> None:
    first = place.pull()
    place.hub.asked.clear()
    without = f"import sys; sys.modules['huggingface_hub'] = None\n{PULL}"
    second = place.run(without, REFERENCE, HF_HUB_OFFLINE="1")
    assert second["path"] == first["path"]
    assert place.hub.asked == []


def test_a_changed_file_is_refused_until_it_is_deleted(place: Place) -> None:
    blob = Path(place.pull()["path"]).resolve()
    blob.chmod(0o600)
    blob.write_bytes(CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))
    for _ in range(2):
        refused = place.pull()
        assert refused["error"] == "CheckFailed"
        assert str(blob) in refused["message"]
        assert sha256(CONTENT).hexdigest()[: hub.SHOWN_DIGITS] in refused["message"]
    blob.unlink()
    assert Path(place.pull()["path"]).read_bytes() == CONTENT


def test_what_was_pulled_first_counts_when_the_hub_changes_the_file(place: Place) -> None:
    blob = Path(place.pull()["path"]).resolve()
    blob.unlink()
    place.hub.files = {path: content[::-1] for path, content in place.hub.files.items()}
    assert place.pull()["error"] == "CheckFailed"
    (record,) = place.records()
    record.unlink()
    assert Path(place.pull()["path"]).read_bytes() == CONTENT[::-1]


def test_a_cache_that_moved_is_found_again(place: Place) -> None:
    place.pull()
    (place.folder / "cache").rename(place.folder / "other")
    moved = place.pull(HF_HOME=str(place.folder / "other"))
    assert Path(moved["path"]).is_relative_to(place.folder / "other")
    place.hub.asked.clear()
    assert place.pull()["path"] == moved["path"]
    assert place.hub.asked == []


def test_a_file_that_arrives_damaged_is_not_recorded(place: Place) -> None:
    place.hub.announced = sha256(b"another file").hexdigest()
    assert place.pull()["error"] == "CheckFailed"
    assert place.records() == []


@pytest.mark.parametrize("ignores_ranges", [False, True])
def test_a_cut_download_goes_on_where_it_was_or_starts_anew(place: Place, ignores_ranges: bool) -> None:
    place.hub.ignores_ranges = ignores_ranges
    long = Random(2).randbytes(LIBRARY_CHUNK_BYTES + 3_000_000)
    place.hub.files = dict.fromkeys(place.hub.files, long)
    place.hub.cut_after_bytes = LIBRARY_CHUNK_BYTES + 1_000_000
    answer = place.pull()
    assert Path(answer["path"]).read_bytes() == long
    assert ("GET", f"bytes={LIBRARY_CHUNK_BYTES}-") in place.hub.asked
    done = [count for told, count, _ in answer["told"] if told == "downloading"]
    assert done == sorted(done)
    assert done[-1] == len(long)


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        ((404, "EntryNotFound"), "UnknownMind", "no such file"),
        ((404, "RepoNotFound"), "UnknownMind", "no such file"),
        ((404, "RevisionNotFound"), "UnknownMind", "no such file"),
        ((403, "GatedRepo"), "MissingPart", "accept its licence"),
    ],
)
def test_a_refusal_of_the_hub_is_one_line(place: Place, fault: tuple[int, str], error: str, words: str) -> None:
    place.hub.fault = fault
    answer = place.pull()
    assert answer["error"] == error
    assert answer["message"].startswith(REFERENCE)
    assert words in answer["message"]
    assert place.records() == []


def test_offline_a_file_that_was_never_pulled_is_missing(place: Place) -> None:
    answer = place.pull(HF_HUB_OFFLINE="1")
    assert answer["error"] == "MissingPart"
    assert "HF_HUB_OFFLINE" in answer["message"]
    assert place.hub.asked == []


def test_without_the_library_it_is_named(place: Place) -> None:
    answer = place.run(f"import sys; sys.modules['huggingface_hub'] = None\n{PULL}", REFERENCE)
    assert answer["error"] == "MissingPart"
    assert "pip install 'fivepenny[hub]'" in answer["message"]


def test_a_broken_record_is_named(place: Place) -> None:
    place.pull()
    (record,) = place.records()
    record.write_text("{}")
    answer = place.pull()
    assert answer["error"] == "WrongUse"
    assert str(record) in answer["message"]
    assert not answer["pulled"]


def test_a_pulled_model_takes_a_seat_under_the_catalogues_name(place: Place, models_path: Path) -> None:
    model = (models_path / "marrow.gguf").read_bytes()
    place.hub.files = {
        f"{REPOSITORY}/resolve/main/{NAME}": model,
        "Qwen/Qwen3-0.6B-GGUF/resolve/main/Qwen3-0.6B-Q8_0.gguf": model,
    }
    code = """
import json, sys
from fivepenny.minds import touring
from fivepenny.minds.mind import Request, Task
from fivepenny.minds.registry import open_mind
missing = touring.unpulled(sys.argv[1:])
minds = [open_mind(reference) for reference in sys.argv[1:]]
asked = Request(Task.REPLY, "You trade.", "Choose.", 4, 'root ::= "yes"', 1, 0.0)
print(json.dumps({
    "missing": missing, "left": touring.unpulled(sys.argv[1:]),
    "cards": [[mind.card.name, mind.card.lab, mind.card.family] for mind in minds],
    "texts": [mind.complete(asked).text for mind in minds],
    "counted": [mind.count_tokens("You trade.", "Choose.") > 0 for mind in minds],
    "state": [row.model.name for row in touring.list_touring() if row.pulled],
}))
[mind.close() for mind in minds]
"""
    answer = place.run(code, REFERENCE, "touring:qwen3-0.6b")
    assert answer["missing"] == [REFERENCE, "hf://Qwen/Qwen3-0.6B-GGUF/Qwen3-0.6B-Q8_0.gguf"]
    assert answer["left"] == []
    (_, lab, family), touring_card = answer["cards"]
    assert (lab, family) == ("Test Lab", "llama")
    assert touring_card == ["Qwen3 0.6B", "Alibaba", "llama"]
    assert answer["texts"] == ["yes", "yes"]
    assert answer["counted"] == [True, True]
    assert answer["state"] == ["qwen3-0.6b"]


def test_a_reference_names_repository_revision_and_file() -> None:
    assert hub.parse(REFERENCE) == hub.HubFile(REPOSITORY, "main", NAME)
    pinned = hub.parse(f"hf://some-lab/Small@{COMMIT}/deep/er/file.gguf")
    assert pinned == hub.HubFile("some-lab/Small", COMMIT, "deep/er/file.gguf")


@pytest.mark.parametrize(
    "reference",
    [
        "hf://",
        "hf://some-lab/file.gguf",
        "hf://some-lab/Small/model.safetensors",
        "hf://some-lab/Small/../../file.gguf",
        "hf://some-lab/Small//file.gguf",
        "hf://some-lab/Small@/file.gguf",
        "hf://some-lab/Small/file.gguf\n",
        "hf://some-lab/Small/big-00001-of-00003.gguf",
        "https://some-lab/Small/file.gguf",
    ],
)
def test_a_bad_reference_is_refused(reference: str) -> None:
    with pytest.raises(UnknownMind) as caught:
        hub.parse(reference)
    assert "\n" not in str(caught.value)


@given(st.text(st.sampled_from("ab./@-_\n~\\"), max_size=24))
def test_no_reference_leads_out_of_the_data_folder(middle: str) -> None:
    try:
        file = hub.parse(f"hf://{middle}.gguf")
    except UnknownMind:
        return
    path = Path(os.path.normpath(hub.record_path(file)))
    assert path.is_relative_to(hub.data_folder() / "pulled")
