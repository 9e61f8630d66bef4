"""A fuzzer over the reply parser, for developers: any bytes, held against the second reader of the mutations.

It needs atheris, which is no dependency of the package; in a virtual environment of its own, from the checkout:

    python3.11 -m venv FUZZ && FUZZ/bin/pip install atheris pytest
    mkdir CORPUS && PYTHONPATH=src FUZZ/bin/python tests/fuzz_replies.py CORPUS -max_total_time=600 -max_len=1200

The first byte of an input chooses a menu and the second a bound on moves; the rest is the reply. An empty folder is
filled with the reply samples first. Every other change is one of the mutations' own, the rest are libFuzzer's. A reply
that breaks the contract, or takes too long, ends the run with a traceback and is kept as a file `crash-…`, which the
same command plays again when it is given in place of the folder.
"""

import sys
import time
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

MENUS = (
    ("buy rye", "sell coal", "hold"),
    ("buy rye", "sell rye", "lend quill", "hold"),
    ("buy rye", "buy rye flour", "tip vesper rye up", "tip vesper rye down", "say nothing", "hold"),
    ("bribe brock", "accuse marrow", "repay marrow", "pact tansy", "lend quill", "buy coal", "sell coal", "hold"),
)
MOST_MOVES = 3
HEAD_BYTES = 2
# Seconds of one processor: generous, since it is growth out of proportion that must not pass.
SLOW_SECONDS = 0.5
SLOW_SECONDS_A_CHARACTER = 1e-4


def asked_of(data: bytes) -> tuple[str, tuple[str, ...], int]:
    """Reply, menu and bound that some bytes stand for; lone surrogates are possible, as in replies on file."""
    head, body = data[:HEAD_BYTES].ljust(HEAD_BYTES, b"\0"), data[HEAD_BYTES:]
    try:
        raw = body.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        raw = body.decode("latin-1")
    return raw, MENUS[head[0] % len(MENUS)], 1 + head[1] % MOST_MOVES


def bytes_of(raw: str, menu: int, max_moves: int) -> bytes:
    """Bytes that stand for this reply, asked with a menu by its place and with this bound."""
    return bytes((menu, max_moves - 1)) + raw.encode("utf-8", "surrogatepass")


def seed_corpus(folder: Path, samples: list[dict[str, Any]]) -> None:
    """Write every short sample to an empty folder, with its own menu where there is one here."""
    for sample in samples:
        menu = tuple(sample["menu"])
        place = MENUS.index(menu) if menu in MENUS else 0
        (folder / sample["id"]).write_bytes(bytes_of(sample["raw"], place, sample["max_moves"]))


def fuzz(arguments: list[str]) -> None:
    """Run libFuzzer with these arguments; it ends the process."""
    import atheris

    with atheris.instrument_imports(include=["fivepenny.minds"]):
        import test_reply_mutations as mutations

    folders = [Path(argument) for argument in arguments[1:] if not argument.startswith("-")]
    if folders and folders[0].is_dir() and not any(folders[0].iterdir()):
        seed_corpus(folders[0], mutations.SHORT)

    def mutated(data: bytes, max_size: int, seed: int) -> bytes:
        lot = Random(seed)
        if lot.random() < 0.5 or len(data) <= HEAD_BYTES:
            return bytes(atheris.Mutate(data, max_size))
        raw = lot.choice(mutations.MUTATORS)(asked_of(data)[0], lot)
        return (data[:HEAD_BYTES] + raw.encode("utf-8", "surrogatepass"))[:max_size]

    atheris.Setup(arguments, lambda data: hold(mutations, data), custom_mutator=mutated)
    atheris.Fuzz()


def hold(mutations: ModuleType, data: bytes) -> None:
    """Read one input and hold the answer against the contract. Raises AssertionError where it is broken."""
    raw, menu, max_moves = asked_of(data)
    started = time.process_time()
    reply = mutations.parse_reply(raw, menu, max_moves)
    seconds = time.process_time() - started
    found = mutations.faults(reply, raw, menu, max_moves)
    if mutations.parse_reply(raw, menu[::-1], max_moves) != reply:
        found.append("the order of the menu matters")
    if seconds > SLOW_SECONDS + len(raw) * SLOW_SECONDS_A_CHARACTER:
        found.append(f"slow: {seconds:.2f} s")
    assert not found, (found, raw, menu, max_moves, reply)


if __name__ == "__main__":
    fuzz(sys.argv)
