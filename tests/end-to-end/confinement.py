#!/usr/bin/env python3
"""What confined processes really do, by strace, beside what they declare (freehold sandbox).

usage: confinement.py BUILD_DIR [NAME...]: the end-to-end tests of these names, without names those that run every process,
with --full all of them. Fails where a process wants what it has not declared, and where something is declared that nobody used
and that has no reason to be. The last line reads `N passed, N failed`.
"""
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from build_folder import build_folder  # noqa: E402

BUILD = build_folder(__doc__)
FREEHOLD = os.path.join(BUILD, "plain", "apps", "freehold")
SOME = ["test_kill_9_of_the_core_loses_nothing", "test_two_gnbs_and_two_ues_by_name", "test_interface_of_the_upf_deleted",
        "test_scan_finds_no_cell_where_none_is", "test_hangup_reads_the_configuration_again", "test_figures_of_core_upf_gnb_and_air",
        "test_console_beside_core_and_upf", "test_cuups_of_a_split_gnb"]

# Refused, and meant to be: what libraries try on the way and go without.
TOLERATED = {
    "socket": "libusrsctp looks for the host's addresses, of which it needs none",
    "openat": "libcrypto looks for its configuration, libc for the time zone: neither is used",
    "ioctl": "stdio asks whether its output is a terminal",
}
# Declared, though no test makes it happen, or not on every machine.
RARE = {
    "readv": "TUN queues without offload", "pread64": "the store on some libc", "pwritev": "LMDB writes neighbouring pages",
    "fcntl": "descriptors of new connections on some libc", "sendmsg": "netlink and SCTP of the kernel",
    "recvmsg": "SCTP of the kernel", "shutdown": "SCTP of the kernel", "getsockname": "SCTP of the kernel",
    "getpeername": "SCTP of the kernel", "setsockopt": "a port filter that changes", "getsockopt": "who connects to the control socket",
    "mremap": "a large table grows", "madvise": "freed memory goes back", "brk": "small memory grows",
    "clock_gettime": "where the vDSO has none", "gettimeofday": "where the vDSO has none", "time": "where the vDSO has none",
    "clock_nanosleep": "libusrsctp's idle thread", "nanosleep": "the same on older libc", "getpid": "libcrypto after a fork",
    "gettid": "abort", "tgkill": "abort", "getrusage": "figures", "sysinfo": "qsort asks for the memory",
    "rt_sigaction": "abort", "rt_sigreturn": "a signal that is caught", "restart_syscall": "a stopped process goes on",
    "exit": "a thread ends", "sigaltstack": "sanitizers", "epoll_pwait": "older libc and kernels", "epoll_wait": "older libc", "ppoll": "older libc", "poll": "older libc",
    "lseek": "stdio", "close": "a connection ends", "fstat": "stdio", "newfstatat": "stdio", "sendto": "the control socket",
    "recvfrom": "the control socket", "epoll_ctl": "a connection begins or ends", "getrandom": "keys",
    "set_robust_list": "a thread begins", "rseq": "a thread begins", "prctl": "a thread's name", "clone3": "newer libc tries it first",
    "sched_yield": "a full ring", "sched_getaffinity": "how many threads", "readlink": "older libc",
    "fsync": "core.sync", "fdatasync": "core.sync", "ftruncate": "a store that grows", "fallocate": "an import", "msync": "LMDB with a writable map",
    "unlinkat": "newer libc", "renameat": "newer libc", "renameat2": "newer libc", "statfs": "LMDB on some systems",
    "fstatfs": "LMDB on some systems", "open": "older libc", "stat": "older libc", "unlink": "a checkpoint", "rename": "a checkpoint",
    "bind": "kernel SCTP", "connect": "kernel SCTP, and streams of samples", "ioctl": "drivers of radio devices",
    "sched_setscheduler": "a gNB with a radio device goes on at normal priority",
}


def declared():
    """Processes with their calls, groups with theirs, processes with their groups."""
    text = subprocess.run([FREEHOLD, "sandbox"], stdout=subprocess.PIPE, text=True, check=True).stdout
    processes = dict(re.findall(r"^(\S+)\n(?:  .*\n)*?  system calls: (.*)$", text, re.M))
    groups = {name: set(re.findall(r"(\w+)(?:\([^)]*\))?", calls)) for name, calls in re.findall(r"^(\w+):\n((?:  .*\n?)+)", text, re.M)}
    words = {name: set(line.split()) for name, line in processes.items()}
    return {name: set().union(*(groups[g.strip("[]")] for g in words[name])) for name in words}, groups, words


