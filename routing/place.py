"""Read the place from address and text (pure). The address field wins; what two places share is never guessed.

九里亭街道 was split off from 九亭镇 in 2015 and callers mix them up: a bare 九亭 decides nothing, 九里亭 decides.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from routing.recommendation import Place, Territory
from routing.taxonomy import AliasKind, PackView
from routing.wording import plain

_OFFICE = re.compile(r"(社区)?(居民委员会|居委会|村委会)$")
_SUFFIXES = ("社区居委会", "社区居委", "社区", "居委会", "居委", "居民区", "居民委员会")
# A name that goes on like this is a road, a school or a station that merely carries the name.
_ROAD = re.compile(
    r"[东南西北中]?(路|街(?!道)|大道|公路|支路|浜路|桥|站|地铁|港(?!湾)|河(?!边)|塘|中学|小学|幼儿园|医院|派出所)"
)
_ADDRESS_END = re.compile(r"$|[\d号幢栋门的里内那这,。、;()!?:]")
_ADDRESS_START = re.compile(r"(^|[市区镇县,。、;():\s]|街道|松江|九亭|上海)$")
# Before or behind a name: it is a way, a neighbour or a memory, not where the matter lies.
_MENTION_BEFORE = re.compile(
    r"(去|到|往|从|离|像|跟|和|与|比|同|靠近|临近|靠|毗邻|邻近|隔壁的?|对面的?|旁边的?|附近的?|来自|不是|不在|不属于|不归|归|属于|"
    r"以前住|原来住|之前住|曾住|以前在|原来在|之前在|户口在|户籍在|老家在|上班在|工作在|回|经|经过|开往|通往|投诉过|打给|问过|找过)(了|过)?$"
)
_MENTION_AFTER = re.compile(
    r"^(那边|那里)?的?(上班|工作|方向|交界|附近|旁边|对面|隔壁|搬|过来|来的|亲戚|朋友|人说|买|上学|读书|看病|吃饭|玩|户口|户籍|领导|政府|办(?!公楼)|都|就|"
    r"说|让|叫|也|一样|学|看齐|派出所说|接的电话|不管|推)"
)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What one name stands for; ``weak`` names decide nothing by themselves."""

    kind: AliasKind
    street: str
    code: str
    ours: bool
    bare: bool
    whole: bool

    @property
    def weak(self) -> bool:
        """A name that only says that one has to ask."""
        return self.kind is AliasKind.UNCLEAR or not (self.ours or self.whole or self.bare)


@dataclass(frozen=True, slots=True)
class _Match:
    name: str
    meanings: tuple[_Meaning, ...]


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    pattern: re.Pattern[str]
    names: dict[str, tuple[_Meaning, ...]]


def locate(address: str, text: str, view: PackView) -> Place:
    """Where the matter lies, with the words that decided; UNCLEAR where names contradict each other or say nothing."""
    gazetteer = _gazetteer(view)
    from_address = _judge(tuple(_matches(plain(address), gazetteer, in_address=True)), view)
    if from_address.territory is Territory.OTHER or from_address.community_code or _contradictory(from_address):
        return from_address
    from_text = _judge(tuple(_matches(plain(text), gazetteer, in_address=False)), view)
    if from_address.territory is Territory.OURS:
        return from_text if from_text.community_code else from_address
    return from_text if from_text.matched else from_address


def _contradictory(place: Place) -> bool:
    return place.territory is Territory.UNCLEAR and "、" in place.matched


@lru_cache(maxsize=64)
def _gazetteer(view: PackView) -> _Gazetteer:
    names: dict[str, list[_Meaning]] = {}
    for name, meaning in _names(view):
        known = names.setdefault(plain(name), [])
        if meaning not in known:
            known.append(meaning)
    ordered = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(name) for name in ordered) or r"(?!)")
    return _Gazetteer(pattern, {name: tuple(meanings) for name, meanings in names.items()})


