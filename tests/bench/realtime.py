#!/usr/bin/env python3
"""A cell in real time: gNB and UE as processes at radio devices with time stamps (io/sdr/fake_soapy.c: two devices that share an air and the machine's
clock), TCP as fast as it goes both ways. A slot that is late is not sent, and counted: there should be none. Wants a quiet machine.

usage: realtime.py BUILD [SECONDS [MEGAHERTZ [LEAD_SLOTS]]]
"""
import importlib.util
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# One connection, both ways at once: the gateway answers UEs at port 53 alone.
FLOOD = """
import socket, sys, threading, time
seconds = float(sys.argv[2])
if sys.argv[1] == "listen":
    l = socket.create_server(("10.45.0.1", 53))
    l.settimeout(20)
    print("listens", flush=True)
    c, _ = l.accept()
else:
    c = socket.create_connection(("10.45.0.1", 53), 10)
c.settimeout(seconds + 10)
end, total = time.time() + seconds, 0
def send():
    try:
        while time.time() < end:
            c.send(bytes(65536))
    except OSError:
        pass
threading.Thread(target=send, daemon=True).start()
try:
    while time.time() < end:
        got = len(c.recv(65536))
        if got == 0:
            break
        total += got
except OSError:
    pass
print(total, flush=True)
"""

COUNTED = ("late", "behind", "filled", "refused", "clipped", "underflows")
TIMES = ("waited", "work", "margin")


def within(since, name, share):
    """The bound of the first bucket of a histogram that has such a share below it; of the margin, of what is more: in us."""
    buckets = [(float(key.split(" ")[1]), value) for key, value in since.items() if key.startswith("device_%s_seconds_bucket " % name)]
    buckets.sort()
    count = buckets[-1][1] if buckets else 0
    if name == "margin":
        share = 1 - share
    for bound, value in buckets:
        if value >= share * count and value > 0:
            return "%.0f" % (bound * 1e6) if bound != float("inf") else "inf"
    return "?"


def e2e(build):
    """The networks of the end-to-end tests."""
    sys.argv = [sys.argv[0], build]
    spec = importlib.util.spec_from_file_location("run", os.path.join(HERE, "..", "end-to-end", "run.py"))
    run = importlib.util.module_from_spec(spec)
    sys.path.insert(0, os.path.join(HERE, "..", "end-to-end"))
    spec.loader.exec_module(run)
    return run


def flood(n, seconds):
    """Octets down and up, received in so many seconds."""
    def end(ns, what):
        return subprocess.Popen(["ip", "netns", "exec", ns, sys.executable, "-c", FLOOD, what, str(seconds)], stdout=subprocess.PIPE, text=True)
    server = end(n.main, "listen")
    if server.stdout.readline() != "listens\n":
        raise AssertionError("no server")
    client = end(n.ue, "connect")
    down, up = (int(p.communicate(timeout=seconds + 60)[0] or 0) for p in (client, server))
    return down, up


def main():
    build = os.path.abspath(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    mhz = sys.argv[3] if len(sys.argv) > 3 else "20"
    lead = sys.argv[4] if len(sys.argv) > 4 else "6"
    run = e2e(build)
    n = run.Network(cell_keys=", band: 3, arfcn: 368500, bandwidth_mhz: %s, search_space: ue-specific, device: {args: 'driver=fake,air=AIR,side=0', level_db: -20, lead_slots: %s}" % (mhz, lead),
                    gnb_keys="metrics_address: 127.0.0.3, ", ue_keys="metrics_address: 127.0.0.4, device: {args: 'driver=fake,air=AIR,side=1', level_db: -20, lead_slots: %s}, " % lead,
                    more="radio: {air: samples}\n")
    os.symlink(os.path.join(build, "plain", "io", "libfake_soapy.so"), os.path.join(n.dir, "libSoapySDR.so.0.8"))
    with open(n.yaml, encoding="utf-8") as f:
        text = f.read()
    with open(n.yaml, "w", encoding="utf-8") as f:
        f.write(text.replace("AIR", os.path.join(n.dir, "air")))
    os.environ["LD_LIBRARY_PATH"] = n.dir

    def figures(ns, address):
        """All figures of a process, by name; buckets of a histogram by name and bound."""
        out = run.sh(["ip", "netns", "exec", ns, run.FREEHOLD, "metrics", "--address", address + ":9478"], check=True).stdout
        return {m[1] + ("" if not m[2] else " " + m[2]): float(m[3]) for m in re.finditer(r'^freehold_([a-z0-9_]+)\S*?(?:le="([^"]+)")?\}? (\S+)$', out, re.M)}

    try:
        n.bring_up()
        ends = {"gnb": (n.main, "127.0.0.3"), "ue": (n.ue, "127.0.0.4")}
        before = {who: figures(*where) for who, where in ends.items()}
        down, up = flood(n, seconds)
        after = {who: figures(*where) for who, where in ends.items()}
    except AssertionError as e:
        print(n.logs())
        raise e
    finally:
        n.end()
    print("realtime_%smhz_down %.1f Mb/s" % (mhz, down * 8 / seconds / 1e6))
    print("realtime_%smhz_up %.1f Mb/s" % (mhz, up * 8 / seconds / 1e6))
    late = 0
    for who in ends:
        since = {name: value - before[who].get(name, 0) for name, value in after[who].items()}
        late += since["device_late_total"]
        for name in COUNTED:
            print("realtime_%smhz_%s_%s %d" % (mhz, who, name, since["device_%s_total" % name]))
        for name in TIMES:
            print("realtime_%smhz_%s_%s %s us" % (mhz, who, name, " ".join("%g%%<=%s" % (100 * p, within(since, name, p)) for p in (0.5, 0.99, 0.9999, 1))))
    return 0 if late == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
