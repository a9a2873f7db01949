"""Fresh Debian roots for tests of the package (package_test.py, readme_test.py): made once, entered in namespaces of their own."""
import glob
import os
import platform
import re
import subprocess
import sys

from build_folder import build_folder

UNITS = "/usr/lib/systemd/system"
# systemd (with kmod), which verifies the units and runs them, and what the package depends on and recommends.
PACKAGES = "systemd,kmod,libssl3,libyaml-0-2,liblmdb0,libnghttp2-14,nftables,iproute2,util-linux,procps"
# There is one for x86 alone (crypto/meson.build).
PACKAGES += ",libipsec-mb1" if platform.machine() == "x86_64" else ""
# What of a namespace a root needs before it is entered; the network is its own, and nothing outlives it.
ENTER = ('mount -t proc proc "$0/proc"; mount --rbind /dev "$0/dev"; mount -t tmpfs tmpfs "$0/run"; '
         # As udev has it, which not every container does.
         'mount -t tmpfs tmpfs "$0/dev/net"; mknod -m 0666 "$0/dev/net/tun" c 10 200; '
         'export PATH=/usr/sbin:/usr/bin:/sbin:/bin; r=$0; exec chroot "$r" "$@"')


class Failed(Exception):
    """With what a command printed."""


class NoRoot(Failed):
    """No mirror answers, or it may not be made here."""


def run(*command, cwd=None):
    p = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace", stdin=subprocess.DEVNULL, cwd=cwd, check=False)
    if p.returncode:
        raise Failed("%s\n%s" % (" ".join(command), p.stdout))
    return p.stdout


def has_all(tar):
    """Whether dpkg there knows each of PACKAGES: one of an older tree may lack some."""
    p = subprocess.run(["tar", "-x", "-O", "-f", tar, "./var/lib/dpkg/status"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return not set(PACKAGES.split(",")) - set(re.findall(r"(?m)^Package: (.*)$", p.stdout))


def archive(build):
    """minbase and PACKAGES as BUILD/debian-root.tar, which a Debian mirror fills the first time, and when there are others."""
    tar = os.path.join(build, "debian-root.tar")
    if not os.path.exists(tar) or not has_all(tar):
        try:
            run("mmdebstrap", "--format=tar", "--variant=minbase", "--include=" + PACKAGES, "--dpkgopt=force-unsafe-io",
                *("--dpkgopt=path-exclude=/usr/share/%s/*" % of for of in ("doc", "locale", "man")),
                '--customize-hook=rm "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap', "bookworm", tar + ".part")
        except Failed as e:
            raise NoRoot(str(e)) from e
        os.rename(tar + ".part", tar)
    return tar


def make(build, at):
    """A root of its own in a directory that is made."""
    os.mkdir(at)
    run("tar", "-x", "-f", archive(build), "-C", at)


def entered(at, *command):
    """The command line that runs a command in the root."""
    return ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-ec", ENTER, at, *command]


def in_root(at, *command):
    return run(*entered(at, *command))


def newest_package(build):
    return max(glob.glob(os.path.join(build, "freehold_*.deb")), key=os.path.getmtime)


def next_version(deb, folder):
    """The same package as a later version, whose conffile has changed too."""
    tree = os.path.join(folder, "next")
    run("dpkg-deb", "-R", deb, tree)
    control = os.path.join(tree, "DEBIAN", "control")
    with open(control, encoding="utf-8") as f:
        text = f.read()
    with open(control, "w", encoding="utf-8") as f:
        f.write(re.sub(r"(?m)^(Version: .*)$", r"\1.next", text))
    with open(os.path.join(tree, "etc/freehold/network.yaml"), "a", encoding="utf-8") as f:
        f.write("# of the next version\n")
    out = os.path.join(folder, re.sub(r"(_[^_]+)$", r".next\1", os.path.basename(deb)))
    run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, out)
    return out


def unit_of(at, name):
    """The values of a unit's keys, the last of each."""
    with open(at + UNITS + "/" + name, encoding="utf-8") as f:
        return dict(line.strip().split("=", 1) for line in f if "=" in line and not line.startswith("#"))


if __name__ == "__main__":  # ahead of those who need it: debian_root.py BUILD
    archive(build_folder("usage: debian_root.py BUILD", built=False))
