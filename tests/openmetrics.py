"""A strict reader of OpenMetrics 1.0 text, for tests: whatever the specification forbids is an error (Bad)."""
import math
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r"[a-zA-Z_][a-zA-Z0-9_]*"
NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf|NaN"
SUFFIXES = {"counter": ("_total", "_created"), "gauge": ("",), "info": ("_info",), "histogram": ("_bucket", "_count", "_sum", "_created"),
            "unknown": ("",), "stateset": ("",), "summary": ("", "_count", "_sum", "_created"), "gaugehistogram": ("_bucket", "_gcount", "_gsum")}


class Bad(Exception):
    pass


class Family:
    def __init__(self, name):
        self.name, self.type, self.unit, self.help = name, None, None, None
        self.samples = {}  # (sample's name, labels as a sorted tuple) -> value


def unescape(text, what):
    if re.search(r'\\(?![\\n"])', text) or text.endswith("\\") and not text.endswith("\\\\"):
        raise Bad("%s: a backslash that escapes nothing" % what)
    return re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), text)


def labels_of(text, line):
    """name="value",...; no empty list, no blank, no name twice."""
    out = {}
    at = 0
    while True:
        m = re.compile(r'(%s)="((?:[^"\\\n]|\\.)*)"' % LABEL).match(text, at)
        if not m:
            raise Bad("labels: %s" % line)
        if m.group(1) in out or m.group(1).startswith("__"):
            raise Bad("label %s: %s" % (m.group(1), line))
        out[m.group(1)] = unescape(m.group(2), line)
        at = m.end()
        if at == len(text):
            return out
        if text[at] != ",":
            raise Bad("labels: %s" % line)
        at += 1


def describe(families, order, line):
    m = re.fullmatch(r"# (TYPE|UNIT|HELP) (%s) (.*)" % NAME, line)
    if not m:
        raise Bad("neither sample nor description: %s" % line)
    what, name, text = m.groups()
    if name in families and order[-1] != name:
        raise Bad("the family %s comes again" % name)
    if name not in families:
        families[name] = Family(name)
        order.append(name)
    f = families[name]
    if f.samples:
        raise Bad("a description behind samples: %s" % line)
    if getattr(f, what.lower()) is not None:
        raise Bad("described twice: %s" % line)
    if what == "TYPE" and text not in SUFFIXES:
        raise Bad("no type: %s" % line)
    if what == "UNIT" and not name.endswith("_" + text):
        raise Bad("the name does not end with its unit: %s" % line)
    setattr(f, what.lower(), unescape(text, line) if what == "HELP" else text)


def sample(families, order, line):
    m = re.fullmatch(r"(%s)(?:\{(.*)\})? (%s)(?: # .*)?" % (NAME, NUMBER), line)
    if not m:
        raise Bad("no sample: %s" % line)
    name, labels, value = m.group(1), labels_of(m.group(2), line) if m.group(2) is not None else {}, float(m.group(3))
    f = families.get(order[-1]) if order else None
    if not f or f.type is None or not name.startswith(f.name) or name[len(f.name):] not in SUFFIXES[f.type]:
        raise Bad("a sample of another family: %s" % line)
    key = (name, tuple(sorted(labels.items())))
    if key in f.samples:
        raise Bad("twice: %s" % line)
    if ("le" in labels) != name.endswith("_bucket") and f.type == "histogram":
        raise Bad("le: %s" % line)
    if "le" in labels and not re.fullmatch(r"\d+\.\d+|\+Inf", labels["le"]):
        raise Bad("le is not in its canonical form: %s" % line)
    if f.type == "counter" and not (value >= 0 and math.isfinite(value)) or f.type == "info" and value != 1:
        raise Bad("no value of a %s: %s" % (f.type, line))
    f.samples[key] = value


def check_histogram(f):
    rows = {}
    for (name, labels), value in f.samples.items():
        key = tuple(kv for kv in labels if kv[0] != "le")
        rows.setdefault(key, []).append((name[len(f.name):], dict(labels).get("le"), value))
    for key, samples in rows.items():
        buckets = [(float(le), v) for suffix, le, v in samples if suffix == "_bucket"]
        count = [v for suffix, _, v in samples if suffix == "_count"]
        total = [v for suffix, _, v in samples if suffix == "_sum"]
        if not buckets or buckets != sorted(buckets) or len({b for b, _ in buckets}) != len(buckets) or buckets[-1][0] != math.inf:
            raise Bad("%s %s: buckets do not ascend to +Inf" % (f.name, key))
        if any(a[1] > b[1] for a, b in zip(buckets, buckets[1:])):
            raise Bad("%s %s: buckets are not cumulative" % (f.name, key))
        if len(count) != 1 or count[0] != buckets[-1][1] or len(total) != 1 or total[0] < 0 or (count[0] == 0) != (total[0] == 0) and count[0] == 0:
            raise Bad("%s %s: count and sum" % (f.name, key))


def parse(text):
    """Families by name, in their order."""
    if not text.endswith("# EOF\n") or text.count("# EOF") != 1:
        raise Bad("the end is not # EOF")
    if re.search(r"[^\x20-\x7e\n]", text):
        raise Bad("a character that does not belong here")
    families, order = {}, []
    for line in text.split("\n")[:-2]:
        (describe if line.startswith("#") else sample)(families, order, line)
    names = set()
    for f in families.values():
        if f.type is None or not f.help:
            raise Bad("%s has no type, or no help" % f.name)
        mine = {f.name} | {f.name + s for s in SUFFIXES[f.type]}
        if names & mine:
            raise Bad("%s clashes with %s" % (f.name, names & mine))
        names |= mine
        if f.type == "histogram":
            check_histogram(f)
    return families


def value(families, name, **labels):
    """The sum of the samples of this name that have these labels."""
    return sum(v for f in families.values() for (n, l), v in f.samples.items() if n == name and set(labels.items()) <= set(l))


def falls(before, after):
    """The counters, also those of histograms, that are less after than before, or gone."""
    def counters(families):
        return {k: v for f in families.values() if f.type in ("counter", "histogram") for k, v in f.samples.items()}

    now = counters(after)
    return [k for k, v in counters(before).items() if now.get(k, -1) < v]


def self_test():
    good = '# TYPE a counter\n# HELP a x\na_total{b="c\\"\\\\\\n"} 1\n# TYPE h_s histogram\n# UNIT h_s s\n# HELP h_s x\n' \
           'h_s_bucket{le="0.1"} 1\nh_s_bucket{le="+Inf"} 2\nh_s_count 2\nh_s_sum 0.5\n# EOF\n'
    assert value(parse(good), "a_total", b='c"\\\n') == 1
    for old, new in (("# EOF\n", ""), ("a_total{b=", "a_total{b=\"1\",b="), ("# TYPE a counter\n", ""), ('"+Inf"} 2', '"+Inf"} 0'), ("h_s_count 2", "h_s_count 3"),
                     ("a_total", "a"), ("# HELP a x", "# HELP a \\x"), ("# UNIT h_s s", "# UNIT h_s m"), ('le="0.1"', 'le="1"'), ("} 1\n# TYPE h", "} -1\n# TYPE h"),
                     ("# TYPE h_s histogram", "# TYPE a counter"), ("h_s_sum 0.5\n", "h_s_sum 0.5\na_total 1\n"), ("h_s_sum 0.5\n", ""), (" 1\n", "  1\n")):
        try:
            parse(good.replace(old, new, 1))
        except Bad:
            continue
        raise AssertionError("taken: %s -> %s" % (old, new))
