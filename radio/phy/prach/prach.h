/*
 * The physical random access channel: 38.211 6.3.3 and 5.3.2. A configuration is checked once
 * (phy_prach_init), which finds its 64 preambles; sending and detecting follow.
 */
#pragma once

#include "radio/phy/signals/fft.h"

enum phy_prach_format {
	PHY_PRACH_0,
	PHY_PRACH_1,
	PHY_PRACH_2,
	PHY_PRACH_3,
	PHY_PRACH_A1, /* the short ones from here on */
	PHY_PRACH_A2,
	PHY_PRACH_A3,
	PHY_PRACH_B1,
	PHY_PRACH_B2,
	PHY_PRACH_B3,
	PHY_PRACH_B4,
	PHY_PRACH_C0,
	PHY_PRACH_C2,
	PHY_PRACH_FORMATS,
};

/* restrictedSetConfig */
enum phy_prach_set { PHY_PRACH_UNRESTRICTED, PHY_PRACH_TYPE_A, PHY_PRACH_TYPE_B };

enum {
	PHY_PRACH_PREAMBLES = 64,
	PHY_PRACH_L_MAX = 1151,
	PHY_PRACH_ANTENNAS_MAX = 8,
	PHY_PRACH_MU_MAX = 6,
	PHY_PRACH_GROUPS = 4,                   /* of repetitions that are summed up */
	PHY_PRACH_TC_PER_SUBFRAME = 30720 * 64, /* T_c of 4.1 */
};

struct phy_prach_config {
	enum phy_prach_format format;
	uint16_t l_ra;       /* 839; 139, 571 or 1151 of the short formats */
	uint8_t mu;          /* of the short formats: spacing 15 kHz * 2^mu, 0 to 3, 5 or 6 */
	uint16_t root_index; /* prach-RootSequenceIndex */
	uint8_t zone;        /* zeroCorrelationZoneConfig, 0 to 15 */
	enum phy_prach_set set;
};

enum phy_prach_error {
	PHY_PRACH_OK,
	PHY_PRACH_FORMAT,     /* no such format */
	PHY_PRACH_LENGTH,     /* a length that the format does not have */
	PHY_PRACH_SPACING,    /* no such spacing, or not with this length (Table 6.3.3.2-1) */
	PHY_PRACH_ROOT,       /* a logical root index that the length does not have */
	PHY_PRACH_ZONE,       /* above 15, or a row that the restricted set does not have */
	PHY_PRACH_RESTRICTED, /* a restricted set of a short format, or no such set */
	PHY_PRACH_TOO_FEW,    /* all roots together do not give 64 preambles */
	PHY_PRACH_ERRORS,
};

const char *phy_prach_error_text(enum phy_prach_error e);

struct phy_prach_preamble {
	uint16_t root;  /* which of the plan's */
	uint16_t shift; /* C_v */
};

struct phy_prach_root {
	uint16_t u;
	uint16_t inverse; /* q of 6.3.3.1: q u = 1 modulo L_RA; what a frequency offset of one spacing shifts
			     by */
};

/* The plan. */
struct phy_prach {
	struct phy_prach_config config;
	uint32_t spacing_hz;
	uint32_t symbol_tc; /* of a repetition, in T_c */
	uint32_t prefix_tc; /* N_CP without what 5.3.2 adds at some places */
	uint8_t repetitions;
	uint16_t n_cs; /* 0: one shift a root */
	uint8_t roots_n;
	struct phy_prach_root roots[PHY_PRACH_PREAMBLES];
	struct phy_prach_preamble preambles[PHY_PRACH_PREAMBLES];
};

enum phy_prach_error phy_prach_init(struct phy_prach *p, const struct phy_prach_config *c);

/*
 * Metres to the farthest UE, one way, whose preamble is still taken for what it is: it comes the way there
 * and back late, which the shift N_CS, the cyclic prefix and the silence behind the preamble have to hold,
 * with some echoes.
 */
unsigned phy_prach_reach_m(const struct phy_prach *p);

/*
 * The shifts C_v of a root (at most max of them are written; a root has up to 575) in their order; how many
 * there are. n_cs as the table has it.
 */
unsigned phy_prach_shifts(
	unsigned l_ra, unsigned u, unsigned n_cs, enum phy_prach_set set, uint16_t *shifts, unsigned max);

/*
 * The resource blocks of an occasion and k_bar (Table 6.3.3.2-1), in the PUSCH's spacing of 15 kHz *
 * 2^pusch_mu. False where the two spacings do not go together.
 */
bool phy_prach_blocks(const struct phy_prach *p, unsigned pusch_mu, unsigned *prbs, unsigned *k_bar);

