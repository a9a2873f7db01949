#include "sim/blocks/cqi.h"

#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/mapping/csi_rs.h"
#include "radio/phy/receivers/csi_measure.h"
#include "sim/blocks/parts.h"

enum {
	PORTS = 2,
	ANTENNAS = PHY_CSI_ANTENNAS_MAX,
	SLOT = 1, /* of CSI-RS: 5/1; the PDSCH comes 8 ms later */
	VALUES = PHY_PRB_MAX * PORTS,
	CQI_MAX = PHY_CQI_ROWS - 1,
};

struct cqi_link {
	struct cqi_config config;
	struct kern kern;
	struct air *air;
	uint64_t random;
	struct phy_csi_rs csi_rs;
	struct phy_csi_rs_work csi_work;
	struct phy_cf h[ANTENNAS][VALUES];
	struct phy_pdsch plan;
	struct phy_precoding w[PHY_PRGS_MAX];
	struct phy_chest_filters *filters;
	struct phy_pdsch_sender *sender;
	struct phy_pdsch_receiver *receiver;
	struct phy_harq *harq;
	struct phy_grid sent[PORTS], received[ANTENNAS];
	struct phy_cf *re; /* of all of them */
	uint8_t *tb, *back;
};

static bool is_static(const struct cqi_link *l)
{
	return l->config.air.profile == CHANNEL_AWGN;
}

static size_t grid_re(const struct cqi_link *l)
{
	return (size_t)PHY_SYMBOLS_MAX * l->config.prbs * PHY_SC_PER_PRB;
}

/* 38.101-4 Table 6.2.2.1.1.1-1 and others: row 3 at subcarrier 6, symbol 13. */
static bool open_csi_rs(struct cqi_link *l)
{
	struct phy_csi_rs_config c = { .row = 3, .frequency = 1 << 3, .l0 = 13, .prbs = l->config.prbs };

	return phy_csi_rs_init(&l->csi_rs, &c) == PHY_CSI_RS_OK && phy_csi_rs_work_init(&l->csi_work);
}

static bool open_grids(struct cqi_link *l)
{
	l->re = calloc(grid_re(l) * (PORTS + l->config.antennas), sizeof(*l->re));
	for (unsigned i = 0; l->re && i < PORTS + l->config.antennas; i++)
		*(i < PORTS ? &l->sent[i] : &l->received[i - PORTS]) =
			(struct phy_grid){ l->re + grid_re(l) * i, l->config.prbs, 0, PHY_SYMBOLS_MAX };
	return l->re;
}

struct cqi_link *cqi_link_new(const struct cqi_config *c, const char **why)
{
	struct phy_ofdm_config ofdm = { .mu = c->mu, .prbs = c->prbs };
	struct cqi_link *l = calloc(1, sizeof(*l));
	bool alone = c->air.profile == CHANNEL_AWGN; /* each antenna's noise is drawn by itself */

	*why = "out of memory";
	if (!l)
		return NULL;
	l->config = *c;
	kern_init(&l->kern, KERN_LEVELS - 1);
	l->filters = phy_chest_filters_new();
	l->sender = phy_pdsch_sender_new();
	l->receiver = l->filters ? phy_pdsch_receiver_new(l->filters, c->antennas, c->rank) : NULL;
	l->harq = phy_harq_new(SEGMENT_A_MAX);
	l->tb = calloc(2, SEGMENT_A_MAX / 8);
	l->back = l->tb ? l->tb + SEGMENT_A_MAX / 8 : NULL;
	if (l->sender && l->receiver && l->harq && l->tb && c->rank <= PORTS && open_csi_rs(l) &&
		open_grids(l))
		l->air = air_new_array(&c->air, &ofdm, alone ? 1 : PORTS, alone ? 1 : c->antennas, why);
	if (l->air)
		return l;
	cqi_link_free(l);
	return NULL;
}

void cqi_link_free(struct cqi_link *l)
{
	if (!l)
		return;
	air_free(l->air);
	phy_pdsch_sender_free(l->sender);
	phy_pdsch_receiver_free(l->receiver);
	phy_chest_filters_free(l->filters);
	phy_harq_free(l->harq);
	free(l->re);
	free(l->tb);
	free(l);
}

bool cqi_link_begin(struct cqi_link *l, uint64_t seed)
{
	l->random = seed;
	return air_point(l->air, l->config.snr_db, seed);
}

void cqi_link_wait(struct cqi_link *l, double seconds)
{
	air_wait(l->air, seconds);
}

/* B.1: port 1 comes to the antennas by j and -j in turn, port 0 as it is. */
static void mix(struct cqi_link *l)
{
	for (unsigned a = 0; a < l->config.antennas; a++) {
		float sign = a % 2 ? -1 : 1;

		for (size_t i = 0; i < grid_re(l); i++)
			l->received[a].re[i] =
				(struct phy_cf){ l->sent[0].re[i].re - sign * l->sent[1].re[i].im,
					l->sent[0].re[i].im + sign * l->sent[1].re[i].re };
		air_pass(l->air, &l->kern, &l->received[a], SLOT, 0, PHY_SYMBOLS_MAX);
	}
}

