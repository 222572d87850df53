"""Real input through the whole desk by API: suggest, accept what is recommended, save, read the ticket back."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals.server import Server, own_server


def draw(path: Path, count: int, seed: int) -> list[dict[str, Any]]:
    """A repeatable draw of rows ({"id", "text"}) from a JSONL file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return random.Random(seed).sample(rows, min(count, len(rows)))


def walk(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put every row through a server of our own; each result says what was proposed and whether the ticket is whole."""
    with own_server("admin") as server:
        return [_one(server, row) for row in rows]


def _one(server: Server, row: dict[str, Any]) -> dict[str, Any]:
    status, seen = server.call("POST", "/api/v1/suggest", {"text": row["text"]})
    result = {"id": row["id"], "text": row["text"], "unit": row.get("unit", ""), "status": status}
    if status != 200 or "proposal" not in seen:
        return result | {"problem": str(seen)[:300]}
    topics, asked = seen["proposal"]["topics"], seen["outcome"] == "继续询问"
    # Where the desk would go on asking, the operator of this trial gives up and hands the call to the centre.
    body = {
        "text": row["text"],
        "ticket_type": seen["proposal"]["types"][0]["code"],
        "topic_code": topics[0]["code"],
        "outcome": "转城运中心研判" if asked else seen["outcome"],
        "lead_code": (seen["lead"] or {}).get("code", ""),
        "support_codes": [unit["code"] for unit in seen["support"]],
    }
    saved, ticket = server.call("POST", "/api/v1/tickets", body, key=f"walk-{row['id']}")
    result |= {
        "topic": topics[0]["name"],
        "score": topics[0]["score"],
        "band": seen["proposal"]["band"],
        "outcome": seen["outcome"],
        "lead": (seen["lead"] or {}).get("name", ""),
        "answered": seen["answer"]["found"],
        "saved": saved,
    }
    if saved not in {200, 201}:
        return result | {"problem": str(ticket)[:300]}
    read, again = server.call("GET", f"/api/v1/tickets/{ticket['number']}")
    whole = read == 200 and again["text"] == row["text"].strip()
    return result | {"number": ticket["number"], "whole": whole}


def summary(results: Sequence[dict[str, Any]]) -> str:
    """Counts that show at a glance whether anything failed."""
    problems = [r for r in results if r.get("problem")]
    saved, whole = sum("number" in r for r in results), sum(bool(r.get("whole")) for r in results)
    lines = [
        f"{len(results)} 条：保存 {saved}，读回一致 {whole}，失败 {len(problems)}",
        f"处理方式：{dict(Counter(r.get('outcome') for r in results))}",
        f"把握程度：{dict(Counter(r.get('band') for r in results))}",
        *(f"失败 {r['id']}：{r['problem']}" for r in problems[:10]),
    ]
    return "\n".join(lines)
