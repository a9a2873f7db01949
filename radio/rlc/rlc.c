#include "radio/rlc/rlc.h"

#include <stdlib.h>

#include "radio/rlc/entity.h"

void rlc_memory_init(struct rlc_memory *m, uint32_t small_max, uint32_t large_max, uint32_t holes_max)
{
	sdu_pool_init(&m->sdus, small_max, large_max);
	pool_init(&m->holes, sizeof(struct rlc_hole), holes_max);
}

void rlc_memory_fini(struct rlc_memory *m)
{
	sdu_pool_fini(&m->sdus);
	pool_fini(&m->holes);
}

static bool config_is_legal(const struct rlc_config *c)
{
	switch (c->mode) {
	case RLC_TM:
		return true;
	case RLC_UM:
		return (c->tx_sn_bits == 0 || c->tx_sn_bits == 6 || c->tx_sn_bits == 12) &&
		       (c->rx_sn_bits == 0 || c->rx_sn_bits == 6 || c->rx_sn_bits == 12);
	case RLC_AM:
		return (c->tx_sn_bits == 12 || c->tx_sn_bits == 18) &&
		       (c->rx_sn_bits == 12 || c->rx_sn_bits == 18) && c->max_retx_threshold > 0 &&
		       c->t_poll_retransmit_ms > 0;
	}
	return false;
}

static void timers_stop(struct rlc *r)
{
	r->tx.t_poll_retransmit_ns = r->rx.t_reassembly_ns = r->rx.t_status_prohibit_ns = RLC_NEVER;
}

struct rlc *rlc_new(const struct rlc_config *config, const struct rlc_upper *upper, struct rlc_memory *m)
{
	struct rlc *r = config_is_legal(config) ? calloc(1, sizeof(*r)) : NULL;

	if (!r)
		return NULL;
	r->config = *config;
	if (r->config.queue_octets_max == 0)
		r->config.queue_octets_max = RLC_QUEUE_OCTETS;
	r->upper = *upper;
	r->memory = m;
	r->rx.set.memory = m;
	timers_stop(r);
	return r;
}

void rlc_reestablish(struct rlc *r)
{
	sdu_queue_clear(&r->tx.waiting, &r->memory->sdus);
	sdu_queue_clear(&r->tx.sent, &r->memory->sdus);
	rlc_reception_clear(&r->rx.set);
	r->tx = (struct rlc_transmission){ 0 };
	r->rx = (struct rlc_receiving){ .set.memory = r->memory };
	timers_stop(r);
}

void rlc_free(struct rlc *r)
{
	if (!r)
		return;
	rlc_reestablish(r);
	free(r);
}

bool rlc_send(struct rlc *r, struct sdu *s)
{
	if (s->len > 0 && r->tx.waiting.octets + s->len <= r->config.queue_octets_max) {
		s->arq = (struct sdu_arq){ 0 };
		sdu_queue_put(&r->tx.waiting, s);
		return true;
	}
	r->stats.tx_refused++;
	sdu_free(&r->memory->sdus, s);
	return false;
}

bool rlc_discard(struct rlc *r, uint64_t tag)
{
	for (struct sdu *s = r->tx.waiting.first; s; s = s->next) {
		if (s->tag != tag || s->arq.sent > 0)
			continue;
		sdu_queue_remove(&r->tx.waiting, s);
		sdu_free(&r->memory->sdus, s);
		return true;
	}
	return false;
}

/* What was to be sent by now (38.323 5.3), unless some of it was. */
static void drop_expired(struct rlc *r, uint64_t now_ns)
{
	for (struct sdu *s;
		(s = r->tx.waiting.first) && s->arq.sent == 0 && s->expires_ns && s->expires_ns <= now_ns;) {
		sdu_queue_remove(&r->tx.waiting, s);
		sdu_free(&r->memory->sdus, s);
		r->stats.tx_expired++;
	}
}

