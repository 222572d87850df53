"""The one place where the desk is put together: settings in, services out."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from intake.application.accounts import Accounts
from intake.application.anchoring import Anchoring
from intake.application.answers import Answers
from intake.application.document_exchange import DocumentExchange
from intake.application.documents import Documents
from intake.application.drafts import Drafts
from intake.application.forms import FormPage, Forms
from intake.application.gaps import Gaps
from intake.application.handle import Handle
from intake.application.import_ticket import OncePerRow
from intake.application.imports import Imports
from intake.application.incoming import IncomingCalls
from intake.application.knowledge_health import KnowledgeHealth
from intake.application.learning import Learning
from intake.application.overdue import Recompute, Sweep
from intake.application.places import Places
from intake.application.ports import Directory
from intake.application.queries import TicketQueries
from intake.application.rebuilding import Rebuilding
from intake.application.register import Register
from intake.application.second_opinion import SecondOpinions
from intake.application.services import Check, Desk, LazyDesk, Services
from intake.application.speech_port import Speech
from intake.application.suggest import Suggest
from intake.application.watch_files import WatchFiles
from intake.application.worklists import Worklists
from intake.domain.errors import NotReadyError
from intake.settings import Settings
from intake.spreadsheet import read_table, report_xlsx
from intake.storage.engine import open_engine
from intake.storage.migrate import migrate
from intake.storage.unit_of_work import SqlTransactions
from intake.town_directory import LazyTown
from intake.webhook import Webhook

DEMO_MARK = "demo.json"

__all__ = ["Services", "open_services", "utc_now"]


def utc_now() -> datetime:
    """The clock of the running desk."""
    return datetime.now(UTC)


def open_services(
    settings: Settings,
    open_desk: Callable[[], Desk] | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Services:
    """Open the database (migrating it) and wire the services; ``open_desk`` replaces the router in tests."""
    engine = _open_database(settings)
    transactions = SqlTransactions(engine)
    desk = LazyDesk(open_desk or (lambda: _open_router_desk(settings, transactions)))
    town: Directory = desk if open_desk else LazyTown(settings.town)
    queries = TicketQueries(transactions, town)
    once = OncePerRow(desk)
    documents = Documents(transactions, desk.knowledge_base, clock)
    return Services(
        clock=clock,
        desk=desk,
        transactions=transactions,
        suggest=Suggest(desk, desk),
        save=Register(transactions, desk, desk),
        handle=Handle(transactions, town),
        worklists=Worklists(transactions, town),
        terms=town.terms,
        sweep=Sweep(transactions, town, _sender(settings)),
        recompute=Recompute(transactions, town),
        anchoring=Anchoring(
            transactions, settings.anchor_folder, settings.anchor_secret, webhook=bool(settings.webhook_url)
        ),
        watch_files=WatchFiles(transactions, settings.watched),
        tickets=queries,
        calls=IncomingCalls(transactions, queries),
        calls_secret=settings.calls_secret,
        imports=Imports(transactions, Register(transactions, once, desk), once, read_table, report_xlsx, clock),
        accounts=Accounts(transactions, clock),
        drafts=Drafts(transactions, clock),
        learning=Learning(transactions, desk.trainer, clock),
        rebuilding=Rebuilding(transactions, desk.knowledge_base, clock),
        places=Places(transactions, desk.gazetteer, clock),
        documents=documents,
        exchange=DocumentExchange(transactions, documents, desk.knowledge_base, desk, clock),
        gaps=Gaps(transactions, desk, documents, lambda: desk.knowledge_base().embedder(), clock),
        health=KnowledgeHealth(transactions, desk.knowledge_base, desk, clock),
        answers=Answers(transactions, clock),
        second_opinion=_second_opinion(settings, transactions, desk, clock),
        forms=Forms(transactions, queries, town, _write_forms, clock, "演示数据" if is_demo(settings.var) else ""),
        demo=is_demo(settings.var),
        speech=_open_speech(settings, clock),
        check_database=lambda: _database_check(engine),
        close_database=engine.dispose,
    )


def _second_opinion(
    settings: Settings, transactions: SqlTransactions, desk: LazyDesk, clock: Callable[[], datetime]
) -> SecondOpinions:
    llm = settings.llm
    return SecondOpinions(
        llm.mode,
        llm.problem,
        llm.endpoint,
        llm.limits,
        llm.budget,
        transactions,
        desk,
        lambda: desk.get().briefs,
        clock,
        draft=llm.draft == "写",
        settle=llm.settle,
    )


def is_demo(state: Path) -> bool:
    """Whether this state folder holds a demonstration (``hotline demo``)."""
    return (state / DEMO_MARK).exists()


def _write_forms(pages: Sequence[FormPage]) -> bytes:
    from intake.form_docx import forms_docx  # python-docx loads at the first form

    return forms_docx(pages)


def _open_speech(settings: Settings, clock: Callable[[], datetime]) -> Speech | None:
    if settings.speech_model is None and not settings.speech_url:
        return None
    from intake.speech.open import open_speech  # numpy; the recogniser itself loads when somebody speaks

    return open_speech(settings, clock)


def _sender(settings: Settings) -> Webhook | None:
    return Webhook(settings.webhook_url, settings.webhook_secret) if settings.webhook_url else None


def _open_database(settings: Settings) -> Engine:
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
        engine = open_engine(settings.database)
        migrate(engine)
    except (OSError, SQLAlchemyError) as error:
        reason = str(getattr(error, "orig", None) or error).strip()
        raise NotReadyError(
            "数据库打不开",
            f"{reason}。",
            "请检查 HOTLINE_VAR、HOTLINE_DATABASE_URL 与磁盘权限后重新启动；原有数据未改动。",
        ) from error
    return engine


def _open_router_desk(settings: Settings, transactions: SqlTransactions) -> Desk:
    from intake.router_desk import open_router_desk  # heavy: model, index

    return open_router_desk(settings, transactions)


def _database_check(engine: Engine) -> Check:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT number FROM tickets LIMIT 1"))
    except SQLAlchemyError as error:
        return Check("数据库", False, f"数据库读不到（{type(error).__name__}）。请检查 HOTLINE_DATABASE_URL 与磁盘。")
    return Check("数据库", True)
