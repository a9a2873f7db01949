/*
 * What PDSCH and PUSCH share once they are laid out: layers with their DM-RS, from the bits of codewords to
 * the grids of antenna ports and from the grids of antennas to soft bits (38.211 6.3.1.2 to 6.3.1.5, 7.3.1.2
 * to 7.3.1.5). Coding and scrambling are the channel's.
 */
#pragma once

#include "radio/phy/channels/ptrs_plan.h"
#include "radio/phy/receivers/array.h"

enum { PHY_CODEWORDS_MAX = 2, PHY_ANTENNAS_MAX = PHY_CHEST_ANTENNAS_MAX };

/* Modulated symbols go to `layers` layers in turn, from layer `first` on. */
struct phy_codeword {
	enum phy_modulation modulation;
	uint8_t q_m;
	uint8_t first, layers; /* at most four */
};

/* All symbols of a channel, or those of a hop. */
struct phy_layers {
	const struct phy_re_plan *plan;
	const struct phy_dmrs *dmrs; /* one a layer, which differ in the port only */
	uint16_t dmrs_symbols;
	uint16_t dmrs_re;                 /* of a block in such a symbol: what is written beside data */
	const struct phy_ptrs_plan *ptrs; /* NULL without */
	const struct phy_dfts *dfts;      /* of transform precoding; else NULL */
	uint8_t first, end;               /* symbols: the first, and behind the last */
	int shift;                        /* of them against the plan, in blocks; of one band only */
	struct phy_prb_run moved;         /* that band where it is then */
	uint8_t mu;
	bool extended;
	uint16_t bwp_start, bwp_prbs;
	uint8_t layers, codewords;
	struct phy_codeword codeword[PHY_CODEWORDS_MAX];
};

/* A symbol of the slot. */
struct phy_layers_at {
	const struct phy_grid *grids; /* of the antenna ports, or of the antennas */
	unsigned slot, l;
};

/* What sending works in; one a thread. NULL when memory is out. */
struct phy_layers_sender *phy_layers_sender_new(void);
void phy_layers_sender_free(struct phy_layers_sender *s);

/* Which precoders (one a PRG) make the antenna ports of the layers; w NULL: port i sends layer i. */
struct phy_precoders {
	const struct phy_precoding *w;
	uint8_t prg_prbs; /* 2, 4, or 0 for one everywhere */
};

/*
 * Writes the symbol of all layers: data behind the first `before` REs of the plan, from the packed bits of
 * each codeword, DM-RS and PT-RS.
 */
void phy_layers_send(struct phy_layers_sender *s, const struct kern *k, const struct phy_layers *c,
	const struct phy_precoders *precoders, const struct phy_layers_at *at, const uint8_t *const *bits,
	size_t before);

/* What is known of the channel of layers that are received, for up to so many antennas and layers; filters
 * stay the caller's. NULL for numbers out of range, and when memory is out. */
struct phy_layers_channel *phy_layers_channel_new(
	const struct phy_chest_filters *filters, unsigned antennas, unsigned layers);
void phy_layers_channel_free(struct phy_layers_channel *ch);

/* What receiving works in, one a thread. The same. */
struct phy_layers_receiver *phy_layers_receiver_new(unsigned antennas, unsigned layers);
void phy_layers_receiver_free(struct phy_layers_receiver *r);

/* Tells layers apart by the likeliest symbols, not by MMSE: layers_search.c. Off at first. */
void phy_layers_search(struct phy_layers_receiver *r, bool on);

/* What is received; all of it stays until the last symbol. */
struct phy_layers_input {
	const struct phy_layers *c;
	const struct phy_grid *grids; /* of the antennas */
	unsigned antennas, slot;
};

/* Estimates the channel from the DM-RS, and with PT-RS the phase of each symbol. False when there is nothing
 * to find. */
bool phy_layers_estimate(struct phy_layers_channel *ch, struct phy_layers_receiver *r, const struct kern *k,
	const struct phy_layers_input *in);

/* The same in the steps of receivers/array.h, which threads may share. */
void phy_layers_step(struct phy_layers_channel *ch, const struct kern *k, const struct phy_layers_input *in,
	enum phy_array_step step, unsigned layer);
bool phy_layers_end(struct phy_layers_channel *ch, struct phy_layers_receiver *r, const struct kern *k,
	const struct phy_layers_input *in);

const struct phy_array_result *phy_layers_result(const struct phy_layers_channel *ch);

/* The LLRs of a symbol of the slot by that estimate, each codeword's to llr[]. */
void phy_layers_receive(const struct phy_layers_channel *ch, struct phy_layers_receiver *r,
	const struct kern *k, unsigned l, int8_t *const *llr);

/* How many of a codeword these are. */
static inline size_t phy_layers_llrs(const struct phy_layers *c, unsigned l, unsigned codeword)
{
	return (size_t)c->plan->symbol_re[l] * c->codeword[codeword].layers * c->codeword[codeword].q_m;
}

/* Does the bandwidth part lie within the grid, and the slot within the frame? */
bool phy_layers_fit(const struct phy_layers *c, const struct phy_grid *g, unsigned slot);

/* What PT-RS send in a block, one for each of the bandwidth part: out has room for that of phy_dmrs_symbol().
 */
const struct phy_cf *phy_layers_ptrs(struct phy_dmrs_work *w, const struct kern *k,
	const struct phy_layers *c, unsigned slot, struct phy_cf *out);

/* Are there PT-RS among the symbols that go to the transform? */
static inline bool phy_layers_has_samples(const struct phy_layers *c, unsigned l)
{
	return c->ptrs && c->ptrs->samples > 0 && c->ptrs->symbols >> l & 1;
}

/* What they are. */
void phy_layers_samples(const struct phy_layers *c, unsigned slot, struct phy_cf out[PHY_PTRS_SAMPLES_MAX]);

/* The subcarrier of the grid where the bandwidth part begins. */
static inline unsigned phy_layers_offset(const struct phy_layers *c, const struct phy_grid *g)
{
	return (unsigned)(c->bwp_start - g->first_crb) * PHY_SC_PER_PRB;
}

static inline unsigned phy_layers_symbols(const struct phy_layers *c)
{
	return c->extended ? 12 : 14;
}
