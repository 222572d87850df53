"""Import jobs and their rows in the database: written in bulk, worked on by one process at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from intake.application.import_ports import ImportJob, JobState, RowState, StoredRow
from intake.application.register import EXTERNAL
from intake.application.snapshot import digest
from intake.domain.import_rows import ImportField
from intake.storage.models import ImportJobRow, ImportRowRow, KeyRow

_AT_ONCE = 500  # SQLite takes so many variables in one statement safely


class SqlImports:
    """``ImportRepository`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_job(self, job: ImportJob) -> None:
        """See ``ImportRepository``."""
        self._session.add(
            ImportJobRow(
                id=job.job_id,
                file_name=job.file_name,
                created_by=job.created_by,
                created_at=job.created_at,
                headers=[*job.headers],
                headers_key=digest([*job.headers]),
                mapping={field.value: column for field, column in job.mapping.items()},
                dispatch=job.dispatch,
                state=job.state.value,
                lease_until=None,
                finished_at=None,
            )
        )
        self._session.flush()

    def add_rows(self, job_id: str, rows: Sequence[StoredRow]) -> None:
        """See ``ImportRepository``."""
        common = {"job_id": job_id, "external": "", "state": RowState.READ.value, "ticket_number": "", "problem": ""}
        values = [{**common, "row_number": row.number, "cells": [*row.cells]} for row in rows]
        if values:
            self._session.execute(insert(ImportRowRow), values)

    def job(self, job_id: str) -> ImportJob | None:
        """See ``ImportRepository``."""
        row = self._session.get(ImportJobRow, job_id)
        return _job(row) if row else None

    def jobs(self, limit: int) -> tuple[ImportJob, ...]:
        """See ``ImportRepository``."""
        statement = select(ImportJobRow).order_by(ImportJobRow.created_at.desc()).limit(limit)
        return tuple(_job(row) for row in self._session.scalars(statement))

    def remembered(self, headers: Sequence[str]) -> Mapping[ImportField, int] | None:
        """See ``ImportRepository``."""
        confirmed = ImportJobRow.state.in_([JobState.CHECKED.value, JobState.RUNNING.value, JobState.DONE.value])
        same = select(ImportJobRow).where(ImportJobRow.headers_key == digest([*headers]), confirmed)
        row = self._session.scalars(same.order_by(ImportJobRow.created_at.desc()).limit(1)).first()
        return _job(row).mapping if row else None

    def set_mapping(self, job_id: str, mapping: Mapping[ImportField, int]) -> None:
        """See ``ImportRepository``."""
        named = {field.value: column for field, column in mapping.items()}
        self._session.execute(update(ImportJobRow).where(ImportJobRow.id == job_id).values(mapping=named))

    def set_state(self, job_id: str, state: JobState, *, was: Sequence[JobState], dispatch: bool | None = None) -> bool:
        """See ``ImportRepository``."""
        values: dict[str, object] = {"state": state.value} | ({} if dispatch is None else {"dispatch": dispatch})
        where = (ImportJobRow.id == job_id) & ImportJobRow.state.in_([known.value for known in was])
        statement = update(ImportJobRow).where(where).values(**values).returning(ImportJobRow.id)
        return self._session.execute(statement).scalar_one_or_none() is not None

    def rows(self, job_id: str, after: int, limit: int, states: Sequence[RowState] = ()) -> tuple[StoredRow, ...]:
        """See ``ImportRepository``."""
        statement = select(ImportRowRow).where(ImportRowRow.job_id == job_id, ImportRowRow.row_number > after)
        if states:
            statement = statement.where(ImportRowRow.state.in_([state.value for state in states]))
        found = self._session.scalars(statement.order_by(ImportRowRow.row_number).limit(limit))
        return tuple(
            StoredRow(
                row.row_number, _words(row.cells), RowState(row.state), row.external, row.ticket_number, row.problem
            )
            for row in found
        )

    def settle(self, job_id: str, rows: Sequence[StoredRow], *, keep: bool) -> None:
        """See ``ImportRepository``."""
        if not rows:
            return
        where = (ImportRowRow.job_id == bindparam("job")) & (ImportRowRow.row_number == bindparam("number"))
        names = ("state", "external", "ticket_number", "problem")
        change = update(ImportRowRow).where(where)
        change = change.values({name: bindparam(f"new_{name}") for name in names} | ({} if keep else {"cells": []}))
        values = [
            {
                "job": job_id,
                "number": row.number,
                "new_state": row.state.value,
                "new_external": row.external,
                "new_ticket_number": row.ticket_number,
                "new_problem": row.problem,
            }
            for row in rows
        ]
        self._session.connection().execute(change, values)

    def counts(self, job_id: str) -> dict[RowState, int]:
        """See ``ImportRepository``."""
        statement = select(ImportRowRow.state, func.count()).where(ImportRowRow.job_id == job_id)
        found = self._session.execute(statement.group_by(ImportRowRow.state)).all()
        return {RowState(state): count for state, count in found}

    def known(self, externals: Iterable[str]) -> dict[str, str]:
        """See ``ImportRepository``."""
        wanted, found = [*externals], {}
        for first in range(0, len(wanted), _AT_ONCE):
            part = wanted[first : first + _AT_ONCE]
            statement = select(KeyRow.key, KeyRow.ticket_number).where(KeyRow.actor == EXTERNAL, KeyRow.key.in_(part))
            found.update({key: number for key, number in self._session.execute(statement)})  # noqa: C416 - typed rows
        return found

    def claim(self, now: datetime, until: datetime) -> ImportJob | None:
        """See ``ImportRepository``."""
        free = or_(ImportJobRow.lease_until.is_(None), ImportJobRow.lease_until <= now)
        statement = select(ImportJobRow).where(ImportJobRow.state == JobState.RUNNING.value, free)
        oldest = statement.order_by(ImportJobRow.created_at).limit(1).with_for_update(skip_locked=True)
        row = self._session.scalars(oldest).first()
        if row is None:
            return None
        row.lease_until = until
        self._session.flush()
        return _job(row)

    def release(self, job_id: str) -> None:
        """See ``ImportRepository``."""
        self._session.execute(update(ImportJobRow).where(ImportJobRow.id == job_id).values(lease_until=None))

    def finish(self, job_id: str, at: datetime) -> None:
        """See ``ImportRepository``."""
        values = {"state": JobState.DONE.value, "finished_at": at, "lease_until": None}
        self._session.execute(update(ImportJobRow).where(ImportJobRow.id == job_id).values(**values))

    def forget(self, before: datetime) -> None:
        """See ``ImportRepository``."""
        old = select(ImportJobRow.id).where(
            ImportJobRow.created_at < before, ImportJobRow.state != JobState.RUNNING.value
        )
        ids = [*self._session.scalars(old)]
        self._session.execute(delete(ImportRowRow).where(ImportRowRow.job_id.in_(ids)))
        self._session.execute(delete(ImportJobRow).where(ImportJobRow.id.in_(ids)))


def _job(row: ImportJobRow) -> ImportJob:
    mapping = row.mapping if isinstance(row.mapping, dict) else {}
    columns = {ImportField(name): column for name, column in mapping.items() if isinstance(column, int)}
    return ImportJob(
        row.id,
        row.file_name,
        row.created_by,
        row.created_at,
        _words(row.headers),
        columns,
        row.dispatch,
        JobState(row.state),
    )


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
