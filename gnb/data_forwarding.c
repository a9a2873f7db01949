/*
 * Data forwarding (38.300 9.2.3.2.3): the downlink of a UE that left goes on to where it is.
 *
 *   UPF            source                        target                UE
 *    |-- G-PDU ------>|-- G-PDU, same QFI --------->|  held ... arrived ->|    straight, or by way of a UPF
 *    |-- G-PDU (new path) ------------------------->|  held               |
 *    |-- End Marker ->|-- End Marker -------------->|-- what was held --->|    29.281 7.3.2
 */
#include "gnb/handover.h"

/* At the source. It outlives its session until the path has been switched. */
struct gnb_forward {
	struct hash_node by_teid; /* (the session's downlink TEID, 0) */
	struct timer timer;       /* once the session is gone */
	struct gnb_session *session;
	struct addr upf, peer;
	uint32_t teid;
};

/* At the target, of a session. */
struct gnb_reception {
	struct hash_node by_teid; /* (the TEID given to the source, 0) */
	struct timer timer;       /* once the UE has arrived: for the End Marker */
	struct gnb_session *session;
	uint32_t teid;
	bool arrived;
	uint32_t count;
	struct link forwarded, direct; /* struct gnb_held: what the source sent, what came by the new path */
};

struct gnb_held {
	struct link link;
	uint16_t len;
	uint8_t qfi;
	uint8_t data[GNB_HELD_OCTETS];
};

void gnb_forwarding_init(struct gnb *gnb)
{
	pool_init(&gnb->forwards, sizeof(struct gnb_forward), GNB_FORWARDS_MAX);
	pool_init(&gnb->receptions, sizeof(struct gnb_reception), GNB_FORWARDS_MAX);
	pool_init(&gnb->held, sizeof(struct gnb_held), GNB_HELD_MAX);
}

void gnb_forwarding_fini(struct gnb *gnb)
{
	pool_fini(&gnb->held);
	pool_fini(&gnb->receptions);
	pool_fini(&gnb->forwards);
}

/* Source */

static void forward_free(struct gnb *gnb, struct gnb_forward *f)
{
	timer_stop(&gnb->timers, &f->timer);
	if (f->session)
		f->session->forward = NULL;
	hash_remove(&gnb->forward_by_teid, &f->by_teid);
	pool_free(&gnb->forwards, f);
}

static void forward_expired(void *owner, struct timer *t)
{
	forward_free(owner, container_of(t, struct gnb_forward, timer));
}

void gnb_forward_begin(struct gnb *gnb, struct gnb_session *s, const struct gnb_forwarding *to)
{
	struct gnb_forward *f = pool_alloc(&gnb->forwards);

	if (!f) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return;
	}
	*f = (struct gnb_forward){ .session = s, .upf = s->upf, .peer = to->peer, .teid = to->teid };
	hash_insert(&gnb->forward_by_teid, &f->by_teid, s->dl_teid, 0);
	s->forward = f;
}

void gnb_forward_end(struct gnb *gnb, struct gnb_session *s)
{
	if (s->forward)
		forward_free(gnb, s->forward);
}

/* The session's context goes; what is on its way does not. */
void gnb_forward_leave(struct gnb *gnb, struct gnb_session *s)
{
	struct gnb_forward *f = s->forward;

	if (!f)
		return;
	f->session = NULL;
	s->forward = NULL;
	timer_set(&gnb->timers, &f->timer, env_now_ns(gnb->env) + (uint64_t)GNB_FORWARDING_MS * NS_PER_MS,
		forward_expired);
}

/* With its PDU session container, so that the target finds the QoS flow (38.425 is for others). */
static enum gnb_verdict forward_one(struct gnb *gnb, const struct gnb_forward *f, struct gnb_packet *p,
	const struct gtpu_header *h, struct bytes payload)
{
	struct gtpu_header out = { .type = GTPU_G_PDU,
		.teid = f->teid,
		.has_pdu_session = h->has_pdu_session,
		.pdu_session = h->pdu_session };
	uint8_t header[GTPU_HEADER_MAX];
	size_t size = gtpu_header_size(&out);
	struct writer w;

	if (!addr_same_host(&f->upf, &p->peer)) {
		gnb->stat[GNB_STAT_N3_FOREIGN]++;
		return GNB_DROP;
	}
	if (gtpu_header_encode(&out, payload.len, header) != size)
		return GNB_DROP;
	/* It is not longer than what was there: of all extensions one is kept. */
	p->data += (size_t)(payload.data - p->data) - size;
	p->len = payload.len + size;
	w = writer_of(p->data, size);
	writer_put(&w, bytes_of(header, size));
	p->peer = f->peer;
	p->forwarded = true;
	gnb->stat[GNB_STAT_FORWARDED]++;
	return GNB_SEND;
}

