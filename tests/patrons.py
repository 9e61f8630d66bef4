"""For the tests of aims: the default scenario with a chair for the Patron and something for everyone to want."""

from pathlib import Path

from fivepenny.scenario import Scenario, parse_scenario
from quiet_tables import quiet_table

WANTS = {
    "marrow": "honour = true",
    "quill": "believed = 12",
    "vesper": "worth_pence = 20400",
    "brock": 'hold = "coal"\nunits = 10',
    "tansy": "purse_pence = 7500",
}
GOAL = "purse_pence = 17280"
SOUTH_SEA = "data/tables/south-sea.toml"


def with_chair(goal: str = GOAL, wants: dict[str, str] = WANTS) -> str:
    """The text of the default scenario with these wants and the Patron's chair."""
    text = (Path(__file__).parent / SOUTH_SEA).read_text(encoding="utf-8")
    for seat, want in wants.items():
        end = text.index("\n\n", text.index(f'name = "{seat}"'))
        text = f"{text[:end]}\n\n[seats.want]\n{want}{text[end:]}"
    return f"{text}\n[patron]\npurse_pence = 14400\nstock = {{ southsea = 10 }}\n\n[patron.goal]\n{goal}\n"


def chair(goal: str = GOAL, wants: dict[str, str] = WANTS) -> Scenario:
    """That scenario."""
    return parse_scenario(with_chair(goal, wants), "chair.toml")


def put_down(folder: Path, goal: str = GOAL, wants: dict[str, str] = WANTS) -> Path:
    """That scenario as a file beside its chronicle, which the package has."""
    path = folder / "chair.toml"
    path.write_text(with_chair(goal, wants), encoding="utf-8")
    return path


CHRONICLE = quiet_table("south-sea")[1]
