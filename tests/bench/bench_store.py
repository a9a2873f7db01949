#!/usr/bin/env python3
"""A core with 160,000 subscribers: how long it answers nobody while one more is added and a checkpoint is made; import and list of 100,000.

usage: bench_store.py BUILD_DIR. Needs root (network namespaces). Prints `name value unit` lines.
"""
import os
import socket
import time

import bench_core

SUBSCRIBERS, LISTED = 160000, 100000
CHECKPOINT_WITHIN_S = 60


def ask(control, text):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.connect(control)
    s.settimeout(30)
    s.send(text)
    answer = s.recv(1 << 16)
    s.close()
    return answer


def add(core, first, count):
    """Imports them; the seconds that it takes."""
    path = os.path.join(core.folder, "subscribers")
    with open(path, "w", encoding="utf-8") as f:
        for i in range(first, first + count):
            f.write("imsi=%015d k=465b5ce8b199b49faa5f0a2ee238a6bc opc=e8ed289deba952e4283b54e88e6183ca\n" % (1010000000001 + i))
    began = time.time()
    bench_core.sh(bench_core.FREEHOLD, "subscriber", "import", path, "--control", core.control)
    return time.time() - began


def checkpoint_time(core):
    try:
        return os.stat(os.path.join(core.folder, "store", "store.checkpoint")).st_mtime_ns
    except FileNotFoundError:
        return 0


def wait_for_checkpoint(core, before, each=lambda: time.sleep(0.05)):
    end = time.time() + CHECKPOINT_WITHIN_S
    while checkpoint_time(core) == before:
        if time.time() > end:
            raise RuntimeError("no checkpoint")
        each()


def measure(core):
    core.run("core", "-c", os.path.join(core.folder, "network.yaml"))
    core.wait("upfs", 1)
    print("subscriber_import_100000 %.3f s" % add(core, 0, LISTED))
    began = time.time()
    lines = bench_core.sh(bench_core.FREEHOLD, "subscriber", "list", "--control", core.control).count("\n")
    if lines != LISTED:
        raise RuntimeError("%d of %d listed" % (lines, LISTED))
    print("subscriber_list_100000 %.3f s" % (time.time() - began))
    add(core, LISTED, SUBSCRIBERS - LISTED)
    time.sleep(10)  # whatever checkpoint that began is over, and the next one has not begun
    before, longest = checkpoint_time(core), 0

    def probe():
        nonlocal longest
        began = time.time()
        ask(core.control, b"status\n")
        longest = max(longest, time.time() - began)
        time.sleep(0.001)

    add(core, SUBSCRIBERS, 1)
    wait_for_checkpoint(core, before, probe)
    print("answer_during_checkpoint_160000 %.1f ms" % (longest * 1000))


if __name__ == "__main__":
    bench_core.in_namespace(measure)
