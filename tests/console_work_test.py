"""What operators do by the console beside looking: console_work_test.py FREEHOLD [--patient]. Without privileges; patient: of a build
with sanitizers.

Subscribers are imported, network.yaml is edited, the page is told what moves, figures are kept, backups are made."""
import json
import os
import signal
import subprocess
import sys
import time
import traceback

import console_bed
import operate_test

FREEHOLD = sys.argv[1]
PATIENT = "--patient" in sys.argv
LINE = operate_test.LINE
UE_FILE = """# a test UE
supi: 'imsi-001010000000077'
key: '465B5CE8B199B49FAA5F0A2EE238A6BC'
op: 'E8ED289DEBA952E4283B54E88E6183CA'
opType: 'OPC'
sessions:
  - type: 'IPv4'
    apn: 'internet'
    slice:
      sst: 1
"""


def no_keys(console):
    """No key of a subscriber is in what the console has written."""
    for folder, _, names in os.walk(os.path.join(console.core.dir.name, "console")):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                data = f.read()
            for key in ("465b5ce8b199b49faa5f0a2ee238a6bc", "465B5CE8B199B49FAA5F0A2EE238A6BC", "cd63cb71954a9f4e48a5994e37a02baf"):
                assert key.encode() not in data and bytes.fromhex(key) not in data, name


def imports(freehold):
    """Each form of a file, first dry: line by line what it does, and nothing is done; the command line says the same."""
    with console_bed.Console(freehold) as console:
        admin = console.first()

        def take(text, dry, first=1):
            return admin.api("POST", "subscriber-import", {"text": text, "dry_run": dry, "first_line": first})

        def what(rows):
            return [(r["line"], r["what"], r["imsi"]) for r in rows]

        for text in (operate_test.CSV, operate_test.DUMP, operate_test.AUTHENTICATION, UE_FILE):
            rows = take(text, True).json["rows"]
            assert len(rows) == 1 and rows[0]["what"] == "add" and rows[0]["imsi"].startswith("0010100000000"), rows
        assert admin.api("GET", "subscribers").json["rows"] == []
        assert what(take(operate_test.CSV, False).json["rows"]) == [(2, "add", "001010000000001")]
        assert what(take(operate_test.CSV, True, 10).json["rows"]) == [(11, "same", "001010000000001")]
        text = operate_test.CSV.replace("100 Mbps", "7 Mbps").replace("465B", "475B").replace("465b", "475b")
        row = take(text, True).json["rows"][0]
        assert row["what"] == "change" and row["why"].split() == ["keys", "ambr_uplink=7000000bps", "-ambr_uplink=100000000bps"], row
        assert admin.api("GET", "subscribers/001010000000001").json["ambr_uplink"] == "100000000bps", "a dry run changes nothing"
        good = LINE % 5
        bad = "\n".join((good, "imsi=999010000000001 k=00 opc=00", "", "# nothing", good.replace("k=", "k=zz"), LINE % 6))
        rows = take(bad, True).json["rows"]
        assert [(r["line"], r["what"]) for r in rows] == [(1, "add"), (2, "refuse"), (5, "refuse"), (6, "add")] and all(r["why"] for r in rows[1:3]), rows
        answer = take(bad, False)
        assert answer.status == 400 and "line 2: " in answer.json["error"] and len(admin.api("GET", "subscribers").json["rows"]) == 1, answer.body
        assert take(text, False).status == 200 and admin.api("GET", "subscribers/001010000000001").json["ambr_uplink"] == "7000000bps"
        assert take("\n".join(LINE % i for i in range(300)), True).status == 413
        assert take("{\"imsi\": \"1\"}]", True).json["rows"][-1]["what"] == "refuse", "what is no JSON ends it, and says so"
        assert take("\n".join(LINE % i for i in range(10, 210)), False).status == 200
        assert len(admin.api("GET", "subscribers").json["rows"]) == 201
        entry = next(e for e in admin.api("GET", "audit").json["rows"] if e["action"] == "import-subscribers")
        assert entry["outcome"] == "200 taken" and entry["who"] == "anna" and "001010000000010" in entry["after"], entry
        ask = console.core.ask("subscriber", "import", "--dry-run", "-", given=bad)
        assert ask.returncode == 1 and "stdin:1: add imsi-" in ask.stdout and "stdin:2: refuse" in ask.stdout and \
            "2 to add, 0 to change, 0 the same, 2 refused" in ask.stdout, ask
        ask = console.core.ask("subscriber", "import", "--dry-run", "-", given="\n".join(LINE % i for i in range(10, 600)))
        assert ask.returncode == 0 and "390 to add, 0 to change, 200 the same, 0 refused" in ask.stdout, ask
        assert len(admin.api("GET", "subscribers").json["rows"]) == 201
        no_keys(console)


