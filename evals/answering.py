"""When to answer and when to say 知识库暂无答案: fitted on one half of the questions, reported on the other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from evals.metrics import Figure, mean
from knowledge.documents import Hit
from routing.answer import AnswerPolicy, support
from routing.recommendation import Request
from routing.router import Router

WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the topics that answer it (none: no document does), what was found and the topic scores."""

    topics: frozenset[str]
    hits: tuple[Hit, ...]
    scores: dict[str, float]


def ask_all(router: Router, path: Path) -> list[Asked]:
    """Put every row of a JSONL file to search and classifier: foreign questions ({"question"}) or evaluation cases."""
    now, asked = datetime.now(ZoneInfo("Asia/Shanghai")), []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        topics = frozenset({row.get("topic", ""), *row.get("accept", ())} - {"", "Z02"})
        if not topics and "question" not in row:
            continue  # a case without a matter asks for no document
        proposal, hits = router.propose(Request(row.get("question") or row["text"], now))
        scores = {candidate.code: candidate.score for candidate in proposal.topics}
        asked.append(Asked(topics, hits, scores))
    return asked


def best(asked: Asked, policy: AnswerPolicy) -> tuple[float, bool]:
    """Support of the document that would answer, and whether it is a right one."""
    if not asked.hits:
        return 0.0, False
    hit = max(asked.hits, key=lambda h: support(h, asked.scores, policy))
    return support(hit, asked.scores, policy), bool(asked.topics & set(hit.document.topics))


def fit(answerable: Sequence[Asked], foreign: Sequence[Asked]) -> AnswerPolicy:
    """Weight and threshold with the best mean of 'answered rightly' and 'refused'."""
    choices = []
    for weight in WEIGHTS:
        policy = AnswerPolicy(0.0, weight)
        right, wrong = [best(a, policy) for a in answerable], [best(a, policy)[0] for a in foreign]
        for threshold in sorted({round(value, 2) for value, _ in right} | {round(v, 2) for v in wrong}):
            kept = sum(value >= threshold and ok for value, ok in right) / len(right)
            refused = sum(value < threshold for value in wrong) / len(wrong)
            choices.append(((kept + refused) / 2, -weight, threshold))
    _, weight, threshold = max(choices)
    return AnswerPolicy(threshold, -weight)


def figures(answerable: Sequence[Asked], foreign: Sequence[Asked], policy: AnswerPolicy) -> dict[str, Figure]:
    """Shares of questions answered, answered rightly, and of foreign questions refused."""
    judged = [best(a, policy) for a in answerable]
    answered = [(value >= policy.threshold, right) for value, right in judged]
    return {
        "有答案的：给出答复": mean([given for given, _ in answered]),
        "给出的答复中文档正确": mean([right for given, right in answered if given]),
        "有答案的：首位文档正确": mean([right for _, right in judged]),
        "无答案的：如实说没有": mean([best(a, policy)[0] < policy.threshold for a in foreign]),
    }
