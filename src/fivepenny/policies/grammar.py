"""The line grammar: slotted lines by act and tone, from TOML, and which of them fits a moment.

A line fits where its act and hearer do and every slot in it has a value. It knows nothing of who says it for
whom: grading and saying are apart.
"""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random

from fivepenny.world import Option

CLOSEST = 3
"""How many lines that fit are drawn from: a character that always says the fitting thing is a machine."""
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class LineEntry:
    """One line of a voice. `to` restricts it to one hearer, `manner` to one manner; `slots` are those it needs."""

    act: str
    tone: str
    say: str
    to: str
    slots: frozenset[str]
    manner: str = ""


def slots_in(template: str) -> frozenset[str]:
    """The names of the slots of a line."""
    return frozenset(_SLOT.findall(template))


class Voice:
    """The lines of one character."""

    def __init__(self, entries: tuple[LineEntry, ...]) -> None:
        """Sorts the lines by act."""
        self.entries = entries
        self._by_act: dict[str, list[LineEntry]] = {}
        for entry in entries:
            self._by_act.setdefault(entry.act, []).append(entry)

    def fitting(self, option: Option) -> list[LineEntry]:
        """Every line that could be said with this option."""
        known = option.slots.keys() | option.past.keys()
        return [
            entry
            for entry in self._by_act.get(option.act, ())
            if entry.slots <= known
            and entry.tone in (option.tone, "even")
            and entry.to in ("", option.to)
            and entry.manner in ("", option.manner)
        ]

    def pick(self, option: Option, said: Collection[str], lot: Random) -> str | None:
        """A line not yet said, or None: one of the closest by lot.

        Made for this hearer or in this manner counts for most; this tone, and a slot of the past, count alike. Ties go
        by lot.
        """
        fresh = [entry for entry in self.fitting(option) if entry.say not in said]
        if not fresh:
            return None

        def closeness(entry: LineEntry) -> int:
            made = bool(entry.to) + bool(entry.manner)
            return 3 * made + 2 * (entry.tone == option.tone) + 2 * bool(entry.slots & option.past.keys())

        ranked = sorted(fresh, key=lambda entry: (-closeness(entry), lot.random()))
        return lot.choice(ranked[:CLOSEST]).say


def parse_voice(text: str) -> Voice:
    """The voice in this TOML text."""
    rows = tomllib.loads(text)["line"]
    return Voice(
        tuple(
            LineEntry(
                act=row["act"],
                tone=row.get("tone", "even"),
                say=row["say"],
                to=row.get("to", ""),
                slots=slots_in(row["say"]),
                manner=row.get("manner", ""),
            )
            for row in rows
        )
    )


@cache
def load_voice(name: str) -> Voice:
    """The voice of a character of the house."""
    path = resources.files("fivepenny") / "data" / "lines" / f"{name}.toml"
    return parse_voice(path.read_text(encoding="utf-8"))
