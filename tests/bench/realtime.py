#!/usr/bin/env python3
"""A cell in real time: gNB and UE as processes at radio devices with time stamps (io/sdr/fake_soapy.c: two devices that share an air and the machine's
clock), TCP as fast as it goes both ways. A slot that is late is not sent, and counted: there should be none. Wants a quiet machine.

usage: realtime.py BUILD [SECONDS [MEGAHERTZ]]
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
    run = e2e(build)
    n = run.Network(cell_keys=", band: 3, arfcn: 368500, bandwidth_mhz: %s, search_space: ue-specific, device: {args: 'driver=fake,air=AIR,side=0', level_db: -20}" % mhz,
                    gnb_keys="metrics_address: 127.0.0.3, ", ue_keys="device: {args: 'driver=fake,air=AIR,side=1', level_db: -20}, ",
                    more="radio: {air: samples}\n")
    os.symlink(os.path.join(build, "plain", "io", "libfake_soapy.so"), os.path.join(n.dir, "libSoapySDR.so.0.8"))
    with open(n.yaml, encoding="utf-8") as f:
        text = f.read()
    with open(n.yaml, "w", encoding="utf-8") as f:
        f.write(text.replace("AIR", os.path.join(n.dir, "air")))
    os.environ["LD_LIBRARY_PATH"] = n.dir

    def figure(name):
        out = run.sh(["ip", "netns", "exec", n.main, run.FREEHOLD, "metrics", "--address", "127.0.0.3:9478"], check=True).stdout
        return int(float(re.search(r"^freehold_%s\S* (\S+)$" % name, out, re.M).group(1)))

    names = ("device_sent_total", "device_late_total", "device_behind_total", "device_filled_total", "device_refused_total", "device_clipped_total")
    try:
        n.bring_up()
        before = {name: figure(name) for name in names}
        down, up = flood(n, seconds)
        after = {name: figure(name) - before[name] for name in names}
    except AssertionError as e:
        print(n.logs())
        raise e
    finally:
        n.end()
    print("realtime_%smhz_down %.1f Mb/s" % (mhz, down * 8 / seconds / 1e6))
    print("realtime_%smhz_up %.1f Mb/s" % (mhz, up * 8 / seconds / 1e6))
    for name in names[1:]:
        print("realtime_%smhz_gnb_%s %d" % (mhz, name[7:-6], after[name]))
    return 0 if after["device_late_total"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
