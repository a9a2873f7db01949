"""Alarms that leave the house: console_alarms_test.py FREEHOLD. Without privileges.

A collector of syslog, a webhook over TLS and a program hear of an alarm that is raised and cleared, each once, also when the webhook is away at first or
the console is killed; who is not who the certificate says hears nothing, and the command line says so."""
import http.server
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import traceback

import console_bed
import operate_test

FREEHOLD = sys.argv[1]
# RFC 5424 6 and RFC 5674 3, written out here once more.
SYSLOG = re.compile(r'^<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\S{1,255}) freehold (\d+) ALARM '
                    r'\[alarm resource="((?:[^"\\\]]|\\["\\\]])*)" probableCause="(\w+)" perceivedSeverity="(\w+)" eventType="(\w+)"\] (.*)$', re.S)
SEVERITIES = {"critical": 1, "major": 2, "minor": 3, "warning": 4, "cleared": 5}
ALARMS = """console: {address: 127.0.0.1, port: %%d, store: DIR/console%%s, alarms: {syslog: %s, syslog_address: 127.0.0.1, syslog_port: %d,
  webhook: "https://localhost:%d/hook?a=b", webhook_ca: %s, webhook_token: sesame-of-the-hook, command: [/usr/bin/tee, -a, DIR/told]}}
"""


class Collector:
    """Of syslog, over UDP or TCP."""

    def __init__(self, kind):
        self.kind, self.lines = kind, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
        self.socket.bind(("127.0.0.1", 0))
        if kind == "tcp":
            self.socket.listen()
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            if self.kind == "udp":
                self.lines.append(self.socket.recv(65536).decode())
                continue
            connection = self.socket.accept()[0]
            data = b"".join(iter(lambda: connection.recv(65536), b""))  # pylint: disable=cell-var-from-loop
            while data:  # RFC 6587 3.4.1
                length, data = data.split(b" ", 1)
                self.lines.append(data[:int(length)].decode())
                assert len(data) >= int(length)
                data = data[int(length):]


class Hook:
    """A webhook over TLS, which answers 503 so often first."""

    def __init__(self, certificate, refuses):
        self.heard, self.tried = [], 0
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                hook.tried += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                taken = hook.tried > refuses
                if taken:
                    hook.heard.append((self.path, self.headers, json.loads(body)))
                self.send_response(204 if taken else 503)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def certificate_of(folder, name):
    path = os.path.join(folder, name + ".pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=" + name,
                    "-addext", "subjectAltName=DNS:" + name, "-keyout", path, "-out", path + ".crt"], check=True, stderr=subprocess.DEVNULL)
    with open(path, "ab") as f, open(path + ".crt", "rb") as certificate:
        f.write(certificate.read())
    return path


def console_with(freehold, collector, hook_port, ca):
    """A console whose alarms go to all three."""
    kept = console_bed.CONSOLE
    console_bed.CONSOLE = ALARMS % (collector.kind, collector.port, hook_port, ca)
    try:
        return console_bed.Console(freehold, more=operate_test.CROWD % operate_test.port())
    finally:
        console_bed.CONSOLE = kept


def told(console):
    path = os.path.join(console.core.dir.name, "told")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        decoder, text, found = json.JSONDecoder(), f.read(), []
    while text:
        one, at = decoder.raw_decode(text)
        found.append(one)
        text = text[at:]
    return found


