"""The life of a document on both databases: publishing now and later, withdrawing, restoring, changes by hand."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from intake.application.documents import Documents
from intake.application.knowledge_base import KnowledgeBase
from intake.application.knowledge_ports import Deed
from intake.application.services import Services
from intake.domain.access import Principal, Role
from intake.domain.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from knowledge.documents import Document, DocumentStatus
from knowledge.library import Library
from knowledge.sources import Codes, read_folder
from tests.intake.fakes import NOW, SettableClock
from tests.knowledge.makers import CharacterEmbedder, source

pytestmark = pytest.mark.integration
KEEPER = Principal("知识管理员甲", Role.KNOWLEDGE)
KEY = "C01-baiTan"


@dataclass
class Shelf:
    """The use cases over a folder, and what was read of it when last synchronised."""

    documents: Documents
    library: Library
    clock: SettableClock
    synced: int = 0

    def document(self) -> Document:
        return next(d for d in self.documents.listed(KEEPER) if d.id == KEY)

    def hash(self) -> str:
        return self.documents.open(KEY, KEEPER).source.hash

    def deeds(self) -> list[tuple[Deed, str]]:
        return [(v.deed, v.by) for v in reversed(self.documents.open(KEY, KEEPER).versions)]


@pytest.fixture
def shelf(services: Services, tmp_path: Path) -> Shelf:
    folder = tmp_path / "kb_docs"
    folder.mkdir()
    codes = Codes(frozenset({"C01"}), frozenset({"ZFD"}))
    library = Library(folder, lambda: codes)

    def read() -> tuple[Document, ...]:
        return read_folder(folder, codes.topics, codes.units).documents

    def sync() -> None:
        made.synced += 1

    base = KnowledgeBase(
        library, read, lambda: read_folder(folder, codes.topics, codes.units).problems, sync, CharacterEmbedder
    )
    clock = SettableClock()
    made = Shelf(Documents(services.transactions, lambda: base, clock), library, clock)
    return made


def test_from_draft_to_published_to_withdrawn_and_back(shelf: Shelf, services: Services) -> None:
    docs = shelf.documents
    docs.save(source(status="草稿"), None, "起草", KEEPER)
    docs.publish(shelf.library.find(KEY).text, shelf.hash(), "已与执法队核对", KEEPER)  # type: ignore[union-attr]
    assert shelf.document().status is DocumentStatus.PUBLISHED
    docs.withdraw(KEY, "办法变了", KEEPER)
    assert shelf.document().status is DocumentStatus.WITHDRAWN
    docs.restore(KEY, 2, "停错了", KEEPER)
    assert shelf.document().status is DocumentStatus.PUBLISHED
    me = KEEPER.name
    assert shelf.deeds() == [(Deed.NEW, me), (Deed.PUBLISH, me), (Deed.WITHDRAW, me), (Deed.RESTORE, me)]
    assert shelf.synced == 4
    with services.transactions.read() as unit:
        chain = [(e.action, e.actor) for e in unit.audit.entries() if e.subject == KEY]
    assert chain == [(f"知识库：{deed.value}", by) for deed, by in shelf.deeds()]


def test_a_published_document_answers_on_while_it_is_worked_on(shelf: Shelf) -> None:
    docs = shelf.documents
    docs.publish(source(), None, "首次发布", KEEPER)
    changed = shelf.library.find(KEY).text.replace("无证设摊怎么反映", "摆摊找谁")  # type: ignore[union-attr]
    with pytest.raises(ConflictError, match="按“保存”暂存"):
        docs.save(changed, shelf.hash(), "改题", KEEPER)
    docs.keep_draft(KEY, changed, KEEPER)
    assert shelf.document().title == "无证设摊怎么反映"
    assert docs.open(KEY, KEEPER).draft == changed
    docs.publish(changed, shelf.hash(), "题目更口语", KEEPER)
    assert shelf.document().title == "摆摊找谁"
    assert docs.open(KEY, KEEPER).draft is None


def test_a_planned_publication_begins_by_itself_and_carries_its_author(shelf: Shelf) -> None:
    docs = shelf.documents
    docs.publish(source(), None, "首次发布", KEEPER)
    later = NOW + timedelta(days=2)
    docs.publish(source(title="新办法"), shelf.hash(), "下周施行", KEEPER, later)
    assert shelf.document().title == "无证设摊怎么反映"
    with pytest.raises(ConflictError, match="先取消预定"):
        docs.publish(source(title="又改"), shelf.hash(), "改题", KEEPER)
    shelf.clock.forward(days=2)
    assert len(shelf.library.apply_due(shelf.clock())) == 1
    assert docs.note_changes(shelf.clock()) == 1
    assert docs.note_changes(shelf.clock()) == 0
    assert shelf.document().title == "新办法"
    assert shelf.deeds()[-1] == (Deed.PLANNED, KEEPER.name)


def test_a_plan_can_be_taken_back_and_withdrawing_cancels_it(shelf: Shelf) -> None:
    docs = shelf.documents
    docs.publish(source(), None, "首次发布", KEEPER)
    docs.publish(source(title="新办法"), shelf.hash(), "下周施行", KEEPER, NOW + timedelta(days=2))
    assert docs.cancel(KEY, "推迟了", KEEPER)
    assert "新办法" in (docs.open(KEY, KEEPER).draft or "")  # the work is not lost with its date
    assert [deed for deed, _ in shelf.deeds()] == [Deed.PUBLISH, Deed.PLAN, Deed.CANCEL]
    assert docs.note_changes(NOW) == 0
    assert not docs.cancel(KEY, "推迟了", KEEPER)
    docs.publish(source(title="新办法"), shelf.hash(), "下周施行", KEEPER, NOW + timedelta(days=2))
    docs.withdraw(KEY, "整个停办", KEEPER)
    assert docs.plans(KEEPER) == ()


def test_what_was_changed_by_hand_is_kept_too(shelf: Shelf) -> None:
    docs = shelf.documents
    docs.save(source(), None, "起草", KEEPER)
    path = shelf.library.folder / "常见问答" / f"{KEY}.md"
    path.write_text(source(title="手改的题目"), encoding="utf-8")
    with pytest.raises(ConflictError, match="改动过"):
        docs.save(source(title="屏幕上的题目"), "0" * 64, "改题", KEEPER)
    assert shelf.deeds() == [(Deed.NEW, KEEPER.name), (Deed.FILE, "文件")]
    path.unlink()
    assert docs.note_changes(NOW) == 1
    docs.restore(KEY, 1, "误删", KEEPER)
    assert shelf.deeds()[-2:] == [(Deed.REMOVED, "文件"), (Deed.RESTORE, KEEPER.name)]


def test_what_is_read_out_is_checked_and_reasoned_also_unverified(shelf: Shelf) -> None:
    docs = shelf.documents
    phone = source(body="## 可以这样答复\n请您打13800001234。\n\n## 办理要点\n- 无\n\n## 依据\n无\n")
    with pytest.raises(InvalidInputError, match="号码"):
        docs.save(phone, None, "新写的", KEEPER)
    with pytest.raises(InvalidInputError, match="原因"):
        docs.save(source(), None, "", KEEPER)
    assert docs.save(phone.replace("待核验", "草稿"), None, "", KEEPER).status is DocumentStatus.DRAFT
    with pytest.raises(InvalidInputError, match="已经过去"):
        docs.publish(source(), shelf.hash(), "首次发布", KEEPER, NOW - timedelta(days=1))


def test_an_older_wording_does_not_take_a_document_off_the_air(shelf: Shelf) -> None:
    docs = shelf.documents
    docs.save(source(title="最初的题目", status="草稿"), None, "", KEEPER)
    docs.publish(source(title="后来的题目"), shelf.hash(), "首次发布", KEEPER)
    restored = docs.restore(KEY, 1, "还是原来的好", KEEPER)
    assert (restored.title, restored.status) == ("最初的题目", DocumentStatus.PUBLISHED)


def test_a_way_of_asking_is_added_once(shelf: Shelf) -> None:
    docs = shelf.documents
    docs.publish(source(), None, "首次发布", KEEPER)
    docs.add_ask(KEY, "门口  炒饭的摊子归谁管", KEEPER)
    docs.add_ask(KEY, "门口 炒饭的摊子归谁管", KEEPER)
    assert shelf.document().asks == ("楼下天天有人摆摊卖炒饭", "门口 炒饭的摊子归谁管")
    assert shelf.document().status is DocumentStatus.PUBLISHED
    with pytest.raises(InvalidInputError, match="2 到 100"):
        docs.add_ask(KEY, "啊", KEEPER)


def test_refusals_say_what_to_do_and_change_nothing(shelf: Shelf) -> None:
    docs = shelf.documents
    with pytest.raises(InvalidInputError, match="第 6 行"):
        docs.publish(source(unit="无此单位"), None, "首次发布", KEEPER)
    with pytest.raises(InvalidInputError, match="原因"):
        docs.publish(source(), None, " ", KEEPER)
    with pytest.raises(InvalidInputError, match="怎么问"):
        docs.publish(source(asks="[]"), None, "首次发布", KEEPER)
    with pytest.raises(NotFoundError):
        docs.open("../../etc/passwd", KEEPER)
    with pytest.raises(ForbiddenError):
        docs.publish(source(), None, "首次发布", Principal("坐席乙", Role.OPERATOR))
    assert list(shelf.library.folder.rglob("*.md")) == []
    assert shelf.documents.listed(KEEPER) == ()


def test_a_folder_that_cannot_be_written_loses_nothing(shelf: Shelf, services: Services) -> None:
    shelf.documents.publish(source(), None, "首次发布", KEEPER)
    (shelf.library.folder / "办事指南").symlink_to(os.devnull)
    with pytest.raises(ConflictError, match="链接"):
        shelf.documents.publish(source(kind="办事指南"), shelf.hash(), "换类别", KEEPER)
    assert shelf.deeds() == [(Deed.PUBLISH, KEEPER.name)]
    with services.transactions.read() as unit:
        assert len([e for e in unit.audit.entries() if e.subject == KEY]) == 1
