"""Any bytes are rows or the user's mistake."""

import bz2
import contextlib
import gzip
import lzma
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers import BadRow, Row
from schemas.errors import UserError

Rows = Callable[[str | bytes], list[Row | BadRow]]

BITS = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b",", b";", b"\t", b"\n", b"\r", b" ", b"\0", b"\xff", b"\\u",
     b'{"a": 1}', b"q,a\n", b"null", "é\u2028".encode(), b"\xef\xbb\xbf", b"1e999", b"NaN",
     b'{"data": [', b'[{"role": "user", "content": "x"}', b"'@ | x", b"\\"]
)  # fmt: skip

CONTENT = st.binary(max_size=40) | st.text().map(str.encode) | st.lists(BITS).map(b"".join)

MAGIC = st.sampled_from(
    [b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd",
     b"BZh91AY&SY",
     b"\xfd7zXZ\0", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"PK\x03\x04", b"-- ", b"SET a;"]
)  # fmt: skip

PACKED = st.sampled_from([gzip.compress, bz2.compress, lzma.compress])


def lines_of(rows: Rows, content: bytes) -> list[int]:
    """The lines of what is read; none where the user is told that there is nothing to read."""
    with contextlib.suppress(UserError):
        return [row.line for row in rows(content)]
    return []


@given(CONTENT)
def test_any_bytes_are_rows_in_order_of_their_lines_or_the_users_mistake(
    rows: Rows, content: bytes
) -> None:
    lines = lines_of(rows, content)
    assert lines == sorted(lines)
    assert all(1 <= line <= len(content.splitlines()) + 1 for line in lines)


@given(magic=MAGIC, content=CONTENT)
def test_first_bytes_that_promise_something_break_nothing(
    rows: Rows, magic: bytes, content: bytes
) -> None:
    assert all(line >= 1 for line in lines_of(rows, magic + content))


@given(content=CONTENT, pack=PACKED, cut=st.integers(0, 40))
def test_packed_bytes_that_break_off_are_rows_or_the_users_mistake(
    rows: Rows, content: bytes, pack: Callable[[bytes], bytes], cut: int
) -> None:
    packed = pack(content)
    assert all(line >= 1 for line in lines_of(rows, packed[: len(packed) - cut]))
