/*
 * F1-U at the CU-UP (38.425 5.4): PDCP PDUs to and from the DU. The DU says by DL DATA DELIVERY STATUS how
 * much it takes beyond what the UE has; more waits here, before PDCP, so that it has neither number nor key
 * yet.
 */
#include "gnb/cuup/parts.h"

enum {
	POLL_MS = 20, /* between two questions to a DU without room */
	DISCARD_SIZE_MAX = 255,
	QFI_BITS = 6,
};

#define COUNT_END 0xfff00000u /* 33.501 6.9.4.1: in time for another key */

static struct cuup_node *node_of(const struct cuup_bearer *b)
{
	return b->session->context->node;
}

/* Numbers in flight that a DU can tell apart, and that there is memory for. */
static uint32_t in_flight_max(const struct cuup_bearer *b)
{
	uint32_t half = 1u << (b->sn_bits - 1);

	return half < CUUP_IN_FLIGHT_MAX ? half : CUUP_IN_FLIGHT_MAX;
}

static bool has_room(const struct cuup_bearer *b, size_t len)
{
	const struct cuup_window *w = &b->window;

	return w->octets + len <= w->wanted && w->next - w->first < in_flight_max(b);
}

static bool may_go(const struct cuup_bearer *b, size_t len)
{
	return b->du.addr.len > 0 && !b->session->context->suspended && has_room(b, len);
}

/* DL USER DATA; no PDU: to ask, or to tell what is discarded. */
static void user_data_send(struct cuup_bearer *b, bool poll, bool retransmission, struct bytes pdu)
{
	struct cuup_node *n = node_of(b);
	struct cuup_window *win = &b->window;
	uint8_t container[NR_UP_OCTETS_MAX];
	struct writer c = writer_of(container, sizeof(container)), w;
	struct nr_up_pdu frame = { .type = NR_UP_DL_USER_DATA,
		.dl_user_data = { .report_polling = poll,
			.user_data_existence = b->waiting.count > 0,
			.retransmission = retransmission,
			.sn = win->sn,
			.discard_count = win->discard_size > 0,
			.discard[0] = { win->discard_from & ((1u << b->sn_bits) - 1), win->discard_size } } };
	struct gtpu_header h = { .type = GTPU_G_PDU, .teid = b->du.teid };
	size_t size;

	may_fail(nr_up_encode(&frame, &c)); /* there is room */
	h.nr_ran_container = writer_bytes(&c);
	size = gtpu_header_encode(&h, pdu.len, n->packet);
	w = writer_of(n->packet + size, sizeof(n->packet) - size);
	writer_put(&w, pdu);
	if (size == 0 || w.failed)
		return;
	win->sn = (win->sn + 1) % NR_UP_SN_COUNT;
	win->discard_size = 0;
	if (poll) {
		win->polled_at = win->sent;
		win->polled_ns = env_now_ns(n->config.env);
	}
	n->config.f1u_send(n->config.arg, &b->du.addr, bytes_of(n->packet, size + pdu.len));
}

/* 38.323 6.2.2.2, 6.2.2.3: the D/C bit, and the sequence number of data. False: it is control. */
static bool sn_of(const struct cuup_bearer *b, struct bytes pdu, uint32_t *sn)
{
	struct cursor c = cursor_of(pdu);
	bool data = pdu.len > 0 && (pdu.data[0] & 0x80);

	*sn = (b->sn_bits == 18 ? cursor_u24(&c) : cursor_u16(&c)) & ((1u << b->sn_bits) - 1);
	return data && !c.failed;
}

/* What PDCP has made, at once: whether there is room was asked before. */
void cuup_f1u_pdu(void *arg, uint64_t tag, uint8_t drb, uint32_t teid, struct bytes pdu)
{
	const struct cuup_pdu_session *s = (const struct cuup_pdu_session *)(uintptr_t)tag;
	struct cuup_bearer *b = cuup_bearer_of(s, drb);
	struct cuup_window *w;
	bool data, again = false;
	uint32_t sn;

	if (!b || b->du.addr.len == 0)
		return;
	w = &b->window;
	data = sn_of(b, pdu, &sn);
	if (data && sn == (w->next & ((1u << b->sn_bits) - 1))) {
		w->lens[w->next++ % CUUP_IN_FLIGHT_MAX] = (uint16_t)pdu.len;
		w->octets += pdu.len;
		w->sent += pdu.len;
	} else {
		again = data;
	}
	user_data_send(b, w->sent - w->polled_at > w->wanted / 4, again, pdu);
	if (data && w->next > COUNT_END)
		cuup_release_request(s->context, E1AP_CAUSE_RADIO_NETWORK_PPDCP_COUNT_WRAP_AROUND);
}

