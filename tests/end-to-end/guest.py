#!/usr/bin/env python3
"""SCTP of a kernel: a guest of user-mode Linux, whose kernel has it as a module, runs tests of this build.

usage: guest.py BUILD_DIR. The guest's root is the host's file system, with a /run of its own, where it writes. Where the package
user-mode-linux is not installed (it is for x86 alone) nothing is run. The last line reads `N passed, N failed`.
"""
import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from build_folder import build_folder  # noqa: E402

MODULES = ["crypto/hmac.ko", "net/sctp/sctp.ko", "drivers/net/veth.ko", "drivers/net/tun.ko"]  # after what they depend on
UNIT_TESTS = ["io/io_sctp_sctp_test"]
END_TO_END = ["test_kill_9_of_the_core_loses_nothing", "test_two_gnbs_and_two_ues_by_name", "test_n2_over_ipv6"]
TIMEOUT_S = 240
FINIT_MODULE = 313  # on x86_64: kmod is not installed everywhere


def run(*command, timeout=120):
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=timeout, check=False)
    return p.returncode, p.stdout


def prepare():
    """In the guest: its file systems, modules and loopback."""
    for kind, where in (("proc", "/proc"), ("sysfs", "/sys"), ("tmpfs", "/run")):
        run("mount", "-t", kind, kind, where)
    os.environ["TMPDIR"] = "/run/tmp"  # the tree itself may be in /tmp
    os.mkdir(os.environ["TMPDIR"])
    if not os.path.exists("/dev/urandom"):
        run("mount", "-t", "devtmpfs", "dev", "/dev")
    libc, folder, loaded = ctypes.CDLL(None, use_errno=True), "/usr/lib/uml/modules/%s/" % os.uname().release, set()
    with open(folder + "modules.dep", encoding="utf-8") as f:
        needs = dict(line.rstrip("\n").split(":", 1) for line in f)
    for module in MODULES:
        for name in reversed(("kernel/%s %s" % (module, needs.get("kernel/" + module, ""))).split()):
            if name in loaded or not os.path.exists(folder + name):
                continue
            loaded.add(name)
            fd = os.open(folder + name, os.O_RDONLY)
            if libc.syscall(FINIT_MODULE, fd, b"", 0) != 0:
                print("%s: %s" % (name, os.strerror(ctypes.get_errno())))
            os.close(fd)
    run("ip", "link", "set", "lo", "up")


def inside(build):
    """The first process of the guest."""
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    prepare()
    passed, failed = 0, 0
    for name in UNIT_TESTS:
        _, out = run(os.path.join(build, "plain", name))
        passed += sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test", out, re.M))
        bad = sum(int(n) for n in re.findall(r"^\[  FAILED  \] (\d+) test", out, re.M))
        if bad or "PASSED" not in out or "path_fails" not in out:
            failed += max(bad, 1)
            print("FAILED %s by the kernel's SCTP\n%s" % (name, out[-3000:]))
    _, out = run(sys.executable, "-B", os.path.join(HERE, "run.py"), build, *END_TO_END, timeout=TIMEOUT_S)
    m = re.search(r"^(\d+) passed, (\d+) failed$", out, re.M)
    passed, failed = passed + int(m.group(1) if m else 0), failed + int(m.group(2) if m else 1)
    if not m or m.group(2) != "0":
        print("FAILED end to end by the kernel's SCTP\n%s" % out[-6000:])
    print("%d passed, %d failed" % (passed, failed))
    sys.stdout.flush()
    with open("/proc/sysrq-trigger", "w", encoding="ascii") as f:
        f.write("o")
    os.read(0, 1)


def main():
    build = build_folder(__doc__)
    kernel = shutil.which("linux.uml")
    if os.getpid() == 1:
        inside(build)
    if not kernel:
        print("no user-mode-linux here: the kernel's SCTP is not tested\n0 passed, 0 failed")
        return 0
    with tempfile.TemporaryDirectory(prefix="freehold-guest-") as folder:
        init = os.path.join(folder, "init")
        with open(init, "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\nexec %s -B %s %s\n" % (sys.executable, os.path.abspath(__file__), build))
        os.chmod(init, 0o755)
        try:
            _, out = run(kernel, "mem=1G", "root=/dev/root", "rootfstype=hostfs", "rootflags=/", "rw", "init=" + init, "con=null",
                         "con0=null,fd:1", "ssl=null", "quiet", timeout=TIMEOUT_S + 60)
        except subprocess.TimeoutExpired as e:
            out = (e.stdout or b"").decode(errors="replace") + "\nthe guest does not end"
    lines = out.replace("\r", "").strip().split("\n")
    results = [line for line in lines if re.fullmatch(r"\d+ passed, \d+ failed", line)]
    if not results or not results[-1].endswith(" 0 failed"):
        print("\n".join(lines[-120:]))
    print(results[-1] if results else "0 passed, 1 failed")
    return 0 if results and results[-1].endswith(" 0 failed") else 1


if __name__ == "__main__":
    sys.exit(main())
