"""The order of the modules: each imports only what stands to its left."""

from __future__ import annotations

import ast
from pathlib import Path

ORDER = [
    {"errors", "records", "resources", "tongue"},
    {"settings"},
    {"feeds"},
    {"signals"},
    {"stories"},
    {"storage"},
    {"fulltext"},
    {"index"},
    {"measured"},
    {"pipeline"},
    {"archive"},
    {"scheduler", "health", "conditions", "preview", "exports", "explain", "geography", "whatif", "charts"},
    {"api"},
    {"server"},
    {"dashboard", "cli_feeds", "translating"},
    {"cli"},
    {"__main__"},
]
LEVEL = {name: position for position, names in enumerate(ORDER) for name in names}
PACKAGE = Path(__file__).parent.parent / "tension"


def imports(file: Path) -> set[str]:
    """The parts of the package that a file imports, by their name below ``tension``."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "tension":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("tension.")}
    return found


def test_no_module_imports_what_stands_to_its_right():
    files = [file for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts]
    assert len(files) > 20
    for file in files:
        own = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        wrong = {name for name in imports(file) if LEVEL[name] > LEVEL[own]}
        same = {name for name in imports(file) if LEVEL[name] == LEVEL[own] and name != own}
        assert not wrong | (same - ORDER[0] if own not in {"errors", "records"} else set()), (
            f"{file} imports {wrong | same}"
        )


def test_only_storage_speaks_sql_and_only_feeds_speak_to_the_network():
    # they name Engine as a type, no more
    typed = {"api", "exports", "explain", "geography", "measured", "whatif", "health", "conditions", "pipeline"}
    sql = {"storage"} | typed
    for file in PACKAGE.rglob("*.py"):
        text, own = file.read_text(encoding="utf-8"), file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        assert own in sql or "sqlalchemy" not in text, file
        assert own == "feeds" or "aiohttp" not in text, file
