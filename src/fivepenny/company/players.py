"""What sits in a seat, whatever it is: a rule policy, or a mind that is asked in its own wording.

A player turns an observation and a menu into one ask and returns the raw reply; what the reply is worth is
decided elsewhere, alike for all of them.
"""

import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random
from typing import Protocol

from fivepenny.company import cues, prose
from fivepenny.company.sureness import ALTERNATIVES, grade_sureness, reply_sureness
from fivepenny.errors import MindFailed, PromptTooLong
from fivepenny.minds.mind import THINK_TOKENS, Completion, Mind, MindCard, Request, Task, Wording
from fivepenny.scenario import Seat
from fivepenny.world import Menu, Observation, Option

CUE_CEILING_TOKENS = 400
PROSE_CEILING_TOKENS = 1600
MOST_LINE_TOKENS = 48
MOST_REPLY_TOKENS = 220
LINE_TEMPERATURES = (0.5, 0.8)  # of the first and the second asking
PROSE_TEMPERATURE = 0.7
MEMORIES = 8
CUE_TOKENS_MAX = CUE_CEILING_TOKENS + MOST_LINE_TOKENS
PROSE_TOKENS_MAX = PROSE_CEILING_TOKENS + MOST_REPLY_TOKENS + THINK_TOKENS
"""The most that one ask can cost; a grade cue's reply is shorter than a line's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One ask and what came back, or what the mind said of its failure and why, in words to be counted.

    `sureness` is how likely the mind held its choice, 0 to 1, where it was asked and could tell.
    """

    task: Task
    system: str
    prompt: str
    completion: Completion
    failure: str = ""
    cause: str = ""
    sureness: float | None = None


class Player(Protocol):
    """What sits in a seat. Raises `PromptTooLong` where it could not be asked."""

    @property
    def card(self) -> MindCard:
        """Who this is."""
        ...

    @property
    def tokens_max(self) -> int:
        """The most tokens that one ask can cost, prompt and reply together; 0 for a player without weights."""
        ...

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        """Ask what it does."""
        ...

    def ask_line(
        self, observation: Observation, option: Option, said: Collection[str], seed: int, attempt: int
    ) -> Asked:
        """Ask for a slotted line with a chosen option; an empty text is silence."""
        ...


class Policy(Protocol):
    """A player without weights, as `fivepenny.policies` makes them."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    def grade(self, observation: Observation, menu: Menu, lot: Random) -> tuple[int, ...]:
        """Grades in menu order."""
        ...

    def speak(self, option: Option, said: Collection[str], lot: Random) -> str | None:
        """A slotted line, or None for silence."""
        ...


class PolicyPlayer:
    """A rule policy in a seat. Its replies are texts too, and are read as a mind's are."""

    def __init__(self, policy: Policy) -> None:
        """Asks this policy."""
        self._policy = policy
        self._card = MindCard(policy.name, "fivepenny", "rules", 0, Wording.CUE)

    @property
    def card(self) -> MindCard:
        """A card without weights."""
        return self._card

    @property
    def tokens_max(self) -> int:
        """Rules cost no tokens."""
        return 0

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        """Its grades, as a cue mind would write them."""
        grades = self._policy.grade(observation, menu, Random(seed))
        return Asked(Task.GRADE, "", "", Completion(cues.grade_target(grades), 0, 0, 0.0))

    def ask_line(
        self, observation: Observation, option: Option, said: Collection[str], seed: int, attempt: int
    ) -> Asked:
        """A line of its grammar."""
        del observation, attempt
        text = self._policy.speak(option, said, Random(seed)) or ""
        return Asked(Task.SPEAK, "", "", Completion(text, 0, 0, 0.0))


class WrappedPlayer:
    """A player round another one: what a subclass does not change is the inner player's own."""

    def __init__(self, player: Player) -> None:
        """Wraps this player."""
        self._player = player

    @property
    def card(self) -> MindCard:
        """The player's."""
        return self._player.card

    @property
    def tokens_max(self) -> int:
        """The player's."""
        return self._player.tokens_max

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        """As the player does."""
        return self._player.ask_moves(observation, menu, seed)

    def ask_line(
        self, observation: Observation, option: Option, said: Collection[str], seed: int, attempt: int
    ) -> Asked:
        """As the player says it."""
        return self._player.ask_line(observation, option, said, seed, attempt)


