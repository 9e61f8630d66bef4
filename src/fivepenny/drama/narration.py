"""Narration: a kind of moment and its words become a sentence, by a grammar of many variants.

The grammar is package data (`data/templates/narration/`, a file for the table and one for each custom of it). A
variant's slots are filled with words from the log; `{buyers:takes|take}` agrees with a word. This module knows no
events, only keys, words and numbers.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from fivepenny.drama.names import Word
from fivepenny.rng import stream

_SLOT = re.compile(r"\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}")
_STARTS = re.compile(r"(?:^|[.?] )$")

Grammar = Mapping[str, tuple[str, ...]]


@cache
def load_grammar() -> Grammar:
    """The grammar that comes with the package: variants by key."""
    folder = resources.files("fivepenny") / "data" / "templates" / "narration"
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".toml")]
    return {key: tuple(row["variants"]) for text in texts for key, row in tomllib.loads(text).items()}


def slots_of(variant: str) -> frozenset[str]:
    """The names of the slots of a variant."""
    return frozenset(match.group(1) for match in _SLOT.finditer(variant))


def fill(variant: str, words: Mapping[str, Word]) -> str:
    """A variant with its slots filled; a word that begins a sentence begins with a capital."""

    def put(match: re.Match[str]) -> str:
        name, one, many = match.groups()
        word = words[name]
        text = word.text if one is None else str(many if word.many else one)
        begins = _STARTS.search(variant[: match.start()]) is not None
        return text[:1].upper() + text[1:] if begins else text

    return _SLOT.sub(put, variant)


class Narrator:
    """Chooses variants by a seeded stream; one that was used is put behind the others of its kind."""

    def __init__(self, seed: int) -> None:
        """The seed of the season: the same season is always told in the same words."""
        self._seed = seed
        self._used: dict[str, list[str]] = {}

    def tell(self, key: str, words: Mapping[str, Word], number: int) -> str:
        """The sentence for a moment of this kind at this event. Raises KeyError where the grammar has no such kind."""
        fitting = [variant for variant in load_grammar()[key] if slots_of(variant) <= words.keys()]
        used = self._used.setdefault(key, [])
        # Half of the variants rest at any time, so that none comes back soon and the choice stays open.
        rested = set(used[-(len(fitting) // 2) :] if len(fitting) > 1 else ())
        fresh = [variant for variant in fitting if variant not in rested]
        chosen = stream(self._seed, "narration", key, number).choice(fresh)
        used.append(chosen)
        return fill(chosen, words)
