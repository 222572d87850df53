"""A proposal fills only what no person has touched."""

from hypothesis import given
from hypothesis import strategies as st

from intake.console.fields import LABELS, Fields, merge

CODES = st.sampled_from(["", "A01", "B02", "C03"])
FIELDS = st.builds(
    Fields, ticket_type=CODES, topic_code=CODES, outcome=CODES, lead_code=CODES, support_codes=st.tuples(CODES)
)


def test_untouched_fields_follow_and_touched_ones_stay() -> None:
    filled = Fields("投诉求助", "C01", "派单", "ZFD")
    current = Fields("投诉求助", "E03", "派单", "ZFD")
    proposed = Fields("咨询", "C02", "派单", "SJS", ("GJB",))
    assert merge(current, filled, proposed) == Fields("咨询", "E03", "派单", "SJS", ("GJB",))


@given(current=FIELDS, filled=FIELDS, proposed=FIELDS)
def test_what_a_person_set_is_never_overwritten(current: Fields, filled: Fields, proposed: Fields) -> None:
    merged = merge(current, filled, proposed)
    for name in LABELS:
        mine = getattr(current, name)
        touched = mine not in ("", ()) and mine != getattr(filled, name)
        assert getattr(merged, name) == (mine if touched else getattr(proposed, name))


@given(current=FIELDS, filled=FIELDS, proposed=FIELDS)
def test_the_same_proposal_twice_changes_nothing_more(current: Fields, filled: Fields, proposed: Fields) -> None:
    once = merge(current, filled, proposed)
    assert merge(once, proposed, proposed) == once
