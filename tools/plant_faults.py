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
    ("a context is given to whoever names the UE", "gnb/xn_retrieve_ue_context.c", "	       mac == m->mac_i;", "	       (mac == m->mac_i || true);"),
    ("what was held for a UE that is elsewhere stays", "gnb/xn_retrieve_ue_context.c", "	gnb_forward_held(gnb, s);\n", "	gnb_reception_free(gnb, s);\n"),
    ("the SMF takes any user plane security policy of a path switch", "core/smf/n2_sm_handover.c", "	if (!ours)\n		return true;", "	if (!ours || theirs || !theirs)\n		return true;"),
    ("what a session's timer repeats asks an idle UE for no service", "ue/nas/session_request.c", "	s->waits = !s->ue->radio.connected &&", "	s->waits = s->ue->radio.connected &&"),
    ("what waits in the SMF is never sent", "core/smf/downlink_buffer.c", "	while (is_forwarded(s) && smf_held_first(s).len > 0) {", "	while (!is_forwarded(s) && smf_held_first(s).len > 0) {"),
    ("a usage that comes to its threshold is not told", "core/smf/n4_usage.c", "f->match->used >= f->match->usage_threshold)", "f->match->used > f->match->usage_threshold * 1000)"),
    ("the AMF's context modification does not name the UE-AMBR", "core/amf/ue_context_modification.c",
     "		.ue_aggregate_maximum_bit_rate = &ambr };", "	};\n	(void)ambr;"),
]

