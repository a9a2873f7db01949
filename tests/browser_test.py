#!/usr/bin/env python3
"""The console in a real browser, Debian's chromium by its driver (WebDriver over HTTP): browser_test.py BUILD. Screenshots go to BUILD/screenshots.

First start, login, wrong password and lock-out, a subscriber that is added, a UE that registers and appears without reload, its page, names that are
scripts, every view by its URL, the keyboard, dark mode and a phone's window."""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import console_bed
import operate_test
from build_folder import build_folder

BUILD = build_folder(__doc__)
FREEHOLD = os.path.join(BUILD, "plain", "apps", "freehold")
SHOTS = os.path.join(BUILD, "screenshots")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # W3C WebDriver 11
IMSI = "001010000000001"
VIEWS = ("/", "/subscribers", "/subscribers/new", "/subscribers/import", "/subscribers/" + IMSI, "/profiles", "/network", "/configuration", "/figures", "/alarms", "/events", "/audit", "/maintenance", "/users", "/account")


class Driver:
    """A session of WebDriver."""

    def __init__(self, url):
        self.url, self.session = url, None

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode() if body is not None else None, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def begin(self, dark, width, height, profile):
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
                     "--user-data-dir=" + profile, "--window-size=%d,%d" % (width, height)]
        if dark:
            arguments += ["--blink-settings=preferredColorScheme=0"]
        options = {"args": arguments, "binary": shutil.which("chromium")}
        value = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True, "goog:chromeOptions": options,
                                                                               "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = "/session/" + value["sessionId"]

    def end(self):
        self.call("DELETE", self.session)

    def go(self, url):
        self.call("POST", self.session + "/url", {"url": url})

    def run(self, script, *args):
        return self.call("POST", self.session + "/execute/sync", {"script": script, "args": list(args)})

    def find(self, css):
        return self.call("POST", self.session + "/element", {"using": "css selector", "value": css})[ELEMENT]

    def type(self, css, text):
        element = self.find(css)
        self.call("POST", "%s/element/%s/clear" % (self.session, element), {})
        self.call("POST", "%s/element/%s/value" % (self.session, element), {"text": text})

    def click(self, css):
        self.call("POST", "%s/element/%s/click" % (self.session, self.find(css)), {})

    def keys(self, text):
        actions = [{"type": t, "value": k} for k in text for t in ("keyDown", "keyUp")]
        self.call("POST", self.session + "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def text(self):
        return self.run("return document.body.innerText")

    def wait(self, text, seconds=10):
        end = time.time() + seconds
        while time.time() < end:
            if text in self.text():
                return
            time.sleep(0.05)
        raise AssertionError("%r does not appear; there is:\n%s" % (text, self.text()))

    def shot(self, name):
        with open(os.path.join(SHOTS, name + ".png"), "wb") as f:
            f.write(base64.b64decode(self.call("GET", self.session + "/screenshot")))

    def log(self):
        """What the browser complains of, but for answers that are refusals."""
        return [e["message"] for e in self.call("POST", self.session + "/se/log", {"type": "browser"})
                if e["level"] in ("SEVERE", "WARNING") and "the server responded with a status of" not in e["message"]]


class Bed:
    def __init__(self):
        self.console = console_bed.Console(FREEHOLD, more=operate_test.CROWD % operate_test.port())
        self.home = "https://127.0.0.1:%d" % self.console.port
        self.profiles = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        port = console_bed.free_port()
        self.driver_process = subprocess.Popen([shutil.which("chromedriver"), "--port=%d" % port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.driver_url = "http://127.0.0.1:%d" % port
        self.load, self.count, self.last = None, 0, None
        for _ in range(100):
            try:
                Driver(self.driver_url).call("GET", "/status")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)

    def browser(self, dark=False, width=1280, height=900):
        b = Driver(self.driver_url)
        self.count += 1
        b.begin(dark, width, height, os.path.join(self.profiles.name, str(self.count)))
        self.last = b
        return b

    def register(self):
        """A UE registers, with the keys that the browser gave its subscriber, and stays."""
        self.load = subprocess.Popen([FREEHOLD, "load", "-c", self.console.core.file, "--ues", "1", "--gnbs", "1", "--no-sessions", "--hold"],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def leave(self):
        if self.load:
            self.load.terminate()
            self.load.wait(20)
            self.load = None

    def end(self):
        self.leave()
        self.driver_process.terminate()
        self.driver_process.wait(20)
        self.console.__exit__()
        self.profiles.cleanup()


def log_in(bed, b, password=console_bed.PASSWORD, name="anna"):
    b.go(bed.home + "/login")
    b.wait("Log in")
    b.type("input[name=name]", name)
    b.type("input[name=password]", password)
    b.click("button[type=submit]")


def first_start(bed, b):
    b.go(bed.home + "/first#" + bed.console.link)
    b.wait("makes you an administrator")
    b.shot("first-start")
    assert bed.console.link not in b.run("return location.href"), "the secret stays in the address bar"
    b.type("input[name=name]", "anna")
    for name in ("password", "again"):
        b.type("input[name=%s]" % name, "short")
    b.click("button[type=submit]")
    b.wait("12 to 128")
    for name in ("password", "again"):
        b.type("input[name=%s]" % name, console_bed.PASSWORD)
    b.click("button[type=submit]")
    b.wait("UEs registered")
    b.wait("anna (administrator)")


def log_out_and_in(bed, b):
    b.click("#me button")
    b.wait("Log in")
    b.go(bed.home + "/subscribers")
    b.wait("Password")
    b.type("input[name=name]", "anna")
    b.type("input[name=password]", "Wrong-Horse-9")
    b.click("button[type=submit]")
    b.wait("Name or password is wrong")
    assert b.run("return document.querySelector('input[name=password]').value") == ""
    log_in(bed, b)
    b.wait("UEs registered")


def add_subscriber(bed, b):
    b.click("nav a[href='/subscribers']")
    b.wait("No subscriber is found")
    b.click("main button.main")
    b.wait("written, and never shown again")
    b.type("input[name=imsi]", IMSI)
    b.type("input[name=k]", console_bed.KEYS["k"])
    b.type("input[name=opc]", "12")
    b.run("document.dispatchEvent(new Event('visibilitychange'))")
    time.sleep(0.3)
    assert b.run("return document.querySelector('input[name=imsi]').value") == IMSI, "a form that is half filled in stays"
    b.click("main button.main")
    b.wait("hexadecimal digits are not those of milenage")
    b.type("input[name=opc]", console_bed.KEYS["opc"])
    b.click("main button.main")
    b.wait("Not registered.")
    assert b.run("return location.pathname") == "/subscribers/" + IMSI
    assert console_bed.KEYS["k"] not in b.run("return document.documentElement.outerHTML")


def imports(bed, b):
    """A file of a thousand: checked, nothing changed; then taken, with the rest of a dump in JSON; one that is wrong is shown, and not taken."""
    def give(name, text):
        path = os.path.join(bed.profiles.name, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        b.call("POST", "%s/element/%s/value" % (b.session, b.find("input[type=file]")), {"text": path})

    def press(text):
        end = time.time() + 5
        while time.time() < end and b.run("return [...document.querySelectorAll('main button')].find((x) => x.textContent === arguments[0]).disabled", text):
            time.sleep(0.05)
        b.run("[...document.querySelectorAll('main button')].find((x) => x.textContent === arguments[0]).click()", text)

    lines = [operate_test.LINE % i for i in range(100, 700)]
    b.go(bed.home + "/subscribers/import")
    b.wait("never shown")
    give("wrong.txt", "\n".join(lines[:300] + ["imsi=1"] + lines[300:]))
    press("Check, change nothing")
    b.wait("600 to add, 0 to change, 0 the same, 1 refused")
    assert b.run("return [...document.querySelectorAll('main button')].find((x) => x.textContent === 'Import').disabled")
    assert b.run("return [...document.querySelectorAll('tr')].some((x) => x.textContent.includes('wrong.txt301refuse'))"), "the line of the file"
    b.go(bed.home + "/subscribers/import")
    give("subscribers.csv", "imsi,k,opc\n" + "".join(",".join(word.split("=")[1] for word in line.split()[:3]) + "\n" for line in lines))
    give("dump.json", operate_test.DUMP.replace(IMSI, "001010000000099"))
    press("Check, change nothing")
    b.wait(" to add, 0 to change, 0 the same, 0 refused")
    b.shot("import")
    press("Import")
    b.wait(" added, 0 changed")
    b.go(bed.home + "/subscribers?q=0000000699")
    b.wait("001010000000699")


def edits_network(bed, b):
    """network.yaml without its keys; what is wrong is named by its line; a change is compared, written and taken; and one returns."""
    def press(text):
        b.run("[...document.querySelectorAll('main button')].find((x) => x.textContent === arguments[0]).click()", text)

    def change(was, now):
        b.run("const x = document.querySelector('textarea'); x.value = x.value.replace(arguments[0], arguments[1]); x.dispatchEvent(new Event('input'));", was, now)

    b.go(bed.home + "/configuration")
    b.wait("not been changed here yet")
    end = time.time() + 5
    while time.time() < end and not b.run("return document.querySelector('textarea').value.includes('***')"):
        time.sleep(0.05)
    assert "e8ed289deba952e4283b54e88e6183ca" not in b.run("return document.querySelector('textarea').value")
    change("log_level: info", "log_level: loud")
    press("Check, change nothing")
    b.wait("Network.yaml:1: log_level: expected")
    change("log_level: loud", "log_level: warn")
    press("Check, change nothing")
    b.wait("at once")
    b.wait("+ log_level: warn")
    assert not contrast(b), contrast(b)
    b.shot("configuration")
    press("Write")
    b.wait("The core has read it")
    press("Return")
    end = time.time() + 5
    while time.time() < end and not b.run("return document.querySelector('textarea').value.includes('log_level: info')"):
        time.sleep(0.05)
    assert b.run("return document.querySelectorAll('[data-show]').length") >= 1


def figures(bed, b):
    """The core is looked at when the console begins and each minute: a chart for each figure, and the same as a table."""
    b.go(bed.home + "/figures")
    b.wait("Registrations that succeed")
    assert b.run("return document.querySelectorAll('svg.plot').length") == 11
    b.run("const x = document.querySelector('select[name=range]'); x.value = 'hour'; x.dispatchEvent(new Event('change'));")
    b.wait("last 0")
    b.click("summary")
    assert not contrast(b), contrast(b)
    b.shot("figures")


def maintenance(bed, b):
    """A backup is made and listed; the passphrase stays nowhere."""
    b.go(bed.home + "/maintenance")
    b.wait("There is no backup yet")
    b.type("input[name=passphrase]", "of eight or more")
    b.click("main button.main")
    b.wait(".fhb", 20)
    assert b.run("return document.querySelector('input[name=passphrase]').value") == "" and not contrast(b)
    b.run("[...document.querySelectorAll('main button')].find((x) => x.textContent === 'Save diagnostics').click()")
    end = time.time() + 5
    while time.time() < end and b.run("return document.getElementById('said').textContent") != "Diagnostics are saved":
        time.sleep(0.05)
    assert b.run("return document.getElementById('said').textContent") == "Diagnostics are saved", b.text()
    b.run("const s = document.querySelector('select[data-room=sbi]'); s.value = 'debug'; s.dispatchEvent(new Event('change', { bubbles: true }))")
    end = time.time() + 5
    while time.time() < end and b.run("return document.getElementById('said').textContent") != "sbi logs debug":
        time.sleep(0.05)
    assert b.run("return document.getElementById('said').textContent") == "sbi logs debug", b.text()


def ue_appears(bed, b):
    """On its page, in the overview and among the events, all without a reload."""
    b.run("window.same = true")
    bed.register()
    b.wait("registered at ", 20)
    b.wait("connected")
    b.shot("subscriber")
    b.click("header a.brand")
    b.wait("of 1 known")
    b.wait("registered at ")
    time.sleep(2.2)  # a second look, for the charts
    b.shot("overview")
    b.click("nav a[href='/network']")
    b.wait(IMSI)
    assert b.run("return window.same"), "it was loaded again"


def ladder(bed, b):
    b.go(bed.home + "/subscribers/" + IMSI)
    b.wait("Show the ladder")
    b.run("document.querySelector('select[name=span]').closest('form').requestSubmit()")
    b.wait("Registration")
    b.wait("N2 ")
    b.run("document.querySelector('.ladder').scrollIntoView()")
    b.run("[...document.querySelectorAll('button[data-number]')].find((x) => x.textContent.startsWith('N1')).click()")
    end = time.time() + 5
    while time.time() < end and not b.run("return document.querySelector('pre').textContent.length > 100"):
        time.sleep(0.05)
    assert "registration" in b.run("return document.querySelector('pre').textContent").lower()
    b.shot("ladder")
    count = "return document.querySelectorAll('button[data-number]').length"
    everything = b.run(count)
    b.type("input[name=filter]", "upf")
    assert 0 <= b.run(count) < everything, "what is filtered is another ladder"
    b.run("const f = document.querySelector('input[name=filter]'); f.value = ''; f.dispatchEvent(new Event('input'))")
    assert b.run(count) == everything
    b.type("input[name=filter]", "registration")
    assert 0 < b.run(count) < everything
    assert "Save as SVG" in b.text() and "Save as pcapng" in b.text()
    b.run("""import("/pcapng.js").then(async (m) => {
        const page = await (await fetch("/api/v1/subscribers/%s/ladder?octets=yes&after=-600")).json();
        window.capture = Array.from(m.pcapng(page.rows), (o) => o.toString(16).padStart(2, "0")).join("");
    })""" % IMSI)
    end = time.time() + 5
    while time.time() < end and not b.run("return Boolean(window.capture)"):
        time.sleep(0.05)
    path = os.path.join(SHOTS, "signalling.pcapng")
    with open(path, "wb") as f:
        f.write(bytes.fromhex(b.run("return window.capture")))
    read = subprocess.run(["tshark", "-r", path, "-T", "fields", "-e", "frame.protocols", "-e", "_ws.malformed"], stdout=subprocess.PIPE, text=True, check=True).stdout
    assert read.count("ngap") > 3 and read.count("nas-5gs") > 5 and "http" in read and "alformed" not in read, read


def profiles(bed, b):
    """Made, given to a subscriber, which follows it, and removed."""
    b.click("nav a[href='/profiles']")
    b.wait("There is no profile yet")
    b.type("input[name=name]", "gold")
    b.type("input[name=settings]", "ambr_downlink=21Mbps five_qi=8")
    b.click("main button.main")
    b.wait("ambr_downlink=21Mbps")
    b.go(bed.home + "/subscribers/" + IMSI)
    b.wait("Edit")
    b.run("[...document.querySelectorAll('button')].find((x) => x.textContent === 'Edit').click()")
    b.type("input[name=profile]", "gold")
    b.run("[...document.querySelectorAll('button')].find((x) => x.textContent === 'Save').click()")
    b.wait("21 Mbps down")
    b.go(bed.home + "/profiles")
    b.wait("gold")
    assert not contrast(b)
    b.run("document.querySelector('button[data-remove]').click()")
    b.wait("There is no profile yet")


def edits(bed, b):
    b.go(bed.home + "/subscribers/" + IMSI)
    b.wait("1 Gbps up")
    b.run("[...document.querySelectorAll('button')].find((x) => x.textContent === 'Edit').click()")
    b.type("input[name=ambr_uplink]", "7 Mbps")
    b.run("[...document.querySelectorAll('button')].find((x) => x.textContent === 'Save').click()")
    b.wait("7 Mbps up")
    b.go(bed.home + "/audit")
    b.wait("change-subscriber")
    b.wait("ambr_uplink=7000000bps")
    b.shot("audit")


# Rules of WCAG 2.1 by their success criteria, as far as a script can judge them.
RULES = """
    const wrong = [], all = (css) => [...document.querySelectorAll(css)], seen = (x) => x.getClientRects().length > 0;
    const named = (x) => { const by = x.getAttribute("aria-labelledby");
        return ((x.getAttribute("aria-label") || (by && by.split(" ").map((i) => (document.getElementById(i) || {}).textContent || "").join(" ")) ||
            [...(x.labels || [])].map((l) => l.textContent).join(" ") || x.textContent || x.title || x.alt || "")).trim(); };
    for (const [css, what] of [["header", "banner"], ["nav", "navigation"], ["main", "main"]])
        if (all(css).filter(seen).length !== 1) wrong.push("1.3.1 one landmark " + what + ": " + all(css).filter(seen).length);
    for (const x of all("nav, [role=region], [role=search], section[role]")) if (x.matches("[role=region]") && !named(x)) wrong.push("1.3.1 a region without a name");
    if (all("nav").some((x) => !x.getAttribute("aria-label"))) wrong.push("2.4.1 the navigation has no name");
    if (!document.querySelector("a.skip[href^='#']") || !document.querySelector(document.querySelector("a.skip").getAttribute("href"))) wrong.push("2.4.1 no way past the header");
    let level = 0;
    for (const x of all("h1, h2, h3, h4").filter(seen)) {
        if (+x.tagName[1] > level + 1) wrong.push("1.3.1 " + x.tagName + " below level " + level + ": " + x.textContent);
        level = +x.tagName[1];
    }
    for (const x of all("button, a[href], input, select, textarea, summary, progress").filter(seen)) if (!named(x)) wrong.push("4.1.2 no name: " + x.outerHTML.slice(0, 80));
    for (const x of all("[tabindex]")) if (x.tabIndex > 0) wrong.push("2.4.3 an order of its own: " + x.outerHTML.slice(0, 80));
    for (const x of all("[aria-hidden=true]")) if (x.querySelector("a[href], button, input, select, textarea")) wrong.push("4.1.2 hidden, and in the order of focus");
    for (const x of all("*")) if (getComputedStyle(x).overflowX === "auto" && x.scrollWidth > x.clientWidth + 1 && x.tabIndex < 0 && !x.querySelector("a, button, input, textarea"))
        wrong.push("2.1.1 scrolls, and no key does it: " + x.outerHTML.slice(0, 80));
    for (const x of all("th")) if (!x.scope) wrong.push("1.3.1 a head without a scope");
    for (const x of all("[aria-current], [aria-expanded], [role]")) if (x.getAttribute("role") === "" || x.getAttribute("aria-expanded") === "") wrong.push("4.1.2 an empty attribute");
    for (const x of all("button").filter(seen)) { const r = x.getBoundingClientRect(); if (r.height < 24 || r.width < 24) wrong.push("2.5.8 too small: " + x.textContent); }
    for (const name of ["said"]) { const x = document.getElementById(name); if (!x || !(x.getAttribute("aria-live") || x.getAttribute("role"))) wrong.push("4.1.3 nobody hears " + name); }
    if (!document.querySelector("meta[name=viewport]") || /user-scalable=no|maximum-scale/.test(document.querySelector("meta[name=viewport]").content)) wrong.push("1.4.4 cannot be made larger");
    return wrong;"""


def every_view(bed, b):
    """By its URL; of each the elements that a screen reader goes by, and WCAG's rules without a violation."""
    for path in VIEWS:
        b.go(bed.home + path)
        end = time.time() + 10
        while time.time() < end and not b.run("return document.querySelector('main h1') !== null"):
            time.sleep(0.05)
        time.sleep(0.3)
        wrong = b.run("""
            const wrong = [], all = (css) => [...document.querySelectorAll(css)];
            if (all("h1").length !== 1) wrong.push("one h1: " + all("h1").length);
            if (!document.title.includes(" - Freehold") || !document.documentElement.lang) wrong.push("title or lang");
            for (const x of all("input, select, textarea")) if (!x.labels || !x.labels.length || !x.labels[0].textContent.trim()) wrong.push("no label: " + x.name);
            for (const x of all("button, a[href]")) if (!(x.textContent.trim() || x.getAttribute("aria-label"))) wrong.push("no name: " + x.outerHTML);
            for (const x of all("svg[role=img]")) if (!x.getAttribute("aria-label")) wrong.push("svg without a name");
            for (const x of all("table")) if (!x.caption || !x.caption.textContent) wrong.push("table without a caption");
            for (const x of all("[id]")) if (all("#" + x.id).length > 1) wrong.push("id twice: " + x.id);
            if (document.documentElement.scrollWidth > innerWidth + 1) wrong.push("wider than the window: " + document.documentElement.scrollWidth);
            for (const x of all("nav a")) if (!["/", "/subscribers", "/profiles", "/network", "/configuration", "/figures", "/alarms", "/events", "/audit", "/maintenance", "/users", "/account"].includes(x.getAttribute("href"))) wrong.push("a dead link");
            return wrong;""")
        assert not wrong, (path, wrong)
        wrong = b.run(RULES) + contrast(b)
        assert not wrong, (path, wrong)
    b.go(bed.home + "/nothing")
    assert "404" in b.text()


def contrast(b):
    """Texts against what is behind them, by WCAG 2.1 1.4.3: 4.5 to 1 at least."""
    return b.run("""
        const rgb = (c) => c.match(/[0-9.]+/g).map(Number), bad = [];
        const light = (c) => { const v = c.slice(0, 3).map((x) => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
            return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
        for (const x of document.querySelectorAll("body *")) {
            if (![...x.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || x.closest("svg, [hidden], .unseen, noscript, .skip, :disabled")) continue;
            let back = x, c;
            do c = rgb(getComputedStyle(back).backgroundColor); while ((c.length > 3 && c[3] === 0) && (back = back.parentElement));
            const a = light(rgb(getComputedStyle(x).color)), b = light(c), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) bad.push(x.tagName + " " + x.className + " " + x.textContent.slice(0, 20) + ": " + ratio.toFixed(2));
        }
        return bad;""")


def dark(bed, b):
    b.end()
    b = bed.browser(dark=True)
    log_in(bed, b)
    b.wait("UEs registered")
    assert b.run("return matchMedia('(prefers-color-scheme: dark)').matches"), "the browser is not dark"
    back = b.run("return getComputedStyle(document.body).backgroundColor")
    assert back == "rgb(18, 22, 27)", back
    time.sleep(0.6)
    for path in ("/", "/network", "/users", "/subscribers/" + IMSI):
        b.go(bed.home + path)
        b.wait("anna")
        time.sleep(0.4)
        assert not contrast(b), (path, contrast(b))
    b.go(bed.home + "/")
    b.wait("of 1 known")
    b.shot("overview-dark")
    b.end()
    return bed.browser(width=400, height=850)


def phone(bed, b):
    log_in(bed, b)
    b.wait("UEs registered")
    b.call("POST", b.session + "/window/rect", {"width": 390, "height": 844})
    every_view(bed, b)
    b.go(bed.home + "/")
    b.wait("of 1 known")
    assert not contrast(b), contrast(b)
    b.shot("overview-phone")


def first_paint(bed, b):
    """Of the page, with nothing in the cache: octets over the wire, and the time on a machine that is busy with other tests."""
    b.end()
    b = bed.browser()
    log_in(bed, b)
    b.wait("UEs registered")
    end = time.time() + 5
    while time.time() < end and not b.run("return performance.getEntriesByName('first-contentful-paint').length"):
        time.sleep(0.05)
    ms, octets = b.run("""return [performance.getEntriesByName("first-contentful-paint")[0].startTime,
        performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation")).filter((e) => !e.name.includes("/api/"))
        .reduce((n, e) => n + Math.max(e.transferSize, e.encodedBodySize), 0)]""")
    assert b.run("return performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
    print("first paint after %.0f ms, %.1f kB" % (ms, octets / 1000))
    assert 20000 < octets < 200000 and ms < 3000, (octets, ms)
    return b


def keyboard(bed, b):
    """From the address bar to a view by Tab and Enter alone, and where the focus is can be seen."""
    b.go(bed.home + "/")
    b.wait("UEs registered")
    b.run("document.activeElement.blur()")
    for _ in range(40):
        b.keys("\ue004")
        if b.run("return document.activeElement.getAttribute('href')") == "/events":
            break
    assert b.run("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    b.keys("\ue007")
    b.wait("Events of subscribers")
    assert b.run("return document.activeElement.tagName") == "H1", "the focus is on the new view"


def scripts_are_text(bed, b):
    """Whoever may add a UPF's or a user's name, or send an event: it is shown, not run."""
    admin = console_bed.Visitor(bed.console)
    assert admin.login("anna").status == 200
    answer = admin.api("PATCH", "upfs/%3Cimg%20src=x%20onerror=window.bad=1%3E", {"drained": True})
    assert answer.status == 409, answer.body
    b.go(bed.home + "/audit")
    b.wait("<img src=x onerror=window.bad=1>")
    assert b.run("return window.bad === undefined")


def alarms(bed, b):
    """The core of the test has no UPF: the header counts the alarm, the page tells what to do, and one acknowledges it."""
    b.go(bed.home + "/")
    b.wait("Alarms (")
    b.go(bed.home + "/alarms")
    b.wait("no association")
    b.wait("Is freehold upf running")
    assert not contrast(b), contrast(b)
    b.shot("alarms")
    while b.run("const x = document.querySelector('[data-alarm]'); if (x) x.click(); return x !== null"):
        time.sleep(0.3)
    b.wait("by anna")
    end = time.time() + 10
    while time.time() < end and b.run("return document.querySelector('nav a[href=\"/alarms\"]').textContent") != "Alarms":
        time.sleep(0.1)
    assert b.run("return document.querySelector('nav a[href=\"/alarms\"]').textContent") == "Alarms"


def quiet_of_core(bed, b):
    """The core ends: the page says so, and is there again with it."""
    bed.leave()
    bed.console.core.process.terminate()
    bed.console.core.process.wait(30)
    b.go(bed.home + "/")
    b.wait("The core does not answer")
    b.shot("core-away")


def lock_out(bed, b):
    b.end()
    b = bed.browser()
    for _ in range(5):
        log_in(bed, b, "Wrong-Horse-9")
        b.wait("Name or password is wrong")
        time.sleep(0.2)
    log_in(bed, b)
    b.wait("Too many wrong passwords")
    b.shot("lock-out")
    return b


STEPS = (first_start, log_out_and_in, add_subscriber, ue_appears, ladder, edits, profiles, imports, edits_network, figures, maintenance, every_view, first_paint, keyboard, scripts_are_text, alarms, dark, phone, quiet_of_core, lock_out)


def main():
    os.makedirs(SHOTS, exist_ok=True)
    bed, passed, failed, start = Bed(), 0, 0, time.time()
    try:
        b = bed.browser()
        for step in STEPS:
            try:
                b = step(bed, b) or b
                wrong = b.log()
                assert not wrong, wrong
                passed += 1
                print("[       OK ] %s (%.1f s)" % (step.__name__, time.time() - start), flush=True)
            except (AssertionError, OSError) as error:
                failed += 1
                print("[  FAILED  ] %s\n%s" % (step.__name__, error), flush=True)
                bed.last.shot("failed-" + step.__name__)
                break
        bed.last.end()
    finally:
        bed.end()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
