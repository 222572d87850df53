"""``hotline doctor``: check what stands outside the desk and print what is wrong with its remedy."""

import typer

from intake.settings import Settings


def doctor() -> None:
    """检查语言模型的地址、密钥、模型名、回答格式与速度；有问题时说明怎么办，退出码为 1。"""
    from intake.doctor import examine_model

    sound = True
    for symptom in examine_model(Settings().llm):
        typer.echo(str(symptom))
        sound = sound and symptom.ok
    if not sound:
        typer.echo("坐席台其余功能不受影响：没有第二意见时，快速建议照常可用。")
        raise typer.Exit(1)
