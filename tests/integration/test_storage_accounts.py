"""Accounts, sessions, tokens and the wait after wrong passwords, on real databases."""

import pytest

from intake.application.services import Services
from intake.domain.access import Permission, Role, Scope
from intake.domain.errors import ConflictError, InvalidInputError, LoginFailedError, ThrottledError
from tests.intake.fakes import SettableClock

pytestmark = pytest.mark.integration


def test_the_first_administrator_is_made_once(services: Services) -> None:
    services.accounts.add("admin", Role.OPERATOR)
    made = services.accounts.ensure_first_admin()
    assert made is not None
    assert services.accounts.ensure_first_admin() is None
    secret, person = services.accounts.log_in(made.name, made.password)
    assert person.role is Role.ADMIN
    assert services.accounts.by_session(secret) == person


def test_a_session_ends_after_twelve_hours_or_by_logout(services: Services, clock: SettableClock) -> None:
    password = services.accounts.add("坐席甲", Role.OPERATOR)
    first, _ = services.accounts.log_in("坐席甲", password)
    second, _ = services.accounts.log_in("坐席甲", password)
    services.accounts.log_out(first)
    assert services.accounts.by_session(first) is None
    clock.forward(hours=11, minutes=59)
    assert services.accounts.by_session(second) is not None
    clock.forward(minutes=1)
    assert services.accounts.by_session(second) is None
    assert services.accounts.by_session("猜的\ud800") is None


@pytest.mark.parametrize("name", ["坐席甲", "没有这个人"])
def test_five_wrong_passwords_make_a_name_wait(services: Services, clock: SettableClock, name: str) -> None:
    password = services.accounts.add("坐席甲", Role.OPERATOR)
    for _ in range(5):
        with pytest.raises(LoginFailedError):
            services.accounts.log_in(name, "错的密码")
    with pytest.raises(ThrottledError) as wait:
        services.accounts.log_in(name, password)
    assert wait.value.seconds == 60
    clock.forward(seconds=61)
    with pytest.raises(LoginFailedError):
        services.accounts.log_in(name, "还是错的")
    with pytest.raises(ThrottledError) as wait:
        services.accounts.log_in(name, password)
    assert wait.value.seconds == 120
    clock.forward(seconds=121)
    if name == "坐席甲":
        assert services.accounts.log_in(name, password)[1].name == name


def test_a_success_forgets_the_failures(services: Services) -> None:
    password = services.accounts.add("坐席甲", Role.OPERATOR)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(LoginFailedError):
                services.accounts.log_in("坐席甲", "错的密码")
        assert services.accounts.log_in("坐席甲", password)[1].role is Role.OPERATOR


def test_tokens_carry_their_scopes(services: Services) -> None:
    token = services.accounts.add_token("外部系统", frozenset({Scope.SUGGEST}))
    system = services.accounts.by_token(token)
    assert system is not None
    assert system.permissions == {Permission.SUGGEST}
    assert services.accounts.by_token(token + "x") is None
    with pytest.raises(InvalidInputError):
        services.accounts.add_token("空的", frozenset())


def test_bad_accounts_are_refused(services: Services) -> None:
    services.accounts.add("坐席甲", Role.OPERATOR)
    with pytest.raises(ConflictError):
        services.accounts.add("坐席甲", Role.OPERATOR)
    for name, role, unit, password in (
        ("", Role.OPERATOR, "", ""),
        ("执法队", Role.UNIT, "", ""),
        ("短密码", Role.OPERATOR, "", "123456"),
        ("token:x", Role.OPERATOR, "", ""),
    ):
        with pytest.raises(InvalidInputError):
            services.accounts.add(name, role, unit, password)
    services.accounts.add("执法队", Role.UNIT, "ZFD", "足够长的密码一二三四")
    assert services.accounts.log_in("执法队", "足够长的密码一二三四")[1].unit_code == "ZFD"


def test_no_secret_is_stored_in_clear(services: Services) -> None:
    password = services.accounts.add("坐席甲", Role.OPERATOR)
    secret, _ = services.accounts.log_in("坐席甲", password)
    token = services.accounts.add_token("外部系统", frozenset({Scope.READ}))
    with services.transactions.read() as unit:
        account = unit.accounts.get("坐席甲")
        assert account is not None
        assert account.password_hash.startswith("$argon2id$")
        assert unit.accounts.token(token) is None
        assert unit.accounts.session_account(secret, services.clock()) is None
