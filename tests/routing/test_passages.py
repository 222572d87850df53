"""The LangChain face of the search: same hits, same order, and no answer without a day."""

from datetime import date

import pytest

from knowledge.bootstrap import Knowledge, KnowledgeSettings
from routing.passages import PassageRetriever, hits_of
from tests.routing.classifiers.fakes import BucketEmbedder

DOCUMENT = """---
id: D05-test
title: 路灯不亮怎么报修
kind: 常见问答
topics: [D05]
unit: GJB
status: 待核验
basis: []
asks: ["门口的灯不亮了"]
in_force_from: 2026-01-01
in_force_to: 2026-06-30
review_by: 2026-12-01
---
## 可以这样答复
请告诉我灯杆编号和路名，我们派单维修。
"""


@pytest.mark.integration
def test_chain_interface_gives_the_hits_of_the_search_and_keeps_the_day(tmp_path) -> None:
    folder = tmp_path / "docs" / "常见问答"
    folder.mkdir(parents=True)
    (folder / "D05.md").write_text(DOCUMENT, encoding="utf-8")
    settings = KnowledgeSettings(docs=tmp_path / "docs", state=tmp_path / "var")
    knowledge = Knowledge(settings, load=lambda _: BucketEmbedder())
    retriever = PassageRetriever(search=knowledge.retriever)
    found = retriever.invoke("门口的灯不亮", on=date(2026, 3, 1))
    assert hits_of(found) == knowledge.retriever.search("门口的灯不亮", on=date(2026, 3, 1), limit=8)
    assert found[0].metadata["title"] == "路灯不亮怎么报修"
    assert retriever.invoke("门口的灯不亮", on=date(2026, 7, 1)) == []
    with pytest.raises(ValueError, match="day of the call"):
        retriever.invoke("门口的灯不亮")
    knowledge.close()
