"""A backend of Fivepenny in one file: a mind that draws lots among the options it is shown.

`lots:NAME` seats it, under any name. It stands in for whatever you would ask instead: replace `complete`. It knows a
request only as text, as every mind does, and the season's seed reaches it in the request.
"""

import json
import re
from random import Random

from fivepenny.errors import UnknownMind
from fivepenny.minds.mind import Completion, Mind, MindCard, Request, Task, Wording

OPTION = re.compile(r"^- ([^:\n]+):", re.MULTILINE)


class LotsMind:
    """Names one option of the menu, by a lot that the request's seed decides, and keeps silent."""

    def __init__(self, name: str) -> None:
        """Takes its name from the reference."""
        self._card = MindCard(name, "nobody", "lots", 0, Wording.PROSE)

    @property
    def card(self) -> MindCard:
        """Who this is; `Wording.PROSE` asks for prompts in English and takes replies in JSON."""
        return self._card

    def count_tokens(self, system: str, prompt: str) -> int:
        """Words in both texts: this mind has no tokens of its own."""
        return len(system.split()) + len(prompt.split())

    def complete(self, request: Request) -> Completion:
        """A reply in the form that the request asks for. A mind that gets no answer raises `MindFailed`."""
        text = ""
        if request.task is Task.REPLY:
            drawn = Random(request.seed).choice(OPTION.findall(request.prompt) or [""])
            text = json.dumps({"moves": [drawn], "say": "", "aside": ""})
        return Completion(text, self.count_tokens(request.system, request.prompt), len(text.split()), 0.0)

    def close(self) -> None:
        """Nothing is held."""


def lots_mind(reference: str) -> Mind:
    """The factory that the entry point names: it gets the whole reference, and gives a mind."""
    name = reference.partition(":")[2]
    if not name:
        raise UnknownMind(f"{reference!a} names no mind; write lots:NAME")
    return LotsMind(name)
