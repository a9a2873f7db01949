#!/usr/bin/env python3
"""`make tidy`: the rules of the house that a program can check.

Includes follow rooms.txt; banned calls; length of functions, files, lines and public headers; every C file is
built; every room has a README; every header has #pragma once; no circle of files in a folder; the faults that are planted
still find their place. Prints one line a finding; the last line counts.
"""
import os
import re
import subprocess
import sys

import circles
import plant_faults

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400
LINE_COLUMNS_MAX = 110  # a tab counts as 8
BANNED = {
    "strcpy": "use str_copy", "strcat": "use a writer", "sprintf": "use text_put or snprintf",
    "vsprintf": "use vsnprintf", "gets": "", "strtok": "", "strtok_r": "", "atoi": "use text_uint",
    "atol": "use text_uint", "alloca": "", "strncpy": "use str_copy", "strncat": "", "rand": "use env_random",
    "srand": "", "random": "use env_random", "setjmp": "", "longjmp": "", "system": "", "abort": "",
}
TIME = {"time", "clock_gettime", "gettimeofday", "getrandom", "arc4random"}
# Rooms that own the operating system, or are no part of a room.
TIME_ALLOWED = ("io/", "ops/", "air/", "demo/", "apps/", "tests/")  # programs
MEMCPY_ALLOWED = ("base/", "crypto/", "wire/per/", "wire/tlv/", "io/", "tests/", "sim/")
# Who may end a turn: what runs rooms.
COMMIT_ALLOWED = ("io/", "sim/", "tests/", "base/turn.c", "base/store_mem.c")
# Functions that are longer for a reason that stands beside them.
LONG_OK = {"main"}


def tracked():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    return sorted(f for f in out.stdout.split("\n") if f and os.path.exists(os.path.join(ROOT, f)))


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def strip(text):
    """The text with comments and strings blanked, lines kept."""
    def blank(m):
        return re.sub(r"[^\n]", " ", m.group(0))
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", blank, text, flags=re.S)


def rooms():
    allowed = {}
    for line in read("rooms.txt").split("\n"):
        line = line.split("#")[0].strip()
        if line:
            room, _, may = line.partition(":")
            allowed[room.strip()] = may.split()
    return allowed


