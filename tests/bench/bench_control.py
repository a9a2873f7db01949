#!/usr/bin/env python3
"""What operators ask of a core with 100,000 UEs, each with a session: the tables, and registrations while the control socket is flooded.

usage: bench_control.py BUILD_DIR. Needs root (network namespaces, TUN), 3 GiB of memory and two minutes. Prints `name value unit` lines.
"""
import os
import re
import subprocess
import sys
import time

import bench_core

UES = 100000
TESTS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def crowd(core):
    """Registers them all; they stay, with the gNBs, until the end."""
    load = ["load", "-c", os.path.join(core.folder, "network.yaml"), "--ues", str(UES), "--gnbs", "8", "--in-flight", "200"]
    subscribers, figures = (os.path.join(core.folder, name) for name in ("subscribers", "load.out"))
    with open(subscribers, "w", encoding="utf-8") as f:
        subprocess.run([bench_core.FREEHOLD, *load, "--print-subscribers"], stdout=f, check=True)
    bench_core.sh(bench_core.FREEHOLD, "subscriber", "import", subscribers, "--control", core.control)
    with open(figures, "w", encoding="utf-8") as out:
        process = core.run(*load, "--hold", output=out)
    while True:
        with open(figures, encoding="utf-8") as f:
            text = f.read()
        if "per_second" in text:
            break
        if process.poll() is not None:
            raise RuntimeError("the crowd has ended: " + text)
        time.sleep(0.5)
    if not re.search(r"^failed 0$", text, re.M) or not re.search(r"^sessions %d$" % UES, text, re.M):
        raise RuntimeError(text)


def tables(core):
    for name in ("ues", "sessions", "events"):
        times = []
        for _ in range(3):
            began = time.time()
            rows = bench_core.sh(bench_core.FREEHOLD, name, "--control", core.control).count("\n") - 1
            times.append(time.time() - began)
            if rows != UES:
                raise RuntimeError("%d of %d %s" % (rows, UES, name))
        print("%s_of_100000 %.2f s" % (name, sorted(times)[1]), flush=True)


def measure(core):
    yaml = os.path.join(core.folder, "network.yaml")
    core.run("upf", "-c", yaml)
    time.sleep(0.3)
    core.run("core", "-c", yaml)
    core.wait("upfs_associated", 1)
    crowd(core)
    tables(core)


if __name__ == "__main__":
    bench_core.in_namespace(measure)
    # What its tests of a flood measure.
    sys.stdout.write(bench_core.sh(sys.executable, "-B", os.path.join(TESTS, "control_test.py"), bench_core.FREEHOLD, "--figures"))
