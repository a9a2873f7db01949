#!/usr/bin/env python3
"""The core under a crowd over real SCTP on loopback: CPU and memory of all core processes, and the time to the first ping.

usage: bench_core.py BUILD_DIR. Needs root (network namespaces, TUN). Prints `name value unit` lines.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from build_folder import build_folder  # noqa: E402

BUILD = build_folder(__doc__)
FREEHOLD = os.path.join(BUILD, "plain", "apps", "freehold")
UES_CPU, UES_MEMORY = 10000, 50000
UES_LIVING = 20000
# Task, seconds, so many a second: faster than the core does them, which works in batches then.
PHASES = (("idle", 1, 18000), ("service", 1, 18000), ("idle", 1, 18000), ("page", 1, 16000), ("traffic", 2, 18000),
          ("handover", 3, 6000), ("path-switch", 2, 6000))
HN_PRIVATE = "c53c22208b61860b06c62e5406a7b330c2b577aa5558981510d128247d38bd1d"  # TS 33.501 Annex C.4.3
HN_PUBLIC = "5a8d38864820197c3394b92613b20b91633cbd897119273bf8e4a6f4eec0a650"
# What has one size however many UEs there are, and is not theirs: the ring of traces (33 MiB), the events in the store (12 MiB).
FIXED = "trace_ring_mib: 0, events_max: 0, "
YAML = """plmn: "00101"
tacs: [1]
slices: [1-010203]
dnns:
  - {name: internet, pool: 10.32.0.0/12, dns: [10.32.0.1]}
core: {%(core)s%(fixed)sstore: %(dir)s/store, control: %(dir)s/core.sock, n4_address: 127.0.0.1, amfs: [{n2_address: 127.0.0.1}],
  home_network_keys: [{id: 1, profile: A, private_key: %(private)s}]}
upfs: [{%(core)sn4_address: 127.0.0.2, n3_address: 127.0.0.2}]
gnbs: [{%(core)sn2_address: 127.0.0.3, n3_address: 127.0.0.3, cells: [{air_address: %(air)s}]}]
ues:
- {%(ue)simsi: "001010000000001", k: 465b5ce8b199b49faa5f0a2ee238a6bc, opc: e8ed289deba952e4283b54e88e6183ca, profile: A,
  hn_key_id: 1, hn_public_key: %(public)s, air_address: %(ue_air)s, default_route: true}
