"""The appliance under QEMU: appliance_test.py BUILD (make appliance-test). Needs root, qemu-system-x86_64 and OVMF; without KVM some ten minutes.

One machine from its first start on: the terminal says how to reach the console, which answers; a crowd registers; a signed update starts slot b
with all that was there; refused ones change nothing; one that does not start and one that does not come up leave the machine where it was; the
way back.
"""
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools"))
import appliance  # noqa: E402
import debian_root  # noqa: E402
from build_folder import build_folder  # noqa: E402
from package_test import CONFIG, UES  # noqa: E402

BUILD = build_folder(__doc__)
FIRMWARE = "/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"
PASSWORD = "five gnats hum"
BOOT_S = 300

checks = 0


def check(ok, what):
    global checks
    checks += 1
    if not ok:
        raise AssertionError(what)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Machine:
    """A virtual machine and its serial terminal."""

    def __init__(self, folder, disk, stick):
        variables = shutil.copy(FIRMWARE[1], folder)
        self.port = free_port()
        self.heard = ""
        self.log = open(os.path.join(BUILD, "appliance-test.log"), "w", encoding="utf-8")
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", "-accel", os.environ.get("ACCEL", "tcg"), "-cpu", "max", "-smp", "2", "-m", "2048", "-display", "none",
             "-monitor", "none", "-serial", "stdio", "-drive", "if=pflash,format=raw,readonly=on,file=" + FIRMWARE[0],
             "-drive", "if=pflash,format=raw,file=" + variables, "-drive", "if=virtio,format=raw,file=" + disk,
             "-drive", "if=virtio,format=raw,readonly=on,file=" + stick,
             "-nic", "user,model=virtio,hostfwd=tcp:127.0.0.1:%d-:8443" % self.port],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(self.process.stdout.fileno(), False)

    def end(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def wait(self, pattern, seconds):
        """What matches, taken off what was heard with all before it."""
        until = time.time() + seconds
        while not (m := re.search(pattern, self.heard)):
            if time.time() > until or self.process.poll() is not None:
                raise AssertionError("no %r in %d s; heard at last:\n%s" % (pattern, seconds, self.heard[-3000:]))
            piece = self.process.stdout.read() or b""
            text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", piece.decode(errors="replace"))
            self.heard += text
            self.log.write(text)
            self.log.flush()
            time.sleep(0.05)
        self.heard, before = self.heard[m.end():], self.heard[:m.start()]
        return m, before

    def login(self):
        """Once it is up and has said so."""
        heard, _ = self.wait(r"Console: (https:\S+)", BOOT_S)
        self.send("\n")
        self.wait(r"freehold login: $", 60)
        self.send("root\n")
        m, _ = self.wait(r"(New password|Password): ", 60)
        self.send(PASSWORD + "\n")
        if m.group(1) == "New password":
            self.wait(r"Retype new password: ", 60)
            self.send(PASSWORD + "\n")
        self.wait(r"root@freehold:~# ", 60)
        self.send("stty -echo; dmesg -n 1; PS1=; TERM=dumb\n")
        self.run("true")
        return heard.group(1)

    def run(self, command, seconds=120):
        """Exit status and what it printed."""
        self.send("\n%s\necho \"<$?>\"\n" % command)
        m, before = self.wait(r"<(\d+)>\n", seconds)
        return int(m.group(1)), before.strip()

    def good(self, command, seconds=120):
        status, text = self.run(command, seconds)
        check(status == 0, "%s: %d %s" % (command, status, text))
        return text

    def until(self, command, pattern, seconds):
        end = time.time() + seconds
        while not re.search(pattern, (text := self.run(command)[1])):
            if time.time() > end:
                raise AssertionError("%s: %s" % (command, text))
            time.sleep(1)
        return text

    def status(self):
        return self.good("freehold upgrade --status")


def answers(port):
    """What the console's first page is, to a browser that does not know its authority."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with urllib.request.urlopen("https://127.0.0.1:%d/" % port, context=context, timeout=60) as page:
        return page.read()


def spoil(at):
    """A version whose program does not start."""
    appliance.write(at + "/usr/bin/freehold", "#!/bin/sh\nexit 1\n", 0o755)


def prepare(folder, deb, key):
    """The disk, and a stick with updates: good, tampered, old, for what does not start, for what does not come up."""
    public = appliance.public_of(key)
    version = appliance.run("dpkg-deb", "-f", deb, "Version").strip()
    seconds = int(appliance.run("sh", os.path.join(appliance.ROOT, "tools/deb_version.sh"), "--seconds"))
    work = os.path.join(BUILD, "appliance")
    manifest, boot, root = appliance.make_slot(BUILD, deb, public, version, seconds)
    disk = appliance.make_image(os.path.join(folder, "disk.img"), boot, root, version, seconds, work)
    os.truncate(disk, 3 << 30)  # a disk is larger than the image
    stick = appliance.fresh(os.path.join(folder, "stick"))

    def bundle(name, manifest, boot, root, signed_by=key):
        return appliance.make_bundle(os.path.join(stick, name), manifest, boot, root, signed_by, work)

    stranger = os.path.join(folder, "stranger.pem")
    appliance.public_of(stranger)
    bundle("stranger", manifest, boot, root, stranger)
    bundle("old", manifest.replace("made %d" % seconds, "made %d" % (seconds - 1)), boot, root)
    keep = shutil.copy(boot, os.path.join(folder, "boot-1"))
    manifest, boot, root = appliance.make_slot(BUILD, deb, public, version + ".2", seconds + 60)
    whole = appliance.read(bundle("two", manifest, boot, root))
    appliance.write(stick + "/short", whole[:-1000])
    appliance.write(stick + "/changed", whole[:-1000] + b"x" + whole[-999:])
    # The boot file of one version and the root of another: the root hash does not fit.
    digest = appliance.hashlib.sha256(appliance.read(keep)).hexdigest()
    mixed = re.sub(r"(?m)^boot .*$", "boot %d %s" % (os.path.getsize(keep), digest), manifest).replace(".2\n", ".3\n")
    bundle("mixed", mixed, keep, root)
    manifest, boot, root = appliance.make_slot(BUILD, deb, public, version + ".4", seconds + 120, spoil)
    bundle("spoilt", manifest, boot, root)
    image = os.path.join(folder, "stick.img")
    appliance.run("mkfs.ext4", "-q", "-d", stick, "-L", "stick", image, "1500M")
    return disk, image, version


def check_first_start(m, version):
    link = m.login()
    check(re.match(r"https://10\.0\.2\.15:8443/first#[0-9a-f]{64}$", link), "the link on the terminal: " + link)
    check(m.status() == "slot a: %s, good, running\nslot b: empty" % version, m.status())
    check(b"<html" in answers(m.port), "the console answers")
    check(m.run("touch /usr/x")[0] != 0, "the root is read only")
    check("dm-0" in m.good("findmnt -n -o SOURCE /"), "and verified")
    size = int(m.good("df --output=size -k /data | tail -1"))
    check(size > 1400 * 1024, "/data has grown with the disk: %d KiB" % size)


def check_registrations(m):
    m.good("cat >/etc/freehold/network.yaml <<'E'\n%sconsole: {address: 0.0.0.0}\nE" % CONFIG)
    m.good("systemctl restart freehold", 200)
    m.good("freehold load --ues %d --gnbs 1 --print-subscribers >/tmp/s && freehold subscriber import /tmp/s" % UES)
    m.good("freehold load --ues %d --gnbs 1" % UES)
    m.until("freehold ues --csv | grep -c 00101", r"^%d$" % UES, 30)


def check_kept(m, what):
    m.until("freehold ues --csv 2>/dev/null | grep -c 00101", r"^%d$" % UES, 120)
    check(m.good("freehold sessions --csv | grep -c 10.45") == str(UES), what + ": the sessions")
    check(m.good("grep -c 10.45.0.0 /etc/freehold/network.yaml") == "1", what + ": the configuration")


def check_refusals(m):
    before = m.status()
    for name, why in (("stranger", "not signed with the key"), ("short", "cut off"), ("changed", "not what was signed"), ("old", "is older than"),
                      ("nothing", "No such file")):
        status, text = m.run("freehold upgrade /mnt/" + name)
        check(status == 1 and why in text, "%s: %s" % (name, text))
    check(m.status() == before, "a refused file changes nothing")


def check_back_by_itself(m, name, seconds, failed):
    """A version that fails: three starts, then the one before."""
    m.good("mount -o ro LABEL=stick /mnt")
    m.send("\nfreehold upgrade /mnt/%s\n" % name)
    m.wait(r"slot a is started next", 300)
    began = time.time()
    for _ in range(3):
        m.wait(failed, seconds)
    m.login()
    print("%s: back after %d s" % (name, time.time() - began))
    status = m.status()
    check(re.search(r"^slot a: \S+, did not come up\nslot b: \S+\.2, good, running$", status), status)
    check_kept(m, name)


def play(m, version):
    began = time.time()
    check_first_start(m, version)
    print("up after %d s" % (time.time() - began))
    check_registrations(m)
    m.good("mount -o ro LABEL=stick /mnt")
    check_refusals(m)
    m.send("\nfreehold upgrade /mnt/two\n")
    m.wait(r"slot b is started next", 300)
    began = time.time()
    m.login()
    m.until("freehold upgrade --status", r"slot b: \S+\.2, good, running", 120)
    print("update: good after %d s" % (time.time() - began))
    check_kept(m, "an update")
    check_back_by_itself(m, "mixed", BOOT_S, r"appliance: slot a has no file system|Kernel panic")
    check_back_by_itself(m, "spoilt", 2 * BOOT_S, r"freehold: this slot does not come up")
    check_ways_back(m, version)


def check_ways_back(m, version):
    """An older version that is asked for, and the other slot."""
    m.good("mount -o ro LABEL=stick /mnt && freehold upgrade --no-reboot --older /mnt/old && freehold upgrade --status", 300)
    m.send("\nsystemctl reboot\n")
    m.login()
    m.until("freehold upgrade --status", r"slot a: %s, good, running" % re.escape(version), 120)
    check_kept(m, "an older version that was asked for")
    m.send("\nfreehold upgrade --back\n")
    m.wait(r"slot b is started next", 60)
    m.login()
    m.until("freehold upgrade --status", r"slot b: \S+\.2, good, running", 120)
    check_kept(m, "the way back")


def main():
    if os.geteuid() != 0 or not shutil.which("qemu-system-x86_64") or not os.path.exists(FIRMWARE[0]):
        print("needs root, qemu-system-x86_64 and OVMF\n0 passed, 1 failed")
        return 1
    deb = debian_root.newest_package(BUILD)
    with tempfile.TemporaryDirectory(prefix="freehold-appliance-", dir=BUILD) as folder:
        key = os.path.join(folder, "key.pem")
        disk, stick, version = prepare(folder, deb, key)
        m = Machine(folder, disk, stick)
        try:
            play(m, version)
        except (AssertionError, OSError) as e:
            print("FAILED %s\n%d passed, 1 failed" % (e, checks))
            return 1
        finally:
            m.end()
    print("%d passed, 0 failed" % checks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
