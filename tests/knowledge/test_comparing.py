"""Two wordings side by side: nothing is lost, and the change is where it is."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.comparing import Change, compare_texts

TEXTS = st.text(alphabet="甲乙丙丁。\n", max_size=60)


@given(TEXTS, TEXTS)
def test_both_sides_are_told_in_full(before: str, after: str) -> None:
    pairs = compare_texts(before, after)
    old = [pair.before for pair in pairs if pair.before or pair.same]
    new = [pair.after for pair in pairs if pair.after or pair.same]
    assert "".join(p.text for line in old for p in line) == before.replace("\n", "")
    assert "".join(p.text for line in new for p in line) == after.replace("\n", "")


def test_only_the_changed_characters_are_marked() -> None:
    pairs = compare_texts("标题\n五个工作日内答复。\n完", "标题\n三个工作日内答复。\n完\n又及")
    assert [pair.same for pair in pairs] == [True, False, True, False]
    assert [(p.change, p.text) for p in pairs[1].before] == [(Change.GONE, "五"), (Change.SAME, "个工作日内答复。")]
    assert pairs[3].before == ()
    assert [(p.change, p.text) for p in pairs[3].after] == [(Change.CAME, "又及")]
