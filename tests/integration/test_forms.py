"""附件2 as a Word document: the paper's labels, what the history fills in, masks, record, LibreOffice."""

import io
import os
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document
from fastapi.testclient import TestClient

from intake.application.forms import FormPage
from intake.application.handle import Callback
from intake.application.services import Services
from intake.domain.codes import Complaint
from intake.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from intake.domain.ticket_file import TicketFile
from intake.form_docx import NOTE, TITLE, forms_docx
from intake.web.app_factory import create_api
from tests.intake.fakes import SettableClock
from tests.intake.histories import ANSWER, FACTS
from tests.intake.samples import sample_ticket
from tests.integration.test_loop_handling import FGS, MANAGER, NEW, OPERATOR, SQB, ZFD, Person

pytestmark = pytest.mark.integration
LABELS = [
    "来电日期", "工单类型", "联系人", "联系电话", "诉求地址", "诉求描述", "承办单位", "处置",
    "当日先联", "现场查看", "事实认定", "办结汇报", "答复日期", "是否满意",
]  # fmt: skip


@pytest.fixture
def twice(services: Services, clock: SettableClock) -> Person:
    """A ticket whose first result the caller did not accept; the second unit has closed it."""
    person = Person(services, clock)
    person.to_callback()
    person.do(OPERATOR, lambda h, at: h.callback(at, Callback(False, False, False, Complaint.UNSOLVED)))
    person.do(OPERATOR, lambda h, at: h.dispatch(at, "FGS"))
    person.to_callback(FGS)
    person.do(OPERATOR, lambda h, at: h.callback(at, Callback(True, True, True)))
    return person


def cells(content: bytes) -> list[list[str]]:
    """Texts of every table, each merged cell once."""
    found = []
    for table in Document(io.BytesIO(content)).tables:
        whole = [cell for row in table.rows for cell in row.cells]
        elements = [cell._tc for cell in whole]
        found.append([cell.text for i, cell in enumerate(whole) if cell._tc not in elements[:i]])
    return found


def test_every_label_of_the_paper_is_there_and_filled_from_the_history(services: Services, twice: Person) -> None:
    content = services.forms.docx([twice.ticket.number], MANAGER)
    first, earlier = cells(content)
    assert [text for text in first if text in LABELS] == LABELS
    filled = dict(pairwise(first))
    assert filled["诉求描述"] == NEW.notes.text
    assert filled["联系电话"] == "138****0000"
    assert filled["当日先联"].startswith("☑ 是  ☐ 否\n2026-11-23")
    assert filled["事实认定"] == f"属实：{FACTS}"
    assert filled["办结汇报"] == f"实际解决：{ANSWER}"
    assert filled["是否满意"] == "☑ 是  ☐ 否"
    assert dict(pairwise(earlier))["是否满意"].startswith("☐ 是  ☑ 否")
    texts = [p.text for p in Document(io.BytesIO(content)).paragraphs]
    assert texts[0] == TITLE
    assert NOTE in texts
    assert any("第 1 轮（综合行政执法队" in text for text in texts)


def test_a_ticket_that_nobody_has_handled_leaves_the_boxes_open(services: Services, clock: SettableClock) -> None:
    number = Person(services, clock).ticket.number
    (only,) = cells(services.forms.docx([number], MANAGER))
    assert dict(pairwise(only))["当日先联"] == "☐ 是  ☐ 否"


def test_a_selection_has_a_page_each_and_is_on_record(services: Services, clock: SettableClock) -> None:
    numbers = [Person(services, clock, f"k{i}").ticket.number for i in range(3)]
    content = services.forms.docx([*numbers, numbers[0]], MANAGER, whole_phone=True)
    assert [one[3] for one in cells(content)] == ["投诉求助"] * 3
    assert "13800000000" in cells(content)[0]
    with services.transactions.read() as unit:
        last = list(unit.audit.entries())[-3:]
    assert [(e.action, e.subject) for e in last] == [("打印工单表", n) for n in numbers]


def test_the_same_ticket_gives_the_same_bytes(services: Services, twice: Person) -> None:
    assert services.forms.docx([twice.ticket.number], MANAGER) == services.forms.docx([twice.ticket.number], MANAGER)


def test_who_may_not_see_it_may_not_print_it(services: Services, twice: Person) -> None:
    with pytest.raises(NotFoundError):
        services.forms.docx([twice.ticket.number], SQB)
    with pytest.raises(ForbiddenError):
        services.forms.docx([twice.ticket.number], FGS, whole_phone=True)
    with pytest.raises(InvalidInputError, match="1 到 200 张"):
        services.forms.docx([" "], MANAGER)
    assert ZFD.unit_code == "ZFD"


def test_control_characters_in_what_was_said_do_not_break_the_paper() -> None:
    ticket = replace(sample_ticket(), text="楼道灯\x0b坏了\n第二行 <b>&\ufffe")
    (only,) = cells(forms_docx([FormPage(ticket, TicketFile(), {})]))
    assert dict(pairwise(only))["诉求描述"] == "楼道灯坏了\n第二行 <b>&"


def test_by_api_one_and_several(services: Services, twice: Person) -> None:
    from intake.domain.access import Scope

    token = services.accounts.add_token("打印", frozenset({Scope.READ}))
    with TestClient(create_api(services), headers={"Authorization": f"Bearer {token}"}) as client:
        one = client.get(f"/api/v1/tickets/{twice.ticket.number}/form")
        several = client.get("/api/v1/tickets/forms", params={"numbers": twice.ticket.number})
        missing = client.get("/api/v1/tickets/JT20200101-0001/form")
    assert (one.status_code, several.status_code, missing.status_code) == (200, 200, 404)
    assert cells(one.content) == cells(several.content)
    assert twice.ticket.number in one.headers["content-disposition"]


def test_libreoffice_opens_it_on_one_page(services: Services, clock: SettableClock, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("CI") == "true":
            pytest.fail("missing in CI: soffice (apt-get install libreoffice-writer)")
        pytest.skip("missing: soffice (apt-get install libreoffice-writer)")
    path = tmp_path / "form.docx"
    path.write_bytes(services.forms.docx([Person(services, clock).ticket.number], MANAGER))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pdf = (tmp_path / "form.pdf").read_bytes()
    assert pdf.count(b"/Type/Page\n") + pdf.count(b"/Type/Page/") + pdf.count(b"/Type /Page\n") == 1
