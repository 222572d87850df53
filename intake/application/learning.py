"""Let the classifier learn from the tickets that people have settled: in the background, measured, on record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from intake.application.background import Background, Progress
from intake.application.ports import JsonValue, Learnt, ModelEntry, Trainer, Transactions
from intake.domain.access import Permission, Principal
from intake.domain.errors import ConflictError, ForbiddenError
from intake.domain.privacy import mask_text
from routing.taxonomy import Lesson

# More than this adds minutes, not accuracy; the newest count.
MOST = 20_000


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The model in use, those before it (newest first), and the training under way."""

    version: str
    history: tuple[ModelEntry, ...]
    progress: Progress
    transformer: str = ""


class Learning:
    """One training at a time; the model in use stays in use until a better or equal one is ready."""

    def __init__(
        self, transactions: Transactions, trainer: Callable[[], Trainer], clock: Callable[[], datetime]
    ) -> None:
        self._transactions = transactions
        self._trainer = trainer
        self._clock = clock
        self._background = Background("训练", "现用模型不受影响")

    def status(self, principal: Principal) -> ModelStatus:
        """What is in use and what is going on."""
        _check(principal)
        trainer = self._trainer()
        return ModelStatus(trainer.version(), trainer.history()[::-1], self._background.progress, trainer.transformer())

    def start(self, principal: Principal, tune: bool = False) -> None:
        """Begin a training in the background; raises ConflictError while one is running."""
        _check(principal)
        self._background.start(lambda say: self.run(principal, say, tune).said, "读取工单")

    def run(self, principal: Principal, say: Callable[[str, float], None], tune: bool = False) -> Learnt:
        """Train now and wait; raises ConflictError (Chinese) when there is too little to learn from.

        ``tune``: the configured pretrained transformer is fine-tuned too, and used if it helps.
        """
        _check(principal)
        trainer, now = self._trainer(), self._clock()
        if tune and not trainer.transformer():
            raise ConflictError(
                "没有可微调的模型", "没有配置预训练模型。", "请设置 HOTLINE_TRANSFORMER 后重新启动，或不微调直接训练。"
            )
        with self._transactions.read() as unit:
            found = unit.tickets.lessons(MOST)
        lessons = [Lesson(mask_text(lesson.text), lesson.topic, lesson.kind) for lesson in found]
        try:
            done = trainer.learn(lessons, principal.name, now, say, tune)
        except ValueError as error:
            raise ConflictError("没有训练出新模型", str(error), "") from error
        content: dict[str, JsonValue] = {
            "replaced": done.replaced,
            "version": done.version,
            "said": done.said,
            "tickets": len(lessons),
        }
        with self._transactions.write() as unit:
            unit.audit.append(now, principal.name, "训练模型", done.version, content)
        return done

    def go_back(self, principal: Principal, version: str) -> None:
        """Put an earlier model into use again; raises ConflictError when it is not there."""
        _check(principal)
        try:
            self._trainer().go_back(version)
        except ValueError as error:
            raise ConflictError("没有换回", str(error), "") from error
        with self._transactions.write() as unit:
            unit.audit.append(self._clock(), principal.name, "换回模型", version, {})


def _check(principal: Principal) -> None:
    if not principal.may(Permission.MODEL):
        raise ForbiddenError("不能查看或训练模型", "您的角色没有这项权限。", "请联系专线管理或评测人员。")
