"""The house's style: what no module may do, figures that only shrink, and what no file of the repository may hold.

Each rule is a function from modules to findings and stands beside bad examples that it must find.
"""

import ast
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from house import ROOT, Rule, Source, imports_of, lone, sources_of, tree_of

FUNCTION_LINES = 70  # a function stays under this
MODULE_LINES = 400  # a module stays under this
WEIGHTS_MEGABYTES = 25  # the committed models together: git keeps every version of them

RATCHETS = {
    "lines of the longest function": 46,
    "lines of the longest module": 399,
    "type: ignore": 2,
    "noqa": 2,
}
"""Figures of the sources that may shrink and never grow. A finding says what to write here."""

SLACK = {"lines of the longest function": 10, "lines of the longest module": 50}
"""How far a figure may lie below its ratchet before the ratchet has to follow it."""

UNSAFE_IMPORTS = frozenset({"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal"})
UNSAFE_CALLS = frozenset({"eval", "exec", "os.system", "os.popen", "builtins.eval", "builtins.exec"})


def functions_of(source: Source) -> Iterator[tuple[str, int]]:
    """Name and lines of every function, signature and docstring included."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{source.name}.{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def lines_of(source: Source) -> int:
    """Lines of a module."""
    return len(source.text.splitlines())


def short_functions(sources: Sequence[Source]) -> list[str]:
    """Functions stay under the limit."""
    every = (named for source in sources for named in functions_of(source))
    return [f"{name}: {lines} lines" for name, lines in every if lines >= FUNCTION_LINES]


def short_modules(sources: Sequence[Source]) -> list[str]:
    """Modules stay under the limit."""
    return [f"{s.name}: {lines_of(s)} lines" for s in sources if lines_of(s) >= MODULE_LINES]


def nothing_unfinished(sources: Sequence[Source]) -> list[str]:
    """No marks of work left over, no stubs."""
    mark = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    return [f"{s.name}: {hit.group()}" for s in sources for hit in mark.finditer(s.text)]


def nothing_unsafe(sources: Sequence[Source]) -> list[str]:
    """No text is run as code or as a shell command, no file is unpickled."""
    found = []
    for source in sources:
        for imported in imports_of(source):
            if imported.target.partition(".")[0] in UNSAFE_IMPORTS:
                found.append(f"{source.name} imports {imported.target}")
        for call in (node for node in ast.walk(source.tree) if isinstance(node, ast.Call)):
            name = ast.unparse(call.func)
            words = {word.arg: ast.unparse(word.value) for word in call.keywords}
            unpickles = name == "torch.load" and words.get("weights_only") != "True"
            if name in UNSAFE_CALLS or unpickles or words.get("shell", "False") != "False":
                found.append(f"{source.name}: {ast.unparse(call)}")
    return found


def documented(sources: Sequence[Source]) -> list[str]:
    """Modules, public functions, classes and their methods say what they are.

    A method that a documented protocol of the package describes need not say it again.
    """
    promised = {
        method.name
        for source in sources
        for node in source.tree.body
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and ast.get_docstring(method)
    }
    found = []
    for source in sources:
        if source.tree.body and not ast.get_docstring(source.tree):
            found.append(f"{source.name}: module")
        for node in source.tree.body:
            found += [f"{source.name}.{name}" for name in _undocumented(node, promised)]
    return found


def _undocumented(node: ast.stmt, promised: set[str]) -> Iterator[str]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
        return
    if not ast.get_docstring(node):
        yield node.name
    for method in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(method, ast.FunctionDef) and method.name not in promised:
            yield from (f"{node.name}.{name}" for name in _undocumented(method, promised))


RULES = (
    Rule(short_functions, (lone("def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1)),), tests_too=True),
    Rule(short_modules, (lone("x = 1\n" * MODULE_LINES),), tests_too=True),
    Rule(nothing_unfinished, (lone("# TODO later"), lone("# XXX"), lone("raise NotImplementedError"))),
    Rule(
        nothing_unsafe,
        (
            lone("x = eval('1')"),
            lone("exec(text)"),
            lone("def f():\n    import pickle"),
            lone("from pickle import loads"),
            lone("run('ls', shell=True)"),
            lone("os.system('ls')"),
            lone("torch.load(path)"),
        ),
    ),
    Rule(
        documented,
        (
            lone("x = 1"),
            lone("'''M.'''\ndef f(): ..."),
            lone("'''M.'''\nclass C: ..."),
            lone("'''M.'''\nclass C:\n    '''C.'''\n    def f(self): ..."),
        ),
    ),
)

EXAMPLES = [
    pytest.param(rule, bad, id=f"{rule.check.__name__}-{n}") for rule in RULES for n, bad in enumerate(rule.bad)
]

GOOD = lone(
    "'''Nothing is pickled here; eval(x) stands in words only.'''\n"
    "class Mind(Protocol):\n    '''A mind.'''\n    def ask(self): '''Ask it.'''\n"
    "class Fake:\n    '''Its methods are the protocol's.'''\n    def ask(self): ...\n    def _hidden(self): ...\n"
    "def load(path):\n    '''Load.'''\n    model.eval()\n    run(['ls'], shell=False)\n"
    "    return torch.load(path, weights_only=True)\n"
)
"""A module in which all is well: a rule that objects to it is too eager."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
def test_the_sources_keep_the_rule(rule: Rule) -> None:
    found = rule.check([*tree_of("src"), *(tree_of("tests") if rule.tests_too else ())])
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "bad"), EXAMPLES)
def test_a_breach_is_found(rule: Rule, bad: dict[str, str]) -> None:
    assert rule.check(sources_of(bad))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.check.__name__)
