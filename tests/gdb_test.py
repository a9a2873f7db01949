"""tools/gdb.py on a small program: gdb_test.py TARGET FREEHOLD. Skips (77) where there is no gdb, or it may not trace."""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

EXPECTED = (
    ("print message", "4 octets 7e004407"),
    ("print v4", "127.0.0.1:38412"),
    ("print none", "none"),
    ("print plmn", "00101"),
    ("print supi", "imsi-001010000000001"),
    ("print slice", "1-010203"),
    ("print head", "2 others"),
    ("print pool", "1 used of 10, 64 octets each"),
    ("freehold-nas message", "REGISTRATION REJECT cause=7"),
    ("freehold-nas /full message", "  cause: 7"),
    ("freehold-ngap &pdu[0] sizeof(pdu)", "UEContextReleaseCommand"),
    ("freehold-pfcp &heartbeat[0] sizeof(heartbeat)", "Heartbeat Request"),
    ("freehold-ngap &pdu[0] 3", "NGAP malformed"),
)


def main():
    target, freehold = sys.argv[1:]
    if not shutil.which("gdb"):
        print("no gdb")
        return 77
    with open(os.path.join(HERE, "gdb_target.c"), encoding="utf-8") as f:
        line = [i for i, text in enumerate(f, 1) if "gdb stops here" in text][0] + 1
    command = ["gdb", "-q", "-batch", "-nx", "-ex", "set startup-with-shell off", "-ex", "source " + os.path.join(HERE, "..", "tools", "gdb.py"),
               "-ex", "break gdb_target.c:%d" % line, "-ex", "run"]
    for ask, _ in EXPECTED:
        command += ["-ex", "echo @" + ask + "\\n", "-ex", ask]
    env = dict(os.environ, FREEHOLD=freehold, LC_ALL="C")
    out = subprocess.run(command + [target], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout
    if "ptrace" in out and "@" + EXPECTED[0][0] in out and EXPECTED[0][1] not in out:
        print("gdb may not trace here")
        return 77
    failed = 0
    for ask, expected in EXPECTED:
        answer = out.partition("@" + ask + "\n")[2].partition("\n@")[0]
        if expected not in answer:
            failed += 1
            print("%s: expected %r, got %r" % (ask, expected, answer))
    print("%d passed, %d failed" % (len(EXPECTED) - failed, failed))
    if failed:
        print(out)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
