"""The figures of a real core: metrics_test.py FREEHOLD. A strict reader of the text, registrations and refusals in it, and its port abused."""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import openmetrics
from operate_test import CROWD, Core, port

READER = "import sys; from prometheus_client.openmetrics.parser import text_string_to_metric_families as f; print(len(list(f(sys.stdin.read()))))"


def address():
    """The port's own: a loopback address and a TCP port."""
    return "127.0.0.%d" % (10 + os.getpid() % 50), 10000 + os.getpid() % 10000


class Metrics(Core):
    """A core that serves its figures."""
    host = None  # of the port, else the test's own

    def write(self, level="info", pool="10.45.0.0/16", more="", amf=""):
        super().write(level, pool, more, amf)
        with open(self.file, encoding="utf-8") as f:
            text = f.read()
        with open(self.file, "w", encoding="utf-8") as f:
            f.write(text.replace("core: {", "core: {metrics_address: \"%s\", metrics_port: %d, " % (self.host or address()[0], address()[1])))


def families(core):
    p = core.ask("metrics")
    assert p.returncode == 0 and not p.stderr, p
    return openmetrics.parse(p.stdout)


def talk(data, shut=False, wait=10):
    """What the port answers to these octets, until it closes."""
    with socket.create_connection(address(), timeout=wait) as s:
        s.sendall(data)
        if shut:
            s.shutdown(socket.SHUT_WR)
        out = b""
        try:
            while True:
                more = s.recv(65536)
                if not more:
                    return out
                out += more
        except ConnectionResetError:
            return out


def get(path="/metrics", version="1.1", method="GET", fields="Host: x\r\n"):
    return ("%s %s HTTP/%s\r\n%s\r\n" % (method, path, version, fields)).encode()


def status(answer):
    m = re.match(rb"HTTP/1\.1 (\d+) [\w -]+\r\n", answer)
    return int(m.group(1)) if m else None


def body(answer):
    """Of an answer, its chunks put together."""
    head, _, rest = answer.partition(b"\r\n\r\n")
    if b"Transfer-Encoding: chunked" not in head:
        return rest
    out = b""
    while True:
        size, _, rest = rest.partition(b"\r\n")
        n = int(size, 16)
        assert len(rest) >= n + 2 and rest[n:n + 2] == b"\r\n", "a chunk is not whole"
        if n == 0:
            assert rest == b"\r\n"
            return out
        out, rest = out + rest[:n], rest[n + 2:]


