#include "gnb/du/f1u.h"

#include <stdlib.h>

#include "gnb/du/f1u_internal.h"

static void path_send(void *arg, const struct addr *to, struct bytes datagram)
{
	struct du_f1u *f = arg;

	f->config.send(f->config.arg, to, datagram);
}

struct du_f1u *du_f1u_new(const struct du_f1u_config *config)
{
	static const uint8_t known[] = { GTPU_EXT_NR_RAN_CONTAINER };
	struct du_f1u *f = calloc(1, sizeof(*f));

	if (!f || !hash_init(&f->by_teid, env_random_u32(config->env))) {
		free(f);
		return NULL;
	}
	f->config = *config;
	pool_init(&f->bearers, sizeof(struct du_f1u_bearer), config->bearers_max);
	f->path = (struct gtpu_path){ .env = config->env,
		.own = config->own,
		.arg = f,
		.send = path_send,
		.extensions = BYTES(known) };
	return f;
}

void du_f1u_free(struct du_f1u *f)
{
	if (!f)
		return;
	pool_fini(&f->bearers);
	hash_fini(&f->by_teid);
	free(f);
}

static uint32_t teid_new(struct du_f1u *f)
{
	uint32_t teid;

	do
		teid = env_random_u32(f->config.env);
	while (teid == 0 || hash_find(&f->by_teid, teid, 0));
	return teid;
}

/* Of a dual-stack end, the address of our own kind (38.414 5.3). */
static struct addr cu_of(const struct du_f1ap_tunnel *t, const struct addr *own)
{
	struct bytes address = bytes_of(t->address, t->address_len);

	if (address.len == 4 + 16)
		address = own->len == 4 ? bytes_of(t->address, 4) : bytes_of(t->address + 4, 16);
	return addr_from_bytes(address, GTPU_UDP_PORT);
}

struct du_f1u_bearer *du_f1u_begin(struct du_f1u *f, void *bearer, const struct du_f1ap_drb *d)
{
	struct addr cu = cu_of(&d->ul, &f->config.own);
	struct du_f1u_bearer *b = cu.len == f->config.own.len ? pool_alloc(&f->bearers) : NULL;

	if (!b)
		return NULL;
	b->f = f;
	b->user = bearer;
	b->cu = cu;
	b->cu_teid = d->ul.teid;
	b->sn_bits = d->dl_sn_bits == 12 ? 12 : 18;
	b->am = d->mode == F1AP_RLC_MODE_RLC_AM;
	b->teid = teid_new(f);
	hash_insert(&f->by_teid, &b->by_teid, b->teid, 0);
	du_f1u_report(b, false); /* what it takes */
	return b;
}

uint32_t du_f1u_teid(const struct du_f1u_bearer *b)
{
	return b->teid;
}

void du_f1u_again(struct du_f1u_bearer *b, void *bearer)
{
	b->user = bearer;
	b->outage = false;
	b->first = b->next;
	b->octets = 0;
	b->changed = true;
}

void du_f1u_end(struct du_f1u_bearer *b)
{
	struct du_f1u *f = b->f;

	du_f1u_report(b, true);
	hash_remove(&f->by_teid, &b->by_teid);
	pool_free(&f->bearers, b);
}

void du_f1u_uplink(struct du_f1u_bearer *b, struct bytes pdu)
{
	b->f->stats.ul_pdus++;
	du_f1u_put(b, BYTES_NONE, pdu);
}

/* 38.323 6.2.2.2, 6.2.2.3: the D/C bit, and the sequence number of data. False: it is control. */
static bool sn_of(const struct du_f1u_bearer *b, struct bytes pdu, uint32_t *sn)
{
	struct cursor c = cursor_of(pdu);
	bool data = pdu.len > 0 && (pdu.data[0] & 0x80);

	*sn = (b->sn_bits == 18 ? cursor_u24(&c) : cursor_u16(&c)) & ((1u << b->sn_bits) - 1);
	return data && !c.failed;
}

static void untracked(struct du_f1u_bearer *b, struct bytes pdu)
{
	const struct du_f1u_lower *lower = &b->f->config.lower;

	b->f->stats.dl_pdus++;
	b->f->stats.refused += !lower->send(lower->arg, b->user, DU_F1U_NO_TAG, pdu);
}

static void downlink(struct du_f1u_bearer *b, struct bytes pdu)
{
	struct du_f1u *f = b->f;
	const struct du_f1u_lower *lower = &f->config.lower;
	struct du_f1u_pdu *p = &b->pdus[b->next % DU_F1U_PDUS_MAX];
	uint32_t sn;
	bool data = sn_of(b, pdu, &sn);

	if (data && b->next - b->first == DU_F1U_PDUS_MAX) {
		f->stats.refused++;
		return;
	}
	if (!data) {
		untracked(b, pdu);
		return;
	}
	f->stats.dl_pdus++;
	*p = (struct du_f1u_pdu){ .sn = sn, .len = (uint16_t)pdu.len };
	b->octets += pdu.len;
	b->next++;
	b->changed = true;
	if (lower->send(lower->arg, b->user, b->next - 1, pdu))
		return;
	f->stats.refused++;
	p->done = true; /* nobody waits for it */
	du_f1u_advance(b);
}

