"""Print the house from its own imports: rooms, the arrows between them, and any that run back up.

python -m scripts.rooms [--root FOLDER]

A room is a folder directly under a package, with everything below it; a file at the root of a
package is a room by itself. An arrow goes from a room to one of the same package that it imports,
anywhere in its files except under `if TYPE_CHECKING:`, which never runs. Exits with 1 if rooms
import each other in a circle.
"""

import argparse
import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

HOME = Path(__file__).parents[1]
PACKAGES = ("schemas", "prompts", "pipeline", "review", "train", "curate")

Arrows = dict[str, dict[str, list[str]]]
"""For each room the rooms of its package that it imports, with the files that do."""


def python_files(root: Path, package: str) -> list[Path]:
    """The files of a package, relative to `root`."""
    return [path.relative_to(root) for path in sorted((root / package).rglob("*.py"))]


def room_of(path: Path) -> str:
    """The room that a file is in: `pipeline/readers/formats/x.py` is in `pipeline/readers`."""
    return "/".join(path.with_suffix("").parts[:2])


def imported_files(root: Path, path: Path) -> Iterator[Path]:
    """The files under `root` that a file imports; without those it names only for types."""
    waiting: list[ast.AST] = [ast.parse((root / path).read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            waiting += node.orelse
            continue
        waiting += ast.iter_child_nodes(node)
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from filter(None, (file_of(root, name) for name in names))


def file_of(root: Path, name: str) -> Path | None:
    """The file in which a dotted name lives: a module, or what a module or package holds."""
    place = Path(*name.split("."))
    modules = [module for module in (place, place.parent) if module.name]
    files = [file for at in modules for file in (at.with_suffix(".py"), at / "__init__.py")]
    return next((file for file in files if (root / file).is_file()), None)


def arrows_of(root: Path, package: str) -> Arrows:
    """Which room of a package imports which; every room is a key, though it imports none."""
    files = python_files(root, package)
    arrows: Arrows = {room_of(path): {} for path in files}
    for path in files:
        for target in set(imported_files(root, path)):
            room = room_of(target)
            if room in arrows and room != room_of(path):
                importers = arrows[room_of(path)].setdefault(room, [])
                if str(path) not in importers:
                    importers.append(str(path))
    return arrows


def circle(arrows: Arrows) -> list[str]:
    """Rooms that import each other in a circle, its first one also last; empty without one."""
    try:
        list(TopologicalSorter(arrows).static_order())
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def floors(arrows: Arrows) -> dict[str, int]:
    """How high each room stands: one floor above the highest room that it imports.

    Where rooms import each other in a circle, the one of them that imports the fewest rooms not
    placed yet is placed first, so that few arrows run back up.
    """
    heights: dict[str, int] = {}
    while len(heights) < len(arrows):
        waiting = [room for room in arrows if room not in heights]
        reached = {room: reachable(arrows, room, heights) for room in waiting}
        lowest = [
            room for room in waiting if all(room in reached[below] for below in reached[room])
        ]
        room = min(lowest, key=lambda name: (len(arrows[name].keys() - heights.keys()), name))
        below = [heights[target] for target in arrows[room] if target in heights]
        heights[room] = max(below, default=-1) + 1
    return heights


def reachable(arrows: Arrows, room: str, placed: Collection[str]) -> set[str]:
    """The rooms that a room imports, and those that these import, except the placed ones."""
    seen: set[str] = set()
    waiting = [room]
    while waiting:
        for target in arrows[waiting.pop()]:
            if target not in seen and target not in placed:
                seen.add(target)
                waiting.append(target)
    return seen


def upward(arrows: Arrows) -> list[tuple[str, str]]:
    """The arrows that run back up: to a room that does not stand below."""
    heights = floors(arrows)
    return [
        (room, target)
        for room, targets in arrows.items()
        for target in targets
        if heights[target] >= heights[room]
    ]


def folder_sizes(root: Path) -> dict[str, tuple[int, int]]:
    """For each folder with Python files: how many files and how many lines are right in it."""
    files, lines = Counter[str](), Counter[str]()
    for package in PACKAGES:
        for path in python_files(root, package):
            folder = path.parent.as_posix()
            files[folder] += 1
            lines[folder] += len((root / path).read_text("utf-8").splitlines())
    return {folder: (files[folder], lines[folder]) for folder in sorted(files)}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--root", type=Path, default=HOME, help="another tree with these packages")
    root = parser.parse_args(arguments).root
    sizes = folder_sizes(root)
    print(f"{'folder':<36}{'files':>6}{'lines':>8}")
    for folder, (files, lines) in sizes.items():
        print(f"{folder:<36}{files:>6}{lines:>8,}")
    total = [sum(column) for column in zip(*sizes.values(), strict=True)]
    print(f"{f'{len(sizes)} folders':<36}{total[0]:>6}{total[1]:>8,}")
    circles = 0
    for package in PACKAGES:
        arrows = arrows_of(root, package)
        if any(arrows.values()):
            circles += show_arrows(package, arrows)
    return 1 if circles else 0


def show_arrows(package: str, arrows: Arrows) -> bool:
    """Print the rooms of a package, the highest first, and whether they form a circle."""
    heights, back = floors(arrows), upward(arrows)
    count = sum(map(len, arrows.values()))
    high = max(heights.values()) + 1
    print(f"\n{package}: {len(arrows)} rooms on {high} floors, {count} arrows, {len(back)} back up")
    by_floor = defaultdict(list)
    for room, height in heights.items():
        by_floor[height].append(room)
    for height in sorted(by_floor, reverse=True):
        for room in sorted(by_floor[height]):
            names = sorted(target.removeprefix(f"{package}/") for target in arrows[room])
            line = f"  {height}  {room.removeprefix(f'{package}/'):<22}"
            print(f"{line} -> {', '.join(names)}" if names else line.rstrip())
    for room, target in back:
        print(f"  back up: {room} -> {target} ({', '.join(arrows[room][target])})")
    if rooms := circle(arrows):
        print(f"  circle: {' -> '.join(rooms)}")
    return bool(rooms)


if __name__ == "__main__":
    sys.exit(main())
