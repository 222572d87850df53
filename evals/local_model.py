"""Serve a GGUF file as an OpenAI-compatible model on 127.0.0.1 (wheel xllamacpp), for measurements and tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONTEXT = 6144


@contextmanager
def serve_gguf(path: Path, threads: int = 1, context: int = CONTEXT) -> Iterator[str]:
    """Give the address that ends in /v1; raises ModuleNotFoundError or FileNotFoundError that says what is missing."""
    if not path.is_file():
        raise FileNotFoundError(f"没有模型权重：{path}")
    try:
        import xllamacpp
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("没有安装 xllamacpp（测试依赖）：pip install -c constraints.txt xllamacpp") from error
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = context
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers = 0
    params.verbosity = -1
    params.ui = False
    server = xllamacpp.Server(params)
    try:
        yield f"{server.listening_address.rstrip('/')}/v1"
    finally:
        del server
