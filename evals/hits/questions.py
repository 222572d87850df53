"""A question with the documents that answer it, and the check of the rows of a file (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from evals.cases import Problem
from evals.cells import RowError, Value, cell_list, cell_text, known_code, yes_or_no
from evals.reading import Shape
from intake.domain.concealing import conceal
from knowledge.documents import Document

MAX_QUESTION = 1_500
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("编号", "序号"),
    "question": ("问题", "问法", "来电问题", "text", "诉求内容"),
    "documents": ("期望文档", "文档", "文档编号", "document", "expected"),
    "topics": ("事项", "事项代码", "诉求事项", "topic"),
    "answerable": ("应有答案", "有答案"),
    "unanswerable": ("应无答案", "无答案"),
}
SHAPE = Shape({a.lower(): name for name, aliases in COLUMNS.items() for a in (name, *aliases)}, "question", "问题")


@dataclass(frozen=True, slots=True)
class Question:
    """What a caller asks and what is right: one of ``documents``, else any document of ``topics``; or no answer."""

    id: str
    text: str
    documents: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    answerable: bool = True

    @property
    def ranked(self) -> bool:
        """Whether it states which document is right."""
        return self.answerable and bool(self.documents or self.topics)

    def takes(self, document_id: str, topics: Sequence[str]) -> bool:
        """Whether this document is a right one."""
        if self.documents:
            return document_id in self.documents
        return not set(self.topics).isdisjoint(topics)


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """The questions that can be asked, and what is wrong with the other rows."""

    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a row may name: documents by id, topic codes by code and by name; ``day`` is the day of the calls."""

    documents: Mapping[str, Document]
    topics: Mapping[str, str]
    day: date


def check_questions(rows: Iterable[tuple[int, Mapping[str, Value] | Problem]], known: Catalogue) -> QuestionFile:
    """Turn numbered rows into questions; a bad row is left out and told with its remedy, the others are kept."""
    questions: list[Question] = []
    problems: list[Problem] = []
    ids: dict[str, int] = {}
    texts: dict[str, tuple[int, Question]] = {}
    for number, row in rows:
        if isinstance(row, Problem):
            problems.append(row)
            continue
        try:
            question = _question(number, row, known)
            _once(question, ids, texts)
        except RowError as error:
            problems.append(Problem(number, error.what, error.remedy))
            continue
        ids[question.id] = number
        texts[question.text] = (number, question)
        questions.append(question)
        problems += _asleep(number, question, known)
    return QuestionFile(tuple(questions), tuple(problems))


def _question(number: int, row: Mapping[str, Value], known: Catalogue) -> Question:
    text = " ".join(cell_text(row.get("question")).split())
    if not text:
        raise RowError("没有问题（question）", "请补上，或删去该行")
    if len(text) > MAX_QUESTION:
        raise RowError(f"问题有 {len(text)} 字，超过 {MAX_QUESTION} 字", "检索只看前面的部分，请删短")
    documents = tuple(dict.fromkeys(_document(one, known) for one in cell_list(row.get("documents"))))
    topics = tuple(dict.fromkeys(known_code(one, known.topics, "事项") for one in cell_list(row.get("topics"))))
    answerable = _answerable(row)
    if answerable is False and documents:
        raise RowError("标了应无答案，又写了期望文档", "请删去其中一个")
    if answerable is None and not documents and not topics:
        raise RowError("没有写期望", "请写期望文档的编号，或事项；知识库不该回答的，请在“应无答案”一列写“是”")
    text = conceal(text)
    return Question(cell_text(row.get("id")) or f"第{number}行", text, documents, topics, answerable is not False)


def _answerable(row: Mapping[str, Value]) -> bool | None:
    said = []
    for name, meant in (("answerable", True), ("unanswerable", False)):
        if not (word := cell_text(row.get(name))):
            continue
        truth = yes_or_no(row.get(name))
        if truth is None:
            raise RowError(f"“{word[:20]}”看不懂是有答案还是没有", "请写“是”或“否”，或留空")
        said.append(truth is meant)
    if len(set(said)) > 1:
        raise RowError("“应有答案”与“应无答案”互相矛盾", "请只留一列")
    return said[0] if said else None


def _document(name: str, known: Catalogue) -> str:
    if name in known.documents:
        return name
    by_lower = {key.lower(): key for key in known.documents}
    if name.lower() in by_lower:
        return by_lower[name.lower()]
    by_title = [key for key, document in known.documents.items() if document.title == name]
    if len(by_title) == 1:
        return by_title[0]
    near = get_close_matches(name.lower(), by_lower, 1, 0.6)
    hint = f"是不是“{by_lower[near[0]]}”？" if near else ""
    raise RowError(f"期望文档“{name[:64]}”不存在", f"{hint}请改成知识库里的文档编号")


def _once(question: Question, ids: Mapping[str, int], texts: Mapping[str, tuple[int, Question]]) -> None:
    if question.id in ids:
        raise RowError(f"编号 {question.id} 与第 {ids[question.id]} 行重复", "请改成不同的编号")
    if question.text in texts:
        number, other = texts[question.text]
        if _expected(question) == _expected(other):
            raise RowError(f"问题与第 {number} 行相同", "同一句话只算一次，请删去一行")
        raise RowError(f"问题与第 {number} 行相同，期望却不同", "请核对哪个正确；只按前一行算")


def _expected(question: Question) -> tuple[frozenset[str], frozenset[str], bool]:
    return frozenset(question.documents), frozenset(question.topics), question.answerable


def _asleep(number: int, question: Question, known: Catalogue) -> list[Problem]:
    """Expected documents that answer nobody on that day: the question is asked all the same, and will miss."""
    asleep = [key for key in question.documents if not known.documents[key].answers_on(known.day)]
    if not asleep or len(asleep) < len(question.documents):
        return []
    states = "、".join(f"{key}（{known.documents[key].status.value}）" for key in asleep)
    remedy = "照常提问，会算没找到；请先发布或恢复文档"
    return [Problem(number, f"期望文档 {states} 在 {known.day} 不参与答复", remedy, fatal=False)]