static void end_marker_send(struct gnb *gnb, const struct gnb_forward *f)
{
	struct gtpu_msg m = { .header = { .type = GTPU_END_MARKER, .teid = f->teid } };
	uint8_t octets[64];
	struct writer w = writer_of(octets, sizeof(octets));

	if (gtpu_encode(&m, &w))
		may_fail(outbox_send_to(gnb->env->outbox, GNB_PORT_N3, &f->peer,
			writer_bytes(&w))); /* as if lost on the way */
}

/* Target */

static void held_drop(struct gnb *gnb, struct link *list)
{
	list_each(l, next, list)
	{
		struct gnb_held *k = container_of(l, struct gnb_held, link);

		list_remove(&k->link);
		pool_free(&gnb->held, k);
	}
}

void gnb_reception_free(struct gnb *gnb, struct gnb_session *s)
{
	struct gnb_reception *r = s->reception;

	if (!r)
		return;
	timer_stop(&gnb->timers, &r->timer);
	held_drop(gnb, &r->forwarded);
	held_drop(gnb, &r->direct);
	hash_remove(&gnb->reception_by_teid, &r->by_teid);
	s->reception = NULL;
	pool_free(&gnb->receptions, r);
}

bool gnb_forward_expect(struct gnb *gnb, struct gnb_session *s)
{
	struct gnb_reception *r = pool_alloc(&gnb->receptions);

	if (!r) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return false;
	}
	r->session = s;
	r->teid = gnb_teid_new(gnb);
	list_init(&r->forwarded);
	list_init(&r->direct);
	hash_insert(&gnb->reception_by_teid, &r->by_teid, r->teid, 0);
	s->reception = r;
	return true;
}

uint32_t gnb_reception_teid(const struct gnb_session *s)
{
	return s->reception->teid;
}

static enum gnb_verdict hold(
	struct gnb *gnb, struct gnb_reception *r, struct link *list, struct bytes payload, uint8_t qfi)
{
	struct gnb_held *k = r->count < GNB_HELD_SESSION_MAX && payload.len <= GNB_HELD_OCTETS
				     ? pool_alloc(&gnb->held)
				     : NULL;

	if (!k) {
		gnb->stat[GNB_STAT_DOWNLINK_DROPPED]++;
		return GNB_DROP;
	}
	k->qfi = qfi;
	k->len = (uint16_t)payload.len;
	bytes_copy(k->data, sizeof(k->data), payload);
	list_append(list, &k->link);
	r->count++;
	gnb->stat[GNB_STAT_HELD]++;
	return GNB_DROP;
}

static void held_send(struct gnb *gnb, struct gnb_reception *r, struct link *list)
{
	list_each(l, next, list)
	{
		struct gnb_held *k = container_of(l, struct gnb_held, link);
		struct gnb_packet p = { .data = gnb->packet + GNB_HEADROOM, .len = k->len };

		bytes_copy(p.data, GNB_DATAGRAM_MAX, bytes_of(k->data, k->len));
		if (gnb_session_deliver(gnb, r->session, k->qfi, &p) == GNB_SEND)
			may_fail(outbox_send_to(gnb->env->outbox, GNB_PORT_AIR + p.cell, &p.peer,
				bytes_of(p.data, p.len))); /* packets may be lost */
		list_remove(&k->link);
		r->count--;
		pool_free(&gnb->held, k);
	}
}

static void held_forward(struct gnb *gnb, const struct gnb_forward *f, const struct gnb_held *k)
{
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.teid = f->teid,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = k->qfi } };
	uint8_t octets[GTPU_HEADER_MAX + GNB_HELD_OCTETS];
	size_t size = gtpu_header_encode(&h, k->len, octets);
	struct writer w = writer_of(octets + size, sizeof(octets) - size);

	writer_put(&w, bytes_of(k->data, k->len));
	gnb->stat[GNB_STAT_FORWARDED]++;
	may_fail(outbox_send_to(gnb->env->outbox, GNB_PORT_N3, &f->peer,
		bytes_of(octets, size + k->len))); /* packets may be lost */
}

