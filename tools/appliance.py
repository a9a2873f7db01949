#!/usr/bin/env python3
"""The appliance (ops/deploy/appliance): what a slot holds, a disk image with the first slot filled, and signed bundles that update the other.

appliance.py image BUILD DEB KEY     BUILD/freehold-appliance.img
appliance.py update BUILD DEB KEY    BUILD/freehold_VERSION_ARCH.update

DEB is the package, KEY the Ed25519 key (PEM) that updates are signed with: it is made where there is none, and the image has its public half.
Needs root and a Debian mirror; BUILD/appliance keeps what came from that. Nothing is mounted. The same commit, key and Debian packages give the
same octets: no time but the commit's, no number that is drawn.
"""
import glob
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FROM = os.path.join(ROOT, "ops/deploy/appliance")
ARCHITECTURE = "amd64"
SUITE = "bookworm"
# Beside what the package depends on: systemd as boot, network, names and clock; what makes NAT; what an operator's hands need at the terminal.
PACKAGES = ("systemd-sysv,systemd-boot,udev,kmod,dbus,systemd-resolved,systemd-timesyncd,usr-is-merged,iproute2,iputils-ping,nftables,"
            "e2fsprogs,dosfstools,login,nano,less,procps").split(",")
# Extracted, not installed: the kernel, and what the way from it to the slot needs.
EXTRACTED = ["linux-image-" + ARCHITECTURE, "busybox-static", "dmsetup"]
# Kernel modules that no such machine needs; and those by which it finds its disk.
MODULES_NOT = ("sound", "drivers/gpu", "drivers/media", "drivers/iio", "drivers/staging", "drivers/infiniband", "drivers/bluetooth", "drivers/isdn",
               "drivers/net/wireless", "drivers/net/can", "drivers/comedi", "drivers/input/joystick", "drivers/input/touchscreen", "net/bluetooth",
               "net/wireless", "net/mac80211", "fs/ceph", "fs/ocfs2", "fs/gfs2", "fs/btrfs", "fs/xfs", "fs/nfs", "fs/nfsd", "fs/cifs")
MODULES_EARLY = ("drivers/ata", "drivers/nvme", "drivers/scsi", "drivers/block/virtio_blk.ko", "drivers/block/xen-blkfront.ko", "drivers/virtio",
                 "drivers/message/fusion", "drivers/mmc", "drivers/usb/host", "drivers/usb/storage", "drivers/hv", "drivers/md/dm-verity.ko",
                 "fs/squashfs", "fs/overlayfs", "fs/ext4", "fs/efivarfs", "arch/x86/crypto/sha256-ssse3.ko", "arch/x86/crypto/crc32c-intel.ko", "crypto/crc32c_generic.ko")
COMMAND_LINE = "console=ttyS0,115200 console=tty0 panic=10 systemd.gpt_auto=0 freehold.root=%s freehold.salt=%s freehold.blocks=%d"
BLOCK = 4096
MIB = 1 << 20
ESP_MIB, SLOT_MIB, DATA_MIB = 256, 512, 64
FREEHOLD_ID = 900  # of the user freehold: the data partition outlives the image that made the user
EPOCH_UUID = uuid.UUID("7a1d6e3a-52b0-4c39-9d8e-4f7265650001")
STUB = "/usr/lib/systemd/boot/efi/linuxx64.efi.stub"
LOADER = "/usr/lib/systemd/boot/efi/systemd-bootx64.efi"


def run(*command, **kwargs):
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, errors="replace", check=False, **kwargs)
    if p.returncode:
        sys.exit("%s\n%s" % (" ".join(command), p.stdout))
    return p.stdout


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    os.chmod(path, mode)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def named_uuid(name):
    return str(uuid.uuid5(EPOCH_UUID, name))


def fresh(path):
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def from_debian(folder, deb):
    """Two archives: a root with what the package depends on, and the extracted ones."""
    depends = run("dpkg-deb", "-f", deb, "Depends")
    names = [re.split(r"[ (|]", d.strip())[0] for d in depends.split(",")]
    root, extracted = os.path.join(folder, "debian.tar"), os.path.join(folder, "kernel.tar")
    if not os.path.exists(root):
        run("mmdebstrap", "--format=tar", "--variant=essential", "--include=" + ",".join(PACKAGES + names), "--dpkgopt=force-unsafe-io",
            "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", *("--dpkgopt=path-exclude=/usr/share/%s/*" % of for of in ("locale", "man", "info")),
            SUITE, root + ".part")
        os.rename(root + ".part", root)
    if not os.path.exists(extracted):
        run("mmdebstrap", "--format=tar", "--variant=extract", "--include=" + ",".join(EXTRACTED), SUITE, extracted + ".part")
        os.rename(extracted + ".part", extracted)
    return root, extracted