class Tidy:
    def __init__(self):
        self.findings = []
        self.rooms = rooms()
        self.files = tracked()
        self.sources = [f for f in self.files if f.endswith((".c", ".h")) and not f.startswith("tools/")]

    def say(self, path, line, text):
        self.findings.append("%s:%d: %s" % (path, line, text))

    def room_of(self, path):
        """The room of a file: the longest name of rooms.txt that it lies in."""
        parts = path.split("/")[:-1]
        while parts and "/".join(parts) not in self.rooms:
            parts.pop()
        return "/".join(parts)

    def check_includes(self, path, text):
        room = self.room_of(path)
        if not room:
            self.say(path, 1, "room %s is not in rooms.txt" % path.split("/")[0])
            return
        may = self.rooms[room]
        is_test = path.endswith(("_test.c", "_test.h")) or "_bed" in os.path.basename(path)
        for n, line in enumerate(text.split("\n"), 1):
            m = re.match(r'\s*#include "([^"]+)"', line)
            if not m:
                continue
            target = m.group(1)
            other = self.room_of(target)
            # "radio" stands for radio/phy too, unless the includer is below it itself
            names = {other} if other.split("/")[0] == room.split("/")[0] else {other, other.split("/")[0]}
            if not other:
                self.say(path, n, "include from the root: %s" % target)
            elif other != room and not names & set(may) and "*" not in may and not is_test:
                self.say(path, n, "%s may not include %s (rooms.txt)" % (room, other))
            self.check_function_include(path, n, target)
            if target == "base/commit.h" and not is_test and not path.startswith(COMMIT_ALLOWED):
                self.say(path, n, "a room never ends its turn: base/commit.h is for io/, sim/ and tests")

    def check_function_include(self, path, n, target):
        """core/amf never includes core/smf; only core/core.[ch] joins the functions."""
        a, b = path.split("/"), target.split("/")
        if a[0] != "core" or b[0] != "core" or len(a) < 3 or len(b) < 3 or a[1] == b[1] or b[1] == "nf":
            return
        if (a[1], b[1]) == ("udm", "udr") and b[2] == "subscriber.h":
            return  # what the UDM seals is the UDR's record
        if not path.endswith("_test.c"):
            self.say(path, n, "%s may not include %s" % (a[1], b[1]))

    def check_calls(self, path, text):
        for n, line in enumerate(text.split("\n"), 1):
            for m in re.finditer(r"\b([a-z_0-9]+)\s*\(", line):
                name = m.group(1)
                before = line[:m.start()]
                if name in BANNED and not re.search(r"[.>]\s*$|\*\s*$|\(\*$", before):
                    if name == "abort" and (path.startswith(("tests/", "io/")) or "test" in path):
                        continue
                    self.say(path, n, "%s is banned; %s" % (name, BANNED[name]))
                if name in TIME and not path.startswith(TIME_ALLOWED) and not re.search(r"[.>]\s*$|\*$|\(\*$", before):
                    self.say(path, n, "%s outside io/: rooms get time and chance from env" % name)
                if name == "memcpy" and not path.startswith(MEMCPY_ALLOWED) and not path.endswith("_test.c"):
                    self.say(path, n, "memcpy outside cursor and engines; use bytes_copy or a cursor")
            if re.match(r"extern (?!const|.*\(|.*const struct|.*\bconst\b)", line):
                self.say(path, n, "mutable extern variable")

    def check_lengths(self, path, raw, text):
        lines = raw.split("\n")
        if len(lines) - 1 > FILE_LINES_MAX and not re.search(r"_tables?\.h$|_test\.c$|^tests/", path):
            self.say(path, 1, "%d lines; at most %d" % (len(lines) - 1, FILE_LINES_MAX))
        for n, line in enumerate(lines, 1):
            if len(line.expandtabs(8)) > LINE_COLUMNS_MAX:
                self.say(path, n, "line of %d columns" % len(line.expandtabs(8)))
        start = None
        for n, line in enumerate(text.split("\n"), 1):
            if line.startswith("{"):
                start = n
            elif line.startswith("}") and start:
                name = self.function_name(text.split("\n"), start)
                if n - start - 1 > FUNCTION_LINES_MAX and name and name not in LONG_OK:
                    self.say(path, start, "%s has %d lines; at most %d" % (name, n - start - 1, FUNCTION_LINES_MAX))
                start = None

    @staticmethod
    def function_name(lines, start):
        for n in range(start - 2, max(start - 8, -1), -1):
            m = re.match(r"^[a-z].*?\b([a-z_0-9]+)\s*\(", lines[n])
            if m:
                return m.group(1)
        return None

    def check_built(self):
        built = "\n".join(read(f) for f in self.files if f.endswith("meson.build"))
        for f in self.sources:
            name = os.path.basename(f)
            stem = name[:-2]
            short = re.sub(r"^fuzz_|_test$", "", stem)
            if f.endswith(".c") and name not in built and stem not in built and not re.search("['/]%s'" % short, built):
                self.say(f, 1, "no meson.build builds this file")

    def check_readmes(self):
        for room in sorted(self.rooms):
            if any(f.startswith(room + "/") for f in self.sources) and room + "/README.md" not in self.files:
                self.say(room + "/README.md", 1, "the room has no page")

    def check_circles(self):
        """Send below, dispatch above: no ring of files within a folder (tools/circles.py shows who names what)."""
        for ring, _ in circles.all_rings([f for f in self.sources if f.endswith(".c")]):
            self.say(ring[0], 1, "a circle of %d files; tools/circles.py %s" % (len(ring), os.path.dirname(ring[0])))

    def check_format(self):
        """One hand's layout: .clang-format, by the version that deps.sh installs."""
        out = subprocess.run(["clang-format-19", "--dry-run", "--ferror-limit=1", *self.sources], cwd=ROOT,
                             capture_output=True, text=True).stderr
        for m in re.finditer(r"^(\S+?):(\d+):\d+: .*clang-format-violations", out, re.M):
            self.say(m.group(1), int(m.group(2)), "not formatted; `make format` does it")

    def run(self):
        for path in self.sources:
            raw = read(path)
            text = strip(raw)
            self.check_includes(path, raw)
            self.check_calls(path, text)
            self.check_lengths(path, raw, text)
            if path.endswith(".h") and "#pragma once" not in raw:
                self.say(path, 1, "no #pragma once")
        self.check_built()
        self.check_readmes()
        self.check_circles()
        self.check_format()
        for fault in plant_faults.stale():
            self.say("tools/plant_faults.py", 1, "the text to replace is gone: " + fault)
        for f in self.findings:
            print(f)
        print("tidy: %d files, %d findings" % (len(self.sources), len(self.findings)))
        return 1 if self.findings else 0


if __name__ == "__main__":
    sys.exit(Tidy().run())
