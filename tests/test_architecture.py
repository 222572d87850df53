"""The house rules that a machine can check: size, imports, names, no addresses, no rows of measuring data."""

import ast
import importlib.util
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50


def _tracked(suffix: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    return [ROOT / name for name in names if name.endswith(suffix) and (ROOT / name).is_file()]


PYTHON_FILES = _tracked(".py")


def test_there_are_files_to_check() -> None:
    assert len(PYTHON_FILES) > 20


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MAX_FILE_LINES
    if "migrations" in path.parts:
        return  # a migration is a record of what was done, not code to be read
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert not long, f"functions over {MAX_FUNCTION_LINES} lines: {long}"


@pytest.mark.parametrize("name", ["intake", "routing", "knowledge", "evals", "app"])
def test_package_names_resolve_inside_the_repository(name: str) -> None:
    """Packages of these names exist on the public index; ours must be the ones that are imported."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).resolve().is_relative_to(ROOT)


def test_only_the_embedding_adapter_imports_sentence_transformers() -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in PYTHON_FILES
        if re.search(r"^\s*(import|from) sentence_transformers", path.read_text(encoding="utf-8"), re.M)
        and path.relative_to(ROOT).parts[0] in {"intake", "routing", "knowledge", "evals"}
        and path.relative_to(ROOT) != Path("knowledge/embedding.py")
        and path.relative_to(ROOT).parts[:2] != ("knowledge", "training")  # makes the model; never imported at run time
    ]
    assert not offenders


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    """Seconds and hundreds of megabytes at import: never at module level outside the package that cannot do without."""
    heavy = {"sentence_transformers", "torch", "chromadb", "sklearn", "faster_whisper", "av", "pypinyin"}
    offenders = []
    for path in PYTHON_FILES:
        if path.relative_to(ROOT).parts[0] not in {"intake", "routing", "knowledge", "evals"}:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            offenders += [f"{path.relative_to(ROOT)}: {n}" for n in names if n.split(".")[0] in heavy]
    assert not offenders


def test_no_registry_address_and_no_measuring_data_is_committed() -> None:
    hosts = "|".join(("py" + "pi", "npm" + "js", "debian" + r"\.org", "hf-" + "mirror", "model" + "scope"))
    address = re.compile(r"https?://[^\s\"']*(" + hosts + ")")
    row = re.compile("hk2018" + r"\d{8}|ta[234]-\d{4,}")
    for suffix in (".py", ".md", ".txt", ".toml", ".yaml", ".jsonl", "Makefile"):
        for path in _tracked(suffix):
            text = path.read_text(encoding="utf-8")
            assert not address.search(text), path
            assert not row.search(text), path


def test_no_private_phone_number_is_committed() -> None:
    """Invented numbers start with 1380000 or are visibly masked; anything else may be a person's."""
    mobile = re.compile(r"(?<![\d.])1[3-9]\d{9}(?!\d)")
    for suffix in (".py", ".md", ".yaml", ".jsonl"):
        for path in _tracked(suffix):
            found = [
                m for m in mobile.findall(path.read_text(encoding="utf-8")) if not m.startswith(("1380000", "1390000"))
            ]
            assert not found, (path, found)
