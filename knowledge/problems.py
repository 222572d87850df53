"""What is wrong with one document file, and how grave it is (pure)."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps the document from being published, a warning does not."""

    ERROR = "错误"
    WARNING = "提醒"


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """What is wrong with one document: file (relative to the folder), line from 1, what happened, what to do."""

    path: str
    line: int
    message: str
    remedy: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        mark = "" if self.severity is Severity.ERROR else f"（{self.severity.value}）"
        return f"{self.path} 第 {self.line} 行：{mark}{self.message}。{self.remedy}。"