static void pass(struct cqi_link *l)
{
	if (is_static(l))
		mix(l);
	else
		air_pass_array(l->air, &l->kern, l->sent, l->received, SLOT, 0, PHY_SYMBOLS_MAX);
}

static void clear(struct cqi_link *l)
{
	memset(l->re, 0, grid_re(l) * PORTS * sizeof(*l->re));
}

unsigned cqi_link_report(struct cqi_link *l)
{
	struct phy_csi_channel c = { .ports = PORTS,
		.antennas = l->config.antennas,
		.n = phy_csi_rs_values(&l->csi_rs),
		.rank_max = l->config.rank,
		.subset = l->config.rank == 2 ? 1 << 4 : 1 << 0,
		.table = PHY_CQI_256QAM,
		.gap_db = PHY_CSI_GAP_DB };
	struct phy_csi_measurement m;
	struct phy_csi csi;

	clear(l);
	if (!phy_csi_rs_send(&l->csi_work, &l->kern, &l->csi_rs, SLOT, 1, l->sent))
		return 0;
	pass(l);
	for (unsigned a = 0; a < c.antennas; a++) {
		if (!phy_csi_rs_receive(&l->csi_work, &l->kern, &l->csi_rs, SLOT, &l->received[a], l->h[a]))
			return 0;
		c.h[a] = l->h[a];
	}
	if (!phy_csi_measure(&m, &l->csi_rs, 15e3 * (1 << l->config.mu), l->received, c.h, c.antennas))
		return 0;
	c.noise = m.noise;
	return phy_csi_report(&csi, &c) ? csi.cqi : 0;
}

/* The MCS of Table 5.1.3.1-2 (38.214) that has a CQI's modulation and rate: the last one not above. */
static unsigned mcs_of(unsigned cqi)
{
	float efficiency = phy_cqi_efficiency(PHY_CQI_256QAM, cqi) + 0.001f; /* of four digits */
	unsigned mcs = 0;

	for (unsigned i = 0; i < PHY_MCS_ROWS; i++) {
		const struct phy_mcs *row = phy_mcs_row(PHY_MCS_256QAM, i);

		if (row->rate_x2048 > 0 && (float)(row->q_m * row->rate_x2048) / 2048 <= efficiency)
			mcs = i;
	}
	return mcs;
}

/* Table 6.1.2-1. */
static bool make_plan(struct cqi_link *l, unsigned cqi)
{
	struct phy_pdsch_config c = { .mu = l->config.mu,
		.bwp_prbs = l->config.prbs,
		.prbs = { .n = l->config.prbs },
		.time = { .s = 2, .l = 12 },
		.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
		.layers = l->config.rank,
		.ports = { 0, 1 },
		.prg_prbs = 2,
		.rnti = 1,
		.mcs_table = PHY_MCS_256QAM,
		.codeword = { { .mcs = (uint8_t)mcs_of(cqi) } } };

	for (unsigned i = 0; i < c.prbs.n; i++)
		c.prbs.at[i] = (uint16_t)i;
	return phy_pdsch_init(&l->plan, &c) == PHY_PDSCH_OK;
}

static void make_precoders(struct cqi_link *l)
{
	struct phy_cf w[PHY_CSI_PORTS_MAX][PHY_CSI_LAYERS_MAX];

	(void)phy_type1_precoder(w, PORTS, l->config.rank, 0);
	for (unsigned i = 0; i < phy_pdsch_prgs(&l->plan); i++) {
		l->w[i] = (struct phy_precoding){ .ports = PORTS, .layers = l->config.rank };
		for (unsigned p = 0; p < PORTS * l->config.rank; p++)
			l->w[i].w[p % PORTS][p / PORTS] = w[p % PORTS][p / PORTS];
	}
}

uint32_t cqi_link_send(struct cqi_link *l, unsigned cqi)
{
	struct phy_pdsch_result result;
	const uint8_t *tb = l->tb;
	uint32_t bits;

	if (cqi == 0 || cqi > CQI_MAX || !make_plan(l, cqi))
		return 0;
	bits = l->plan.sch[0].a;
	make_precoders(l);
	blocks_draw_bits(&l->random, l->tb, bits);
	clear(l);
	if (!phy_pdsch_send(l->sender, &l->kern, &l->plan, SLOT, &tb, l->w, l->sent))
		return 0;
	pass(l);
	phy_harq_reset(l->harq);
	return phy_pdsch_receive(l->receiver, &l->kern, &l->plan, SLOT, l->received, l->config.antennas,
		       &l->harq, &l->back, &result) &&
			       result.ok &&
			       bytes_equal(bytes_of(l->tb, bits_octets(bits)),
				       bytes_of(l->back, bits_octets(bits)))
		       ? bits
		       : 0;
}
