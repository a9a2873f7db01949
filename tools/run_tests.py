#!/usr/bin/env python3
"""The test runner: builds, runs every test, adds the counts up. The last line reads `N passed, N failed`.

Stages, in order: tidy, plain (unit and scenario tests), pages (those of CONTRIBUTING.md, followed), san (the same under address and undefined-behaviour
sanitizers), tsan (the tests of several threads, named *_threads, under ThreadSanitizer), msan (codecs and containers under MemorySanitizer), browser (the
console in chromium), e2e (real processes in network namespaces, dissected by tshark; README's first day), fuzz (each target for a while).
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, os.environ.get("BUILD", "build"))
STAGES = ["tidy", "plain", "pages", "san", "tsan", "msan", "browser", "e2e", "fuzz"]
THREADS = r"_threads$"
# What calls no library that is built without MemorySanitizer and writes memory for it (libyaml, libcrypto), and does not refuse memory itself.
CODECS = r"^(base/(?!config|reserve)|crypto/(snow3g|zuc)$|wire/|proto/http$|fuzz/(gtpu|http1|json|nas|ngap|pfcp|xnap)$)"
ON_DEMAND = ["cov", "san-whole"]  # cov: plain tests in a build that counts what they reach (tools/coverage.py); san-whole: san without exception
# The whole radio, sample by sample, costs ten times as much under sanitizers. What tests/cell, tests/hostile_radio and scenario/samples show of it in san
# is enough for each run; the rest is `make san-whole`.
SAN_SELDOM = r"^(scenario/(samples_|sweep.*_samples)|tests/(air|link)$)"
TEST_TIMEOUT_S = 300
WAITING = 2  # tests of the suite `waits` at a time
ENV = dict(os.environ, ASAN_OPTIONS="detect_leaks=1:abort_on_error=0", UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1")


def cases_of(output):
    """Names of what passed, as cmocka or a test in Python prints them."""
    return re.findall(r"^\[       OK \] (\w+)(?: \([\d.]+ s\))?$", output, re.M) + re.findall(r"^ok +(test_\w+) ", output, re.M)


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = []
        self.ran = []  # SUITE and SUITE:CASE, of the stages that procedures.csv names

    def note(self, suite, failed, output):
        self.ran += [] if failed else [suite]
        self.ran += ["%s:%s" % (suite, case) for case in cases_of(output)]

    def add(self, name, passed, failed, seconds, output):
        self.passed += passed
        if failed:
            self.failed += [name] * failed
            print("FAILED %s\n%s" % (name, output[-6000:]))
        else:
            print("ok     %-44s %4d  %6.1f s" % (name, passed, seconds))
        sys.stdout.flush()


def run(command, timeout, **kwargs):
    start = time.time()
    try:
        p = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           timeout=timeout, env=ENV, errors="replace", **kwargs)
        return p.returncode, p.stdout, time.time() - start
    except subprocess.TimeoutExpired as e:
        out = e.stdout.decode(errors="replace") if e.stdout else ""
        return 124, out + "\ntimed out after %d s" % timeout, time.time() - start


def counts(code, output):
    """Passed and failed, as cmocka or a plain last line reports, else by the exit status."""
    passed = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test", output, re.M))
    failed = sum(int(n) for n in re.findall(r"^\[  FAILED  \] (\d+) test", output, re.M))
    m = re.findall(r"^(\d+) passed, (\d+) failed$", output, re.M)
    if m:
        passed, failed = int(m[-1][0]), int(m[-1][1])
    if re.search(r"^\[  SKIPPED \] [1-9]", output, re.M) and os.environ.get("CI"):
        failed += 1  # a test that needs a privilege and cannot have it fails in CI
    if code != 0 and failed == 0:
        failed = 1
    if code == 0 and passed + failed == 0:
        passed = 1
    return passed, failed


def build(kind, *targets):
    """Sets up and builds one kind, or targets of it; the output on failure."""
    env_make = subprocess.run(["make", "-s", "%s/build.ninja" % os.path.join(os.environ.get("BUILD", "build"), kind)], cwd=ROOT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace")
    if env_make.returncode:
        return env_make.stdout
    code, out, _ = run(["ninja", "-C", os.path.join(BUILD, kind), *targets], 1800)
    return out if code else None


def tests_of(kind):
    return json.loads(subprocess.run(["meson", "introspect", "--tests", os.path.join(BUILD, kind)], cwd=ROOT,
                                     stdout=subprocess.PIPE, check=True).stdout)


def unit_tests(kind, count, only="", seldom=None, timeout_s=TEST_TIMEOUT_S):
    """Those of a kind of build whose name matches; the rest is not even built. seldom: those that do not run."""
    error = build(kind, *(["build.ninja"] if only else []))
    tests = [] if error else [t for t in tests_of(kind) if re.search(only, t["name"]) and not (seldom and re.search(seldom, t["name"]))]
    tests.sort(key=lambda t: ("samples" not in t["name"], not re.match(r"scenario/|tests/", t["name"])))  # no long one alone at the end
    if only and not error:
        folder = os.path.join(BUILD, kind)
        error = build(kind, *[os.path.relpath(word, folder) for t in tests for word in t["cmd"] if word.startswith(folder + os.sep)])
    if error:
        count.add("%s: build" % kind, 0, 1, 0, error)
        return

    def one(t):
        code, out, seconds = run(t["cmd"], max(timeout_s, t.get("timeout", 0)))
        return t["name"], counts(code, out), seconds, out

    # Those of processes that wait for one another have workers of their own, since a processor does not make them faster.
    waits = [t for t in tests if any(suite.endswith(":waits") for suite in t["suite"])]
    with concurrent.futures.ThreadPoolExecutor(WAITING) as beside, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = [beside.submit(one, t) for t in waits] + [pool.submit(one, t) for t in tests if t not in waits]
        for done in concurrent.futures.as_completed(results):
            name, (passed, failed), seconds, out = done.result()
            count.add("%s: %s" % (kind, name), passed, failed, seconds, out)
            if kind == "plain":
                count.note(name, failed, out)


def begin_debian_root():
    """That of tests/readme_test.py, made beside the stages before: a mirror is waited for most of the time. None where it cannot be made."""
    if os.geteuid() != 0 or not shutil.which("mmdebstrap"):
        return None
    return subprocess.Popen([sys.executable, "-B", "tests/debian_root.py", BUILD], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def end_to_end(count):
    """In namespaces; beside them, since they wait most of the time, README in fresh Debian roots and a guest with a kernel's SCTP; then under strace."""
    def one(name):
        code, out, seconds = run([sys.executable, "-B", "tests/%s.py" % name, BUILD], 900)
        return "end to end: " + os.path.basename(name), counts(code, out), seconds, out

    names = ("end-to-end/run", "readme_test", "end-to-end/guest", "end-to-end/confinement")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, (passed, failed), seconds, out in pool.map(one, names):
            count.add(name, passed, failed, seconds, out)
            count.note("e2e", failed, out)


