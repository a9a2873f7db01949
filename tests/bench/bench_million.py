#!/usr/bin/env python3
"""One million UEs, each with a session, in one core and one UPF: memory, the rate at which they come, the core's restart.

usage: bench_million.py BUILD_DIR [UES]. Needs root (network namespaces, TUN), 20 GiB of memory and a quarter of an hour. Prints
`name value unit` lines.
"""
import os
import re
import signal
import subprocess
import sys
import time

import bench_core

UES = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
GNBS, IN_FLIGHT = 32, 200
POOL = ("pool: 10.32.0.0/12", "pool: 10.0.0.0/8")


def load_command(folder):
    return ["load", "-c", os.path.join(folder, "network.yaml"), "--ues", str(UES), "--gnbs", str(GNBS), "--in-flight", str(IN_FLIGHT)]


def provision(core):
    path = os.path.join(core.folder, "subscribers")
    with open(path, "w", encoding="utf-8") as f:
        subprocess.run([bench_core.FREEHOLD, *load_command(core.folder), "--print-subscribers"], stdout=f, check=True)
    began = time.time()
    bench_core.sh(bench_core.FREEHOLD, "subscriber", "import", path, "--control", core.control)
    print("million_import %.1f s" % (time.time() - began), flush=True)
    os.unlink(path)


def load_figures(core):
    with open(os.path.join(core.folder, "load.out"), encoding="utf-8") as f:
        return dict(line.split() for line in f if re.match(r"^[a-z_]+ [0-9.]+$", line))


def crowd(core, upf, ctl):
    """Registers them all; they stay, with the gNBs, until the end."""
    with open(os.path.join(core.folder, "load.out"), "w", encoding="utf-8") as out:
        load = core.run(*load_command(core.folder), "--hold", output=out)
    while "per_second" not in load_figures(core):
        if load.poll() is not None or ctl.poll() is not None or upf.poll() is not None:
            raise RuntimeError("a process has ended")
        time.sleep(1)
    figures = load_figures(core)
    if figures["failed"] != "0" or figures["sessions"] != str(UES):
        raise RuntimeError(str(figures))
    print("million_registrations %s 1/s" % figures["per_second"])
    print("million_memory_core %.2f GiB" % (bench_core.pss_kib([ctl.pid]) / (1 << 20)))
    print("million_memory_upf %.2f GiB" % (bench_core.pss_kib([upf.pid]) / (1 << 20)))
    print("million_store %.2f GiB" % (os.stat(os.path.join(core.folder, "store", "store.mdb")).st_size / (1 << 30)), flush=True)


def restart(core, yaml, ctl):
    """kill -9, a new process; until it answers with all its sessions."""
    ctl.send_signal(signal.SIGKILL)
    ctl.wait()
    began = time.time()
    again = core.run("core", "-c", yaml)
    while core.status("sessions") < UES:
        if again.poll() is not None or time.time() - began > 300:
            raise RuntimeError("the core does not come back")
        time.sleep(0.1)
    print("million_restart %.1f s" % (time.time() - began), flush=True)
    core.wait("upfs_associated", 1)


def measure(core):
    yaml = os.path.join(core.folder, "network.yaml")
    with open(yaml, encoding="utf-8") as f:
        text = f.read()
    with open(yaml, "w", encoding="utf-8") as f:
        f.write(text.replace(*POOL).replace("10.32.0.1", "10.0.0.1"))
    upf = core.run("upf", "-c", yaml)
    time.sleep(0.3)
    ctl = core.run("core", "-c", yaml)
    core.wait("upfs_associated", 1)
    provision(core)
    crowd(core, upf, ctl)
    restart(core, yaml, ctl)


if __name__ == "__main__":
    bench_core.in_namespace(measure)
