"""A backup of a core that registers a crowd, restored into another, without privileges: backup_test.py FREEHOLD."""
import json
import os
import pty
import subprocess
import sys
import time

import operate_test

UES = 3000
PER_SECOND = 500


class Place:
    """A directory with a network.yaml of its own, its core, and what is asked of them."""

    def __init__(self, core):
        self.core = core
        self.dir = core.dir.name
        self.phrase = self.write("phrase", "correct horse battery\n")

    def write(self, name, text):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def run(self, *args):
        return subprocess.run([self.core.freehold, *args, "-c", self.core.file], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False)

    def sealed(self, word, path, *more, phrase=None):
        return self.run(word, path, "--passphrase-file", phrase or self.phrase, *more)

    def registered(self):
        rows = json.loads(self.run("ues", "--json").stdout)
        return {row["imsi"] for row in rows if row["since"]}


def crowd(place):
    lines = place.run("load", "--ues", str(UES), "--print-subscribers").stdout
    added = place.run("subscriber", "import", place.write("subscribers", lines))
    assert added.returncode == 0, added.stderr
    return subprocess.Popen([place.core.freehold, "load", "-c", place.core.file, "--ues", str(UES), "--rate", str(PER_SECOND), "--no-sessions"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def end(core):
    core.process.terminate()
    assert core.process.wait(30) == 0


def begin(core):
    with open(core.log, "wb") as f:
        core.process = subprocess.Popen([core.freehold, "core", "-c", core.file], stderr=f)
    for _ in range(100):
        if core.ask("status").returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError("the core is not up: " + core.text())


def refused(answer, words):
    assert answer.returncode == 1 and words in answer.stderr, answer


def while_it_registers(freehold):
    """Whoever was registered when the backup was asked for is registered in the restored core; the subscribers' keys open."""
    with operate_test.Core(freehold, more=operate_test.CROWD % operate_test.port(), amf=operate_test.PATIENT) as core:
        place = Place(core)
        load = crowd(place)
        for _ in range(200):
            before = place.registered()
            if len(before) >= UES // 6:
                break
            time.sleep(0.05)
        file = os.path.join(place.dir, "backup")
        taken = place.sealed("backup", file)
        assert taken.returncode == 0, taken.stderr
        after = place.registered()
        report = load.communicate()[0]
        assert UES // 6 <= len(before) < len(after), (len(before), len(after), report)
        assert os.stat(file).st_mode & 0o777 == 0o600
        with open(file, "rb") as f:
            sealed = f.read()
        assert b"001010000000001" not in sealed and b"seal_proof" not in sealed

        store = os.path.join(place.dir, "store")
        refused(place.sealed("restore", file), "a core is running")
        end(core)
        refused(place.sealed("restore", file), "is not empty")
        refused(place.sealed("restore", file, "--replace", phrase=place.write("other", "another phrase\n")), "the passphrase is another")
        refused(place.sealed("restore", place.write("empty", ""), "--replace"), "it is no backup")
        short = os.path.join(place.dir, "short")
        with open(short, "wb") as f:
            f.write(sealed[:-1])
        refused(place.sealed("restore", short, "--replace"), "the file is damaged")
        assert sorted(os.listdir(place.dir)).count("store.restoring") == 0
        begin(core)
        assert len(place.registered()) == len(after | place.registered()), "a refused restore changed the store"
        end(core)

        put = place.sealed("restore", file, "--replace")
        assert put.returncode == 0 and "is as it was at 20" in put.stdout, put
        assert sorted(os.listdir(store)) == ["secrets", "store.checkpoint"], os.listdir(store)
        assert os.path.exists(os.path.join(place.dir, "store.before", "store.mdb"))
        begin(core)
        core.wait_for("is a backup that was restored")
        found = place.registered()
        assert before <= found, "%d of %d are missing" % (len(before - found), len(before))
        shown = core.ask("subscriber", "list").stdout
        assert shown.count("\n") == UES, shown.count("\n")
        refused(place.sealed("restore", file, "--replace"), "a core is running")
        again = subprocess.run([freehold, "load", "-c", core.file, "--ues", "20", "--no-sessions"], stdout=subprocess.PIPE, text=True, check=False)
        assert "registered 20\n" in again.stdout, again.stdout


def elsewhere(freehold):
    """Into a directory that is not there, and one that is empty; of another PLMN only when told."""
    with operate_test.Core(freehold) as core:
        place = Place(core)
        core.ask("subscriber", "add", operate_test.LINE % 1)
        file = os.path.join(place.dir, "backup")
        assert place.sealed("backup", file).returncode == 0
        text = open(core.file, encoding="utf-8").read()
        for name in ("new", "empty"):
            with open(core.file, "w", encoding="utf-8") as f:
                f.write(text.replace('"00101"', '"00102"').replace("/store,", "/%s," % name))
            if name == "empty":
                os.mkdir(os.path.join(place.dir, name))
            refused(place.sealed("restore", file), "is of PLMN 00101, the network is 00102 (--other-plmn takes it)")
            put = place.sealed("restore", file, "--other-plmn")
            assert put.returncode == 0, put.stderr
            assert sorted(os.listdir(os.path.join(place.dir, name))) == ["secrets", "store.checkpoint"]
        assert [f for f in os.listdir(place.dir) if "restoring" in f or "before" in f] == []


def not_asked(freehold):
    """Passphrases that are none, a core that is not there, a file that cannot be written."""
    with operate_test.Core(freehold) as core:
        place = Place(core)
        refused(place.sealed("backup", os.path.join(place.dir, "b"), phrase=place.write("short", "1234567\n")), "less than 8")
        refused(place.sealed("backup", "/nowhere/backup"), "/nowhere/backup")
        end(core)
        refused(place.sealed("backup", os.path.join(place.dir, "b")), "is the core running?")
        begin(core)


def on_terminal(answers, *command):
    """Exit status and what the terminal shows, of a command that asks there."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(command[0], command)
    shown = b""
    for question, answer in answers:
        while question not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, answer + b"\n")
    try:
        while part := os.read(terminal, 1000):
            shown += part
    except OSError:  # the other end has gone
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def asked(freehold):
    """On a terminal the passphrase is asked for twice and never shown; two that differ write nothing."""
    with operate_test.Core(freehold) as core:
        place = Place(core)
        file = os.path.join(place.dir, "backup")
        command = (freehold, "backup", file, "-c", core.file)
        status, shown = on_terminal(((b"Passphrase: ", b"correct horse battery"), (b"Again: ", b"correct horse batterie")), *command)
        assert status == 1 and "the two are not the same" in shown and not os.path.exists(file), (status, shown)
        status, shown = on_terminal(((b"Passphrase: ", b"short"), (b"Again: ", b"short")), *command)
        assert status == 1 and "less than 8" in shown and not os.path.exists(file), (status, shown)
        status, shown = on_terminal(((b"Passphrase: ", b"correct horse battery"), (b"Again: ", b"correct horse battery")), *command)
        assert status == 0 and "horse" not in shown, (status, shown)
        end(core)
        status, shown = on_terminal(((b"Passphrase: ", b"correct horse battery"),), freehold, "restore", file, "-c", core.file, "--replace")
        assert status == 0 and "horse" not in shown, (status, shown)
        begin(core)


TESTS = (while_it_registers, elsewhere, not_asked, asked)

if __name__ == "__main__":
    sys.exit(operate_test.main(TESTS))
