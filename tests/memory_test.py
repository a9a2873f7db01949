#!/usr/bin/env python3
"""Memory refused to the real processes: a start survives it or ends with a line that says so, and whoever serves goes on serving.

usage: memory_test.py FREEHOLD REFUSE_MEMORY_SO [--full]. In a network namespace of its own (77 where there is none). Allocations are refused
by tests/refuse_memory.c: the n-th of a start, all from the n-th on, and runs of 1 to 5,000 while serving.
"""
import mmap
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

FREEHOLD, PRELOAD = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
FULL = "--full" in sys.argv
ROLES = ["upf", "core", "gnb", "ue"]  # in this order they are started
STARTS = 10 ** 9 if FULL else 12      # starts of each role, for each kind of refusal
WINDOWS = 400 if FULL else 10         # runs of refusals, for each role
FOREVER = 1 << 62
UP_S, WAIT_S = 20, 60
KEY = "k=465b5ce8b199b49faa5f0a2ee238a6bc opc=e8ed289deba952e4283b54e88e6183ca"
YAML = """plmn: "00101"
tacs: [1]
slices: [1]
dnns: [{name: internet, pool: 10.45.0.0/16}]
core: {store: %(dir)s/store, control: %(dir)s/core.sock,
  home_network_keys: [{id: 1, profile: A, private_key: c53c22208b61860b06c62e5406a7b330c2b577aa5558981510d128247d38bd1d}]}
gnbs: [{n3_address: 127.0.0.3, cells: [{air_address: 127.0.0.3}]}]
ues:
- {imsi: "001010000000001", k: 465b5ce8b199b49faa5f0a2ee238a6bc, opc: e8ed289deba952e4283b54e88e6183ca, profile: A,
   hn_key_id: 1, hn_public_key: 5a8d38864820197c3394b92613b20b91633cbd897119273bf8e4a6f4eec0a650}
air: {ues: [{profile: tdl-a, delay_spread_ns: 30, doppler_hz: 5}, {}]}
"""


class Process:
    """One process whose allocations are counted, and refused as its control file says."""

    begun = []

    def __init__(self, folder, role, first=0, count=0):
        self.role, self.log_path = role, os.path.join(folder, role + ".log")
        path = os.path.join(folder, role + ".refuse")
        with open(path, "wb") as f:
            f.write(struct.pack("<QQQQ", 0, first, first + count, 0))
        with open(path, "r+b") as f:
            self.control = mmap.mmap(f.fileno(), 32)
        with open(self.log_path, "w", encoding="utf-8") as log:
            self.p = subprocess.Popen([FREEHOLD, role, "-c", os.path.join(folder, "network.yaml")], stdout=log, stderr=log,
                                      env=dict(os.environ, LD_PRELOAD=PRELOAD, REFUSE_MEMORY=path))

        Process.begun.append(self.p)

    def count(self):
        return struct.unpack("<Q", self.control[0:8])[0]

    def refuse(self, after, count):
        first = self.count() + after
        self.control[16:24] = struct.pack("<Q", 0)
        self.control[8:16] = struct.pack("<Q", first)
        self.control[16:24] = struct.pack("<Q", first + count)

    def relent(self):
        self.control[16:24] = struct.pack("<Q", 0)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as f:
            return f.read()

    def wait_up(self):
        """True: up; False: it has ended."""
        end = time.time() + UP_S
        while time.time() < end:
            if " is up" in self.log():
                return True
            if self.p.poll() is not None:
                return " is up" in self.log()
            time.sleep(0.005)
        raise AssertionError("%s neither comes up nor ends: %s" % (self.role, self.log()[-500:]))

    def end(self):
        if self.p.poll() is None:
            self.p.terminate()
        return self.p.wait(20)


