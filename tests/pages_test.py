#!/usr/bin/env python3
"""The pages of CONTRIBUTING.md, followed: each has a change in tests/pages that touches exactly the files its page names. All are
made together in a copy of the tree, which must build and pass the tests that the pages name.

pages_test.py BUILD: works below BUILD/pages, so that a second run builds what changed."""
import json
import os
import re
import subprocess
import sys

from build_folder import build_folder

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Stale(Exception):
    pass


def pages(text):
    """Of each page: its change's name, the files and the tests it names."""
    for page in re.split(r"^### ", text, flags=re.M)[1:]:
        title = page.split("\n", 1)[0]
        change = re.findall(r"tests/pages/(\w+)\.patch", page)
        tests = re.search(r"^Tests: (.*?)\.$", page, re.M | re.S)
        if len(change) != 1 or not tests:
            raise Stale("page %r names no change or no tests" % title)
        files = set(re.findall(r"`([\w.]+(?:/[\w.-]+)+\.\w+)`", page)) - {"tests/pages/%s.patch" % change[0]}
        yield change[0], files, re.findall(r"`([^`]+)`", tests.group(1))


def hunks(patch):
    """(file, lines before, removed, added, after) of each change."""
    for part in re.split(r"^--- ", patch, flags=re.M)[1:]:
        path = re.search(r"^\+\+\+ b/(.*)$", part, re.M).group(1)
        for hunk in re.split(r"^@@.*@@.*\n", part, flags=re.M)[1:]:
            before, removed, added = [], [], []
            for line in hunk.splitlines() + [" "]:
                if line[:1] in "-+":
                    (removed if line[0] == "-" else added).append(line[1:])
                elif removed or added:
                    yield path, before, removed, added, [line[1:]]
                    before, removed, added = [line[1:]], [], []
                else:
                    before.append(line[1:])


def lines(of):
    return "".join(line + "\n" for line in of)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def changed_files(name):
    """Makes a change over what earlier ones made (MADE); the files that it touches. A place is found by the line before it, or,
    where there are several of those, by the one after it too."""
    files = set()
    for path, before, removed, added, after in hunks(read(os.path.join(ROOT, "tests", "pages", name + ".patch"))):
        files.add(path)
        if not before and not removed:
            MADE[path] = lines(added)
            continue
        text = "\n" + (MADE.get(path) or read(os.path.join(ROOT, path)))
        old, new = "\n" + lines(before + removed), "\n" + lines(before + added)
        if text.count(old) != 1:
            old, new = old + lines(after), new + lines(after)
        if text.count(old) != 1:
            raise Stale("%s.patch: %s has not once:%s" % (name, path, old))
        MADE[path] = text.replace(old, new)[1:]
    return files


MADE = {}


def copy_tree(to):
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                           check=True).stdout.split("\n")
    for name in set(names) - {""} | set(MADE):
        source, target = os.path.join(ROOT, name), os.path.join(to, name)
        if name not in MADE and not os.path.isfile(source):
            continue
        data = MADE[name].encode() if name in MADE else open(source, "rb").read()
        if os.path.exists(target) and open(target, "rb").read() == data:
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as f:
            f.write(data)
        if os.path.exists(source):
            os.chmod(target, os.stat(source).st_mode & 0o777)


def run(*command):
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", check=False)
    if p.returncode:
        raise Stale("%s:\n%s" % (" ".join(command), p.stdout[-4000:]))
    return p.stdout


def build_and_test(tree, build, names):
    if not os.path.exists(os.path.join(build, "build.ninja")):
        run("meson", "setup", build, tree, "-Dbuildtype=plain", "-Doptimization=0")
    run("ninja", "-C", build, "build.ninja")
    tests = {t["name"]: t for t in json.loads(run("meson", "introspect", "--tests", build))}
    for name in names:
        if name not in tests:
            raise Stale("there is no test %s" % name)
    run("ninja", "-C", build, *sorted({os.path.relpath(tests[n]["cmd"][0], build) for n in names}))
    for name in names:
        run(*tests[name]["cmd"])
        print("ok %s" % name)


def main():
    work = os.path.join(build_folder(__doc__, built=False), "pages")
    tree = os.path.join(work, "tree")
    tests = set()
    try:
        left = {f[:-6] for f in os.listdir(os.path.join(ROOT, "tests", "pages"))}
        for name, files, its_tests in pages(read(os.path.join(ROOT, "CONTRIBUTING.md"))):
            left.discard(name)
            touched = changed_files(name)
            if touched != files:
                raise Stale("page of %s: it names %s, and the change touches %s" %
                            (name, sorted(files - touched), sorted(touched - files)))
            tests.update(its_tests)
        if left or not tests:
            raise Stale("no page for %s" % sorted(left))
        copy_tree(tree)
        build_and_test(tree, os.path.join(work, "build"), sorted(tests))
    except Stale as e:
        print("%s\n0 passed, 1 failed" % e)
        return 1
    print("%d passed, 0 failed" % len(tests))
    return 0


if __name__ == "__main__":
    sys.exit(main())