def conformance(count):
    """Whether every test that procedures.csv and scas.csv name ran and passed."""
    path = os.path.join(BUILD, "ran.txt")
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(count.ran))
    code, out, seconds = run([sys.executable, "-B", "tools/conformance.py", "--ran", path], 60)
    count.add("conformance: procedures.csv", int(code == 0), int(code != 0), seconds, out)


def fuzz(count, seconds):
    error = build("fuzz", "fuzzers")
    if error:
        count.add("fuzz: build", 0, 1, 0, error)
        return
    folder = os.path.join(BUILD, "fuzz", "tests", "fuzz")
    targets = sorted(f for f in os.listdir(folder) if f.startswith("fuzz_") and os.access(os.path.join(folder, f), os.X_OK)
                     and os.path.isfile(os.path.join(folder, f)))

    def one(t):
        seeds = os.path.join(ROOT, "tests", "fuzz", "seeds", t)
        corpus = os.path.join(BUILD, "fuzz-corpus", t)
        os.makedirs(corpus, exist_ok=True)
        command = [os.path.join(folder, t), "-max_total_time=%d" % seconds, "-rss_limit_mb=4096", "-max_len=4096",
                   "-artifact_prefix=" + corpus + "-", "-print_final_stats=1", corpus]
        if os.path.isdir(seeds):
            command.append(seeds)
        return (t,) + run(command, seconds + 120)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for t, code, out, took in pool.map(one, targets):
            units = re.search(r"stat::number_of_executed_units: (\d+)", out)
            count.add("fuzz: %s (%s runs)" % (t, units.group(1) if units else "?"), 1 - bool(code), int(bool(code)), took, out)