def edits_network(freehold):
    """network.yaml by the API: keys are tags, comments and order stay, what is wrong is named by its line, what is live is taken at once, the rest is told."""
    more = operate_test.CROWD % operate_test.port() + "# the end\n"
    with console_bed.Console(freehold, more=more) as console:
        admin, file = console.first(), console.core.file
        with open(file, encoding="utf-8") as f:
            first = f.read()
        seen = admin.api("GET", "network").json
        k, opc = console_bed.KEYS["k"], console_bed.KEYS["opc"]
        assert k in first and k not in seen["text"] and opc not in seen["text"] and seen["text"].count("'***") == 2, seen
        assert len(seen["text"].splitlines()) == len(first.splitlines()) and seen["text"].endswith("# the end\n")

        def put(text, version):
            return admin.api("PUT", "network", {"text": text, "version": version})

        wrong = seen["text"].replace("log_level: info", "log_level: loud")
        for answer in (admin.api("POST", "network/check", {"text": wrong}), put(wrong, seen["version"])):
            assert answer.status == 400 and answer.json["error"].startswith("network.yaml:1: log_level: expected error, warn, info or debug"), answer.body
        text = seen["text"].replace("log_level: info", "log_level: debug  # for a while").replace("10.45.0.0/16", "10.46.0.0/16").replace(
            "amfs: [{", "amfs: [{t3512_s: 60, ")
        rows = admin.api("POST", "network/check", {"text": text}).json["rows"]
        assert {r["key"]: r["when"] for r in rows} == {"dnns[0].pool[0]": "live", "core.amfs[0].t3512_s": "restart", "log_level": "live"}, rows
        pool = [r for r in rows if r["key"] == "dnns[0].pool[0]"][0]
        assert pool["sessions"] == 0 and pool["ues"] == 0 and "asked for again" in pool["interrupted"], "how many that interrupts: %s" % pool
        assert all("sessions" not in r for r in rows if r is not pool), rows
        with open(file, encoding="utf-8") as f:
            assert f.read() == first, "a check changes nothing"
        os.chmod(file, 0o640)
        done = put(text, seen["version"])
        assert done.status == 200 and done.json["read_by"] == "core" and done.json["version"] != seen["version"], done.body
        assert any(c["when"] == "restart" and "core" in c["parts"] and c["interrupted"] for c in done.json["changes"]), done.json
        with open(file, encoding="utf-8") as f:
            assert f.read() == text.replace(seen["text"].split("k: '")[1].split("'")[0], k).replace(seen["text"].split("opc: '")[1].split("'")[0], opc)
        assert os.stat(file).st_mode & 0o777 == 0o640 and os.listdir(console.core.dir.name).count("network.yaml.tmp") == 0
        console.core.wait_for("log_level has changed, and is taken")
        console.core.wait_for("log_level debug")
        assert put(text, seen["version"]).status == 409, "somebody has changed it"
        versions = admin.api("GET", "network/versions").json["rows"]
        assert [(v["number"], v["who"]) for v in versions] == [(2, "anna"), (1, "")], versions
        old = admin.api("GET", "network/versions/1").json
        assert old["text"] == seen["text"] and admin.api("GET", "network/versions/9").status == 404
        with open(file, "a", encoding="utf-8") as f:
            f.write("# by hand\n")
        answer = admin.api("POST", "network/versions/1/restore")
        assert answer.status == 200, answer.body
        with open(file, encoding="utf-8") as f:
            assert f.read().replace("'", "") == first.replace("'", ""), "as it was, keys too"
        assert [v["who"] for v in admin.api("GET", "network/versions").json["rows"]] == ["anna", "", "anna", ""]
        lost = text.replace("'***", "'***ab", 1)
        answer = put(lost, admin.api("GET", "network").json["version"])
        assert answer.status == 400 and "write the key itself" in answer.json["error"] and "network.yaml:%d:" % (1 + text[:text.index("'***")].count("\n")) in answer.json["error"], answer.body
        entry = next(e for e in admin.api("GET", "audit").json["rows"] if e["action"] == "change-network" and e["outcome"] == "written")
        assert "log_level\tlive" in entry["after"] and entry["subject"] == "network.yaml", entry
        console.process.kill()
        console.process.wait()
        console.start()
        assert admin.login("anna").status == 200 and len(admin.api("GET", "network/versions").json["rows"]) == 4
        no_keys(console)
        os.chmod(console.core.dir.name, 0o500)
        if os.getuid() != 0:
            answer = put(text, admin.api("GET", "network").json["version"])
            assert answer.status == 400 and "cannot be written" in answer.json["error"], answer.body
        os.chmod(console.core.dir.name, 0o700)


