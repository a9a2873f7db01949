"""The Helm chart: helm_test.py FREEHOLD. There is no helm in Debian, so what the templates use of its language is rendered here; what comes of it is
compared with ops/deploy/kubernetes, and its network.yaml is one."""
import json
import os
import re
import subprocess
import sys
import tempfile

import yaml

FREEHOLD = sys.argv[1]
DEPLOY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "ops", "deploy")
CHART = os.path.join(DEPLOY, "helm", "freehold")
TOKEN = re.compile(r"(\{\{-?.*?-?\}\})", re.S)


def split(text):
    """Text and actions, blanks trimmed as the dashes say (text/template)."""
    parts = TOKEN.split(text)
    for i in range(1, len(parts), 2):
        if parts[i].startswith("{{-"):
            parts[i - 1] = parts[i - 1].rstrip(" \t\r\n")
        if parts[i].endswith("-}}"):
            parts[i + 1] = parts[i + 1].lstrip(" \t\r\n")
    return parts


def value_of(word, values):
    if word == ".":
        return values
    assert word.startswith("."), "%s: not of the part of the language that is known here" % word
    for name in word[1:].split("."):
        assert name in values, "%s: there is no such value" % word
        values = values[name]
    return values


def indent(text, count, first=""):
    return first + "\n".join(" " * count + line if line else line for line in text.split("\n"))


def evaluate(expression, values):
    out = None
    for step in expression.split("|"):
        word, *rest = step.split()
        if word == "toYaml":
            out = yaml.safe_dump(value_of(rest[0], values)).rstrip("\n")
        elif word in ("indent", "nindent"):
            out = indent(out, int(rest[0]), "\n" if word == "nindent" else "")
        elif word == "tpl":
            out = render(value_of(rest[0], values), values)
        else:
            out = value_of(word, values)
    return "true" if out is True else "false" if out is False else str(out)


def render(text, values):
    out, on = [], [True]
    for i, part in enumerate(split(text)):
        if i % 2 == 0:
            out.append(part if all(on) else "")
            continue
        action = part.strip("{}- ")
        if action.startswith("if "):
            words = action[3:].split()
            negated = words[0] == "not"
            on.append(all(on) and bool(value_of(words[-1], values)) != negated)
        elif action == "end":
            on.pop()
        elif all(on):
            out.append(evaluate(action, values))
    assert on == [True], "if without end"
    return "".join(out)


def merged(a, b):
    return {k: merged(a[k], b[k]) if isinstance(a.get(k), dict) and isinstance(b.get(k), dict) else b.get(k, a.get(k)) for k in {**a, **b}}


def chart(**more):
    """The objects that an installation makes, by kind."""
    with open(os.path.join(CHART, "values.yaml"), encoding="utf-8") as f:
        values = {"Values": merged(yaml.safe_load(f), more), "Release": {"Name": "lab"}}
    found = {}
    for name in sorted(os.listdir(os.path.join(CHART, "templates"))):
        with open(os.path.join(CHART, "templates", name), encoding="utf-8") as f:
            for thing in yaml.safe_load_all(render(f.read(), values)):
                if thing:
                    found.setdefault(thing["kind"], []).append(thing)
    return found


def test_as_the_manifests():
    """What core and UPF may, and how they are looked after, is as ops/deploy/kubernetes has it."""
    with open(os.path.join(DEPLOY, "kubernetes", "freehold.yaml"), encoding="utf-8") as f:
        manifests = [t for t in yaml.safe_load_all(f) if t["kind"] in ("StatefulSet", "DaemonSet")]
    theirs = {c["name"]: (t["spec"]["template"]["spec"], c) for t in manifests for c in t["spec"]["template"]["spec"]["containers"]}
    pod = chart()["StatefulSet"][0]["spec"]["template"]["spec"]
    ours = {c["name"]: c for c in pod["containers"]}
    assert pod["hostNetwork"] and pod["nodeSelector"] == {"freehold": "here"} and not pod["automountServiceAccountToken"]
    assert list(ours) == ["core", "upf", "console"]
    for name, (of_pod, container) in theirs.items():
        want = dict({k: v for k, v in of_pod.get("securityContext", {}).items() if k.startswith("runAs")}, **container["securityContext"])
        assert ours[name]["securityContext"] == want, (name, ours[name]["securityContext"], want)
        assert [v for v in ours[name]["volumeMounts"] if v["name"] != "run"] == [v for v in container["volumeMounts"] if v["name"] != "run"], name
        for probe in ("startupProbe", "livenessProbe"):
            assert ours[name].get(probe) == container.get(probe), (name, probe)
    assert ours["console"]["securityContext"] == ours["core"]["securityContext"], "it may no more than the core"


