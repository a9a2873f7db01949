#include "gnb/cuup/cuup.h"

#include <stdlib.h>

enum { SDUS_SMALL = 65536, SDUS_LARGE = 256, DRB_BITS = 4 };

struct drb {
	struct cuup_session *session;
	struct pdcp *pdcp; /* NULL: there is none */
	uint8_t drb;       /* identity */
	uint32_t down;     /* CUUP_TEID_NONE: not known yet */
};

struct cuup_session {
	struct cuup *c;
	uint64_t tag;
	struct sdap sdap;
	struct drb drbs[CUUP_DRBS_MAX];
};

struct cuup {
	struct cuup_upper upper;
	struct sdu_pool sdus;
	struct burst *engine;
	uint64_t now_ns;
	uint32_t count;
	struct cuup_session **sessions; /* by place; NULL: free */
};

struct cuup *cuup_new(const struct cuup_upper *upper, uint32_t sessions_max)
{
	struct cuup *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->upper = *upper;
	c->count = sessions_max;
	sdu_pool_init(&c->sdus, SDUS_SMALL, SDUS_LARGE);
	c->sessions = calloc(sessions_max, sizeof(struct cuup_session *));
	c->engine = burst_new(false);
	if (c->sessions && c->engine)
		return c;
	cuup_free(c);
	return NULL;
}

void cuup_free(struct cuup *c)
{
	if (!c)
		return;
	for (uint32_t i = 0; c->sessions && i < c->count; i++)
		cuup_session_end(c->sessions[i]);
	free(c->sessions);
	burst_free(c->engine);
	sdu_pool_fini(&c->sdus);
	free(c);
}

static struct drb *drb_of(struct cuup_session *s, uint8_t drb)
{
	for (uint8_t i = 0; i < CUUP_DRBS_MAX; i++)
		if (s->drbs[i].pdcp && s->drbs[i].drb == drb)
			return &s->drbs[i];
	return NULL;
}

static struct drb *drb_free(struct cuup_session *s)
{
	for (uint8_t i = 0; i < CUUP_DRBS_MAX; i++)
		if (!s->drbs[i].pdcp)
			return &s->drbs[i];
	return NULL;
}

static uint32_t place_of(const struct cuup_session *s)
{
	uint32_t i = 0;

	while (s->c->sessions[i] != s)
		i++;
	return i;
}

static void sdap_submit(void *arg, uint8_t drb, struct sdu *pdu)
{
	struct cuup_session *s = arg;
	struct drb *d = drb_of(s, drb);

	if (d)
		may_fail(pdcp_send(d->pdcp, pdu, s->c->now_ns)); /* counted there */
	else
		sdu_free(&s->c->sdus, pdu);
}

static void sdap_deliver(void *arg, uint8_t qfi, struct sdu *sdu)
{
	struct cuup_session *s = arg;

	s->c->upper.packet(s->c->upper.arg, s->tag, qfi, sdu_bytes(sdu));
	sdu_free(&s->c->sdus, sdu);
}

struct cuup_session *cuup_session_begin(struct cuup *c, uint64_t tag)
{
	for (uint32_t i = 0; i < c->count; i++) {
		struct cuup_session *s = c->sessions[i] ? NULL : calloc(1, sizeof(*s));

		if (!s)
			continue;
		s->c = c;
		s->tag = tag;
		sdap_init(&s->sdap, false,
			&(struct sdap_neighbours){ s, sdap_submit, sdap_deliver, NULL, NULL }, &c->sdus);
		c->sessions[i] = s;
		return s;
	}
	return NULL;
}

void cuup_session_end(struct cuup_session *s)
{
	if (!s)
		return;
	for (uint8_t i = 0; i < CUUP_DRBS_MAX; i++)
		if (s->drbs[i].pdcp)
			cuup_drb_end(s, s->drbs[i].drb);
	s->c->sessions[place_of(s)] = NULL;
	free(s);
}

static void pdcp_submit(void *arg, struct sdu *pdu)
{
	struct drb *d = arg;
	struct cuup *c = d->session->c;

	c->upper.f1u_send(c->upper.arg, d->session->tag, d->drb, d->down, sdu_bytes(pdu));
	sdu_free(&c->sdus, pdu);
}

static void pdcp_discard(void *arg, uint64_t tag)
{
	struct drb *d = arg;
	const struct cuup_upper *upper = &d->session->c->upper;

	upper->f1u_discard(upper->arg, d->session->tag, d->drb, (uint32_t)tag);
}