def ask_mind(mind: Mind, request: Request, ceiling_tokens: int) -> Asked:
    """Ask, if the prompt is within the ceiling. Raises PromptTooLong; a mind's failure is an answer."""
    tokens = mind.count_tokens(request.system, request.prompt)
    if tokens > ceiling_tokens:
        raise PromptTooLong(f"{mind.card.name}: a prompt of {tokens} tokens; the ceiling is {ceiling_tokens}")
    started = time.monotonic()
    try:
        return Asked(request.task, request.system, request.prompt, mind.complete(request))
    except MindFailed as error:
        nothing = Completion("", tokens, 0, time.monotonic() - started)
        return Asked(request.task, request.system, request.prompt, nothing, str(error), error.cause)


class CuePlayer:
    """A mind that reads cues."""

    def __init__(self, mind: Mind, *, tells_sureness: bool = False) -> None:
        """Asks this mind, and how sure it was where that is wanted."""
        self._mind = mind
        self._alternatives = ALTERNATIVES if tells_sureness else 0

    @property
    def card(self) -> MindCard:
        """The mind's."""
        return self._mind.card

    @property
    def tokens_max(self) -> int:
        """A cue of the ceiling and a line."""
        return CUE_TOKENS_MAX

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        """A grade for each option."""
        options = len(menu.options)
        prompt, grammar = cues.grade_cue(observation, menu), cues.grade_grammar(options)
        request = Request(Task.GRADE, "", prompt, 2 * options, grammar, seed, 0.0, alternatives=self._alternatives)
        asked = ask_mind(self._mind, request, CUE_CEILING_TOKENS)
        return replace(asked, sureness=grade_sureness(asked.completion.odds, options)) if self._alternatives else asked

    def ask_line(
        self, observation: Observation, option: Option, said: Collection[str], seed: int, attempt: int
    ) -> Asked:
        """A line; hotter the second time."""
        del observation, said
        temperature = LINE_TEMPERATURES[attempt - 1]
        grammar = cues.line_grammar(cues.line_slots(option))
        prompt = cues.line_cue(option)
        request = Request(Task.SPEAK, "", prompt, MOST_LINE_TOKENS, grammar, seed, temperature)
        return ask_mind(self._mind, request, CUE_CEILING_TOKENS)


class ProsePlayer:
    """A mind that reads English and answers in JSON."""

    def __init__(self, mind: Mind, seat: Seat, *, tells_sureness: bool = False) -> None:
        """Asks this mind as the character of this seat, and how sure it was where that is wanted."""
        self._mind = mind
        self._system = prose.system_text(seat)
        self._alternatives = ALTERNATIVES if tells_sureness else 0

    @property
    def card(self) -> MindCard:
        """The mind's."""
        return self._mind.card

    @property
    def tokens_max(self) -> int:
        """A prompt of the ceiling, a thought where the model cannot be kept from it, and a reply."""
        return PROSE_TOKENS_MAX

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        """Moves, a line and an aside; fewer memories are told where the prompt would be too long."""
        grammar = prose.reply_grammar(menu)
        schema = prose.reply_schema(menu)
        base = Request(
            Task.REPLY,
            self._system,
            "",
            MOST_REPLY_TOKENS,
            grammar,
            seed,
            PROSE_TEMPERATURE,
            schema,
            self._alternatives,
        )
        asked = self._ask_what_fits(base, observation, menu)
        return replace(asked, sureness=reply_sureness(asked.completion.odds, menu)) if self._alternatives else asked

    def _ask_what_fits(self, base: Request, observation: Observation, menu: Menu) -> Asked:
        """With as many memories as there is room for."""
        for memories in range(MEMORIES, 0, -1):
            with suppress(PromptTooLong):
                return self._ask(replace(base, prompt=prose.turn_text(observation, menu, memories)))
        return self._ask(replace(base, prompt=prose.turn_text(observation, menu, 0)))

    def ask_line(
        self, observation: Observation, option: Option, said: Collection[str], seed: int, attempt: int
    ) -> Asked:
        """A line as plain text, where the one in the reply could not be spoken."""
        del said, attempt
        grammar = cues.line_grammar(cues.line_slots(option))
        prompt = prose.line_text(observation, option)
        return self._ask(Request(Task.SPEAK, self._system, prompt, MOST_LINE_TOKENS, grammar, seed, PROSE_TEMPERATURE))

    def _ask(self, request: Request) -> Asked:
        return ask_mind(self._mind, request, PROSE_CEILING_TOKENS)
