"""A file is written under a name that says nothing, and read."""

from collections.abc import Callable

import pytest

from pipeline.readers import BadRow, Row, read_rows


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str | bytes], list[Row | BadRow]]:
    """The rows of a file with this content."""
    path = tmp_path_factory.mktemp("rows") / "file"

    def read(content: str | bytes) -> list[Row | BadRow]:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read_rows(path))

    return read
