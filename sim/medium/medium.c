#include "sim/medium/medium.h"

#include <math.h>
#include <stdlib.h>

#include "sim/medium/internal.h"

#define LOG_ROOM "air"

static float uplink_gain(const struct medium_config *c, const struct medium_ue_config *ue)
{
	double best = ue->snr_db;

	for (uint8_t i = 0; i < c->ue_count; i++)
		best = fmax(best, c->ues[i].snr_db);
	return (float)pow(10, (ue->snr_db - best) / 20);
}

/* From its beginning; where memory is out the one that there was goes on. */
static bool channel_begin(struct channel **ch, const struct channel_config *c)
{
	struct channel *anew = channel_new(c);

	if (!anew)
		return *ch != NULL;
	channel_free(*ch);
	*ch = anew;
	return true;
}

static bool channels_begin(struct medium *m, unsigned i)
{
	struct channel_config down = medium_channel(&m->config, &m->config.ues[i], false);
	struct channel_config up = medium_channel(&m->config, &m->config.ues[i], true);

	return channel_begin(&m->ues[i].downlink, &down) && channel_begin(&m->ues[i].uplink, &up);
}

struct medium *medium_new(const struct medium_config *c, struct env *env)
{
	struct medium *m = calloc(1, sizeof(*m));
	struct channel_config noise = medium_noise(c);
	bool ok;

	if (!m)
		return NULL;
	m->config = *c;
	m->env = env;
	m->noise = channel_new(&noise);
	ok = m->noise != NULL;
	for (unsigned i = 0; i < c->ue_count && ok; i++) {
		m->ues[i].gain = uplink_gain(c, &c->ues[i]);
		m->ues[i].queue = malloc(MEDIUM_AHEAD_MAX * sizeof(*m->ues[i].queue));
		ok = m->ues[i].queue && channels_begin(m, i);
	}
	if (ok)
		return m;
	medium_free(m);
	return NULL;
}

void medium_free(struct medium *m)
{
	if (!m)
		return;
	for (struct medium_ue *ue = m->ues; ue < m->ues + m->config.ue_count; ue++) {
		channel_free(ue->downlink);
		channel_free(ue->uplink);
		free(ue->queue);
	}
	channel_free(m->noise);
	free(m);
}

/* To all who are there; for the others it is lost on the air. */
static void downlink(struct medium *m, const struct phy_cf *in, size_t n)
{
	struct phy_cf *out = m->part;

	for (unsigned i = 0; i < m->config.ue_count; i++) {
		struct medium_ue *ue = &m->ues[i];
		const struct phy_cf *from = in;

		for (size_t left = ue->joined ? n : 0, some; left > 0; left -= some, from += some) {
			some = left < MEDIUM_CHUNK ? left : MEDIUM_CHUNK;
			channel_run(ue->downlink, &out, &from, some);
			if (!outbox_send(m->env->outbox, (uint16_t)(MEDIUM_PORT_UE + i), 0, 0,
				    bytes_of(out, some * sizeof(*out))))
				m->stat[MEDIUM_STAT_LOST] += some;
		}
	}
	m->given += n;
	m->stat[MEDIUM_STAT_DOWNLINK] += n;
}

static void on_gnb(struct medium *m, const struct msg *msg)
{
	if (msg->kind == MSG_DATA) {
		downlink(m, (const void *)msg->data.data, msg->data.len / sizeof(struct phy_cf));
		return;
	}
	m->gnb_joined = msg->kind == MSG_UP;
	if (m->gnb_joined)
		medium_uplink_restart(m);
	log_info(m->env->log, m->gnb_joined ? "the gNB is there"
					    : "the gNB is gone: its UEs hear nothing until it is back");
}

static void join(struct medium *m, unsigned i)
{
	struct medium_ue *ue = &m->ues[i];

	ue->joined = channels_begin(m, i);
	ue->next = m->given; /* the first that it hears */
	ue->at = ue->len = 0;
	log_info(m->env->log, "UE %u is there", i + 1);
}

static void on_ue(struct medium *m, unsigned i, const struct msg *msg)
{
	struct medium_ue *ue = &m->ues[i];

	if (msg->kind == MSG_UP) {
		join(m, i);
	} else if (msg->kind == MSG_DOWN) {
		ue->joined = false;
		log_info(m->env->log, "UE %u is gone", i + 1);
	} else if (ue->joined) {
		medium_uplink_put(m, ue, (const void *)msg->data.data, msg->data.len / sizeof(struct phy_cf));
	}
}

static void on_msg(void *self, const struct msg *msg)
{
	struct medium *m = self;

	if (msg->port == MEDIUM_PORT_GNB)
		on_gnb(m, msg);
	else if (msg->port - MEDIUM_PORT_UE < m->config.ue_count)
		on_ue(m, msg->port - MEDIUM_PORT_UE, msg);
	medium_uplink_move(m);
}

static uint64_t next_deadline_ns(void *self)
{
	return medium_uplink_next_ns(self);
}

static void on_deadline(void *self, uint64_t now_ns)
{
	medium_uplink_move(self);
}

struct room medium_room(struct medium *m)
{
	static const struct room_ops ops = { on_msg, next_deadline_ns, on_deadline, NULL };

	return (struct room){ &ops, m };
}

static const struct stat_def stat_defs[MEDIUM_STAT_COUNT] = {
	[MEDIUM_STAT_DOWNLINK] = { "downlink_samples", "samples that the gNB sent" },
	[MEDIUM_STAT_UPLINK] = { "uplink_samples", "samples that the gNB was given" },
	[MEDIUM_STAT_LOST] = { "samples_lost", "samples that came too late, or for which there was no room" },
};
const struct stat_group medium_stat_group = { "air", stat_defs, MEDIUM_STAT_COUNT };

static const struct stat_def gauge_defs[MEDIUM_GAUGE_COUNT] = {
	[MEDIUM_GAUGE_GNB] = { "gnb", "1 while the gNB is there", NULL, STAT_GAUGE },
	[MEDIUM_GAUGE_UES] = { "ues", "UEs that are there", NULL, STAT_GAUGE },
};
const struct stat_group medium_gauge_group = { "air", gauge_defs, MEDIUM_GAUGE_COUNT };

void medium_figures(struct medium *m, struct stats_list *l)
{
	m->gauge[MEDIUM_GAUGE_GNB] = m->gnb_joined;
	m->gauge[MEDIUM_GAUGE_UES] = 0;
	for (unsigned i = 0; i < m->config.ue_count; i++)
		m->gauge[MEDIUM_GAUGE_UES] += m->ues[i].joined;
	stats_add(l, (struct stats){ .group = &medium_stat_group, .values = m->stat });
	stats_add(l, (struct stats){ .group = &medium_gauge_group, .values = m->gauge });
}