def one(pattern):
    found = glob.glob(pattern)
    assert len(found) == 1, (pattern, found)
    return found[0]


def packages_of(at):
    """Name and version of what is in a root, or beside it."""
    text = read(at + "/var/lib/dpkg/status").decode()
    return re.findall(r"(?ms)^Package: (\S+)$.*?^Version: (\S+)$", text)


def depmod(at):
    version = os.path.basename(one(at + "/lib/modules/*"))
    run("depmod", "-b", at, version)
    for name in glob.glob(at + "/lib/modules/*/modules.*.bin"):
        if not name.endswith(("dep.bin", "alias.bin", "builtin.bin", "builtin.alias.bin", "symbols.bin")):
            os.unlink(name)


def add_modules(at, kernel):
    """Those of the kernel less those that no such machine needs."""
    source = one(kernel + "/lib/modules/*")
    to = at + "/usr/lib/modules/" + os.path.basename(source)
    shutil.copytree(source, to, symlinks=True)
    for name in MODULES_NOT:
        shutil.rmtree(to + "/kernel/" + name, ignore_errors=True)
    for name in ("build", "source"):
        if os.path.islink(to + "/" + name):
            os.unlink(to + "/" + name)
    depmod(at)


def unit(at, name, wanted_by):
    """A unit of /usr/lib/systemd/system, enabled as `systemctl enable` has it."""
    folder = at + "/etc/systemd/system/" + wanted_by
    os.makedirs(folder, exist_ok=True)
    link = folder + "/" + name
    if not os.path.lexists(link):
        os.symlink("/lib/systemd/system/" + name, link)


def furnish(at, facts, public):
    """What makes a Debian root the appliance's."""
    units = at + "/usr/lib/systemd/system/"
    for name, wanted in (("freehold-grow.service", "local-fs.target.wants"), ("freehold-terminal.service", "multi-user.target.wants"),
                         ("freehold-healthy.service", "boot-complete.target.requires")):
        write(units + name, read(os.path.join(FROM, name)))
        unit(at, name, wanted)
    unit(at, "freehold.service", "multi-user.target.wants")
    unit(at, "systemd-networkd.service", "multi-user.target.wants")
    unit(at, "systemd-repart.service", "sysinit.target.wants")
    for name in ("terminal", "healthy"):
        write(at + "/usr/lib/freehold/" + name, read(os.path.join(FROM, name)), 0o755)
    write(at + "/usr/lib/freehold/appliance", facts)
    write(at + "/usr/lib/freehold/update.pub", public)
    write(at + "/usr/lib/repart.d/data.conf", read(os.path.join(FROM, "data.conf")))
    write(at + "/usr/lib/systemd/network/90-wired.network", read(os.path.join(FROM, "wired.network")))
    write(units + "emergency.service.d/appliance.conf", read(os.path.join(FROM, "emergency.conf")))
    write(at + "/usr/lib/systemd/system.conf.d/appliance.conf", read(os.path.join(FROM, "watchdog.conf")))
    write(at + "/etc/fstab", read(os.path.join(FROM, "fstab")))
    write(at + "/etc/hostname", "freehold\n")
    write(at + "/etc/hosts", "127.0.0.1 localhost freehold\n::1 localhost\n")
    write(at + "/etc/machine-id", "")
    for name in ("data", "efi", "var/log/journal"):
        os.makedirs(at + "/" + name, exist_ok=True)
    # The console from the first start on; who may enter it has the link of the terminal.
    path = at + "/etc/freehold/network.yaml"
    text, count = re.subn(r"(?m)^# console: \{address: 127\.0\.0\.1\}", "console: {address: 0.0.0.0}", read(path).decode())
    assert count == 1, "network.yaml has a line for the console"
    mode = os.stat(path).st_mode & 0o7777
    with open(path, "w", encoding="utf-8") as f:  # its owner stays
        f.write(text)
    os.chmod(path, mode)


def tidy_root(at):
    """Without what differs from one making to the next, what is of use to dpkg and apt alone, and what was of the machine that made it."""
    write(at + "/usr/share/freehold/packages", "".join("%s %s\n" % p for p in sorted(packages_of(at))))
    for pattern in ("var/lib/dpkg", "var/lib/apt", "var/cache/*", "var/log/*", "var/backups/*", "var/tmp/*", "tmp/*", "run/*", "etc/apt", "etc/resolv.conf",
                    "etc/*-", "boot/*", "var/lib/systemd/random-seed", "etc/systemd/system/timers.target.wants/dpkg-db-backup.timer",
                    "etc/systemd/system/timers.target.wants/e2scrub_all.timer", "etc/systemd/system/multi-user.target.wants/e2scrub_reap.service",
                    "etc/cron.daily", "usr/share/lintian", "usr/share/bug"):
        for path in glob.glob(os.path.join(at, pattern)):
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)
    os.symlink("../run/systemd/resolve/stub-resolv.conf", at + "/etc/resolv.conf")


