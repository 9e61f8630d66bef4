"""The house as DESIGN.md draws it: who may import whom.

Each rule is a function from modules to findings and stands beside bad examples that it must find.
"""

import re
import sys
import tomllib
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

import pytest

from house import PACKAGE, ROOT, Rule, Source, graph_of, imports_of, lone, sources_of, tree_of

PATH_DEPTH = 3  # package, room, module: one level of folders

ROOT_MODULES = frozenset(
    {"errors", "money", "rng", "clock", "events", "claims", "world", "journal", "header", "scenario"}
    | {"chronicle", "happenings", "failings", "legends", "parts", "values", "words", "refusals"}
    | {"courts", "hires", "justice", "pacts", "deposits", "papers", "aims", "patron", "outcomes", "bribery"}
)
"""Modules beside the rooms."""

ROOMS: dict[str, frozenset[str]] = {
    "root": frozenset(),
    "ledger": frozenset({"root"}),
    "market": frozenset({"ledger", "root"}),
    "policies": frozenset({"root"}),
    "minds": frozenset({"root"}),
    "company": frozenset({"minds", "policies", "root"}),
    "stage": frozenset({"company", "minds", "policies", "market", "ledger", "root"}),
    "drama": frozenset({"minds.mind", "root"}),  # of minds the protocol only
    "academy": frozenset({"minds", "policies", "company", "stage", "root"}),
    "arena": frozenset({"stage", "minds", "policies", "drama", "ledger", "market.efficiency", "root"}),
    "studio": frozenset({"stage", "drama", "arena", "root"}),
}
"""The import table. A room may always import itself. A dotted entry opens one module of a room."""

FREE = frozenset({"cli", "__main__", PACKAGE})
"""Places that may import every room: the command line and the package's own `__init__`."""


EXTRAS = {"fivepenny.minds.hub": "hub"}
"""Modules that stand on an extra of another name than their room's."""


def place_of(name: str) -> str:
    """The room of a dotted name, 'root' for a root module, the package's name for the package itself."""
    parts = name.split(".")
    if len(parts) == 1:
        return parts[0]
    return "root" if parts[1] in ROOT_MODULES else parts[1]


def import_table(sources: Sequence[Source]) -> list[str]:
    """A room imports the rooms that its row names, and no other."""
    found = []
    for source in sources:
        if place_of(source.name) in FREE:
            continue
        if place_of(source.name) not in ROOMS:
            found.append(f"{source.name}: no room of the table")
            continue
        allowed = ROOMS[place_of(source.name)] | {place_of(source.name)}
        for imported in imports_of(source):
            first, _, rest = imported.target.partition(".")
            opened = any(f"{rest}.".startswith(f"{entry}.") for entry in allowed if "." in entry)
            if first == PACKAGE and place_of(imported.target) not in allowed and not opened:
                found.append(f"{source.name} imports {imported.target}")
    return found


def one_level_of_folders(sources: Sequence[Source]) -> list[str]:
    """Rooms hold modules, not rooms."""
    return [s.name for s in sources if s.name.count(".") >= PATH_DEPTH - (1 if s.package else 0)]


def no_import_cycle(sources: Sequence[Source]) -> list[str]:
    """No module-level import comes back to where it began; imports for types count."""
    try:
        TopologicalSorter(graph_of(sources, eager_only=True)).prepare()
    except CycleError as error:
        return [" -> ".join(reversed(error.args[1]))]
    return []


def light_command_line(sources: Sequence[Source]) -> list[str]:
    """The top of the command line imports the standard library, typer and the root only."""
    found = []
    for source in sources:
        for imported in imports_of(source) if place_of(source.name) in {"cli", "__main__"} else ():
            top = imported.target.partition(".")[0]
            light = top in sys.stdlib_module_names or top == "typer"
            ours = top == PACKAGE and place_of(imported.target) in {"root", "cli", "__version__"}
            if imported.eager and not imported.typing_only and not light and not ours:
                found.append(f"{source.name} imports {imported.target} at its top")
    return found


def declared_libraries(sources: Sequence[Source]) -> list[str]:
    """A library that a module imports is a run-time requirement, or one of its room's extra, or of its own (EXTRAS)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = []
    for source in sources:
        extra = EXTRAS.get(source.name, place_of(source.name))
        listed = project["dependencies"] + project["optional-dependencies"].get(extra, [])
        names = {re.split(r"[^\w-]", requirement)[0].replace("-", "_").lower() for requirement in listed}
        for imported in imports_of(source):
            top = imported.target.partition(".")[0]
            known = top in sys.stdlib_module_names or top in names or top == PACKAGE
            if not known and not imported.typing_only:
                found.append(f"{source.name} imports {top}, which pyproject.toml does not give it")
    return found


def empty_room_doors(sources: Sequence[Source]) -> list[str]:
    """A folder's `__init__.py` is empty; the package's own is not a room's."""
    return [s.name for s in sources if s.package and s.name != PACKAGE and s.text]


