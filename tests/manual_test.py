"""Help, manual pages and completions: manual_test.py FREEHOLD MANUAL.PY. What the program has is in all of them; unknown words are errors."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

FREEHOLD, MANUAL = (os.path.abspath(a) for a in sys.argv[1:3])


def run(*command, **kwargs):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, stdin=subprocess.DEVNULL, **kwargs)


def commands():
    return re.findall(r"(?m)^  ([a-z]+) ", run(FREEHOLD, "help").stdout)


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as f:
        return f.read()


def bash(folder, *words):
    """What bash offers for the last word."""
    script = '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _freehold; printf "%s\\n" "${COMPREPLY[@]}"'
    p = run("bash", "-c", script, folder + "/bash-completion/completions/freehold", "freehold", *words)
    assert p.returncode == 0 and not p.stderr, p
    return p.stdout.split()


def zsh(folder, *words):
    """The same of zsh, whose own functions only print here what they are given, filtered as they would."""
    script = ('_describe() { print -l -- "${(P@)2}" | sed "s/:.*//" }; compadd() { shift; print -l -- "$@" }; _files() { }; '
              'f=$1; shift; words=("$@"); CURRENT=$#; PREFIX=$words[-1]; go() { . $f }; go')
    p = run("zsh", "-fc", script, "zsh", folder + "/zsh/site-functions/_freehold", "freehold", *words)
    assert p.returncode == 0 and not p.stderr, p
    return [w for w in p.stdout.split() if w.startswith(words[-1])]


def test_exit_codes(_):
    for words, code in (("help",), 0), (("--help",), 0), (("--version",), 0), (("help", "keys"), 0), (("help", "families"), 0), (("help", "up"), 0), ((), 2), \
            (("bogus",), 2), (("help", "bogus"), 2), (("help", "up", "more"), 2), (("core", "--bogus"), 2), \
            (("core", "-c", "/nonexistent.yaml"), 2), (("status", "--control", "/nonexistent"), 1):
        p = run(FREEHOLD, *words)
        assert p.returncode == code, (words, p)
        assert bool(p.stdout) == (code == 0) and bool(p.stderr) == (code != 0), (words, p)


def test_unknown_words(_):
    """Of any command, also where it has no file to read."""
    for c in commands():
        p = run(FREEHOLD, c, "--bogus", timeout=10)
        assert p.returncode == 2 and p.stderr and not p.stdout, (c, p)


def test_version(_):
    line = run(FREEHOLD, "--version").stdout
    assert re.match(r"freehold \d+\.\d+\.\d+ \(commit [0-9a-f]{12}(-changed)?; (gcc|clang) [\d.]+, \w+, \w+.*\)\n$|.*commit unknown", line), line


def test_pages(folder):
    pages = set(os.listdir(folder + "/man/man1"))
    assert pages == {"freehold.1"} | {"freehold-%s.1" % c for c in commands()}, pages
    for c in commands():
        assert run(FREEHOLD, c, "--help").stdout == run(FREEHOLD, "help", c).stdout != "", c
        page = read(folder, "man/man1/freehold-%s.1" % c)
        assert "EXIT STATUS" in page or "Exit status" in page or "Status 0" in page, c
    keys = read(folder, "man/man5/network.yaml.5")
    for key in re.findall(r"(?m)^\S.*$", run(FREEHOLD, "help", "keys").stdout):
        assert "\n.B %s\n" % key.replace("-", "\\-") in keys, key
    assert keys.count("\n.B ") > 100 and "default: 38412" in keys
    families = read(folder, "man/man5/freehold-metrics.5")
    for name in re.findall(r"(?m)^\S.*$", run(FREEHOLD, "help", "families").stdout):
        assert "\n.B %s\n" % name in families, name
    assert families.count("\n.B ") > 100 and "RM.RegInitReq 5.2.2.1" in families


def test_pages_are_clean(folder):
    """No warning of troff, and no word of a help text lost."""
    if not shutil.which("groff"):
        return
    for section in "man1", "man5":
        for name in os.listdir(os.path.join(folder, "man", section)):
            p = run("groff", "-man", "-ww", "-Tutf8", "-rLL=120n", "-P-c", os.path.join(folder, "man", section, name))
            assert p.returncode == 0 and not p.stderr, (name, p.stderr)
            command = re.match(r"freehold-(\w+)\.1", name)
            if command:
                def words(text):
                    return "".join(re.sub(r"[‐−-]|\s", "", text.replace("’", "'").replace("‘", "'")))
                text = words(p.stdout)
                for line in run(FREEHOLD, "help", command.group(1)).stdout.splitlines():
                    assert words(line) in text, (name, line)


def test_completion(folder):
    shells = [bash] + ([zsh] if shutil.which("zsh") else [])
    for shell in shells:
        assert set(commands()) | {"help"} <= set(shell(folder, "")), shell
        assert sorted(shell(folder, "subs")) == ["subscriber", "subscribers"], shell
        assert {"add", "list", "show", "remove", "import", "keys"} <= set(shell(folder, "subscriber", "")), shell
        assert shell(folder, "load", "--in") == ["--in-flight"], shell
        assert "--record" in shell(folder, "core", "--") and "--record" not in shell(folder, "replay", "--"), shell
        assert set(shell(folder, "scan", "--format", "")) == {"cf32", "ci16"}, shell
        assert shell(folder, "text", "nga") == ["ngap"] and shell(folder, "help", "key") == ["keys"], shell
        assert not shell(folder, "core", "-c", ""), shell  # a file's name, which the shell itself completes


def main():
    passed = 0
    with tempfile.TemporaryDirectory() as folder:
        assert run(sys.executable, "-B", MANUAL, FREEHOLD, folder).returncode == 0
        for name, test in list(globals().items()):
            if name.startswith("test_"):
                test(folder)
                passed += 1
    print("%d passed, 0 failed" % passed)


if __name__ == "__main__":
    main()
