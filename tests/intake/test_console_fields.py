"""What a proposal would put into the boxes; that nothing of a person's is overwritten is shown in tests/e2e."""

from intake.console.fields import LABELS, Fields, as_json


def test_boxes_hold_null_for_nothing_and_a_list_for_several_units() -> None:
    assert as_json(Fields("投诉求助", "", "派单", "ZFD", ("SJS", "GJB"))) == {
        "ticket_type": "投诉求助",
        "topic_code": None,
        "outcome": "派单",
        "lead_code": "ZFD",
        "support_codes": ["SJS", "GJB"],
    }
    assert list(as_json(Fields())) == list(LABELS)
