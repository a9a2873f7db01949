#!/usr/bin/env python3
"""`make bench`: runs every benchmark, prints each figure beside what it should reach, writes build/bench.json.

A benchmark is a program of tests/bench that prints lines `name value unit`, or a test that does with --bench.
"""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
TESTS = ["channels_pdsch_layers", "channels_pucch", "channels_pusch_receive", "channels_srs", "prach_prach_detect"]  # of radio/phy


def reaches():
    """tests/bench/reach.csv: name, reach, better (higher or lower), what it is."""
    out = {}
    with open(os.path.join(ROOT, "tests", "bench", "reach.csv"), encoding="utf-8") as f:
        for line in f:
            if line.startswith("#") or not line.strip() or line.startswith("name,"):
                continue
            name, reach, better, _ = line.strip().split(",", 3)
            out[name] = (float(reach), better)
    return out


def main():
    folder = os.path.join(BUILD, "plain", "tests", "bench")
    wanted = reaches()
    results, missing = [], set(wanted)
    subprocess.run(["ninja", "-C", os.path.join(BUILD, "plain"), "bench"], stdout=subprocess.DEVNULL, check=False)
    scripts = os.path.join(ROOT, "tests", "bench")
    programs = [[os.path.join(folder, name)] for name in sorted(os.listdir(folder))
                if name.startswith("bench_") and os.path.isfile(os.path.join(folder, name)) and os.access(os.path.join(folder, name), os.X_OK)]
    programs += [[os.path.join(BUILD, "plain", "radio", "phy", "radio_phy_%s_test" % name), "--bench"] for name in TESTS]
    programs += [[sys.executable, "-B", os.path.join(scripts, name), BUILD] for name in sorted(os.listdir(scripts))
                 if name.startswith("bench_") and name.endswith(".py")]
    for command in programs:
        name = os.path.basename(command[-2] if len(command) > 1 else command[0])
        p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, errors="replace", cwd=ROOT, check=False)
        if p.returncode:
            print("%s failed: %s" % (name, p.stderr[-500:]))
        for line in p.stdout.split("\n"):
            m = re.match(r"^([a-z0-9_]+) ([0-9.eE+-]+) (\S+)$", line)
            if not m:
                continue
            reach, better = wanted.get(m.group(1), (None, "higher" if m.group(3).endswith("/s") else "lower"))
            value = float(m.group(2))
            missing.discard(m.group(1))
            results.append({"name": m.group(1), "value": value, "unit": m.group(3), "reach": reach, "better": better})
            ok = "" if reach is None else "reached" if (value >= reach) == (better == "higher") or value == reach else "NOT reached"
            print("%-44s %14.3f %-10s %s %s" % (m.group(1), value, m.group(3), "" if reach is None else "(reach %g)" % reach, ok))
    for name in sorted(missing):
        print("%-44s not measured" % name)
    with open(os.path.join(BUILD, "bench.json"), "w", encoding="utf-8") as f:
        json.dump(results, f, indent=1)
        f.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