/* 5.4.1: PDUs that the CU-UP has no use for, by their PDCP sequence numbers. */
static void discard(struct du_f1u_bearer *b, uint32_t from, uint32_t count)
{
	const struct du_f1u_lower *lower = &b->f->config.lower;
	uint32_t mask = (1u << b->sn_bits) - 1;

	for (uint64_t tag = b->first; tag < b->next; tag++) {
		struct du_f1u_pdu *p = &b->pdus[tag % DU_F1U_PDUS_MAX];

		if (p->done || ((p->sn - from) & mask) >= count || !lower->discard(lower->arg, b->user, tag))
			continue;
		p->done = true;
		b->f->stats.discarded++;
	}
	du_f1u_advance(b);
}

static void user_data(struct du_f1u_bearer *b, const struct nr_up_dl_user_data *d, struct bytes pdu)
{
	du_f1u_sequence(b, d->sn);
	for (uint8_t i = 0; i < d->discard_count; i++)
		discard(b, d->discard[i].start, d->discard[i].size);
	if (d->flush.there && b->next > b->first) {
		uint32_t from = b->pdus[b->first % DU_F1U_PDUS_MAX].sn;

		discard(b, from, ((d->flush.sn - from) & ((1u << b->sn_bits) - 1)) + 1);
	}
	if (d->delivered.there)
		b->wanted = d->delivered;
	b->ranges_wanted = b->ranges_wanted || d->request_out_of_sequence;
	if (pdu.len > 0)
		downlink(b, pdu);
	if (d->report_polling || d->request_out_of_sequence)
		du_f1u_report(b, false);
}

static void packet_received(
	struct du_f1u *f, const struct addr *from, const struct gtpu_header *h, struct bytes pdu)
{
	struct du_f1u_bearer *b = hash_get(&f->by_teid, h->teid, 0, struct du_f1u_bearer, by_teid);
	struct nr_up_pdu frame;

	if (!b) {
		gtpu_path_unknown_teid(&f->path, from, h->teid);
		return;
	}
	if (!addr_same_host(from, &b->cu)) {
		f->stats.foreign++;
		return;
	}
	if (h->nr_ran_container.len == 0) { /* a CU-UP without flow control */
		if (pdu.len > 0)
			untracked(b, pdu);
	} else if (nr_up_decode(h->nr_ran_container, &frame) && frame.type == NR_UP_DL_USER_DATA) {
		user_data(b, &frame.dl_user_data, pdu);
	} else {
		f->stats.malformed++;
	}
}

/* Who has a tunnel to there: they are few, and it is rare. */
static struct du_f1u_bearer *bearer_to(const struct du_f1u *f, const struct addr *cu, uint32_t teid)
{
	for (uint32_t i = 0;; i++) {
		struct du_f1u_bearer *b = pool_next(&f->bearers, &i);

		if (!b || (b->cu_teid == teid && addr_same_host(&b->cu, cu)))
			return b;
	}
}

void du_f1u_received(struct du_f1u *f, const struct addr *from, struct bytes datagram)
{
	struct gtpu_header h;
	struct bytes pdu;
	struct du_f1u_bearer *b;

	switch (gtpu_path_receive(&f->path, from, datagram, &h, &pdu)) {
	case GTPU_PATH_PACKET:
		packet_received(f, from, &h, pdu);
		break;
	case GTPU_PATH_ERROR:
		b = bearer_to(f, from, h.teid);
		if (!b)
			break;
		f->stats.gone++;
		f->config.lower.gone(f->config.lower.arg, b->user);
		break;
	default:
		break;
	}
}

struct du_f1u_stats du_f1u_stats(const struct du_f1u *f)
{
	return f->stats;
}

void du_f1u_run(struct du_f1u *f)
{
	uint64_t now_ns = env_now_ns(f->config.env);

	for (uint32_t i = 0;; i++) {
		struct du_f1u_bearer *b = pool_next(&f->bearers, &i);

		if (!b)
			return;
		if (b->changed && now_ns - b->reported_ns >= DU_F1U_REPORT_MS * (uint64_t)NS_PER_MS)
			du_f1u_report(b, false);
	}
}

uint64_t du_f1u_deadline_ns(const struct du_f1u *f)
{
	uint64_t next_ns = NEVER;

	for (uint32_t i = 0;; i++) {
		const struct du_f1u_bearer *b = pool_next(&f->bearers, &i);
		uint64_t due_ns;

		if (!b)
			return next_ns;
		due_ns = b->reported_ns + DU_F1U_REPORT_MS * (uint64_t)NS_PER_MS;
		if (b->changed && due_ns < next_ns)
			next_ns = due_ns;
	}
}
