"""A core as its operator meets it, without privileges: operate_test.py FREEHOLD. Signals, the log's end, changes of the file, import."""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

CONFIG = """log_level: %s
plmn: "00101"
tacs: [1]
slices: [1]
dnns: [{name: internet, pool: %s}]
core: {store: %s/store, control: %s/control, n4_address: %s, amfs: [{n2_address: 127.0.0.1, n2_transport: udp, sctp_udp_port: %d%s}]}
upfs: [{n4_address: %s, n3_address: %s}]
"""
CROWD = """gnbs: [{n2_address: 127.0.0.1, transport: udp, sctp_udp_port: %d, n3_address: 127.0.0.1, cells: [{air_address: 127.0.0.1}]}]
ues: [{imsi: "001010000000001", k: 465b5ce8b199b49faa5f0a2ee238a6bc, opc: e8ed289deba952e4283b54e88e6183ca, profile: "null", air_address: 127.0.0.1}]
"""
# Nobody is put off because the machine is busy with other tests.
PATIENT = ", overload_age_ms: 10000, overload_backlog_ms: 60000"


def port():
    """Of SCTP over UDP, this test's own."""
    return 20000 + os.getpid() % 20000


def host(n):
    """An address of loopback, likewise: no other process has these."""
    return "127.%d.%d.%d" % (1 + os.getpid() // 250 % 250, 1 + os.getpid() % 250, n)


class Core:
    """A core of its own directory, addresses and port, with its log in a file or a pipe."""

    def __init__(self, freehold, log=None, more="", journal=False, amf="", core="", user=None, within=(), notify="", env=None):
        """within: a command that runs another, DIR in it for the directory."""
        self.freehold, self.core = freehold, core
        self.dir = tempfile.TemporaryDirectory()
        if user:
            os.chmod(self.dir.name, 0o755)
            os.chown(self.dir.name, user, -1)
        self.file = os.path.join(self.dir.name, "network.yaml")
        self.log = os.path.join(self.dir.name, "log")
        self.write(more=more.replace("DIR", self.dir.name), amf=amf)
        with open(self.log, "wb") as f:
            at = os.fstat(f.fileno())
            env = dict(os.environ, NOTIFY_SOCKET=notify, **({"JOURNAL_STREAM": "%d:%d" % (at.st_dev, at.st_ino)} if journal else {}), **(env or {}))
            within = [word.replace("DIR", self.dir.name) for word in within]
            self.process = subprocess.Popen([*within, freehold, "core", "-c", self.file], stderr=log or f, env=env, user=user)
        for _ in range(100):
            if self.ask("status").returncode == 0:
                return
            time.sleep(0.1)
        raise AssertionError("the core is not up: " + self.text())

    def write(self, level="info", pool="10.45.0.0/16", more="", amf=""):
        with open(self.file, "w", encoding="utf-8") as f:
            text = CONFIG.replace("core: {", "core: {" + self.core[2:] + ", " if self.core else "core: {")
            f.write(text % (level, pool, self.dir.name, self.dir.name, host(10), port(), amf, host(70), host(130)) + more)

    def ask(self, *args, given=None):
        command = [self.freehold, args[0], "--control", os.path.join(self.dir.name, "control")]
        return subprocess.run(command + list(args[1:]), input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False)

    def text(self):
        with open(self.log, encoding="utf-8") as f:
            return f.read()

    def wait_until(self, what, condition):
        for _ in range(300):
            if condition():
                return
            time.sleep(0.1)
        raise AssertionError("it is not so that %s\n%s" % (what, self.text()))

    def wait_for(self, words):
        self.wait_until("the log has " + words, lambda: words in self.text())

    def __enter__(self):
        return self

    def __exit__(self, *of):
        alive = self.process.poll() is None
        self.process.terminate()
        self.process.wait(10)
        self.dir.cleanup()
        assert alive, "the core ended with %d" % self.process.returncode


def signals(freehold):
    with Core(freehold) as core:
        core.write("warn", "10.46.0.0/16", amf=", t3512_s: 60")
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP):
            core.process.send_signal(number)
        core.wait_for("core.amfs[0].t3512_s has changed: taken at the next start")
        assert "dnns[0].pool[0] has changed, and is taken" in core.text()
        assert "log_level has changed, and is taken" in core.text()
        core.write("info", "nonsense")
        core.process.send_signal(signal.SIGHUP)
        core.wait_for("the configuration stays as it was")
        assert core.ask("status").returncode == 0


