#!/usr/bin/env python3
"""Ten times what the core can do, offered over real SCTP on loopback: what of it is done, how long the served wait, and memory.

usage: bench_overload.py BUILD_DIR. Needs root (network namespaces, TUN). Prints `name value unit` lines.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bench_core  # noqa: E402

UES_CAPACITY, UES_OFFERED_MAX, SECONDS, TIMES = 3000, 131072, 15, 10
SHARE, PERIOD_US = 0.2, 10000  # of a processor, for the core: what offers the load must not be what is measured


class Quota:
    """A control group that the core runs in, of version 2 or 1; without one it has all there is, and the figures are the crowd's."""

    def __init__(self):
        name, quota = "fhbench%d" % os.getpid(), int(SHARE * PERIOD_US)
        self.folder = None
        for root, files in (("/sys/fs/cgroup", (("cpu.max", "%d %d" % (quota, PERIOD_US)),)),
                            ("/sys/fs/cgroup/cpu", (("cpu.cfs_period_us", PERIOD_US), ("cpu.cfs_quota_us", quota)))):
            folder = os.path.join(root, name)
            if not os.path.exists(os.path.join(root, "cgroup.procs")):
                continue
            try:
                os.mkdir(folder)
                for file, value in files:
                    with open(os.path.join(folder, file), "w", encoding="ascii") as f:
                        f.write(str(value))
                self.folder = folder
                return
            except OSError:
                if os.path.isdir(folder):
                    os.rmdir(folder)

    def take(self, pid):
        if self.folder:
            with open(os.path.join(self.folder, "cgroup.procs"), "w", encoding="ascii") as f:
                f.write(str(pid))

    def end(self):
        if self.folder:
            os.rmdir(self.folder)


def figure(out, name):
    return float(re.search(r"^%s ([\d.]+)$" % name, out, re.M).group(1))


def offered(folder, ns, quota, ues, *how):
    """What `freehold load` prints, and how much memory the core took at most; its UEs have SUCIs of the null scheme."""
    bench_core.prepare(folder)
    yaml = os.path.join(folder, "network.yaml")
    with open(yaml, encoding="utf-8") as f:
        text = f.read().replace("profile: A,\n  hn_key_id: 1, hn_public_key: %s," % bench_core.HN_PUBLIC, "profile: \"null\",")
    with open(yaml, "w", encoding="utf-8") as f:
        f.write(text)
    core = bench_core.Core(folder, ns)
    try:
        core.run("upf", "-c", yaml)
        time.sleep(0.3)
        ctl = core.run("core", "-c", yaml)
        core.wait("upfs_associated", 1)
        subscribers = os.path.join(folder, "subscribers")
        with open(subscribers, "w", encoding="utf-8") as f:
            subprocess.run([bench_core.FREEHOLD, "load", "-c", yaml, "--ues", str(ues), "--print-subscribers"], stdout=f, check=True)
        bench_core.sh(bench_core.FREEHOLD, "subscriber", "import", subscribers, "--control", core.control)
        quota.take(ctl.pid)
        time.sleep(1)  # the UPF's association is there for good
        before = bench_core.pss_kib([ctl.pid])
        out = bench_core.sh("ip", "netns", "exec", ns, bench_core.FREEHOLD, "load", "-c", yaml, "--ues", str(ues), *how, timeout=300)
        return out, (bench_core.pss_kib([ctl.pid]) - before) / 1024, {n: core.status(n) for n in ("amf.overloads", "amf.put_off")}
    finally:
        core.end()


def main():
    folder, ns, quota = tempfile.mkdtemp(prefix="freehold-bench-"), "fhbench%do" % os.getpid(), Quota()
    try:
        bench_core.sh("ip", "netns", "add", ns)
        bench_core.sh("ip", "-n", ns, "link", "set", "lo", "up")
        out, _, _ = offered(os.path.join(folder, "run"), ns, quota, UES_CAPACITY, "--in-flight", "50")
        capacity = figure(out, "per_second")
        ues = min(int(capacity * TIMES * SECONDS), UES_OFFERED_MAX)
        out, mib, stats = offered(os.path.join(folder, "run"), ns, quota, ues, "--rate", str(int(capacity * TIMES)))
        if len(sys.argv) > 2:
            print(out, stats, file=sys.stderr)
        seconds = figure(out, "seconds")
        print("overload_capacity %.0f 1/s" % capacity)
        print("overload_offered %.1f times" % (ues / seconds / capacity))
        print("overload_goodput %.2f of_capacity" % (figure(out, "sessions") / seconds / capacity))
        print("overload_served_p99 %.0f ms" % figure(out, "served_p99_ms"))
        print("overload_memory %.0f MiB" % mib)
    finally:
        subprocess.run(["ip", "netns", "del", ns], check=False)
        quota.end()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
