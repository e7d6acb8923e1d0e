"""How often are the filters right in public data, judged blind? `curate audit` over many sets.

    python -m benchmarks.judged --data DIR --workspace FOLDER --write sheet.csv [-n 20] [--seed 0]
    python -m benchmarks.judged --workspace FOLDER --csv sheet.csv --by NAME

The first reads every set under DIR into FOLDER, if that is not there yet, and writes records of
each reason and of none, mixed and without a verdict. The second reads what was filled in and prints
precision and recall as docs/filters.md shows them.
"""

import argparse
from pathlib import Path

from curate.new_workspace import make_workspace
from curate.terminal.audit import open_items, scores, take_judgements, tell_scores, write_items
from curate.workspace import Workspace
from pipeline.ingest import ingest_files
from schemas.errors import UserError
from schemas.reasons import Reason


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="a folder with a folder for each set")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--write", type=Path, help="the sheet to write")
    parser.add_argument("--csv", type=Path, help="a filled-in sheet to read")
    parser.add_argument("--by", default="judge")
    parser.add_argument("--reason", action="append", default=[], type=Reason)
    parser.add_argument("-n", type=int, default=20, help="records of each reason")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    workspace = opened(given.workspace, given.data)
    curated = workspace.current()
    if given.write:
        rows = open_items(workspace, curated, given.by, given.n, given.seed, *given.reason)
        write_items(rows, given.write)
        return
    if given.csv:
        take_judgements(workspace, given.csv, given.by)
    tell_scores(*scores(workspace, curated))


def opened(root: Path, data: Path | None) -> Workspace:
    """The workspace at `root`; made of all sets under `data` if it is not there yet."""
    if root.exists():
        return Workspace.at(root)
    workspace = make_workspace(root)
    for folder in sorted(path for path in data.iterdir() if path.is_dir()) if data else ():
        try:
            ingest_files(workspace.store, [folder])
        except UserError as error:
            print(f"{folder.name}: {error}")
    return workspace


if __name__ == "__main__":
    main()