def log_file(freehold):
    """log_file is where lines go; moved away and with SIGHUP it begins again; live keys are taken."""
    more = "log_file: DIR/lines\n"
    with Core(freehold, more=more) as core:
        path = os.path.join(core.dir.name, "lines")
        assert core.text() == "", core.text()
        os.rename(path, path + ".1")
        core.write("warn", more=more.replace("DIR", core.dir.name), amf=", full_name: Other, t3512_s: 60")
        core.process.send_signal(signal.SIGHUP)
        core.log = path
        for _ in range(50):
            if os.path.exists(path) and "t3512_s" in core.text():
                break
            time.sleep(0.1)
        core.wait_for("core.amfs[0].full_name has changed, and is taken")
        core.wait_for("core.amfs[0].t3512_s has changed: taken at the next start")
        with open(path + ".1", encoding="utf-8") as f:
            assert "core is up" in f.read()
        assert os.stat(path).st_mode & 0o777 == 0o600, oct(os.stat(path).st_mode)  # the core's umask


def log_levels(freehold):
    """A room's own level, taken live: once process is at error, what it takes is not reported until it is at info again."""
    with Core(freehold) as core:
        for level in ("error", "info"):
            core.write(more="log_levels: {process: %s, smf: debug}\n" % level)
            core.process.send_signal(signal.SIGHUP)
            core.wait_for("log_levels.process has changed, and is taken" if level == "error" else "is read again; log_level info")
        assert core.text().count("is read again") == 1, core.text()
        assert core.text().count("log_levels.process") == 1, core.text()
        core.write(more="log_levels: {nobody: info}\n")
        core.process.send_signal(signal.SIGHUP)
        core.wait_for('log_levels: unknown key "nobody"')


def log_json(freehold):
    """An object a line, also where it holds quotes; to text while it runs."""
    with Core(freehold, more="log_format: json\n") as core:
        core.write(more="log_format: json\nlog_file: 1: 2\n")
        core.process.send_signal(signal.SIGHUP)
        core.wait_for("stays as it was")
        lines = [json.loads(line) for line in core.text().splitlines()]
        assert all(sorted(line) == ["level", "room", "text", "time"] for line in lines), lines
        up = [line for line in lines if "core is up" in line["text"]]
        assert len(up) == 1 and up[0]["level"] == "info" and up[0]["room"] == "process", lines
        core.write(more="log_format: text\n")
        core.process.send_signal(signal.SIGHUP)
        core.wait_for(" I process: %s is read again" % core.file)


def log_journal(freehold):
    """Priorities of sd-daemon(3), and no time, where JOURNAL_STREAM is standard error; not in a file."""
    with Core(freehold, journal=True) as core:
        core.write(amf=", t3512_s: 60")
        core.process.send_signal(signal.SIGHUP)
        core.wait_for("<4>process: core.amfs[0].t3512_s has changed")
        assert "<6>process: core is up" in core.text(), core.text()
        assert all(line[0] == "<" and line[2] == ">" for line in core.text().splitlines()), core.text()
    with Core(freehold, journal=True, more="log_file: DIR/lines\n") as core:
        core.log = os.path.join(core.dir.name, "lines")
        core.wait_for(" I process: core is up")
        assert "<" not in core.text(), core.text()


