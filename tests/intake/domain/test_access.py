"""Roles and scopes: each may do what the table says and nothing else."""

import pytest

from intake.domain.access import ROLE_PERMISSIONS, SCOPE_PERMISSIONS, Permission, Principal, Role, Scope


def test_every_role_and_scope_has_a_line() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert set(SCOPE_PERMISSIONS) == set(Scope)


@pytest.mark.parametrize(
    ("role", "may_save", "may_see_phone"),
    [
        (Role.OPERATOR, True, True),
        (Role.MANAGER, True, True),
        (Role.UNIT, False, False),
        (Role.KNOWLEDGE, False, False),
        (Role.EVALUATOR, False, False),
        (Role.AUDITOR, False, False),
        (Role.ADMIN, True, True),
    ],
)
def test_who_may_save_and_who_sees_numbers(role: Role, may_save: bool, may_see_phone: bool) -> None:
    person = Principal("某人", role)
    assert person.may(Permission.TICKET_WRITE) is may_save
    assert person.may(Permission.PHONE_READ) is may_see_phone


def test_scopes_add_up_and_admin_may_all() -> None:
    both = Principal("token:x", scopes=frozenset({Scope.READ, Scope.SUGGEST}))
    assert both.permissions == {Permission.TICKET_READ, Permission.SUGGEST}
    assert Principal("token:y", scopes=frozenset({Scope.ADMIN})).permissions == set(Permission)
    assert Principal("nobody").permissions == frozenset()


def test_a_unit_sees_only_its_own() -> None:
    unit = Principal("执法队", Role.UNIT, "ZFD")
    assert unit.may_see("ZFD", ())
    assert unit.may_see("FGS", ("ZFD",))
    assert not unit.may_see("FGS", ("SQB",))
    assert not Principal("没写单位", Role.UNIT).may_see("", ())
