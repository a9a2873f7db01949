#!/usr/bin/env python3
"""What layer 2 sends, read by another: tests_layer2_test writes the MAC and RLC PDUs of its loss-free run, and tshark must find none
malformed, nothing to warn of, and in MAC PDUs the parts, in RLC PDUs the numbers that they have.

usage: layer2_dissected_test.py tests_layer2_test
"""
import collections
import os
import shutil
import subprocess
import sys
import tempfile

import dissected

HEURISTICS = ["--enable-heuristic", "mac_nr_udp", "--enable-heuristic", "rlc_nr_udp"]
FIELDS = ["frame.protocols", "_ws.malformed", "_ws.expert.severity", "_ws.expert.message", "mac-nr.direction", "mac-nr.ulsch.lcid",
          "mac-nr.dlsch.lcid", "rlc-nr.am.cpt", "rlc-nr.am.sn", "rlc-nr.um.sn", "mac-nr.rar.rapid"]


def dissect(capture):
    out = subprocess.run(["tshark", "-n", "-r", capture, *HEURISTICS, "-T", "fields", "-E", "separator=|",
                          *[x for f in FIELDS for x in ("-e", f)]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return [dict(zip(FIELDS, line.split("|"))) for line in out.splitlines()]


def main():
    if not shutil.which("tshark"):
        return 77
    with tempfile.TemporaryDirectory(prefix="freehold-layer2-") as folder:
        capture = os.path.join(folder, "layer2.pcap")
        subprocess.run([sys.argv[1], capture], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        frames = dissect(capture)
    kinds, wrong = collections.Counter(), []
    for n, f in enumerate(frames, 1):
        kind = "mac" if "mac-nr" in f["frame.protocols"] else "rlc" if "rlc-nr" in f["frame.protocols"] else "other"
        kinds[kind] += 1
        # Severities of tshark: 0x600000 is a warning, 0x800000 an error; a note of IP about its checksum is none.
        severe = [s for s in f["_ws.expert.severity"].split(",") if s and int(s) >= 0x600000]
        if kind == "other" or f["_ws.malformed"] or severe:
            wrong.append((n, f))
    sns = [int(x) for f in frames for x in f["rlc-nr.am.sn"].split(",") if x]
    lcids = collections.Counter(x for f in frames for k in ("mac-nr.ulsch.lcid", "mac-nr.dlsch.lcid") for x in f[k].split(",") if x)
    checks = [
        ("no PDU is malformed, or worth a warning", not wrong),
        ("there are MAC PDUs and RLC PDUs in plenty", kinds["mac"] > 300 and kinds["rlc"] > 1000),
        ("sequence numbers reach the last packet's", sns and max(sns) >= 399),
        ("both bearers, reports, contention and padding are there", {"0x04", "0x05", "0x3d", "0x3e", "0x3f", "0x39", "0x34"} <= set(lcids)),
        ("the response has its preamble", any(f["mac-nr.rar.rapid"] for f in frames)),
    ]
    print(dict(kinds), dict(lcids))
    return dissected.report(checks, wrong)


if __name__ == "__main__":
    sys.exit(main())
