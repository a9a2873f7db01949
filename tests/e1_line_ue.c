/* A DRB at its DU and its UE: RLC that brings every PDU after a while, in order, and PDCP and SDAP above it.
 */
#include "radio/rrc/bearer.h"
#include "tests/e1_line_internal.h"

enum { AIR_MS = 4 };

static struct e1_drb *drb_of(struct e1_line *l, uint8_t drb)
{
	return drb >= 1 && drb <= E1_DRBS ? &l->drbs[drb] : NULL;
}

struct cucp_bearer e1_line_bearer(const struct e1_line *l, uint8_t drb)
{
	return (struct cucp_bearer){ .drb = drb,
		.psi = drb == 1 ? E1_PSI : E1_PSI_UM,
		.is_default = true,
		.snssai = drb == 1 ? (struct snssai){ 1, SNSSAI_NO_SD } : l->slice,
		.flows = { { drb, 9, 8 } },
		.flow_count = 1,
		.pdcp = { .bearer = drb == 1 ? PDCP_AM_DRB : PDCP_UM_DRB,
			.rb_id = drb,
			.tx_sn_bits = drb == 1 ? 18 : 12,
			.rx_sn_bits = drb == 1 ? 18 : 12,
			.integrity = drb == 1,
			.tx_sdap = true,
			.discard_ms = drb == 1 ? l->discard_ms : 500,
			.reordering_ms = 100 } };
}

static bool air_send(void *arg, void *bearer, uint64_t tag, struct bytes pdu)
{
	struct e1_line *l = arg;
	struct e1_drb *d = bearer;
	struct sdu *s = d->rlc_next - d->rlc_first < E1_RLC_MAX ? sdu_of(&l->pool, pdu) : NULL;

	if (!s)
		return false;
	d->rlc[d->rlc_next++ % E1_RLC_MAX] =
		(struct e1_rlc_pdu){ tag, l->env.now_ns + AIR_MS * (uint64_t)NS_PER_MS, s };
	d->rlc_octets += pdu.len;
	if (d->rlc_octets > d->rlc_most)
		d->rlc_most = d->rlc_octets;
	return true;
}

static bool air_discard(void *arg, void *bearer, uint64_t tag)
{
	struct e1_line *l = arg;
	struct e1_drb *d = bearer;

	for (uint32_t i = d->rlc_first; i < d->rlc_next; i++) {
		struct e1_rlc_pdu *p = &d->rlc[i % E1_RLC_MAX];

		if (p->tag != tag || !p->sdu)
			continue;
		d->rlc_octets -= p->sdu->len;
		sdu_free(&l->pool, p->sdu);
		p->sdu = NULL;
		return true;
	}
	return false;
}

static uint64_t air_waiting(void *arg, void *bearer)
{
	return ((struct e1_drb *)bearer)->rlc_octets;
}

static void air_gone(void *arg, void *bearer)
{
	((struct e1_drb *)bearer)->gone = true;
}

const struct du_f1u_lower e1_line_rlc = { NULL, air_send, air_discard, air_waiting, air_gone };

static void ue_submit_sdap(void *arg, uint8_t drb, struct sdu *pdu)
{
	struct e1_drb *d = arg;

	may_fail(pdcp_send(d->pdcp, pdu, d->l->env.now_ns));
}

static void ue_deliver_sdap(void *arg, uint8_t qfi, struct sdu *sdu)
{
	struct e1_drb *d = arg;
	struct cursor c = cursor_of(sdu_bytes(sdu));
	uint32_t number = cursor_u32(&c);

	assert_true(d->l->foreign || (sdu->len == E1_PACKET && number >= d->expected));
	d->expected = number + 1;
	d->got++;
	sdu_free(&d->l->pool, sdu);
}

/* Uplink is at the DU at once: RLC of that direction is not what this is about. */
static void ue_submit(void *arg, struct sdu *pdu)
{
	struct e1_drb *d = arg;

	if (d->f1u)
		du_f1u_uplink(d->f1u, sdu_bytes(pdu));
	if (pdu->tag != PDCP_CONTROL_TAG)
		d->up_tag = pdu->tag;
	sdu_free(&d->l->pool, pdu);
}

static void ue_discard(void *arg, uint64_t tag)
{
}

static void ue_deliver(void *arg, struct sdu *sdu)
{
	struct e1_drb *d = arg;

	sdap_receive(&d->sdap, d->drb, sdu);
}