def _names(view: PackView) -> Iterator[tuple[str, _Meaning]]:
    for area in view.areas.values():
        base = _OFFICE.sub("", area.name)
        yield area.street, _Meaning(AliasKind.STREET, area.street, "", area.ours, True, True)
        whole = _Meaning(AliasKind.COMMUNITY, area.street, area.code, area.ours, True, True)
        yield area.name, whole
        for suffix in _SUFFIXES:
            yield base + suffix, whole
        if base.endswith("路"):
            continue  # the road runs on through other communities
        bare = _Meaning(AliasKind.COMMUNITY, area.street, area.code, area.ours, False, False)
        yield base, bare
        estate = _Meaning(AliasKind.COMMUNITY, area.street, area.code, area.ours, area.ours, False)
        yield base + "小区", estate
    for alias in view.aliases:
        area_of = view.areas.get(alias.code)
        if alias.kind is AliasKind.COMMUNITY and area_of is None:
            continue  # the community is not in force on this day
        street = area_of.street if area_of else alias.street
        ours = area_of.ours if area_of else street == view.town.name
        is_whole = alias.kind in (AliasKind.STREET, AliasKind.DISTRICT)
        yield alias.name, _Meaning(alias.kind, street, alias.code, ours, alias.bare, is_whole)


def _matches(said: str, gazetteer: _Gazetteer, in_address: bool) -> Iterator[_Match]:
    for found in gazetteer.pattern.finditer(said):
        name, before, after = found.group(), said[: found.start()], said[found.end() :]
        meanings = gazetteer.names[name]
        if _MENTION_BEFORE.search(before[-6:]) or _MENTION_AFTER.search(after[:8]):
            continue
        if any(m.bare for m in meanings):
            suffixed = name.endswith(("街道", "镇", "区", *_SUFFIXES))
            if suffixed or not _ROAD.match(after):
                yield _Match(name, tuple(m for m in meanings if m.bare))
        elif in_address and _stands_free(name, before, after):
            yield _Match(name, meanings)


def _stands_free(name: str, before: str, after: str) -> bool:
    """A short name in the address counts when nothing grows out of it: 亭东3号, but not 亭东路3号 nor 新亭东苑."""
    if _ROAD.match(after):
        return False
    return len(name) > 2 or bool(_ADDRESS_START.search(before) and (_ADDRESS_END.match(after) or after[:2] == "小区"))


def _judge(matches: tuple[_Match, ...], view: PackView) -> Place:
    stated = {m.street for match in matches for m in match.meanings if m.kind is AliasKind.STREET}
    settled = [_settle(match, stated) for match in matches]
    firm = [m for meanings in settled for m in meanings if not m.weak]
    weak_only = [match.name for match, meanings in zip(matches, settled, strict=True) if all(m.weak for m in meanings)]
    words = _joined(
        match.name for match, meanings in zip(matches, settled, strict=True) if any(not m.weak for m in meanings)
    )
    if not firm:
        return Place(Territory.UNCLEAR, matched=weak_only[0] if weak_only else "")
    sides = {m.ours for m in firm}
    if len(sides) > 1:
        return Place(Territory.UNCLEAR, matched=words)
    named = [m for m in firm if m.kind is AliasKind.COMMUNITY]
    codes = {m.code for m in named}
    code = codes.pop() if len(codes) == 1 else ""
    community = view.areas[code].name if code else ""
    if sides == {True}:
        return Place(Territory.OURS, code, community, view.town.name, words)
    specific = [*named, *(m for m in firm if m.kind is AliasKind.STREET), *firm]
    return Place(Territory.OTHER, code, community, specific[0].street, words)


def _settle(match: _Match, stated: set[str]) -> tuple[_Meaning, ...]:
    """One name in several streets: the street that is stated decides, else nobody does."""
    streets = {m.street for m in match.meanings}
    if len(streets) == 1:
        return match.meanings
    kept = tuple(m for m in match.meanings if m.street in stated)
    if kept and len({m.street for m in kept}) == 1:
        return kept
    return (_Meaning(AliasKind.UNCLEAR, "", "", False, True, False),)


def _joined(names: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(names))
