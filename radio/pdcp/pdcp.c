#include "radio/pdcp/pdcp.h"

#include <stdlib.h>

#include "radio/pdcp/entity.h"

enum { WAITING_MAX = 4096, KEPT_MAX = 4096 };

static bool config_is_legal(const struct pdcp_config *c)
{
	bool srb = c->bearer == PDCP_SRB;

	return (c->tx_sn_bits == 12 || (c->tx_sn_bits == 18 && !srb)) &&
	       (c->rx_sn_bits == 12 || (c->rx_sn_bits == 18 && !srb)) && c->rb_id >= 1 &&
	       c->rb_id <= (srb ? 4 : 32) && c->tx_direction <= 1 && !(srb && (c->tx_sdap || c->rx_sdap));
}

struct pdcp *pdcp_new(const struct pdcp_config *config, const struct pdcp_neighbours *n,
	struct sdu_pool *pool, struct burst *engine)
{
	struct pdcp *p = config_is_legal(config) ? calloc(1, sizeof(*p)) : NULL;

	if (!p)
		return NULL;
	p->config = *config;
	if (p->config.waiting_max == 0)
		p->config.waiting_max = WAITING_MAX;
	if (p->config.kept_max == 0)
		p->config.kept_max = KEPT_MAX;
	p->n = *n;
	p->pool = pool;
	p->engine = engine;
	p->rx.t_reordering_ns = PDCP_NEVER;
	return p;
}

void pdcp_free(struct pdcp *p)
{
	if (!p)
		return;
	if (p->config.bearer != PDCP_SRB)
		pdcp_deliver_all(p);
	sdu_queue_clear(&p->rx.waiting, p->pool);
	sdu_queue_clear(&p->tx.kept, p->pool);
	explicit_bzero(p, sizeof(*p));
	free(p);
}

static void secure(struct pdcp_protection *x, const struct burst_keys *keys, bool integrity, bool ciphering)
{
	if (!integrity && !ciphering)
		return;
	x->keys = *keys;
	x->integrity |= integrity;
	x->ciphering |= ciphering;
}

bool pdcp_secure(struct pdcp *p, const struct pdcp_security *s, unsigned what)
{
	struct burst_keys keys;
	enum nea_alg ea = p->config.ciphering_disabled ? NEA0 : s->ea;
	bool ok = burst_keys_make(p->engine, &keys, ea, s->k_enc, s->ia, s->k_int);

	if (ok) {
		secure(&p->tx.protection, &keys, what & PDCP_TX_INTEGRITY, what & PDCP_TX_CIPHERING);
		secure(&p->rx.protection, &keys, what & PDCP_RX_INTEGRITY, what & PDCP_RX_CIPHERING);
	}
	explicit_bzero(&keys, sizeof(keys));
	return ok;
}

uint64_t pdcp_deadline_ns(const struct pdcp *p)
{
	const struct sdu *kept = p->tx.kept.first;

	return kept && kept->expires_ns < p->rx.t_reordering_ns ? kept->expires_ns : p->rx.t_reordering_ns;
}

void pdcp_run(struct pdcp *p, uint64_t now_ns)
{
	pdcp_discard_due(p, now_ns);
	if (p->rx.t_reordering_ns <= now_ns)
		pdcp_reordering_expired(p, now_ns);
}

void pdcp_recover(struct pdcp *p)
{
	if (p->config.bearer != PDCP_AM_DRB)
		return;
	if (p->config.status_report_required)
		pdcp_status_send(p);
	pdcp_kept_resend(p);
}

bool pdcp_reestablish(struct pdcp *p, const struct pdcp_security *s, unsigned what, uint64_t now_ns)
{
	if (!pdcp_secure(p, s, what))
		return false;
	if (p->config.bearer != PDCP_AM_DRB) {
		if (p->config.bearer == PDCP_UM_DRB)
			pdcp_deliver_all(p);
		sdu_queue_clear(&p->rx.waiting, p->pool);
		p->tx.next = p->rx.next = p->rx.deliv = p->rx.reord = 0;
		p->rx.t_reordering_ns = PDCP_NEVER;
	}
	pdcp_discard_due(p, now_ns);
	pdcp_recover(p);
	return true;
}

uint32_t pdcp_tx_next(const struct pdcp *p)
{
	return p->tx.next;
}

uint32_t pdcp_rx_next(const struct pdcp *p)
{
	return p->rx.next;
}

uint32_t pdcp_rx_deliv(const struct pdcp *p)
{
	return p->rx.deliv;
}

void pdcp_continue(struct pdcp *p, uint32_t tx_next, uint32_t rx_next, uint32_t rx_deliv)
{
	p->tx.next = tx_next;
	p->rx.next = rx_next;
	p->rx.deliv = p->rx.reord = rx_deliv;
}

struct pdcp_stats pdcp_stats(const struct pdcp *p)
{
	return p->stats;
}
