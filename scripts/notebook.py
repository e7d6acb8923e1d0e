"""Run the notebook in docs/ and store what its cells print; a test holds that this is up to date.

python -m scripts.notebook
"""

import ast
import contextlib
import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).parents[1] / "docs" / "python.ipynb"


def main() -> None:
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    names: dict[str, Any] = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        tempfile.tempdir = folder
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for number, cell in enumerate(cells, 1):
            printed, value = run_cell(cell, names)
            cell["execution_count"] = number
            cell["outputs"] = outputs(number, printed, value)
        os.chdir(NOTEBOOK.parent)
    NOTEBOOK.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def run_cell(cell: dict[str, Any], names: dict[str, Any]) -> tuple[str, Any]:
    """What a cell prints, and the value of its last line: None if that is hidden by a `;`."""
    source = "".join(cell["source"])
    tree = ast.parse(source)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr) or source.rstrip().endswith(";"):
        last = ast.fix_missing_locations(ast.Expr(ast.Constant(None)))
    else:
        tree.body.pop()
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, cell["id"], "exec"), names)
        value = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
    return printed.getvalue(), value


def outputs(number: int, printed: str, value: Any) -> list[dict[str, Any]]:
    """The same as Jupyter stores it."""
    stored: list[dict[str, Any]] = []
    if printed:
        lines = printed.splitlines(keepends=True)
        stored.append({"name": "stdout", "output_type": "stream", "text": lines})
    if value is not None:
        data = {"text/plain": repr(value).splitlines(keepends=True)}
        if hasattr(value, "_repr_html_"):
            data["text/html"] = value._repr_html_().splitlines(keepends=True)
        result = {"execution_count": number, "metadata": {}, "output_type": "execute_result"}
        stored.append({"data": data, **result})
    return stored


if __name__ == "__main__":
    main()