/* 5.2.1: a TMD PDU is an SDU, whole. */
static size_t tm_pull(struct rlc *r, uint8_t *out, size_t room)
{
	struct sdu *s = r->tx.waiting.first;
	size_t len = s ? s->len : 0;

	if (len == 0 || !bytes_copy(out, room, sdu_bytes(s)))
		return 0;
	sdu_queue_remove(&r->tx.waiting, s);
	sdu_free(&r->memory->sdus, s);
	return len;
}

static void tm_receive(struct rlc *r, struct bytes pdu)
{
	struct sdu *s = sdu_of(&r->memory->sdus, pdu);

	if (rlc_was_placed(&r->stats, s                       ? RLC_COMPLETED
				      : pdu.len > SDU_LEN_MAX ? RLC_CONTRADICTION
							      : RLC_NO_ROOM))
		r->upper.deliver(r->upper.arg, s);
}

size_t rlc_pull(struct rlc *r, uint8_t *out, size_t room, uint64_t now_ns)
{
	size_t n;

	drop_expired(r, now_ns);
	switch (r->config.mode) {
	case RLC_TM:
		n = tm_pull(r, out, room);
		break;
	case RLC_UM:
		n = rlc_um_pull(r, out, room);
		break;
	default:
		n = rlc_am_status_pull(r, out, room, now_ns);
		if (n > 0)
			return n;
		n = rlc_am_pull(r, out, room, now_ns);
	}
	r->stats.tx_pdus += n > 0;
	r->stats.tx_octets += n;
	return n;
}

size_t rlc_data_volume(const struct rlc *r, uint64_t now_ns)
{
	const struct rlc_transmission *t = &r->tx;
	const struct sdu *first = t->waiting.first;
	size_t header, n = t->waiting.octets - (first ? first->arq.sent : 0);

	if (r->config.mode == RLC_TM)
		return n;
	if (r->config.mode == RLC_UM)
		return n + t->waiting.count +
		       (first && first->arq.sent ? rlc_header_size(false, r->config.tx_sn_bits, RLC_SI_LAST)
						 : 0);
	header = rlc_header_size(true, r->config.tx_sn_bits, RLC_SI_LAST);
	n += t->waiting.count * header + t->pending_octets + t->pending_pieces * header;
	return n + rlc_am_status_size(r, now_ns);
}

void rlc_receive(struct rlc *r, struct bytes pdu, uint64_t now_ns)
{
	r->stats.rx_pdus++;
	r->stats.rx_octets += pdu.len;
	if (r->config.mode == RLC_TM)
		tm_receive(r, pdu);
	else if (r->config.mode == RLC_UM)
		rlc_um_receive(r, pdu, now_ns);
	else if (rlc_is_control(pdu))
		rlc_am_status_received(r, pdu);
	else
		rlc_am_receive(r, pdu, now_ns);
}

uint64_t rlc_deadline_ns(const struct rlc *r)
{
	uint64_t first = r->tx.t_poll_retransmit_ns;

	if (r->rx.t_reassembly_ns < first)
		first = r->rx.t_reassembly_ns;
	return r->rx.t_status_prohibit_ns < first ? r->rx.t_status_prohibit_ns : first;
}

void rlc_run(struct rlc *r, uint64_t now_ns)
{
	if (r->rx.t_status_prohibit_ns <= now_ns)
		r->rx.t_status_prohibit_ns = RLC_NEVER;
	if (r->tx.t_poll_retransmit_ns <= now_ns) {
		r->tx.t_poll_retransmit_ns = RLC_NEVER;
		rlc_am_poll_expired(r);
	}
	if (r->rx.t_reassembly_ns > now_ns)
		return;
	r->rx.t_reassembly_ns = RLC_NEVER;
	if (r->config.mode == RLC_AM)
		rlc_am_reassembly_expired(r, now_ns);
	else
		rlc_um_reassembly_expired(r, now_ns);
}

struct rlc_stats rlc_stats(const struct rlc *r)
{
	return r->stats;
}
