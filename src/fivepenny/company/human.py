"""A person in a seat: sees what a mind in that seat would be told, and answers by numbers of the menu.

Beside each move stand its figures, what it costs and what can go wrong; beside the seat's condition, how far it is from
what it came for. All of it is the world's: facts and texts of observation and menu, sorted by what they speak of.

What a person chooses is taped as a reply like any other, so that a season with people in it resumes, replays and is
audited as others are. This module knows no terminal: it is given somebody to tell and to ask.
"""

import json
from collections.abc import Collection
from typing import Protocol

from fivepenny.company.acts import MEANINGS
from fivepenny.company.lines import clean_template, line_fault
from fivepenny.company.memory import select_memories
from fivepenny.company.players import Asked
from fivepenny.errors import Left, TakenBack
from fivepenny.minds.mind import Completion, MindCard, Task, Wording
from fivepenny.scenario import Seat
from fivepenny.world import Menu, Observation, Option, in_words

HUMAN = "human"
"""The reference of a person, and what the tape calls one."""
MEMORIES = 4
_BACK, _LEAVE, _HELP = ("u", "undo"), ("q", "quit"), ("h", "help", "?")
AIM = "aim"
_COSTS = frozenset({"cost", "loss", "short", "size"})
_RISKS = frozenset({"trust", "feeling", "price", "hope", "belief", "fits", "due", "sting"})
_DEAR = ("a trifle", "not much", "a fair cost", "a high cost", "as high as can be")
_NEAR = ("far off", "some way on", "half way", "most of the way", "all but there")
PERSON = MindCard("a person", "", HUMAN, 0, Wording.PROSE)


class Company(Protocol):
    """Whom a person sits with: somebody who shows texts and brings answers."""

    def tell(self, text: str) -> None:
        """Show this."""
        ...

    def ask(self, question: str) -> str:
        """One line of answer, without its end. Raises Left where there will be none."""
        ...


class HumanPlayer:
    """A person playing a seat. Asked in the thread that plays the season, never beside it."""

    def __init__(self, seat: Seat, company: Company) -> None:
        """Plays this seat with this company."""
        self._seat = seat
        self._company = company

    @property
    def card(self) -> MindCard:
        """A person."""
        return PERSON

    @property
    def tokens_max(self) -> int:
        """People cost no tokens."""
        return 0

    def ask_moves(self, observation: Observation, menu: Menu, seed: int) -> Asked:
        """What the person does. Raises TakenBack or Left."""
        del seed
        self._company.tell(self._turn(observation, menu))
        many = f"up to {menu.max_moves} numbers, best first" if menu.max_moves > 1 else "a number"
        while True:
            keys = f"Enter: {menu.rest}; h: help; u: take back; q: leave"
            answer = self._answer(f"{self._seat.first_name}: {many} ({keys})> ", _help(menu))
            chosen, fault = read_choice(answer, menu)
            if chosen:
                break
            self._company.tell(fault)
        reply = {"moves": list(chosen), "say": "", "aside": ""}
        return _asked(Task.REPLY, json.dumps(reply, ensure_ascii=False))

    def ask_line(
        self, observation: Observation, option: Option, said: Collection[str], seed: int, attempt: int
    ) -> Asked:
        """A line with the chosen move, or silence. Raises TakenBack or Left."""
        del observation, seed
        values = {**option.slots, **{name: past.text for name, past in option.past.items()}}
        slots = ", ".join(f"{{{name}}} for {text}" for name, text in values.items())
        first = "The table listens." if attempt == 1 else "That cannot be said here (another's name, perhaps)."
        how = f"Say a line with it: no figures; write {slots}. Enter keeps silent."
        self._company.tell(f"{first} {how}")
        while True:
            text = clean_template(self._answer(f"{self._seat.first_name}> ", how))
            fault = line_fault(text, option, said, ()) if text else None
            if fault is None:
                return _asked(Task.SPEAK, text)
            self._company.tell(f"It cannot be said: {fault.value}.")

    def _answer(self, question: str, help_text: str) -> str:
        while (answer := self._company.ask(question).strip()).lower() in _HELP:
            self._company.tell(help_text)
        if answer.lower() in _BACK:
            raise TakenBack(f"{self._seat.name}: nothing of today can be taken back")
        if answer.lower() in _LEAVE:
            raise Left(f"{self._seat.name}: left the table")
        return answer

    def _turn(self, observation: Observation, menu: Menu) -> str:
        """The seat's condition and aim, what it remembers and just heard, and the menu: figures, cost and risk."""
        lines = ["", f"Day {observation.day}, {observation.beat.phase.value}. You are {self._seat.full_name}."]
        lines.append(" ".join(fact.text for fact in observation.standing if fact.key != AIM))
        lines += [
            f"Goal: {fact.text} ({in_words(fact.level, _NEAR)})" for fact in observation.standing if fact.key == AIM
        ]
        lines += [memory.text for memory in select_memories(observation.memories, MEMORIES)]
        lines += [f"Heard: {heard}" for heard in observation.heard]
        for number, option in enumerate(menu.options, 1):
            lines.append(f"{number:>3}  {option.text or option.phrase}")
            lines += [f"     {line}" for line in _bearing(option)]
        return "\n".join(lines)