void gnb_forward_held(struct gnb *gnb, struct gnb_session *s)
{
	struct link *lists[] = { s->reception ? &s->reception->forwarded : NULL,
		s->reception ? &s->reception->direct : NULL };

	for (size_t i = 0; s->forward && i < ARRAY_LEN(lists); i++) {
		if (!lists[i])
			continue;
		list_each(l, next, lists[i])
			held_forward(gnb, s->forward, container_of(l, struct gnb_held, link));
	}
	gnb_reception_free(gnb, s);
}

/* Nothing more comes from the source: the new path goes on. */
static void reception_end(struct gnb *gnb, struct gnb_reception *r)
{
	held_send(gnb, r, &r->forwarded);
	held_send(gnb, r, &r->direct);
	gnb_reception_free(gnb, r->session);
}

static void end_marker_missing(void *owner, struct timer *t)
{
	struct gnb *gnb = owner;

	gnb->stat[GNB_STAT_END_MARKERS_MISSING]++;
	reception_end(gnb, container_of(t, struct gnb_reception, timer));
}

void gnb_forward_arrived(struct gnb *gnb, struct gnb_ue *ue)
{
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++) {
		struct gnb_reception *r = ue->sessions[psi] ? ue->sessions[psi]->reception : NULL;

		if (!r)
			continue;
		r->arrived = true;
		held_send(gnb, r, &r->forwarded);
		timer_set(&gnb->timers, &r->timer,
			env_now_ns(gnb->env) + (uint64_t)GNB_END_MARKER_MS * NS_PER_MS, end_marker_missing);
	}
}

/* A cell change: what comes before the UE is there waits for it, in the place of the new path's. */
void gnb_hold_begin(struct gnb *gnb, struct gnb_ue *ue)
{
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi] && !ue->sessions[psi]->reception)
			may_fail(gnb_forward_expect(
				gnb, ue->sessions[psi])); /* without it, packets are lost */
}

void gnb_hold_end(struct gnb *gnb, struct gnb_ue *ue)
{
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++) {
		struct gnb_reception *r = ue->sessions[psi] ? ue->sessions[psi]->reception : NULL;

		if (r && !r->arrived) /* else it is of a handover before, and waits for its End Marker */
			reception_end(gnb, r);
	}
}

/* By the new path, before all that was forwarded has come: it waits. */
enum gnb_verdict gnb_forward_hold(struct gnb *gnb, struct gnb_session *s, struct bytes payload, uint8_t qfi)
{
	return hold(gnb, s->reception, &s->reception->direct, payload, qfi);
}

/* A G-PDU of a tunnel that is no session's own. */
enum gnb_verdict gnb_forward_packet(
	struct gnb *gnb, struct gnb_packet *p, const struct gtpu_header *h, struct bytes payload)
{
	struct gnb_forward *f = hash_get(&gnb->forward_by_teid, h->teid, 0, struct gnb_forward, by_teid);
	struct gnb_reception *r =
		hash_get(&gnb->reception_by_teid, h->teid, 0, struct gnb_reception, by_teid);
	uint8_t qfi;

	if (f)
		return forward_one(gnb, f, p, h, payload);
	if (!r)
		return GNB_CONTROL;
	gnb->stat[GNB_STAT_FORWARDED_IN]++;
	qfi = gnb_session_qfi(r->session, h);
	if (!r->arrived)
		return hold(gnb, r, &r->forwarded, payload, qfi);
	p->data += (size_t)(payload.data - p->data);
	p->len = payload.len;
	return gnb_session_deliver(gnb, r->session, qfi, p);
}

/* 29.281 7.3.2 */
void gnb_forward_end_marker(struct gnb *gnb, const struct addr *peer, uint32_t teid)
{
	struct gnb_forward *f = hash_get(&gnb->forward_by_teid, teid, 0, struct gnb_forward, by_teid);
	struct gnb_reception *r = hash_get(&gnb->reception_by_teid, teid, 0, struct gnb_reception, by_teid);

	if (f && addr_same_host(&f->upf, peer)) {
		end_marker_send(gnb, f);
		forward_free(gnb, f);
	} else if (r && r->arrived) {
		reception_end(gnb, r);
	}
}
