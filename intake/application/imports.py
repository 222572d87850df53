"""Import of 12345 exports: upload, columns, check of every row, then one ticket per good row, whatever is killed."""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intake.application.import_ports import ImportJob, JobState, ReportWriter, RowState, StoredRow, TableReader
from intake.application.import_ticket import OncePerRow, new_ticket
from intake.application.ports import JsonValue, Transactions
from intake.application.register import Register
from intake.domain.access import Permission, Principal, Role
from intake.domain.errors import (
    ConflictError,
    DeskError,
    FieldProblem,
    ForbiddenError,
    NotFoundError,
    NotReadyError,
    invalid,
)
from intake.domain.import_rows import REQUIRED, ImportField, read_row, recognise

_LOG = logging.getLogger(__name__)
CHUNK = 2_000
STEP = 50  # rows between two looks at the database
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=30)
PREVIEW = 20
J, R = JobState, RowState


@dataclass(frozen=True, slots=True)
class ImportView:
    """A job as it stands: how many rows in which state, and the first ones."""

    job: ImportJob
    counts: Mapping[RowState, int]
    first: tuple[StoredRow, ...]

    @property
    def total(self) -> int:
        """All rows of the file."""
        return sum(self.counts.values())

    @property
    def share(self) -> float:
        """How much of the import is done, 0..1."""
        waiting = self.counts.get(R.GOOD, 0) + self.counts.get(R.READ, 0)
        return 1 - waiting / self.total if self.total else 1.0


