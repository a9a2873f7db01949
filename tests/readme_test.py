"""README's first day, as it stands there: readme_test.py BUILD [--show]. Needs root, mmdebstrap and a Debian mirror, or BUILD/debian-root.tar.

Everything that is run stands in the section of README.md: ```yaml FILE``` is what the operator writes, ```console``` holds commands behind the
prompt of a host (`core# `) and what they print, in which ... stands for anything; --show prints it all. The hosts are fresh Debian roots. Only what is no part of
Freehold is done here in its place: systemd starts the units (SYSTEMCTL, from the units' own files), scp copies between the roots.
"""
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

import debian_root
from build_folder import build_folder

BUILD = build_folder(__doc__)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SHOW = "--show" in sys.argv
SECTION = "A first day"
LOOKS = r"freehold (status|ues|sessions|gnbs|upfs|why|events)\b"  # what may be asked again until it is so
LOOK_S, COMMAND_S = 15, 60

# systemd's part: user, directories, capabilities, the next start a second after an end; Type=notify, so it waits until the unit is ready.
SYSTEMCTL = r"""#!/bin/bash
state=/run/units
mkdir -p $state
file_of() { case $1 in *@*) echo /usr/lib/systemd/system/"${1%%@*}"@.service ;; *) echo /usr/lib/systemd/system/"$1".service ;; esac; }
value() { sed -n "s/^$2=//p" "$(file_of "$1")" | tail -1; }
run() {
	caps=$(value "$1" AmbientCapabilities | sed 's/CAP_/+/g; s/ /,/g' | tr A-Z a-z)
	setpriv --reuid freehold --regid freehold --clear-groups --no-new-privs --inh-caps="-all,$caps" --ambient-caps="-all,$caps" \
		--bounding-set="-all,$caps" $(value "$1" ExecStart | sed "s/%i/${1#*@}/g") >>/tmp/journal-"$1" 2>&1 &
	echo $! >$state/"$1".main
	wait $!
}
supervise() {
	while run "$1"; [ $? != 2 ] && [ -e $state/"$1" ]; do sleep 1; done
}
start() {
	[ -f "$(file_of "$1")" ] || { echo "Failed to start $1: Unit $1.service not found."; exit 5; }
	install -d -o freehold -g freehold -m 0700 /var/lib/freehold
	install -d -o freehold -g freehold -m 0755 /run/freehold
	touch $state/"$1"
	: >/tmp/journal-"$1"
	supervise "$1" </dev/null >/dev/null 2>&1 &
	echo $! >$state/"$1".supervisor
	ready='is up (pid'
	[ "$1" = freehold ] && ready='the network is up'
	for i in $(seq 100); do grep -q "$ready" /tmp/journal-"$1" && return; sleep 0.1; done
	cat /tmp/journal-"$1"; exit 1
}
stop() {
	rm -f $state/"$1"
	kill "$(cat $state/"$1".main)"
	while [ -d /proc/"$(cat $state/"$1".supervisor)" ]; do sleep 0.05; done
}
verb=$1
shift
[ "$1" = --now ] && shift
for unit in "$@"; do
	unit=${unit%.service}
	case $verb in
	enable | start) start "$unit" ;;
	stop) stop "$unit" ;;
	restart) stop "$unit" && start "$unit" ;;
	try-restart) for u in $state/*.main; do u=$(basename "$u" .main); [ -e $state/"$u" ] && [[ $u == $unit ]] && stop "$u" && start "$u"; done ;;
	esac
done
exit 0
"""


class Wrong(Exception):
    """README is not as it is."""


def section_of(readme):
    m = re.search(r"(?ms)^## %s\n(.*?)(?=^## |\Z)" % re.escape(SECTION), readme)
    if not m:
        raise Wrong("README.md has no section \"%s\"" % SECTION)
    return m.group(1)


def steps_of(section):
    """(host, command, lines that it prints) and ("", path, content) in the order of the section."""
    for info, body in re.findall(r"(?ms)^```([^\n]+)\n(.*?)^```$", section):
        if info != "console":
            yield "", info.split(" ", 1)[1], body
            continue
        step = None
        for line in body.replace("\\\n", "").splitlines():
            m = re.match(r"(\w+)# (.*)", line)
            if m:
                if step:
                    yield step
                step = (m.group(1), m.group(2), [])
            elif step:
                step[2].append(line)
            else:
                raise Wrong("a block begins without a prompt: " + line)
        if step:
            yield step


def fits(shown, wanted):
    """Blanks count as one: columns are as wide as what stands in them."""
    if not wanted:
        return True
    pattern = "\n".join(".*" if line.strip() == "..." else r"[^\n]*".join(
        r"\s+".join(re.escape(word) for word in part.split(" ")) for part in re.sub(" +", " ", line.rstrip()).split("...")) for line in wanted)
    return re.fullmatch("(?s:" + pattern + ")", "\n".join(line.rstrip() for line in shown.splitlines()).strip("\n")) is not None


