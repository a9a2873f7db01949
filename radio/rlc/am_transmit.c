/* Acknowledged mode: AMD PDUs, first of what is sent again, then of what is new, and polling
 * (38.322 5.2.3.1, 5.3.3). */
#include "radio/rlc/entity.h"

static bool window_is_full(const struct rlc *r)
{
	return r->tx.next - r->tx.next_ack >= rlc_window(r->config.tx_sn_bits);
}

/* The SDU that new octets would come of. */
static struct sdu *next_new(const struct rlc *r)
{
	struct sdu *s = r->tx.waiting.first;

	return s && (s->arq.sent > 0 || !window_is_full(r)) ? s : NULL;
}

/* 5.3.3.2: after this PDU of new octets, or of old ones. */
static bool poll_is_due(struct rlc *r, uint32_t new_octets)
{
	struct rlc_transmission *t = &r->tx;
	const struct rlc_config *c = &r->config;

	if (new_octets > 0) {
		t->pdu_without_poll++;
		t->byte_without_poll += new_octets;
	}
	return t->poll_due || (c->poll_pdu && t->pdu_without_poll >= c->poll_pdu) ||
	       (c->poll_byte && t->byte_without_poll >= c->poll_byte) || (!t->pending_first && !next_new(r));
}

static void poll_sent(struct rlc *r, uint64_t now_ns)
{
	struct rlc_transmission *t = &r->tx;

	t->poll_due = false;
	t->pdu_without_poll = t->byte_without_poll = 0;
	t->poll_sn = t->next - 1;
	t->t_poll_retransmit_ns = rlc_ms(now_ns, r->config.t_poll_retransmit_ms);
}

/* How many of `left` octets, from `from` on, fit into a PDU; 0: none. */
static uint32_t fits(const struct rlc *r, uint32_t from, uint32_t left, size_t room)
{
	size_t header = rlc_header_size(true, r->config.tx_sn_bits, from ? RLC_SI_LAST : RLC_SI_FIRST);

	if (header >= room)
		return 0;
	return left < room - header ? left : (uint32_t)(room - header);
}

/* The PDU of octets [from, from + n) of s, whose P bit is set when all else is known. */
static size_t put_pdu(
	struct rlc *r, const struct sdu *s, uint32_t from, uint32_t n, bool poll, uint8_t *out, size_t room)
{
	struct writer w = writer_of(out, room);
	struct rlc_header h = {
		.poll = poll, .si = rlc_si_of(from, from + n, s->len), .sn = s->arq.sn, .so = (uint16_t)from
	};

	rlc_amd_write(&w, r->config.tx_sn_bits, &h);
	writer_put(&w, bytes_of(s->data + from, n));
	return w.len;
}

static size_t pull_again(struct rlc *r, uint8_t *out, size_t room, uint64_t now_ns)
{
	struct sdu *s = r->tx.pending_first;
	struct sdu_range range = s->arq.pending[0];
	uint32_t n = fits(r, range.from, (uint32_t)(range.to - range.from), room);
	bool poll;

	if (n == 0)
		return 0;
	rlc_am_pending_sent(r, s, n);
	r->stats.retx_pdus++;
	poll = poll_is_due(r, 0);
	if (poll)
		poll_sent(r, now_ns);
	return put_pdu(r, s, range.from, n, poll, out, room);
}

static size_t pull_new(struct rlc *r, uint8_t *out, size_t room, uint64_t now_ns)
{
	struct rlc_transmission *t = &r->tx;
	struct sdu *s = next_new(r);
	uint32_t from, n;
	bool poll;

	if (!s)
		return 0;
	from = s->arq.sent;
	n = fits(r, from, s->len - from, room);
	if (n == 0)
		return 0;
	if (from == 0)
		s->arq.sn = t->next++;
	s->arq.sent = (uint16_t)(from + n);
	if (s->arq.sent == s->len) {
		sdu_queue_remove(&t->waiting, s);
		sdu_queue_put(&t->sent, s);
	}
	poll = poll_is_due(r, n);
	if (poll)
		poll_sent(r, now_ns);
	return put_pdu(r, s, from, n, poll, out, room);
}

size_t rlc_am_pull(struct rlc *r, uint8_t *out, size_t room, uint64_t now_ns)
{
	return r->tx.pending_first ? pull_again(r, out, room, now_ns) : pull_new(r, out, room, now_ns);
}

/* 5.3.3.4. The SDU with the highest SN of which all was sent; where there is none, what was sent of the first
 * that waits. */
void rlc_am_poll_expired(struct rlc *r)
{
	struct rlc_transmission *t = &r->tx;
	struct sdu *s = t->sent.last ? t->sent.last : t->waiting.first;

	t->poll_due = true;
	if (!t->pending_first && !next_new(r) && s && s->arq.sent > 0)
		rlc_am_consider(r, s, 0, s->arq.sent, 0);
}
