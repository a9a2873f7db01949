/* The NG-RAN nodes: one association each. */
#include "core/amf/internal.h"

bool amf_serves_tac(const struct amf *amf, uint32_t tac)
{
	for (uint8_t i = 0; i < amf->config.tac_count; i++)
		if (amf->config.tacs[i] == tac)
			return true;
	return false;
}

bool amf_gnb_has_tai(const struct amf *amf, const struct amf_gnb *gnb, const struct tai *tai)
{
	for (uint16_t i = 0; i < gnb->tai_count; i++)
		if (tai_equal(&gnb->tais[i], tai))
			return amf_serves_tac(amf, tai->tac);
	return false;
}

bool amf_gnb_is_served(const struct amf *amf, const struct amf_gnb *gnb)
{
	for (uint16_t i = 0; i < gnb->tai_count; i++)
		if (amf_serves_tac(amf, gnb->tais[i].tac))
			return true;
	return false;
}

struct amf_gnb *amf_gnb_find(struct amf *amf, uint64_t assoc)
{
	return hash_get(&amf->gnb_by_assoc, assoc, 0, struct amf_gnb, by_assoc);
}

bool amf_gnb_is_configured(const struct amf *amf, const struct addr *peer)
{
	for (uint8_t i = 0; i < amf->config.gnb_prefix_count; i++)
		if (prefix4_has(&amf->config.gnb_prefixes[i], addr_v4(peer)))
			return true;
	return amf->config.gnb_prefix_count == 0;
}

static void gnb_close(struct amf *amf, uint64_t assoc)
{
	struct msg m = { .kind = MSG_DOWN, .port = amf->config.n2_port, .assoc = assoc };

	may_fail(outbox_put(amf->nf.env->outbox, &m)); /* counted; the association ends later or not at all */
}

static void setup_expired(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	const struct amf_gnb *gnb = container_of(t, struct amf_gnb, setup_guard);

	log_warn(amf->nf.env->log, "N2 association from %s closed: no NG Setup", gnb->name);
	gnb_close(amf, gnb->assoc);
	amf_gnb_down(amf, gnb->assoc);
}

void amf_gnb_guard_setup(struct amf *amf, struct amf_gnb *gnb, uint32_t times)
{
	uint32_t s = times * (amf->config.ng_setup_s ? amf->config.ng_setup_s : AMF_NG_SETUP_S);

	timer_set(&amf->nf.timers, &gnb->setup_guard, env_now_ns(amf->nf.env) + s * NS_PER_S, setup_expired);
}

/* Of one network: a /24 of IPv4, a /64 of IPv6. */
static bool is_neighbour(const struct addr *a, const struct addr *b)
{
	size_t octets = a->len == 4 ? 3 : 8;

	return a->len == b->len && bytes_equal(bytes_of(a->ip, octets), bytes_of(b->ip, octets));
}

/* No host, and no network of hosts, takes the table from the others. */
static bool has_its_share(struct amf *amf, const struct addr *peer)
{
	uint32_t of_host = 0, of_network = 0;

	for (uint32_t i = 0;; i++) {
		const struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			break;
		if (gnb->absent)
			continue;
		of_host += addr_same_host(&gnb->peer, peer);
		of_network += is_neighbour(&gnb->peer, peer);
	}
	return of_host >= AMF_ASSOCS_PER_HOST_MAX || of_network >= 2 * AMF_ASSOCS_PER_HOST_MAX;
}

/* Where the table is full, the oldest association that was never set up goes. */
static void silent_yields(struct amf *amf)
{
	struct amf_gnb *oldest = NULL;

	for (uint32_t i = 0;; i++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			break;
		if (gnb->node_id == 0 && (!oldest || gnb->up_ns < oldest->up_ns))
			oldest = gnb;
	}
	if (!oldest)
		return;
	gnb_close(amf, oldest->assoc);
	amf_gnb_down(amf, oldest->assoc);
}

void amf_gnb_up(struct amf *amf, const struct msg *m)
{
	char text[ADDR_STR_SIZE];
	struct amf_gnb *gnb;

	addr_str(&m->peer, text);
	if (!amf_gnb_is_configured(amf, &m->peer)) {
		log_warn(amf->nf.env->log,
			"N2 association from %s refused: not in gnbs of its entry in core.amfs", text);
		gnb_close(amf, m->assoc);
		return;
	}
	if (amf->gnb_by_assoc.count == AMF_GNBS_MAX)
		silent_yields(amf);
	gnb = has_its_share(amf, &m->peer) || amf->gnb_by_assoc.count == AMF_GNBS_MAX
		      ? NULL
		      : pool_alloc(&amf->gnbs);
	if (!gnb) {
		amf->stat[AMF_STAT_EXHAUSTED]++;
		log_error(amf->nf.env->log,
			"N2 association from %s refused: %u gNBs are connected, of which a "
			"host has at most %d",
			text, (unsigned)amf->gnb_by_assoc.count, AMF_ASSOCS_PER_HOST_MAX);
		gnb_close(amf, m->assoc);
		return;
	}
	gnb->assoc = m->assoc;
	gnb->peer = m->peer;
	gnb->streams = m->out_streams;
	gnb->up_ns = env_now_ns(amf->nf.env);
	list_init(&gnb->connections);
	list_init(&gnb->unproved);
	amf_gnb_guard_setup(amf, gnb, 1);
	str_copy(gnb->name, sizeof(gnb->name), text);
	hash_insert(&amf->gnb_by_assoc, &gnb->by_assoc, gnb->assoc, 0);
	log_info(amf->nf.env->log, "N2 association with %s is up", text);
}

static void gnb_stop(struct amf *amf, struct amf_gnb *gnb)
{
	timer_stop(&amf->nf.timers, &gnb->setup_guard);
	timer_stop(&amf->nf.timers, &gnb->update);
	timer_stop(&amf->nf.timers, &gnb->warning_guard);
	gnb->updates = 0; /* NG Setup tells it all */
}

void amf_gnb_down(struct amf *amf, uint64_t assoc)
{
	struct amf_gnb *gnb = amf_gnb_find(amf, assoc);

	if (!gnb)
		return;
	gnb_stop(amf, gnb);
	amf_gnb_leaves(amf, gnb);
}

void amf_gnb_end(struct amf *amf, struct amf_gnb *gnb)
{
	gnb_close(amf, gnb->assoc);
	gnb_stop(amf, gnb);
	amf_gnb_forget(amf, gnb);
}
