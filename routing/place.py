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
# What carries a road's name without lying where the matter lies; 路口 and 路段 are still the road.
_NAMESAKE = re.compile(r"([东南西北中]?(路|街)(?!口|段|边|上)|地铁|站|桥|中学|小学|幼儿园|医院|派出所)")
_HOUSE = re.compile(r"\d{1,5}(?!\d)")
_IS_ROAD = re.compile(r"(路|街|大道|公路|弄)$")
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
    note: str = ""
    numbers: tuple[int, int] = (0, 0)

    @property
    def weak(self) -> bool:
        """A name that only says that one has to ask."""
        return self.kind is AliasKind.UNCLEAR or not (self.ours or self.whole or self.bare)


@dataclass(frozen=True, slots=True)
class _Match:
    name: str
    meanings: tuple[_Meaning, ...]
    house: int = 0


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    pattern: re.Pattern[str]
    names: dict[str, tuple[_Meaning, ...]]


def locate(address: str, text: str, view: PackView) -> Place:
    """Where the matter lies, with the words that decided; UNCLEAR where names contradict each other or say nothing."""
    gazetteer = _gazetteer(view)
    in_address = tuple(_matches(plain(address), gazetteer, in_address=True))
    from_address = _judge(in_address, view)
    if from_address.territory is Territory.OTHER or from_address.community_code or _contradictory(from_address):
        return from_address
    from_text = _judge(tuple(_matches(plain(text), gazetteer, in_address=False)), view)
    if from_address.territory is Territory.OURS:
        return from_text if from_text.community_code else from_address
    if in_address and from_text.street:  # the text may say which of two places of one name is meant
        again = _judge(in_address, view, from_text.street)
        if again.territory is not Territory.UNCLEAR:
            return again
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
        if alias.code and area_of is None:
            continue  # the community is not in force on this day
        street = area_of.street if area_of else alias.street
        ours = area_of.ours if area_of else street == view.town.name
        is_whole = alias.kind in (AliasKind.STREET, AliasKind.DISTRICT)
        yield (
            alias.name,
            _Meaning(alias.kind, street, alias.code, ours, alias.bare, is_whole, alias.note, alias.numbers),
        )


def _matches(said: str, gazetteer: _Gazetteer, in_address: bool) -> Iterator[_Match]:
    for found in gazetteer.pattern.finditer(said):
        name, before, after = found.group(), said[: found.start()], said[found.end() :]
        meanings = gazetteer.names[name]
        if _MENTION_BEFORE.search(before[-6:]) or _MENTION_AFTER.search(after[:8]):
            continue
        number = _HOUSE.match(after)
        house = int(number.group()) if number else 0
        if any(m.bare for m in meanings):
            suffixed = name.endswith(("街道", "镇", "区", *_SUFFIXES))
            if suffixed or not _goes_on(name, after):
                yield _Match(name, tuple(m for m in meanings if m.bare), house)
        elif in_address and _stands_free(name, before, after):
            yield _Match(name, meanings, house)


def _goes_on(name: str, after: str) -> bool:
    """Whether something else grows out of the name: a road out of a community, a school out of a road."""
    return bool((_NAMESAKE if _IS_ROAD.search(name) else _ROAD).match(after))


def _stands_free(name: str, before: str, after: str) -> bool:
    """A short name in the address counts when nothing grows out of it: 亭东3号, but not 亭东路3号 nor 新亭东苑."""
    if _goes_on(name, after):
        return False
    return len(name) > 2 or bool(_ADDRESS_START.search(before) and (_ADDRESS_END.match(after) or after[:2] == "小区"))


def _judge(matches: tuple[_Match, ...], view: PackView, said_street: str = "") -> Place:
    stated = {m.street for match in matches for m in match.meanings if m.kind is AliasKind.STREET}
    settled = [_settle(match, stated | ({said_street} - {""})) for match in matches]
    firm = [m for meanings in settled for m in meanings if not m.weak]
    pairs = list(zip(matches, settled, strict=True))
    words = _joined(match.name for match, meanings in pairs if any(not m.weak for m in meanings))
    if not firm:
        weak = [match for match, meanings in pairs if all(m.weak for m in meanings)]
        return Place(Territory.UNCLEAR, matched=weak[0].name, question=_which(weak[0], view)) if weak else _NOWHERE
    sides = {m.ours for m in firm}
    if len(sides) > 1:
        return Place(Territory.UNCLEAR, matched=words)
    named = [{m.code: m for m in meanings if m.code and not m.weak} for meanings in settled]
    named = [codes for codes in named if codes]
    shared = set.intersection(*(set(codes) for codes in named)) if named else set()
    code = shared.pop() if len(shared) == 1 else ""
    community = view.areas[code].name if code else ""
    if sides == {True}:
        question = "" if code or not named else _which_community(words, named, view)
        return Place(Territory.OURS, code, community, view.town.name, words, question)
    specific = [*(m for m in firm if m.code), *(m for m in firm if m.kind is AliasKind.STREET), *firm]
    return Place(Territory.OTHER, code, community, specific[0].street, words)


_NOWHERE = Place(Territory.UNCLEAR)


def _settle(match: _Match, stated: set[str]) -> tuple[_Meaning, ...]:
    """One name in several places: the house number and the street that is stated decide, else nobody does."""
    meanings = _at_house(match)
    streets = {m.street for m in meanings}
    if len(streets) == 1:
        return meanings
    kept = tuple(m for m in meanings if m.street in stated)
    if kept and len({m.street for m in kept}) == 1:
        return kept
    return (_Meaning(AliasKind.UNCLEAR, "", "", False, True, False),)


def _at_house(match: _Match) -> tuple[_Meaning, ...]:
    """The meanings whose stretch of the road holds the house number; all of them when that does not help."""
    inside = tuple(m for m in match.meanings if m.numbers[0] <= match.house <= m.numbers[1])
    return inside if match.house and inside else match.meanings


def _which(match: _Match, view: PackView) -> str:
    """What to ask about a name that means several places or none for sure; empty for a name of another town."""
    choices = _joined(_say(m, view) for m in _at_house(match) if m.street)
    notes = _joined(m.note for m in match.meanings if m.note)
    if "、" in choices:
        return f"“{match.name}”不止一处，请问是哪里：{choices}？"
    return f"“{match.name}”{notes}。" if notes else ""


def _which_community(words: str, named: list[dict[str, _Meaning]], view: PackView) -> str:
    choices = _joined(_say(m, view) for codes in named for m in codes.values())
    return f"“{words}”涉及几个社区，请问是哪一个：{choices}？"


def _say(meaning: _Meaning, view: PackView) -> str:
    area = view.areas.get(meaning.code)
    return f"{meaning.street}{area.name.removesuffix('居委会')}" if area else meaning.street


def _joined(names: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(names))