def debian_root(folder, deb, root_tar):
    at = fresh(os.path.join(folder, "root"))
    run("tar", "-x", "-p", "--numeric-owner", "-f", root_tar, "-C", at)
    write(at + "/etc/sysusers.d/freehold.conf",
          re.sub(r"(?m)^u freehold -", "u freehold %d" % FREEHOLD_ID, read(os.path.join(ROOT, "ops/deploy/systemd/freehold.sysusers")).decode()))
    shutil.copy(deb, at + "/tmp/freehold.deb")
    run("unshare", "--mount", "--pid", "--fork", "--kill-child", "chroot", at, "/usr/bin/env", "PATH=/usr/sbin:/usr/bin", "dpkg", "-i", "/tmp/freehold.deb")
    # Its keys are the operator's to choose: the first login at a terminal needs no password, and ends with one.
    run("chroot", at, "/usr/bin/passwd", "-q", "-d", "root")
    run("chroot", at, "/usr/bin/chage", "-d", "0", "root")
    return at


def squash(at, out, seconds):
    """The file system with its hash tree behind it: (root hash, salt, blocks of the file system)."""
    if os.path.exists(out):
        os.unlink(out)
    run("mksquashfs", at, out, "-comp", "zstd", "-Xcompression-level", "15", "-noappend", "-no-progress")  # times: SOURCE_DATE_EPOCH
    size = os.path.getsize(out)
    blocks = -(-size // BLOCK)
    os.truncate(out, blocks * BLOCK)
    salt = hashlib.sha256(b"freehold appliance %d" % seconds).hexdigest()
    shown = run("veritysetup", "format", "--no-superblock", "--salt=" + salt, "--data-blocks=%d" % blocks, "--hash-offset=%d" % (blocks * BLOCK), out, out)
    return re.search(r"^Root hash:\s+([0-9a-f]{64})$", shown, re.M).group(1), salt, blocks


def cpio(at):
    """The octets of a newc archive of a tree, always the same for the same tree."""
    out = []

    def entry(number, name, mode, data, dev=(0, 0)):
        name = name.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, dev[0], dev[1], len(name), 0)
        head = b"070701" + b"".join(b"%08X" % f for f in fields) + name
        out.append(head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4))

    names = sorted(os.path.relpath(os.path.join(d, n), at) for d, dirs, files in os.walk(at) for n in dirs + files)
    for number, name in enumerate(names, 1):
        path = os.path.join(at, name)
        mode = os.lstat(path).st_mode
        data = os.readlink(path).encode() if os.path.islink(path) else read(path) if os.path.isfile(path) else b""
        entry(number, name, mode, data)
    entry(len(names) + 1, "dev/console", 0o020600, b"", (5, 1))
    entry(0, "TRAILER!!!", 0, b"")
    return b"".join(out)


def add_program(at, root, path):
    """A program of a root with the libraries that it loads."""
    shown = run("chroot", root, "/usr/bin/ldd", path)
    for name in [path] + re.findall(r"(/\S+) \(0x", shown):
        os.makedirs(os.path.dirname(at + name), exist_ok=True)
        shutil.copy(os.path.realpath(root + name) if not os.path.islink(root + name) else root + os.path.join("/", os.path.relpath(os.path.realpath(root + name), root)),
                    at + name)


def early_modules(at, kernel):
    """MODULES_EARLY and what they depend on."""
    source = one(kernel + "/lib/modules/*")
    to = at + "/lib/modules/" + os.path.basename(source)
    depends = dict(line.split(":") for line in read(source + "/modules.dep").decode().splitlines())
    wanted = [m for m in depends if m.startswith(tuple("kernel/" + e for e in MODULES_EARLY))]
    for module in {d for m in wanted for d in [m] + depends[m].split()}:
        os.makedirs(os.path.dirname(to + "/" + module), exist_ok=True)
        shutil.copy(source + "/" + module, to + "/" + module)
    for name in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        shutil.copy(source + "/" + name, to)
    depmod(at)


