"""An upgrade and the way back while the network is at work: upgrade_load_test.py OLD NEW (two builds of freehold). Needs root.

The program is replaced as dpkg does it, core and UPF are started again as the package's postinst does it; a phone's stream through the user
plane, a crowd that goes idle, comes back, is paged and talks, and others that register go on meanwhile. No session may be lost, nor change its
address; how many packets are, and for how long, is printed, and what became of the crowds.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

OLD, NEW = (os.path.abspath(a) for a in sys.argv[1:3])
CROWD, COMERS = 100, 300
INTERVAL_MS = 20
GAP_MS_MAX = 5000  # of the phone's stream, a whole restart: some 0.3 s on a quiet machine
PHONE = "001010000000001"
KEYS = "k: 465b5ce8b199b49faa5f0a2ee238a6bc, opc: e8ed289deba952e4283b54e88e6183ca"
CONFIG = """plmn: "00101"
tacs: [1]
slices: [1]
dnns: [{name: internet, pool: 10.45.0.0/16}]
core: {store: %(dir)s/store, control: %(dir)s/core.sock, n4_address: 127.0.0.1, amfs: [{n2_address: 127.0.0.1, n2_transport: udp}]}
upfs: [{n4_address: 127.0.0.2, n3_address: 127.0.0.2}]
gnbs: [{n2_address: %(gnb)s, n3_address: %(gnb)s, id: %(id)d, amf_addresses: [127.0.0.1], transport: udp, cells: [{air_address: 10.102.0.1}]}]
ues: [{imsi: "%(imsi)s", %(keys)s, profile: "null", air_address: 10.102.0.2, default_route: true}]
"""


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, stdin=subprocess.DEVNULL)


def wait_for(what, condition, seconds=30):
    end = time.time() + seconds
    while not condition():
        assert time.time() < end, what
        time.sleep(0.05)


class Host:
    """Two namespaces, the phone's and that of all others; the program as an installation has it."""

    def __init__(self, folder):
        self.dir, self.program = folder, os.path.join(folder, "freehold")
        tag = os.path.basename(folder)[-6:].lower().replace("_", "x")
        self.main, self.phone = "fh%sm" % tag, "fh%su" % tag
        self.running = {}
        for ns in (self.main, self.phone):
            assert run("ip", "netns", "add", ns).returncode == 0
            run("ip", "-n", ns, "link", "set", "lo", "up")
        run("ip", "-n", self.main, "link", "add", "air0", "type", "veth", "peer", "name", "air1", "netns", self.phone)
        for ns, device, address in ((self.main, "air0", "10.102.0.1/24"), (self.phone, "air1", "10.102.0.2/24")):
            run("ip", "-n", ns, "addr", "add", address, "dev", device)
            run("ip", "-n", ns, "link", "set", device, "up")
        self.network = self.config("network.yaml", gnb="127.0.0.3", id=1, imsi=PHONE)
        self.crowd = self.config("crowd.yaml", gnb="127.0.0.4", id=100, imsi="001010000001000")
        self.comers = self.config("comers.yaml", gnb="127.0.0.5", id=200, imsi="001010000002000")

    def config(self, name, **words):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(CONFIG % dict(words, dir=self.dir, keys=KEYS))
        return path

    def install(self, program):
        """As dpkg does it: another file takes the name."""
        shutil.copy(program, self.program + ".new")
        os.rename(self.program + ".new", self.program)

    def start(self, name, *words, ns=None, config=None, program=None):
        with open(os.path.join(self.dir, name + ".log"), "a", encoding="utf-8") as log:
            self.running[name] = subprocess.Popen(["ip", "netns", "exec", ns or self.main, *(words if program else (self.program, *words)),
                                                   *(() if program else ("-c", config or self.network))], stdout=log, stderr=subprocess.STDOUT,
                                                  stdin=subprocess.DEVNULL)
        return self.running[name]

    def restart(self, *names):
        """systemctl try-restart of units: all end, each starts once it has."""
        for name in names:
            self.running[name].send_signal(signal.SIGTERM)
        for name in names:
            assert self.running[name].wait(30) == 0, name + " does not end well:\n" + self.log(name)
            self.start(name, name)

    def ask(self, *words):
        return run(self.program, *words, "--control", self.dir + "/core.sock").stdout

    def log(self, name):
        with open(os.path.join(self.dir, name + ".log"), encoding="utf-8", errors="replace") as f:
            return "".join(f.readlines()[-30:])

    def numbers(self, name):
        """What a crowd prints of itself at its end."""
        self.running[name].wait(90)
        with open(os.path.join(self.dir, name + ".log"), encoding="utf-8", errors="replace") as f:
            return re.findall(r"(?m)^([a-z].* \d.*)$", f.read())

    def end(self):
        for p in self.running.values():
            if p.poll() is None:
                p.terminate()
        for p in self.running.values():
            try:
                p.wait(10)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
        for ns in (self.main, self.phone):
            run("ip", "netns", "del", ns)


