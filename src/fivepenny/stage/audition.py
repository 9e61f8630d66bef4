"""Trying a mind before it is seated: twenty real turns, each asked twice, and questions after a secret.

A turn is asked through the player that would ask it in a season, and read as a season reads it: once held to the form
of the reply, as in play, and once unaided. It knows how often a mind can be understood, not how well it plays.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import fmean, median

from fivepenny.company.cast import names_of_others
from fivepenny.company.decisions import CLEAN, Decision, decide
from fivepenny.company.ensemble import LINE_ATTEMPTS
from fivepenny.company.lines import LineFault, clean_template, line_fault
from fivepenny.company.players import MOST_LINE_TOKENS, MOST_REPLY_TOKENS, Asked, CuePlayer, Player, ProsePlayer
from fivepenny.company.tape import NO_REPLY, TOO_LONG
from fivepenny.errors import PromptTooLong, UnknownMind
from fivepenny.minds.catalogue import seat_mind
from fivepenny.minds.mind import Completion, Mind, MindCard, Request, Wording
from fivepenny.minds.reply import Verdict as Reading
from fivepenny.minds.room import context_tokens_of, resident_bytes, runs_here
from fivepenny.minds.wrapping import WrappedMind
from fivepenny.rng import stream, stream_seed
from fivepenny.stage.listening import Situation
from fivepenny.stage.situations import (
    TURNS,
    audition_scenario,
    choose_questionings,
    choose_situations,
    tells_secret,
)
from fivepenny.world import Option

SEED = 1
FIT_TURNS = 18
"""Of twenty turns, as many as a mind may be called fit to play; its understudy takes the rest."""
SOME_TURNS = 10
"""Of twenty turns, the fewest with which a mind can be said to play at all."""
SPOKEN_SHARE = 0.5
"""Of the turns with something to say, the share below which a mind is called silent."""
WITHOUT_MODEL = frozenset({"understudy", "null", "human", "cascade"})

Tell = Callable[[int, int], None]
"""Hears how many asks are done, and of how many at least."""


class Verdict(StrEnum):
    """What twenty turns come to; the first that is true, from the worst."""

    UNFIT = "not fit to sit"
    UNDERSTUDY = "needs its understudy"
    GRAMMAR = "plays with a grammar"
    UNAIDED = "plays unaided"


@dataclass(frozen=True, slots=True)
class Tally:
    """How the replies to twenty turns could be read; `refused` counts those that could not, by cause."""

    clean: int = 0
    repaired: int = 0
    salvaged: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)

    @property
    def valid(self) -> int:
        """Replies that came to a legal move."""
        return self.clean + self.repaired + self.salvaged


@dataclass(frozen=True, slots=True)
class Lines:
    """Turns in which there was something to say, those that ended in a line to be spoken, and what was wrong else."""

    wanted: int = 0
    spoken: int = 0
    faults: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Questionings in all, those whose answer could be read, by what approaches it told, and asides that held it.

    Only what is said aloud counts as told: an aside is a thought, which no other seat hears.
    """

    asked: int
    answered: int
    told: tuple[str, ...]
    asides: int

    @property
    def kept(self) -> int:
        """Answers that kept the secret."""
        return self.answered - len(self.told)


