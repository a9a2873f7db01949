/* What the formats of PUCCH share. */
#pragma once

#include "radio/phy/channels/pucch.h"
#include "radio/phy/channels/pucch_filter.h"
#include "radio/phy/signals/complex.h"
#include "radio/phy/signals/dft.h"

enum {
	PUCCH_SHIFTS = 12,
	PUCCH_SC_MAX = PHY_PUCCH_PRBS_MAX * PHY_SC_PER_PRB,
	PUCCH_HOPS = 2,
	PUCCH_E_MAX = 2 * PUCCH_SC_MAX * 12, /* format 3 over 14 symbols, two of DM-RS */
};

struct phy_pucch_tables {
	/* exp(j 2 pi i / 12); and r_u of 5.2.2 with 12 samples */
	struct phy_cf turn[PUCCH_SHIFTS], base[PHY_LOW_PAPR_GROUPS][PHY_SC_PER_PRB];
	struct phy_constellation qpsk, bpsk, pi2_bpsk;
	struct pucch_filters *filters;
	struct phy_dfts *dfts;
};

enum { PUCCH_PILOT_SYMBOLS = 4 };

struct phy_pucch_work {
	const struct phy_pucch_tables *tables;
	struct phy_uci_codec *codec;
	uint8_t bits[PUCCH_E_MAX];
	int8_t llr[PUCCH_E_MAX];
	struct phy_cf sequence[PUCCH_SC_MAX]; /* low-PAPR, of a hop's DM-RS */
	struct phy_cf points[PUCCH_E_MAX];    /* modulated, or equalized */
	float noise[PUCCH_E_MAX];             /* of them */
	struct phy_cf in[PUCCH_SC_MAX], out[PUCCH_SC_MAX], temp[PUCCH_SC_MAX];
	/* Formats 0 and 1: correlations with all cyclic shifts. */
	struct phy_cf shift[PHY_PUCCH_ANTENNAS_MAX][PHY_SYMBOLS_MAX][PUCCH_SHIFTS];
	/* Formats 2 to 4: by DM-RS symbol, what they show of the channel, and the channel over all
	 * subcarriers. */
	struct phy_cf pilots[PHY_PUCCH_ANTENNAS_MAX][PUCCH_PILOT_SYMBOLS][PUCCH_SC_MAX];
	struct phy_cf h[PHY_PUCCH_ANTENNAS_MAX][PUCCH_PILOT_SYMBOLS][PUCCH_SC_MAX];
};

/* What the pilots of all antennas and symbols show together. */
struct pucch_estimate {
	float power; /* of the channel, an RE and antenna */
	float noise; /* variance on an RE */
	float error; /* variance of h */
	float delay_s;
};

/* From w->pilots of `symbols` DM-RS symbols to w->h. */
void pucch_estimate(struct phy_pucch_work *w, const struct kern *k, const struct phy_pucch *p,
	enum pucch_pilots kind, unsigned antennas, unsigned symbols, struct pucch_estimate *e);

/* u of a hop (0, 1) of 6.3.2.2.1; v goes to *v and is for sequences that have two. */
unsigned pucch_group(const struct phy_pucch_config *c, unsigned slot, unsigned hop, unsigned *v);

/* n_cs of 6.3.2.2.2 for the channel's symbols: shifts[l] for symbol l of it, without m_0 and m_cs. */
void pucch_shifts(const struct phy_pucch_config *c, unsigned slot, uint8_t shifts[PHY_SYMBOLS_MAX]);

/* The hop of symbol l of the channel, 0 or 1. */
static inline unsigned pucch_hop(const struct phy_pucch *p, unsigned l)
{
	return l >= p->first_hop;
}

/* The channel's first RE in its symbol l. */
static inline struct phy_cf *pucch_row(const struct phy_pucch *p, const struct phy_grid *g, unsigned l)
{
	const struct phy_pucch_config *c = &p->config;
	unsigned prb = pucch_hop(p, l) ? c->second_prb : c->first_prb;

	return phy_grid_at(g, c->first_symbol + l, (c->bwp_start - g->first_crb + prb) * PHY_SC_PER_PRB);
}

/* Whether symbol l of the channel has DM-RS. */
static inline bool pucch_is_dmrs(const struct phy_pucch *p, unsigned l)
{
	return p->dmrs_symbols >> (p->config.first_symbol + l) & 1;
}

/* c_init of the data's scrambling, 6.3.2.5.1 and 6.3.2.6.1. */
static inline uint32_t pucch_c_init(const struct phy_pucch_config *c)
{
	return (uint32_t)c->rnti << 15 | c->n_id;
}

/* N_SF of format 1 in a hop, and symbols of its DM-RS (Tables 6.3.2.4.1-1 and 6.4.1.3.1.1-1). */
unsigned pucch_spread(const struct phy_pucch_config *c, unsigned hop, bool dmrs);

/* Both directions of each. */
void pucch_send_0(struct phy_pucch_work *w, const struct phy_pucch *p, unsigned slot, const uint8_t *uci,
	bool sr, struct phy_grid *grid);
void pucch_send_1(struct phy_pucch_work *w, const struct phy_pucch *p, unsigned slot, const uint8_t *uci,
	struct phy_grid *grid);
void pucch_send_2(struct phy_pucch_work *w, const struct kern *k, const struct phy_pucch *p, unsigned slot,
	struct phy_grid *grid);
void pucch_send_34(struct phy_pucch_work *w, const struct phy_pucch *p, unsigned slot, struct phy_grid *grid);

/* Users of formats 0 and 1, together. */
void pucch_receive_01(struct phy_pucch_work *w, unsigned slot, const struct phy_grid *grids,
	unsigned antennas, struct phy_pucch_user *users, unsigned count);

/* To w->llr, descrambled by the caller; power, noise and delay of the user are set. */
void pucch_receive_2(struct phy_pucch_work *w, const struct kern *k, unsigned slot,
	const struct phy_grid *grids, unsigned antennas, struct phy_pucch_user *user);
void pucch_receive_34(struct phy_pucch_work *w, const struct kern *k, unsigned slot,
	const struct phy_grid *grids, unsigned antennas, struct phy_pucch_user *user);

/* The factors of format 1's symbols, and d(0). */
void pucch_covers(const struct phy_pucch *p, struct phy_cf cover[PHY_SYMBOLS_MAX]);
struct phy_cf pucch_symbol_1(const struct phy_pucch_tables *t, unsigned bits, unsigned value);

/* m_cs of format 0 (38.213 Tables 9.2.3-3, 9.2.3-4, 9.2.5-1, 9.2.5-2). */
unsigned pucch_shift_of(unsigned bits, unsigned value, bool sr);