def nothing_dead(sources: Sequence[Source]) -> list[str]:
    """Every module is reached by imports from the command line or from the package itself."""
    graph = graph_of(sources, eager_only=False)
    reached: set[str] = set()
    ahead = [source.name for source in sources if place_of(source.name) in FREE and source.text]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead.extend(graph[name])
    return [s.name for s in sources if s.text and s.name not in reached]


RULES = (
    Rule(
        import_table,
        (
            lone("import fivepenny.minds.mind"),
            lone("from fivepenny import stage"),
            lone("from ..company import cast"),
            lone("from .. import policies"),
            lone("def f():\n    from fivepenny.stage.season import Season"),
            lone("if typing.TYPE_CHECKING:\n    from fivepenny.minds.mind import Mind"),
            lone("import importlib\nm = importlib.import_module('fivepenny.minds.llama')"),
            lone("from fivepenny import __version__"),
            lone("from fivepenny.market import credit", "fivepenny/money.py"),
            lone("from fivepenny.minds.llama import Llama", "fivepenny/drama/scene.py"),
            lone("import fivepenny.cli", "fivepenny/stage/season.py"),
            lone("from fivepenny.market.town import Town", "fivepenny/arena/bench.py"),
            lone("", "fivepenny/utils/__init__.py"),
            lone("", "fivepenny/helpers.py"),
        ),
    ),
    Rule(one_level_of_folders, (lone("", "fivepenny/market/deep/__init__.py"), lone("", "fivepenny/market/a/b.py"))),
    Rule(
        no_import_cycle,
        (
            {"fivepenny/money.py": "from .rng import x", "fivepenny/rng.py": "import fivepenny.money"},
            {
                "fivepenny/market/a.py": "from fivepenny.market import b",
                "fivepenny/market/b.py": "from .c import x",
                "fivepenny/market/c.py": "if TYPE_CHECKING:\n    from .a import x",
            },
        ),
    ),
    Rule(
        light_command_line,
        (
            lone("import rich", "fivepenny/cli.py"),
            lone("from fivepenny.stage import season", "fivepenny/cli.py"),
            lone("try:\n    import torch\nexcept ImportError:\n    pass", "fivepenny/cli/verbs.py"),
        ),
    ),
    Rule(declared_libraries, (lone("def f():\n    import torch"), lone("import pandas", "fivepenny/academy/a.py"))),
    Rule(empty_room_doors, (lone("from .auction import clear", "fivepenny/market/__init__.py"),)),
    Rule(
        nothing_dead,
        (
            {"fivepenny/cli.py": "'''C.'''", "fivepenny/money.py": "'''M.'''"},
            {
                "fivepenny/cli.py": "'''C.'''",
                "fivepenny/a.py": "from fivepenny import b",
                "fivepenny/b.py": "from fivepenny import a",
            },
        ),
    ),
)

EXAMPLES = [
    pytest.param(rule, bad, id=f"{rule.check.__name__}-{n}") for rule in RULES for n, bad in enumerate(rule.bad)
]

GOOD = {
    "fivepenny/__init__.py": "'''P.'''\n__version__ = '1'",
    "fivepenny/cli.py": (
        "'''C.'''\nimport typer\nfrom fivepenny import __version__, errors\n"
        "if TYPE_CHECKING:\n    from fivepenny.stage.season import Season\n"
        "def main():\n    import rich\n    from .stage import season\n    from fivepenny.drama import scene"
    ),
    "fivepenny/errors.py": "'''E.'''",
    "fivepenny/drama/__init__.py": "",
    "fivepenny/drama/scene.py": "'''S.'''\nfrom fivepenny.minds.mind import Mind\nfrom ..errors import Fault",
    "fivepenny/minds/__init__.py": "",
    "fivepenny/minds/mind.py": "'''M.'''",
    "fivepenny/minds/llama.py": "'''L.'''\ndef load():\n    import xllamacpp\n    from fivepenny.minds import mind",
    "fivepenny/stage/__init__.py": "",
    "fivepenny/stage/season.py": (
        "'''S.'''\nfrom importlib import import_module\nllama = import_module('fivepenny.minds.llama')"
    ),
}
"""A small house in which all is well: a rule that objects to it is too eager."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    found = rule.check(tree_of("src"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "bad"), EXAMPLES)
def test_a_breach_is_found(rule: Rule, bad: dict[str, str]) -> None:
    assert rule.check(sources_of(bad))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
def test_a_sound_house_passes(rule: Rule) -> None:
    assert rule.check(sources_of(GOOD)) == []


def test_the_rows_of_the_table_build_on_one_another() -> None:
    """Each entry names a row, and no two rows need each other."""
    rows = {place: {entry.partition(".")[0] for entry in allowed} for place, allowed in ROOMS.items()}
    assert set().union(*rows.values()) <= set(rows)
    TopologicalSorter(rows).prepare()
