"""Note which code each version of a cache stands for, in tests/pipeline/cache_versions.json.

    python -m scripts.cache_versions

A cache answers with what was computed before, so its version must change with the code that
computes it. `tests/pipeline/test_cache.py` fails when the code has changed since it was noted:

- the results can be others: raise the version where the `Cache` is declared, then run this;
- the results are the same (a renamed variable, a moved line): only run this.

Comments, docstrings and line breaks are not code here.
"""

import ast
import hashlib
import json
from pathlib import Path
from typing import Any

from pipeline.cache import Cache
from pipeline.curation.curated import CURATED
from pipeline.curation.verdict_cache import VERDICTS
from pipeline.features.describe import MEASURED
from pipeline.features.embed import NGRAM_VECTORS, ONNX, VECTORS
from pipeline.filters.word_lists import WORDS_FOLDER
from pipeline.near_duplicates.stage import NEIGHBOURS

ROOT = Path(__file__).parent.parent

NOTES = ROOT / "tests" / "pipeline" / "cache_versions.json"

CACHES = (MEASURED, VERDICTS, VECTORS, NGRAM_VECTORS, ONNX, NEIGHBOURS, CURATED)


def code_files(cache: Cache) -> list[Path]:
    """The files that compute what a cache holds."""
    named = [ROOT / "pipeline" / name for name in cache.code]
    inside = [sorted(folder.rglob("*")) for folder in named if folder.is_dir()]
    files = [file for file in named if file.is_file()] + [file for part in inside for file in part]
    code = [file for file in files if file.suffix in (".py", ".toml")]
    return [file for file in code if file.parent != WORDS_FOLDER]  # their hash is in the keys


def code_digest(cache: Cache) -> str:
    """A hash of that code without its comments and docstrings, the same on every Python."""
    digest = hashlib.sha256()
    for file in code_files(cache):
        digest.update(file.relative_to(ROOT).as_posix().encode())
        digest.update(meaning(file.read_text("utf-8"), file.suffix).encode())
    return digest.hexdigest()


def meaning(text: str, suffix: str) -> str:
    """What a file says to the machine."""
    if suffix == ".py":
        return json.dumps(_tree(ast.parse(text)))
    lines = [line.strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line and not line.startswith("#"))


def _tree(node: Any) -> Any:
    """A syntax tree as lists, without docstrings and without what newer Pythons add empty."""
    if isinstance(node, list):
        return [_tree(item) for item in node if not _is_docstring(item)]
    if isinstance(node, ast.AST):
        fields = {name: _tree(value) for name, value in ast.iter_fields(node)}
        return [type(node).__name__, {k: v for k, v in fields.items() if v not in (None, [])}]
    return repr(node)


def _is_docstring(node: Any) -> bool:
    """A string that stands alone as a statement: a docstring, also of a field."""
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def main() -> None:
    notes = {cache.name: {"version": cache.version, "code": code_digest(cache)} for cache in CACHES}
    NOTES.write_text(json.dumps(notes, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
