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

/* Of an SDU that is kept: what becomes its PDU. */
static struct sdu *copy_of(struct pdcp *p, const struct sdu *s)
{
	struct sdu *copy = sdu_of(p->pool, sdu_bytes(s));

	if (copy) {
		copy->tag = s->tag;
		copy->expires_ns = s->expires_ns;
	}
	return copy;
}

static void refuse(struct pdcp *p, struct sdu *s)
{
	p->stats.tx_refused++;
	sdu_free(p->pool, s);
}

/* Numbers an SDU. False: it is refused, and freed. */
static bool take(struct pdcp *p, struct sdu *s, uint64_t now_ns, struct pdcp_pdu *out)
{
	struct sdu *pdu = s;

	if (is_used_up(p) || s->len == 0 || s->len > SDU_LEN_MAX ||
		(keeps(p) && p->tx.kept.count >= p->config.kept_max)) {
		refuse(p, s);
		return false;
	}
	s->tag = p->tx.next;
	s->expires_ns = p->config.discard_ms == PDCP_INFINITY
				? PDCP_NEVER
				: now_ns + p->config.discard_ms * UINT64_C(1000000);
	if (keeps(p)) {
		pdu = copy_of(p, s);
		if (!pdu) {
			refuse(p, s);
			return false;
		}
		sdu_queue_put(&p->tx.kept, s);
	}
	p->stats.tx_sdus++;
	p->stats.tx_octets += s->len;
	*out = (struct pdcp_pdu){ .p = p, .s = pdu, .count = p->tx.next++ };
	return true;
}

static void submit(struct pdcp_pdu *pdus, size_t n)
{
	pdcp_protect(pdus, n);
	for (size_t i = 0; i < n; i++)
		pdus[i].p->n.submit(pdus[i].p->n.arg, pdus[i].s);
}

size_t pdcp_send_burst(struct pdcp_unit *units, size_t n, uint64_t now_ns)
{
	struct pdcp_pdu pdus[BURST_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += take(units[i].p, units[i].s, now_ns, &pdus[count]);
	submit(pdus, count);
	return count;
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
	struct pdcp_pdu pdus[BURST_MAX];
	size_t count = 0;

	for (struct sdu *s = p->tx.kept.first; s; s = s->next) {
		struct sdu *copy = copy_of(p, s);

		if (copy)
			pdus[count++] = (struct pdcp_pdu){ .p = p, .s = copy, .count = (uint32_t)s->tag };
		else
			p->stats.tx_refused++;
		if (count == BURST_MAX || !s->next) {
			submit(pdus, count);
			count = 0;
		}
	}
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
