"""The table of layers in ARCHITECTURE.md holds."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "scripts" / "kb"


def table() -> dict[str, int]:
    """Return each module's layer, as ARCHITECTURE.md has it."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (`.*`) \|$", text, flags=re.MULTILINE)
    return {module: int(number) for number, cell in rows for module in re.findall(r"`(\w+)`", cell)}


def modules() -> dict[str, list[Path]]:
    """Return the library's modules by name; a package's files stand under the package's name."""
    found: dict[str, list[Path]] = {}
    for path in sorted(LIBRARY.rglob("*.py")):
        name = path.relative_to(LIBRARY).with_suffix("").parts[0]
        if name != "__init__":
            found.setdefault(name, []).append(path)
    return found


def imported(source: str) -> set[str]:
    """Return the modules of the library that a file's source imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "kb":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("kb."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            names |= {a.name.split(".")[1] for a in node.names if a.name.startswith("kb.")}
    return names


def upward(module: str, source: str, layers: dict[str, int]) -> list[str]:
    """Return the imports of a module that do not go to a layer above its own."""
    return sorted(
        name
        for name in imported(source) - {module}
        if name not in layers or layers[name] >= layers[module]
    )


def test_every_module_has_a_layer() -> None:
    assert set(modules()) == set(table())


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_go_up_only(module: str) -> None:
    wrong = {
        path.name: found
        for path in modules()[module]
        if (found := upward(module, path.read_text(encoding="utf-8"), table()))
    }
    assert wrong == {}


def test_the_matcher_imports_nothing_of_ours() -> None:
    paths = modules().get("match", [])
    assert [imported(path.read_text(encoding="utf-8")) for path in paths] == [set()] * len(paths)


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("from kb.verify import verify", ["verify"]),
        ("from kb import outputs", ["outputs"]),
        ("import kb.render", ["render"]),
        ("def f():\n    from kb.pipsource import read", ["pipsource"]),
        ("from kb.model import Entry", []),
    ],
)
def test_a_wrong_import_is_caught(source: str, caught: list[str]) -> None:
    assert upward("rules", source, table()) == caught
