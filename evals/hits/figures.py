"""The figures of a retrieval test, each with its interval (pure)."""

from collections.abc import Sequence

from evals.hits.asked import Asked
from evals.metrics import Figure, mean

NAMES = {
    "r_at_1": "期望文档排第一（R@1）",
    "r_at_3": "在前三（R@3）",
    "r_at_10": "在前十（R@10）",
    "mrr": "平均倒数排名（MRR）",
    "answered": "有答案的：给出答复",
    "right_answers": "给出的答复出自期望文档",
    "refused": "无答案的：如实说没有",
    "faults": "未能提问",
}


def figures(asked: Sequence[Asked]) -> dict[str, Figure]:
    """All figures by name; a figure counts only the questions that state what is right for it."""
    ranked = [a for a in asked if a.question.ranked]
    return {
        "r_at_1": mean([a.rank == 1 for a in ranked]),
        "r_at_3": mean([0 < a.rank <= 3 for a in ranked]),
        "r_at_10": mean([0 < a.rank <= 10 for a in ranked]),
        "mrr": mean([1 / a.rank if a.rank else 0.0 for a in ranked]),
        "answered": mean([a.answered for a in asked if a.question.answerable]),
        "right_answers": mean([a.right_answer for a in ranked if a.answered]),
        "refused": mean([a.refused for a in asked if not a.question.answerable]),
        "faults": mean([bool(a.fault) for a in asked]),
    }