@dataclass(frozen=True, slots=True)
class Audition:
    """What a mind showed. Prompts are those of the constrained turns, seconds those of the answers to them.

    `secrets` is None for a mind that reads cues: a cue holds no word of what its seat was told. `memory_bytes` is how
    much this process grew over opening and asking a mind that runs in it, `context_tokens` the longest text that it is
    opened for; None where that is not known, as with a server.
    """

    card: MindCard
    unaided: Tally
    constrained: Tally
    lines: Lines
    secrets: Secrets | None
    prompt_tokens_mean: float
    prompt_tokens_max: int
    seconds_median: float
    seconds_max: float
    tokens_a_second: float
    memory_bytes: int | None
    context_tokens: int | None

    @property
    def room_tokens(self) -> int | None:
        """What the longest prompt and the longest reply leave of the context; None where that is not known."""
        reply_tokens = MOST_LINE_TOKENS if self.card.wording is Wording.CUE else MOST_REPLY_TOKENS
        return None if self.context_tokens is None else self.context_tokens - self.prompt_tokens_max - reply_tokens

    @property
    def verdict(self) -> Verdict:
        """By the turns as they are played; unaided, only where those are good."""
        if self.constrained.valid < SOME_TURNS:
            return Verdict.UNFIT
        if self.constrained.valid < FIT_TURNS:
            return Verdict.UNDERSTUDY
        return Verdict.UNAIDED if self.unaided.valid >= FIT_TURNS else Verdict.GRAMMAR

    @property
    def speaks(self) -> bool:
        """Whether its lines may mostly be spoken; true where there was nothing to say."""
        return self.lines.spoken >= SPOKEN_SHARE * self.lines.wanted

    @property
    def keeps_secrets(self) -> bool:
        """Whether nothing was told; a mind that reads cues has nothing to tell."""
        return self.secrets is None or not self.secrets.told


class _Unaided(WrappedMind):
    """A mind that is asked without grammar and schema."""

    def complete(self, request: Request) -> Completion:
        return super().complete(replace(request, grammar=None, schema=None))


def audition(
    reference: str, tell: Tell = lambda done, total: None, open_mind: Callable[[str], Mind] = seat_mind
) -> Audition:
    """Try the mind of this reference. A failed ask is counted as a refusal.

    Raises `UnknownMind` where there is no single model to try, and what `open_mind` raises.
    """
    kind = reference.partition(":")[0]
    if kind in WITHOUT_MODEL:
        what = "try each of its minds by itself" if kind == "cascade" else "only a model can be checked"
        raise UnknownMind(f"{reference!a}: there is no single model behind it; {what}")
    choose_situations()  # played before anything is measured
    before_bytes = resident_bytes()
    mind = open_mind(reference)
    try:
        found = _Trial(mind, tell).result()
        if not runs_here(reference):
            return found
        grown = max(0, resident_bytes() - before_bytes)
        return replace(found, memory_bytes=grown, context_tokens=context_tokens_of(reference))
    finally:
        mind.close()


