"""What the pocket company needs of a machine: its five shapes with random weights, written, opened and played.

    python tests/road_plan.py write FOLDER [--quantisation Q8_0]
    python tests/road_plan.py play FOLDER [--quantisation Q8_0] [--days 3] [--seed 1] [--json]

`write` leaves five files in a folder, about 1.8 GB at Q8_0. `play` opens each by `gguf:PATH`, seats the five in one
season, then puts some of each model's own requests to it once more, one by one. It prints tables of memory and of
time. Wit cannot be measured this way: the weights mean nothing. Linux only, for the memory figures.
"""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

from fivepenny.arena.bare_server import BareAnswer, BareServer
from fivepenny.arena.seats_bench import Call, WatchedMind
from fivepenny.minds.catalogue import seat_mind
from fivepenny.minds.gguf import read_head
from fivepenny.minds.mind import Mind, Task
from fivepenny.stage.rehearsal import rehearse
from road_shapes import POCKET, QUANTISATIONS, ModelShape, write_model

COMPANY = "house"  # five references in the order of the seats; each is answered by the shape in its place
MEBIBYTE = 1024 * 1024
ALONE_CALLS = 12  # of each model, evenly over the season


@dataclass(slots=True)
class Member:
    """One model of the company, and what came of opening and asking it; sizes in MiB, times in seconds."""

    name: str
    path: Path
    size: float
    mind: Mind | None = None
    open_seconds: float = 0.0
    resident_growth: float = 0.0
    calls: list[Call] = field(default_factory=list)
    alone: list[tuple[BareAnswer, float]] = field(default_factory=list)  # with the processor's seconds


def file_of(folder: Path, shape: ModelShape, quantisation: str) -> Path:
    """Where the file of a shape lies in a folder."""
    return folder / f"{shape.name}-{quantisation}.gguf"


def status_mebibytes(field_name: str) -> float:
    """A size of this process by the kernel's account: VmRSS (resident now), VmHWM (most so far)."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(field_name + ":"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"this kernel does not tell {field_name}")


def open_company(paths: Sequence[Path]) -> list[Member]:
    """Open every file as a season would, one after another, and note what each took."""
    members = []
    for path in paths:
        member = Member(path.stem, path, path.stat().st_size / MEBIBYTE)
        before, started = status_mebibytes("VmRSS"), time.perf_counter()
        member.mind = seat_mind(f"gguf:{path}")
        member.open_seconds = time.perf_counter() - started
        member.resident_growth = status_mebibytes("VmRSS") - before
        members.append(member)
    return members


def play(members: Sequence[Member], seed: int, days: int) -> float:
    """Seat the members in the order of the seats, play, and return the season's wall seconds."""
    waiting = iter(members)

    def open_next(reference: str) -> Mind:
        member = next(waiting)
        assert member.mind is not None, reference
        return WatchedMind(member.mind, member.calls)

    return rehearse(seed, days, COMPANY, open_next).seconds