def early_root(folder, root, kernel):
    """The kernel's first root, packed."""
    at = fresh(os.path.join(folder, "early"))
    for name in ("bin", "dev", "lib64"):
        os.makedirs(at + "/" + name)
    shutil.copy(kernel + "/bin/busybox", at + "/bin/busybox")
    shutil.copy(os.path.join(FROM, "init"), at + "/init")
    os.chmod(at + "/init", 0o755)
    shutil.copy(kernel + "/sbin/dmsetup", root + "/tmp/dmsetup")  # its libraries are the root's
    add_program(at, root, "/sbin/e2fsck")
    add_program(at, root, "/tmp/dmsetup")
    os.makedirs(at + "/sbin", exist_ok=True)
    os.rename(at + "/tmp/dmsetup", at + "/sbin/dmsetup")
    os.unlink(root + "/tmp/dmsetup")
    os.rmdir(at + "/tmp")
    early_modules(at, kernel)
    return gzip.compress(cpio(at), 6, mtime=0)


def without_time(path, seconds):
    """objcopy writes when it was, and a checksum of that which no firmware reads."""
    with open(path, "r+b") as f:
        f.seek(0x3c)
        header = int.from_bytes(f.read(4), "little")
        for at, value in ((header + 8, seconds), (header + 88, 0)):
            f.seek(at)
            f.write(value.to_bytes(4, "little"))


def boot_file(folder, out, version, kernel, early, verity, seconds):
    """One EFI program: the stub, the kernel, its first root, and its command line, which has the root hash."""
    write(folder + "/release", "ID=freehold\nNAME=Freehold\nPRETTY_NAME=\"Freehold %s\"\nVERSION_ID=%s\n" % (version, version))
    write(folder + "/line", COMMAND_LINE % verity)
    write(folder + "/early.gz", early)
    shutil.copy(one(kernel + "/boot/vmlinuz-*"), folder + "/vmlinuz")
    sections, at = [], 0x20000
    for section, name, address in ((".osrel", "release", 0x20000), (".cmdline", "line", 0x30000), (".linux", "vmlinuz", 0x2000000),
                                   (".initrd", "early.gz", 0x4000000)):
        assert address >= at, section
        at = address + os.path.getsize(folder + "/" + name)
        sections += ["--add-section", "%s=%s/%s" % (section, folder, name), "--change-section-vma", "%s=0x%x" % (section, address)]
    run("objcopy", *sections, STUB, out)
    without_time(out, seconds)


def make_slot(build, deb, public, version, seconds, change=None):
    """What a slot holds: (manifest, boot file, root file), in BUILD/appliance. change: of the root, by a test."""
    folder = os.path.join(build, "appliance")
    os.makedirs(folder, exist_ok=True)
    os.environ.update(SOURCE_DATE_EPOCH=str(seconds), TZ="UTC")
    root_tar, kernel_tar = from_debian(folder, deb)
    kernel = fresh(os.path.join(folder, "kernel"))
    run("tar", "-x", "-f", kernel_tar, "-C", kernel)
    depmod(kernel)
    at = debian_root(folder, deb, root_tar)
    early = early_root(folder, at, kernel)
    facts = "version %s\nmade %d\narchitecture %s\n" % (version, seconds, ARCHITECTURE)
    tidy_root(at)
    furnish(at, facts, public)
    add_modules(at, kernel)
    if change:
        change(at)
    boot, root = os.path.join(folder, "boot.efi"), os.path.join(folder, "root.img")
    boot_file(folder, boot, version, kernel, early, squash(at, root, seconds), seconds)
    for name in ("root", "kernel", "early"):
        shutil.rmtree(os.path.join(folder, name))
    assert os.path.getsize(root) <= SLOT_MIB * MIB and os.path.getsize(boot) * 2 + 8 * MIB <= ESP_MIB * MIB
    manifest = "freehold-update 1\n" + facts
    for name, path in (("boot", boot), ("root", root)):
        manifest += "%s %d %s\n" % (name, os.path.getsize(path), hashlib.sha256(read(path)).hexdigest())
    return manifest + "\n", boot, root


def public_of(key):
    """The public half in hexadecimal; the key is made where there is none."""
    if not os.path.exists(key):
        mask = os.umask(0o077)
        run("openssl", "genpkey", "-algorithm", "ed25519", "-out", key)
        os.umask(mask)
        print("made %s: whoever has it makes updates; keep it apart" % key)
    der = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], stdout=subprocess.PIPE, check=True).stdout
    return der[-32:].hex() + "\n"


def signed(manifest, key, folder):
    write(folder + "/manifest", manifest)
    run("openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", folder + "/manifest", "-out", folder + "/signature")
    return read(folder + "/signature")


def make_bundle(out, manifest, boot, root, key, folder):
    """The manifest, its signature, and the two files."""
    write(out, manifest.encode() + signed(manifest, key, folder) + read(boot) + read(root))
    return out