/* 38.323 5.3. Blocks that do not go together go one after the other. */
void cuup_f1u_discard(void *arg, uint64_t tag, uint8_t drb, uint32_t count)
{
	struct cuup_bearer *b = cuup_bearer_of((const struct cuup_pdu_session *)(uintptr_t)tag, drb);
	struct cuup_window *w;

	if (!b || b->du.addr.len == 0)
		return;
	w = &b->window;
	if (w->discard_size > 0 &&
		(w->discard_from + w->discard_size != count || w->discard_size == DISCARD_SIZE_MAX))
		user_data_send(b, false, false, BYTES_NONE);
	if (w->discard_size++ == 0)
		w->discard_from = count;
	if (!b->waits.next)
		list_append(&node_of(b)->waiting, &b->waits); /* it goes with the next run, if not before */
}

static void give(struct cuup_bearer *b, uint8_t qfi, bool rqi, struct bytes packet)
{
	struct cuup_node *n = node_of(b);

	n->stats.dl_packets++;
	n->stats.dl_octets += packet.len;
	if (!cuup_packet_send(b->session->entity, qfi, packet, rqi, env_now_ns(n->config.env)))
		n->stats.dl_dropped++;
}

static void hold(struct cuup_bearer *b, uint8_t qfi, bool rqi, struct bytes packet)
{
	struct cuup_node *n = node_of(b);
	struct sdu *s = b->waiting.count < CUUP_WAITING_MAX ? sdu_of(&n->waiting_sdus, packet) : NULL;

	if (!s) {
		n->stats.dl_dropped++;
		return;
	}
	n->stats.held++;
	s->tag = (uint64_t)rqi << QFI_BITS | qfi;
	s->expires_ns = b->discard_ms == PDCP_INFINITY
				? UINT64_MAX
				: env_now_ns(n->config.env) + b->discard_ms * (uint64_t)NS_PER_MS;
	sdu_queue_put(&b->waiting, s);
	if (!b->waits.next)
		list_append(&n->waiting, &b->waits);
}

void cuup_downlink(struct cuup_bearer *b, uint8_t qfi, bool rqi, struct bytes packet)
{
	cuup_active(b);
	b->dl_octets += packet.len;
	if (b->waiting.count == 0 && may_go(b, packet.len))
		give(b, qfi, rqi, packet);
	else
		hold(b, qfi, rqi, packet);
	if (b->session->context->suspended)
		cuup_downlink_notify(b->session, qfi);
}

static void drain(struct cuup_bearer *b)
{
	struct sdu_pool *pool = &node_of(b)->waiting_sdus;

	while (b->waiting.first && may_go(b, b->waiting.first->len)) {
		struct sdu *s = sdu_queue_take(&b->waiting);

		give(b, s->tag & ((1 << QFI_BITS) - 1), s->tag >> QFI_BITS, sdu_bytes(s));
		sdu_free(pool, s);
	}
}

/* What the DU is through with, up to a sequence number: AM, the UE has it; UM, it was sent. */
static void through(struct cuup_bearer *b, uint32_t sn)
{
	struct pdcp *p = cuup_drb_pdcp(b->session->entity, b->drb);
	struct cuup_window *w = &b->window;
	uint32_t n = (sn + 1 - w->first) & ((1u << b->sn_bits) - 1);

	if (n > w->next - w->first)
		return; /* it is an older report */
	for (; n > 0; n--) {
		w->octets -= w->lens[w->first % CUUP_IN_FLIGHT_MAX];
		if (b->am)
			pdcp_delivered(p, w->first);
		w->first++;
	}
}

/* A lost answer, or a DU that never reports, must not stop it for good. */
static void unblock(struct cuup_bearer *b, uint64_t now_ns)
{
	struct cuup_window *w = &b->window;

	if (b->du.addr.len == 0 || b->session->context->suspended ||
		now_ns - w->polled_ns < POLL_MS * (uint64_t)NS_PER_MS)
		return;
	if (!w->reported && w->polled_ns > 0) /* it is not going to say anything */
		through(b, (w->next - 1) & ((1u << b->sn_bits) - 1));
	user_data_send(b, true, false, BYTES_NONE);
}