def status(folder, name):
    out = subprocess.run([FREEHOLD, "status", "--control", folder + "/core.sock"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                         check=False).stdout
    m = re.search(r"^%s (\d+)$" % name, out, re.M)
    return int(m.group(1)) if m else None


def start_refused(folder, role, n, count):
    p = Process(folder, role, n, count)
    up = p.wait_up()
    p.relent()
    code = p.end()
    what = "%s, allocations from %d (%d)" % (role, n, count)
    assert code >= 0, "%s: signal %d: %s" % (what, -code, p.log()[-500:])
    assert up or (code != 0 and p.log().strip()), "%s: ends with %d and without a word" % (what, code)
    return up


def starts(folder, role):
    p = Process(folder, role)
    assert p.wait_up(), p.log()
    total = p.count()
    assert total > 100, "nothing is counted: is %s preloaded?" % PRELOAD
    p.end()
    step = max(1, total // STARTS)
    ups = 0
    for n in sorted(set(range(1, total + 1, step)) | set(range(1, min(total, 6)))):
        ups += start_refused(folder, role, n, 1)
        start_refused(folder, role, n, FOREVER)
    print("%s: %d allocations at start, %d starts in spite of one refused" % (role, total, ups))


def wait_for(folder, name, value):
    end = time.time() + WAIT_S
    while status(folder, name) != value:
        assert time.time() < end, "%s does not become %d but %s" % (name, value, status(folder, name))
        time.sleep(0.1)


class Network:
    def __init__(self, folder):
        self.folder, self.parts = folder, {}
        for role in ROLES[:3]:
            self.begin(role)
        wait_for(folder, "upfs_associated", 1)
        line = os.path.join(folder, "subscribers")
        with open(line, "w", encoding="utf-8") as f:
            f.write("imsi=001010000000001 %s\n" % KEY)
        subprocess.run([FREEHOLD, "subscriber", "import", line, "--control", folder + "/core.sock"], check=True, stdout=subprocess.DEVNULL)
        self.begin("ue")
        wait_for(folder, "sessions_active", 1)

    def begin(self, role):
        self.parts[role] = Process(self.folder, role)
        assert self.parts[role].wait_up(), self.parts[role].log()

    def check(self, what):
        for role, p in self.parts.items():
            assert p.p.poll() is None, "%s: %s has ended with %d: %s" % (what, role, p.p.returncode, p.log()[-800:])

    def end(self):
        for p in reversed(list(self.parts.values())):
            p.relent()
            code = p.end()
            assert code == 0, "%s ends with %d: %s" % (p.role, code, p.log()[-500:])

    def register_again(self):
        """The UE leaves and comes: every process has something to do."""
        self.parts["ue"].relent()
        self.parts["ue"].end()
        self.begin("ue")


def serving(folder):
    n = Network(folder)
    rand = random.Random(28)
    for role in ROLES[:3]:
        for i in range(WINDOWS):
            after, count = rand.randrange(1, 400), [1, 3, 50, 1000, 5000][i % 5]
            n.parts[role].refuse(after, count)
            n.register_again()
            status(folder, "sessions")
            time.sleep(0.2)
            n.check("%s without allocations %d to %d" % (role, after, after + count))
            n.parts[role].relent()
        print("%s served through %d runs of refusals" % (role, WINDOWS))
    for i in range(WINDOWS):
        n.register_again()
        n.parts["ue"].refuse(rand.randrange(1, 50), [1, 50, 5000][i % 3])
        time.sleep(0.2)
        n.check("ue")
    n.register_again()
    wait_for(folder, "sessions_active", 1)
    n.end()


def main():
    if os.environ.get("MEMORY_TEST") != "inside":
        if os.geteuid() != 0 or subprocess.run(["unshare", "-n", "true"], stderr=subprocess.DEVNULL, check=False).returncode:
            return 77
        return subprocess.run(["unshare", "-n", sys.executable, "-B", *sys.argv], env=dict(os.environ, MEMORY_TEST="inside"),
                              check=False).returncode
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    folder = tempfile.mkdtemp(prefix="freehold-memory-")
    try:
        with open(os.path.join(folder, "network.yaml"), "w", encoding="utf-8") as f:
            f.write(YAML % {"dir": folder})
        for role in ROLES + ["air"]:
            starts(folder, role)
        shutil.rmtree(os.path.join(folder, "store"), ignore_errors=True)
        serving(folder)
    finally:
        for p in Process.begun:  # after a failure
            if p.poll() is None:
                p.kill()
                p.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
