"""Retriever on fakes: only what is in force answers, one hit a document, any input is taken."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import Document, DocumentStatus
from knowledge.ports import VectorIndexError, Vectors
from knowledge.retriever import Retriever
from knowledge.shelf import ShelfCache, build_shelf
from knowledge.sources import Reading
from tests.knowledge.makers import BODY, DAY, CharacterEmbedder, MemoryIndex, document

WATER = document(
    "F01", "小区停水怎么办", "## 可以这样答复\n停水请打供水热线。\n## 依据\n供水管理条例。", topics=("F01",)
)
STALL = document("C01", "无证设摊怎么反映", BODY, asks=("楼下天天有人摆摊卖炒饭",))
LAMP = document("E01", "路灯不亮找谁修", "## 可以这样答复\n路灯由市政部门维修。", topics=("E01", "C01"))


def open_retriever(*documents: Document) -> Retriever:
    shelf = build_shelf(Reading(documents, ()), ShelfCache())
    embedder, index = CharacterEmbedder(), MemoryIndex()
    index.add([e.id for e in shelf.entries], embedder.encode([e.text for e in shelf.entries]))
    return Retriever(lambda: shelf, lambda: (embedder, index))


def found(retriever: Retriever, query: str, on: date = DAY) -> list[str]:
    return [hit.document.id for hit in retriever.search(query, on=on)]


def test_titles_asks_and_bodies_find_their_document_first() -> None:
    retriever = open_retriever(WATER, STALL, LAMP)
    assert found(retriever, "小区停水怎么办")[0] == "F01"
    assert found(retriever, "有人天天在楼下摆摊卖炒饭")[0] == "C01"
    assert found(retriever, "市政部门维修")[0] == "E01"


def test_one_hit_a_document_with_its_best_passage() -> None:
    hits = open_retriever(WATER, STALL).search("停水供水管理条例", on=DAY)
    assert len({h.document.id for h in hits}) == len(hits)
    assert hits[0].passage.heading_path == ("小区停水怎么办", "依据")
    assert hits[0].word_score is not None
    assert 0 <= hits[-1].score <= hits[0].score <= 1


@pytest.mark.parametrize("status", [DocumentStatus.DRAFT, DocumentStatus.WITHDRAWN])
def test_drafts_and_withdrawn_documents_never_answer(status: DocumentStatus) -> None:
    retriever = open_retriever(document("F01", "小区停水怎么办", BODY, status=status), STALL)
    assert "F01" not in found(retriever, "小区停水怎么办")


def test_only_documents_in_force_on_the_day_answer() -> None:
    old = document("OLD", "停水旧规定", BODY, in_force_from=date(2020, 1, 1), in_force_to=date(2025, 12, 31))
    new = document("NEW", "停水新规定", BODY, in_force_from=date(2026, 1, 1))
    retriever = open_retriever(old, new)
    assert found(retriever, "停水规定", date(2025, 12, 31)) == ["OLD"]
    assert found(retriever, "停水规定", date(2026, 1, 1)) == ["NEW"]
    assert found(retriever, "停水规定", date(2019, 1, 1)) == []


def test_of_two_that_say_the_same_the_newer_comes_first() -> None:
    older = document("A", "停水怎么办", BODY, in_force_from=date(2024, 1, 1))
    newer = document("B", "停水怎么办", BODY, in_force_from=date(2026, 6, 1))
    assert found(open_retriever(older, newer), "停水怎么办") == ["B", "A"]


def test_topics_limit_the_search() -> None:
    retriever = open_retriever(WATER, STALL, LAMP)
    hits = retriever.search("停水", on=DAY, topics=frozenset({"E01"}))
    assert [h.document.id for h in hits] == ["E01"]
    assert retriever.search("停水", on=DAY, topics=frozenset()) == ()


def test_a_rare_topic_is_found_behind_many_others() -> None:
    many = [document(f"N{i}", f"停水通知{i}号", "## 可以这样答复\n停水停水停水。") for i in range(150)]
    hits = open_retriever(*many, LAMP).search("停水", on=DAY, topics=frozenset({"E01"}))
    assert [h.document.id for h in hits] == ["E01"]


@pytest.mark.parametrize("query", ["", " \n", "。，！？", "😀", "<script></script>", "\x00\x01", "\ud800"])
def test_a_query_that_says_nothing_finds_nothing(query: str) -> None:
    assert open_retriever(WATER, STALL).search(query, on=DAY) == ()


@pytest.mark.parametrize(
    "query", ["水", "停水" * 10_000, "'; DROP TABLE documents; --", "１２３４５", "停\x00水<b>了</b>"]
)
def test_odd_queries_are_taken(query: str) -> None:
    hits = open_retriever(WATER, STALL).search(query, on=DAY)
    assert all(0 <= h.score <= 1 for h in hits)


def test_what_is_trimmed_does_not_count() -> None:
    retriever = open_retriever(WATER, STALL)
    assert retriever.search("小区停水怎么办" + "啊" * 20_000, on=DAY)[0].document.id == "F01"


def test_no_documents_and_no_limit() -> None:
    assert open_retriever().search("停水", on=DAY) == ()
    assert open_retriever(WATER).search("停水", on=DAY, limit=0) == ()


class UnreachableIndex(MemoryIndex):
    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        raise VectorIndexError("向量库没有应答")


def test_words_answer_while_the_vector_index_is_away(caplog: pytest.LogCaptureFixture) -> None:
    shelf = build_shelf(Reading((WATER, STALL), ()), ShelfCache())
    retriever = Retriever(lambda: shelf, lambda: (CharacterEmbedder(), UnreachableIndex()))
    hits = retriever.search("小区停水怎么办", on=DAY)
    assert (hits[0].document.id, hits[0].vector_score) == ("F01", None)
    assert "words alone" in caplog.text


def test_vectors_of_older_wording_are_ignored() -> None:
    shelf = build_shelf(Reading((WATER,), ()), ShelfCache())
    embedder, index = CharacterEmbedder(), MemoryIndex()
    index.add(["F01#0@0123456789ab"], embedder.encode(["路灯"]))
    hits = Retriever(lambda: shelf, lambda: (embedder, index)).search("路灯", on=DAY)
    assert hits == ()


CARD = document(
    "J02", "居住证怎么办理", "## 可以这样答复\n请带身份证（原件）、租房合同，到受理中心办。", topics=("J02",)
)
FUND = document("J10", "公积金怎么提取", "## 可以这样答复\n请打公积金热线问清材料。", topics=("J10",))
ILLEGAL = document("B02", "违章建筑找谁", "## 可以这样答复\n违章建筑由综合行政执法队查。", topics=("B02",))


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("juzhuzheng zenme ban", "J02"),
        ("jzz", "J02"),
        ("gjj", "J10"),
        ("wzjz", "B02"),
        ("维张建筑", "B02"),
        ("公鸡金怎么提", "J10"),
        ("違章建築找誰", "B02"),
        ("居住正", "J02"),
    ],
)
def test_misheard_misspelt_traditional_and_shortened_queries_find(query: str, key: str) -> None:
    hits = open_retriever(WATER, STALL, LAMP, CARD, FUND, ILLEGAL).search(query, on=DAY)
    assert hits[0].document.id == key
    assert hits[0].closeness > 0.5


@pytest.mark.parametrize(
    "query", ["身份证（原件）、租房合同", "身份证 原件 租房合同", "身份證(原件)，租房合同", "原件租房"]
)
def test_text_inside_a_passage_ranks_first_whatever_its_signs(query: str) -> None:
    talk = document(
        "T", "租房合同和身份证原件", "## 可以这样答复\n身份证，租房，合同，原件，都说说。", asks=("租房要身份证吗",)
    )
    assert found(open_retriever(talk, WATER, STALL, CARD), query)[0] == "J02"


def test_of_two_about_one_matter_the_newer_comes_first_though_the_older_matches_a_little_better() -> None:
    text = "## 可以这样答复\n停水请先看小区公告，没有公告请打供水热线，白天和夜里都有人接，也可以由我登记。"
    older = document("A", "停水怎么处理", text, in_force_from=date(2024, 1, 1))
    newer = document("B", "停水怎么处理，二〇二六年修订", text, in_force_from=date(2026, 6, 1))
    other = document("C", "停水以后水费怎么算", BODY, in_force_from=date(2026, 10, 1))
    hits = open_retriever(older, newer, other).search("水停了，有人处理吗", on=DAY)
    assert [hit.document.id for hit in hits[:2]] == ["B", "A"]
    assert hits[0].score == hits[1].score


def test_the_older_one_stays_first_where_it_alone_holds_the_text() -> None:
    older = document(
        "A", "停水怎么办", "## 可以这样答复\n停水请打供水热线，白天有人接。", in_force_from=date(2024, 1, 1)
    )
    newer = document(
        "B", "停水怎么办", "## 可以这样答复\n停水请打供水热线，全天有人接。", in_force_from=date(2026, 6, 1)
    )
    assert found(open_retriever(older, newer), "白天有人接")[0] == "A"


TOPICS = ("A01", "B01", "C01", "C02")
UNITS = ("FGS", "SQB", "ZFD")
TEXTS = ("停水", "摆摊", "路灯", "物业费", "居住证", "停车", "垃圾")
MANY = tuple(
    document(
        f"D{i:02}",
        f"{TEXTS[i % 7]}怎么办，{TEXTS[i % 5]}",
        f"## 可以这样答复\n{TEXTS[i % 4]}的事由{TEXTS[i % 3]}组{i % 6}号登记。",
        topics=(TOPICS[i % 4], TOPICS[i % 3]),
        unit=UNITS[i % 3],
        in_force_from=date(2020 + i % 5, 1, 1),
    )
    for i in range(40)
)
SEARCHED = open_retriever(*MANY)


@settings(deadline=None)
@given(
    st.sampled_from(["停水怎么办", "物业废", "jzz", "路灯组2号", "谁管", "摆摊 停车 垃圾"]),
    st.none() | st.frozensets(st.sampled_from(TOPICS)),
    st.none() | st.frozensets(st.sampled_from(UNITS)),
)
def test_a_filter_only_leaves_out(query: str, topics: frozenset[str] | None, units: frozenset[str] | None) -> None:
    everything = SEARCHED.search(query, on=DAY, limit=100)
    kept = tuple(
        hit
        for hit in everything
        if (topics is None or topics & set(hit.document.topics)) and (units is None or hit.document.unit in units)
    )
    assert SEARCHED.search(query, on=DAY, limit=100, topics=topics, units=units) == kept
    assert SEARCHED.search(query, on=DAY, limit=3, topics=topics, units=units) == kept[:3]


def test_a_changed_document_is_found_by_its_new_vectors_only() -> None:
    shelves, embedder, index, cache = [], CharacterEmbedder(), MemoryIndex(), ShelfCache()

    def publish(*documents: Document) -> None:
        shelf = build_shelf(Reading(documents, ()), cache)
        new = [entry for entry in shelf.entries if entry.id not in index.ids()]
        index.add([entry.id for entry in new], embedder.encode([entry.text for entry in new]))
        shelves.append(shelf)

    retriever = Retriever(lambda: shelves[-1], lambda: (embedder, index))
    publish(WATER, LAMP)
    assert retriever.search("路灯不亮找谁修", on=DAY)[0].vector_score == pytest.approx(1.0)
    publish(WATER, document("E01", "井盖松动找谁修", "## 可以这样答复\n井盖由市政部门维修。"))
    assert retriever.search("井盖松动找谁修", on=DAY)[0].vector_score == pytest.approx(1.0)
    assert retriever.search("路灯不亮", on=DAY) == ()