def crowd(freehold, core, ues, known):
    """So many UEs of `freehold load` register; those not known to the core are refused."""
    listed = subprocess.run([freehold, "load", "-c", core.file, "--ues", str(known), "--print-subscribers"], stdout=subprocess.PIPE, check=True).stdout
    if known:
        assert core.ask("subscriber", "import", "-", given=listed.decode()).returncode == 0
    return subprocess.run([freehold, "load", "-c", core.file, "--ues", str(ues), "--no-sessions"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False).stdout


def control_and_port(freehold):
    """Both give the same families, well-formed; with the port off the control socket does; a third party reads them."""
    with Metrics(freehold) as core:
        f = families(core)
        p = core.ask("metrics", "--address", "%s:%d" % address())
        assert p.returncode == 2, p  # two places
        p = subprocess.run([freehold, "metrics", "--address", "%s:%d" % address()], stdout=subprocess.PIPE, text=True, check=True)
        assert set(openmetrics.parse(p.stdout)) == set(f) and "freehold_metrics_answers" in f
        assert not openmetrics.falls(f, openmetrics.parse(p.stdout))
        for python in (sys.executable, "/usr/bin/python3"):
            third = subprocess.run([python, "-c", READER], input=p.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
            if "No module named" not in third.stderr:
                assert third.returncode == 0 and int(third.stdout) == len(f), third
        assert openmetrics.value(f, "freehold_process_build_info", part="core") == 1
        assert 0 < openmetrics.value(f, "freehold_process_resident_memory_bytes") < 1 << 30
        fds = len(os.listdir("/proc/%d/fd" % core.process.pid))
        assert abs(openmetrics.value(f, "freehold_process_open_fds") - fds) <= 1, fds
        assert abs(openmetrics.value(f, "freehold_process_start_time_seconds") - time.time()) < 60
    with Core(freehold) as core:
        f = families(core)
        assert "freehold_metrics_answers" not in f and "freehold_amf_rm_reg_init_req" in f
        for place in ("1", "x", "18446744073709551615", "-1", ""):
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
                s.connect(os.path.join(core.dir.name, "control"))
                s.send(b"metrics\n" + place.encode())
                assert s.recv(65536)[:2] in (b"ok", b"er"), place


def registrations(freehold):
    """They raise the series of their slice, and those of unknown subscribers that of their cause."""
    with Metrics(freehold, more=CROWD % port()) as core:
        before = families(core)
        assert openmetrics.value(before, "freehold_amf_rm_reg_init_succ_total", snssai="1", amf="amf-1") == 0
        crowd(freehold, core, 5, 3)
        after = families(core)
        assert not openmetrics.falls(before, after)
        asked = openmetrics.value(after, "freehold_amf_rm_reg_init_req_total", amf="amf-1")
        assert openmetrics.value(after, "freehold_amf_rm_reg_init_succ_total", snssai="1", amf="amf-1") == 3, core.text()
        failed = openmetrics.value(after, "freehold_amf_rm_reg_init_fail_total", cause="7", amf="amf-1")
        assert failed >= 2 and asked == 3 + failed, (failed, asked)
        assert openmetrics.value(after, "freehold_amf_rm_registered_sub_nbr", snssai="1") == openmetrics.value(after, "freehold_amf_ues_registered")
        assert openmetrics.value(after, "freehold_amf_rm_reg_time_seconds_count") == 3
        assert 0 < openmetrics.value(after, "freehold_amf_rm_reg_time_seconds_sum") < 30
        assert openmetrics.value(after, "freehold_pcf_pa_policy_am_asso_succ_total") == 3
        assert openmetrics.value(after, "freehold_store_commit_seconds_count") > 3
        assert openmetrics.value(after, "freehold_sbi_operations_total", operation="Nausf_UEAuthentication_Authenticate") >= 5
        assert openmetrics.value(after, "freehold_sbi_operations_failed_total", operation="Nausf_UEAuthentication_Authenticate") >= 2
        assert openmetrics.value(after, "freehold_amf_n2_wait_seconds_count") == openmetrics.value(after, "freehold_amf_ngap_received_total")
        # What status prints are the same figures.
        lines = dict(line.split() for line in core.ask("status").stdout.splitlines())
        assert int(lines["amf_registrations"]) == 3 == int(lines["amf_rm_reg_init_succ"])


class MetricsOfIpv6(Metrics):
    host = "::1"


def ipv6(freehold):
    """The port at an IPv6 address, and what is no address of one."""
    with MetricsOfIpv6(freehold) as core:
        p = subprocess.run([freehold, "metrics", "--address", "[::1]:%d" % address()[1]], stdout=subprocess.PIPE, text=True, check=True)
        assert len(openmetrics.parse(p.stdout)) > 100
        core.wait_for("figures at http://[::1]:%d/metrics" % address()[1])
    for wrong in ("::1", "127.0.0.1", "[127.0.0.1]:9478", "::1:9478", "127.0.0.1:0", "127.0.0.1:99999", "host:9478", ":9478"):
        p = subprocess.run([freehold, "metrics", "--address", wrong], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        assert p.returncode == 2 and "expected ADDRESS:PORT" in p.stderr, p
    p = subprocess.run([freehold, "metrics", "--address", "127.0.0.1:1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    assert p.returncode == 1 and "127.0.0.1:1: Connection refused" in p.stderr, p


def recorded(freehold):
    """What is asked of the figures is no message of the room's: the recording of a core that was asked replays without a difference."""
    with Core(freehold) as core:
        core.process.terminate()
        core.process.wait(10)
        file = os.path.join(core.dir.name, "recording")
        with open(core.log, "ab") as log:
            core.process = subprocess.Popen([freehold, "core", "-c", core.file, "--record", file], stderr=log)
        for _ in range(100):
            if core.ask("status").returncode == 0:
                break
            time.sleep(0.1)
        assert len(families(core)) > 100 and core.ask("status").returncode == 0
        core.process.terminate()
        core.process.wait(10)
        p = subprocess.run([freehold, "replay", file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert p.returncode == 0 and "equal: " in p.stdout, p
        core.process = subprocess.Popen(["sleep", "60"])  # Core's end expects one that lives


def requests(freehold):
    """What is asked well, wrongly, in parts, and of nothing there is."""
    with Metrics(freehold):
        answer = talk(get())
        assert status(answer) == 200 and b"\r\nContent-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n" in answer
        text = body(answer).decode()
        openmetrics.parse(text)
        old = talk(get(version="1.0", fields=""))
        assert status(old) == 200 and b"chunked" not in old
        openmetrics.parse(body(old).decode())
        head = talk(get(method="HEAD"))
        assert status(head) == 200 and head.endswith(b"\r\n\r\n") and head.count(b"\r\n\r\n") == 1
        assert status(talk(get("http://x/metrics?a=b"))) == 200 and status(talk(b"\r\n" + get())) == 200
        assert status(talk(get().replace(b"\r\n", b"\n"))) == 400 and status(talk(get(), shut=True)) == 200
        # Pipelined: the first is answered, and says that it is the last.
        piped = talk(get() * 5)
        assert piped.count(b"HTTP/1.1 200") == 1 and b"\r\nConnection: close\r\n" in piped
        openmetrics.parse(body(piped).decode())
        cases = {404: [get("/"), get("/metricsx"), get("/metrics/"), get("/%6detrics")],
                 405: [get(method=m) for m in ("POST", "PUT", "OPTIONS", "get", "BREW")],
                 400: [b"\x00" * 40 + b"\n", b"GET\r\n\r\n", b"GET /metrics\r\n\r\n", get(fields=""), get(fields="Host: a\r\nHost: b\r\n"), b"hello\r\n", get("http://x"), get("*"),
                       get(fields="Host: x\r\n folded\r\n"), get(fields="Host : x\r\n"), get(fields="Host: x\r\n: y\r\n"), get(fields="Host: \x01\r\n"),
                       get(version="1.1 "), get(version="x.1"), get("/met rics"), get("/m\x7f"), b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n\n"],
                 505: [get(version="2.0"), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
                 431: [get(fields="Host: x\r\n" + "X: %s\r\n" % ("y" * 9000)), get(fields="Host: x\r\n" + "X: y\r\n" * 2000)],
                 414: [get("/" + "x" * 3000), b"GET /" + b"x" * 20000]}
        for code, list_of in cases.items():
            for data in list_of:
                answer = talk(data)
                assert status(answer) == code, (code, data[:80], answer[:80])
                assert (b"\r\nAllow: GET, HEAD\r\n" in answer) == (code == 405)
        whole = get()
        with socket.create_connection(address()) as s:
            for i in range(len(whole)):
                s.sendall(whole[i:i + 1])
                time.sleep(0.001)
            assert s.recv(12) == b"HTTP/1.1 200"


def abuse(freehold):
    """A thousand connections, slow ones, those that do not read and huge ones: who asks is answered, and so is the control socket."""
    with Metrics(freehold, more=CROWD % port()) as core:
        idle = [socket.create_connection(address()) for _ in range(900)]
        for s in idle[::3]:
            s.sendall(b"GET /met")
        begun = time.time()
        openmetrics.parse(body(talk(get())).decode())
        assert families(core) and time.time() - begun < 3, "not answered beside idle connections"
        deaf = []
        for _ in range(40):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            s.connect(address())
            s.sendall(get())
            deaf.append(s)
        # Who does not read holds his place for HTTP_STALLED_S at most.
        assert families(core)
        end = time.time() + 15
        while True:
            try:
                answer = talk(get(), wait=3)
                if status(answer) == 200:
                    break
            except OSError:
                pass
            assert time.time() < end, "those that do not read shut others out"
            time.sleep(0.5)
        openmetrics.parse(body(answer).decode())
        slow = socket.create_connection(address())
        slow.sendall(b"GET /metrics HTTP/1.1\r\n")
        slow.settimeout(12)
        assert status(slow.recv(4096)) == 408, "half a request waits for ever"
        flood = socket.create_connection(address())
        flood.settimeout(5)
        try:
            for _ in range(2000):
                flood.sendall(b"x" * 65536)
            raise AssertionError("128 MB of nothing are read")
        except OSError:
            pass
        threads = [threading.Thread(target=lambda: [talk(get()) for _ in range(20)]) for _ in range(8)]
        for t in threads:
            t.start()
        said = crowd(freehold, core, 20, 20)
        for t in threads:
            t.join()
        f = families(core)
        assert openmetrics.value(f, "freehold_amf_rm_reg_init_succ_total") == 20, said
        assert openmetrics.value(f, "freehold_metrics_yielded_total") > 800 and openmetrics.value(f, "freehold_metrics_timed_out_total") > 0
        for s in idle + deaf + [slow, flood]:
            s.close()
        end = time.time() + 10
        while len(os.listdir("/proc/%d/fd" % core.process.pid)) > 40:
            assert time.time() < end, "connections are left behind"
            time.sleep(0.2)


def configured(freehold):
    """A port that is taken, or another part's, is refused; a change waits for the next start."""
    with Metrics(freehold) as core:
        with open(core.file, encoding="utf-8") as f:
            text = f.read()
        with open(core.file, "w", encoding="utf-8") as f:
            f.write(text.replace("metrics_port: %d" % address()[1], "metrics_port: 1"))
        core.process.send_signal(signal.SIGHUP)
        core.wait_for("core.metrics_port has changed: taken at the next start")
        assert status(talk(get())) == 200
        # The same host and port twice.
        for other in (address()[0], "0.0.0.0"):
            with open(core.file, "w", encoding="utf-8") as f:
                f.write(text.replace("upfs: [{", "upfs: [{metrics_address: %s, metrics_port: %d, " % (other, address()[1])))
            p = subprocess.run([freehold, "check", "-c", core.file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            assert p.returncode == 1 and "expected a metrics_address and metrics_port of its own" in p.stdout, p
        with open(core.file, "w", encoding="utf-8") as f:
            f.write(text)
        p = subprocess.run([freehold, "check", "-c", core.file], stdout=subprocess.PIPE, text=True, check=True)
        assert "figures of core: http://%s:%d/metrics\n" % address() in p.stdout, p
    with socket.create_server(address()):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "network.yaml")
            with open(file, "w", encoding="utf-8") as f:
                f.write(text)
            os.makedirs(core.dir.name)
            p = subprocess.run([freehold, "core", "-c", file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=30)
            shutil.rmtree(core.dir.name)
        assert p.returncode == 1 and "metrics %s:%d: Address already in use" % address() in p.stdout, p


def documented(freehold):
    """Names are well-formed, distinct, those of TS 28.552 where it has one; the dashboard shows families and labels that there are."""
    listed = {}
    for entry in re.split(r"\n(?=freehold_)", subprocess.run([freehold, "help", "families"], stdout=subprocess.PIPE, text=True, check=True).stdout):
        m = re.fullmatch(r"(freehold_[a-z0-9_]+)\n    (\w+)(?: by ([a-z, ]+))?; of ([a-z ]+)\n    (.+)(?:\n    TS 28\.552: (\S+) [\d.]+)?\n?", entry)
        assert m, entry
        name, kind, labels, _, _, measurement = m.groups()
        assert name not in listed, name
        assert (kind == "counter") == name.endswith("_total"), name
        listed[name] = (kind, set((labels or "").split(", ")) | {"instance"})
        if measurement:
            # RM.RegInitReq is ..._rm_reg_init_req; a mean that is sampled, by whoever asks, is the present value.
            short = re.sub("_total$|_bytes$|_seconds$", "", re.sub("_total$", "", name)).replace("_", "")
            assert short.endswith(re.sub("mean$", "", re.sub("[^a-z0-9]", "", measurement.lower()))), (name, measurement)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ops", "deploy", "grafana", "freehold.json"), encoding="utf-8") as f:
        panels = json.load(f)["panels"]
    assert len(panels) == len({p["id"] for p in panels}) > 20
    for p in panels:
        for target in p.get("targets", []):
            for name in re.findall(r"freehold_\w+", target["expr"]):
                base = re.sub("_bucket$", "", name) if "histogram_quantile" in target["expr"] else name
                assert base in listed and (listed[base][0] == "histogram") == (base != name), (p["title"], name)
                assert (listed[base][0] == "counter") == ("rate(" in target["expr"]) or listed[base][0] == "histogram", (p["title"], name)
                used = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", target["expr"]))))
                assert used <= listed[base][1] | {"le"}, (p["title"], name, used)
                assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= used, (p["title"], target)


TESTS = [documented, control_and_port, registrations, ipv6, recorded, requests, abuse, configured]


def main():
    failed = 0
    openmetrics.self_test()
    for test in TESTS:
        try:
            test(sys.argv[1])
        except (AssertionError, openmetrics.Bad) as e:
            failed += 1
            print("%s: %s" % (test.__name__, e))
    print("%d passed, %d failed" % (len(TESTS) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
