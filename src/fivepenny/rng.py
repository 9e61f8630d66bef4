"""Randomness: named streams of one seed.

A stream is found by its path of names, not by how often others were drawn from, so nothing has to be saved
to resume a season, and no seat's draw depends on what another seat did.
"""

import hashlib
import random

Name = str | int


def stream_seed(seed: int, *path: Name) -> int:
    """A 64-bit integer that depends on the seed and the whole path (SHA-256, first eight bytes)."""
    text = "\x1f".join(map(str, (seed, *path)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def stream(seed: int, *path: Name) -> random.Random:
    """The random stream of this seed with this path of names, at its start."""
    return random.Random(stream_seed(seed, *path))
