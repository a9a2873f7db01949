"""`freehold upgrade` on files: upgrade_test.py FREEHOLD. An appliance of directories and small files, bundles signed by the openssl program.

What is refused is refused by name and changes nothing; each write that may be the last leaves a loader that starts what was good. The machine
itself is appliance_test.py.
"""
import glob
import hashlib
import os
import subprocess
import sys
import tempfile

FREEHOLD = os.path.abspath(sys.argv[1])
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools"))
import appliance  # noqa: E402

SLOT_OCTETS = 200000
FACTS = "version 1.0\nmade 1000\narchitecture amd64\n"


class Appliance:
    """Slot a runs version 1.0, slot b is empty."""

    def __init__(self, folder):
        self.folder, self.at = folder, os.path.join(folder, "root")
        self.key, self.stranger = os.path.join(folder, "key.pem"), os.path.join(folder, "stranger.pem")
        for key in (self.key, self.stranger):
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True, stderr=subprocess.DEVNULL)
        appliance.write(self.at + "/usr/lib/freehold/update.pub", appliance.public_of(self.key))
        appliance.write(self.at + "/usr/lib/freehold/appliance", FACTS)
        appliance.write(self.at + "/run/appliance/slot", "a\n")
        appliance.write(self.at + "/efi/freehold/a.efi", "boot of a")
        self.entry("a.conf", "1.0", 1)
        for slot in "ab":
            appliance.write(self.at + "/dev/disk/by-partlabel/freehold-" + slot, b"\xff" * SLOT_OCTETS)

    def entry(self, name, version, generation):
        appliance.write(self.at + "/efi/loader/entries/freehold-" + name,
                        "title Freehold %s\nversion %d\nsort-key freehold\nefi /freehold/%s.efi\n" % (version, generation, name[0]))

    def manifest(self, boot, root, version="2.0", made=2000, architecture="amd64", more=""):
        text = "freehold-update 1\nversion %s\nmade %d\narchitecture %s\n%s" % (version, made, architecture, more)
        for name, octets in (("boot", boot), ("root", root)):
            text += "%s %d %s\n" % (name, len(octets), hashlib.sha256(octets).hexdigest())
        return text + "\n"

    def bundle(self, key=None, boot=b"boot of 2", root=b"root" * 20000, change=None, cut=0, behind=b"", **words):
        manifest = self.manifest(boot, root, **words)
        whole = manifest.encode() + appliance.signed(manifest, key or self.key, self.folder) + boot + root + behind
        whole = change(whole) if change else whole
        path = os.path.join(self.folder, "bundle")
        appliance.write(path, whole[:len(whole) - cut])
        return path

    def ask(self, *words):
        p = subprocess.run([FREEHOLD, "upgrade", *words, "--root", self.at], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                           stdin=subprocess.DEVNULL)
        return p.returncode, p.stdout + p.stderr

    def status(self):
        code, text = self.ask("--status")
        assert code == 0, text
        return text.splitlines()

    def octets(self):
        """All of its files."""
        names = [n for n in glob.glob(self.at + "/**", recursive=True) if os.path.isfile(n)]
        return {n: appliance.read(n) for n in names}


def flip(whole, at):
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]


def test_takes_what_is_signed(a):
    assert a.status() == ["slot a: 1.0, good, running", "slot b: empty"]
    file = a.bundle()
    before = a.octets()
    assert a.ask(file, "--check") == (0, "version 2.0, signed and whole\n") and a.octets() == before
    code, text = a.ask(file)
    assert code == 0 and "slot b is started next, with version 2.0" in text, text
    assert a.status() == ["slot a: 1.0, good, running", "slot b: 2.0, is started next, 3 tries left"]
    after = a.octets()
    assert after[a.at + "/efi/freehold/b.efi"] == b"boot of 2"
    slot = after[a.at + "/dev/disk/by-partlabel/freehold-b"]
    assert slot[:80000] == b"root" * 20000 and slot[80000:] == b"\xff" * (SLOT_OCTETS - 80000)
    assert after[a.at + "/efi/loader/entries/freehold-b+3.conf"] == b"title Freehold 2.0\nversion 2\nsort-key freehold\nefi /freehold/b.efi\n"
    new = {a.at + n for n in ("/efi/freehold/b.efi", "/dev/disk/by-partlabel/freehold-b", "/efi/loader/entries/freehold-b+3.conf")}
    assert {n: o for n, o in after.items() if n not in new} == {n: o for n, o in before.items() if n not in new}