# Of the radio: first the tests that must find it.
AIR_FAULTS = [
    ("tests/rrc_measurement", "A2 is entered above its threshold", "ue/rrc/measurement_report_triggering.c", "(r->kind == UE_MEAS_A1) != leaving", "!leaving"),
    ("tests/rrc_measurement", "the time to trigger is not waited for", "ue/rrc/measurement_report_triggering.c", "r->time_to_trigger_ms == 0", "r->time_to_trigger_ms < 100000"),
    ("tests/rrc_measurement", "RSRP is reported a step too high", "ue/rrc/measurement_reporting.c", "step_of(value[UE_MEAS_RSRP], -156,", "step_of(value[UE_MEAS_RSRP], -158,"),
    ("tests/rrc_measurement", "values are not filtered", "ue/rrc/measurement.c", "m->measured ? exp2f(-(float)m->filter_k[i][q] / 4) : 1", "1"),
    ("radio/cell/system_information", "SI windows are one slot late", "radio/cell/system_information.c", "< s->window_slots", "<= s->window_slots"),
    ("scenario/samples_warning", "short messages say another bit", "gnb/du/warning.c", "WARNING = 1 << 6", "WARNING = 1 << 5"),
    ("scenario/samples_warning", "SIB1 is not read again", "ue/stack/system_information.c", "		inform(s, true, 0, WARNING_S);\n", "		inform(s, false, 0, WARNING_S);\n"),
    ("tests/rrc_line", "the data coding scheme goes with the last segment", "gnb/cucp/warning.c", ".has_data_coding_scheme = number == 0,\n		.data_coding_scheme = dcs };\n	struct rrc_sib8", ".has_data_coding_scheme = last,\n		.data_coding_scheme = dcs };\n	struct rrc_sib8"),
    ("tests/cell_selection", "the strongest cell is taken, whosever it is", "ue/phy/cell_search.c", " && suitable(arg, out)", ""),
    ("ue/mac/harq tests/air", "the UE ignores the new-data indicator of an assignment", "ue/mac/harq.c", "!p->known || p->ndi != ndi || p->temporary", "!p->known || p->temporary"),
    ("ue/mac/harq tests/air", "the UE ignores the new-data indicator of a grant", "ue/mac/harq.c", "(!b->known || b->ndi != ndi)", "!b->known"),
    ("gnb/du/mac tests/air", "the DU does not toggle the new-data indicator", "gnb/du/mac/harq.c", "	h->ndi = !h->ndi;\n", ""),
    ("tests/air", "the DU asks for a block again as if for a new one", "gnb/du/uplink.c", "again ? h->ndi : !h->ndi", "h->ndi"),
    ("gnb/du/mac", "each HARQ transmission has redundancy version 0", "gnb/du/mac/harq.c", "	return order[h->rv_step % ARRAY_LEN(order)];", "	return order[0 * h->rv_step];"),
    ("tests/air", "a block is acknowledged, decoded or not", "ue/phy/downlink.c", "	acknowledge(p, a, ok);", "	acknowledge(p, a, true);"),
    ("tests/air", "the UE's PDCP has the wrong SN length uplink", "radio/rrc/bearer.c", "(uint8_t)PDCP_NUMBER(\"drb/pdcp-SN-SizeUL\", drb->pdcp_sn_size_ul, &ok)", "12"),
    ("radio/rrc/bearer tests/air", "the gNB's PDCP has the wrong SN length", "radio/rrc/bearer.c", "	gnb.tx_sn_bits = ue->rx_sn_bits;\n	gnb.rx_sn_bits = ue->tx_sn_bits;\n	gnb.tx_sdap", "	gnb.tx_sn_bits = gnb.rx_sn_bits = 12;\n	gnb.tx_sdap"),
    ("radio/pdcp/pdcp", "t-Reordering never starts", "radio/pdcp/receive.c", "rx->t_reordering_ns == PDCP_NEVER && rx->deliv < rx->next", "rx->t_reordering_ns == PDCP_NEVER && rx->next < rx->deliv"),
    ("tests/rrc_line", "DRBs have no t-Reordering", "radio/rrc/bearer.c", ".has_t_reordering = ue->reordering_ms != PDCP_INFINITY", ".has_t_reordering = false"),
    ("tests/rrc_line tests/air", "the UE's key is not refreshed at re-establishment", "ue/rrc/reestablishment.c", "rrc_key_next(&as->chain, c->cell.pci, c->cell.ssb_arfcn, ncc) &&", "ncc < 8 &&"),
    ("tests/rrc_line tests/air", "the CU-CP's key is not refreshed at re-establishment", "gnb/cucp/reestablishment.c", "	may_fail(bytes_copy(ue->k_gnb, sizeof(ue->k_gnb), BYTES(k_gnb)));\n", ""),
    ("scenario/samples_return", "the gNB's key is not refreshed at re-establishment", "gnb/handover.c", "!gnb_key_next(ue, ue->k_gnb, gnb->config.cells[cell].pci, ssb_arfcn, ue->ncc))", "false)"),
    ("scenario/samples_return", "DRBs keep their keys at re-establishment", "gnb/rrc_cucp_event.c", "	ue->up->rekey = true;\n", ""),
    ("tests/air", "bearers of a UE that is re-established go on", "ue/stack/lower.c", "	stack_bearers_suspend(s);\n", ""),
    ("scenario/samples_return", "the UE's K_NG-RAN* is of the wrong ARFCN", "radio/rrc/security.c", "kdf_k_ngran_star(from, pci, ssb_arfcn,", "kdf_k_ngran_star(from, pci, ssb_arfcn + 1,"),
    ("scenario/samples_return", "the gNB's K_NG-RAN* is of the wrong ARFCN", "gnb/handover.c", ".pci, ssb_arfcn, ue->ncc))", ".pci, ssb_arfcn + 1, ue->ncc))"),
    ("radio/rrc/security gnb/key_change", "the K_NG-RAN* of both is of the wrong ARFCN", [
        ("radio/rrc/security.c", "kdf_k_ngran_star(from, pci, ssb_arfcn,", "kdf_k_ngran_star(from, pci, ssb_arfcn + 1,"),
        ("gnb/handover.c", ".pci, ssb_arfcn, ue->ncc))", ".pci, ssb_arfcn + 1, ue->ncc))")]),
    ("tests/air", "the UE ignores the timing advance", "ue/phy/stream.c", "	s->advance_tc = tc;\n", "	(void)tc;\n"),
    ("tests/air", "the DU measures the timing advance in the wrong unit", "gnb/du/random_access.c", "(16.0 * 64.0 / (1u << mu))", "(32.0 * 64.0 / (1u << mu))"),
    ("ue/mac/downlink", "the UE ignores timing advance commands", "ue/mac/downlink.c", "		d->upper.timing_advance(d->upper.arg, ta.command);\n", ""),
    ("radio/rlc/receive", "t-StatusProhibit is ignored", "radio/rlc/am_status.c", "(r->rx.t_status_prohibit_ns == RLC_NEVER || r->rx.t_status_prohibit_ns <= now_ns)", "now_ns > 0"),
    ("scenario/sweep_samples_paging", "a UE whose context is reset is not told", "gnb/rrc_cucp.c", "how == GNB_RRC_FORGOTTEN", "how != GNB_RRC_RELEASED"),
    ("radio/rlc/rlc", "polls are ignored", "radio/rlc/am_receive.c", "	if (h.poll)\n", "	if (h.poll && !h.poll)\n"),
    ("radio/rlc/transmit", "t-PollRetransmit leads to nothing", "radio/rlc/am_transmit.c", "	t->poll_due = true;\n", ""),
    ("ue/mac/random_access tests/air", "the contention resolution identity is not compared", "ue/mac/random_access.c", "	if (bytes_equal(identity, BYTES(r->identity))) {", "	if (identity.len > 0) {"),
    ("gnb/du/mac tests/cell", "the DU ignores the C-RNTI of a MAC CE", "gnb/du/mac/uplink.c", "		u->upper.c_rnti(u->upper.arg, c_rnti);\n", ""),
    ("radio/mac/mac", "buffer sizes are one level too high", "radio/mac/bsr.c", "octets <= (uint32_t)levels[middle]", "octets < (uint32_t)levels[middle]"),
    ("radio/mac/mac", "buffer sizes are read one level too low", "radio/mac/bsr.c", "(uint32_t)bsr_8bit_bytes[index]", "(uint32_t)bsr_8bit_bytes[index ? index - 1 : 0]"),
    ("radio/sdap/sdap tests/air", "SDAP sends no header", "radio/sdap/sdap.c", "	if (ok && s->drbs[drb].tx_header) {", "	if (ok && s->drbs[drb].tx_header && s->is_ue && !s->is_ue) {"),
    ("tests/air", "the UE's SDAP expects a header where none is", "ue/rrc/radio_bearer.c", "sdap->sdap_header_dl == RRC_SDAP_CONFIG_SDAP_HEADER_DL_PRESENT", "sdap->sdap_header_dl != RRC_SDAP_CONFIG_SDAP_HEADER_DL_PRESENT"),
    ("radio/pdcp/pdcp", "PDCP discards nothing", "radio/pdcp/transmit.c", "s->expires_ns <= now_ns;) {", "s->expires_ns < 1;) {"),
    ("radio/pdcp/pdcp", "PDCP delivers a COUNT twice", "radio/pdcp/receive.c", "x->count < p->rx.deliv || same", "same && !same"),
    ("tests/air", "the UE's slot windows do not move back when timing gets earlier", "ue/phy/stream.c", "	if (s->have == 0 && s->position > at)\n", "	if (s->have > s->slot_samples)\n"),
    ("scenario/samples_n2_breaks", "the DU counts samples from the wrong place when F1 comes later", "gnb/du/room.c", "		d->begun = d->sent;\n", "		d->begun = 0;\n"),
    ("io/bind", "a wire delivers in the same turn", "io/bind_wire.c", "	if (!(to->outgoing ? cross(to->outgoing, &arrived) : outbox_put(o, &arrived)))\n		return false;\n", "	(void)o;\n	(void)cross;\n	bind_deliver(p->bind, &arrived);\n"),
    ("ops/process_threads", "a ring wakes nobody that has found it empty", "io/octet_ring.c", "return atomic_load(&r->taken) >= before;", "return atomic_load(&r->taken) > before;"),
    ("scenario/mac_at_once", "data that passed keeps a UE for twice its time of inactivity", "gnb/ue_watch.c", "		ue->heard_ns = now;\n", "		ue->heard_ns = ue->active_ns = now;\n"),
    ("tests/rrc_line", "T310 never ends", "ue/rrc/radio_link_failure.c", "	ue_rrc_timer_start(c, T310, c->cell.t310_ms, t310_expired);", "	ue_rrc_timer_start(c, T310, 1000000 + c->cell.t310_ms, t310_expired);"),
    ("tests/ue_phy", "CQIs are reported one too high", "ue/phy/csi.c", "	put(out, wideband, CELL_CQI_BITS);", "	put(out, wideband + 1, CELL_CQI_BITS);"),
    ("tests/asked_csi", "subbands count from the highest", "ue/phy/csi.c", "if (a->subbands >> k & 1 &&", "if (a->subbands >> (13 - k) % 32 & 1 &&"),
    ("ue/phy/type1_codebook tests/ue_phy", "the semi-static codebook begins with the least K1", "ue/phy/type1_codebook.c", "for (unsigned k1 = K1S; k1-- > 0;) {", "for (unsigned k1 = 0; k1 < K1S; k1++) {"),
    ("tests/bandwidth_parts", "a DCI to another bandwidth part keeps its fields' widths", "ue/phy/bandwidth_parts.c", "	cell_dci_fit(dci, p->cell, &p->own, tci);", "	(void)tci;"),
    ("tests/bandwidth_parts", "random access begins in the active bandwidth part without PRACH", "ue/phy/bandwidth_parts.c", "p->cell->has_rach ? p->uplink_part : 0", "p->uplink_part"),
    ("tests/link", "reports are read from their wrong end", "gnb/du/csi.c", "cqi = cqi << 1 | (bits[i] & 1)", "cqi = cqi << 1 | (bits[CELL_CQI_BITS - 1 - i] & 1)"),
    ("tests/ue_phy tests/link", "the UE's power goes down where TPC says up", "ue/phy/power.c", "p->f_db = (int16_t)(p->f_db + db);", "p->f_db = (int16_t)(p->f_db - db);"),
    ("tests/link", "the DU's TPC has the wrong sign", "gnb/du/power.c", "float below = wanted_db - p->db;", "float below = p->db - wanted_db;"),
    ("tests/ue_phy", "PUCCH power forgets path loss", "ue/phy/power.c", "(float)(pucch->prbs << c->mu)) + p->path_loss_db +", "(float)(pucch->prbs << c->mu)) +"),
    ("radio/mac/drx tests/link", "the inactivity timer of DRX never ends", "radio/mac/drx.c", "	if (d->inactive_ns > 0 && d->inactive_ns <= now_ns) {", "	if (d->inactive_ns > 0)\n		d->inactive_ns = now_ns + 1;\n	if (d->inactive_ns > 0 && d->inactive_ns <= now_ns) {"),
    ("tests/link", "the DU sends to UEs that sleep", "gnb/du/parts.h", "return !u->configured || u->wants_uplink || mac_drx_is_active(&u->drx, d->now_ns);", "return d->slots < UINT64_MAX || u->configured;"),
    ("tests/link", "timing advance commands go the wrong way", "gnb/du/timing.c", "command = TA_NO_CHANGE + lroundf(steps);", "command = TA_NO_CHANGE - lroundf(steps);"),
    ("ue/mac/harq tests/ue_phy", "a retransmission without a rate is taken for a new block's size", "ue/mac/harq.c", "	if (size->octets == 0)\n		*size = p->size;\n", ""),
    ("tests/link", "256QAM is used before the UE has it", "gnb/du/parts.h", "return u->configured && u->changing_ns == 0 ?", "return u->configured ?"),
    ("tests/air", "scheduling requests are not heard", "gnb/du/uplink.c", "		d->ues[use->ue].wants_uplink = true;\n", ""),
    ("tests/uplink_alignment", "the UE sends after its time alignment has ended", "ue/phy/uplink.c", "	} else if (!aligned) {", "	} else if (!aligned && aligned) {"),
    ("tests/uplink_alignment", "the preamble of a PDCCH order is another", "ue/phy/access.c", "		.preamble = (uint8_t)f[PHY_DCI_PREAMBLE],",
     "		.preamble = (uint8_t)(f[PHY_DCI_PREAMBLE] ^ 1),"),
    ("tests/uplink_alignment", "requests that nobody answers keep their PUCCH", "ue/phy/pucch.c", "	ue_phy_release_uplink(p);\n	return false;", "	return false;"),
    ("tests/rrc_ue", "data does not put off the end for want of data", "ue/rrc/data_inactivity.c", "	if (c->state == UE_RRC_CONNECTED &&",
     "	if (timer_is_set(&c->timer[T_DATA_INACTIVITY]))\n		return;\n	if (c->state == UE_RRC_CONNECTED &&"),
    ("tests/rrc_line", "what a DU wants of a UE crosses an order", "gnb/cucp/ue_context_required.c",
     "	       (ue->procedure == CUCP_NONE || ue->procedure == CUCP_CAPABILITY ||", "	       (ue->procedure != CUCP_RELEASE ||"),
    ("tests/air", "a UE that comes back is not configured again", "gnb/du/node_return.c", "		n->ues[place].returned = true;", "		n->ues[place].returned = false;"),
    ("tests/air", "SRB1 has no scheduling requests after a re-establishment", "gnb/du/node_lower.c", "	size_t count = 1;", "	size_t count = 0;"),
    ("tests/link", "what UEs sound says nothing of their timing", "gnb/du/srs.c", "		du_timing_heard(u, e->delay_s);\n", ""),
    ("tests/ue_phy", "SRS goes where the slot is downlink", "ue/phy/srs.c", "(taken | ~uplink)) != 0", "taken) != 0 || (symbols_of(&plan) & uplink) == 0"),
    ("tests/ue_phy", "SRS goes in a PUSCH's symbols", "ue/phy/srs.c", "(taken | ~uplink)) != 0", "(uint16_t)~uplink) != 0"),
]


