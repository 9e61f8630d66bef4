"""A season file whose writer is killed: what was taped stays, and the season ends as undisturbed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fivepenny.header import Header
from fivepenny.journal import SeasonFile
from fivepenny.scenario import load_scenario
from seasons import play_company

SCENARIO, CHRONICLE = load_scenario("south-sea")
MINDS = dict.fromkeys(SCENARIO.seat_names, "null")
HEADER = Header(5, 30, SCENARIO, CHRONICLE, MINDS)

CHILD = """
import os, signal, sys
from pathlib import Path
from fivepenny.journal import SeasonFile
from fivepenny.stage.house import open_house
left = int(sys.argv[2])
record = SeasonFile.record
def and_die(self, row):
    global left
    record(self, row)
    print(*row.key, flush=True)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
SeasonFile.record = and_die
with SeasonFile.open(Path(sys.argv[1])) as file, open_house(file) as (season, _):
    for _ in season.beats():
        pass
"""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeasonFile]:
    """A season of four days as it should come out."""
    path = play_company(tmp_path_factory.mktemp("whole") / "season.db", 3, 4, "understudies")
    with SeasonFile.open(path) as file:
        yield file


@pytest.mark.parametrize("replies", [1, 23, 47])
def test_taped_replies_survive_a_kill_and_the_season_ends_as_undisturbed(
    tmp_path: Path, undisturbed: SeasonFile, replies: int
) -> None:
    path = tmp_path / "season.db"
    SeasonFile.create(path, undisturbed.header).close()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", CHILD, str(path), str(replies)]
    killed = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with SeasonFile.open(path) as file:
        assert len(killed.stdout.splitlines()) == len(file.tape()) == replies
        assert file.check_chain() is None and not file.finished
    command[-1] = "0"
    resumed = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert resumed.returncode == 0
    asked_again = set(killed.stdout.splitlines()) & set(resumed.stdout.splitlines())
    assert not asked_again
    with SeasonFile.open(path) as file:
        assert file.digest == undisturbed.digest and file.finished