class Stream:
    """Events as they come, each with the time."""

    def __init__(self, visitor, query):
        self.socket = visitor.console.connect()
        self.socket.sendall(("GET /api/v1/live?%s HTTP/1.1\r\nHost: h\r\nCookie: %s\r\n\r\n" % (query, visitor.cookie)).encode())
        self.text = b""
        self.wait(b"\r\n\r\n")

    def wait(self, words, seconds=5):
        self.socket.settimeout(seconds)
        start = time.time()
        while words not in self.text:
            part = self.socket.recv(4096)
            assert part, (words, self.text)
            self.text += part
        return time.time() - start


def tells_what_moves(freehold):
    """A stream says what has changed within a second or two, ends by itself, and never who; viewers are bounded; the core is not asked without any."""
    with console_bed.Console(freehold, more=operate_test.CROWD % operate_test.port()) as console:
        admin = console.first()
        assert admin.api("POST", "subscribers", dict(console_bed.KEYS, imsi="001010000000001")).status == 201
        for query in ("", "?watch=", "?watch=keys", "?watch=ues&seconds=61", "?watch=ues&seconds=0", "?watch=ues&ladder=1"):
            assert admin.ask("GET", "/api/v1/live" + query).status == 400, query
        assert admin.api("POST", "users", {"name": "viewer", "role": "viewer", "password": console_bed.PASSWORD}).status == 201
        viewer = console_bed.Visitor(console)
        assert viewer.login("viewer").status == 200
        assert viewer.ask("GET", "/api/v1/live?watch=ues&ladder=001010000000001").status == 403
        stream = Stream(admin, "watch=status,ues,events,alarms&ladder=001010000000001")
        assert b"Content-Type: text/event-stream" in stream.text and b"Content-Length" not in stream.text, stream.text
        time.sleep(1.5)
        load = subprocess.Popen([freehold, "load", "-c", console.core.file, "--ues", "1", "--gnbs", "1", "--no-sessions", "--hold"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for words in (b"event: ues\n", b"event: events\n", b"event: ladder\n", b"event: status\n"):
            stream.wait(words, 8)
        assert b"00101" not in stream.text.split(b"\r\n\r\n", 1)[1]
        load.send_signal(signal.SIGINT)
        load.wait(20)
        assert [e for e in admin.api("GET", "audit").json["rows"] if e["action"] == "live" and e["subject"] == "001010000000001"]
        short = Stream(viewer, "watch=alarms&seconds=1")
        short.socket.settimeout(5)
        while short.socket.recv(4096):
            pass
        held = [Stream(viewer, "watch=status") for _ in range(63)]
        assert viewer.ask("GET", "/api/v1/live?watch=status").status == 503
        assert viewer.api("GET", "status").status == 200, "others are served"
        for s in held + [stream]:
            s.socket.close()
        console.core.wait_until("there is room again", lambda: viewer.ask("GET", "/api/v1/live?watch=status&seconds=1").status == 200)
        before = console.cpu_s()
        time.sleep(0.5)
        assert console.cpu_s() - before < 0.1


def figures(freehold):
    """The first look is there at once, also after kill -9, and viewers may see it."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        console.core.wait_until("the core has been looked at", lambda: admin.api("GET", "figures?range=hour").json["rows"])
        row = admin.api("GET", "figures?range=hour").json["rows"][-1]
        assert row["seconds"] == 60 and row["ues_registered"] == 0 and row["address_use_permille"] == 0 and "registration_success_permille" not in row, row
        assert row["mobility_requests"] == row["periodic_updates"] == row["handovers"] == 0 and "handover_success_permille" not in row, row
        console.process.kill()
        console.process.wait()
        console.start()
        assert admin.login("anna").status == 200
        rows = admin.api("GET", "figures?range=year").json["rows"]
        assert len(rows) == 1 and rows[0]["seconds"] == 86400, rows
        assert admin.api("GET", "figures?range=century").status == 400


def profiles(freehold):
    """A profile goes round to all that have it, in pages, and only to them; addresses come out of its pool; what is wrong is refused and changes nothing."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        lines = [LINE % i for i in range(400)]
        assert admin.api("POST", "subscriber-import", {"text": "\n".join(lines[:200]), "dry_run": False}).status == 200
        assert admin.api("POST", "subscriber-import", {"text": "\n".join(lines[200:]), "dry_run": False}).status == 200
        imsis = [r["imsi"] for r in admin.api("GET", "subscribers?limit=1000").json["rows"]]
        assert len(imsis) == 400
        for body in ({"k": "00" * 16}, {"imsi": imsis[0]}, {"ip": "10.45.0.9"}, {"dnn": ["elsewhere"]}, {"five_qi": "1"}, {"ip_pool": "10.45.9.0/31"}, {},
                     {"ip_pool": "10.99.0.0/24"}, {"profile": "x"}):
            answer = admin.api("PUT", "profiles/gold", body)
            assert answer.status == 400, (body, answer.status, answer.body)
        assert admin.api("PUT", "profiles/a%20b", {"five_qi": "8"}).status == 400 and admin.api("GET", "profiles").json["rows"] == []
        assert admin.api("PATCH", "subscribers/" + imsis[0], {"profile": "gold"}).status == 200, "it has the name, and follows once there is one"
        assert admin.api("PUT", "profiles/gold", {"ambr_downlink": "20 Mbps", "five_qi": "8", "ip_pool": "10.45.9.0/24"}).status == 204
        for imsi in imsis[1:100]:
            answer = admin.api("PATCH", "subscribers/" + imsi, {"profile": "gold"})
            assert answer.status == 200 and answer.json["five_qi"] == "8" and answer.json["profile"] == "gold", answer.body
        console.core.wait_until("it has gone round", lambda: admin.api("GET", "profiles").json["rows"][0]["pending"] == "no")
        first = admin.api("GET", "subscribers?limit=1000").json["rows"]
        assert {r["ambr_downlink_bps"] for r in first[:100]} == {20000000} and {r["ambr_downlink_bps"] for r in first[100:]} == {1000000000}
        addresses = [r["ipv4"] for r in first[:100]]
        assert len(set(addresses)) == 100 and all(a.startswith("10.45.9.") for a in addresses) and {r["ipv4"] for r in first[100:]} == {None}, addresses
        keys = console.core.ask("subscriber", "export", "--keys").stdout
        p = console.core.ask("profile", "set", "gold", "ambr_downlink=30Mbps", "ip_pool=10.45.9.0/24")
        assert p.returncode == 0, p.stderr
        console.core.wait_until("all have the other", lambda: {r["ambr_downlink_bps"] for r in admin.api("GET", "subscribers?limit=1000").json["rows"][:100]} == {30000000})
        again = admin.api("GET", "subscribers?limit=1000").json["rows"]
        assert [r["ipv4"] for r in again] == [r["ipv4"] for r in first], "addresses stay whose they are"
        assert again[100:] == first[100:] and all(admin.api("GET", "subscribers/" + i).json["five_qi"] == "8" for i in imsis[:3]), "what it does not name stays"
        assert console.core.ask("subscriber", "export", "--keys").stdout.replace("30000000bps", "20000000bps") == keys, "keys and SQNs too"
        # a core that is killed while it goes round goes on
        assert console.core.ask("profile", "set", "gold", "ambr_downlink=40Mbps").returncode == 0
        console.core.process.kill()
        console.core.process.wait()
        console.core.process = subprocess.Popen([freehold, "core", "-c", console.core.file], stderr=subprocess.DEVNULL)
        console.core.wait_until("the core is back", lambda: console.core.ask("status").returncode == 0)
        console.core.wait_until("all have it", lambda: console.core.ask("subscribers", "--csv").stdout.count(",40000000,") == 100)
        assert admin.api("PATCH", "subscribers/" + imsis[0], {"profile": "none"}).status == 200
        assert admin.api("DELETE", "profiles/gold").status == 204 and admin.api("DELETE", "profiles/gold").status == 404
        assert console.core.ask("subscribers", "--csv").stdout.count(",40000000,") == 100
        assert [e["action"] for e in admin.api("GET", "audit").json["rows"]][:2].count("remove-profile") == 2


def signalling_kept(freehold):
    """What a phone did is there after core and console have been killed; of one asked for, in order, whole, and written down as a look at personal data."""
    with console_bed.Console(freehold, keys=", signalling_mib: 64", more=operate_test.CROWD % operate_test.port()) as console:
        admin = console.first()
        assert admin.api("POST", "subscribers", dict(console_bed.KEYS, imsi="001010000000001")).status == 201
        begun = int(time.time()) - 1
        path = "subscribers/001010000000001/ladder?from="
        load = subprocess.Popen([freehold, "load", "-c", console.core.file, "--ues", "1", "--gnbs", "1", "--no-sessions", "--hold"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        console.core.wait_until("it is registered", lambda: admin.api("GET", "ues").json["rows"])
        live = admin.api("GET", "subscribers/001010000000001/ladder?after=-60").json["rows"]
        console.core.wait_until("the disk has it", lambda: len(admin.api("GET", path + str(begun)).json["rows"]) >= len(live))
        kept = admin.api("GET", path + str(begun)).json
        assert kept["rows"][:len(live)] == live and kept["next"] is None, (len(kept["rows"]), len(live))
        load.send_signal(signal.SIGINT)
        load.wait(20)
        for process in (console.process, console.core.process):
            process.kill()
            process.wait()
        console.core.process = subprocess.Popen([freehold, "core", "-c", console.core.file], stderr=subprocess.DEVNULL)
        console.core.wait_until("the core is back", lambda: console.core.ask("status").returncode == 0)
        console.start()
        admin.login("anna")
        again = admin.api("GET", path + str(begun)).json["rows"]
        assert again[:len(live)] == live and len(again) >= len(kept["rows"]), "both are begun anew"
        middle = live[len(live) // 2]
        one = admin.api("GET", path + middle["time_ns"] + "&detail=yes").json["rows"][0]
        assert one["text"] == middle["text"] and len(one["detail"]) > 20, one
        assert admin.api("GET", path + str(begun + 3600)).json["rows"] == [] and admin.api("GET", path + "x").status == 400
        assert admin.api("GET", "subscribers/001010000000002/ladder?from=0").json["rows"] == []
        looks = [e for e in admin.api("GET", "audit").json["rows"] if e["action"] == "subscriber-ladder" and e["subject"] == "001010000000001"]
        assert looks, "a look is written down"
        no_keys(console)
        folder = os.path.join(console.core.dir.name, "console", "signalling")
        assert all(os.stat(os.path.join(folder, x)).st_mode & 0o77 == 0 for x in os.listdir(folder)), "for nobody else"


def log_levels(freehold):
    """A room is made to log more, from page and command line, until the configuration is read again; the rest stays."""
    with console_bed.Console(freehold) as console:
        admin = console.first()

        def levels():
            return {r["room"]: r["level"] for r in admin.api("GET", "log-levels").json["rows"]}

        assert set(levels().values()) == {"info"} and "msg" in levels()
        for room, level in (("nobody", "debug"), ("a b", "debug"), ("sbi", "loud")):
            assert admin.api("PUT", "log-levels", {"room": room, "level": level}).status == 400, room
        assert " D sbi: " not in console.core.text()
        assert admin.api("PUT", "log-levels", {"room": "sbi", "level": "debug"}).status == 204
        assert levels()["sbi"] == "debug" and levels()["amf"] == "info"
        assert admin.api("POST", "subscribers", dict(console_bed.KEYS, imsi="001010000000001")).status == 201
        p = console.core.ask("log", "amf", "error")
        assert p.returncode == 0 and levels()["amf"] == "error" and "sbi debug\n" in console.core.ask("log").stdout
        assert console.core.ask("log", "amf").returncode == 2 and console.core.ask("log", "x", "debug").returncode == 1
        console.core.process.send_signal(signal.SIGHUP)
        console.core.wait_until("as the file has it", lambda: set(levels().values()) == {"info"})
        assert console.core.ask("log", "all", "warn").returncode == 0 and set(levels().values()) == {"warn"}
        assert [e["subject"] for e in admin.api("GET", "audit").json["rows"] if e["action"] == "set-log-level"] == ["sbi", "nobody"]


def backups(freehold):
    """A backup that the page makes is one that `freehold restore` takes; ten are kept; diagnostics have neither keys nor SUPIs."""
    with console_bed.Console(freehold, more=operate_test.CROWD % operate_test.port()) as console:
        admin = console.first()
        assert admin.api("POST", "subscriber-import", {"text": "\n".join(LINE % i for i in range(200)), "dry_run": False}).status == 200
        assert admin.api("POST", "backups", {"passphrase": "short"}).status == 409
        folder = os.path.join(console.core.dir.name, "console", "backups")
        for i in range(1, 11):
            path = os.path.join(folder, "backup-%02d.fhb" % i)
            with open(path, "wb") as f:
                f.write(b"x")
            os.utime(path, (1000 + (i * 7) % 10, 1000 + (i * 7) % 10))
        made = admin.api("POST", "backups", {"passphrase": "of eight or more"})
        assert made.status == 201, (made.body, console.text())
        name = made.json["name"]
        assert len([x for x in os.listdir(folder) if x.startswith("backup-")]) == 10 and name in os.listdir(folder), os.listdir(folder)
        octets, after = b"", None
        while True:
            page = admin.api("GET", "backups/%s%s" % (name, "?after=" + after if after else "")).json
            octets, after = octets + bytes.fromhex(page["hex"]), page.get("next")
            if not after:
                break
        assert name == "backup-10.fhb", name
        row = next(r for r in admin.api("GET", "backups").json["rows"] if r["name"] == name)
        assert row["octets"] == len(octets) > 1000, (row, len(octets))
        for bad in ("..%2Fstore.mdb", "backup-11.fhb", "x"):
            assert admin.api("GET", "backups/" + bad).status == 404 and admin.api("DELETE", "backups/" + bad).status == 404, bad
        no_keys(console)
        assert admin.api("DELETE", "backups/" + name).status == 204 and name not in os.listdir(folder)
        text = admin.api("GET", "diagnostics").body.decode()
        found = json.loads(text)
        assert "ues_registered 0" in found["status"] and "freehold_process_build" in found["metrics"] and "n4_address" in found["network"], found
        assert "001010000000001" not in text and console_bed.KEYS["k"] not in text and "***********0001" in found["network"], found["network"]
        assert "of eight or more" not in admin.api("GET", "audit").body.decode()
        console.core.process.terminate()
        console.core.process.wait(20)
        file = os.path.join(console.core.dir.name, "b.fhb")
        with open(file, "wb") as f:
            f.write(octets)
        with open(file + ".pass", "w", encoding="utf-8") as f:
            f.write("of eight or more\n")
        done = subprocess.run([freehold, "restore", file, "-c", console.core.file, "--replace", "--passphrase-file", file + ".pass"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert done.returncode == 0, done.stdout
        with open(console.core.log, "ab") as f:
            console.core.process = subprocess.Popen([freehold, "core", "-c", console.core.file], stderr=f)
        console.core.wait_until("the core is there", lambda: console.core.ask("status").returncode == 0)
        assert console.core.ask("subscriber", "list").stdout.count("\n") == 200


def frame(kind, flags, stream, payload=b""):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def literal(name, value):
    """A field without index or Huffman (RFC 7541 6.2.2)."""
    return b"\0" + b"".join(bytes([len(t)]) + t for t in (name, value))


HEADS = literal(b":method", b"GET") + literal(b":scheme", b"https") + literal(b":authority", b"h") + literal(b":path", b"/app.js")
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0)


def talk_http2(console, octets):
    """Frames that come back, as (kind, flags, stream, payload)."""
    console.context.set_alpn_protocols(["h2"])
    s = console.connect()
    assert s.selected_alpn_protocol() == "h2"
    s.settimeout(0.4)
    got, frames = b"", []
    try:
        s.sendall(octets)
        while True:
            part = s.recv(65536)
            if not part:
                break
            got += part
    except OSError:
        pass
    s.close()
    console.context.set_alpn_protocols(["http/1.1"])
    while len(got) >= 9:
        size = int.from_bytes(got[:3], "big")
        frames.append((got[3], got[4], int.from_bytes(got[5:9], "big"), got[9:9 + size]))
        got = got[9 + size:]
    return frames


def http2(freehold):
    """curl speaks it, many requests on a connection; frames that are none end it or their stream, and the console goes on."""
    with console_bed.Console(freehold) as console:
        admin = console.first()
        home = "https://127.0.0.1:%d" % console.port
        common = ["curl", "-s", "--http2", "--cacert", os.path.join(console.core.dir.name, "console", "ca.pem"), "-H", "Cookie: other=1; " + admin.cookie, "-H", "X-CSRF-Token: " + admin.csrf]

        def curl(*args):
            return subprocess.run([*common, *args], stdout=subprocess.PIPE, check=True).stdout

        out = curl("-w", "%{http_version} %{http_code}\n", "-o", "/dev/null", home + "/app.js", "-o", "/dev/null", home + "/api/v1/status")
        assert out == b"2 200\n2 200\n", out
        head = curl("-I", home + "/app.js").decode()
        assert head.startswith("HTTP/2 200") and "x-frame-options: DENY" in head and "connection:" not in head, head
        text = json.dumps({"text": "\n".join(LINE % i for i in range(100)), "dry_run": False})
        answer = json.loads(curl("-H", "Content-Type: application/json", "--data-binary", text, home + "/api/v1/subscriber-import"))
        assert len(answer["rows"]) == 100
        large = curl("-w", "%{http_code}", "-o", "/dev/null", "-H", "Content-Type: application/json", "--data-binary", "x" * 70000, home + "/api/v1/subscribers")
        assert large == b"413", large
        assert curl("-w", "%{http_code}", "-o", "/dev/null", home + "/nothing") == b"404"
        events = subprocess.run([*common, "-N", home + "/api/v1/live?watch=status&seconds=3"], stdout=subprocess.PIPE, timeout=20, check=True).stdout
        assert b"event: status" in events, events
        parallel = curl("--parallel", "--parallel-immediate", "-w", "%{http_code}\n", *[a for _ in range(60) for a in ("-o", "/dev/null", home + "/api/v1/ues")])
        assert parallel == b"200\n" * 60, parallel
        good = talk_http2(console, PREFACE + frame(1, 5, 1, HEADS) + frame(1, 5, 3, HEADS))
        assert [f[2] for f in good if f[0] == 1] == [1, 3] and len(b"".join(f[3] for f in good if f[0] == 0 and f[2] == 1)) > 1000
        for hostile in (frame(1, 5, 2, HEADS), frame(0, 0, 1, b"x"), frame(9, 0, 1), b"\xff" * 40, frame(1, 5, 1, b"\xff" * 40), frame(8, 0, 0, b"\0\0\0\0"),
                        frame(4, 0, 0, b"x"), b"GET / HTTP/1.1\r\nHost: h\r\n\r\n" * 3):
            frames = talk_http2(console, PREFACE + hostile)
            assert any(f[0] == 7 for f in frames) and not any(f[0] == 1 for f in frames), (hostile, frames)
        for bad in (HEADS.replace(b"/app.js", b"app.jsx"), HEADS + literal(b"connection", b"close"), HEADS + literal(b"X", b"y"), literal(b":method", b"GET")):
            frames = talk_http2(console, PREFACE + frame(1, 5, 1, bad) + frame(1, 5, 3, HEADS))
            assert any(f[0] == 1 and f[2] == 3 for f in frames), (bad, frames)
            assert not any(f[0] == 0 and f[2] == 1 and b"import" in f[3] for f in frames), (bad, frames)
        before = console.memory_kib()
        rapid = b"".join(frame(1, 5, 1 + 2 * i, HEADS) + frame(3, 0, 1 + 2 * i, b"\0\0\0\x08") for i in range(5000))
        talk_http2(console, PREFACE + rapid)
        assert (PATIENT or console.memory_kib() < before + 20000) and admin.api("GET", "session").status == 200


TESTS = (imports, edits_network, tells_what_moves, figures, profiles, signalling_kept, log_levels, backups, http2)


def main():
    failed = 0
    for test in TESTS if len(sys.argv) < 3 or sys.argv[2].startswith("-") else [t for t in TESTS if t.__name__ in sys.argv[2:]]:
        start = time.time()
        try:
            test(FREEHOLD)
            print("[       OK ] %s (%.1f s)" % (test.__name__, time.time() - start))
        except (AssertionError, OSError, ValueError, KeyError, StopIteration) as error:
            failed += 1
            print("[  FAILED  ] %s: %r" % (test.__name__, error))
            traceback.print_exc()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