def ask_alone(member: Member) -> None:
    """Put some of a member's own requests to its model, one after another, with nothing cached."""
    step = max(1, len(member.calls) // ALONE_CALLS)
    requests = [call.request for call in member.calls[::step]]
    assert member.mind is not None
    server = BareServer(read_head(member.path))
    try:
        prompts = server.encode(requests, member.mind.card.wording)
        server.answer(prompts[0], requests[0])
        for ids, request in zip(prompts, requests, strict=True):
            started = time.process_time()
            answer = server.answer(ids, request)
            member.alone.append((answer, time.process_time() - started))
    finally:
        server.close()


def memory_row(member: Member) -> dict[str, Any]:
    """What a member takes before anyone asks it."""
    return {
        "model": member.name,
        "file, MiB": round(member.size),
        "resident growth, MiB": round(member.resident_growth),
        "seconds to open": round(member.open_seconds, 1),
    }


def season_row(member: Member, days: int) -> dict[str, Any]:
    """How a member did among the others."""
    done = [call.completion for call in member.calls]
    decisions = [call for call in member.calls if call.request.task is Task.REPLY]
    first = [completion.first_seconds for completion in done if completion.first_seconds is not None]
    seconds = sum(call.ended - call.started for call in member.calls)
    prompts = sum(completion.prompt_tokens for completion in done)
    return {
        "model": member.name,
        "calls a day": round(len(done) / days, 1),
        "prompt characters a decision": round(
            fmean(len(call.request.system) + len(call.request.prompt) for call in decisions)
        ),
        "prompt tokens a decision": round(fmean(call.completion.prompt_tokens for call in decisions)),
        "reply tokens a decision": round(fmean(call.completion.completion_tokens for call in decisions)),
        "seconds a decision": round(fmean(call.ended - call.started for call in decisions), 2),
        "median seconds to the first token": round(median(first), 2) if first else None,
        "busy seconds a day": round(seconds / days, 1),
        "share cached": round(sum(completion.cached_tokens for completion in done) / prompts, 3),
    }


def alone_row(member: Member) -> dict[str, Any]:
    """How fast a member's model is on one thread.

    Of the processor's seconds, not the clock's: on a machine that nothing else uses they are the same. Prompt and reply
    share a call's seconds as llama.cpp's own account divides them.
    """
    prompt_seconds = reply_seconds = 0.0
    for answer, seconds in member.alone:
        share = answer.prompt_seconds / (answer.prompt_seconds + answer.reply_seconds)
        prompt_seconds += seconds * share
        reply_seconds += seconds * (1 - share)
    answers = [answer for answer, _ in member.alone]
    return {
        "model": member.name,
        "calls": len(answers),
        "prompt tokens a second": round(sum(answer.prompt_tokens for answer in answers) / prompt_seconds),
        "reply tokens a second": round(sum(answer.completion_tokens for answer in answers) / reply_seconds),
        "seconds a call, nothing cached": round((prompt_seconds + reply_seconds) / len(answers), 2),
    }


def measure(paths: Sequence[Path], seed: int, days: int) -> dict[str, Any]:
    """Open, play, ask alone, close; every figure of the report."""
    bare = status_mebibytes("VmRSS")
    members = open_company(paths)
    opened = status_mebibytes("VmRSS")
    try:
        processor_seconds = time.process_time()
        seconds = play(members, seed, days)
        processor_seconds = time.process_time() - processor_seconds
        most = status_mebibytes("VmHWM")
        for member in members:
            ask_alone(member)
    finally:
        for member in members:
            if member.mind is not None:
                member.mind.close()
    done = [call.completion for member in members for call in member.calls]
    cached, prompts = (sum(tokens) for tokens in zip(*((c.cached_tokens, c.prompt_tokens) for c in done), strict=True))
    return {
        "seed": seed,
        "days": days,
        "resident before opening, MiB": round(bare),
        "resident with all open, MiB": round(opened),
        "most resident while playing, MiB": round(most),
        "files, MiB": round(sum(member.size for member in members)),
        "seconds to open all": round(sum(member.open_seconds for member in members), 1),
        "seconds a day": round(seconds / days, 1),
        "processor seconds a day": round(processor_seconds / days, 1),
        "calls a day": round(len(done) / days, 1),
        "share of prompt tokens cached": round(cached / prompts, 3),
        "memory": [memory_row(member) for member in members],
        "season": [season_row(member, days) for member in members],
        "alone": [alone_row(member) for member in members],
    }


def as_markdown(rows: Sequence[dict[str, Any]]) -> str:
    """A table of rows that share their keys; figures to the right."""
    heads = list(rows[0])
    lines = [heads, ["---"] + ["--:"] * (len(heads) - 1), *([str(row[head]) for head in heads] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(description="What the pocket company needs of a machine.")
    parser.add_argument("verb", choices=("write", "play"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quantisation", choices=tuple(QUANTISATIONS), default="Q8_0")
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    paths = [file_of(chosen.folder, shape, chosen.quantisation) for shape in POCKET]
    if chosen.verb == "write":
        chosen.folder.mkdir(parents=True, exist_ok=True)
        for path, shape in zip(paths, POCKET, strict=True):
            print(write_model(path, shape, chosen.quantisation), flush=True)
        return
    found = measure(paths, chosen.seed, chosen.days)
    if chosen.json:
        print(json.dumps(found, indent=1))
        return
    for name, value in found.items():
        print(f"\n{name}\n\n{as_markdown(value)}" if isinstance(value, list) else f"{name}: {value}")


if __name__ == "__main__":
    main()
