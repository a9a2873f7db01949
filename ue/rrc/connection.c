/* A connection from its beginning to RRC_IDLE (38.331 5.3.11), and what its procedures share. */
#include <stdlib.h>

#include "ue/rrc/internal.h"

static void srb_submit(void *arg, uint8_t srb, struct sdu *pdu)
{
	struct ue_rrc_connection *c = arg;

	c->config.lower.srb_send(c->config.lower.arg, srb, pdu);
}

struct ue_rrc_connection *ue_rrc_new(const struct ue_rrc_config *config)
{
	struct ue_rrc_connection *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->config = *config;
	c->home = (struct rrc_srb_home){ .arg = c,
		.submit = srb_submit,
		.tx_direction = 0,
		.pool = config->pool,
		.engine = config->engine };
	timers_init(&c->timers, c);
	ue_cell_group_init(&c->group, UE_MAC_INFINITY);
	return c;
}

void ue_rrc_free(struct ue_rrc_connection *c)
{
	if (!c)
		return;
	for (uint8_t i = 1; i <= RRC_SRB_MAX; i++)
		rrc_srb_end(&c->srb[i]);
	ue_rrc_pending_drop(c);
	ue_rrc_warnings_drop(c);
	explicit_bzero(c, sizeof(*c));
	free(c);
}

enum ue_rrc_state ue_rrc_state(const struct ue_rrc_connection *c)
{
	return c->state;
}

bool ue_rrc_is_secured(const struct ue_rrc_connection *c)
{
	return c->as.active;
}

struct ue_rrc_stats ue_rrc_stats(const struct ue_rrc_connection *c)
{
	return c->stats;
}

void ue_rrc_timer_start(struct ue_rrc_connection *c, enum ue_rrc_timer t, uint64_t ms, timer_fn *fn)
{
	timer_set(&c->timers, &c->timer[t], env_now_ns(c->config.env) + ms * NS_PER_MS, fn);
}

void ue_rrc_timer_stop(struct ue_rrc_connection *c, enum ue_rrc_timer t)
{
	timer_stop(&c->timers, &c->timer[t]);
}

uint64_t ue_rrc_deadline_ns(const struct ue_rrc_connection *c)
{
	uint64_t next_ns = timers_next_ns(&c->timers);

	for (uint8_t i = 1; i <= RRC_SRB_MAX; i++)
		if (c->srb[i].pdcp && pdcp_deadline_ns(c->srb[i].pdcp) < next_ns)
			next_ns = pdcp_deadline_ns(c->srb[i].pdcp);
	return next_ns;
}

void ue_rrc_run(struct ue_rrc_connection *c)
{
	uint64_t now_ns = env_now_ns(c->config.env);

	for (uint8_t i = 1; i <= RRC_SRB_MAX; i++)
		if (c->srb[i].pdcp)
			pdcp_run(c->srb[i].pdcp, now_ns);
	timers_run(&c->timers, now_ns);
}

void ue_rrc_link_watch_stop(struct ue_rrc_connection *c)
{
	ue_rrc_timer_stop(c, T310);
	c->out_of_sync = c->in_sync = 0;
}

void ue_rrc_pending_drop(struct ue_rrc_connection *c)
{
	if (c->pending.nas)
		sdu_free(c->config.pool, c->pending.nas);
	c->pending = (struct ue_rrc_pending){ .nas = NULL };
}

/* 5.3.11, and what a new connection in place of the old one begins with (5.3.3.4): bearers, keys, cell group.
 */
void ue_rrc_all_released(struct ue_rrc_connection *c)
{
	for (uint8_t i = 1; i <= RRC_SRB_MAX; i++)
		rrc_srb_end(&c->srb[i]);
	for (uint8_t i = 1; i <= UE_RRC_DRBS_MAX; i++)
		ue_rrc_drb_drop(c, i);
	explicit_bzero(&c->as, sizeof(c->as));
	ue_cell_group_init(&c->group, c->cell.alignment_ms);
	c->resume_due = false;
	ue_meas_init(c);
	ue_rrc_link_watch_stop(c);
}

void ue_rrc_abort(struct ue_rrc_connection *c)
{
	static const enum ue_rrc_timer stopped[] = { T300, T301, T310, T311, T_RELEASE, T_DATA_INACTIVITY };

	if (c->state == UE_RRC_IDLE)
		return;
	for (size_t i = 0; i < ARRAY_LEN(stopped); i++)
		ue_rrc_timer_stop(c, stopped[i]);
	c->state = UE_RRC_IDLE;
	c->config.lower.mac_reset(c->config.lower.arg);
	ue_rrc_all_released(c);
	ue_rrc_pending_drop(c);
	c->config.lower.all_released(c->config.lower.arg);
}

void ue_rrc_idle(struct ue_rrc_connection *c, const struct ue_rrc_ending *e)
{
	struct ue_rrc_ending ending = *e; /* e may be of the connection */

	ue_rrc_abort(c);
	c->config.upper.connection_ended(c->config.upper.arg, &ending);
}

void ue_rrc_fail(struct ue_rrc_connection *c, enum ue_rrc_cause cause)
{
	ue_rrc_idle(c, &(struct ue_rrc_ending){ .cause = cause });
}

bool ue_rrc_send_on(struct ue_rrc_connection *c, uint8_t srb, struct rrc_ul_dcch_message_type_c1 *m)
{
	struct rrc_ul_dcch_message whole = { .message = {
						     .tag = RRC_UL_DCCH_MESSAGE_TYPE_TAG_C1, .u.c1 = *m } };
	bool sent = rrc_srb_send(&c->srb[srb], &rrc_ul_dcch_message_type, &whole, env_now_ns(c->config.env));

	c->stats.refused += !sent;
	return sent;
}

bool ue_rrc_send_ccch(struct ue_rrc_connection *c, const struct rrc_ul_ccch_message *m)
{
	uint8_t octets[UE_RRC_CCCH_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!rrc_encode(&rrc_ul_ccch_message_type, m, &w))
		return false;
	c->config.lower.random_access(c->config.lower.arg, writer_bytes(&w));
	return true;
}
