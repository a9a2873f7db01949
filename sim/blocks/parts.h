/* What the kinds of blocks.h are made of. */
#pragma once

#include "radio/phy/signals/ofdm.h"
#include "sim/blocks/blocks.h"
#include "sim/channel/front_end.h"
#include "sim/channel/interference.h"

/* splitmix64 (Steele, Lea, Flood). */
static inline uint64_t blocks_draw(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* n random bits packed, zeros behind in the last octet. */
void blocks_draw_bits(uint64_t *state, uint8_t *bits, size_t n);

/* A precoder of 38.214 5.2.2.2.1 from layers to ports, each as likely (38.101-4 Table 5.2-1). */
void blocks_draw_precoder(uint64_t *state, struct phy_precoding *w, unsigned ports, unsigned layers);

/*
 * The air of one block after the other. Where it does not fade it is one stream of noise for a whole point; a
 * fading channel is made again for each block, so that blocks are independent.
 */
struct air {
	struct blocks_air config;
	bool ofdm_used;
	struct phy_ofdm ofdm;
	unsigned ports, antennas; /* that send; that receive */
	struct channel *channel;
	struct interference *interference; /* NULL: none */
	size_t room;
	struct phy_cf
		*samples; /* of a slot and what the channel delays it by: each port's, then each antenna's */
	struct phy_cf *scratch; /* of one antenna */
	uint64_t radio_seed;    /* of the next slot */
	double snr_db;
};

/* NULL and *why for what cannot be. ofdm: mu, extended and prbs; NULL for a bare code. */
struct air *air_new(const struct blocks_air *c, const struct phy_ofdm_config *ofdm, const char **why);
struct air *air_new_array(const struct blocks_air *c, const struct phy_ofdm_config *ofdm, unsigned ports,
	unsigned antennas, const char **why);
void air_free(struct air *a);

/* A point, and a block of it. */
bool air_point(struct air *a, double snr_db, uint64_t seed);
bool air_block(struct air *a, uint64_t seed);

/* The grid as received, in place; of symbols `first` to first + count - 1 at least. slot: within the frame.
 */
void air_pass(struct air *a, const struct kern *k, struct phy_grid *grid, unsigned slot, unsigned first,
	unsigned count);

/*
 * The grids of the ports as the antennas receive them. Noise has the power that snr_db says at each, for a
 * signal of power 1 from all ports together.
 */
void air_pass_array(struct air *a, const struct kern *k, const struct phy_grid *ports,
	const struct phy_grid *antennas, unsigned slot, unsigned first, unsigned count);

/* The same for n symbols of a bare code. */
void air_noise(struct air *a, struct phy_cf *symbols, size_t n);

/* Lets time pass; matters only if the channel fades and moves. */
void air_wait(struct air *a, double seconds);

/* A kind of channel. */
struct blocks_kind_ops {
	/* Sets b->own, b->size and b->air; false and *why for what cannot be: close is called then too. */
	bool (*open)(struct blocks *b, const char **why);
	void (*close)(struct blocks *b);                       /* copes with own of NULL */
	void (*begin)(struct blocks *b);                       /* another block */
	bool (*send)(struct blocks *b, unsigned transmission); /* from 0; whether it came, as it was */
	double wait_s;                                         /* between transmissions, or 0: seven slots */
};

extern const struct blocks_kind_ops blocks_pdsch, blocks_pusch, blocks_pucch, blocks_pdcch, blocks_pbch,
	blocks_ldpc, blocks_polar;

struct blocks {
	struct blocks_config config;
	struct blocks_size size;
	struct blocks_count count;
	struct kern kern;
	const struct blocks_kind_ops *ops;
	struct air *air;
	uint64_t random; /* of the point */
	double noise;    /* variance of a symbol */
	void *own;       /* the kind's */
};

extern const uint8_t blocks_rv[BLOCKS_TRANSMISSIONS_MAX];