def boot_partition(folder, boot, version, seconds):
    """The ESP as a file: the loader, and the entry of slot a."""
    esp = os.path.join(folder, "esp.img")
    if os.path.exists(esp):
        os.unlink(esp)
    run("mkfs.vfat", "-C", "-F", "32", "-i", "46524545", "--invariant", "-n", "FREEHOLD", esp, str(ESP_MIB * 1024))
    write(folder + "/entry", "title Freehold %s\nversion 1\nsort-key freehold\nefi /freehold/a.efi\n" % version)
    for name in ("EFI", "EFI/BOOT", "loader", "loader/entries", "freehold"):
        run("mmd", "-i", esp, "::/" + name)
    for source, name in ((LOADER, "EFI/BOOT/BOOTX64.EFI"), (FROM + "/loader.conf", "loader/loader.conf"), (folder + "/entry", "loader/entries/freehold-a.conf"),
                         (boot, "freehold/a.efi")):
        copy = folder + "/copy"
        shutil.copyfile(source, copy)
        os.utime(copy, (seconds, seconds))
        run("mcopy", "-m", "-i", esp, copy, "::/" + name)
    return esp


def data_partition(folder, seconds):
    data = os.path.join(folder, "data.img")
    with open(data, "wb") as f:
        f.truncate(DATA_MIB * MIB)
    empty = fresh(folder + "/empty")
    os.utime(empty, (seconds, seconds))
    run("mkfs.ext4", "-q", "-d", empty, "-L", "freehold-data", "-U", named_uuid("data"), "-E", "hash_seed=%s,lazy_itable_init=0" % named_uuid("hash"),
        "-O", "^has_journal,metadata_csum", data, env=dict(os.environ, E2FSPROGS_FAKE_TIME=str(seconds)))
    run("tune2fs", "-O", "has_journal", data, env=dict(os.environ, E2FSPROGS_FAKE_TIME=str(seconds)))
    return data


def make_image(out, boot, root, version, seconds, folder):
    """The disk: GPT, ESP, slots a and b, data."""
    parts = [("freehold-esp", ESP_MIB, "uefi", boot_partition(folder, boot, version, seconds)),
             ("freehold-a", SLOT_MIB, "4f68bce3-e8cd-4db1-96e7-fbcaf984b709", root),
             ("freehold-b", SLOT_MIB, "4f68bce3-e8cd-4db1-96e7-fbcaf984b709", None),
             ("freehold-data", DATA_MIB, "linux", data_partition(folder, seconds))]
    table = "label: gpt\nlabel-id: %s\n" % named_uuid("disk")
    at = 1
    with open(out + ".part", "wb") as f:
        f.truncate((1 + sum(p[1] for p in parts) + 1) * MIB)
        for name, size, kind, content in parts:
            table += 'start=%dMiB, size=%dMiB, type=%s, name="%s", uuid=%s\n' % (at, size, kind, name, named_uuid(name))
            if content:
                f.seek(at * MIB)
                copy_sparse(content, f)
            at += size
    p = subprocess.run(["sfdisk", "-q", out + ".part"], input=table, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if p.returncode:
        sys.exit("sfdisk: " + p.stdout)
    os.rename(out + ".part", out)
    return out


def copy_sparse(path, to):
    with open(path, "rb") as f:
        while piece := f.read(MIB):
            if piece.strip(b"\0"):
                to.write(piece)
            else:
                to.seek(len(piece), os.SEEK_CUR)


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ("image", "update"):
        sys.exit(__doc__)
    build, deb, key = map(os.path.abspath, sys.argv[2:])
    if os.geteuid() != 0:
        sys.exit("appliance.py: needs root, for a Debian root with its owners")
    version = run("dpkg-deb", "-f", deb, "Version").strip()
    seconds = int(run("sh", os.path.join(ROOT, "tools/deb_version.sh"), "--seconds"))
    folder = os.path.join(build, "appliance")
    public = public_of(key)
    manifest, boot, root = make_slot(build, deb, public, version, seconds)
    if sys.argv[1] == "image":
        out = make_image(os.path.join(build, "freehold-appliance.img"), boot, root, version, seconds, folder)
    else:
        out = make_bundle(os.path.join(build, "freehold_%s_%s.update" % (version, ARCHITECTURE)), manifest, boot, root, key, folder)
    print("%s: %d MiB, slot %d MiB, boot file %d MiB" % (out, os.path.getsize(out) // MIB, os.path.getsize(root) // MIB, os.path.getsize(boot) // MIB))


if __name__ == "__main__":
    main()
