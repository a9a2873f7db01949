"""The package under a real systemd: systemd_test.py BUILD (make deb-test). A guest of user-mode Linux whose root is a fresh Debian with the package.

The units as `systemctl` starts them, with all that hardens them: they tell when they serve; after a restart, after SIGKILL and after an upgrade
every UE is known; the journal has priorities; a wrong configuration is not tried again. Prints what systemd-analyze thinks of each unit.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import debian_root
from build_folder import build_folder
from package_test import CONFIG, UES

BUILD = build_folder(__doc__)
TIMEOUT_S = 400
MODULES = "/usr/lib/uml/modules/*/kernel/drivers/net/tun.ko"  # of the guest's kernel

UNIT = """[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /root/inside.sh
StandardOutput=file:/root/result
StandardError=inherit
[Install]
WantedBy=multi-user.target
"""

INSIDE = r"""
trap 'systemctl poweroff' EXIT
n=0
fail() { echo "FAILED $*"; journalctl --no-pager -n 40 -u 'freehold*'; exit 1; }
ok() { n=$((n + 1)); }
know() {
	for i in $(seq 150); do
		[ "$(freehold ues --csv 2>/dev/null | grep -c 00101)" = %(ues)d ] && [ "$(freehold sessions --csv 2>/dev/null | grep -c 10.45)" = %(ues)d ] && ok && return
		sleep 0.1
	done
	freehold ues; freehold sessions
	fail "$1: UEs or their sessions are lost"
}
kill_main() { # with another signal, if one is given
	pid=$(systemctl show -p MainPID --value "$1")
	kill "${2:--9}" "$pid"
	for i in $(seq 150); do
		now=$(systemctl show -p MainPID --value "$1")
		[ "$now" != 0 ] && [ "$now" != "$pid" ] && systemctl -q is-active "$1" && ok && return
		sleep 0.1
	done
	fail "$1 is not started again"
}
insmod /root/tun.ko && chmod 0666 /dev/net/tun || fail "no tun" # as udev has it
mount -t tmpfs -o mode=0700,uid=freehold,gid=freehold tmpfs /var/lib/freehold || fail "no tmpfs" # what is made on the host's files is root's
ip link set lo up
systemctl enable --now freehold 2>/dev/null || fail "freehold does not start"
freehold status >/root/status || fail "freehold counts as started, and does not answer"; ok
freehold load -c /etc/freehold/network.yaml --ues %(ues)d --gnbs 1 --print-subscribers >/root/subscribers
freehold subscriber import /root/subscribers || fail "import"
freehold load -c /etc/freehold/network.yaml --ues %(ues)d --gnbs 1 >/root/load 2>&1 || fail "load: $(cat /root/load)"
know "before"
systemctl restart freehold || fail "restart"
know "after a restart of freehold"
kill_main freehold
know "after SIGKILL of freehold"
systemctl enable --now freehold-core freehold-upf 2>/dev/null || fail "the parts do not start"
systemctl -q is-active freehold && fail "freehold goes on beside its parts"; ok
know "with a unit for each part"
systemctl restart freehold-core || fail "restart of the core"
know "after a restart of freehold-core"
kill_main freehold-core
know "after SIGKILL of freehold-core"
kill_main freehold-upf
know "after SIGKILL of freehold-upf"
mkdir -p /etc/systemd/system/freehold-core.service.d # sooner than the unit has it
printf '[Service]\nWatchdogSec=4\n' >/etc/systemd/system/freehold-core.service.d/watchdog.conf
systemctl daemon-reload
systemctl restart freehold-core || fail "restart with another watchdog"
sleep 6
[ "$(systemctl show -p NRestarts --value freehold-core)" = 0 ] || fail "a core that lives is taken for stuck"; ok
kill_main freehold-core -STOP
know "after a core that was stuck"
dpkg --force-confold -i /root/next.deb >/root/upgrade 2>&1 || fail "upgrade: $(cat /root/upgrade)"
systemctl -q is-active freehold-core freehold-upf || fail "the upgrade leaves units behind"
know "after an upgrade"
journalctl -u freehold-core -p info..info --no-pager | grep -q 'process: core is up' || fail "no line of priority info"; ok
sed -i 's/^core: {/core: {events_max: 99, /' /etc/freehold/network.yaml
systemctl reload freehold-core || fail "reload"
sleep 1
journalctl -u freehold-core -p warning..warning --no-pager | grep -q 'core.events_max has changed' || fail "no line of priority warning"; ok
systemctl stop freehold-core freehold-upf
[ -z "$(pgrep -x 'freehold.*')" ] || fail "processes are left"; ok
echo 'nonsense: 1' >>/etc/freehold/network.yaml
systemctl start freehold-core 2>/dev/null && fail "a wrong configuration counts as started"
sleep 2
[ "$(systemctl show -p NRestarts --value freehold-core)" = 0 ] || fail "a wrong configuration is tried again"; ok
for unit in freehold freehold-core freehold-upf freehold-gnb@one freehold-cucp@one freehold-cuup@one freehold-du@one; do
	systemd-analyze security --no-pager --threshold=30 $unit.service >/root/security || fail "$(cat /root/security)"
	ok
	grep -o 'exposure level.*' /root/security
done
echo "$n passed, 0 failed"
"""


def furnish(at, folder):
    """The package, a network, and what runs once the guest is up."""
    deb = debian_root.newest_package(BUILD)
    shutil.copy(deb, at + "/tmp/freehold.deb")
    debian_root.in_root(at, "dpkg", "-i", "/tmp/freehold.deb")
    shutil.copy(debian_root.next_version(deb, folder), at + "/root/next.deb")
    shutil.copy(glob.glob(MODULES)[0], at + "/root/tun.ko")
    for path, text in (("/etc/freehold/network.yaml", CONFIG), ("/root/inside.sh", INSIDE % {"ues": UES}), ("/etc/machine-id", ""),
                       ("/etc/systemd/system/inside.service", UNIT)):
        with open(at + path, "w", encoding="utf-8") as f:
            f.write(text)
    wants = at + "/etc/systemd/system/multi-user.target.wants"
    os.makedirs(wants, exist_ok=True)
    os.symlink("../inside.service", wants + "/inside.service")


def main():
    kernel = shutil.which("linux.uml")
    if not kernel or os.geteuid() != 0:
        print("no user-mode-linux here, or no root: no systemd is tried\n0 passed, 0 failed")
        return 0
    with tempfile.TemporaryDirectory(prefix="freehold-systemd-") as folder:
        at = os.path.join(folder, "root")
        debian_root.make(BUILD, at)
        furnish(at, folder)
        try:
            shown = subprocess.run([kernel, "mem=1G", "root=/dev/root", "rootfstype=hostfs", "rootflags=" + at, "rw", "init=/lib/systemd/systemd",
                                    "con=null", "con0=null,fd:1", "ssl=null", "quiet"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, errors="replace", timeout=TIMEOUT_S, check=False).stdout
        except subprocess.TimeoutExpired as e:
            shown = (e.stdout or b"").decode(errors="replace") + "\nthe guest does not end"
        result = ""
        if os.path.exists(at + "/root/result"):
            with open(at + "/root/result", encoding="utf-8", errors="replace") as f:
                result = f.read()
    good = re.search(r"^\d+ passed, 0 failed$", result, re.M)
    print(result.strip() if good else shown[-3000:] + result + "\n0 passed, 1 failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
