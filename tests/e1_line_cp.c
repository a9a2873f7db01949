/* Whoever has the UE at the CU-CP, and the UPF. */
#include "tests/e1_line_internal.h"

static struct cucp_tunnel tunnel(uint32_t ip, uint32_t teid)
{
	struct cucp_tunnel t = { .address_len = 4, .teid = teid };
	struct writer w = writer_of(t.address, 4);

	writer_u32(&w, ip);
	return t;
}

static struct cucp_e1_session session_of(struct e1_line *l, const struct cucp_bearer *b)
{
	return (struct cucp_e1_session){ .psi = b->psi,
		.snssai = b->snssai,
		.integrity =
			b->pdcp.integrity ? l->cp.integrity : E1AP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED,
		.ciphering = E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED,
		.n3_ul = tunnel(E1_UPF_IP, E1_UPF_TEID + b->psi),
		.add = b,
		.add_count = 1 };
}

bool e1_line_connect(struct e1_line *l)
{
	struct cucp_bearer b = e1_line_bearer(l, 1);
	struct cucp_e1_session s = session_of(l, &b);
	struct cucp_e1_order o = { .plmn = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } },
		.keys = &l->cp.keys,
		.inactivity_s = 10,
		.dl_ambr_bps = 1000000000,
		.add = &s,
		.add_count = 1 };

	s.numbers = &l->numbers;
	s.numbers_count = l->numbers.drb != 0;
	if (l->cp.context)
		return false;
	l->cp.context = cucp_e1_context_setup(l->e1ap, l, &o);
	return l->cp.context != NULL;
}

static bool modify(struct e1_line *l, const struct cucp_e1_order *o)
{
	return l->cp.context && cucp_e1_context_modify(l->cp.context, o);
}

void e1_line_add(struct e1_line *l)
{
	struct cucp_bearer b = e1_line_bearer(l, 2);
	struct cucp_e1_session s = session_of(l, &b);

	(void)modify(l, &(struct cucp_e1_order){ .add = &s, .add_count = 1 });
}

void e1_line_remove(struct e1_line *l)
{
	static const uint8_t psi = E1_PSI_UM;

	if (modify(l, &(struct cucp_e1_order){ .remove = &psi, .remove_count = 1 }))
		e1_line_drb_end(l, 2);
}

void e1_line_rekey(struct e1_line *l)
{
	struct pdcp_security keys = { NEA1, NIA1, { 7 }, { 8 } };
	struct cucp_bearer b[E1_DRBS];
	struct cucp_e1_change change[E1_DRBS];
	struct cucp_e1_session s[E1_DRBS];
	uint8_t count = 0;

	for (uint8_t d = 1; d <= E1_DRBS; d++) {
		if (!l->drbs[d].there)
			continue;
		b[count] = e1_line_bearer(l, d);
		change[count] = (struct cucp_e1_change){ .bearer = &b[count], .reestablish = true };
		s[count] = (struct cucp_e1_session){
			.psi = b[count].psi, .change = &change[count], .change_count = 1
		};
		count++;
	}
	if (!modify(l, &(struct cucp_e1_order){ .keys = &keys, .modify = s, .modify_count = count }))
		return;
	l->cp.keys = keys;
	for (uint8_t d = 1; d <= E1_DRBS; d++)
		if (l->drbs[d].there)
			assert_true(
				pdcp_reestablish(l->drbs[d].pdcp, &keys, PDCP_ALL_SECURITY, l->env.now_ns));
}

void e1_line_ask_numbers(struct e1_line *l)
{
	struct cucp_bearer b = e1_line_bearer(l, 1);
	struct cucp_e1_change change = { .bearer = &b, .numbers = true };
	struct cucp_e1_session s = { .psi = E1_PSI, .change = &change, .change_count = 1 };

	assert_true(modify(l, &(struct cucp_e1_order){ .modify = &s, .modify_count = 1 }));
}

void e1_line_status(struct e1_line *l, enum cucp_e1_status status)
{
	(void)modify(l, &(struct cucp_e1_order){ .status = status });
}

static void forget(struct e1_line *l)
{
	l->cp.context = NULL;
	for (uint8_t d = 1; d <= E1_DRBS; d++) {
		e1_line_drb_end(l, d);
		l->cp.attached[d] = false;
	}
}

void e1_line_release(struct e1_line *l)
{
	if (l->cp.context)
		cucp_e1_context_release(l->cp.context);
	forget(l);
}