log_level: warn
"""


def sh(*command, **kwargs):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True, **kwargs).stdout


def cpu_s(pids):
    ticks = 0
    for pid in pids:
        with open("/proc/%d/stat" % pid, encoding="ascii") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def pss_kib(pids):
    total = 0
    for pid in pids:
        with open("/proc/%d/smaps_rollup" % pid, encoding="ascii") as f:
            total += int(re.search(r"^Pss:\s+(\d+)", f.read(), re.M).group(1))
    return total


class Core:
    def __init__(self, folder, ns):
        self.folder, self.ns = folder, ns
        self.children = []
        self.control = os.path.join(folder, "core.sock")

    def run(self, *args, output=subprocess.DEVNULL):
        p = subprocess.Popen(["ip", "netns", "exec", self.ns, FREEHOLD, *args], stdout=output,
                             stderr=open(os.path.join(self.folder, args[0] + ".log"), "w", encoding="utf-8"))
        self.children.append(p)
        return p

    def status(self, name):
        p = subprocess.run([FREEHOLD, "status", "--control", self.control], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                           check=False)
        m = re.search(r"^%s (\d+)$" % name, p.stdout, re.M)
        return int(m.group(1)) if m else 0

    def wait(self, name, value):
        end = time.time() + 20
        while self.status(name) < value:
            if time.time() > end:
                raise RuntimeError("%s does not reach %d" % (name, value))
            time.sleep(0.02)

    def end(self):
        for p in reversed(self.children):
            p.terminate()
        for p in self.children:
            p.wait()


def load(folder, ns, ues):
    yaml = os.path.join(folder, "network.yaml")
    core = Core(folder, ns)
    try:
        upf = core.run("upf", "-c", yaml)
        time.sleep(0.3)
        ctl = core.run("core", "-c", yaml)
        core.wait("upfs_associated", 1)
        subscribers = os.path.join(folder, "subscribers")
        with open(subscribers, "w", encoding="utf-8") as f:
            subprocess.run([FREEHOLD, "load", "-c", yaml, "--ues", str(ues), "--print-subscribers"], stdout=f, check=True)
        sh(FREEHOLD, "subscriber", "import", subscribers, "--control", core.control)
        pids = [ctl.pid, upf.pid]
        cpu, pss = cpu_s(pids), pss_kib(pids)
        out = sh("ip", "netns", "exec", ns, FREEHOLD, "load", "-c", yaml, "--ues", str(ues), "--in-flight", "200", timeout=900)
        if "failed 0\n" not in out or "sessions %d\n" % ues not in out:
            raise RuntimeError(out)
        return cpu_s(pids) - cpu, pss_kib(pids) - pss, out
    finally:
        core.end()


def living(folder, ns):
    """Procedures per CPU-second of core and UPF, of UEs that are there already: name -> figure."""
    yaml = os.path.join(folder, "network.yaml")
    core = Core(folder, ns)
    try:
        upf = core.run("upf", "-c", yaml)
        time.sleep(0.3)
        ctl = core.run("core", "-c", yaml)
        core.wait("upfs_associated", 1)
        subscribers = os.path.join(folder, "subscribers")
        with open(subscribers, "w", encoding="utf-8") as f:
            subprocess.run([FREEHOLD, "load", "-c", yaml, "--ues", str(UES_LIVING), "--print-subscribers"], stdout=f, check=True)
        sh(FREEHOLD, "subscriber", "import", subscribers, "--control", core.control)
        mix = "; ".join("%d: %s=%d" % (seconds, task, rate) for task, seconds, rate in PHASES)
        crowd = core.run("load", "-c", yaml, "--ues", str(UES_LIVING), "--in-flight", "200", "--mix", mix, output=subprocess.PIPE)
        figures, begun, cpu = {}, 0, 0
        for line in iter(lambda: crowd.stdout.readline().decode(), ""):
            if re.match(r"phase \d+ begins", line):
                cpu = cpu_s([ctl.pid, upf.pid])
            elif re.match(r"phase \d+ ends", line):
                task, seconds, rate = PHASES[begun]
                figures[task] = seconds * rate / (cpu_s([ctl.pid, upf.pid]) - cpu)
                begun += 1
            elif re.search(r" failed [1-9]| nobody [1-9]", line):
                raise RuntimeError(line)
        if crowd.wait() or begun < len(PHASES):
            raise RuntimeError("the crowd has failed")
        core.children.remove(crowd)
        return figures
    finally:
        core.end()


def idle(folder, ns):
    """KiB of core and UPF that are associated and have nothing to do."""
    yaml = os.path.join(folder, "network.yaml")
    core = Core(folder, ns)
    try:
        upf = core.run("upf", "-c", yaml)
        time.sleep(0.3)
        ctl = core.run("core", "-c", yaml)
        core.wait("upfs_associated", 1)
        time.sleep(1)
        return pss_kib([ctl.pid, upf.pid])
    finally:
        core.end()


def first_ping(folder, main, ue):
    """From the start of `freehold up` to the first answer; the UE's namespace has its link to the gNB already."""
    yaml = os.path.join(folder, "network.yaml")
    core = Core(folder, main)
    try:
        first = core.run("core", "-c", yaml)  # once before, to provision the subscriber
        core.wait("upfs", 1)
        sh(FREEHOLD, "subscriber", "add", "imsi=001010000000001", "k=465b5ce8b199b49faa5f0a2ee238a6bc",
           "opc=e8ed289deba952e4283b54e88e6183ca", "--control", core.control)
        first.terminate()
        first.wait()
        start = time.time()
        core.children.append(subprocess.Popen([FREEHOLD, "up", "--gnbs", "--ues", "-c", yaml], stdout=subprocess.DEVNULL,
                                              stderr=open(os.path.join(folder, "up.log"), "w", encoding="utf-8")))
        while subprocess.run(["ip", "netns", "exec", ue, "ping", "-c", "1", "-W", "0.2", "10.32.0.1"], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, check=False).returncode:
            if time.time() - start > 20:
                raise RuntimeError("no ping")
        return time.time() - start
    finally:
        core.end()


