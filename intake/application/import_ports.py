"""What imports need from storage and from the reader of spreadsheets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from intake.domain.import_rows import ImportField


class JobState(StrEnum):
    """What is going on with an uploaded file; values are shown."""

    UPLOADING = "上传中"
    UPLOADED = "待核对列"
    CHECKED = "已核对，待导入"
    RUNNING = "导入中"
    DONE = "已完成"


class RowState(StrEnum):
    """What became of a row; values are shown."""

    READ = "待核对"
    GOOD = "可导入"
    BROKEN = "有误"
    KNOWN = "此前已导入，跳过"
    DONE = "已导入"
    JOINED = "并入原工单"


@dataclass(frozen=True, slots=True)
class ImportJob:
    """One uploaded file; ``dispatch``: sure proposals are dispatched, else every row waits for a person."""

    job_id: str
    file_name: str
    created_by: str
    created_at: datetime
    headers: tuple[str, ...]
    mapping: Mapping[ImportField, int]
    dispatch: bool
    state: JobState


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One row of a file as it stands."""

    number: int
    cells: tuple[str, ...]
    state: RowState = RowState.READ
    external: str = ""
    ticket_number: str = ""
    problem: str = ""


class ImportRepository(Protocol):
    """Jobs and rows, in the running transaction."""

    def add_job(self, job: ImportJob) -> None: ...
    def add_rows(self, job_id: str, rows: Sequence[StoredRow]) -> None: ...
    def job(self, job_id: str) -> ImportJob | None: ...
    def jobs(self, limit: int) -> tuple[ImportJob, ...]:
        """The newest, newest first."""

    def remembered(self, headers: Sequence[str]) -> Mapping[ImportField, int] | None:
        """The columns that were confirmed last for a file with these headers."""

    def set_mapping(self, job_id: str, mapping: Mapping[ImportField, int]) -> None: ...
    def set_state(self, job_id: str, state: JobState, *, was: Sequence[JobState], dispatch: bool | None = None) -> bool:
        """Move a job; False when it is in none of the states ``was``."""

    def rows(self, job_id: str, after: int, limit: int, states: Sequence[RowState] = ()) -> tuple[StoredRow, ...]: ...
    def settle(self, job_id: str, rows: Sequence[StoredRow], *, keep: bool) -> None:
        """Write what became of rows; without ``keep`` their cells are emptied."""

    def counts(self, job_id: str) -> dict[RowState, int]: ...
    def known(self, externals: Iterable[str]) -> dict[str, str]:
        """Ticket numbers of external numbers that have one."""

    def claim(self, now: datetime, until: datetime) -> ImportJob | None:
        """A running job that no other process works on, reserved until then."""

    def release(self, job_id: str) -> None:
        """Let any process take the job again."""

    def finish(self, job_id: str, at: datetime) -> None: ...
    def forget(self, before: datetime) -> None:
        """Delete jobs from before then."""


class TableReader(Protocol):
    """Reads an uploaded file."""

    def __call__(self, name: str, content: bytes) -> "ReadTable":
        """Raises InvalidInputError that says what to do."""


class ReadTable(Protocol):
    """Headers and numbered rows."""

    @property
    def headers(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]: ...


class ReportWriter(Protocol):
    """Makes the error report."""

    def __call__(self, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes: ...