class Host:
    """A root with a shell that stays: its directory and its jobs are those of the commands before."""

    def __init__(self, folder, name, deb, later_deb):
        self.name, self.at = name, os.path.join(folder, name)
        debian_root.make(BUILD, self.at)
        os.mkdir(self.at + "/root/next")
        shutil.copy(deb, self.at + "/root/")
        shutil.copy(later_deb, self.at + "/root/next/")
        os.unlink(self.at + "/usr/bin/systemctl")
        with open(self.at + "/usr/bin/systemctl", "w", encoding="utf-8") as f:
            f.write(SYSTEMCTL)
        os.chmod(self.at + "/usr/bin/systemctl", 0o755)
        for name, text in ("enter", "\n"), ("shown", ""):
            with open(self.at + "/tmp/" + name, "w", encoding="utf-8") as f:
                f.write(text)
        self.shell = subprocess.Popen(debian_root.entered(self.at, "bash", "--norc"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True)
        for command in "cd /root", "ip link set lo up", "mkdir -p /run/systemd/system":
            self.run(command)

    def run(self, command):
        """What it prints. Who is asked something presses Enter."""
        with open(self.at + "/tmp/command", "w", encoding="utf-8") as f:
            f.write(command + "\n")
        self.shell.stdin.write(". /tmp/command </tmp/enter >/tmp/shown 2>&1; echo $?\n")
        self.shell.stdin.flush()
        if not select.select([self.shell.stdout], [], [], COMMAND_S)[0]:
            raise Wrong("%s# %s does not end:\n%s" % (self.name, command, self.shown()))
        status = self.shell.stdout.readline().strip()
        if status != "0":
            raise Wrong("%s# %s: status %s\n%s" % (self.name, command, status, self.shown()))
        return self.shown()

    def shown(self):
        with open(self.at + "/tmp/shown", encoding="utf-8", errors="replace") as f:
            return f.read()

    def do(self, command, wanted):
        """Runs it; what only looks is asked again while it is not yet so."""
        end = time.time() + LOOK_S
        while True:
            shown = self.run(command)
            if fits(shown, wanted):
                if SHOW:
                    print("%s# %s\n%s" % (self.name, command, shown), flush=True)
                return
            if not re.match(LOOKS, command) or time.time() > end:
                raise Wrong("%s# %s\nprints\n%s\nREADME has\n%s" % (self.name, command, shown, "\n".join(wanted)))
            time.sleep(0.2)

    def logs(self):
        out = ""
        for name in sorted(os.listdir(self.at + "/tmp")):
            with open(os.path.join(self.at, "tmp", name), encoding="utf-8", errors="replace") as f:
                out += "--- %s: /tmp/%s\n%s" % (self.name, name, "".join(f.readlines()[-20:]))
        return out

    def end(self):
        self.shell.kill()
        self.shell.wait()
        self.shell.stdin.close()
        self.shell.stdout.close()


def copy(hosts, host, words):
    """scp FILE... HOST:DIRECTORY"""
    to, place = words[-1].split(":", 1)
    for file in words[1:-1]:
        shutil.copy(hosts[host].at + file, hosts[to].at + place)


def follow(hosts, new_host):
    """Does what the section has; the number of steps."""
    count, host = 0, "core"
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as f:
        steps = list(steps_of(section_of(f.read())))
    for where, command, wanted in steps:
        host = where or host
        if host not in hosts:
            hosts[host] = new_host(host)
        if not where:
            with open(hosts[host].at + command, "w", encoding="utf-8") as f:
                f.write(wanted)
        elif command.startswith("scp "):
            copy(hosts, host, command.split())
        else:
            hosts[host].do(command, wanted)
        count += 1
    return count


def lacks():
    if os.geteuid() != 0:
        return "it needs root"
    if not shutil.which("mmdebstrap"):
        return "mmdebstrap is not installed"
    return None


def skip(why):
    print("[  SKIPPED ] 1 test: README's first day is not followed: %s\n0 passed, 0 failed" % why)
    return 0


def main():
    why = lacks()
    if why:
        return skip(why)
    try:
        debian_root.archive(BUILD)
    except debian_root.NoRoot as e:
        return skip("no Debian root can be made\n%s" % e)
    subprocess.run(["make", "-s", "deb", "BUILD=" + os.path.relpath(BUILD, ROOT)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    hosts, failed = {}, None
    with tempfile.TemporaryDirectory(prefix="freehold-readme-") as folder:
        try:
            deb = debian_root.newest_package(BUILD)
            later_deb = debian_root.next_version(deb, folder)
            count = follow(hosts, lambda name: Host(folder, name, deb, later_deb))
        except (Wrong, debian_root.Failed) as e:
            failed = "%s\n%s" % (e, "".join(h.logs() for h in hosts.values()))
        finally:
            for host in hosts.values():
                host.end()
    print("FAILED %s\n0 passed, 1 failed" % failed if failed else "%d passed, 0 failed" % count)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