def log_mask(freehold):
    """Of UEs that nobody knows: their SUPIs are told, or their last four digits."""
    for mask in ("no", "yes"):
        with Core(freehold, more=CROWD % port() + "log_mask_supi: %s\n" % mask) as core:
            subprocess.run([freehold, "load", "-c", core.file, "--ues", "2", "--no-sessions"], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
            core.wait_for("imsi-***********0001: " if mask == "yes" else "imsi-001010000000001: ")
            assert ("001010000000001" in core.text()) == (mask == "no"), core.text()


def closed_log(freehold):
    reader, writer = os.pipe()
    with Core(freehold, writer) as core:
        os.close(writer)
        os.close(reader)
        core.write("debug")
        core.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        assert core.ask("status").returncode == 0, "the core ended with its log"


LINE = "imsi=0010100000%05d k=465b5ce8b199b49faa5f0a2ee238a6bc opc=cd63cb71954a9f4e48a5994e37a02baf"


def import_file(freehold):
    """200 lines in batches: line numbers of the file, CRLF, byte order mark, comments, all or nothing."""
    with Core(freehold) as core:
        path = os.path.join(core.dir.name, "subscribers")

        def take(lines, end="\r\n", mark="\ufeff"):
            with open(path, "w", encoding="utf-8", newline="") as f:
                f.write(mark + end.join(lines) + end)
            return core.ask("subscriber", "import", path)

        lines = ["# subscribers", "", "  # more"] + [LINE % i for i in range(200)]
        wrong = lines[:150] + ["imsi=1 k=2"] + lines[150:]
        refused = take(wrong)
        assert refused.returncode == 1 and path + ":151: " in refused.stderr, refused.stderr
        assert "nothing is imported" in refused.stderr, refused.stderr
        assert core.ask("subscriber", "list").stdout == ""
        refused = take(lines[:9] + [LINE % 9 + " dnn=" + "x" * 2000], "\n", "")
        assert path + ":10: a word of the line is too long" in refused.stderr, refused.stderr
        taken = take(lines)
        assert taken.stdout == "200 imported\n", taken.stdout + taken.stderr
        assert core.ask("subscriber", "list").stdout.count("\n") == 200


def check(freehold):
    """The file that it makes it takes; a wrong one is refused with its line, without a core."""
    def run(*words):
        return subprocess.run([freehold, "check", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "network.yaml")
        example = run("--example")
        assert example.returncode == 0 and example.stderr == "", example
        with open(path, "w", encoding="utf-8") as f:
            f.write(example.stdout)
        good = run("-c", path)
        assert good.returncode == 0, good
        for words in ("network 00101, tracking areas 1, slices 1-010203\n", "AMF amf-1: N2 127.0.0.1:38412, ", "UPF upf-1: N4 127.0.0.2:8805, N3 127.0.0.2:2152",
                      "DNN internet: pool 10.45.0.0/16, 65533 addresses, "):
            assert words in good.stdout, good.stdout
        with open(path, "w", encoding="utf-8") as f:
            f.write(example.stdout.replace("tacs: [1]", "tacs: [x]"))
        line = example.stdout[:example.stdout.index("tacs: [1]")].count("\n") + 1
        wrong = run("-c", path)
        assert wrong.returncode == 1 and wrong.stdout == "" and "network.yaml:%d: tacs" % line in wrong.stderr, wrong
        assert run("-c", path + "x").returncode == 1
        assert run("now").returncode == 2


CSV = 'imsi;"k";opc;sqn;ambr_uplink;dnn;five_qi\n' \
      '001010000000001;465B5CE8 B199B49F AA5F0A2E E238A6BC;cd63cb71954a9f4e48a5994e37a02baf;97;"100 Mbps";internet;\n'
# As databases export them: an array, and a document a line.
DUMP = """[{"_id": {"$oid": "1"}, "imsi": "001010000000001", "security": {"k": "465B5CE8 B199B49F AA5F0A2E E238A6BC", "op": null,
  "opc": "CD63CB71 954A9F4E 48A5994E 37A02BAF", "amf": "8000", "sqn": {"$numberLong": "97"}},
  "ambr": {"uplink": {"value": 100, "unit": 2}, "downlink": {"value": 1, "unit": 3}},
  "slice": [{"sst": 1, "default_indicator": true, "session": [{"name": "internet", "type": 3, "qos": {"index": 9,
  "arp": {"priority_level": 8, "pre_emption_capability": 1}}, "ambr": {"uplink": {"value": 100, "unit": 2},
  "downlink": {"value": 1, "unit": 3}}}]}]}]"""
AUTHENTICATION = """{"ueId": "imsi-001010000000001", "authenticationMethod": "5G_AKA", "permanentKey": {"permanentKeyValue":
"465b5ce8b199b49faa5f0a2ee238a6bc", "encryptionKey": 0}, "sequenceNumber": "000000000061", "authenticationManagementField": "8000",
"milenage": {"op": {"opValue": ""}}, "opc": {"opcValue": "cd63cb71954a9f4e48a5994e37a02baf"}}
"""
SUBSCRIBER = ("imsi=001010000000001 k=465b5ce8b199b49faa5f0a2ee238a6bc opc=cd63cb71954a9f4e48a5994e37a02baf algorithm=milenage "
              "amf=8000 sqn=97 ambr_uplink=%dbps ambr_downlink=1000000000bps dnn=internet@1 five_qi=9 arp=8\n")


def import_forms(freehold):
    """The same subscriber in each form, from stdin; then set, export and import again; damage takes nothing."""
    with Core(freehold) as core:
        for text, uplink in ((CSV, 100000000), (DUMP, 100000000), (AUTHENTICATION, 1000000000)):
            for damaged in (text + text[:20], text.replace("46", "4x"), text.replace("001010", "999010")):
                refused = core.ask("subscriber", "import", "-", given=damaged)
                assert refused.returncode == 1 and "nothing is imported" in refused.stderr, (damaged, refused)
            assert core.ask("subscriber", "list").stdout == ""
            taken = core.ask("subscriber", "import", "-", given=text)
            assert taken.stdout == "1 imported\n", taken
            assert core.ask("subscriber", "export", "--keys").stdout == SUBSCRIBER % uplink, core.ask("subscriber", "export", "--keys")
            assert core.ask("subscriber", "remove", "001010000000001").returncode == 0
        core.wait_for("exported the keys of 1 subscribers up to imsi-001010000000001")
        refused = core.ask("subscriber", "import", "-", given=AUTHENTICATION + AUTHENTICATION.replace("465b", "465x"))
        assert "stdin:4: document 2: k: expected hexadecimal" in refused.stderr, refused.stderr
        refused = core.ask("subscriber", "import", "-", given=CSV + CSV.split("\n")[1].replace("97", "x"))
        assert "stdin:3: sqn: expected" in refused.stderr, refused.stderr
        assert core.ask("subscriber", "list").stdout == ""
        lines = "".join(LINE % i + " sqn=%d\n" % i for i in range(1000))
        twice = lines.replace(" sqn=1\n", " ip=10.45.0.9\n").replace(" sqn=998\n", " dnn=internet:ip=10.45.0.9\n")
        refused = core.ask("subscriber", "import", "-", given=twice)
        assert "stdin:999: ip: 10.45.0.9 is the static address of imsi-001010000000001 (line 2)" in refused.stderr, refused.stderr
        assert core.ask("subscriber", "list").stdout == ""
        assert core.ask("subscriber", "import", "-", given=lines).stdout == "1000 imported\n"
        assert core.ask("subscriber", "set", "001010000000500", "ambr_uplink=5Mbps").stdout == "changed\n"
        exported = core.ask("subscriber", "export", "--keys").stdout
        assert exported.count("\n") == 1000 and "sqn=999 " in exported and "sqn=500 ambr_uplink=5000000bps" in exported, exported[:500]
        assert " k=" not in core.ask("subscriber", "export").stdout
    with Core(freehold) as other:
        assert other.ask("subscriber", "import", "-", given=exported).stdout == "1000 imported\n"
        assert other.ask("subscriber", "export", "--keys").stdout == exported


def unknown_words(freehold):
    with Core(freehold) as core:
        for words in (("status", "--jsn"), ("status", "now"), ("subscriber", "list", "all"), ("subscriber", "keys", "--x"),
                      ("subscriber", "show", "001010000000001", "2"), ("subscriber", "bogus"), ("ues", "--bogus"), ("upfs", "now"),
                      ("why", "somebody"), ("why", "imei-490154203237519"), ("why", "001010000000001", "now"), ("events", "--folow")):
            refused = core.ask(*words)
            assert refused.returncode == 2 and '"%s"' % words[-1] in refused.stderr, (words, refused)
        for words in (("subscriber",), ("subscriber", "add"), ("subscriber", "set", "001010000000001"), ("subscriber", "show"),
                      ("subscriber", "remove"), ("subscriber", "import"), ("why",), ("backup",), ("restore",)):
            refused = core.ask(*words)
            assert refused.returncode == 2 and refused.stderr and not refused.stdout, (words, refused)


def follow(freehold):
    """Events go on past a core's death, and begin anew with another store."""
    def come(core, count):
        subprocess.run([freehold, "load", "-c", core.file, "--ues", str(count), "--no-sessions"], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)

    def restart(core, again):
        core.process.kill()
        core.process.wait()
        if again:
            shutil.rmtree(os.path.join(core.dir.name, "store"))
        with open(core.log, "ab") as f:
            core.process = subprocess.Popen([freehold, "core", "-c", core.file], stderr=f)
        core.wait_until("the core is there", lambda: core.ask("status").returncode == 0)

    with Core(freehold, more=CROWD % port(), amf=PATIENT) as core:
        out = os.path.join(core.dir.name, "events")
        with open(out, "wb") as f:
            reader = subprocess.Popen([freehold, "events", "--follow", "--json", "--control", os.path.join(core.dir.name, "control")], stdout=f,
                                      stderr=subprocess.PIPE, text=True)

        def imsis():
            with open(out, encoding="utf-8") as f:
                return [json.loads(line)["imsi"][-2:] for line in f]

        expected = []
        for count, again in ((2, False), (3, True), (3, False), (1, None)):
            come(core, count)
            expected += ["%02d" % (i + 1) for i in range(count)]
            core.wait_until("%s came, not %s" % (expected, imsis()), lambda: sorted(imsis()) == sorted(expected))
            if again is not None:
                restart(core, again)
        reader.terminate()
        assert reader.wait(10) == 0 and reader.stderr.read().count("the core is there again") == 3


def ready(freehold):
    """systemd hears that the core serves, once, at a path or an abstract name; that nobody is there ends nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for address in (folder + "/notify", "\0freehold-%d" % os.getpid()):
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
                s.bind(address)
                s.settimeout(10)
                with Core(freehold, notify=address.replace("\0", "@")) as core:
                    assert s.recv(100) == b"READY=1"
                    assert core.ask("status").returncode == 0
                    s.setblocking(False)
                    try:
                        assert False, s.recv(100)
                    except BlockingIOError:
                        pass
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.bind(folder + "/watchdog")
            s.settimeout(10)
            with Core(freehold, notify=folder + "/watchdog", env={"WATCHDOG_USEC": "200000"}) as core:
                assert [s.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        with Core(freehold, notify=folder + "/nobody") as core:
            core.wait_for("NOTIFY_SOCKET %s/nobody" % folder)


# Of the part, what stands in the file, and what is said of it.
NO_ADDRESS = """plmn: "00101"
tacs: [1]
slices: [1]
dnns: [{name: internet, pool: 10.45.0.0/16}]
core:
  n4_address: %s
  store: DIR/store
  control: DIR/control
  amfs:
    - {n2_address: 127.0.0.1, n2_transport: udp, sctp_udp_port: PORT}
upfs: [{n4_address: 127.0.0.3, n3_address: 192.0.2.1}]
gnbs:
  - {n2_address: 127.0.0.4, n3_address: %s, amf_addresses: [127.0.0.1], transport: udp, sctp_udp_port: PORT,
     cells: [{air_address: 127.0.0.4}]}
ues: [{air_address: %s, profile: "null", imsi: "001010000000001", k: 465b5ce8b199b49faa5f0a2ee238a6bc, opc: cd63cb71954a9f4e48a5994e37a02baf}]
"""


def no_address(freehold):
    """An address that no interface has: the file, the line, the key."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "network.yaml")
        for at, (part, line, key) in enumerate((("core", 6, "core.n4_address"), ("gnb", 13, "gnbs[1].n3_address"),
                                                ("ue", 15, "ues[1].air_address"))):
            texts = tuple("192.0.2.9" if at == i else "127.0.0.2" for i in range(3))
            with open(file, "w", encoding="utf-8") as f:
                f.write((NO_ADDRESS % texts).replace("DIR", folder).replace("PORT", str(port())))
            p = subprocess.run([freehold, part, "-c", file], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=20,
                               check=False)
            wanted = "freehold %s: %s:%d: %s: 192.0.2.9: no interface of this host has it\n" % (part, file, line, key)
            if part == "ue" and "CAP_NET_ADMIN" in p.stderr:
                continue
            assert p.returncode == 1 and p.stderr.endswith(wanted), (wanted, p)


def name(freehold):
    with Core(freehold) as core:
        with open("/proc/%d/comm" % core.process.pid, encoding="utf-8") as f:
            assert f.read() == "freehold-core\n"


def trace_nothing(freehold):
    """A trace without messages says so, and of an IMEI whose it may be."""
    with Core(freehold) as core:
        path = os.path.join(core.dir.name, "control")

        def ask(who):
            done = subprocess.run([freehold, "trace", who, "--last", "1m", "--control", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  check=False)
            assert done.returncode == 0 and done.stdout == "" and "no messages of " + who + " from that time" in done.stderr, done
            return done.stderr

        said = ask("imei-490154203237518")
        assert "is no subscriber" not in said and "any other by its IMSI" in said, said
        said = ask("imsi-001010000000001")
        assert "is no subscriber here" in said and "IMEI" not in said, said


def update(freehold):
    """UE parameters of a UE that is not there: pending, kept over a restart, cancelled; and what is refused."""
    with Core(freehold) as core:
        path = os.path.join(core.dir.name, "control")

        def ask(*words, expect=0):
            done = subprocess.run([freehold, "update", "001010000000001", *words, "--control", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, check=False)
            assert done.returncode == expect, done
            return done.stdout + done.stderr

        assert "there is no subscriber 001010000000001" in ask(expect=1)
        added = subprocess.run([freehold, "subscriber", "add", "imsi=001010000000001", "k=" + 32 * "1", "opc=" + 32 * "2", "--control", path],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        assert added.returncode == 0, added
        assert ask() == "nothing is pending\n"
        assert "nothing is pending for imsi-001010000000001" in ask("--again", expect=1)
        for words, why in ((("slices=1,",), "slices: expected"), (("routing=12345",), "routing: expected"), (("routing=1a",), "routing: expected"),
                           (("--register",), "expected slices=, routing= or both"), (("colour=red",), "expected slices=, routing=")):
            assert why in ask(*words, expect=1), words
        ask("slices=1,2-000003", "routing=0012", "--register")
        assert ask() == "pending slices=1,2-000003 routing=0012 register\n", ask()
        ask("--again")
        ask("--again", "--cancel", expect=2)
        ask("--cancel")
        assert ask() == "nothing is pending\n"


def steer(freehold):
    """Likewise the networks that it is to prefer."""
    with Core(freehold) as core:
        path = os.path.join(core.dir.name, "control")

        def ask(*words, expect=0):
            done = subprocess.run([freehold, "steer", "001010000000001", *words, "--control", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, check=False)
            assert done.returncode == expect, done
            return done.stdout + done.stderr

        added = subprocess.run([freehold, "subscriber", "add", "imsi=001010000000001", "k=" + 32 * "1", "opc=" + 32 * "2", "--control", path],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        assert added.returncode == 0, added
        assert ask() == "nothing is pending\n"
        for plmns in ("00102,", "0010", "00102:", "00102:lte", "00102:nr+", "00102:+nr", "00102:nr:nr", ",".join(17 * ["00102"])):
            assert "plmns: expected up to 16" in ask("plmns=" + plmns, expect=1), plmns
        assert "expected plmns=, no-change" in ask("routing=1", expect=1)
        ask("plmns=00102:nr+eutra,001003,00104:gsm+utra")
        assert ask() == "pending plmns=00102:nr+eutra,001003:nr,00104:utra+gsm\n", ask()
        ask("--no-change", "plmns=00102", expect=2)
        ask("--no-change")
        assert ask() == "pending no-change\n", ask()
        ask("--cancel")
        assert ask() == "nothing is pending\n"


def trace_rights(freehold):
    """Root may trace; the core's own user if core.trace_users has it, and not else. Each use is in the log, whole."""
    if os.geteuid() != 0:
        return
    with tempfile.TemporaryDirectory() as folder:  # where everybody can run it
        os.chmod(folder, 0o755)
        trace_rights_of(shutil.copy(freehold, folder))


def trace_rights_of(freehold):
    user, masked = 65534, "log_levels: {core: error}\nlog_mask_supi: yes\n"
    for users in ("", ", trace_users: [nobody]"):
        with Core(freehold, more=masked, core=users, user=user) as core:
            path = os.path.join(core.dir.name, "control")

            def ask(uid):
                return subprocess.run([freehold, "trace", "imsi-001010000000001", "--last", "5m", "--control", path], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True, check=False, user=uid)

            asked = ask(user)
            if users:
                assert asked.returncode == 0, asked
                core.wait_for("personal data: uid 65534 (pid ")
            else:
                assert asked.returncode == 1 and "user 65534 may not trace subscribers: run it as root, or name" in asked.stderr, asked
                core.wait_for(") is refused a trace of imsi-001010000000001: it is not in core.trace_users")
            assert ask(0).returncode == 0
            core.wait_for("personal data: uid 0 (pid ")
            core.wait_for(") traces imsi-001010000000001, from the last 300 seconds")
            core.wait_for(") traces imsi-001010000000001 no longer")
            stranger = ask(65533)
            assert stranger.returncode == 1 and "ermission denied" in stranger.stderr, stranger
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "network.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write((CONFIG % ("info", "10.45.0.0/16", folder, folder, host(9), port(), "", host(69), host(129))).replace("core: {", "core: {trace_users: [nobody-here], "))
        refused = subprocess.run([freehold, "core", "-c", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        assert refused.returncode == 1 and 'core.trace_users: there is no user "nobody-here"' in refused.stderr, refused
        refused = subprocess.run([freehold, "check", "-c", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        assert refused.returncode == 1 and refused.stdout == "" and 'there is no user "nobody-here"' in refused.stderr, refused


TESTS = (trace_nothing, update, steer, trace_rights, signals, log_file, log_levels, log_json, log_journal, log_mask, closed_log, import_file, import_forms, check,
         unknown_words, no_address, follow, ready, name)


def main(tests):
    failed = 0
    for test in tests:
        try:
            test(sys.argv[1])
        except AssertionError as e:
            failed += 1
            print("%s: %s" % (test.__name__, e))
    print("%d passed, %d failed" % (len(tests) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(TESTS))
