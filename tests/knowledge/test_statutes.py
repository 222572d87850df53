"""Citations are held against the index of laws: numerals, versions, articles, what was replaced."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.documents import UNDATED, LegalBasis
from knowledge.statute_index import load_statutes
from knowledge.statutes import Article, Statute, Statutes, Successor, Verdict, read_article, read_numeral
from knowledge.statutes_build import build

TODAY = date(2026, 11, 26)
NEW = Successor("某某条例（修订）", "2024-05-01", date(2024, 10, 1), "公报")
LAWS = Statutes(
    [
        Statute(
            "某某条例",
            ("上海_某某条例",),
            "2018-12-20",
            ("2018-12-01",),
            ("2009-02-24",),
            None,
            ((1, 60),),
            (Article(20, 1),),
            NEW,
        ),
        Statute("旧养犬办法", (), UNDATED, (), (), None, ((1, 10),)),
        Statute("民法典甲编", ("民法典",), "2020-05-28", (), (), None, ((205, 462),)),
        Statute("民法典乙编", ("民法典",), "2020-05-28", (), (), None, ((463, 988),)),
    ]
)


def verdicts(law: str, version: str, *articles: str, today: date = TODAY) -> list[Verdict]:
    return [found.verdict for found in LAWS.check(LegalBasis(law, version, articles), today)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("一百零三", 103),
        ("一百二十三", 123),
        ("一千一百九十四", 1194),
        ("一千二百五十八", 1258),
        ("一〇三", 103),
        ("两百", 200),
        ("250", 250),
        ("甲", None),
        ("", None),
    ],
)
def test_chinese_numerals(text: str, number: int | None) -> None:
    assert read_numeral(text) == number


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("第一百二十三条", Article(123)),
        ("第12条", Article(12)),
        ("第二十条之一", Article(20, 1)),
        ("第１２条", Article(12)),
        ("二十条", None),
        ("第条", None),
        ("第零条", None),
        ("第三条第二款", None),
    ],
)
def test_articles(text: str, article: Article | None) -> None:
    assert read_article(text) == article


def test_an_article_exists_or_does_not() -> None:
    early = date(2024, 1, 1)  # before the successor was in force
    assert verdicts(
        "某某条例", "2018-12-20", "第六十条", "第六十一条", "第二十条之一", "第二十条之二", today=early
    ) == [
        Verdict.EXISTS,
        Verdict.NO_ARTICLE,
        Verdict.EXISTS,
        Verdict.NO_ARTICLE,
    ]


@pytest.mark.parametrize("law", ["《某某条例》", "上海_某某条例", "中华人民共和国某某条例", "某某 条例"])
def test_a_law_is_known_by_all_its_names(law: str) -> None:
    assert Verdict.EXISTS in verdicts(law, "2018-12-20", "第一条")


def test_versions() -> None:
    early = date(2024, 1, 1)
    assert verdicts("某某条例", "2018-12-01", "第一条", today=early) == [Verdict.EXISTS]
    assert verdicts("某某条例", "2009-02-24", "第一条", today=early) == [Verdict.SUPERSEDED, Verdict.EXISTS]
    assert verdicts("某某条例", "2017-01-01", "第一条", today=early) == [Verdict.VERSION_UNKNOWN]
    assert verdicts("某某条例", UNDATED, "第一条", today=early) == [Verdict.UNDATED, Verdict.EXISTS]
    assert verdicts("旧养犬办法", UNDATED, "第十一条") == [Verdict.UNDATED, Verdict.NO_ARTICLE]


def test_what_was_replaced_is_said_with_by_what_and_since_when() -> None:
    found = LAWS.check(LegalBasis("某某条例", "2018-12-20", ("第一条",)), TODAY)[0]
    assert found.verdict is Verdict.SUPERSEDED
    for part in ("某某条例（修订）", "2024-05-01", "2024-10-01", "公报"):
        assert part in found.message
    assert verdicts("某某条例", "2024-05-01", "第一条") == [Verdict.VERSION_UNKNOWN]


def test_a_code_named_as_a_whole_has_the_articles_of_its_parts() -> None:
    assert verdicts("民法典", "2020-05-28", "第三百条", "第五百条", "第一千条") == [
        Verdict.EXISTS,
        Verdict.EXISTS,
        Verdict.LAW_UNKNOWN,
    ]
    assert verdicts("民法典甲编", "2020-05-28", "第五百条") == [Verdict.NO_ARTICLE]


def test_a_law_that_is_not_at_hand_is_not_called_wrong() -> None:
    assert verdicts("没有的条例", "2020-01-01", "第九百条") == [Verdict.LAW_UNKNOWN]


def test_the_index_that_is_shipped() -> None:
    laws = load_statutes()
    assert len(laws.all) > 70
    for name in ("民法典合同编", "国家_合同编", "《中华人民共和国消防法》", "上海市实施《残疾人保障法》办法"):
        assert laws.find(name), name
    assert laws.find("上海市实施〈中华人民共和国食品安全法〉办法")[0].successor is not None
    assert laws.find("上海市道路交通管理条例")[0].version == "2016-12-29"
    found = laws.check(LegalBasis("民法典物权编", "2020-05-28", ("第二百七十八条", "第四百六十三条")), TODAY)
    assert [c.verdict for c in found] == [Verdict.EXISTS, Verdict.NO_ARTICLE]


def test_the_index_is_made_from_texts(tmp_path: Path) -> None:
    (tmp_path / "上海_甲条例(2020-12-30).md").write_text(
        "# 甲条例\n\n2004年8月19日 通过\n\n2020年12月30日 修正\n\n<!-- INFO END -->\n\n## 第一章\n\n第一条 文。\n\n"
        "第一条之一 文。\n\n第二条 照第九条办。\n\n第三条 本条例自2004年11月1日起施行。《乙办法》同时废止。\n",
        encoding="utf-8",
    )
    (tmp_path / "上海_乙办法.md").write_text("# 乙办法\n\n<!-- INFO END -->\n\n第一条 文。\n", encoding="utf-8")
    first, second = sorted(build(tmp_path), key=lambda row: row["title"] == "乙办法")
    assert (first["version"], first["earlier"], first["in_force"]) == ("2020-12-30", ["2004-08-19"], "2004-11-01")
    assert (first["articles"], first["branches"]) == ([[1, 3]], [[1, 1]])
    assert second["version"] == UNDATED
    assert (second["superseded"]["by"], second["superseded"]["since"]) == ("甲条例", "2004-11-01")


def test_a_broken_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="条文索引读不出来"):
        load_statutes(tmp_path)