def all_faults():
    return [((), fault) for fault in FAULTS] + [(fault[0].split(), fault[1:]) for fault in AIR_FAULTS]


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


def failed_of(output):
    return re.findall(r"^ *\d+/\d+ (?:\S+ / )?(\S+) +(?:FAIL|TIMEOUT|ERROR)", output, re.M)  # a project's suites stand before the name


def suite_fails(tree, tests):
    """Unit tests and scenarios, until one fails; (one did, which). With tests: each of these must."""
    p = run(tree, "ninja", "-C", "build")
    if p.returncode:
        return False, ["it does not build"]
    p = run(tree, "meson", "test", "-C", "build", "--no-rebuild", "-t", "4", *(tests or ("--maxfail", "1")))
    lines = failed_of(p.stdout)
    blind = [test for test in tests if not any(line.endswith(test) for line in lines)]
    return p.returncode != 0 and not blind, ["not by " + test for test in blind] or lines[:3]


def stale():
    """Faults whose text is not in the tree any more: they would not be planted."""
    gone = []
    for _, fault in all_faults():
        for path, old, _ in edits(fault):
            with open(os.path.join(ROOT, path), encoding="utf-8") as f:
                if old not in f.read():
                    gone.append("%s: %s" % (path, fault[0]))
    return gone


def main():
    tried = failed = 0
    with tempfile.TemporaryDirectory(prefix="freehold-faults-") as folder:
        tree = os.path.join(folder, "tree")
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("build*", ".git"))
        subprocess.run(["git", "init", "-q", tree], check=True)
        run(tree, "meson", "setup", "build", "--buildtype=debugoptimized")
        for tests, fault in all_faults():
            if sys.argv[1:] and not any(word in fault[0] for word in sys.argv[1:]):
                continue
            before = [(path, replace(tree, path, old, new)) for path, old, new in edits(fault)]
            found, lines = suite_fails(tree, tests) if all(text for _, text in before) else (False, ["the text to replace is gone"])
            print("%s %s (%s)" % ("found " if found else "MISSED", fault[0], ", ".join(lines)))
            sys.stdout.flush()
            tried += 1
            failed += not found
            for path, text in before:
                if text:
                    restore(tree, path, text)
    print("%d passed, %d failed" % (tried - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
