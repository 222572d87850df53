"""Who may do what: roles of people, scopes of systems, one table for both (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Roles of people; 系统管理 is the first administrator and keeps the accounts."""

    OPERATOR = "坐席"
    MANAGER = "专线管理"
    UNIT = "承办单位"
    KNOWLEDGE = "知识管理"
    EVALUATOR = "评测"
    AUDITOR = "审计"
    ADMIN = "系统管理"


class Scope(StrEnum):
    """Scopes of tokens for systems; ``admin`` may do all."""

    SUGGEST = "suggest"
    READ = "tickets:read"
    WRITE = "tickets:write"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that can be allowed."""

    SUGGEST = "请求建议"
    TICKET_WRITE = "登记工单"
    TICKET_READ = "查看全部工单"
    TICKET_READ_OWN = "查看本单位工单"
    PHONE_READ = "查看完整号码"
    AUDIT_READ = "查看审计记录"
    ACCOUNTS = "管理账号"
    MODEL = "训练与更换模型"
    EVALUATE = "评测"
    PLACES = "维护地名"
    IMPORT = "导入工单"
    KNOWLEDGE = "维护知识库"


_ALL = frozenset(Permission)
_DESK = frozenset({Permission.SUGGEST, Permission.TICKET_WRITE, Permission.TICKET_READ, Permission.PHONE_READ})
ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OPERATOR: _DESK,
    Role.MANAGER: _DESK
    | {Permission.AUDIT_READ, Permission.MODEL, Permission.EVALUATE, Permission.PLACES, Permission.IMPORT}
    | {Permission.KNOWLEDGE},
    # A unit sees the whole telephone only through the recorded look, while it is responsible.
    Role.UNIT: frozenset({Permission.TICKET_READ_OWN}),
    Role.KNOWLEDGE: frozenset({Permission.SUGGEST, Permission.PLACES, Permission.KNOWLEDGE}),
    # An evaluator sees neither names nor telephones: texts reach the evaluation concealed.
    Role.EVALUATOR: frozenset({Permission.SUGGEST, Permission.MODEL, Permission.EVALUATE}),
    Role.AUDITOR: frozenset({Permission.TICKET_READ, Permission.AUDIT_READ}),
    Role.ADMIN: _ALL,
}
SCOPE_PERMISSIONS: Mapping[Scope, frozenset[Permission]] = {
    Scope.SUGGEST: frozenset({Permission.SUGGEST}),
    Scope.READ: frozenset({Permission.TICKET_READ}),
    Scope.WRITE: frozenset({Permission.TICKET_WRITE, Permission.SUGGEST}),
    Scope.ADMIN: _ALL,
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts: a person with a role, or a system (``role`` None) with scopes. ``unit_code`` binds a unit's account."""

    name: str
    role: Role | None = None
    unit_code: str = ""
    scopes: frozenset[Scope] = frozenset()

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything that role and scopes allow together."""
        allowed = ROLE_PERMISSIONS[self.role] if self.role else frozenset[Permission]()
        return allowed.union(*(SCOPE_PERMISSIONS[scope] for scope in self.scopes))

    @property
    def acting_role(self) -> Role | None:
        """The role in the table of the lifecycle: a system acts as 系统管理 or 坐席, by its scopes."""
        if self.role is not None:
            return self.role
        if Scope.ADMIN in self.scopes:
            return Role.ADMIN
        return Role.OPERATOR if Scope.WRITE in self.scopes else None

    def may(self, permission: Permission) -> bool:
        """True when role or scopes allow it."""
        return permission in self.permissions

    def may_see(self, lead_code: str, support_codes: tuple[str, ...]) -> bool:
        """True when this person may open a ticket of these units: a unit sees only its own."""
        if self.may(Permission.TICKET_READ):
            return True
        own = self.may(Permission.TICKET_READ_OWN) and bool(self.unit_code)
        return own and (self.unit_code == lead_code or self.unit_code in support_codes)