def test_refusals(a):
    """Each by name; nothing of the appliance is another afterwards."""
    before = a.octets()
    length = len(appliance.read(a.bundle()))
    manifest = len(a.manifest(b"boot of 2", b"root" * 20000))
    for words, why in (
            ({"key": a.stranger}, "not signed with the key of this appliance"),
            ({"change": lambda w: w.replace(b"version 2.0", b"version 9.0")}, "not signed with the key"),
            ({"change": lambda w: flip(w, manifest + 5)}, "not signed with the key"),
            ({"change": lambda w: flip(w, manifest + 64)}, "what it holds is not what was signed"),
            ({"change": lambda w: flip(w, length - 1)}, "what it holds is not what was signed"),
            ({"cut": 1}, "it is cut off: %d octets of %d" % (length - 1, length)),
            ({"cut": length - manifest - 64}, "it is cut off"),
            ({"cut": length - manifest - 63}, "it is no update"),
            ({"cut": length}, "it is no update"),
            ({"behind": b"x"}, "longer than it should be"),
            ({"change": lambda w: b"#!/bin/sh\n" + w}, "it is no update"),
            ({"change": lambda w: w.replace(b"freehold-update 1", b"freehold-update 2")}, "it is no update"),
            ({"more": "x" * 2100 + "\n"}, "it is no update"),
            ({"version": ""}, "not one that this version understands"),
            ({"version": "v" * 96}, "not one that this version understands"),
            ({"made": 0}, "not one that this version understands"),
            ({"boot": b""}, "not one that this version understands"),
            ({"more": "root 5 00\n"}, "not one that this version understands"),
            ({"architecture": "arm64"}, "it is for arm64, and this machine is amd64"),
            ({"made": 999}, "its version 2.0 is older than 1.0"),
    ):
        code, text = a.ask(a.bundle(**words))
        assert code == 1 and why in text, (words, text)
        assert a.octets() == before, words
    for words, code in (("/nonexistent",), 1), ((), 2), (("--status", "more"), 2), (("--bogus",), 2):
        assert a.ask(*words)[0] == code and a.octets() == before, words


def test_what_does_not_fit(a):
    """It is found when the slot cannot be started from any more; what runs can."""
    code, text = a.ask(a.bundle(root=b"x" * (SLOT_OCTETS + 1)))
    assert code == 1 and "too few for %d" % (SLOT_OCTETS + 1) in text, text
    assert a.status() == ["slot a: 1.0, good, running", "slot b: empty"]


def test_older_that_is_asked_for(a):
    code, text = a.ask(a.bundle(made=999, version="0.9"), "--older")
    assert code == 0 and "version 0.9" in text, text


def test_words_of_later_versions(a):
    """A manifest may have more lines than this version knows."""
    code, text = a.ask(a.bundle(more="colour green\n"))
    assert code == 0, text


def test_tried_slot_keeps_the_other(a):
    """Nothing replaces the way back while what runs is still tried."""
    a.entry("b.conf", "0.9", 7)
    os.rename(a.at + "/efi/loader/entries/freehold-a.conf", a.at + "/efi/loader/entries/freehold-a+2-1.conf")
    assert a.status() == ["slot a: 1.0, running, not known to be good yet", "slot b: 0.9, good"]
    before = a.octets()
    code, text = a.ask(a.bundle())
    assert code == 1 and "not known to be good yet" in text and a.octets() == before, text


def test_the_way_back(a):
    assert a.ask("--back") == (1, "freehold upgrade: the other slot is empty\n")
    a.entry("b+0-3.conf", "2.0", 2)
    assert a.status()[1] == "slot b: 2.0, did not come up"
    before = a.octets()
    code, text = a.ask("--back")
    assert code == 1 and "did not come up" in text and a.octets() == before, text
    os.rename(a.at + "/efi/loader/entries/freehold-b+0-3.conf", a.at + "/efi/loader/entries/freehold-b.conf")
    a.entry("a.conf", "1.0", 3)
    code, text = a.ask("--back")
    assert code == 0 and "slot b is started next, with version 2.0" in text, text
    assert sorted(os.listdir(a.at + "/efi/loader/entries")) == ["freehold-a.conf", "freehold-b+3.conf"]
    assert b"version 4\n" in a.octets()[a.at + "/efi/loader/entries/freehold-b+3.conf"]


def test_two_entries_of_a_slot(a):
    """A power cut may leave both: the newer counts, as it does for the loader."""
    a.entry("b.conf", "0.9", 2)
    a.entry("b+3.conf", "2.0", 3)
    a.entry("c.conf", "3.0", 9)
    a.entry("b+x.conf", "3.0", 9)
    assert a.status()[1] == "slot b: 2.0, is started next, 3 tries left"
    code, text = a.ask(a.bundle(version="2.1"))
    assert code == 0, text
    assert sorted(os.listdir(a.at + "/efi/loader/entries")) == ["freehold-a.conf", "freehold-b+3.conf", "freehold-b+x.conf", "freehold-c.conf"]


def test_no_appliance(a):
    os.unlink(a.at + "/usr/lib/freehold/update.pub")
    code, text = a.ask("--status")
    assert code == 1 and "this is no appliance" in text, text
    appliance.write(a.at + "/usr/lib/freehold/update.pub", "zz\n")
    assert a.ask("--status")[1] == "freehold upgrade: /usr/lib/freehold/update.pub is no key\n"
    appliance.write(a.at + "/usr/lib/freehold/update.pub", appliance.public_of(a.key))
    appliance.write(a.at + "/run/appliance/slot", "c\n")
    assert a.ask("--status")[1] == "freehold upgrade: /run/appliance/slot names none\n"


def main():
    tests = [f for n, f in globals().items() if n.startswith("test_")]
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            test(Appliance(folder))
        print("ok     %s " % test.__name__)
    print("%d passed, 0 failed" % len(tests))


if __name__ == "__main__":
    main()
