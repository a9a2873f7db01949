/* Acknowledged mode: what a STATUS PDU says of what was sent (38.322 5.2.3.1, 5.3.2, 5.3.3.3). */
#include "radio/rlc/entity.h"

static void pending_append(struct rlc *r, struct sdu *s)
{
	struct rlc_transmission *t = &r->tx;

	s->arq.prev_pending = t->pending_last;
	s->arq.next_pending = NULL;
	*(t->pending_last ? &t->pending_last->arq.next_pending : &t->pending_first) = s;
	t->pending_last = s;
}

static void pending_unlink(struct rlc *r, struct sdu *s)
{
	struct rlc_transmission *t = &r->tx;

	*(s->arq.prev_pending ? &s->arq.prev_pending->arq.next_pending : &t->pending_first) =
		s->arq.next_pending;
	*(s->arq.next_pending ? &s->arq.next_pending->arq.prev_pending : &t->pending_last) =
		s->arq.prev_pending;
	s->arq.next_pending = s->arq.prev_pending = NULL;
}

/* Adds up what is pending of s, or takes it away. */
static void pending_count(struct rlc *r, const struct sdu *s, int sign)
{
	for (uint8_t i = 0; i < s->arq.pending_count; i++)
		r->tx.pending_octets += (uint32_t)(sign * (s->arq.pending[i].to - s->arq.pending[i].from));
	r->tx.pending_pieces += (uint32_t)(sign * s->arq.pending_count);
}

void rlc_am_pending_remove(struct rlc *r, struct sdu *s)
{
	if (s->arq.pending_count == 0)
		return;
	pending_count(r, s, -1);
	s->arq.pending_count = 0;
	pending_unlink(r, s);
}

/* Ranges that touch become one; where there are too many, the last two: more is sent again than was asked
 * for. */
static void ranges_add(struct sdu_arq *a, uint16_t from, uint16_t to)
{
	struct sdu_range all[SDU_PENDING_MAX + 1];
	uint8_t n = 0, i = 0;

	while (i < a->pending_count && a->pending[i].to < from)
		all[n++] = a->pending[i++];
	for (; i < a->pending_count && a->pending[i].from <= to; i++) {
		from = a->pending[i].from < from ? a->pending[i].from : from;
		to = a->pending[i].to > to ? a->pending[i].to : to;
	}
	all[n++] = (struct sdu_range){ from, to };
	while (i < a->pending_count)
		all[n++] = a->pending[i++];
	if (n > SDU_PENDING_MAX) {
		n = SDU_PENDING_MAX;
		all[n - 1].to = all[n].to;
	}
	for (i = 0; i < n; i++)
		a->pending[i] = all[i];
	a->pending_count = n;
}

/* 5.3.2: one STATUS PDU counts once, and what is pending already does not count. */
static bool counts(const struct sdu_arq *a, uint32_t from, uint32_t to, uint32_t status)
{
	if (status != 0 && a->status == status)
		return false;
	for (uint8_t i = 0; i < a->pending_count; i++)
		if (a->pending[i].from <= from && to <= a->pending[i].to)
			return false;
	return true;
}

void rlc_am_consider(struct rlc *r, struct sdu *s, uint32_t from, uint32_t to, uint32_t status)
{
	struct sdu_arq *a = &s->arq;
	bool first = !a->considered, again = !first && counts(a, from, to, status);

	a->considered = true;
	a->status = status;
	if (a->pending_count == 0)
		pending_append(r, s);
	pending_count(r, s, -1);
	ranges_add(a, (uint16_t)from, (uint16_t)to);
	pending_count(r, s, 1);
	if (again && a->retx_count < UINT8_MAX && ++a->retx_count == r->config.max_retx_threshold &&
		r->upper.max_retx_reached)
		r->upper.max_retx_reached(r->upper.arg);
}

void rlc_am_pending_sent(struct rlc *r, struct sdu *s, uint32_t n)
{
	struct sdu_arq *a = &s->arq;

	pending_count(r, s, -1);
	a->pending[0].from = (uint16_t)(a->pending[0].from + n);
	if (a->pending[0].from == a->pending[0].to) {
		a->pending_count--;
		for (uint8_t i = 0; i < a->pending_count; i++)
			a->pending[i] = a->pending[i + 1];
	}
	pending_count(r, s, 1);
	if (a->pending_count == 0)
		pending_unlink(r, s);
}

/* What the peer has: s was sent whole. */
static void acknowledge(struct rlc *r, struct sdu *s)
{
	uint64_t tag = s->tag;

	rlc_am_pending_remove(r, s);
	sdu_queue_remove(&r->tx.sent, s);
	sdu_free(&r->memory->sdus, s);
	if (r->upper.delivered)
		r->upper.delivered(r->upper.arg, tag);
}

