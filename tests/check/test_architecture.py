"""The arrows of the house point inward: domain <- bus, db, presence <- web <- app.py."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
WITHOUT_WEB = {
    "app.archive",
    "app.backup",
    "app.bus",
    "app.checks",
    "app.correspondence",
    "app.db",
    "app.engines",
    "app.keeping",
    "app.health",
    "app.keys",
    "app.letter",
    "app.log",
    "app.limits",
    "app.mail",
    "app.migrating",
    "app.occupied",
    "app.passwords",
    "app.place",
    "app.postman",
    "app.presence",
    "app.providers",
    "app.reasons",
    "app.pusher",
    "app.reminder",
    "app.restore",
    "app.scheduler",
    "app.seals",
    "app.second_factor",
    "app.sender",
    "app.setting",
    "app.settings",
    "app.settings_shown",
    "app.tables",
    "app.troubles",
    "app.upkeep",
    "app.vapid",
}
DOMAIN_MAY_IMPORT = {"sqlalchemy", "sqlmodel"} | sys.stdlib_module_names


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {module_of(file): file for file in sorted((ROOT / "app").rglob("*.py"))}


def imports(module: str) -> set[str]:
    """What a module imports, anywhere in it, with the names it takes: `app.domain`, `app.domain.tasks`."""
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*_package(module, node.level), *([node.module] if node.module else [])])
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return found


def _package(module: str, level: int) -> list[str]:
    parts = module.split(".")
    is_package = FILES[module].name == "__init__.py"
    return parts[: len(parts) - level + is_package] if level else []


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def within(package: str) -> list[str]:
    return [module for module in FILES if is_in(module, package)]


def breaches(modules: Iterator[str] | list[str] | set[str], forbidden: tuple[str, ...]) -> list[str]:
    return [
        f"{module} imports {name}"
        for module in modules
        for name in sorted(imports(module))
        if any(is_in(name, package) for package in forbidden)
    ]


def pages() -> list[str]:
    """What the route table PAGES in app.app draws: modules of app.web."""
    tables = [node for node in ast.parse(FILES["app.app"].read_text()).body if _is_named(node, "PAGES")]
    drawn = {node.id for table in tables for node in ast.walk(table) if isinstance(node, ast.Name)}
    return sorted(
        name for name in imports("app.app") & FILES.keys() if is_in(name, "app.web") and name.split(".")[-1] in drawn
    )


def _is_named(node: ast.stmt, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)


def test_the_walk_sees_what_is_there():
    assert "app.domain.tasks" in FILES
    assert {"app.domain.access", "sqlalchemy.func"} <= imports("app.domain.tasks")


def test_domain_imports_nothing_of_ours_and_no_framework():
    foreign = [
        f"{module} imports {name}"
        for module in within("app.domain")
        for name in sorted(imports(module))
        if not is_in(name, "app.domain") and name.split(".")[0] not in DOMAIN_MAY_IMPORT
    ]
    assert foreign == []


def test_what_stands_between_domain_and_web_does_not_know_the_web():
    assert FILES.keys() >= WITHOUT_WEB
    assert breaches(WITHOUT_WEB, ("app.web", "reflex", "starlette")) == []
    assert breaches([*within("app.cli"), *within("app.doctor")], ("app.web", "reflex", "starlette")) == []
    for package in ("app.oidc", "app.formats"):
        assert breaches(within(package), ("app.web", "reflex", "sqlalchemy", "sqlmodel")) == []
    assert breaches(within("app.figures"), ("app.web", "app.domain", "reflex", "starlette")) == []


def test_what_is_known_to_be_unsafe_of_a_library_is_not_used():
    assert breaches(FILES.keys(), ("authlib.jose",)) == []


def test_only_web_and_the_table_of_contents_import_reflex():
    outside = [name for name in FILES if not is_in(name, "app.web") and name not in ("app.app", "app.build")]
    assert breaches(outside, ("reflex",)) == []


def test_web_writes_no_sql_and_never_commits():
    assert breaches(within("app.web"), ("sqlalchemy", "sqlmodel", "app.seeds")) == []
    commits = [
        module
        for module in within("app.web")
        for node in ast.walk(ast.parse(FILES[module].read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert commits == []


def test_nothing_imports_the_table_of_contents():
    starter = {"app.workers"}  # hands it to the server
    assert breaches(FILES.keys() - {"app.app"} - starter, ("app.app",)) == []


def test_a_page_never_imports_another_page():
    found = pages()
    assert {"app.web.board", "app.web.home", "app.web.sign_in"} <= set(found)
    crossings = [
        f"{module} imports {other}"
        for page in found
        for module in within(page)
        for other in found
        if other != page and any(is_in(name, other) for name in imports(module))
    ]
    assert crossings == []


def test_the_migrations_folder_does_not_hide_alembic():
    assert not (ROOT / "alembic" / "__init__.py").exists()