class _Trial:
    """One mind under trial, turn after turn."""

    def __init__(self, mind: Mind, tell: Tell) -> None:
        self._mind = mind
        self._tell = tell
        self._reads_prose = mind.card.wording is Wording.PROSE
        self._names = names_of_others(audition_scenario())
        self._seats = {seat.name: seat for seat in audition_scenario().seats}
        self._said: set[str] = set()
        self._faults: Counter[str] = Counter()
        self._done = 0
        self._total = 2 * TURNS + (len(choose_questionings()) if self._reads_prose else 0)

    def result(self) -> Audition:
        """All of the trial but what only the reference tells."""
        held: list[tuple[Asked | None, Decision]] = []
        lines: list[bool] = []
        # Held to the form first: a server that keeps prompts answers the same one sooner the second time.
        for place, turn in enumerate(choose_situations()):
            asked, decision = self._decided(self._mind, turn, "turn", place)
            held.append((asked, decision))
            option = self._spoken_with(turn, decision)
            if option is not None:
                lines.append(self._speaks(turn, option, decision.say, place))
            self._tick()
        secrets = self._secrets() if self._reads_prose else None
        unaided = self._unaided()
        sent = [asked for asked, _ in held if asked is not None]
        prompts = [asked.completion.prompt_tokens for asked in sent]
        answers = [asked.completion for asked in sent if not asked.failure]
        seconds, tokens = [each.seconds for each in answers], sum(each.completion_tokens for each in answers)
        return Audition(
            card=self._mind.card,
            unaided=unaided,
            constrained=_tally([decision for _, decision in held]),
            lines=Lines(len(lines), sum(lines), dict(self._faults)),
            secrets=secrets,
            prompt_tokens_mean=fmean(prompts) if prompts else 0.0,
            prompt_tokens_max=max(prompts, default=0),
            seconds_median=median(seconds) if seconds else 0.0,
            seconds_max=max(seconds, default=0.0),
            tokens_a_second=tokens / sum(seconds) if sum(seconds) > 0 else 0.0,
            memory_bytes=None,
            context_tokens=None,
        )

    def _tick(self) -> None:
        self._done += 1
        self._tell(self._done, self._total)

    def _player(self, mind: Mind, turn: Situation) -> Player:
        return ProsePlayer(mind, self._seats[turn.observation.seat]) if self._reads_prose else CuePlayer(mind)

    def _decided(self, mind: Mind, turn: Situation, what: str, place: int) -> tuple[Asked | None, Decision]:
        """One ask and what it comes to; nothing was asked where the prompt was too long."""
        seed = stream_seed(SEED, "audition", what, place) % 2**32
        try:
            asked = self._player(mind, turn).ask_moves(turn.observation, turn.menu, seed)
        except PromptTooLong:
            return None, _refused(TOO_LONG)
        if asked.failure:
            return asked, _refused(asked.cause or NO_REPLY)
        lot = stream(SEED, "audition", "draw", what, place)
        steadiness = self._seats[turn.observation.seat].steadiness
        return asked, decide(asked.task, asked.completion.text, turn.menu, steadiness, lot)

    def _unaided(self) -> Tally:
        unaided = _Unaided(self._mind)
        decisions = []
        for place, turn in enumerate(choose_situations()):
            decisions.append(self._decided(unaided, turn, "turn", place)[1])
            self._tick()
        return _tally(decisions)

    def _spoken_with(self, turn: Situation, decision: Decision) -> Option | None:
        """The move that a line would go with; None where there is none, or nothing to say about it."""
        option = turn.menu.option(decision.phrases[0]) if decision.phrases else None
        return option if option is not None and option.weight > 0 else None

    def _speaks(self, turn: Situation, option: Option, given: str | None, place: int) -> bool:
        """Whether it comes to a line that may be spoken, asked for as in play where the given one may not."""
        if given and self._may_be_spoken(given, option, turn):
            return True
        player = self._player(self._mind, turn)
        for attempt in range(1, LINE_ATTEMPTS + 1):
            seed = stream_seed(SEED, "audition", "line", place, attempt) % 2**32
            try:
                asked = player.ask_line(turn.observation, option, self._said, seed, attempt)
            except PromptTooLong:
                self._faults[TOO_LONG] += 1
                continue
            if asked.failure:
                self._faults[asked.cause or NO_REPLY] += 1
            elif self._may_be_spoken(clean_template(asked.completion.text), option, turn):
                return True
        return False

    def _may_be_spoken(self, template: str, option: Option, turn: Situation) -> bool:
        others = self._names[turn.observation.seat]
        unnamed = frozenset().union(*(names for seat, names in others.items() if seat != option.to))
        fault = line_fault(template, option, self._said, unnamed)
        if fault is None:
            self._said.add(template)
            return True
        self._faults[(fault if template else LineFault.EMPTY).value] += 1
        return False

    def _secrets(self) -> Secrets:
        told: list[str] = []
        answered = asides = 0
        for place, questioning in enumerate(choose_questionings()):
            decision = self._decided(self._mind, questioning.situation, "secret", place)[1]
            self._tick()
            if decision.phrases is None:
                continue
            answered += 1
            asides += tells_secret(decision.aside)
            if tells_secret(decision.say):
                told.append(questioning.approach)
        return Secrets(len(choose_questionings()), answered, tuple(told), asides)


def _refused(cause: str) -> Decision:
    return Decision(None, None, None, Reading.REFUSED.value, cause)


def _tally(decisions: list[Decision]) -> Tally:
    verdicts = Counter(decision.verdict for decision in decisions)
    causes = Counter(decision.reason for decision in decisions if decision.phrases is None)
    return Tally(verdicts[CLEAN], verdicts[Reading.REPAIRED.value], verdicts[Reading.SALVAGED.value], dict(causes))
