"""What the tests with tshark say at their end."""


def report(checks, wrong):
    """checks: [(text, ok)]; wrong: [(number, fields of a frame)]. The exit status."""
    for text, ok in checks:
        print("%s %s" % ("ok    " if ok else "FAILED", text))
    for n, f in wrong[:5]:
        print("  frame %d: %s" % (n, {k: v for k, v in f.items() if v}))
    print("%d passed, %d failed" % (sum(ok for _, ok in checks), sum(not ok for _, ok in checks)))
    return 0 if all(ok for _, ok in checks) else 1
