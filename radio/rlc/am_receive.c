/* Acknowledged mode: AMD PDUs of the peer (38.322 5.2.3.2, 5.3.4). */
#include "radio/rlc/entity.h"

/* There is something missing below what came: of SDUs from sn on. */
static bool misses(const struct rlc_receiving *rx, uint32_t sn)
{
	uint32_t ahead = rx->set.highest - sn;

	return ahead > 1 || (ahead == 1 && rlc_has_gap(&rx->set, sn));
}

static void start_reassembly(struct rlc *r, uint64_t now_ns)
{
	r->rx.t_reassembly_ns = rlc_ms(now_ns, r->config.t_reassembly_ms);
	r->rx.trigger = r->rx.set.highest;
}

static void update_reassembly(struct rlc *r, uint64_t now_ns)
{
	struct rlc_receiving *rx = &r->rx;
	uint32_t ahead = rx->trigger - rx->next, window = rlc_window(r->config.rx_sn_bits);

	if (ahead == 0 || (ahead == 1 && !rlc_has_gap(&rx->set, rx->next)) || ahead > window)
		rx->t_reassembly_ns = RLC_NEVER;
	if (rx->t_reassembly_ns == RLC_NEVER && misses(rx, rx->next))
		start_reassembly(r, now_ns);
}

static bool is_reordered(const struct rlc *r, uint32_t sn)
{
	return rlc_before(sn, r->rx.highest_status) ||
	       !rlc_before(sn, r->rx.next + rlc_window(r->config.rx_sn_bits));
}

/* Polls that waited are answered when what they ask about is known. */
static void look_at_polls(struct rlc *r)
{
	struct rlc_receiving *rx = &r->rx;

	if (!rx->poll_waits || !is_reordered(r, rx->poll_first))
		return;
	rx->status_due = true;
	rx->poll_first = rx->poll_last;
	rx->poll_waits = !is_reordered(r, rx->poll_last);
}

static void polled(struct rlc *r, uint32_t sn, bool discarded)
{
	struct rlc_receiving *rx = &r->rx;

	if (discarded) {
		rx->status_due = true;
		return;
	}
	if (!rx->poll_waits || rlc_before(sn, rx->poll_first))
		rx->poll_first = sn;
	if (!rx->poll_waits || rlc_before(rx->poll_last, sn))
		rx->poll_last = sn;
	rx->poll_waits = true;
}

/* 5.2.3.2.3 */
static void placed(struct rlc *r, uint32_t sn, bool whole, uint64_t now_ns)
{
	struct rlc_receiving *rx = &r->rx;

	if (whole && sn == rx->highest_status)
		rx->highest_status = rlc_first_missing(&rx->set, sn);
	if (whole && sn == rx->next)
		rx->next = rlc_first_missing(&rx->set, sn);
	update_reassembly(r, now_ns);
}

void rlc_am_receive(struct rlc *r, struct bytes pdu, uint64_t now_ns)
{
	struct rlc_receiving *rx = &r->rx;
	struct cursor c = cursor_of(pdu);
	struct rlc_header h;
	struct sdu *s = NULL;
	bool kept = false;
	uint32_t sn;

	if (!rlc_amd_read(&c, r->config.rx_sn_bits, &h)) {
		r->stats.rx_invalid++;
		return;
	}
	sn = rlc_sn_from(rx->next, h.sn, r->config.rx_sn_bits);
	if (sn - rx->next >= rlc_window(r->config.rx_sn_bits))
		r->stats.rx_duplicates++;
	else
		kept = rlc_was_placed(&r->stats, rlc_place(&rx->set, sn, &h, cursor_rest(&c), &s));
	if (kept)
		placed(r, sn, s != NULL, now_ns);
	if (h.poll)
		polled(r, sn, !kept);
	look_at_polls(r);
	if (s)
		r->upper.deliver(r->upper.arg, s);
}

/* 5.2.3.2.4 */
void rlc_am_reassembly_expired(struct rlc *r, uint64_t now_ns)
{
	struct rlc_receiving *rx = &r->rx;

	rx->highest_status = rlc_first_missing(&rx->set, rx->trigger);
	if (misses(rx, rx->highest_status))
		start_reassembly(r, now_ns);
	rx->status_due = true;
	look_at_polls(r);
}
