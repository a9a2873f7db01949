"""The console's API and its port as strangers meet them: console_test.py FREEHOLD [--figures] [--patient]. Without privileges.

All roles by all operations of its own OpenAPI document, sessions and CSRF, logins, hostile HTTP, floods, and what is kept where. --figures prints
what the console takes of memory and time; --patient: of a build with sanitizers, which is slow."""
import json
import os
import re
import resource
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import time
import traceback

import console_bed
import operate_test

FREEHOLD = sys.argv[1]
PATIENT = "--patient" in sys.argv
IMSI = "001010000000001"
ROLES = ("viewer", "operator", "administrator", "auditor")
SUBSCRIBER = dict(console_bed.KEYS, imsi=IMSI)
HEADERS = {"Content-Security-Policy": "default-src 'none'", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
CONNECTIONS = 10000


def people(console, admin):
    """A visitor of each role."""
    found = {"administrator": admin}
    for role in ROLES:
        if role in found:
            continue
        answer = admin.api("POST", "users", {"name": "a-" + role, "role": role, "password": console_bed.PASSWORD})
        assert answer.status == 201, answer.body
        found[role] = console_bed.Visitor(console)
        assert found[role].login("a-" + role).status == 200
    return found


def operations(document):
    for path, methods in document["paths"].items():
        for method, op in methods.items():
            yield method.upper(), path, op


def example(schema):
    """A body of the schema, which need not make sense."""
    if schema["type"] == "object":
        return {k: example(v) for k, v in schema["properties"].items() if k in schema["required"]}
    if schema["type"] == "array":
        return []
    return {"integer": 1, "boolean": True, "string": schema.get("enum", ["x"])[0]}[schema["type"]]


def world(admin):
    """What an operation could have changed."""
    return [admin.api("GET", what).json["rows"] for what in ("subscribers", "users", "tokens", "upfs")] + [admin.api("GET", "network").json] + \
        [[e["number"] for e in admin.api("GET", "audit").json["rows"]]]


def roles_by_operations(freehold):
    """Who may not has 403, who is nobody 401, and nothing has changed; who may has neither."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        who = people(console, admin)
        assert admin.api("POST", "subscribers", SUBSCRIBER).status == 201
        document = admin.api("GET", "openapi.json").json
        assert document == json.loads(subprocess.run([freehold, "console", "--openapi"], stdout=subprocess.PIPE, check=True).stdout)
        tried = 0
        for method, path, op in operations(document):
            real = path.replace("{imsi}", IMSI).replace("{name}", "nobody").replace("{id}", "0") + ("?watch=status&seconds=1" if op["operationId"] == "live" else "")
            content = op.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            body = example(content) if content else None
            if not op["security"]:
                assert op["x-roles"] == [] and op["operationId"] in ("first", "login"), op
                continue
            if op["operationId"] == "logout":
                continue
            assert console_bed.Visitor(console).ask(method, real, body).status == 401, (method, path)
            for role in ROLES:
                allowed = role in op["x-roles"]
                before = None if allowed else world(admin)
                answer = who[role].ask(method, real, body)
                tried += 1
                if allowed:
                    assert answer.status not in (401, 405, 500, 501, 502), (method, path, role, answer.status, answer.body)
                    if op["operationId"] != "change-password":
                        assert answer.status != 403, (method, path, role, answer.body)
                else:
                    assert answer.status == 403, (method, path, role, answer.status)
                    assert world(admin) == before, (method, path, role)
                if op["operationId"] == "remove-subscriber" and allowed:
                    assert admin.api("POST", "subscribers", SUBSCRIBER).status == 201
        assert tried > 100, tried
        for path, methods in document["paths"].items():
            answer = admin.ask("OPTIONS", path.replace("{imsi}", IMSI).replace("{name}", "nobody").replace("{id}", "0"))
            assert answer.status == 405 and sorted(answer.headers["Allow"].split(", ")) == sorted(m.upper() for m in methods), (path, dict(answer.headers))


def answers_fit_the_document(freehold):
    """What is given has the members that the document has, and none beside."""
    with console_bed.Console(freehold, more=operate_test.CROWD % operate_test.port()) as console:
        admin = console.first()
        assert admin.api("POST", "subscribers", SUBSCRIBER).status == 201
        load = subprocess.Popen([freehold, "load", "-c", console.core.file, "--ues", "1", "--gnbs", "1", "--no-sessions", "--hold"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        console.core.wait_until("the UE is registered", lambda: admin.api("GET", "ues").json["rows"])
        now = admin.api("GET", "network").json
        assert admin.api("PUT", "network", dict(now, text=now["text"] + "# a version\n")).status == 200
        backup = admin.api("POST", "backups", {"passphrase": "of eight or more"}).json["name"]
        seen = 0
        for method, path, op in operations(admin.api("GET", "openapi.json").json):
            schema = op["responses"]["2XX"].get("content", {}).get("application/json", {}).get("schema")
            if method != "GET" or not schema:
                continue
            answer = admin.ask("GET", path.replace("{imsi}", IMSI).replace("{id}", "1").replace("{name}", backup))
            assert answer.status == 200, (path, answer.status, answer.body)
            rows = "rows" in schema["properties"]
            members = schema["properties"]["rows"]["items"]["properties"] if rows else schema["properties"]
            for row in answer.json["rows"] if rows else [answer.json]:
                more = {"words", "advice"} if path.endswith("events") else set()
                assert set(row) <= set(members) | more, (path, set(row) - set(members))
                seen += 1
        assert seen > 8, seen
        viewer = people(console, admin)["viewer"]
        ue = viewer.api("GET", "ues").json["rows"][0]
        assert ue["imsi"] == "*" * 11 + "0001" and set(ue["cell"]) == {"*"} and set(ue["gnb"]) == {"*"}, ue
        assert viewer.api("GET", "gnbs").json["rows"][0]["name"] == "gnb-1"
        for path in ("ues", "sessions", "events?after=-10"):
            assert IMSI.encode() not in viewer.api("GET", path).body, path
        assert viewer.api("GET", "ues?imsi=" + IMSI).status == 403, "a filter is no way to ask what is masked"
        load.send_signal(signal.SIGINT)
        load.wait(20)


def alarms(freehold):
    """The core has no UPF: an alarm, which a viewer sees and an operator acknowledges; API and command line say the same, also after kill -9."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        who = people(console, admin)
        console.core.wait_until("there is an alarm", lambda: admin.api("GET", "alarms").json["rows"])
        alarm = admin.api("GET", "alarms").json["rows"][0]
        assert alarm["severity"] == "critical" and alarm["event_type"] == "communicationsAlarm" and alarm["remedy"] and not alarm["acknowledged"], alarm
        path = "alarms/%d/acknowledge" % alarm["id"]
        assert who["viewer"].api("POST", path).status == 403 and who["operator"].api("POST", "alarms/x/acknowledge").status == 400
        assert who["operator"].api("POST", "alarms/999/acknowledge").status == 409 and who["operator"].api("POST", path).status == 204
        console.core.process.kill()
        console.core.process.wait(20)
        with open(console.core.log, "ab") as f:
            console.core.process = subprocess.Popen([freehold, "core", "-c", console.core.file], stderr=f)
        console.core.wait_until("the core is there", lambda: console.core.ask("status").returncode == 0)
        seen = json.loads(console.core.ask("alarms", "id=%d" % alarm["id"], "--json").stdout)[0]
        assert seen["acknowledged_by"] == "a-operator" and seen["raised"] == alarm["raised"] and seen["severity"] == "critical", seen
        assert [e for e in admin.api("GET", "audit").json["rows"] if e["action"] == "acknowledge-alarm" and e["who"] == "a-operator" and e["outcome"] == "done"]
        refused = console.core.ask("alarms", "--acknowledge", "999")
        assert refused.returncode == 1 and "no alarm 999" in refused.stderr, refused
        assert console.core.ask("alarms", "--acknowledge", "x").returncode == 2
        assert console.core.ask("alarms", "--acknowledge", str(alarm["id"])).returncode == 0
        assert admin.api("GET", "alarms").json["rows"][0]["acknowledged_by"] == "uid %d" % os.getuid()


def exports(freehold):
    """All subscribers, page by page, as the command line has them; no key is in it; viewers may not."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        lines = "".join("imsi=00101%010d k=%032x opc=%032x\n" % (i, 0xabcdef0000 + i, 0xfedcba0000 + i) for i in range(700))
        assert console.core.ask("subscriber", "import", "-", given=lines).stdout == "700 imported\n"
        text, pages, page = "", 0, admin.api("GET", "subscriber-export").json
        while "next" in page:
            text, pages = text + page["text"], pages + 1
            page = admin.api("GET", "subscriber-export?after=" + page["next"]).json
        assert text == console.core.ask("subscriber", "export").stdout and text.count("\n") == 700 and pages > 1, (pages, text[:300])
        assert "abcdef" not in text and "fedcba" not in text and " k=" not in text and "opc=" not in text
        for after in ("", "x", "1%0Akeys"):
            assert admin.api("GET", "subscriber-export?after=" + after).status == 400, after
        assert people(console, admin)["viewer"].api("GET", "subscriber-export").status == 403
        assert [e for e in admin.api("GET", "audit").json["rows"] if e["action"] == "export-subscribers"]


def sessions(freehold):
    with console_bed.Console(freehold) as console:
        assert console_bed.Visitor(console).api("POST", "first", {"token": "0" * 64, "name": "eve", "password": console_bed.PASSWORD}).status == 403
        admin = console.first()
        again = console_bed.Visitor(console).api("POST", "first", {"token": console.link, "name": "eve", "password": console_bed.PASSWORD})
        assert again.status == 403, "the link is good once"
        stranger = console_bed.Visitor(console)
        stranger.cookie = "__Host-freehold=" + "a" * 64
        answer = stranger.login("anna")
        flags = answer.headers["Set-Cookie"]
        assert "a" * 64 not in stranger.cookie and re.fullmatch(r"__Host-freehold=[0-9a-f]{64}; Path=/; Secure; HttpOnly; SameSite=Strict", flags), flags
        first = stranger.cookie
        stranger.login("anna")
        assert stranger.cookie != first, "each login has a session of its own"
        assert stranger.api("GET", "session").json == {"name": "anna", "role": "administrator", "csrf": stranger.csrf, "idle_s": 1800}
        assert stranger.api("DELETE", "session").status == 204
        stranger.cookie = first
        assert stranger.api("GET", "session").status == 200, "another session of the user goes on"
        for wrong in ("b" * 64, "", "%00", "a" * 63, "A" * 64):
            stranger.cookie = "__Host-freehold=" + wrong
            assert stranger.api("GET", "status").status == 401, wrong
        stranger.cookie = first + "; " + first
        assert stranger.api("GET", "status").status == 401, "a cookie twice is none"
        bob = people(console, admin)["operator"]
        assert admin.api("PATCH", "users/a-operator", {"role": "viewer"}).status == 200
        assert bob.api("GET", "subscribers").status == 403, "a role is the user's, not the login's"
        assert admin.api("PATCH", "users/a-operator", {"disabled": True}).status == 200
        assert bob.api("GET", "status").status == 401
        assert bob.login("a-operator").status == 403
        for verb, body in (("DELETE", None), ("PATCH", {"disabled": True}), ("PATCH", {"role": "viewer"})):
            assert admin.api(verb, "users/anna", body).status == 409, "the last administrator stays"
        other = console_bed.Visitor(console)
        other.login("anna")
        assert admin.api("PUT", "session/password", {"old": "Wrong-Horse-9", "new": "Battery-Staple-1"}).status == 403
        assert admin.api("PUT", "session/password", {"old": console_bed.PASSWORD, "new": "Battery-Staple-1"}).status == 204
        assert other.api("GET", "status").status == 401 and admin.api("GET", "status").status == 200
        for weak in ("short1A", "aaaaaaaaaaaa", "alllowercase1", "anna-Is-Here-1", "A1" * 70):
            assert admin.api("PUT", "session/password", {"old": "Battery-Staple-1", "new": weak}).status == 400, weak


def lost_password(freehold):
    """Who has the host makes a new link: the administrator has another password, and nobody's session of that name goes on."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        assert admin.api("POST", "users", {"name": "bob", "role": "viewer", "password": console_bed.PASSWORD}).status == 201
        console.stop()
        console.start()
        assert console.link is None
        console.stop()
        console.start("--new-administrator")
        body = {"token": console.link, "name": "anna", "password": "Battery-Staple-1"}
        assert console_bed.Visitor(console).api("POST", "first", body).status == 200
        assert console_bed.Visitor(console).api("POST", "first", body).status == 403, "the link is good once"
        assert console_bed.Visitor(console).login("anna").status == 403
        again = console_bed.Visitor(console)
        assert again.login("anna", "Battery-Staple-1").status == 200
        assert [u["name"] for u in again.api("GET", "users").json["rows"]] == ["anna", "bob"]
        assert [e["action"] for e in again.api("GET", "audit").json["rows"]].count("first") == 3


def tokens(freehold):
    with console_bed.Console(freehold) as console:
        admin = console.first()
        made = admin.api("POST", "tokens", {"name": "ci", "role": "viewer", "days": 1}).json
        robot = console_bed.Visitor(console)
        robot.token = made["token"]
        assert robot.api("GET", "status").status == 200 and robot.api("GET", "users").status == 403
        assert made["token"].encode() not in admin.api("GET", "tokens").body
        assert robot.api("POST", "tokens", {"name": "more", "role": "administrator", "days": 1}).status == 403
        viewer = people(console, admin)["viewer"]
        assert viewer.api("GET", "tokens").json["rows"] == []
        assert viewer.api("DELETE", "tokens/" + made["id"]).status == 404, "somebody else's"
        for wrong in ("", "x" * 64, made["token"] + "0", made["token"].upper(), made["id"] * 2):
            robot.token = wrong
            assert robot.api("GET", "status").status == 401, wrong
        robot.token = made["token"]
        assert admin.api("DELETE", "tokens/" + made["id"]).status == 204
        assert robot.api("GET", "status").status == 401
        mine = viewer.api("POST", "tokens", {"name": "mine", "days": 1}).json
        robot.token = mine["token"]
        assert robot.api("GET", "status").status == 200
        assert admin.api("DELETE", "users/a-viewer").status == 204
        assert robot.api("GET", "status").status == 401, "its owner has gone"


def csrf(freehold):
    """A page of somebody else's in the administrator's browser changes nothing."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        body = {"name": "eve", "role": "administrator", "password": console_bed.PASSWORD}
        home = "https://127.0.0.1:%d" % console.port
        for headers, status in (({"X-CSRF-Token": None}, 403), ({"X-CSRF-Token": "0" * 64}, 403), ({"Origin": "https://evil.example"}, 403),
                                ({"Origin": "null"}, 403), ({"Origin": home + ".evil.example"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403),
                                ({"Sec-Fetch-Site": "same-site"}, 403), ({"Content-Type": "text/plain"}, 415),
                                ({"Content-Type": "application/x-www-form-urlencoded"}, 415), ({"Content-Type": "application/jsonx"}, 415)):
            assert admin.api("POST", "users", body, headers=headers).status == status, headers
        login = {"name": "anna", "password": console_bed.PASSWORD}
        assert console_bed.Visitor(console).api("POST", "session", login, headers={"Origin": "https://evil.example"}).status == 403, "login by another site"
        assert [u["name"] for u in admin.api("GET", "users").json["rows"]] == ["anna"]
        assert admin.api("POST", "users", body, headers={"Origin": home, "Sec-Fetch-Site": "same-origin"}).status == 201


def logins(freehold):
    """After five wrong passwords a name rests, also one that nobody has; a name takes as long as another."""
    with console_bed.Console(freehold) as console:
        console.first()
        for name in ("anna", "nobody"):
            for _ in range(5):
                answer = console_bed.Visitor(console).login(name, "Wrong-Horse-9")
                assert answer.status == 403 and answer.json == {"error": "name or password is wrong"}, answer.body
            answer = console_bed.Visitor(console).login(name)
            assert answer.status == 429 and 25 < int(answer.headers["Retry-After"]) <= 30, (name, answer.status)
        console.process.kill()
        console.process.wait()
        console.start()
        assert console.link is None, "there is a user"
        assert console_bed.Visitor(console).login("anna").status == 429, "a restart forgives nothing"
        took = {}
        for name in ("someone", "a/b", "other"):  # of the processor's time, since others may have it too
            used = console.cpu_s()
            for _ in range(2):
                console_bed.Visitor(console).login(name, "Wrong-Horse-9")
            took[name] = console.cpu_s() - used
        assert max(took.values()) < 2 * min(took.values()) + 0.05, took


def raw(console, octets, answers=None):
    """What comes back for these octets, until the console closes, or there are so many answers. It may refuse before it has read them all."""
    s = console.connect()
    s.settimeout(20)
    got = b""
    try:
        s.sendall(octets)
    except (ConnectionError, ssl.SSLError):
        pass
    try:
        while answers is None or got.count(b"HTTP/1.1 ") < answers or not got.endswith(b"}"):
            part = s.recv(65536)
            if not part:
                break
            got += part
    except (TimeoutError, ConnectionError, ssl.SSLError):
        pass
    s.close()
    return got


def hostile_http(freehold):
    host = b"Host: 127.0.0.1\r\n"
    inner = b"GET /api/v1/status HTTP/1.1\r\n" + host + b"\r\n"
    with console_bed.Console(freehold) as console:
        admin = console.first()
        for octets, code in (
                (b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner, b"400"),
                (b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + inner, b"400"),
                (b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + inner, b"400"),
                (b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n" + inner, b"400"),
                (b"POST / HTTP/1.1\r\n" + host + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + inner, b"400"),
                (b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 1e1\r\n\r\n" + inner, b"400"),
                (b"GET / HTTP/1.1\nHost: x\n\n" + inner, b"400"),
                (b"GET / HTTP/1.1\r\n" + host + host + b"\r\n" + inner, b"400"),
                (b"GET / HTTP/1.1\r\n" + host + b"A: b\r\n c\r\n\r\n" + inner, b"400"),
                (b"GET / HTTP/3.0\r\n\r\n" + inner, b"505"),
                (b"\x16\x03\x01\x02\x00\x01\x00\r\n", b"400"),
                (b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\n" + host + b"\r\n", b"414"),
                (b"GET / HTTP/1.1\r\n" + host + b"A: " + b"a" * 9000, b"431"),
                (b"GET / HTTP/1.1\r\n" + host + b"A: b\r\n" * 100 + b"\r\n", b"431"),
                (b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Content-Length: 99999999\r\n\r\n", b"413"),
                (b"POST /api/v1/session HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffff\r\n" + b"a" * 65535 + b"\r\n2\r\naa\r\n", b"413")):
            got = raw(console, octets)
            assert got.startswith(b"HTTP/1.1 " + code) and got.count(b"HTTP/1.1 ") == 1 and b"Connection: close" in got, (octets[:70], got[:200])
        got = raw(console, inner * 40, answers=40)
        assert got.count(b"HTTP/1.1 401") == 40, "requests one behind the other are answered in order"
        for path in ("/../../etc/passwd", "/..%2f..%2fetc/passwd", "/app.js/../../x", "//etc/passwd", "/console/ca-key.pem", "/.git/config", "/app.js%00.css",
                     "/api/v1/subscribers/..%2fusers", "/api/v1/../v1/users", "/api/v1/subscribers/%ff%fe", "/api/v1/subscribers/1%0asubscriber%20list",
                     "/api/v1/subscribers/" + "1" * 200, "/subscribers/a/b"):
            answer = admin.ask("GET", path)
            assert answer.status in (400, 404) and b"root:" not in answer.body, (path, answer.status)
        assert admin.ask("GET", "/api/v1/ues?" + "&".join("imsi=%d" % i for i in range(100))).status == 200
        for bomb in (b"[" * 60000, b'{"a":' * 10000, b'{"name":"' + b"\\u0000" * 8000 + b'","password":"x"}', b'{"name":"a","name":"b","password":"c"}', b"\xff\xfe",
                     b'{"name":{"a":1},"password":[]}', b"null", b"", b'{"name":"a","password":"' + b"a" * 60000 + b'"}'):
            status = console_bed.Visitor(console).ask("POST", "/api/v1/session", raw=bomb).status
            assert status in (400, 403, 415), (bomb[:20], status)
        for value in ("1\nsubscriber export keys", "1Gbps k=00", "1Gbps,k=00", "1\r\n", "1\tk=0"):
            answer = admin.api("POST", "subscribers", dict(SUBSCRIBER, ambr_uplink=value))
            assert answer.status == 400, (value, answer.status, answer.body)
        for path in ("/", "/app.js", "/nothing", "/api/v1/status", "/api/v1/nothing"):
            answer = admin.ask("GET", path)
            assert all(answer.headers.get(k, "").startswith(v) for k, v in HEADERS.items()) and "Server" not in answer.headers, (path, dict(answer.headers))
        tag = admin.ask("GET", "/app.js").headers["ETag"]
        assert admin.ask("GET", "/app.js", headers={"If-None-Match": tag}).status == 304
        head = admin.ask("HEAD", "/app.js")
        assert head.status == 200 and head.body == b"" and int(head.headers["Content-Length"]) > 1000
        assert admin.ask("POST", "/app.js").status == 405 and admin.ask("DELETE", "/api/v1/status").headers["Allow"] == "GET"


def only_tls_1_3(freehold):
    with console_bed.Console(freehold) as console:
        old = ssl.create_default_context(cafile=os.path.join(console.core.dir.name, "console", "ca.pem"))
        old.maximum_version = ssl.TLSVersion.TLSv1_2
        try:
            old.wrap_socket(socket.create_connection(("127.0.0.1", console.port), 5), server_hostname="127.0.0.1")
            raise AssertionError("TLS 1.2 is spoken")
        except ssl.SSLError:
            pass
        plain = socket.create_connection(("127.0.0.1", console.port), 5)
        plain.sendall(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        try:
            assert b"HTTP" not in plain.recv(1000)
        except ConnectionResetError:
            pass
        s = console.connect()
        assert s.version() == "TLSv1.3" and "localhost" in str(s.getpeercert()), s.getpeercert()
        for name in ("ca-key.pem", "certificate-key.pem", "store.mdb"):
            assert os.stat(os.path.join(console.core.dir.name, "console", name)).st_mode & 0o77 == 0, name


def idles(console):
    used = console.cpu_s()
    time.sleep(0.5)
    return console.cpu_s() - used < 0.1


def flood(freehold):
    """More connections than there are places, silent and half way: who comes is served, and memory and descriptors stay bounded; the core is not asked."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        before = console.memory_kib()
        asked = int(admin.api("GET", "status").json["figures"]["amf_ngap_received"])
        held = []
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        for i in range(min(CONNECTIONS, most - 200)):
            s = socket.create_connection(("127.0.0.1", console.port), 20)
            if i % 20 == 0:
                s = console.context.wrap_socket(s, server_hostname="127.0.0.1")
                s.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nX: ")
            held.append(s)
            if i % 500 == 499:
                assert admin.api("GET", "session").status == 200, i
        assert len(os.listdir("/proc/%d/fd" % console.process.pid)) < 560
        assert PATIENT or console.memory_kib() < before + 40000, (before, console.memory_kib())
        for s in held:
            s.close()
        figures = admin.api("GET", "status").json["figures"]
        assert figures["amf_ngap_received"] == asked, (asked, figures)
        console.core.wait_until("it does not spin, once it has seen them all go", lambda: idles(console))


def kept(freehold):
    """Users, tokens and the audit log outlive kill -9; a core that goes and comes is asked again; no key of a subscriber is anywhere."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        token = admin.api("POST", "tokens", {"name": "ci", "days": 1}).json["token"]
        assert admin.api("POST", "subscribers", SUBSCRIBER).status == 201
        assert admin.api("PATCH", "subscribers/" + IMSI, {"ambr_uplink": "5 Mbps"}).json["ambr_uplink"] == "5000000bps"
        assert admin.api("PATCH", "subscribers/" + IMSI, {"opc": console_bed.KEYS["opc"], "k": console_bed.KEYS["k"]}).status == 200
        assert admin.api("POST", "subscribers", SUBSCRIBER).status == 409
        audit = admin.api("GET", "audit").json["rows"]
        change = next(e for e in audit if e["action"] == "change-subscriber" and "5000000bps" in e.get("after", "") and "1000000000bps ambr_d" in e["before"])
        assert change["who"] == "anna" and change["outcome"] == "changed" and change["from"] == "127.0.0.1"
        console.process.kill()
        console.process.wait()
        console.start()
        robot = console_bed.Visitor(console)
        robot.token = token
        assert robot.api("GET", "audit").json["rows"] == audit
        assert admin.api("GET", "status").status == 401, "sessions end with the process"
        for folder in (os.path.join(console.core.dir.name, "console"),):
            for name in sorted(set(os.listdir(folder)) - {"backups"}):
                with open(os.path.join(folder, name), "rb") as f:
                    data = f.read()
                for key in console_bed.KEYS.values():
                    assert key.encode() not in data and bytes.fromhex(key) not in data, name
        core = console.core
        core.process.terminate()
        core.process.wait(20)
        answer = robot.api("GET", "status")
        assert answer.status == 200 and answer.json["core"] == "away"
        answer = robot.api("GET", "ues")
        assert answer.status == 503 and answer.headers["Retry-After"], answer.body
        with open(core.log, "ab") as f:
            core.process = subprocess.Popen([freehold, "core", "-c", core.file], stderr=f)
        core.wait_until("the core is there again", lambda: robot.api("GET", "status").json["core"] == "up")
        assert robot.api("GET", "subscribers/" + IMSI).json["ambr_uplink"] == "5000000bps"
        console.stop()


def search(console, admin, count):
    lines = "".join(operate_test.LINE % i + "\n" for i in range(count))
    assert console.core.ask("subscriber", "import", "-", given=lines).returncode == 0
    keep = console_bed.Visitor(console, keep=True)
    keep.cookie = admin.cookie
    times = []
    for digits in ("", "99999", "%05d" % (count - 1), "777", "0010100000"):
        start = time.time()
        answer = keep.api("GET", "subscribers?limit=100&q=" + digits)
        times.append(time.time() - start)
        assert answer.status == 200 and all(digits in s["imsi"] for s in answer.json["rows"]), answer.body[:200]
    found, after = [], ""
    while after is not None and count < 20000:
        page = keep.api("GET", "subscribers?limit=2000&after=" + after).json
        found += [s["imsi"] for s in page["rows"]]
        after = page["next"]
    assert count >= 20000 or found == sorted("0010100000%05d" % i for i in range(count)), len(found)
    return times


def finds_subscribers(freehold):
    with console_bed.Console(freehold) as console:
        assert max(search(console, console.first(), 3000)) < (5 if PATIENT else 1)


TESTS = (roles_by_operations, answers_fit_the_document, alarms, exports, sessions, lost_password, tokens, csrf, logins, hostile_http, only_tls_1_3, flood, kept, finds_subscribers)


def figures(freehold):
    """Memory idle and with 20 viewers, octets of the first view, times of answers."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        time.sleep(1)
        print("memory idle: %.1f MiB, %.1f of them its own" % (console.memory_kib() / 1024, console.memory_kib("Pss_Anon") / 1024))
        print("its keeper: %.1f MiB" % (console.memory_kib(pid=console.keeper()) / 1024))
        seen, octets, waiting = set(), 0, ["/", "/app.css", "/app.js", "/icon.svg"]
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            body = admin.ask("GET", path).body
            octets += len(body)
            waiting += ["/" + name for name in re.findall(r'from "\./([a-z]+\.js)"', body.decode())]
        print("first view: %.1f kB in %d files" % (octets / 1000, len(seen)))
        viewers = [console_bed.Visitor(console, keep=True) for _ in range(20)]
        for v in viewers:
            v.cookie = admin.cookie
        start, asked = time.time(), 0
        while time.time() - start < 3:
            for v in viewers:
                for what in ("status", "gnbs", "upfs", "events?after=-12"):
                    assert v.api("GET", what).status == 200
                    asked += 1
        print("20 viewers: %.1f MiB, %.0f requests a second" % (console.memory_kib() / 1024, asked / (time.time() - start)))
        times = search(console, admin, 100000)
        print("search of 100,000 subscribers: %.0f ms, the slowest %.0f ms" % (1000 * statistics.median(times), 1000 * max(times)))


def main():
    if "--figures" in sys.argv:
        figures(FREEHOLD)
        return 0
    failed = 0
    for test in TESTS:
        start = time.time()
        try:
            test(FREEHOLD)
            print("[       OK ] %s (%.1f s)" % (test.__name__, time.time() - start))
        except (AssertionError, OSError, ValueError) as error:
            failed += 1
            print("[  FAILED  ] %s: %r" % (test.__name__, error))
            traceback.print_exc()
    print("%d passed, %d failed" % (len(TESTS) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
