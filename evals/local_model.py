"""Serve a GGUF file as an OpenAI-compatible model on 127.0.0.1 (wheel xllamacpp), for measurements and tests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONTEXT = 6144


@contextmanager
def serve_gguf(path: Path, threads: int = 0, context: int = CONTEXT) -> Iterator[str]:
    """Give the address that ends in /v1; raises ModuleNotFoundError or FileNotFoundError that says what is missing.

    ``threads`` 0: as many cores as are idle now, because llama.cpp crawls where two threads wait for one core.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"没有模型权重：{path}。可用 ../shared/models/get llm 取得，再设 HOTLINE_TEST_GGUF 指向它。"
        )
    try:
        import xllamacpp
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("没有安装 xllamacpp（测试依赖）：pip install -c constraints.txt xllamacpp") from error
    threads = threads or max(1, (os.cpu_count() or 1) - round(os.getloadavg()[0]))
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
