/* Acknowledged mode: STATUS PDUs about what came (38.322 5.3.4). */
#include "radio/rlc/entity.h"

enum {
	SETS_MAX = 128, /* of one STATUS PDU; the next tells the rest */
	RANGE_MAX = 255,
};

struct report {
	uint8_t sn_bits;
	size_t room; /* octets left */
	uint32_t count;
	struct rlc_nack sets[SETS_MAX];
};

/* The set is in; false: it does not fit, and nothing has changed. */
static bool report_put(struct report *p, const struct rlc_nack *n)
{
	size_t size = rlc_nack_size(p->sn_bits, n);

	if (size > p->room || p->count == SETS_MAX)
		return false;
	p->room -= size;
	p->sets[p->count++] = *n;
	return true;
}

/* What is missing between and behind the pieces of an SDU. All or nothing. */
static bool report_pieces(struct report *p, const struct rlc_hole *h)
{
	size_t room = p->room;
	uint32_t count = p->count, from = 0;
	bool ok = true;

	for (uint8_t i = 0; i < h->piece_count && ok; i++) {
		struct rlc_nack n = { h->sn, 1, true, (uint16_t)from, (uint16_t)(h->pieces[i].from - 1) };

		if (h->pieces[i].from > from)
			ok = report_put(p, &n);
		from = h->pieces[i].to;
	}
	if (ok && from != h->end) {
		struct rlc_nack n = { h->sn, 1, true, (uint16_t)from,
			h->end ? (uint16_t)(h->end - 1) : RLC_SO_END };

		ok = report_put(p, &n);
	}
	if (!ok) {
		p->room = room;
		p->count = count;
	}
	return ok;
}

/* SDUs of a hole from its first up to, not including, end; the first that is not reported. */
static uint32_t report_hole(struct report *p, const struct rlc_hole *h, uint32_t end)
{
	uint32_t sn = h->sn;

	if (h->sdu && report_pieces(p, h))
		return sn + 1;
	while (sn != end) {
		struct rlc_nack n = { .sn = sn, .range = end - sn < RANGE_MAX ? end - sn : RANGE_MAX };

		if (!report_put(p, &n))
			break;
		sn += n.range;
	}
	return sn;
}

/* Collects what is missing; ACK_SN. */
static uint32_t report_all(const struct rlc_receiving *rx, struct report *p)
{
	for (const struct rlc_hole *h = rx->set.first; h && rlc_before(h->sn, rx->highest_status);
		h = h->next) {
		uint32_t end = h->sn + h->count, first;

		if (rlc_before(rx->highest_status, end))
			end = rx->highest_status;
		first = report_hole(p, h, end);
		if (first != end)
			return first;
	}
	return rx->highest_status;
}

static bool is_due(const struct rlc *r, uint64_t now_ns)
{
	return r->rx.status_due &&
	       (r->rx.t_status_prohibit_ns == RLC_NEVER || r->rx.t_status_prohibit_ns <= now_ns);
}

size_t rlc_am_status_size(const struct rlc *r, uint64_t now_ns)
{
	const struct rlc_nack typical = { .range = 1, .has_so = true };

	return is_due(r, now_ns)
		       ? RLC_STATUS_SIZE + r->rx.set.holes * rlc_nack_size(r->config.rx_sn_bits, &typical)
		       : 0;
}

size_t rlc_am_status_pull(struct rlc *r, uint8_t *out, size_t room, uint64_t now_ns)
{
	struct report p = { .sn_bits = r->config.rx_sn_bits };
	struct writer w = writer_of(out, room);
	uint32_t ack_sn;

	if (!is_due(r, now_ns) || room < RLC_STATUS_SIZE)
		return 0;
	p.room = room - RLC_STATUS_SIZE;
	ack_sn = report_all(&r->rx, &p);
	rlc_status_write(&w, p.sn_bits, ack_sn, p.count > 0);
	for (uint32_t i = 0; i < p.count; i++)
		rlc_nack_write(&w, p.sn_bits, &p.sets[i], i + 1 < p.count);
	r->rx.status_due = false;
	r->rx.t_status_prohibit_ns = rlc_ms(now_ns, r->config.t_status_prohibit_ms);
	r->stats.tx_status++;
	return w.len;
}
