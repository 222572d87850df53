"""The command ``hotline demo``: open the desk with a clock that can be set, tell the stories, say who may log in."""

from collections.abc import Callable
from datetime import UTC, datetime

from intake.bootstrap import is_demo, open_services
from intake.demo.fill import StoryClock, fill
from intake.settings import Settings
from routing.examples import load_examples
from routing.pack import load_town_pack


def tell(settings: Settings, tickets: int, seed: int, keep: bool, echo: Callable[[str], None]) -> None:
    """Fill the database of ``settings``; with ``keep`` one that is a demonstration already is left as it is."""
    if keep and is_demo(settings.var):
        echo(f"{settings.var} 里已有演示数据。要重新生成，请先删除这个目录。")
        return
    until = datetime.now(UTC).replace(second=0, microsecond=0)
    clock = StoryClock(until)
    services = open_services(settings, clock=clock)
    pack = load_town_pack(settings.town)
    examples = load_examples(settings.town / "examples", {topic.code for topic in pack.topics})
    said = [-1]

    def say(step: str, share: float) -> None:
        if int(share * 20) != said[0]:
            said[0] = int(share * 20)
            echo(f"… {step} {share:.0%}")

    try:
        told = fill(services, clock, until, tickets, seed, examples, pack.on(until.date()).aliases, settings.var, say)
    finally:
        services.close()
    echo(f"已生成演示数据（种子 {seed}），办理 {told.steps} 步：")
    for state, count in told.states.items():
        echo(f"  {state} {count} 件")
    echo("演示账号（密码只显示这一次）：")
    for name, role, password in told.accounts:
        echo(f"  {name}（{role}）  {password}")