def sessions(host):
    """Who has which address in which data network."""
    lines = host.ask("sessions", "--csv", "--columns", "imsi,id,dnn,ipv4").splitlines()[1:]
    return {tuple(line.split(",")) for line in lines}


def version(host):
    return re.search(r"commit ([^;]*)", run(host.program, "--version").stdout).group(1)


class Stream:
    """Pings of the phone, INTERVAL_MS apart: which came back when."""

    def __init__(self, host):
        self.host = host
        host.start("ping", "stdbuf", "-oL", "ping", "-n", "-D", "-O", "-i", "%.3f" % (INTERVAL_MS / 1000), "10.45.0.1", ns=host.phone, program=True)

    def lost(self, since):
        """Packets without an answer, and the longest time without one in ms, since a line until now."""
        with open(self.host.dir + "/ping.log", encoding="utf-8") as f:
            lines = f.read().splitlines()[since:]
        came = [(float(m.group(1)), int(m.group(2))) for m in (re.search(r"^\[([\d.]+)\] 64 bytes.* icmp_seq=(\d+)", line) for line in lines) if m]
        assert len(came) > 2, "the stream stands still"
        times = [at for at, _ in came] + [time.time()]
        return came[-1][1] - came[0][1] + 1 - len(came), 1000 * max(b - a for a, b in zip(times, times[1:]))

    def here(self):
        with open(self.host.dir + "/ping.log", encoding="utf-8") as f:
            return len(f.readlines())


def bring_up(host):
    host.install(OLD)
    for part in ("core", "upf"):
        host.start(part, part)
    wait_for("the core answers", lambda: "ues_registered" in host.ask("status"))
    wait_for("the UPF is associated", lambda: "upfs_associated 1" in host.ask("status"))
    lines = "".join(run(host.program, "load", "-c", config, "--ues", str(count), "--print-subscribers").stdout
                    for config, count in ((host.crowd, CROWD), (host.comers, COMERS)))
    lines += "imsi=%s %s\n" % (PHONE, KEYS.replace(": ", "=").replace(",", ""))
    with open(host.dir + "/subscribers", "w", encoding="utf-8") as f:
        f.write(lines)
    answer = host.ask("subscriber", "import", host.dir + "/subscribers")
    assert "%d imported" % (CROWD + COMERS + 1) in answer, answer
    host.start("gnb", "gnb")
    wait_for("the gNB is set up", lambda: "gnbs 1" in host.ask("status"))
    host.start("ue", "ue", ns=host.phone)
    host.start("load", "load", "--ues", str(CROWD), "--gnbs", "2", "--mix", "18: idle=15 service=15 page=5 traffic=20", config=host.crowd)
    wait_for("all are registered", lambda: len(sessions(host)) == CROWD + 1, 60)


def change(host, stream, program, what):
    """One way: replaced, started again, all known."""
    before, since = sessions(host), stream.here()
    time.sleep(1)
    host.install(program)
    began = time.time()
    host.restart("core", "upf")
    wait_for("the core answers", lambda: "upfs_associated 1" in host.ask("status"))
    up = time.time() - began
    time.sleep(4)
    after = sessions(host)
    assert before <= after, "%s: lost %s\n%s" % (what, before - after, host.log("core"))
    lost, gap = stream.lost(since)
    print("%s to %s: %d sessions kept, %d more since; core and UPF together again after %.0f ms; of the phone's packets, %d ms apart, %d were lost, "
          "the longest gap %.0f ms" % (what, version(host), len(before), len(after - before), up * 1000, INTERVAL_MS, lost, gap))
    assert gap < GAP_MS_MAX, "%.0f ms" % gap


def play(host):
    bring_up(host)
    stream = Stream(host)
    wait_for("the stream flows", lambda: stream.here() > 20)
    host.start("comers", "load", "--ues", str(COMERS), "--gnbs", "1", "--rate", "20", config=host.comers)
    change(host, stream, NEW, "forth")
    change(host, stream, OLD, "back")
    before = sessions(host)
    print("the crowd: " + "; ".join(host.numbers("load")))
    print("those who came: " + "; ".join(host.numbers("comers")))
    assert before <= sessions(host), "sessions are lost when the crowd's gNBs end"


def main():
    if os.geteuid() != 0:
        print("needs root\n0 passed, 1 failed")
        return 1
    with tempfile.TemporaryDirectory(prefix="freehold-upgrade-") as folder:
        os.chmod(folder, 0o755)
        host = Host(folder)
        try:
            play(host)
        except AssertionError as e:
            print("FAILED %s\n%s\n0 passed, 1 failed" % (e, "".join("--- %s\n%s" % (n, host.log(n)) for n in host.running)))
            return 1
        finally:
            host.end()
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
