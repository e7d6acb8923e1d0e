"""Paths that the user names become files to read."""

from pathlib import Path

from schemas.errors import UserError


def find_files(paths: list[Path]) -> list[Path]:
    """The files among `paths`, and those directly inside its folders, in order of name.

    Raises:
        UserError: a path does not exist, or a folder holds no file.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and p.name[0] != ".")
            if not inside:
                raise UserError(f"{path} is a folder without files", "name a file with chats")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise UserError(f"{path} does not exist", "check the path")
    return list(dict.fromkeys(found))