void cuup_window_run(struct cuup_bearer *b, uint64_t now_ns)
{
	struct cuup_node *n = node_of(b);

	while (b->waiting.first && b->waiting.first->expires_ns <= now_ns) {
		sdu_free(&n->waiting_sdus, sdu_queue_take(&b->waiting));
		n->stats.dl_dropped++;
	}
	drain(b);
	if (b->waiting.count > 0)
		unblock(b, now_ns);
	else if (b->window.discard_size > 0)
		user_data_send(b, false, false, BYTES_NONE);
	if (b->waiting.count == 0)
		list_remove(&b->waits);
}

static void uplink(struct cuup_bearer *b, struct bytes pdu)
{
	struct cuup_node *n = node_of(b);

	cuup_active(b);
	b->ul_octets += pdu.len;
	cuup_f1u_received(n->cuup, b->inner, pdu, env_now_ns(n->config.env));
}

/* 38.401 8.7: a UE that is re-established may be quicker than the new keys. */
static void uplink_hold(struct cuup_bearer *b, struct bytes pdu)
{
	struct cuup_node *n = node_of(b);
	struct sdu *s = b->early.count < CUUP_EARLY_MAX ? sdu_of(&n->waiting_sdus, pdu) : NULL;

	if (s)
		sdu_queue_put(&b->early, s);
	else
		n->stats.ul_dropped++;
}

static void go_on(struct cuup_bearer *b)
{
	drain(b);
	while (b->early.first) {
		struct sdu *s = sdu_queue_take(&b->early);

		uplink(b, sdu_bytes(s));
		sdu_free(&node_of(b)->waiting_sdus, s);
	}
}

void cuup_context_resume(struct cuup_context *c)
{
	for (size_t i = 0; !c->suspended && i < CUUP_SESSIONS_A_UE; i++)
		for (uint8_t d = 0; c->sessions[i] && d < CUUP_DRBS_MAX; d++)
			if (c->sessions[i]->bearers[d])
				go_on(c->sessions[i]->bearers[d]);
}

static void status_received(struct cuup_bearer *b, const struct nr_up_delivery_status *s)
{
	const struct nr_up_sn *up_to = b->am ? &s->delivered : &s->transmitted;
	struct cuup_node *n = node_of(b);

	for (uint8_t i = 0; i < s->lost.count; i++)
		n->stats.f1u_lost += ((s->lost.ranges[i].end - s->lost.ranges[i].start) & 0xffffff) + 1;
	if (up_to->there)
		through(b, up_to->sn);
	b->window.reported = true;
	b->window.wanted = s->final_frame ? 0 : s->desired_buffer_octets;
	drain(b);
	if (b->waiting.count == 0)
		list_remove(&b->waits);
}

static void packet_received(
	struct cuup_node *n, const struct addr *from, const struct gtpu_header *h, struct bytes pdu)
{
	struct cuup_bearer *b = hash_get(&n->f1u, h->teid, 0, struct cuup_bearer, by_teid);
	struct nr_up_pdu frame;

	if (!b) {
		gtpu_path_unknown_teid(&n->f1u_path, from, h->teid);
		return;
	}
	if (b->du.addr.len > 0 && !addr_same_host(from, &b->du.addr)) {
		n->stats.foreign++;
		return;
	}
	if (h->nr_ran_container.len > 0 && !nr_up_decode(h->nr_ran_container, &frame)) {
		n->stats.f1u_malformed++;
		return;
	}
	if (h->nr_ran_container.len > 0 && frame.type == NR_UP_DL_DATA_DELIVERY_STATUS)
		status_received(b, &frame.status);
	if (pdu.len > 0 && b->session->context->suspended)
		uplink_hold(b, pdu);
	else if (pdu.len > 0)
		uplink(b, pdu);
}

void cuup_node_f1u_received(struct cuup_node *n, const struct addr *from, struct bytes datagram)
{
	struct gtpu_header h;
	struct bytes pdu;
	struct hash_node *found;

	switch (gtpu_path_receive(&n->f1u_path, from, datagram, &h, &pdu)) {
	case GTPU_PATH_PACKET:
		packet_received(n, from, &h, pdu);
		break;
	case GTPU_PATH_ERROR:
		found = cuup_remote_find(&n->dus, from, h.teid);
		if (!found)
			break;
		n->stats.f1u_errors++;
		cuup_bearer_lost(container_of(found, struct cuup_bearer, du.node));
		break;
	default:
		break;
	}
}