def gnb_comes_and_goes(freehold, console, admin):
    load = subprocess.Popen([freehold, "load", "-c", console.core.file, "--ues", "1", "--gnbs", "1", "--no-sessions", "--hold"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until("the gNB is there", lambda: admin.api("GET", "gnbs").json["rows"])
    load.send_signal(signal.SIGINT)
    load.wait(20)


def wait_until(what, condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it is not so that " + what)


def brief(notices):
    return [(n["change"], n["severity"], n["object"]) for n in notices]


def raised_and_cleared_udp(freehold):
    raised_and_cleared(freehold, "udp")


def raised_and_cleared_tcp(freehold):
    raised_and_cleared(freehold, "tcp")


def raised_and_cleared(freehold, kind):
    """Every outlet hears the same, in order, once."""
    with tempfile.TemporaryDirectory() as folder:
        certificate = certificate_of(folder, "localhost")
        collector, hook = Collector(kind), Hook(certificate, 1)
        with console_with(freehold, collector, hook.port, certificate + ".crt") as console:
            admin = console.first()
            assert admin.api("POST", "subscribers", dict(console_bed.KEYS, imsi="001010000000001")).status == 201
            upf = ("raised", "critical", "UPF upf-1")
            wait_until("the UPF is missed everywhere",
                                    lambda: brief(told(console)) == [upf] and len(hook.heard) == 1 and len(collector.lines) == 1)
            gnb_comes_and_goes(freehold, console, admin)
            wait_until("and the gNB", lambda: len(told(console)) == 2 and len(hook.heard) == 2 and len(collector.lines) == 2)
            console.process.kill()  # what was told is known to the next
            console.process.wait()
            console.start()
            admin.login("anna")
            alarm = [a for a in admin.api("GET", "alarms").json["rows"] if a["object"].startswith("gNB")][0]
            assert admin.api("POST", "alarms/%d/clear" % alarm["id"]).status == 204
            wait_until("it is over", lambda: len(told(console)) == 3 and len(hook.heard) == 3 and len(collector.lines) == 3)
            expected = [upf, ("raised", "major", alarm["object"]), ("cleared", "cleared", alarm["object"])]
            assert brief(told(console)) == expected and brief(h[2] for h in hook.heard) == expected, (told(console), hook.heard)
            assert [dict(t, time=0) for t in told(console)] == [dict(h[2], time=0) for h in hook.heard]
            assert all(h[0] == "/hook?a=b" and h[1]["Authorization"] == "Bearer sesame-of-the-hook" and h[1]["Content-Type"] == "application/json"
                       for h in hook.heard), [(h[0], dict(h[1])) for h in hook.heard]
            for line, (change, severity, thing) in zip(collector.lines, expected):
                m = SYSLOG.match(line)
                assert m, line
                assert int(m.group(1)) == 16 * 8 + SEVERITIES[severity] and m.group(5) == thing and m.group(7) == severity, line
                assert (" %s: " % change) in m.group(9) and m.group(6) == "communicationsSubsystemFailure", line
            rows = {r["name"]: r for r in admin.api("GET", "alarm-outlets").json["rows"]}
            assert sorted(rows) == ["command", "syslog", "webhook"] and all(r["error"] == "" and r["waiting"] == 0 and r["lost"] == 0 for r in rows.values()), rows
            assert rows["webhook"]["to"] == "https://localhost:%d" % hook.port, "its path may be a secret"
            assert hook.tried == len(hook.heard) + 1
            tries(freehold, console, admin, hook, collector)


def tries(freehold, console, admin, hook, collector):
    """A notice that is no alarm, from the page and from the command line; it is in the audit log."""
    before = len(hook.heard), len(collector.lines), len(told(console))
    assert admin.api("POST", "alarm-outlets/webhook/test").status == 204 and admin.api("POST", "alarm-outlets/pigeon/test").status == 404
    wait_until("the webhook hears the test", lambda: len(hook.heard) == before[0] + 1)
    assert hook.heard[-1][2]["change"] == "test" and hook.heard[-1][2]["object"] == "console"
    for name in ("syslog", "webhook", "command"):
        p = subprocess.run([freehold, "alarms", "--test", name, "-c", console.core.file], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        assert p.returncode == 0, p.stdout
    wait_until("all hear that of the command line",
                            lambda: (len(hook.heard), len(collector.lines), len(told(console))) == (before[0] + 2, before[1] + 1, before[2] + 1))
    entries = [e for e in admin.api("GET", "audit").json["rows"] if e["action"] == "test-alarm-outlet"]
    assert [e["subject"] for e in entries] == ["webhook"] and entries[0]["outcome"] == "sent", entries
    text = admin.api("GET", "network").json["text"]
    assert "sesame" not in text and "webhook_token: '***" in text, text


def hook_of_others(freehold):
    """By another authority than the one that is trusted, or of another name: nothing is sent, and it is said once, why."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = certificate_of(folder, "localhost"), certificate_of(folder, "elsewhere.example")
        for certificate, ca in ((theirs, ours), (theirs, theirs)):
            collector, hook = Collector("udp"), Hook(certificate, 0)
            with console_with(freehold, collector, hook.port, ca + ".crt") as console:
                admin = console.first()
                wait_until("the others hear", lambda: len(collector.lines) == 1 and len(told(console)) == 1)
                wait_until("it is seen", lambda: [r for r in admin.api("GET", "alarm-outlets").json["rows"] if r["name"] == "webhook"][0]["error"])
                row = [r for r in admin.api("GET", "alarm-outlets").json["rows"] if r["name"] == "webhook"][0]
                assert row["waiting"] == 1 and row["sent"] == 0 and ("certificate" in row["error"] or "ostname" in row["error"]), row
                assert hook.heard == [] and console.text().count("alarms do not reach webhook") == 1, console.text()
                p = subprocess.run([freehold, "alarms", "--test", "webhook", "-c", console.core.file], stderr=subprocess.PIPE, check=False)
                assert p.returncode == 1 and b"freehold alarms: webhook: localhost: " in p.stderr, p.stderr


class Dripper:
    """A webhook that begins its answer at once and does not come to an end: an octet now and then, which no time-out of a read notices."""

    def __init__(self, certificate):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        with self.context.wrap_socket(self.socket.accept()[0], server_side=True) as hook:
            hook.recv(65536)
            try:
                for octet in b"HTTP/1.1 204 " + 110 * b"x":
                    hook.send(bytes([octet]))
                    time.sleep(0.3)
                hook.send(b"\r\n\r\n")
            except OSError:
                pass


def hook_that_drips(freehold):
    """Who drips its answer is given up when the time for one is over (HTTP_POST_S), not when it has said all."""
    with tempfile.TemporaryDirectory() as folder:
        certificate = certificate_of(folder, "localhost")
        path = os.path.join(folder, "network.yaml")
        with open(path, "w", encoding="utf-8") as f:
            f.write("plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 10.45.0.0/16}]\nconsole: {address: 127.0.0.1, alarms: {webhook: \"https://localhost:%d/\", webhook_ca: %s.crt}}\n" % (
                Dripper(certificate).port, certificate))
        begun = time.time()
        p = subprocess.run([freehold, "alarms", "--test", "webhook", "-c", path], stderr=subprocess.PIPE, check=False)
        took = time.time() - begun
        assert p.returncode == 1 and b"localhost: the answer takes too long" in p.stderr, p.stderr
        assert 8 < took < 25, "given up after %.1f s" % took


def refused_configuration(freehold):
    """What cannot be is refused by its line."""
    for alarms, words in (("{syslog: udp}", "syslog_address"), ("{webhook: \"ftp://x\"}", "https://HOST"), ("{command: [tee]}", "whole path"),
                          ("{webhook_token: x}", "webhook beside it"), ("{syslog: tcp, syslog_address: 127.0.0.1, syslog_port: 0}", "65535")):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as f:
            f.write("plmn: \"00101\"\nconsole: {address: 127.0.0.1, alarms: %s}\n" % alarms)
            f.flush()
            p = subprocess.run([freehold, "check", "-c", f.name], stderr=subprocess.PIPE, check=False)
            assert p.returncode != 0 and words.encode() in p.stderr and b":2:" in p.stderr, (alarms, p.stderr)


TESTS = (raised_and_cleared_udp, raised_and_cleared_tcp, hook_of_others, hook_that_drips, refused_configuration)


def main():
    failed = 0
    for test in TESTS:
        begun = time.time()
        try:
            test(FREEHOLD)
            print("[       OK ] %s (%.1f s)" % (test.__name__, time.time() - begun), flush=True)
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print("[  FAILED  ] %s\n%s" % (test.__name__, traceback.format_exc()), flush=True)
    print("%d passed, %d failed" % (len(TESTS) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
