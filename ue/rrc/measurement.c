/* Performing measurements (38.331 5.5.3): what comes of blocks becomes values that are filtered. */
#include "ue/rrc/measurement.h"

#include <math.h>

#include "ue/rrc/internal.h"

enum {
	PERIOD_MS = 200, /* 38.133 9.2.5.2, without gaps and DRX */
	RSRQ_RE = 12,    /* 38.215 5.1.3: RSSI is of resource blocks, RSRP of a resource element */
};

/* 5.5.3.2: a is 1 / 2^(k/4), and the first value stands for what was before it. */
static void filter(struct ue_meas *m, const float value[UE_MEAS_QUANTITIES])
{
	for (size_t i = 0; i < UE_MEAS_QUANTITY_CONFIGS; i++)
		for (size_t q = 0; q < UE_MEAS_QUANTITIES; q++) {
			float a = m->measured ? exp2f(-(float)m->filter_k[i][q] / 4) : 1;

			m->value[i][q] += a * (value[q] - m->value[i][q]);
		}
	m->measured = true;
}

/* 38.215 5.1.1, 5.1.3, 5.1.5. RSSI is that of the block's own symbols, all of whose subcarriers it has. */
static void period_ends(struct ue_meas *m)
{
	double power_mw = m->period.power_mw / m->period.blocks,
	       noise_mw = m->period.noise_mw / m->period.blocks;
	const float value[UE_MEAS_QUANTITIES] = {
		[UE_MEAS_RSRP] = (float)(10 * log10(power_mw)),
		[UE_MEAS_RSRQ] = (float)(10 * log10(power_mw / (RSRQ_RE * (power_mw + noise_mw)))),
		[UE_MEAS_SINR] = (float)(10 * log10(power_mw / noise_mw)),
	};

	filter(m, value);
}

void ue_rrc_measured(struct ue_rrc_connection *c, const struct ue_rrc_block *block)
{
	struct ue_meas *m = &c->meas;
	uint64_t now_ns = env_now_ns(c->config.env);

	if (c->state != UE_RRC_CONNECTED || m->count == 0 || !(block->power_mw > 0) || !(block->noise_mw > 0))
		return;
	if (m->period.since_ns == 0)
		m->period.since_ns = now_ns;
	m->period.blocks++;
	m->period.power_mw += block->power_mw;
	m->period.noise_mw += block->noise_mw;
	m->ssb_index = block->ssb_index;
	if (now_ns - m->period.since_ns < PERIOD_MS * NS_PER_MS)
		return;
	period_ends(m);
	m->period = (struct ue_meas_period){ .since_ns = now_ns };
	ue_meas_evaluate(c);
}

uint64_t ue_rrc_block_wanted_ns(const struct ue_rrc_connection *c)
{
	return c->state == UE_RRC_CONNECTED && c->meas.count > 0
		       ? c->meas.period.since_ns + PERIOD_MS * NS_PER_MS
		       : NEVER;
}