static void pdcp_deliver(void *arg, struct sdu *sdu)
{
	struct drb *d = arg;

	sdap_receive(&d->session->sdap, d->drb, sdu);
}

uint32_t cuup_drb_begin(struct cuup_session *s, const struct cuup_drb *d)
{
	bool is_new = d->drb >= 1 && d->drb <= CUUP_DRB_IDENTITY_MAX && !drb_of(s, d->drb);
	struct drb *b = is_new ? drb_free(s) : NULL;

	if (!b)
		return CUUP_TEID_NONE;
	*b = (struct drb){ .session = s, .drb = d->drb };
	b->pdcp = pdcp_new(&d->pdcp,
		&(struct pdcp_neighbours){ b, pdcp_submit, pdcp_discard, pdcp_deliver, NULL }, &s->c->sdus,
		s->c->engine);
	if (!b->pdcp || !pdcp_secure(b->pdcp, &d->keys, PDCP_ALL_SECURITY) ||
		!sdap_drb_set(&s->sdap, d->drb, d->pdcp.tx_sdap, d->pdcp.rx_sdap, d->is_default)) {
		cuup_drb_end(s, d->drb);
		return CUUP_TEID_NONE;
	}
	cuup_flows_set(s, d->drb, d->flows);
	return (place_of(s) + 1) << DRB_BITS | (uint32_t)(b - s->drbs);
}

void cuup_drb_down(struct cuup_session *s, uint8_t drb, uint32_t teid)
{
	struct drb *d = drb_of(s, drb);

	if (d)
		d->down = teid;
}

void cuup_flows_set(struct cuup_session *s, uint8_t drb, uint64_t flows)
{
	for (uint8_t qfi = 0; qfi < SDAP_QFIS; qfi++)
		if (flows >> qfi & 1)
			may_fail(sdap_map(&s->sdap, qfi, drb)); /* both are in range */
		else if (s->sdap.drb_of[qfi] == drb)
			may_fail(sdap_map(&s->sdap, qfi, SDAP_NO_DRB));
}

bool cuup_drb_reestablish(
	struct cuup_session *s, uint8_t drb, const struct pdcp_security *keys, uint64_t now_ns)
{
	struct drb *d = drb_of(s, drb);

	s->c->now_ns = now_ns;
	return d && pdcp_reestablish(d->pdcp, keys, PDCP_ALL_SECURITY, now_ns);
}

void cuup_drb_end(struct cuup_session *s, uint8_t drb)
{
	struct drb *d = drb_of(s, drb);

	if (!d)
		return;
	sdap_drb_release(&s->sdap, drb);
	pdcp_free(d->pdcp);
	*d = (struct drb){ .pdcp = NULL };
}

struct pdcp *cuup_drb_pdcp(struct cuup_session *s, uint8_t drb)
{
	struct drb *d = drb_of(s, drb);

	return d ? d->pdcp : NULL;
}

bool cuup_packet_send(
	struct cuup_session *s, uint8_t qfi, struct bytes packet, bool reflective_qos, uint64_t now_ns)
{
	struct sdu *sdu = sdu_of(&s->c->sdus, packet);

	if (!sdu)
		return false;
	s->c->now_ns = now_ns;
	sdap_send(&s->sdap, qfi, sdu, false, reflective_qos);
	return true;
}

void cuup_f1u_received(struct cuup *c, uint32_t teid, struct bytes pdu, uint64_t now_ns)
{
	uint32_t place = (teid >> DRB_BITS) - 1, slot = teid & ((1 << DRB_BITS) - 1);
	struct cuup_session *s = place < c->count ? c->sessions[place] : NULL;
	struct drb *d = s && slot < CUUP_DRBS_MAX ? &s->drbs[slot] : NULL;
	struct sdu *sdu = d && d->pdcp ? sdu_of(&c->sdus, pdu) : NULL;

	c->now_ns = now_ns;
	if (sdu)
		pdcp_receive(d->pdcp, sdu, now_ns);
}

void cuup_run(struct cuup *c, uint64_t now_ns)
{
	c->now_ns = now_ns;
	for (uint32_t i = 0; i < c->count; i++)
		for (uint8_t d = 0; c->sessions[i] && d < CUUP_DRBS_MAX; d++)
			if (c->sessions[i]->drbs[d].pdcp)
				pdcp_run(c->sessions[i]->drbs[d].pdcp, now_ns);
}
