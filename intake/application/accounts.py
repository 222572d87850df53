"""Who may come in: passwords (argon2), sessions of 12 hours, tokens for systems, a wait after five wrong passwords."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.application.ports import Account, ApiToken, LoginTally, Transactions, UnitOfWork
from intake.domain.access import Principal, Role, Scope
from intake.domain.call import clean_text
from intake.domain.errors import ConflictError, FieldProblem, LoginFailedError, ThrottledError, invalid

SESSION_LIFE = timedelta(hours=12)
FREE_FAILURES = 5
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
MIN_PASSWORD = 10
MAX_PASSWORD = 200
MAX_NAME = 50
FIRST_ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """The administrator that was just made; the password is known nowhere else."""

    name: str
    password: str


class Accounts:
    """Accounts, sessions and tokens; secrets leave this class once, in clear, and are stored as hashes."""

    def __init__(self, transactions: Transactions, clock: Callable[[], datetime]) -> None:
        self._transactions = transactions
        self._clock = clock

    def ensure_first_admin(self) -> FirstAdmin | None:
        """Make an administrator when there is none; its password is returned once and kept as a hash only."""
        with self._transactions.read() as unit:
            if unit.accounts.has_role(Role.ADMIN):
                return None
        password = secrets.token_urlsafe(12)
        hashed, now = _hash(password), self._clock()
        with self._transactions.write() as unit:
            if unit.accounts.has_role(Role.ADMIN):
                return None  # another process was first
            taken = unit.accounts.get(FIRST_ADMIN) is not None
            name = f"{FIRST_ADMIN}-{secrets.token_hex(3)}" if taken else FIRST_ADMIN
            unit.accounts.add(Account(name, Role.ADMIN, "", hashed, True), now)
            unit.audit.append(now, "系统", "建立账号", name, {"role": Role.ADMIN.value})
        return FirstAdmin(name, password)

    def add(self, name: str, role: Role, unit_code: str = "", password: str = "", actor: str = "系统") -> str:
        """Make an account and return its password (random when none is given); refuses bad and taken names."""
        name = clean_text(name)
        _check_account(name, role, unit_code, password)
        password = password or secrets.token_urlsafe(12)
        account, now = Account(name, role, unit_code, _hash(password), True), self._clock()
        with self._transactions.write() as unit:
            if unit.accounts.get(name) is not None:
                raise ConflictError("账号已存在", f"已有名为“{name}”的账号，没有改动它。", "请换一个名字。")
            unit.accounts.add(account, now)
            unit.audit.append(now, actor, "建立账号", name, {"role": role.value, "unit": unit_code})
        return password

    def log_in(self, name: str, password: str) -> tuple[str, Principal]:
        """Return a new session secret and its person; raises LoginFailedError or ThrottledError."""
        name, now = clean_text(name)[:MAX_NAME], self._clock()
        with self._transactions.read() as unit:
            tally, account = unit.accounts.tally(name), unit.accounts.get(name)
        if tally.locked_until is not None and now < tally.locked_until:
            raise _wait(tally.locked_until, now)
        stored = account.password_hash if account else _nobody()
        correct = _verify(stored, password[:MAX_PASSWORD])
        if not correct or account is None or not account.active:
            self._note_failure(name, now)
            raise LoginFailedError("登录失败", "用户名或密码不对。", "请核对后再试；忘记密码请找系统管理员。")
        secret = secrets.token_urlsafe(32)
        with self._transactions.write() as unit:
            unit.accounts.clear_tally(name)
            unit.accounts.open_session(fingerprint(secret), name, now, now + SESSION_LIFE)
            unit.audit.append(now, name, "登录", name, {})
        return secret, _person(account)

    def log_out(self, secret: str) -> None:
        """Close the session; an unknown one is no error."""
        now = self._clock()
        with self._transactions.write() as unit:
            account = unit.accounts.session_account(fingerprint(secret), now)
            unit.accounts.close_session(fingerprint(secret))
            if account is not None:
                unit.audit.append(now, account.name, "退出", account.name, {})

    def by_session(self, secret: str) -> Principal | None:
        """The person of a live session, None when it is unknown, closed or older than 12 hours."""
        with self._transactions.read() as unit:
            account = unit.accounts.session_account(fingerprint(secret), self._clock())
        return _person(account) if account and account.active else None

    def by_token(self, secret: str) -> Principal | None:
        """The system of a token, None when it is unknown or withdrawn."""
        with self._transactions.read() as unit:
            token = unit.accounts.token(fingerprint(secret))
        return Principal(f"token:{token.name}", scopes=token.scopes) if token and token.active else None

    def add_token(self, name: str, scopes: frozenset[Scope], actor: str = "系统") -> str:
        """Make a token and return it, once; raises InvalidInputError."""
        name = clean_text(name)
        if not name or len(name) > MAX_NAME:
            raise invalid((FieldProblem("name", f"名称须为 1～{MAX_NAME} 个字符。"),), "")
        if not scopes:
            raise invalid((FieldProblem("scope", "令牌至少要有一个权限范围。"),), "")
        secret, now = f"hl_{secrets.token_urlsafe(32)}", self._clock()
        with self._transactions.write() as unit:
            unit.accounts.add_token(fingerprint(secret), ApiToken(name, scopes, True), now)
            unit.audit.append(now, actor, "发放令牌", name, {"scopes": [*sorted(scope.value for scope in scopes)]})
        return secret

    def _note_failure(self, name: str, now: datetime) -> None:
        with self._transactions.write() as unit:
            _count_failure(unit, name, now)


def fingerprint(secret: str) -> str:
    """SHA-256 (hex) under which a random session or token secret is stored."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _count_failure(unit: UnitOfWork, name: str, now: datetime) -> None:
    failures = unit.accounts.tally(name).failures + 1
    locked_until = None
    if failures >= FREE_FAILURES:
        locked_until = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - FREE_FAILURES, 10))
        unit.audit.append(now, "系统", "登录锁定", fingerprint(name)[:16], {"failures": failures})
    unit.accounts.set_tally(name, LoginTally(failures, locked_until), now)


