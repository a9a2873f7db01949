"""The Debian package in a fresh Debian root: package_test.py BUILD (make deb-test). Needs root and a Debian mirror, or BUILD/debian-root.tar.

Lintian, install, what the units run (as their user, with their capabilities alone), a restart after SIGKILL, upgrade, removal, purge.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

from build_folder import build_folder
from debian_root import UNITS, Failed, in_root, make, newest_package, next_version, run, unit_of

BUILD = build_folder(__doc__)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# What dpkg, the user database and the like keep of any package that was there.
KEPT = re.compile(r"^/(var/lib/dpkg|var/log|var/cache|etc/(passwd|group|shadow|gshadow)-?$|etc/\.pwd\.lock|proc|dev|sys|run|tmp)")
UES = 20

# A network in one namespace, and a crowd for it.
CONFIG = """plmn: "00101"
tacs: [1]
slices: [1]
dnns: [{name: internet, pool: 10.45.0.0/16}]
core: {n4_address: 127.0.0.1, amfs: [{n2_address: 127.0.0.1}]}
upfs: [{n4_address: 127.0.0.2, n3_address: 127.0.0.2}]
gnbs: [{n2_address: 127.0.0.3, n3_address: 127.0.0.3, amf_addresses: [127.0.0.1], cells: [{air_address: 127.0.0.3}]}]
ues: [{imsi: "001010000000001", k: 465b5ce8b199b49faa5f0a2ee238a6bc, opc: cd63cb71954a9f4e48a5994e37a02baf, profile: "null"}]
"""

# As systemd does it: the user, the directories, the capabilities, and the next start a second after the end.
RESTART = """set -e
ip link set lo up
install -d -o freehold -g freehold -m 0700 /var/lib/freehold
install -d -o freehold -g freehold -m 0755 /run/freehold
start() {
	setpriv --reuid freehold --regid freehold --clear-groups --no-new-privs --inh-caps=-all,%(caps)s --ambient-caps=-all,%(caps)s \\
		--bounding-set=-all,%(caps)s %(exec)s 2>/tmp/log & up=$!
	for i in $(seq 100); do freehold status >/tmp/status 2>&1 && return; sleep 0.1; done
	echo "not up:"; cat /tmp/log; exit 1
}
know() {
	for i in $(seq 50); do
		[ "$(freehold ues --csv 2>/dev/null | grep -c 00101)" = %(ues)d ] && [ "$(freehold sessions --csv | grep -c 10.45)" = %(ues)d ] && return
		sleep 0.1
	done
	echo "$1: the UEs or their sessions are lost:"; freehold ues; freehold sessions; cat /tmp/log; exit 1
}
freehold load -c /etc/freehold/network.yaml --ues %(ues)d --gnbs 1 --print-subscribers >/tmp/subscribers
start
freehold subscriber import /tmp/subscribers
freehold load -c /etc/freehold/network.yaml --ues %(ues)d --gnbs 1
know "before"
kill -9 $up
wait $up || true
sleep 1
start
know "after SIGKILL"
kill $up
wait $up
[ "$(stat -c %%U:%%a /var/lib/freehold/core)" = freehold:700 ]
"""

checks = 0


def check(ok, what):
    global checks
    checks += 1
    if not ok:
        print("FAILED %s\n0 passed, 1 failed" % what)
        sys.exit(1)


def files(at):
    found = run("find", at, "-xdev").splitlines()
    return {f[len(at):] for f in found if not KEPT.match(f[len(at):])}


def install(at, deb):
    shutil.copy(deb, os.path.join(at, "tmp", "freehold.deb"))
    return in_root(at, "dpkg", "--force-confold", "-i", "/tmp/freehold.deb")


def check_units(at):
    names = [os.path.basename(u) for u in glob.glob(at + UNITS + "/freehold*.service")]
    check(len(names) == 9, "nine units: %r" % names)
    out = in_root(at, "systemd-analyze", "--man=no", "verify", *(UNITS + "/" + n.replace("@.", "@one.") for n in names))
    check("freehold" not in out, "systemd-analyze verify: " + out)
    sandbox = in_root(at, "freehold", "sandbox")
    may = set(re.search(r"^up\n  capabilities: (.*)$", sandbox, re.M).group(1).split())
    for name in names:
        unit = unit_of(at, name)
        check(unit["AmbientCapabilities"] == unit["CapabilityBoundingSet"], name + ": capabilities are bounded by those it gets")
        caps = {c.removeprefix("CAP_") for c in unit["CapabilityBoundingSet"].split()}
        check(caps and caps <= may, "%s: %s are not all of freehold sandbox: %s" % (name, caps, may))
        check(unit["User"] == "freehold" and unit["Restart"] == "always" and unit["ProtectSystem"] == "strict", name)


def check_restart(at):
    config = at + "/etc/freehold/network.yaml"
    with open(config, "w", encoding="utf-8") as f:  # its owner and mode stay
        f.write(CONFIG)
    unit = unit_of(at, "freehold.service")
    caps = ",".join("+" + c.removeprefix("CAP_").lower() for c in unit["AmbientCapabilities"].split())
    with open(at + "/tmp/restart.sh", "w", encoding="utf-8") as f:
        f.write(RESTART % {"caps": caps, "exec": unit["ExecStart"], "ues": UES})
    in_root(at, "bash", "/tmp/restart.sh")


def check_life(at, deb, folder):
    before = files(at)
    install(at, deb)
    check("freehold" in in_root(at, "freehold", "--version"), "--version")
    check(in_root(at, "stat", "-c", "%U:%G:%a", "/etc/freehold/network.yaml").strip() == "root:freehold:640", "the conffile's rights")
    for name in files(at) - before:
        check(name.startswith(("/usr/", "/etc/freehold", "/var/lib/freehold")), "a file in a place of others: " + name)
    check_units(at)
    check_restart(at)
    install(at, next_version(deb, folder))
    with open(at + "/etc/freehold/network.yaml", encoding="utf-8") as f:
        check(f.read() == CONFIG, "an upgrade keeps the operator's configuration")
    in_root(at, "dpkg", "-r", "freehold")
    check(not os.path.exists(at + "/usr/bin/freehold"), "removed")
    check(os.path.exists(at + "/etc/freehold/network.yaml") and os.path.exists(at + "/var/lib/freehold/core/secrets"),
          "removal keeps configuration and store")
    in_root(at, "dpkg", "-P", "freehold")
    check(files(at) == before, "purge leaves or takes: %s" % sorted(files(at) ^ before))


def check_make(folder, deb):
    """The same octets from the same commit; and `make uninstall` takes away what `make install` brought."""
    with open(deb, "rb") as f:
        first = f.read()
    run("make", "-s", "deb", cwd=ROOT)
    with open(deb, "rb") as f:
        check(f.read() == first, "the package built again is the same")
    for target in "install", "uninstall":
        run("make", "-s", target, "DESTDIR=" + folder + "/dest", cwd=ROOT)
        count = sum(len(names) for _, _, names in os.walk(folder + "/dest"))
        check((count > 5) == (target == "install"), "make %s: %d files" % (target, count))


def main():
    deb = newest_package(BUILD)
    if os.geteuid() != 0:
        print("needs root\n0 passed, 1 failed")
        return 1
    out = subprocess.run(["lintian", "--allow-root", deb], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    check(not re.search(r"^E:", out, re.M), "lintian:\n" + out)
    with tempfile.TemporaryDirectory() as folder:
        at = os.path.join(folder, "root")
        try:
            make(BUILD, at)
            check_life(at, deb, folder)
            check_make(folder, deb)
        except Failed as e:
            check(False, e)
    print("%d passed, 0 failed" % checks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