def test_names_agree():
    """Whatever is referred to is there, and the port of the service is the console's."""
    for more in ({}, {"console": {"enabled": False}}, {"multus": {"enabled": True, "gateway": "192.0.2.254"}}):
        found = chart(**more)
        work = found["StatefulSet"][0]
        pod = work["spec"]["template"]["spec"]
        volumes = {v["name"] for v in pod["volumes"]} | {v["metadata"]["name"] for v in work["spec"]["volumeClaimTemplates"]}
        for container in pod["containers"]:
            assert {m["name"] for m in container["volumeMounts"]} <= volumes, container["name"]
            assert subprocess.run([FREEHOLD, "help", container["args"][0]], stdout=subprocess.DEVNULL, check=False).returncode == 0
        secret = [v["secret"]["secretName"] for v in pod["volumes"] if "secret" in v][0]
        assert [s["metadata"]["name"] for s in found["Secret"]] == [secret]
        labels = work["spec"]["selector"]["matchLabels"]
        assert labels.items() <= work["spec"]["template"]["metadata"]["labels"].items()
        for service in found.get("Service", []):
            assert service["spec"]["selector"].items() <= labels.items()
            ports = [p["containerPort"] for c in pod["containers"] for p in c.get("ports", [])]
            assert service["spec"]["ports"][0]["targetPort"] in ports


def test_multus():
    """N2 and N3 are interfaces of the pod, which leaves the node's network."""
    found = chart(multus={"enabled": True, "gateway": "192.0.2.254"}, n3={"address": "192.0.2.3"})
    work = found["StatefulSet"][0]
    assert "hostNetwork" not in work["spec"]["template"]["spec"] and "nodeSelector" not in work["spec"]["template"]["spec"]
    wanted = work["spec"]["template"]["metadata"]["annotations"]["k8s.v1.cni.cncf.io/networks"].split(", ")
    assert [n["metadata"]["name"] for n in found["NetworkAttachmentDefinition"]] == wanted
    n2, n3 = (json.loads(n["spec"]["config"]) for n in found["NetworkAttachmentDefinition"])
    assert n2["ipam"]["addresses"] == [{"address": "192.0.2.1/24"}] and n3["ipam"]["addresses"] == [{"address": "192.0.2.3/24", "gateway": "192.0.2.254"}]
    assert "NetworkAttachmentDefinition" not in chart()


def test_its_network():
    """network.yaml of each kind of installation is one that the program takes, with the addresses that were given."""
    for more, console in (({}, True), ({"console": {"enabled": False}}, False), ({"multus": {"enabled": True}, "n2": {"address": "192.0.2.7", "transport": "udp"}}, True)):
        text = chart(**more)["Secret"][0]["stringData"]["network.yaml"]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as f:
            f.write(text)
            f.flush()
            p = subprocess.run([FREEHOLD, "check", "-c", f.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert p.returncode == 0, (text, p.stdout)
        assert ("console: https://0.0.0.0:8443" in p.stdout) == console, p.stdout
        assert more.get("n2", {}).get("address", "192.0.2.1") + ":38412" in p.stdout, p.stdout


def main():
    failed = 0
    for name, test in [(k, v) for k, v in globals().items() if k.startswith("test_")]:
        try:
            test()
            print("[       OK ] %s" % name)
        except AssertionError as error:
            failed += 1
            print("[  FAILED  ] %s: %s" % (name, error))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
