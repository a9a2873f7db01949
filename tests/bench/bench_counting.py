#!/usr/bin/env python3
"""What figures, events and the ring of traces cost of the core's work: bench_counting.py BUILD_DIR. Prints `name value unit` lines.

Instructions of the same calls (registration and PDU session, the store on disk), by callgrind: so they are the same on a machine that is busy
with other things. metrics_cost: what counts by label and time, of a call, and a scrape a second by HTTP, in CPU of the process. events_cost:
a call with events beside one without; trace_cost: a call with the ring beside one without, trace_keep_cost: whose messages are all fetched from it, too; what the kernel does for a commit is not seen. Needs valgrind.
"""
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from bench_core import BUILD, cpu_s, in_namespace

COUNTING = os.path.join(BUILD, "plain", "tests", "bench", "counting")
UES, SCRAPES, RING_MIB = 60, 400, 32
# All that the core does, and what is counting of it.
WORK = ["core_on_msg", "core_on_deadline", "store_commit"]
COUNTERS = r"(?:amf_count|smf_count)_\w+|histogram_add"


def run(folder, events=0, ring_mib=0, *more):
    """Instructions of all calls, and those of counting."""
    store, out = os.path.join(folder, "store"), os.path.join(folder, "callgrind")
    os.mkdir(store)
    subprocess.run(["valgrind", "--tool=callgrind", "--collect-atstart=no", *("--toggle-collect=" + f for f in WORK), "--callgrind-out-file=" + out,
                    COUNTING, str(UES), str(events), str(ring_mib), store, *more], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    shutil.rmtree(store)
    with open(out, encoding="utf-8") as f:
        total = int(re.search(r"(?m)^(?:totals|summary): (\d+)", f.read()).group(1))
    listed = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--threshold=100", out], stdout=subprocess.PIPE, text=True, check=True).stdout
    counting = {}
    for number, name in re.findall(r"(?m)^\s*([\d,]+) .*[:/](%s)(?:'\d+)?(?: \[|$)" % COUNTERS, listed):
        counting[name] = max(counting.get(name, 0), int(number.replace(",", "")))
    if not counting:
        raise RuntimeError("no counting is seen")
    inner = counting.pop("histogram_add", 0) if len(counting) > 1 else 0
    counting.pop("amf_count_request", None)  # within the others
    return total, sum(counting.values()), inner


def scrape_s(core):
    """CPU of a process for a scrape."""
    yaml = os.path.join(core.folder, "network.yaml")
    with open(yaml, encoding="utf-8") as f:
        text = f.read()
    with open(yaml, "w", encoding="utf-8") as f:
        f.write(text.replace("core: {", "core: {metrics_address: 127.0.0.1, "))
    process = core.run("core", "-c", yaml)
    core.wait("upfs", 1)
    client = "import socket\nfor _ in range(%d):\n s = socket.create_connection(('127.0.0.1', 9478))\n s.sendall(b'GET /metrics HTTP/1.0\\r\\n\\r\\n')\n" \
             " t = b''\n while True:\n  d = s.recv(1 << 16)\n  if not d: break\n  t += d\n assert t.endswith(b'# EOF\\n')\n s.close()\n" % SCRAPES
    begun = cpu_s([process.pid])
    subprocess.run(["ip", "netns", "exec", core.ns, sys.executable, "-c", client], check=True)
    print("metrics_scrape %.3f ms" % ((cpu_s([process.pid]) - begun) / SCRAPES * 1000))
    core.scrape_s = (cpu_s([process.pid]) - begun) / SCRAPES


def main():
    if not shutil.which("valgrind"):
        return 0
    cost = []
    in_namespace(lambda core: (scrape_s(core), cost.append(core.scrape_s)))
    folder = tempfile.mkdtemp(prefix="freehold-bench-")
    try:
        without, counting, _ = run(folder)
        with_events, _, _ = run(folder, events=100000)
        with_ring, _, _ = run(folder, ring_mib=RING_MIB)
        kept, _, _ = run(folder, 0, RING_MIB, "keep")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("instructions_per_call %.0f 1" % (without / UES))
    print("metrics_cost %.3f %%" % (100.0 * counting / without + 100.0 * cost[0]))
    print("events_cost %.3f %%" % (100.0 * (with_events - without) / without))
    print("trace_cost %.3f %%" % (100.0 * (with_ring - without) / without))
    print("trace_keep_cost %.3f %%" % (100.0 * (kept - without) / without))
    return 0


if __name__ == "__main__":
    sys.exit(main())
