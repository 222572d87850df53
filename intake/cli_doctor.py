"""``hotline doctor``: check what stands outside the desk and print what is wrong with its remedy."""

import typer

from intake.settings import Settings


def doctor() -> None:
    """检查语言模型（地址、密钥、模型名、回答格式、速度）和语音；有问题时说明怎么办，退出码为 1。"""
    from intake.doctor import Symptom, examine_model
    from intake.speech.check import check_speech

    settings, sound = Settings(), True
    heard = [Symptom(check.name, check.ok, check.reason) for check in check_speech(settings)]
    for symptom in (*examine_model(settings.llm), *heard):
        typer.echo(str(symptom))
        sound = sound and symptom.ok
    if not sound:
        typer.echo("坐席台其余功能不受影响：没有第二意见和语音时，照常打字、照常有快速建议。")
        raise typer.Exit(1)
