/* Data PDUs of the layer below (38.323 5.2.2): their COUNTs, the window, and the order. */
#include "radio/pdcp/entity.h"

static uint64_t reordering_ends(const struct pdcp *p, uint64_t now_ns)
{
	return p->config.reordering_ms == PDCP_INFINITY
		       ? PDCP_NEVER
		       : now_ns + p->config.reordering_ms * UINT64_C(1000000);
}

/* RCVD_COUNT of 5.2.2.1. False: it would be below 0, or above what COUNT has. */
static bool count_of(const struct pdcp *p, uint32_t sn, uint32_t *count)
{
	uint8_t bits = p->config.rx_sn_bits;
	int64_t window = INT64_C(1) << (bits - 1), deliv_sn = p->rx.deliv & ((1u << bits) - 1);
	int64_t hfn = p->rx.deliv >> bits;

	if (sn < deliv_sn - window)
		hfn++;
	else if (sn >= deliv_sn + window)
		hfn--;
	if (hfn < 0 || hfn >> (32 - bits) != 0)
		return false;
	*count = (uint32_t)hfn << bits | sn;
	return true;
}

/* The last that waits below count; NULL: none. *same: the one of count itself waits. */
static struct sdu *waiting_before(const struct pdcp *p, uint32_t count, bool *same)
{
	struct sdu *s = p->rx.waiting.last;

	while (s && s->tag > count)
		s = s->prev;
	*same = s && s->tag == count;
	return s;
}

static void deliver(struct pdcp *p, struct sdu *s)
{
	sdu_queue_remove(&p->rx.waiting, s);
	if (s->len == 0) /* out of order: it went up when it came */
		sdu_free(p->pool, s);
	else
		p->n.deliver(p->n.arg, s);
}

/* All that follow one another from RX_DELIV on. */
static void deliver_consecutive(struct pdcp *p)
{
	for (struct sdu *s; (s = p->rx.waiting.first) && s->tag == p->rx.deliv;) {
		p->rx.deliv++;
		deliver(p, s);
	}
}

void pdcp_deliver_all(struct pdcp *p)
{
	while (p->rx.waiting.first)
		deliver(p, p->rx.waiting.first);
}

/* 5.2.2.1, its end, and 5.2.2.2. */
static void watch(struct pdcp *p, uint64_t now_ns)
{
	struct pdcp_receiving *rx = &p->rx;

	if (rx->t_reordering_ns != PDCP_NEVER && rx->deliv >= rx->reord)
		rx->t_reordering_ns = PDCP_NEVER;
	if (rx->t_reordering_ns == PDCP_NEVER && rx->deliv < rx->next) {
		rx->reord = rx->next;
		rx->t_reordering_ns = reordering_ends(p, now_ns);
	}
}

/* All before `from`, which are given up where they have not come, and what follows it. */
static void give_up_below(struct pdcp *p, uint32_t from)
{
	uint32_t missing = from - p->rx.deliv;

	for (struct sdu *s; (s = p->rx.waiting.first) && s->tag < from; missing--)
		deliver(p, s);
	p->stats.rx_lost += missing;
	p->rx.deliv = from;
	deliver_consecutive(p);
}

void pdcp_reordering_expired(struct pdcp *p, uint64_t now_ns)
{
	p->stats.reordered++;
	p->rx.t_reordering_ns = PDCP_NEVER;
	give_up_below(p, p->rx.reord);
	watch(p, now_ns);
}

/* Where it waits, a place in the order; the octets of what is delivered at once are another buffer's. */
static struct sdu *early_delivery(struct pdcp *p, struct sdu *s)
{
	struct sdu *place = sdu_new(p->pool, 0);

	if (place)
		place->tag = s->tag;
	return place;
}

static void store(struct pdcp *p, struct sdu *s, struct sdu *before, uint64_t now_ns)
{
	struct pdcp_receiving *rx = &p->rx;
	uint32_t count = (uint32_t)s->tag;
	struct sdu *early = NULL;

	if (p->config.out_of_order_delivery && count != rx->deliv) {
		early = s;
		s = early_delivery(p, early);
		if (!s) {
			p->stats.rx_refused++;
			sdu_free(p->pool, early);
			return;
		}
	}
	sdu_queue_insert(&rx->waiting, before, s);
	if (count >= rx->next)
		rx->next = count + 1;
	if (early)
		p->n.deliver(p->n.arg, early);
	deliver_consecutive(p);
	/* Nothing may wait without bound: as if t-Reordering had expired for the first gap. */
	if (rx->waiting.count > p->config.waiting_max)
		give_up_below(p, (uint32_t)rx->waiting.first->tag);
	watch(p, now_ns);
}

static bool read_sn(const struct pdcp *p, const struct sdu *pdu, uint32_t *sn)
{
	struct cursor c = cursor_of(sdu_bytes(pdu));

	*sn = p->config.rx_sn_bits == 12 ? cursor_u16(&c) & 0xfff : cursor_u24(&c) & 0x3ffff;
	return !c.failed;
}

/* What is good and not yet had goes to its place. */
static void arrive(struct pdcp_pdu *x, uint64_t now_ns)
{
	struct pdcp *p = x->p;
	struct sdu *before;
	bool same;

	if (!x->good) {
		sdu_free(p->pool, x->s);
		return;
	}
	before = waiting_before(p, x->count, &same);
	if (x->count < p->rx.deliv || same) {
		p->stats.rx_duplicates++;
		sdu_free(p->pool, x->s);
		return;
	}
	x->s->tag = x->count;
	store(p, x->s, before, now_ns);
}

/* Finds the COUNT of a data PDU; false: it is a control PDU, or impossible, and done with. */
static bool is_data(struct pdcp *p, struct sdu *pdu, struct pdcp_pdu *out)
{
	uint32_t sn, count;

	p->stats.rx_pdus++;
	p->stats.rx_octets += pdu->len;
	if (p->config.bearer != PDCP_SRB && !(pdu->len > 0 && pdu->data[0] & 0x80)) {
		pdcp_control_receive(p, sdu_bytes(pdu));
		sdu_free(p->pool, pdu);
		return false;
	}
	if (!read_sn(p, pdu, &sn) || !count_of(p, sn, &count) || count == UINT32_MAX) {
		p->stats.rx_invalid++;
		sdu_free(p->pool, pdu);
		return false;
	}
	*out = (struct pdcp_pdu){ .p = p, .s = pdu, .count = count };
	return true;
}

/* A burst is far shorter than half of the numbers, so COUNTs may be found before any of it is delivered. */
void pdcp_receive_burst(struct pdcp_unit *units, size_t n, uint64_t now_ns)
{
	struct pdcp_pdu pdus[BURST_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += is_data(units[i].p, units[i].s, &pdus[count]);
	pdcp_check(pdus, count);
	for (size_t i = 0; i < count; i++)
		arrive(&pdus[i], now_ns);
}