class Imports:
    """The import page's use cases, and ``work``, which any number of processes may call."""

    def __init__(
        self,
        transactions: Transactions,
        register: Register,
        recommender: OncePerRow,
        read: TableReader,
        write_report: ReportWriter,
        clock: Callable[[], datetime],
    ) -> None:
        self._transactions = transactions
        self._register = register
        self._recommender = recommender
        self._read = read
        self._write_report = write_report
        self._clock = clock

    def upload(self, name: str, content: bytes, principal: Principal) -> ImportView:
        """Read a file and keep its rows; the columns are those confirmed last for such a file, else recognised."""
        _check(principal)
        table, now = self._read(name, content), self._clock()
        with self._transactions.write() as unit:
            unit.imports.forget(now - KEPT)
            columns = unit.imports.remembered(table.headers) or recognise(table.headers)
            job_id = secrets.token_hex(8)
            unit.imports.add_job(
                ImportJob(job_id, name[:200], principal.name, now, table.headers, columns, False, J.UPLOADING)
            )
        for rows in _parts(StoredRow(number, cells) for number, cells in table.rows):
            with self._transactions.write() as unit:
                unit.imports.add_rows(job_id, rows)
        with self._transactions.write() as unit:
            unit.imports.set_state(job_id, J.UPLOADED, was=(J.UPLOADING,))
            counts = unit.imports.counts(job_id)
            unit.audit.append(
                now, principal.name, "上传导入文件", job_id, {"file": name[:200], "rows": sum(counts.values())}
            )
        return self.view(job_id, principal)

    def view(self, job_id: str, principal: Principal, first: int = PREVIEW) -> ImportView:
        """The job as it stands; raises NotFoundError."""
        _check(principal)
        with self._transactions.read() as unit:
            job = unit.imports.job(job_id)
            if job is None:
                raise NotFoundError("没有这次导入", f"没有编号为 {job_id[:40]} 的导入。", "请重新上传文件。")
            return ImportView(job, unit.imports.counts(job_id), unit.imports.rows(job_id, 0, first))

    def recent(self, principal: Principal) -> tuple[ImportJob, ...]:
        """The newest jobs."""
        _check(principal)
        with self._transactions.read() as unit:
            return unit.imports.jobs(10)

    def check(self, job_id: str, mapping: Mapping[ImportField, int], principal: Principal) -> ImportView:
        """Confirm the columns and check every row against them; may be repeated until the import starts."""
        job = self.view(job_id, principal, 0).job
        _check_mapping(mapping, job)
        with self._transactions.write() as unit:
            if not unit.imports.set_state(job_id, J.UPLOADED, was=(J.UPLOADED, J.CHECKED)):
                raise ConflictError(
                    "导入已经开始", f"这次导入{job.state.value}，不能再改列。", "请看进度，或重新上传文件。"
                )
            unit.imports.set_mapping(job_id, mapping)
        after, seen = 0, dict[str, int]()
        while True:
            with self._transactions.write() as unit:
                rows = unit.imports.rows(job_id, after, CHUNK)
                judged = [self._judge(row, mapping, seen) for row in rows]
                known = unit.imports.known(row.external for row in judged if row.state is R.GOOD)
                judged = [
                    replace(row, state=R.KNOWN, ticket_number=known[row.external])
                    if row.state is R.GOOD and row.external in known
                    else row
                    for row in judged
                ]
                unit.imports.settle(job_id, judged, keep=True)
            if len(rows) < CHUNK:
                break
            after = rows[-1].number
        with self._transactions.write() as unit:
            unit.imports.set_state(job_id, J.CHECKED, was=(J.UPLOADED,))
        return self.view(job_id, principal)

    def _judge(self, row: StoredRow, mapping: Mapping[ImportField, int], seen: dict[str, int]) -> StoredRow:
        read, problems = read_row(row.cells, mapping, self._clock())
        if read is None:
            return replace(row, state=R.BROKEN, external="", problem="".join(p.message for p in problems))
        first = seen.setdefault(read.external, row.number)
        if first != row.number:
            told = f"外部工单编号与第 {first} 行重复。请核对，同一编号只留一行。"
            return replace(row, state=R.BROKEN, external=read.external, problem=told)
        return replace(row, state=R.GOOD, external=read.external, problem="", ticket_number="")

    def start(self, job_id: str, principal: Principal, *, dispatch: bool = False) -> ImportView:
        """Begin; ``dispatch`` sends sure proposals to their unit, else every ticket waits to be dispatched."""
        job = self.view(job_id, principal, 0).job
        with self._transactions.write() as unit:
            if not unit.imports.set_state(job_id, J.RUNNING, was=(J.CHECKED,), dispatch=dispatch):
                raise ConflictError("不能开始导入", f"这次导入的状态是“{job.state.value}”。", "请先核对列，再开始。")
            content: dict[str, JsonValue] = {"file": job.file_name, "dispatch": dispatch}
            unit.audit.append(self._clock(), principal.name, "开始导入", job_id, content)
        return self.view(job_id, principal)

    def work(self, now: datetime) -> int:
        """Import the next rows of a running job; returns how many, 0 when nothing waits."""
        with self._transactions.write() as unit:
            job = unit.imports.claim(now, now + LEASE)
            if job is None:
                return 0
            rows = unit.imports.rows(job.job_id, 0, STEP, (R.GOOD,))
        person = Principal(job.created_by, Role.MANAGER)
        done = [self._one(row, job, person) for row in rows]
        with self._transactions.write() as unit:
            unit.imports.settle(job.job_id, [row for row in done if row.state is R.BROKEN], keep=True)
            unit.imports.settle(job.job_id, [row for row in done if row.state is not R.BROKEN], keep=False)
            unit.imports.release(job.job_id)
            if not rows:
                unit.imports.finish(job.job_id, self._clock())
                counts = {state.value: count for state, count in unit.imports.counts(job.job_id).items()}
                unit.audit.append(self._clock(), job.created_by, "完成导入", job.job_id, {**counts})
        return len(rows)

    def _one(self, row: StoredRow, job: ImportJob, person: Principal) -> StoredRow:
        """One row, in a transaction of its own; a killed process finds its ticket again by the external number."""
        now = self._clock()
        read, problems = read_row(row.cells, job.mapping, now)
        if read is None:
            return replace(row, state=R.BROKEN, problem="".join(p.message for p in problems))
        with self._transactions.read() as unit:
            known = unit.imports.known((read.external,)).get(read.external, "")
        if known:  # this very job made it before it was killed: nobody else had it when the rows were checked
            return replace(row, state=R.DONE, ticket_number=known)
        self._recommender.next_row()
        try:
            saved = self._register(new_ticket(read, self._recommender, dispatch=job.dispatch), person, "", now)
        except NotReadyError:
            raise  # the database or the model is away: the row waits
        except ConflictError as error:  # another process was faster
            return replace(row, state=R.KNOWN, problem=str(error))
        except DeskError as error:
            return replace(row, state=R.BROKEN, problem=str(error))
        except Exception as error:  # one row that breaks the model stops no other; the log has the whole story
            _LOG.exception("import %s row %s", job.job_id, row.number)
            return replace(row, state=R.BROKEN, problem=f"登记时出错（{type(error).__name__}）。请手工登记这一件。")
        return replace(row, state=R.JOINED if saved.joined else R.DONE, ticket_number=saved.ticket.number)

    def report(self, job_id: str, principal: Principal) -> bytes:
        """Every row that did not become a ticket of its own: where, why, what to do, and its cells; recorded."""
        job = self.view(job_id, principal, 0).job
        with self._transactions.write() as unit:
            unit.audit.append(self._clock(), principal.name, "导出导入问题", job_id, {"file": job.file_name})
        return self._write_report(("行号", "结果", "原因与处理办法", "工单编号", *job.headers), self._told(job_id))

    def _told(self, job_id: str) -> Iterator[Sequence[str]]:
        after = 0
        while True:
            with self._transactions.read() as unit:
                rows = unit.imports.rows(job_id, after, CHUNK, (R.BROKEN, R.KNOWN, R.JOINED))
            for row in rows:
                told = row.problem or _REMEDY.get(row.state, "")
                yield (str(row.number), row.state.value, told, row.ticket_number, *row.cells)
            if len(rows) < CHUNK:
                return
            after = rows[-1].number


_REMEDY = {R.KNOWN: "该编号此前已导入，没有重复建单。无须处理。", R.JOINED: "与在办工单是同一件事，已并入。无须处理。"}


def _check(principal: Principal) -> None:
    if not principal.may(Permission.IMPORT):
        raise ForbiddenError("不能导入工单", "您的角色没有“导入工单”的权限。", "请由专线管理导入。")


def _check_mapping(mapping: Mapping[ImportField, int], job: ImportJob) -> None:
    problems = [FieldProblem(f.value, f"请选“{f.value}”在哪一列。") for f in REQUIRED if f not in mapping]
    columns = [*mapping.values()]
    twice = {column for column in columns if columns.count(column) > 1}
    problems += [FieldProblem(f.value, f"“{f.value}”与别的栏选了同一列。") for f, c in mapping.items() if c in twice]
    wrong = [f for f, c in mapping.items() if not 0 <= c < len(job.headers)]
    problems += [FieldProblem(f.value, f"文件里没有“{f.value}”所选的列。") for f in wrong]
    if problems:
        raise invalid(tuple(problems), "没有导入任何工单。")


def _parts(rows: Iterator[StoredRow]) -> Iterator[list[StoredRow]]:
    part: list[StoredRow] = []
    for row in rows:
        part.append(row)
        if len(part) == CHUNK:
            yield part
            part = []
    yield part
