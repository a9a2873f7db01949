#!/usr/bin/env python3
"""Plants faults one at a time and sees that the suite fails each time: a test that cannot fail is not one.

Each fault is a file, the text to replace and what it becomes. The tree is copied; nothing here is changed.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

FAULTS = [
    ("the MAC of an uplink NAS message is not checked", "proto/nas_security.c",
     "	if (!nia_verify(s->ia, s->k_nas_int, c, NAS_BEARER_3GPP, (uint8_t)direction, h->protected, mac))\n		return false;\n", ""),
    ("a NAS COUNT is accepted twice", "proto/nas_security.c", "	s->count[direction] = c + 1;\n	return true;", "	return true;"),
    ("RES* is not compared, neither by the SEAF nor by the AUSF", [
        ("core/amf/authentication.c", "!crypto_equal(BYTES(hres_star), BYTES(p->hxres_star))", "false"),
        ("core/ausf/ausf.c", "crypto_equal(BYTES(req->data.res_star), BYTES(auth->xres_star))", "true")]),
    ("the SQN is not stored with a vector", "core/udm/ueau.c", "\"\\\"%012\" PRIx64 \"\\\"\", sqn);", "\"\\\"%012\" PRIx64 \"\\\"\", sqn & 0);"),
    ("K_AMF is derived with the wrong ABBA", "core/amf/authentication.c", "BYTES(amf_abba), k_amf)", "BYTES_NONE, k_amf)"),
    ("UE contexts are not stored", "core/amf/ue_record.c", "	if (ue_is_kept(ue))\n		return ue_store(amf, ue);", "	if (ue_is_kept(ue))\n		return (void)ue_store, true;"),
    ("a refused put does not doom the turn", "base/store.h", "	s->doomed |= !ok;", ""),
    ("T3560 never repeats", "core/amf/n1_send.c", "	if (p->retries == AMF_RETRIES_MAX)", "	if (p->retries == 0)"),
    ("PER reads up to an octet past the end", "wire/per/bits.h", "	if (n > bits_left(r)) {\n		bits_fail(r);\n		return 0;\n	}\n",
     "	if (n > bits_left(r) + 8) {\n		bits_fail(r);\n		return 0;\n	}\n"),
    ("the gNB's AP ID is not checked against its association", "core/amf/connection.c",
     "	return c && c->gnb == gnb ? c : NULL;", "	return c;"),
    ("a retransmitted PFCP request is processed again", "proto/pfcp.c", "	if (!e || e->type != o->type || e->digest != digest)", "	if (true)"),
    ("a path that is left is not marked with its end", "core/smf/n4_rules.c", "	return s->access == ACCESS_FORWARD && s->n4_have",
     "	return s->access == ACCESS_DROP && s->n4_have"),
    ("each handover gets the same NCC", "core/amf/next_hop.c", "(n->ncc + ok) & 7", "(n->ncc + !ok) & 7"),
    ("forwarded packets lose their QFI", "core/upf/forward.c", "	out.pdu_session = h->pdu_session;\n", ""),
    ("the target of a handover that ends is not released", "core/amf/handover_preparation.c",
     "	if (target)\n		amf_connection_release(amf, target, h->cause);\n", "	if (target == source)\n		return;\n"),
    ("an answer to EAP-AKA' needs no AT_MAC", "core/ausf/eap_aka_prime.c", "eap_aka_prime_proved(p, in, auth->eap.k_aut) &&", "in.len > 0 &&"),
    ("paging stays in the area of the last contact", "core/amf/paging.c", "		a.count = amf_registration_area(amf, ue, a.items);\n", "		a.count = 1;\n"),
    ("packets that wait for an idle UE lose those before them", "core/upf/data.c", " = p->waiting = p->kept = p->stays = false;", " = p->waiting = false;"),
    ("an idle UE in MICO mode is paged", "core/amf/reachability.c", "	ue->unreachable = true;\n", ""),
    ("a local area data network is everywhere", "core/smf/ladn.c", "	return dnn->ladn && presence != PRESENCE_STATE_IN_AREA;", "	return dnn->ladn && presence == PRESENCE_STATE_UNKNOWN;"),
    ("rules come in the opposite order of precedence", "core/upf/draft.c", "p->rule.precedence < q->rule.precedence ? -1 : 1;",
     "p->rule.precedence > q->rule.precedence ? -1 : 1;"),
    ("congestion met on N3 costs every packet its life", "core/upf/congestion.c", "	if ((flow->tos & UPF_ECN) == UPF_ECN_NONE)", "	if (true)"),
    ("a quota lets one packet more pass", "core/upf/match.h", "ul + dl < UPF_READ(at[UPF_VOLUME_TOTAL])", "ul + dl <= UPF_READ(at[UPF_VOLUME_TOTAL])"),
    ("sessions of IPv6 get no router advertisement", "core/smf/router_advertisement.c", "	if (!(s->type & SMF_V6) ||", "	if ((s->type & SMF_V6) ||"),
    ("an address that was given back is given out at once", "core/smf/address_pool.c", "		p->rests_s[n] = now_s + p->hold_s + 1; /* the second is under way */\n", "		p->rests_s[n] = 0;\n"),
    ("the AMF's context modification does not name the UE-AMBR", "core/amf/ue_context_modification.c",
     "		.ue_aggregate_maximum_bit_rate = &ambr };", "	};\n	(void)ambr;"),
]


def edits(fault):
    return fault[1] if isinstance(fault[1], list) else [fault[1:]]


def replace(tree, path, old, new):
    """Edits one file; its former text, or None when old is not in it."""
    file = os.path.join(tree, path)
    with open(file, encoding="utf-8") as f:
        text = f.read()
    if old not in text:
        return None
    with open(file, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new, 1))
    return text


def restore(tree, path, text):
    with open(os.path.join(tree, path), "w", encoding="utf-8") as f:
        f.write(text)


def run(tree, *command):
    return subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)


def suite_fails(tree):
    """Unit tests and scenarios, until one fails; (one did, which)."""
    p = run(tree, "ninja", "-C", "build")
    if p.returncode:
        return False, ["it does not build"]
    p = run(tree, "meson", "test", "-C", "build", "--no-rebuild", "-t", "4", "--maxfail", "1")
    return p.returncode != 0, re.findall(r"^ *\d+/\d+ (\S+) +(?:FAIL|TIMEOUT|ERROR)", p.stdout, re.M)[:3]


def stale():
    """Faults whose text is not in the tree any more: they would not be planted."""
    gone = []
    for fault in FAULTS:
        for path, old, _ in edits(fault):
            with open(os.path.join(ROOT, path), encoding="utf-8") as f:
                if old not in f.read():
                    gone.append("%s: %s" % (path, fault[0]))
    return gone


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="freehold-faults-") as folder:
        tree = os.path.join(folder, "tree")
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("build*", ".git"))
        subprocess.run(["git", "init", "-q", tree], check=True)
        run(tree, "meson", "setup", "build", "--buildtype=debugoptimized")
        for fault in FAULTS:
            if sys.argv[1:] and not any(word in fault[0] for word in sys.argv[1:]):
                continue
            before = [(path, replace(tree, path, old, new)) for path, old, new in edits(fault)]
            found, lines = suite_fails(tree) if all(text for _, text in before) else (False, ["the text to replace is gone"])
            print("%s %s (%s)" % ("found " if found else "MISSED", fault[0], ", ".join(lines)))
            sys.stdout.flush()
            failed += not found
            for path, text in before:
                if text:
                    restore(tree, path, text)
    print("%d passed, %d failed" % (len(FAULTS) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
