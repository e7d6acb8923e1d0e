"""Lists and objects as Python writes them, which pandas puts into the cells of a CSV."""

import ast
import re
from typing import Any

LONGEST_LITERAL = 2 * 2**20
"""Characters; a longer text is not looked at."""

NUMPY = re.compile(r"\A\s*array\((?P<inner>.*?)(?:,\s*dtype=\w+)?\)\s*\Z", re.DOTALL)
"""`array([…], dtype=object)`"""

MISSING_COMMA = re.compile(r"\}(\s+)\{")
"""numpy prints objects in a list without commas between them."""


def python_value(text: str) -> Any:
    """The list or object of a Python literal; None when a text is none. Nothing is run.

    Texts with quotes of either kind, None, True and False are understood, and numpy's form of a
    list, which has no commas between its objects.
    """
    if len(text) > LONGEST_LITERAL:
        return None
    if match := NUMPY.match(text):
        text = match["inner"]
    for candidate in (text, MISSING_COMMA.sub(r"}, {", text)):
        try:
            value = ast.literal_eval(candidate.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            continue
        return value if isinstance(value, list | dict) else None
    return None
