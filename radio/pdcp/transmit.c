/* SDUs on their way down (38.323 5.2.1), and their discard (5.3). */
#include "radio/pdcp/entity.h"

/* 6.3.5: COUNT does not wrap around. */
static bool is_used_up(const struct pdcp *p)
{
	return p->tx.next == UINT32_MAX;
}

static bool keeps(const struct pdcp *p)
{
	return p->config.bearer == PDCP_AM_DRB;
}

/* The PDU of an SDU goes down; s is the PDU then. */
static bool submit(struct pdcp *p, struct sdu *s, uint32_t count)
{
	if (!pdcp_protect(p, s, count)) {
		sdu_free(p->pool, s);
		return false;
	}
	s->tag = count;
	p->n.submit(p->n.arg, s);
	return true;
}

static bool submit_copy(struct pdcp *p, const struct sdu *s)
{
	struct sdu *copy = sdu_of(p->pool, sdu_bytes(s));

	if (!copy)
		return false;
	copy->expires_ns = s->expires_ns;
	return submit(p, copy, (uint32_t)s->tag);
}

static bool refuse(struct pdcp *p, struct sdu *s)
{
	p->stats.tx_refused++;
	sdu_free(p->pool, s);
	return false;
}

bool pdcp_send(struct pdcp *p, struct sdu *s, uint64_t now_ns)
{
	uint32_t count = p->tx.next;

	if (is_used_up(p) || s->len <= p->config.tx_sdap || s->len > SDU_LEN_MAX ||
		(keeps(p) && p->tx.kept.count >= p->config.kept_max))
		return refuse(p, s);
	s->tag = count;
	s->expires_ns = p->config.discard_ms == PDCP_INFINITY
				? PDCP_NEVER
				: now_ns + p->config.discard_ms * UINT64_C(1000000);
	if (keeps(p)) {
		if (!submit_copy(p, s))
			return refuse(p, s);
		sdu_queue_put(&p->tx.kept, s);
	}
	p->tx.next++;
	p->stats.tx_sdus++;
	p->stats.tx_octets += s->len;
	return keeps(p) || submit(p, s, count);
}

void pdcp_kept_drop(struct pdcp *p, struct sdu *s)
{
	sdu_queue_remove(&p->tx.kept, s);
	sdu_free(p->pool, s);
}

void pdcp_delivered(struct pdcp *p, uint64_t tag)
{
	for (struct sdu *s = p->tx.kept.first; s && s->tag <= tag; s = s->next) {
		if (s->tag != tag)
			continue;
		pdcp_kept_drop(p, s);
		return;
	}
}

/* In ascending order of COUNTs, each with its own. */
void pdcp_kept_resend(struct pdcp *p)
{
	for (struct sdu *s = p->tx.kept.first; s; s = s->next)
		if (!submit_copy(p, s))
			p->stats.tx_refused++;
}

/* The time of all is the same, so the first in the queue is the first due. */
void pdcp_discard_due(struct pdcp *p, uint64_t now_ns)
{
	for (struct sdu *s; (s = p->tx.kept.first) && s->expires_ns <= now_ns;) {
		uint64_t tag = s->tag;

		pdcp_kept_drop(p, s);
		p->stats.tx_discarded++;
		p->n.discard(p->n.arg, tag);
	}
}