def _bearing(option: Option) -> list[str]:
    """What bears on a move, a line each: what it costs, what can go wrong, the rest; those of which there is nothing to
    say are left out.
    """
    costs = [f"{fact.text} ({in_words(fact.level, _DEAR)})" for fact in option.facts if fact.key == "cost"]
    costs += [fact.text for fact in option.facts if fact.key in _COSTS and fact.key != "cost"]
    risks = [fact.text for fact in option.facts if fact.key in _RISKS]
    rest = [fact.text for fact in option.facts if fact.key not in _COSTS | _RISKS]
    named = (("cost", costs), ("risk", risks), ("also", rest))
    return [f"{name}: {'; '.join(texts)}" for name, texts in named if texts]


def _help(menu: Menu) -> str:
    """How to answer, and what the acts of this menu mean."""
    most = f"up to {menu.max_moves} numbers, best first, as in 2 1" if menu.max_moves > 1 else "one number"
    lines = [f"Answer with {most}, or the phrase of a move. Enter waits ({menu.rest})."]
    lines.append(
        "u takes back your last choice of today, until the day is closed; what you chose is kept when you leave."
    )
    told = dict.fromkeys(option.act for option in menu.options if option.act in MEANINGS)
    lines += [f"  {act.replace('_', ' ')}: {MEANINGS[act]}" for act in told]
    return "\n".join(lines)


def _asked(task: Task, text: str) -> Asked:
    return Asked(task, "", "", Completion(text, 0, 0, 0.0))


def read_choice(answer: str, menu: Menu) -> tuple[tuple[str, ...], str]:
    """The phrases that numbers, one whole phrase or nothing (the rest) choose; or none, and why not, in a line."""
    if not answer.strip():
        return (menu.rest,), ""
    if answer in menu.phrases:
        return (answer,), ""
    words = answer.replace(",", " ").split()
    count = len(menu.options)
    if not words or not all(word.isascii() and word.isdigit() and 1 <= int(word[:4]) <= count for word in words):
        return (), f"Choose from 1 to {count}."
    phrases = tuple(dict.fromkeys(menu.phrases[int(word[:4]) - 1] for word in words))
    if len(phrases) > menu.max_moves:
        return (), f"At most {menu.max_moves} at a time."
    if menu.rest in phrases and len(phrases) > 1:
        return (), f"To {menu.rest} goes with nothing else."
    for phrase in phrases:
        if rivals := menu.option(phrase).excludes & set(phrases):
            return (), f"{phrase} does not go with {sorted(rivals)[0]}."
    return phrases, ""
