"""A person who corners a good and whispers about it: the magistrate finds against the Patron, at a pseudo-terminal."""

import re
from pathlib import Path

from command_line import fivepenny_run
from fivepenny.aims import PATRON
from fivepenny.company.cast import company_references
from fivepenny.company.human import HUMAN
from fivepenny.courts import CaseDecided
from fivepenny.header import Header
from fivepenny.journal import IN_MEMORY, SeasonFile
from fivepenny.patron import with_patron
from fivepenny.scenario import load_scenario
from fivepenny.stage.house import open_house
from patrons import put_down
from terminals import Terminal

DAYS = 12
SEEDS = range(1, 41)


def crooked(shown: str) -> str:
    """What a crook answers: tell somebody something in private, bid for all the coal and wool there is."""
    shown = shown.replace("\r", "")
    if shown.rstrip().endswith("Patron>"):
        return ""
    tale = re.search(r"^ *(\d+)  tell", shown, re.MULTILINE)
    if tale:
        return tale[1]
    return " ".join(re.findall(r"^ *(\d+)  buy .* of (?:coal|wool) for", shown, re.MULTILINE))


class Crook:
    """The same person without a terminal."""

    def __init__(self) -> None:
        self.shown = ""

    def tell(self, text: str) -> None:
        self.shown = text

    def ask(self, question: str) -> str:
        return crooked(self.shown + question)


def against_the_patron(file: SeasonFile) -> bool:
    """Whether the court has found against the Patron in this season."""
    verdicts = [event.body for event in file.events() if isinstance(event.body, CaseDecided)]
    return any(verdict.guilty and verdict.accused == PATRON for verdict in verdicts)


def loses(scenario: Path, seed: int) -> bool:
    """Whether the crook is found out with this seed."""
    play, chronicle = load_scenario(str(scenario))
    play = with_patron(play)
    minds = company_references("null", play) | {PATRON: HUMAN}
    with SeasonFile.create(IN_MEMORY, Header(seed, DAYS, play, chronicle, minds)) as file:
        with open_house(file, Crook()) as (season, _):
            for _ in season.beats():
                pass
        return against_the_patron(file)


def test_who_corners_a_good_can_lose_to_the_magistrate(tmp_path: Path) -> None:
    path = put_down(tmp_path)
    text = path.read_text("utf-8")
    path.write_text(text.replace("shock_percent", 'customs = ["court"]\nshock_percent', 1), encoding="utf-8")
    seed = next(seed for seed in SEEDS if loses(path, seed))
    words = ("play", path.name, "--company", "null", "--seat", "patron=human", "--pace", "fast", "--out", "season")
    table = Terminal(tmp_path, *words, "--days", str(DAYS), "--seed", str(seed))
    shown = table.read()
    while shown.rstrip().endswith(">"):
        shown = table.type(crooked(shown))
    assert table.end() == 0
    assert "patron wanted to have" in table.shown
    with SeasonFile.open(tmp_path / "season" / "season.db") as file:
        assert file.finished
        assert against_the_patron(file)
    assert "Before Justice Pym" in (tmp_path / "season" / "playbill.html").read_text("utf-8")
    assert fivepenny_run("audit", "season/season.db", cwd=tmp_path).returncode == 0
