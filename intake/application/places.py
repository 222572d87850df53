"""The town's place names on screen: list, add, close; checked with the whole pack, in use at once, on record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from intake.application.ports import Gazetteer, JsonValue, Transactions
from intake.domain.access import Permission, Principal
from intake.domain.errors import ForbiddenError, InvalidInputError, NotFoundError
from intake.domain.ticket import SHANGHAI
from routing.taxonomy import Alias, AliasKind, Validity

KINDS = {
    AliasKind.ESTATE: "小区",
    AliasKind.ROAD: "道路",
    AliasKind.COMMUNITY: "居村委俗称",
    AliasKind.STREET: "外街镇",
    AliasKind.DISTRICT: "外区",
    AliasKind.UNCLEAR: "含义不明，需追问",
}


@dataclass(frozen=True, slots=True)
class NewPlace:
    """What was typed: ``kind`` and ``area`` as shown (Chinese name or code), house numbers as ``1-99`` or empty."""

    name: str
    kind: str
    area: str = ""
    street: str = ""
    numbers: str = ""
    note: str = ""
    bare: bool = True


class Places:
    """What the page 地名 and the API offer."""

    def __init__(
        self, transactions: Transactions, gazetteer: Callable[[], Gazetteer], clock: Callable[[], datetime]
    ) -> None:
        self._transactions = transactions
        self._gazetteer = gazetteer
        self._clock = clock

    def names(self, principal: Principal, words: str = "") -> tuple[Alias, ...]:
        """Names in force today that contain ``words``, by name."""
        _check(principal)
        found = self._gazetteer().names(self._today())
        return tuple(sorted((a for a in found if words.strip() in a.name), key=lambda a: (a.name, a.code, a.numbers)))

    def areas(self, principal: Principal) -> tuple[tuple[str, str], ...]:
        """Code and name of the town's 居村委."""
        _check(principal)
        return self._gazetteer().areas(self._today())

    def add(self, principal: Principal, place: NewPlace) -> Alias:
        """Add a name from today on; raises InvalidInputError with what is wrong, nothing is changed then."""
        _check(principal)
        alias = self._alias(place)
        self._change(principal, "新增地名", alias, lambda: self._gazetteer().add(alias))
        return alias

    def close(self, principal: Principal, name: str, code: str, numbers: str, last_day: date) -> None:
        """Let a name end with ``last_day``; raises NotFoundError or InvalidInputError."""
        _check(principal)
        span = _span(numbers)
        for alias in self._gazetteer().names(self._today()):
            if (alias.name, alias.code) == (name.strip(), code.strip()) and span in (alias.numbers, (0, 0)):
                self._change(principal, "停用地名", alias, lambda a=alias: self._gazetteer().close(a, last_day))  # type: ignore[misc]
                return
        raise NotFoundError("没有这个地名", f"没有找到在用的“{name}”。", "请从列表中选择后再停用。")

    def _today(self) -> date:
        return self._clock().astimezone(SHANGHAI).date()

    def _alias(self, place: NewPlace) -> Alias:
        name = "".join(place.name.split())
        if not 2 <= len(name) <= 30:
            raise InvalidInputError("地名没有保存", "地名应为 2 到 30 个字。", "请改好后重新保存。")
        kind = next((k for k, shown in KINDS.items() if place.kind in (shown, k.value)), None)
        if kind is None:
            raise InvalidInputError(
                "地名没有保存", f"没有“{place.kind}”这一类。", f"可选：{'、'.join(KINDS.values())}。"
            )
        codes = {key: code for code, shown in self._gazetteer().areas(self._today()) for key in (code, shown)}
        code = codes.get(place.area.strip(), "")
        if place.area.strip() and not code:
            raise InvalidInputError("地名没有保存", f"没有居村委“{place.area}”。", "请从列表中选择。")
        if kind in (AliasKind.ESTATE, AliasKind.ROAD, AliasKind.COMMUNITY) and not (code or place.street.strip()):
            raise InvalidInputError("地名没有保存", "没有说明这个地方归谁。", "请选择居村委；在外街镇的请填街镇名称。")
        valid = Validity(self._today())
        return Alias(
            name, kind, place.street.strip(), code, place.bare, place.note.strip(), valid, _span(place.numbers)
        )

    def _change(self, principal: Principal, action: str, alias: Alias, do: Callable[[], None]) -> None:
        try:
            do()
        except ValueError as error:
            raise InvalidInputError("地名没有保存", str(error), "原有地名不变，请改好后重新保存。") from error
        content: dict[str, JsonValue] = {
            "kind": alias.kind.value,
            "area": alias.code,
            "street": alias.street,
            "numbers": list(alias.numbers),
            "note": alias.note,
        }
        with self._transactions.write() as unit:
            unit.audit.append(self._clock(), principal.name, action, alias.name, content)


def _span(text: str) -> tuple[int, int]:
    """``1-99`` as numbers; empty means the whole road."""
    if not text.strip():
        return 0, 0
    first, _, last = text.replace("—", "-").replace("～", "-").replace("至", "-").partition("-")
    try:
        span = int(first), int(last or first)
    except ValueError as error:
        raise InvalidInputError(
            "门牌号读不懂", f"“{text}”不是门牌号范围。", "请写成 1-99 的样子，整条路请留空。"
        ) from error
    if not 0 < span[0] <= span[1]:
        raise InvalidInputError("门牌号读不懂", f"“{text}”的起止颠倒。", "请写成 1-99 的样子。")
    return span


def _check(principal: Principal) -> None:
    if not principal.may(Permission.PLACES):
        raise ForbiddenError("不能维护地名", "您的角色没有这项权限。", "请联系专线管理或知识管理人员。")