/* n 16 kappa of 5.3.2, in T_c, for a preamble of a short format that begins so late in the subframe; else 0.
 */
uint32_t phy_prach_extra_tc(const struct phy_prach *p, uint32_t start_tc);

/* How a carrier's samples hold an occasion. */
struct phy_prach_place {
	unsigned pusch_mu;
	unsigned grid_prbs; /* of the carrier */
	unsigned first_prb; /* of the carrier: the first block of the occasion, with n_RA of 5.3.2 */
	unsigned fft_size;  /* samples of a symbol of the PUSCH: the rate is this times its spacing */
	double start;       /* samples before the preamble begins (its prefix); a fraction is kept */
	uint32_t extra_tc;  /* what 5.3.2 adds to the prefix: phy_prach_time */
};

/* What sending and receiving work in, for a plan and a rate; one a thread. NULL for what cannot be, or out of
 * memory. */
struct phy_prach_signal *phy_prach_signal_new(
	const struct phy_prach *p, unsigned pusch_mu, unsigned fft_size);
void phy_prach_signal_free(struct phy_prach_signal *s);

/* y_(u, v)(k) of a preamble, of mean power L_RA. */
void phy_prach_sequence(const struct phy_prach *p, unsigned preamble, struct phy_cf *out);

/* Samples from `start` on to the end of the preamble, rounded up. */
size_t phy_prach_samples(const struct phy_prach *p, const struct phy_prach_place *place);

/*
 * Writes phy_prach_samples() of the preamble, of energy as phy_ofdm keeps it: L_RA subcarriers of power 1 in
 * the PRACH's spacing. False for a place that the plan cannot have.
 */
bool phy_prach_send(struct phy_prach_signal *s, const struct kern *k, unsigned preamble,
	const struct phy_prach_place *place, struct phy_cf *out);

/* An occasion's subcarriers as antennas received them: repetitions are summed up in groups. */
struct phy_prach_received {
	unsigned antennas, groups;
	struct phy_cf y[PHY_PRACH_ANTENNAS_MAX][PHY_PRACH_GROUPS][PHY_PRACH_L_MAX];
};

/* From as many samples as are sent. */
bool phy_prach_receive(struct phy_prach_signal *s, const struct kern *k, const struct phy_prach_place *place,
	const struct phy_cf *const *samples, unsigned antennas, struct phy_prach_received *out);

struct phy_prach_found {
	uint8_t preamble;
	float delay_s; /* after where it would begin without timing advance; 0 to N_CS / (L_RA spacing) */
	float snr; /* on a subcarrier of a repetition, mean of the antennas, as a ratio; above 1 too low */
};

/* What detecting works in; one a thread. NULL when memory is out. */
struct phy_prach_detector *phy_prach_detector_new(const struct phy_prach *p);
void phy_prach_detector_free(struct phy_prach_detector *d);

/*
 * The preambles that were sent, at most one of each, in ascending order; returns how many (found has room for
 * 64). Noise alone gives one in 1000 occasions at most.
 */
unsigned phy_prach_detect(struct phy_prach_detector *d, const struct kern *k,
	const struct phy_prach_received *r, struct phy_prach_found found[PHY_PRACH_PREAMBLES]);

/* Tables 6.3.3.2-2 to -4. */
enum phy_prach_table { PHY_PRACH_FR1_PAIRED, PHY_PRACH_FR1_UNPAIRED, PHY_PRACH_FR2, PHY_PRACH_TABLES };

enum { PHY_PRACH_OCCASIONS_MAX = 14 };

/* An occasion in time. */
struct phy_prach_occasion {
	enum phy_prach_format format;
	uint32_t start_tc; /* t_start, from the beginning of the subframe */
	uint32_t extra_tc; /* n 16 kappa of 5.3.2 */
	uint8_t symbol;    /* of the slot of the PRACH's spacing (15 kHz for long formats) */
	uint8_t slot;      /* n_slot of 5.3.2, within the subframe or the slot of 60 kHz */
};

/* The format of most occasions of a row, for phy_prach_init; false for no such row. */
bool phy_prach_row_format(enum phy_prach_table table, unsigned index, enum phy_prach_format *format);

/*
 * The occasions of a frame's subframe; of FR2, of a slot of 60 kHz, 0 to 39. mu: of the PRACH's spacing
 * (short formats). Returns how many; 0 too for what is none of the table.
 */
unsigned phy_prach_occasions(enum phy_prach_table table, unsigned index, unsigned mu, unsigned frame,
	unsigned slot, struct phy_prach_occasion out[PHY_PRACH_OCCASIONS_MAX]);
