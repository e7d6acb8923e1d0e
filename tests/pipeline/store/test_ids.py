"""Known ids are told from new ones, though only a part of each is kept."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.ids import IdSet

SHARED = st.sampled_from(["0" * 4, "f" * 4]) | st.text("0123456789abcdef", min_size=4, max_size=4)
IDS = st.builds(lambda begin, n: begin + sha256(b"%d" % n).hexdigest()[4:], SHARED, st.integers())


@given(st.lists(IDS, max_size=50))
def test_an_id_is_new_once(given_ids: list[str]) -> None:
    ids, seen = IdSet(), set[str]()
    for id in given_ids + given_ids:
        assert ids.add(id) is (id not in seen)
        seen.add(id)


@given(st.sets(IDS, min_size=1))
def test_ids_that_a_set_begins_with_are_known(known: set[str]) -> None:
    ids = IdSet(known)
    assert not any(ids.add(id) for id in known)