def test_a_sound_module_passes(rule: Rule) -> None:
    assert rule.check(sources_of(GOOD)) == []


# ---- ratchets ----


def figures_of(sources: Sequence[Source]) -> dict[str, int]:
    """What the ratchets hold, measured."""
    text = "\n".join(source.text for source in sources)
    return {
        "lines of the longest function": max(lines for s in sources for _, lines in functions_of(s)),
        "lines of the longest module": max(lines_of(source) for source in sources),
        "type: ignore": len(re.findall(r"#\s*type:\s*ignore", text)),
        "noqa": len(re.findall(r"#\s*(?:ruff:\s*)?noqa", text)),
    }


def moved(figures: dict[str, int], ratchets: dict[str, int]) -> list[str]:
    """The figures that grew, and those that shrank so far that their ratchet has to follow."""
    grown = [f"{name}: {figures[name]}, at most {most}" for name, most in ratchets.items() if figures[name] > most]
    shrunk = [
        f"{name}: only {figures[name]} by now; write that into RATCHETS in place of {most}"
        for name, most in ratchets.items()
        if figures[name] + SLACK.get(name, 0) < most
    ]
    return grown + shrunk


def test_figures_only_shrink() -> None:
    found = moved(figures_of(tree_of("src")), RATCHETS)
    assert not found, "\n".join(found)


def test_a_figure_that_moved_is_found() -> None:
    figures = figures_of(sources_of(lone("import x  # type: ignore\nimport y  # noqa: F401\ndef f():\n    pass\n")))
    assert figures == dict(zip(RATCHETS, (2, 4, 1, 1), strict=True))
    assert moved(figures, figures) == []
    assert moved(figures | {"noqa": 2}, figures)
    assert moved(figures | {"noqa": 0}, figures)


# ---- every file of the repository ----

# Written so that no pattern finds itself here.
LEAKS = {
    "a path of somebody's machine": r"(?<![\w.$)}])/(?:home|Users|root|work)/\w|\b[A-Z]:\\(?:Users|Work)\b",
    "a package registry": r"\bpypi[.]org|pythonhosted[.]org|download[.]pytorch[.]org|registry[.]npmjs|anaconda[.]org",
    "an index of packages": r"(?:index|find)[-_](?:url|links)\s*[= ]\s*\S|https?://\S+/simple\b",
    "a password in an address": r"\w+://[^\s/:@]+:[^\s/@]+@",
}


def leaks_in(text: str) -> list[str]:
    """What a text gives away about the machine that it was written on."""
    return [f"{what}: {hit.group()}" for what, pattern in LEAKS.items() for hit in re.finditer(pattern, text, re.I)]


def repository_files() -> list[Path]:
    """Files that git tracks or would track; without git, all that no ignored folder holds."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        names = {name for name in listed.split("\0") if name}
    except (OSError, subprocess.CalledProcessError):
        ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()} | {".git"}
        every = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        names = {path.as_posix() for path in every if not ignored & set(path.parts)}
    return sorted(path for name in names if (path := ROOT / name).is_file())


def text_of(path: Path) -> str:
    """The text of a file; none where it is binary."""
    content = path.read_bytes()
    return "" if b"\0" in content[:8192] else content.decode("utf-8", errors="replace")


def test_no_file_gives_its_author_away() -> None:
    found = {path.relative_to(ROOT).as_posix(): leaks_in(text_of(path)) for path in repository_files()}
    assert {name: leaks for name, leaks in found.items() if leaks} == {}
    assert "pyproject.toml" in found


@pytest.mark.parametrize(
    "text",
    [
        "see " + "/home" + "/ada/notes",
        "C:" + "\\Users\\ada",
        "ROOT = '" + "/work" + "/main'",
        "https://pypi" + ".org/project/rich",
        "pip install --index" + "-url somewhere",
        "https://mirror.example" + "/simple",
        "https://ada" + ":secret@example.com",
    ],
)
def test_a_leak_is_found(text: str) -> None:
    assert leaks_in(text)


@pytest.mark.parametrize("text", ["docs/home/page", "$(CURDIR)/work/x", "http://127.0.0.1:8080/v1", "at 10:30 @ noon"])
def test_a_harmless_text_passes(text: str) -> None:
    assert leaks_in(text) == []


def test_the_weights_stay_small() -> None:
    weights = [path for path in repository_files() if path.suffix in {".gguf", ".safetensors", ".bin"}]
    assert sum(path.stat().st_size for path in weights) <= WEIGHTS_MEGABYTES * 1_000_000
