"""A core with its console, as tests meet them: by HTTPS, with a cookie or a token."""
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import time

import operate_test

PASSWORD = "Correct-Horse-9"
KEYS = {"k": "465b5ce8b199b49faa5f0a2ee238a6bc", "opc": "e8ed289deba952e4283b54e88e6183ca"}
CONSOLE = "console: {address: 127.0.0.1, port: %d, store: DIR/console%s}\n"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Answer:
    def __init__(self, answer):
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    @property
    def json(self):
        return json.loads(self.body)


class Place:
    """Where a console is, and what its certificate is by."""

    def __init__(self, port, authority):
        self.port, self.authority = port, authority

    @property
    def context(self):
        return ssl.create_default_context(cafile=self.authority)


class Visitor:
    """Somebody with a cookie jar of one cookie, or a token; each request is a connection of its own, or all are one."""

    def __init__(self, console, keep=False):
        self.console, self.cookie, self.csrf, self.token, self.keep, self.connection = console, None, None, None, keep, None

    def ask(self, method, path, body=None, headers=None, raw=None):
        connection = self.connection or http.client.HTTPSConnection("127.0.0.1", self.console.port, context=self.console.context, timeout=20)
        sent = {"Content-Type": "application/json"} if body is not None or raw is not None else {}
        if self.cookie:
            sent["Cookie"] = self.cookie
        if self.csrf and method != "GET":
            sent["X-CSRF-Token"] = self.csrf
        if self.token:
            sent["Authorization"] = "Bearer " + self.token
        sent.update(headers or {})
        connection.request(method, path, raw if raw is not None else None if body is None else json.dumps(body),
                           {k: v for k, v in sent.items() if v is not None})
        answer = Answer(connection.getresponse())
        if self.keep:
            self.connection = connection
        else:
            connection.close()
        cookie = answer.headers.get("Set-Cookie")
        if cookie:
            self.cookie = cookie.split(";")[0]
        return answer

    def tries(self, method, path):
        """Whether there is an answer."""
        try:
            return self.ask(method, path).status > 0
        except OSError:
            return False

    def api(self, method, path, body=None, **more):
        """So many passwords a second are tried, of all together: one more is asked for again."""
        while True:
            answer = self.ask(method, "/api/v1/" + path, body, **more)
            if answer.status != 429 or answer.headers["Retry-After"] != "1":
                return answer
            time.sleep(0.2)

    def login(self, name, password=PASSWORD):
        answer = self.api("POST", "session", {"name": name, "password": password})
        if answer.status == 200:
            self.csrf = answer.json["csrf"]
        return answer


class Console:
    """A core and its console."""

    def __init__(self, freehold, keys="", more=""):
        self.freehold, self.port = freehold, free_port()
        self.core = operate_test.Core(freehold, more=CONSOLE % (self.port, keys) + more)
        self.log = os.path.join(self.core.dir.name, "console.log")
        self.process = None
        self.start()

    def start(self, *more):
        with open(self.log, "wb") as f:
            self.process = subprocess.Popen([self.freehold, "console", "-c", self.core.file, *more], stderr=f,
                                            env=dict(os.environ, ASAN_OPTIONS="detect_leaks=0"))  # one that is confined cannot look for them
        self.core.wait_until("the console is up: " + self.text(), lambda: "console is up" in self.text())
        self.context = ssl.create_default_context(cafile=os.path.join(self.core.dir.name, "console", "ca.pem"))
        link = re.search(r"first#([0-9a-f]+)", self.text())
        self.link = link.group(1) if link else None

    def stop(self):
        self.process.terminate()
        assert self.process.wait(20) == 0, self.text()

    def text(self):
        with open(self.log, encoding="utf-8") as f:
            return f.read()

    def first(self, name="anna"):
        """The administrator, made by the link."""
        visitor = Visitor(self)
        answer = visitor.api("POST", "first", {"token": self.link, "name": name, "password": PASSWORD})
        assert answer.status == 200, answer.body
        visitor.csrf = answer.json["csrf"]
        return visitor

    def connect(self):
        """A connection of octets."""
        return self.context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), 20), server_hostname="127.0.0.1")

    def keeper(self):
        """The child that reads and writes files for it."""
        with open("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid), encoding="utf-8") as f:
            return int(f.read().split()[0])

    def memory_kib(self, key="Pss", pid=None):
        """Its share of the memory that it has in common with others, and what is its own."""
        with open("/proc/%d/smaps_rollup" % (pid or self.process.pid), encoding="utf-8") as f:
            return int(re.search("^" + key + r":\s+(\d+)", f.read(), re.M).group(1))

    def cpu_s(self):
        with open("/proc/%d/stat" % self.process.pid, encoding="utf-8") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __enter__(self):
        return self

    def __exit__(self, *args):
        if self.process.poll() is None:
            self.process.terminate()
            for _ in range(100):
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
            else:
                self.process.kill()
        if self.core.process.poll() is None:
            self.core.__exit__(*args)
        else:
            self.core.dir.cleanup()
