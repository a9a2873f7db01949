/* The MAC PDU of a grant: prioritisation, control elements, SDUs, padding (38.321 5.4.3.1.3, 5.4.3.2, 6.1.2).
 */
#include "ue/mac/entity.h"

enum { C_RNTI_SIZE = 3, PHR_SIZE = 3, UNLIMITED = 0x7fffffff };

struct build {
	struct ue_mac *m;
	struct writer w;
	size_t kept; /* octets at the end for control elements that come behind the SDUs */
	uint64_t now_ns;
	size_t sdus;
};

/* One RLC PDU of a channel into what is left; how many octets of SDU, 0: none fits or there is none. */
static size_t put_sdu(struct build *b, struct ue_mac_channel *c)
{
	struct writer room = b->w;
	size_t header, left, n;
	uint8_t *at;

	room.cap -= b->kept;
	left = room.cap - room.len;
	header = left < 256 + 2 ? 2 : 3;
	if (left <= header)
		return 0;
	at = mac_sdu_begin(&room, c->c.lcid, left - header);
	if (!at)
		return 0;
	n = rlc_pull(c->rlc, at, left - header, b->now_ns);
	if (n == 0)
		return 0;
	mac_sdu_end(&room, c->c.lcid, at, n);
	b->w.len = room.len;
	b->sdus++;
	return n;
}

/* Serves a channel until `most` octets, its data or the grant are used up. */
static void serve(struct build *b, struct ue_mac_channel *c, int64_t most)
{
	size_t n;

	for (int64_t served = 0; served < most; served += (int64_t)n) {
		n = put_sdu(b, c);
		if (n == 0)
			return;
		if (c->c.prioritised_octets_s != UE_MAC_INFINITY)
			c->bucket -= (int64_t)n;
	}
}

/* First those with Bj > 0 up to that, in the order of priority; then all in that order. */
static void serve_all(struct build *b)
{
	struct ue_mac *m = b->m;

	ue_mac_fill_buckets(m, b->now_ns);
	for (uint8_t i = 0; i < m->count; i++) {
		struct ue_mac_channel *c = &m->channels[m->by_priority[i]];

		if (c->c.prioritised_octets_s == UE_MAC_INFINITY)
			serve(b, c, UNLIMITED);
		else if (c->bucket > 0)
			serve(b, c, c->bucket);
	}
	for (uint8_t i = 0; i < m->count; i++) {
		struct ue_mac_channel *c = &m->channels[m->by_priority[i]];

		while (put_sdu(b, c) > 0)
			;
	}
}

static bool has_data(const struct ue_mac *m, uint64_t now_ns)
{
	for (uint8_t i = 0; i < m->count; i++)
		if (ue_mac_data(&m->channels[m->by_priority[i]], now_ns) > 0)
			return true;
	return false;
}

/* 5.4.3.1.3: only a periodic report of nothing, or padding, need not be sent. */
static bool may_skip(const struct ue_mac *m, const struct ue_mac_grant *g, uint64_t now_ns)
{
	return m->config.skip_uplink_tx_dynamic && g->dynamic && !g->with_csi && g->ccch.len == 0 &&
	       !g->c_rnti && !m->bsr.regular && !(m->phr.triggered && m->config.phr) && !has_data(m, now_ns);
}

static bool put_ccch(struct build *b, struct bytes ccch)
{
	mac_write(&b->w, MAC_UL_SCH, ccch.len == 8 ? MAC_CCCH : MAC_UL_CCCH_48, ccch);
	return !b->w.failed;
}

/* Room for control elements is kept before SDUs take theirs: they come first in the order of priority, and
 * behind SDUs in the PDU. */
static size_t keep(const struct build *b, size_t size)
{
	return b->w.cap - b->w.len - b->kept >= size ? size : 0;
}

bool ue_mac_build(struct ue_mac *m, const struct ue_mac_grant *g, uint8_t *out, uint64_t now_ns)
{
	struct build b = { .m = m, .w = writer_of(out, g->octets), .now_ns = now_ns };
	uint8_t c_rnti[2];
	struct writer ce = writer_of(c_rnti, sizeof(c_rnti));
	size_t rnti, bsr, phr;

	m->bsr.retx_ns =
		m->bsr.retx_ns == UE_MAC_NEVER ? UE_MAC_NEVER : ue_mac_after(now_ns, m->config.retx_bsr_ms);
	ue_mac_phr_grant(m, now_ns);
	if (may_skip(m, g, now_ns)) {
		m->stats.skipped++;
		return false;
	}
	if (g->ccch.len > 0 && !put_ccch(&b, g->ccch))
		return false;
	b.kept += rnti = g->c_rnti ? keep(&b, C_RNTI_SIZE) : 0;
	b.kept += bsr = keep(&b, ue_mac_bsr_size(m, now_ns));
	b.kept += phr = m->phr.triggered && m->config.phr ? keep(&b, PHR_SIZE) : 0;
	serve_all(&b);
	b.kept = 0;
	if (rnti) {
		mac_c_rnti_write(&ce, *g->c_rnti);
		mac_write(&b.w, MAC_UL_SCH, MAC_UL_C_RNTI, BYTES(c_rnti));
	}
	if (bsr)
		ue_mac_bsr_put(m, &b.w, now_ns);
	if (phr)
		ue_mac_phr_put(m, &b.w, &g->phr, now_ns);
	if (!bsr)
		ue_mac_bsr_pad(m, &b.w, now_ns);
	ue_mac_bsr_taken(m, now_ns);
	m->stats.pdus++;
	m->stats.pdu_octets += g->octets;
	m->stats.sdus += b.sdus;
	m->stats.padding_octets += b.w.cap - b.w.len;
	mac_pad(&b.w);
	return !b.w.failed;
}