void e1_line_drb_begin(struct e1_line *l, uint8_t drb, const struct cucp_tunnel *ul)
{
	struct e1_drb *d = drb_of(l, drb);
	struct cucp_bearer b = e1_line_bearer(l, drb);
	struct du_f1ap_drb f1 = { .drb = drb,
		.mode = b.pdcp.bearer == PDCP_AM_DRB ? F1AP_RLC_MODE_RLC_AM
						     : F1AP_RLC_MODE_RLC_UM_BIDIRECTIONAL,
		.dl_sn_bits = b.pdcp.rx_sn_bits,
		.ul.address_len = ul->address_len,
		.ul.teid = ul->teid };

	if (!d)
		return;
	e1_line_drb_end(l, drb);
	*d = (struct e1_drb){ .l = l, .drb = drb, .psi = b.psi, .there = true };
	d->am = b.pdcp.bearer == PDCP_AM_DRB;
	assert_true(bytes_copy(f1.ul.address, sizeof(f1.ul.address), bytes_of(ul->address, ul->address_len)));
	d->f1u = du_f1u_begin(l->f1u, d, &f1);
	d->pdcp = pdcp_new(&b.pdcp, &(struct pdcp_neighbours){ d, ue_submit, ue_discard, ue_deliver, NULL },
		&l->pool, l->engine);
	assert_non_null(d->pdcp);
	assert_true(pdcp_secure(d->pdcp, &l->cp.keys, PDCP_ALL_SECURITY));
	if (l->numbers.drb == drb)
		pdcp_continue(d->pdcp, l->numbers.ul, l->numbers.dl, l->numbers.dl);
	sdap_init(&d->sdap, true, &(struct sdap_neighbours){ d, ue_submit_sdap, ue_deliver_sdap, NULL, NULL },
		&l->pool);
	assert_true(sdap_drb_set(&d->sdap, drb, b.pdcp.tx_sdap, b.pdcp.rx_sdap, true));
}

void e1_line_drb_end(struct e1_line *l, uint8_t drb)
{
	struct e1_drb *d = drb_of(l, drb);

	if (!d || !d->there)
		return;
	for (uint32_t i = d->rlc_first; i < d->rlc_next; i++)
		if (d->rlc[i % E1_RLC_MAX].sdu)
			sdu_free(&l->pool, d->rlc[i % E1_RLC_MAX].sdu);
	d->rlc_first = d->rlc_next;
	d->rlc_octets = 0;
	if (d->f1u)
		du_f1u_end(d->f1u);
	pdcp_free(d->pdcp);
	d->there = false;
}

static void drb_run(struct e1_line *l, struct e1_drb *d)
{
	while (!l->air_stopped && d->there && d->rlc_first < d->rlc_next &&
		d->rlc[d->rlc_first % E1_RLC_MAX].due_ns <= l->env.now_ns) {
		struct e1_rlc_pdu p = d->rlc[d->rlc_first++ % E1_RLC_MAX];

		if (!p.sdu)
			continue;
		d->rlc_octets -= p.sdu->len;
		if (d->am && d->f1u && p.tag != DU_F1U_NO_TAG)
			du_f1u_delivered(d->f1u, p.tag);
		pdcp_receive(d->pdcp, p.sdu, l->env.now_ns);
	}
	if (!d->there)
		return;
	for (; d->up_acked < d->up_tag; d->up_acked++)
		pdcp_delivered(d->pdcp, d->up_acked);
	pdcp_run(d->pdcp, l->env.now_ns);
}

void e1_line_air_run(struct e1_line *l)
{
	for (uint8_t i = 1; i <= E1_DRBS; i++)
		drb_run(l, &l->drbs[i]);
}

uint64_t e1_line_air_due_ns(const struct e1_line *l)
{
	uint64_t due = NEVER;

	for (uint8_t i = 1; i <= E1_DRBS; i++) {
		const struct e1_drb *d = &l->drbs[i];

		if (d->there && d->rlc_first < d->rlc_next && !l->air_stopped &&
			d->rlc[d->rlc_first % E1_RLC_MAX].due_ns < due)
			due = d->rlc[d->rlc_first % E1_RLC_MAX].due_ns;
	}
	return due;
}

void e1_line_up(struct e1_line *l, uint8_t drb, uint32_t packets)
{
	struct e1_drb *d = drb_of(l, drb);
	uint8_t octets[E1_PACKET] = { 0 };

	for (uint32_t i = 0; d && d->there && i < packets; i++) {
		struct writer w = writer_of(octets, sizeof(octets));
		struct sdu *s;

		writer_u32(&w, d->sent_up++);
		s = sdu_of(&l->pool, BYTES(octets));
		assert_non_null(s);
		sdap_send(&d->sdap, drb, s, false, false);
	}
}