/* The DU gets the DRB, and the CU-UP hears where. */
static void attach(struct e1_line *l, uint8_t psi, const struct cucp_e1_drb_answer *d)
{
	struct cucp_e1_attachment a = { .drb = d->drb };
	struct cucp_e1_session s = { .psi = psi, .attach = &a, .attach_count = 1 };

	e1_line_drb_begin(l, d->drb, &d->ul);
	if (d->drb == 1)
		l->cp.first_ul = d->ul;
	if (!l->drbs[d->drb].f1u)
		return;
	a.dl = tunnel(E1_DU_IP, du_f1u_teid(l->drbs[d->drb].f1u));
	l->cp.attached[d->drb] = modify(l, &(struct cucp_e1_order){ .modify = &s, .modify_count = 1 });
}

static void answered(void *arg, void *user, const struct cucp_e1_session_answer *sessions, uint8_t count)
{
	struct e1_line *l = arg;

	l->cp.answered++;
	for (uint8_t i = 0; i < count; i++) {
		const struct cucp_e1_session_answer *s = &sessions[i];

		l->cp.last = *s;
		l->cp.refused += !s->ok;
		if (s->ok && s->has_n3_dl)
			l->cp.n3_dl[s->psi & 7] = s->n3_dl.teid;
		for (uint8_t d = 0; s->ok && d < s->drb_count; d++) {
			l->cp.refused += !s->drbs[d].ok;
			if (s->drbs[d].ok && s->drbs[d].has_ul && s->drbs[d].drb <= E1_DRBS)
				attach(l, s->psi, &s->drbs[d]);
		}
	}
}

static void failed(void *arg, void *user, const struct e1ap_cause *cause)
{
	struct e1_line *l = arg;

	l->cp.failed++;
	l->cp.cause = *cause;
	if (cucp_e1_contexts(l->e1ap) == 0)
		forget(l);
}

static void activity(void *arg, void *user, uint8_t psi, uint8_t drb, bool active)
{
	struct e1_line *l = arg;

	l->cp.silent += !active;
	l->cp.active += active;
}

static void downlink(void *arg, void *user, uint8_t psi)
{
	((struct e1_line *)arg)->cp.downlink++;
}

static void usage(void *arg, void *user, uint8_t drb, uint64_t ul, uint64_t dl)
{
	struct e1_line *l = arg;

	l->cp.usages++;
	l->cp.ul += ul;
	l->cp.dl += dl;
}

static void removed(void *arg, void *user, uint8_t psi, uint8_t drb)
{
	struct e1_line *l = arg;

	l->cp.removed++;
	for (uint8_t d = 1; d <= E1_DRBS; d++)
		if (l->drbs[d].psi == psi && (drb == 0 || drb == d))
			e1_line_drb_end(l, d);
}

static void lost(void *arg, void *user, const struct e1ap_cause *cause)
{
	struct e1_line *l = arg;

	l->cp.lost++;
	l->cp.cause = *cause;
	forget(l);
}

const struct cucp_e1_upper e1_line_upper = { NULL, answered, failed, activity, downlink, usage, removed,
	lost };

void e1_line_down(struct e1_line *l, uint8_t psi, uint32_t packets)
{
	struct e1_drb *d = &l->drbs[psi == E1_PSI ? 1 : 2];
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.teid = l->cp.n3_dl[psi & 7],
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = psi == E1_PSI ? 1 : 2 } };
	uint8_t octets[GTPU_HEADER_MAX + E1_PACKET] = { 0 };

	for (uint32_t i = 0; i < packets; i++) {
		size_t size = gtpu_header_encode(&h, E1_PACKET, octets);
		struct writer w = writer_of(octets + size, E1_PACKET);

		writer_u32(&w, d->sent_down++);
		e1_line_put(l, E1_N3_DOWN, l->cp.context ? cucp_e1_context_up(l->cp.context) : 0,
			bytes_of(octets, size + E1_PACKET));
	}
}

void e1_line_upf_received(struct e1_line *l, struct bytes datagram)
{
	struct addr from = addr_from_v4(E1_CUUP_N3_IP, GTPU_UDP_PORT);
	struct gtpu_header h;
	struct bytes packet;

	if (gtpu_path_receive(&l->upf, &from, datagram, &h, &packet) != GTPU_PATH_PACKET)
		return;
	assert_true(h.has_pdu_session && h.pdu_session.pdu_type == GTPU_PDU_UL);
	assert_true(l->foreign || (packet.len == E1_PACKET && h.pdu_session.qfi == (h.teid & 7) - 4));
	if (h.teid - E1_UPF_TEID < ARRAY_LEN(l->upf_got))
		l->upf_got[h.teid - E1_UPF_TEID]++;
}
