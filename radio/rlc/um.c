/* Unacknowledged mode (38.322 5.2.2). */
#include "radio/rlc/entity.h"

size_t rlc_um_pull(struct rlc *r, uint8_t *out, size_t room)
{
	struct sdu *s = r->tx.waiting.first;
	uint8_t bits = r->config.tx_sn_bits;
	struct rlc_header h = { .sn = r->tx.next };
	struct writer w = writer_of(out, room);
	uint32_t from, left;
	size_t header;

	if (!s || bits == 0)
		return 0;
	from = s->arq.sent;
	left = s->len - from;
	header = rlc_header_size(false, bits, from ? RLC_SI_LAST : RLC_SI_COMPLETE);
	if (header + left > room) {
		header = rlc_header_size(false, bits, from ? RLC_SI_MIDDLE : RLC_SI_FIRST);
		if (header >= room)
			return 0;
		left = (uint32_t)(room - header);
	}
	h.si = rlc_si_of(from, from + left, s->len);
	h.so = (uint16_t)from;
	rlc_umd_write(&w, bits, &h);
	writer_put(&w, bytes_of(s->data + from, left));
	s->arq.sent = (uint16_t)(from + left);
	if (s->arq.sent == s->len) {
		r->tx.next += h.si == RLC_SI_LAST;
		sdu_queue_remove(&r->tx.waiting, s);
		sdu_free(&r->memory->sdus, s);
	}
	return w.len;
}

/* 5.2.2.2.3 and 5.2.2.2.4: something is still awaited. */
static void start_reassembly(struct rlc *r, uint64_t now_ns)
{
	struct rlc_receiving *rx = &r->rx;
	uint32_t ahead = rx->set.highest - rx->next;

	if (ahead > 1 || (ahead == 1 && rlc_has_gap(&rx->set, rx->next))) {
		rx->t_reassembly_ns = rlc_ms(now_ns, r->config.t_reassembly_ms);
		rx->trigger = rx->set.highest;
	}
}

static void update_reassembly(struct rlc *r, uint64_t now_ns)
{
	struct rlc_receiving *rx = &r->rx;
	uint32_t bottom = rx->set.highest - rlc_window(r->config.rx_sn_bits);

	if (rx->t_reassembly_ns != RLC_NEVER) {
		if (!rlc_before(rx->next, rx->trigger) || rlc_before(rx->trigger, bottom) ||
			(rx->set.highest == rx->next + 1 && !rlc_has_gap(&rx->set, rx->next)))
			rx->t_reassembly_ns = RLC_NEVER;
	}
	if (rx->t_reassembly_ns == RLC_NEVER)
		start_reassembly(r, now_ns);
}

static void forget_below(struct rlc *r, uint32_t sn)
{
	r->stats.rx_lost += rlc_forget_below(&r->rx.set, sn);
	r->rx.next = rlc_first_missing(&r->rx.set, sn);
}

static void place(struct rlc *r, const struct rlc_header *h, struct bytes data, uint64_t now_ns)
{
	struct rlc_receiving *rx = &r->rx;
	uint32_t window = rlc_window(r->config.rx_sn_bits), bottom = rx->set.highest - window;
	uint32_t sn = rlc_sn_from(bottom, h->sn, r->config.rx_sn_bits);
	struct sdu *s = NULL;
	enum rlc_placed placed;

	if (rlc_before(sn, rx->next)) {
		r->stats.rx_duplicates++;
		return;
	}
	placed = rlc_place(&rx->set, sn, h, data, &s);
	if (!rlc_was_placed(&r->stats, placed))
		return;
	bottom = rx->set.highest - window;
	if (rlc_before(rx->next, bottom))
		forget_below(r, bottom);
	rx->next = rlc_first_missing(&rx->set, rx->next);
	update_reassembly(r, now_ns);
	if (s)
		r->upper.deliver(r->upper.arg, s);
}

void rlc_um_receive(struct rlc *r, struct bytes pdu, uint64_t now_ns)
{
	struct cursor c = cursor_of(pdu);
	struct rlc_header h;
	struct sdu *s;

	if (r->config.rx_sn_bits == 0 || !rlc_umd_read(&c, r->config.rx_sn_bits, &h)) {
		r->stats.rx_invalid++;
		return;
	}
	if (h.si != RLC_SI_COMPLETE) {
		place(r, &h, cursor_rest(&c), now_ns);
		return;
	}
	s = cursor_left(&c) <= SDU_LEN_MAX ? sdu_of(&r->memory->sdus, bytes_of(c.at, cursor_left(&c))) : NULL;
	if (rlc_was_placed(&r->stats, s                               ? RLC_COMPLETED
				      : cursor_left(&c) > SDU_LEN_MAX ? RLC_CONTRADICTION
								      : RLC_NO_ROOM))
		r->upper.deliver(r->upper.arg, s);
}

void rlc_um_reassembly_expired(struct rlc *r, uint64_t now_ns)
{
	forget_below(r, r->rx.trigger);
	start_reassembly(r, now_ns);
}