def prepare(folder, **keys):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(os.path.join(folder, "network.yaml"), "w", encoding="utf-8") as f:
        f.write(YAML % dict(dict(dir=folder, private=HN_PRIVATE, public=HN_PUBLIC, core="", fixed="", ue="", air="127.0.0.3", ue_air="127.0.0.4"), **keys))


def in_namespace(measure):
    """Calls it with a core that has a namespace and a network.yaml of its own."""
    folder, ns = tempfile.mkdtemp(prefix="freehold-bench-"), "fhbench%dn" % os.getpid()
    run = os.path.join(folder, "run")
    core = Core(run, ns)
    try:
        sh("ip", "netns", "add", ns)
        sh("ip", "-n", ns, "link", "set", "lo", "up")
        prepare(run)
        measure(core)
    finally:
        core.end()
        subprocess.run(["ip", "netns", "del", ns], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def main():
    folder = tempfile.mkdtemp(prefix="freehold-bench-")
    main_ns, ue_ns = "fhbench%dm" % os.getpid(), "fhbench%du" % os.getpid()
    try:
        for ns in (main_ns, ue_ns):
            sh("ip", "netns", "add", ns)
            sh("ip", "-n", ns, "link", "set", "lo", "up")
        sh("ip", "-n", main_ns, "link", "add", "air0", "type", "veth", "peer", "name", "air1", "netns", ue_ns)
        for ns, dev, address in ((main_ns, "air0", "10.102.0.1/24"), (ue_ns, "air1", "10.102.0.2/24")):
            sh("ip", "-n", ns, "addr", "add", address, "dev", dev)
            sh("ip", "-n", ns, "link", "set", dev, "up")
        run = os.path.join(folder, "idle")
        prepare(run)
        print("memory_idle_core_upf %.2f MiB" % (idle(run, main_ns) / 1024))
        run = os.path.join(folder, "cpu")
        prepare(run)
        seconds, _, out = load(run, main_ns, UES_CPU)
        print("registration_and_session_per_cpu_second %.0f 1/s" % (UES_CPU / seconds))
        print("registration_and_session_per_second %s 1/s" % re.search(r"per_second (\d+)", out).group(1))
        run = os.path.join(folder, "living")
        prepare(run)
        figures = living(run, main_ns)
        for name, task in (("an_releases", "idle"), ("service_requests", "service"), ("pagings", "page"), ("n2_handovers", "handover"),
                           ("xn_path_switches", "path-switch")):
            print("%s_per_cpu_second %.0f 1/s" % (name, figures[task]))
        run = os.path.join(folder, "memory")
        prepare(run, fixed=FIXED)
        _, kib, _ = load(run, main_ns, UES_MEMORY)
        print("memory_per_ue %.2f KiB" % (kib / UES_MEMORY))
        run = os.path.join(folder, "ping")
        times = []
        for _ in range(3):
            prepare(run, core="netns: %s, " % main_ns, ue="netns: %s, " % ue_ns, air="10.102.0.1", ue_air="10.102.0.2")
            times.append(first_ping(run, main_ns, ue_ns))
        print("up_to_first_ping %.3f s" % sorted(times)[1])
    finally:
        for ns in (main_ns, ue_ns):
            subprocess.run(["ip", "netns", "del", ns], check=False)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