def _wait(until: datetime, now: datetime) -> ThrottledError:
    seconds = max(1, round((until - now).total_seconds()))
    detail = f"这个用户名连续输错密码，请 {seconds} 秒后再试。"
    return ThrottledError("登录尝试过多", detail, "忘记密码请找系统管理员。", seconds)


def _person(account: Account) -> Principal:
    return Principal(account.name, account.role, account.unit_code)


def _check_account(name: str, role: Role, unit_code: str, password: str) -> None:
    problems = []
    if not name or len(name) > MAX_NAME or name.startswith("token:"):
        problems.append(FieldProblem("name", f"用户名须为 1～{MAX_NAME} 个字符。"))
    if role is Role.UNIT and not unit_code:
        problems.append(FieldProblem("unit", "承办单位的账号要写明单位代码。"))
    if password and not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        problems.append(FieldProblem("password", f"密码须为 {MIN_PASSWORD}～{MAX_PASSWORD} 个字符。"))
    if problems:
        raise invalid(tuple(problems), "没有建立账号。")


def _hash(password: str) -> str:
    from argon2 import PasswordHasher  # only where a password is used: the command line starts without it

    return PasswordHasher().hash(password)


def _nobody() -> str:
    """A hash that no password fits, so that an unknown name takes as long as a known one."""
    if not _NOBODY:
        _NOBODY.append(_hash(secrets.token_urlsafe(32)))
    return _NOBODY[0]


_NOBODY: list[str] = []


def _verify(stored: str, password: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import VerifyMismatchError

    try:
        return PasswordHasher().verify(stored, password)
    except VerifyMismatchError:
        return False