def script(count, name, path, timeout, *args):
    code, out, seconds = run([sys.executable, "-B", path, *args], timeout)
    count.add(name, *counts(code, out), seconds, out)


def tidy(count):
    for name, path in (("tidy", "tools/tidy.py"), ("conformance: procedures.csv names tests", "tools/conformance.py")):
        code, out, seconds = run([sys.executable, "-B", path], 60)
        count.add(name, int(code == 0), int(code != 0), seconds, out)


def browser(count):
    error = build("plain", "apps/freehold")
    if error:
        count.add("browser: build", 0, 1, 0, error)
    else:
        script(count, "browser: the console", "tests/browser_test.py", 300, BUILD)


def processes(count, debian_root):
    error = build("plain")
    if error:
        count.add("end to end: build", 0, 1, 0, error)
        return
    if debian_root:
        debian_root.wait()
    end_to_end(count)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--fast", action="store_true", help="tidy and plain only")
    args.add_argument("--only", choices=STAGES + ON_DEMAND)
    args.add_argument("--fuzz-seconds", type=int, default=6, help="for each target")
    args = args.parse_args()
    wanted = [args.only] if args.only else STAGES[:2] if args.fast else STAGES
    count, times = Count(), []
    start = time.time()
    os.makedirs(BUILD, exist_ok=True)
    debian_root = begin_debian_root() if "e2e" in wanted else None
    stages = {
        "tidy": lambda: tidy(count),
        "plain": lambda: unit_tests("plain", count),
        "cov": lambda: unit_tests("cov", count),
        "san": lambda: unit_tests("san", count, seldom=SAN_SELDOM),
        "san-whole": lambda: unit_tests("san", count, timeout_s=3 * TEST_TIMEOUT_S),
        "pages": lambda: script(count, "pages: CONTRIBUTING.md", "tests/pages_test.py", 900, BUILD),
        "browser": lambda: browser(count),
        "tsan": lambda: unit_tests("tsan", count, THREADS),
        "msan": lambda: unit_tests("msan", count, CODECS),
        "e2e": lambda: processes(count, debian_root),
        "fuzz": lambda: fuzz(count, args.fuzz_seconds),
    }

    def stage(name):
        begun = time.time()
        stages[name]()
        times.append("%s %.0f" % (name, time.time() - begun))

    # The browser waits for pages most of the time: beside it compilers work.
    with concurrent.futures.ThreadPoolExecutor(1) as beside:
        seen = None
        for name in stages:
            if name not in wanted:
                continue
            if name == "browser":
                seen = beside.submit(stage, name)
                continue
            if name == "e2e" and seen:
                seen.result()
            stage(name)
        if seen:
            seen.result()
    if {"plain", "e2e"} <= set(wanted):
        conformance(count)
    print("\nstages, in seconds: %s" % ", ".join(times))
    print("%.0f s%s" % (time.time() - start, "; failed: " + ", ".join(count.failed) if count.failed else ""))
    print("%d passed, %d failed" % (count.passed, len(count.failed)))
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