/* The SDU behind s in the order of SNs, of which something was sent. */
static struct sdu *behind(const struct rlc *r, const struct sdu *s)
{
	struct sdu *waiting = r->tx.waiting.first;

	if (s->next && s->arq.sent == s->len)
		return s->next;
	return s != waiting && s->arq.sent == s->len && waiting && waiting->arq.sent > 0 ? waiting : NULL;
}

static struct sdu *oldest(const struct rlc *r)
{
	struct sdu *waiting = r->tx.waiting.first;

	if (r->tx.sent.first)
		return r->tx.sent.first;
	return waiting && waiting->arq.sent > 0 ? waiting : NULL;
}

/* What of s the set n says is missing; of what was not sent yet nothing can be. */
static void negative(struct rlc *r, struct sdu *s, uint32_t at, const struct rlc_nack *n)
{
	uint32_t from = n->has_so && at == 0 ? n->so_start : 0, to = s->len;

	if (n->has_so && at == n->range - 1 && n->so_end < to)
		to = n->so_end + 1u;
	if (to > s->arq.sent)
		to = s->arq.sent;
	if (from < to)
		rlc_am_consider(r, s, from, to, r->tx.statuses);
	s->arq.status = r->tx.statuses;
}

/* Acknowledges from s on all below sn that this STATUS PDU does not miss; the first at or above it. */
static struct sdu *acknowledge_below(struct rlc *r, struct sdu *s, uint32_t sn)
{
	while (s && rlc_before(s->arq.sn, sn) && s->arq.sent == s->len) {
		struct sdu *next = behind(r, s);

		if (s->arq.status != r->tx.statuses)
			acknowledge(r, s);
		s = next;
	}
	return s;
}

static bool next_nack(const struct rlc *r, struct cursor *c, struct rlc_nack *n, bool *more)
{
	if (!rlc_nack_read(c, r->config.tx_sn_bits, n, more))
		return false;
	n->sn = rlc_sn_from(r->tx.next_ack, n->sn, r->config.tx_sn_bits);
	return true;
}

/* Whether the sets are what a peer could say: ascending, of SDUs sent, below ACK_SN. */
static bool is_possible(const struct rlc *r, struct cursor c, uint32_t ack_sn, bool more)
{
	uint32_t from = r->tx.next_ack, so = 0;
	struct rlc_nack n;

	if (rlc_before(r->tx.next, ack_sn))
		return false;
	while (more) {
		if (!next_nack(r, &c, &n, &more) || rlc_before(n.sn, from) ||
			rlc_before(ack_sn, n.sn + n.range) || (n.sn == from && n.has_so && n.so_start < so))
			return false;
		from = n.sn + n.range - (n.has_so && n.so_end != RLC_SO_END);
		so = n.has_so && n.so_end != RLC_SO_END ? n.so_end + 1u : 0;
	}
	return true;
}

static void take_status(struct rlc *r, struct cursor c, uint32_t ack_sn, bool more)
{
	struct rlc_transmission *t = &r->tx;
	struct sdu *s = oldest(r);
	struct rlc_nack n;
	bool polled = rlc_before(t->poll_sn, ack_sn);

	while (more && next_nack(r, &c, &n, &more)) {
		s = acknowledge_below(r, s, n.sn);
		for (; s && rlc_before(s->arq.sn, n.sn + n.range); s = behind(r, s)) {
			negative(r, s, s->arq.sn - n.sn, &n);
			if (s->arq.sn == n.sn + n.range - 1)
				break; /* more sets may be of the same */
		}
		polled |= t->poll_sn - n.sn < n.range;
	}
	acknowledge_below(r, s, ack_sn);
	s = oldest(r);
	t->next_ack = s ? s->arq.sn : t->next;
	if (polled)
		t->t_poll_retransmit_ns = RLC_NEVER;
}

void rlc_am_status_received(struct rlc *r, struct bytes pdu)
{
	struct cursor c = cursor_of(pdu);
	uint32_t ack_sn;
	bool more;

	if (!rlc_status_read(&c, r->config.tx_sn_bits, &ack_sn, &more)) {
		r->stats.rx_invalid++;
		return;
	}
	ack_sn = rlc_sn_from(r->tx.next_ack, ack_sn, r->config.tx_sn_bits);
	if (!is_possible(r, c, ack_sn, more)) {
		r->stats.rx_invalid++;
		return;
	}
	r->stats.rx_status++;
	r->tx.statuses++;
	take_status(r, c, ack_sn, more);
}
