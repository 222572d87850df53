"""Accounts, sessions, tokens and failed logins in the database."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from intake.application.ports import Account, ApiToken, LoginTally
from intake.domain.access import Role, Scope
from intake.storage.models import AccountRow, LoginTallyRow, SessionRow, TokenRow

_FORGET_TALLIES = timedelta(days=1)


class SqlAccounts:
    """``AccountRepository`` over one running transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, account: Account, at: datetime) -> None:
        """Write a new account."""
        self._session.add(
            AccountRow(
                name=account.name,
                role=account.role.value,
                unit_code=account.unit_code,
                password_hash=account.password_hash,
                active=account.active,
                created_at=at,
            )
        )
        self._session.flush()

    def get(self, name: str) -> Account | None:
        """The account of this name."""
        row = self._session.get(AccountRow, name)
        return _account(row) if row else None

    def has_role(self, role: Role) -> bool:
        """Whether an open account has this role."""
        statement = select(AccountRow.name).where(AccountRow.role == role.value, AccountRow.active).limit(1)
        return self._session.scalars(statement).first() is not None

    def set_password(self, name: str, password_hash: str) -> None:
        """Replace the password and end every session of this account."""
        self._session.execute(update(AccountRow).where(AccountRow.name == name).values(password_hash=password_hash))
        self._session.execute(delete(SessionRow).where(SessionRow.account_name == name))

    def open_session(self, token_hash: str, name: str, at: datetime, expires_at: datetime) -> None:
        """Write a session and sweep out those that are over."""
        self._session.execute(delete(SessionRow).where(SessionRow.expires_at <= at))
        self._session.add(SessionRow(token_hash=token_hash, account_name=name, created_at=at, expires_at=expires_at))
        self._session.flush()

    def session_account(self, token_hash: str, now: datetime) -> Account | None:
        """The account of a session that is not over at ``now``."""
        statement = (
            select(AccountRow)
            .join(SessionRow, SessionRow.account_name == AccountRow.name)
            .where(SessionRow.token_hash == token_hash, SessionRow.expires_at > now)
        )
        row = self._session.scalars(statement).one_or_none()
        return _account(row) if row else None

    def close_session(self, token_hash: str) -> None:
        """Delete a session."""
        self._session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))

    def add_token(self, token_hash: str, token: ApiToken, at: datetime) -> None:
        """Write a new token."""
        scopes = sorted(scope.value for scope in token.scopes)
        row = TokenRow(token_hash=token_hash, name=token.name, scopes=[*scopes], active=token.active, created_at=at)
        self._session.add(row)
        self._session.flush()

    def token(self, token_hash: str) -> ApiToken | None:
        """The token of this hash."""
        row = self._session.get(TokenRow, token_hash)
        if row is None:
            return None
        scopes = row.scopes if isinstance(row.scopes, list) else []
        return ApiToken(row.name, frozenset(Scope(str(scope)) for scope in scopes), row.active)

    def tally(self, name: str) -> LoginTally:
        """Failed logins of this name; none when nothing is written."""
        row = self._session.get(LoginTallyRow, name)
        return LoginTally(row.failures, row.locked_until) if row else LoginTally(0, None)

    def set_tally(self, name: str, tally: LoginTally, at: datetime) -> None:
        """Write the failed logins of this name; names nobody tried for a day are forgotten."""
        self._session.execute(delete(LoginTallyRow).where(LoginTallyRow.updated_at < at - _FORGET_TALLIES))
        row = LoginTallyRow(name=name, failures=tally.failures, locked_until=tally.locked_until, updated_at=at)
        self._session.merge(row)
        self._session.flush()

    def clear_tally(self, name: str) -> None:
        """Forget the failed logins of this name."""
        self._session.execute(delete(LoginTallyRow).where(LoginTallyRow.name == name))


def _account(row: AccountRow) -> Account:
    return Account(row.name, Role(row.role), row.unit_code, row.password_hash, row.active)
