"""Coded answers of the loop: what a person picks from, as it is shown and stored."""

from enum import StrEnum


class Result(StrEnum):
    """办理结果 (方案-2-1)."""

    SOLVED = "实际解决"
    EXPLAINED = "解释说明"
    IMPOSSIBLE = "无法解决"


class Finding(StrEnum):
    """事实认定, the option; the unit's own words are kept beside it."""

    TRUE = "属实"
    PARTLY = "部分属实"
    UNTRUE = "不属实"
    UNVERIFIABLE = "无法核实"


class NoContact(StrEnum):
    """Why the caller was not contacted first."""

    ANONYMOUS = "来电人未留联系方式"
    UNREACHED = "多次拨打未接通"
    DECLINED = "来电人要求不联系"
    OTHER = "其他"


class ReturnReason(StrEnum):
    """退单 reasons; every return is a labelled routing error for evaluation."""

    PLACE = "属地不符"
    OWNERSHIP = "权属不清"
    CROSSING = "职能交叉"
    OTHER = "其他"


class Complaint(StrEnum):
    """Why the caller is not satisfied (回访)."""

    UNSOLVED = "问题未解决"
    PARTIAL = "只解决一部分"
    AGAIN = "解决后又发生"
    NOT_CONTACTED = "承办单位没有联系"
    WRONG_ANSWER = "答复与事实不符"
    SLOW = "办理太慢"
    ATTITUDE = "服务态度"
    POLICY = "不认可政策规定"
    OTHER = "其他"