def wrapper(folder):
    """A program that runs freehold under strace and is itself the process, so signals reach it."""
    path = os.path.join(folder, "freehold")
    with open(path, "w", encoding="utf-8") as f:
        f.write("#!/bin/sh\nexec strace -D -f -ff -qq -s 24 -e signal=none -o %s/$$ %s \"$@\"\n" % (os.path.join(folder, "trace"), FREEHOLD))
    os.chmod(path, 0o755)
    os.mkdir(os.path.join(folder, "trace"))
    return path


def read_traces(folder, processes):
    """By process: its calls after it was confined, and those refused. A thread or child is what began it."""
    lines, threads = {}, {}
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as f:
            lines[name.rsplit(".", 1)[1]] = f.read().split("\n")
    used, refused = {}, {}
    for tid, calls in lines.items():
        who, confined = None, False
        for call in calls:
            m = re.match(r"(\w+)\((.*)\)\s+= (-?\w+|\?)(?: (\w+))?", call)
            if not m:
                continue
            name, args, result, error = m.groups()
            named = re.match(r'PR_SET_NAME, "freehold-([\w-]+)"', args) if name == "prctl" else None
            if named and not confined:
                who = next((p for p in processes if ("freehold-" + p)[:15] == "freehold-" + named.group(1)), named.group(1))
            if confined and error == "EPERM":
                refused.setdefault(who, {}).setdefault(name, call)
            elif confined:
                used.setdefault(who, {}).setdefault(name, call)
            if name in ("clone", "clone3") and result.isdigit():
                threads[result] = (who if confined else None, "CLONE_THREAD" in args)
            if name == "seccomp" and "SECCOMP_SET_MODE_FILTER" in args and result == "0":
                confined = True
    for tid, (who, thread) in threads.items():
        for call in lines.get(tid, []) if who and thread else []:
            m = re.match(r"(\w+)\(.*\)\s+= (-?\w+|\?)(?: (\w+))?", call)
            if m:
                (refused if m.group(3) == "EPERM" else used).setdefault(who, {}).setdefault(m.group(1), call)
    return used, refused


def main():
    full, names = "--full" in sys.argv, [a for a in sys.argv[2:] if a != "--full"]
    processes, groups, words = declared()
    failed, checked = 0, 0
    with tempfile.TemporaryDirectory(prefix="freehold-confinement-") as folder:
        env = dict(os.environ, FREEHOLD=wrapper(folder))
        run = subprocess.run([sys.executable, os.path.join(HERE, "run.py"), BUILD] + ([] if full else names or SOME), env=env,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if run.returncode:
            print("FAILED under strace:\n%s" % run.stdout[-4000:])
            failed += 1
        used, refused = read_traces(os.path.join(folder, "trace"), processes)
    for who in sorted(set(used) | set(refused), key=str):
        programs = who in ("up", "upf-host", "runner")
        for name, call in sorted(refused.get(who, {}).items()):
            checked += 1
            if not programs and name not in TOLERATED:
                failed += 1
                print("FAILED %s wants what it does not declare: %s" % (who, call))
        for name, call in sorted(used.get(who, {}).items()):
            checked += 1
            if name not in processes.get(who, set()):
                failed += 1
                print("FAILED %s may what it does not declare: %s" % (who, call))
        print("%-14s %2d calls used of %2d declared" % (who, len(used.get(who, {})), len(processes.get(who, ()))))
    with open(os.path.join(HERE, "..", "..", "apps", "README.md"), encoding="utf-8") as f:
        rows = [re.split(r" *\| *", line.strip("| \n")) for line in f if line.startswith("| ")]
    stated = {row[0]: set(row[-1].split()) for row in rows if len(row) == 5}
    for who in processes:
        checked += 1
        if stated.get(who) != words[who]:
            failed += 1
            print("FAILED apps/README.md says of %s: %s" % (who, stated.get(who)))
    missing = set(processes) - set(used) - ({"load"} if full or not names else set(processes)) - {"upf-host"}
    for who in missing:
        failed += 1
        print("FAILED %s was not seen at work" % who)
    everybody = set().union(*used.values()) if used else set()
    for group in sorted(groups):
        for name in sorted(groups[group] - everybody - set(RARE)) if group != "programs" and not names else []:
            failed += 1
            print("FAILED nobody used %s of the group %s, and no reason is given" % (name, group))
    print("%d passed, %d failed" % (checked - failed if checked > failed else 0, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
