"""Reading the house: the sources as modules, their imports, and the form of a rule about them.

For `test_house` (who may import whom) and `test_style`. It reads text only: it imports nothing of the package,
knows no rule, and judges nothing.
"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "fivepenny"


@dataclass(frozen=True, slots=True)
class Source:
    """One module: dotted name, text, syntax tree; `package` where it is an `__init__`."""

    name: str
    text: str
    tree: ast.Module
    package: bool


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported name, dotted and absolute; `eager` where importing the module runs it."""

    target: str
    eager: bool
    typing_only: bool


def sources_of(texts: Mapping[str, str]) -> list[Source]:
    """Modules from texts by path relative to `src`, as `fivepenny/market/auction.py`."""
    found = []
    for path, text in texts.items():
        parts = path.removesuffix(".py").split("/")
        package = parts[-1] == "__init__"
        found.append(Source(".".join(parts[:-1] if package else parts), text, ast.parse(text, path), package))
    return found


@cache
def tree_of(folder: str) -> tuple[Source, ...]:
    """Every module below a folder of the checkout, named from there."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return tuple(sources_of({p.relative_to(ROOT / folder).as_posix(): p.read_text("utf-8") for p in paths}))


def imports_of(source: Source) -> Iterator[Imported]:
    """Every import of a module: relative ones resolved, those in functions, under TYPE_CHECKING, by literal name."""
    yield from _imports(source, source.tree, eager=True, typing_only=False)


def _imports(source: Source, node: ast.AST, eager: bool, typing_only: bool) -> Iterator[Imported]:
    for child in ast.iter_child_nodes(node):
        for target in _targets(source, child):
            yield Imported(target, eager, typing_only)
        lazy = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typed = isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING")
        yield from _imports(source, child, eager and not lazy, typing_only or typed)


def _targets(source: Source, node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=module, names=names, level=level):
            parts = source.name.split(".")
            here = parts[: len(parts) - level + source.package] if level else []
            stem = ".".join([*here, *([module] if module else [])])
            return [f"{stem}.{alias.name}" for alias in names]
        case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]):
            return [name] if ast.unparse(func).endswith(("import_module", "__import__")) else []
    return []


def graph_of(sources: Sequence[Source], eager_only: bool) -> dict[str, set[str]]:
    """Module to the modules of the package that it names; an unknown tail (a class, a function) is dropped."""
    known = {source.name for source in sources}
    graph: dict[str, set[str]] = {source.name: set() for source in sources}
    for source in sources:
        for imported in imports_of(source):
            target = imported.target
            while target and target not in known:
                target = target.rpartition(".")[0]
            if target and target != source.name and (imported.eager or not eager_only):
                graph[source.name].add(target)
    return graph


class Rule(NamedTuple):
    """A rule, bad examples that it must find (each: path to text), and whether tests obey it too."""

    check: Callable[[Sequence[Source]], list[str]]
    bad: tuple[dict[str, str], ...]
    tests_too: bool = False


def lone(text: str, path: str = "fivepenny/market/bad.py") -> dict[str, str]:
    """A bad example of one module."""
    return {path: text}
