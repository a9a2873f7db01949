/*
 * The physical uplink shared channel: 38.211 6.3.1, 38.212 6.2, 38.214 6.1, 6.2. A configuration is checked
 * and laid out once (phy_pusch_init); sending and receiving then follow the plan. 1 to 4 layers from 1, 2 or
 * 4 antenna ports (with non-codebook transmission one a layer), received by 1 to 8 antennas.
 */
#pragma once

#include "radio/phy/channels/block.h"
#include "radio/phy/channels/pusch_uci.h"
#include "radio/phy/channels/ptrs_plan.h"
#include "radio/phy/mapping/precoding.h"
#include "radio/phy/receivers/array.h"

enum { PHY_PUSCH_ANTENNAS_MAX = 8 };

struct phy_pusch_config {
	uint8_t mu;         /* 0 to 3 */
	bool extended;      /* cyclic prefix; with mu 2 only */
	uint16_t bwp_start; /* CRB */
	uint16_t bwp_prbs;
	struct phy_time_domain time; /* k0 is K2, not looked at */
	struct phy_prbs prbs;        /* ascending; in a row with hopping or transform precoding */
	enum phy_pusch_hopping hopping;
	uint16_t hop_offset; /* RB_offset of 38.214 6.3.1 */
	/* Its port and low_papr.used, first_crb, prbs and dfts are not looked at. */
	struct phy_dmrs dmrs;
	uint8_t layers;                   /* 1 to 4 */
	uint8_t ports[PHY_UL_LAYERS_MAX]; /* the DM-RS port of each, no two alike */
	struct phy_ptrs_config ptrs;      /* with transform precoding its groups */
	uint8_t ptrs_layer;               /* that PT-RS go with */
	bool codebook;                    /* else a layer is an antenna port */
	uint8_t antenna_ports;            /* with a codebook: 1, 2 or 4 */
	uint8_t tpmi;                     /* with a codebook */
	bool transform_precoding;         /* DFT-s-OFDM: one layer */
	uint16_t rnti;
	uint16_t n_id; /* dataScramblingIdentityPUSCH, or the cell's identity */
	enum phy_mcs_table mcs_table;
	uint8_t mcs;
	uint8_t rv;
	uint8_t overhead; /* xOverhead; 0 for Msg3 */
	/* A retransmission by a reserved MCS, and a part of a repetition of type B, keep the size and the
	 * rate of the first; else both 0. */
	uint32_t kept_tbs;
	uint16_t kept_rate_x2048;
	uint32_t lbrm_bits;              /* phy_tbs_lbrm(), or 0 for the whole buffer */
	struct phy_pusch_uci_config uci; /* all bits 0: none */
};

enum phy_pusch_error {
	PHY_PUSCH_OK,
	PHY_PUSCH_NUMEROLOGY, /* mu above 3, or an extended prefix without mu 2 */
	PHY_PUSCH_BANDWIDTH,  /* a bandwidth part of no blocks or too many */
	PHY_PUSCH_TIME,       /* S and L are not of 38.214 Table 6.1.2.1-1 */
	PHY_PUSCH_PRBS,       /* none, outside the bandwidth part, or not ascending */
	PHY_PUSCH_HOPPING,    /* not in a row, a hop outside the bandwidth part, or of no symbol */
	PHY_PUSCH_LAYERS,     /* not 1 to 4, or more than one with transform precoding */
	PHY_PUSCH_PRECODING,  /* no such TPMI for ports, layers and transform precoding */
	PHY_PUSCH_TRANSFORM,  /* blocks not in a row, or not 2^a 3^b 5^c of them */
	PHY_PUSCH_DMRS,       /* no such port, one twice, or CDM groups without data that do not hold it */
	PHY_PUSCH_DMRS_TRANSFORM, /* with transform precoding: type 1, two groups without data */
	PHY_PUSCH_DMRS_TIME,      /* 38.211 6.4.1.1.3 has no such position for the allocation */
	PHY_PUSCH_DMRS_REFERENCE, /* the sequence would begin above the bandwidth part */
	PHY_PUSCH_IDENTITY,       /* a scrambling identity out of range */
	PHY_PUSCH_PTRS,           /* no such density, offset, groups, port or layer */
	PHY_PUSCH_MCS,            /* no such table or row, or one that goes not with transform precoding */
	PHY_PUSCH_KEPT,           /* a reserved MCS without a size to keep, or another with one */
	PHY_PUSCH_TBS,            /* overhead and allocation give no transport block */
	PHY_PUSCH_RV,
	PHY_PUSCH_UCI,   /* no room, no such code or index, or without data what is not offered */
	PHY_PUSCH_NO_RE, /* nothing is left for data */
	PHY_PUSCH_ERRORS,
};

const char *phy_pusch_error_text(enum phy_pusch_error e);

/* The plan. */
struct phy_pusch {
	struct phy_pusch_config config;
	struct phy_sch sch;
	enum phy_modulation modulation;
	struct phy_precoding precoding;
	uint16_t dmrs_symbols; /* mask */
	uint8_t hop_symbol;    /* where the second hop begins, 14 without one in the slot */
	/* The blocks of the first hop; where a symbol is elsewhere: phy_pusch_shift(). */
	struct phy_re_plan plan;
	struct phy_ptrs_plan ptrs;
	uint32_t g; /* bits of the codeword, UCI and all; sch.g are those of UL-SCH, 0 without */
	struct phy_pusch_uci uci;
};

/* Checks *c and lays it out. *p is of no use after an error. */
enum phy_pusch_error phy_pusch_init(struct phy_pusch *p, const struct phy_pusch_config *c);

/* By how many resource blocks symbol l of the slot lies above (or below) the plan's. */
int phy_pusch_shift(const struct phy_pusch *p, unsigned slot, unsigned l);

/* What sending works in; one a thread; dfts stay the caller's. NULL when memory is out. */
struct phy_pusch_sender *phy_pusch_sender_new(const struct phy_dfts *dfts);
void phy_pusch_sender_free(struct phy_pusch_sender *s);

/*
 * Writes the channel of this slot of the frame to the grids of its antenna ports (p->precoding.ports of
 * them, alike), with data of mean power 1 a layer before precoding: the blocks of the allocation in its
 * symbols, with zeros where nothing is sent; others stay. tb: p->sch.a bits packed, not looked at without
 * UL-SCH. uci: the bits of each part, one an octet, NULL where there are none. False, with nothing done, when
 * the grids are others: too few blocks or other symbols, or when a part is missing.
 */
bool phy_pusch_send_uci(struct phy_pusch_sender *s, const struct kern *k, const struct phy_pusch *p,
	unsigned slot, const uint8_t *tb, const uint8_t *const uci[PHY_PUSCH_UCI_PARTS],
	const struct phy_grid *ports);

/* The same of a plan without UCI. */
bool phy_pusch_send(struct phy_pusch_sender *s, const struct kern *k, const struct phy_pusch *p,
	unsigned slot, const uint8_t *tb, const struct phy_grid *ports);

struct phy_pusch_result {
	bool ok;
	struct phy_sch_result sch;
	struct phy_array_result channel; /* of the first hop that holds anything */
	struct phy_pusch_uci_result {
		struct phy_uci_result
			code; /* its ok: something was sent for sure, which few coded bits do not tell */
		const uint8_t *bits; /* one an octet, until the next begins; NULL for none */
	} uci[PHY_PUSCH_UCI_PARTS];
};

/*
 * What receiving works in, for up to so many antennas and layers; one a thread; filters and dfts stay the
 * caller's. NULL for numbers out of range, and when memory is out.
 */
struct phy_pusch_receiver *phy_pusch_receiver_new(const struct phy_chest_filters *filters,
	const struct phy_dfts *dfts, unsigned antennas, unsigned layers);
void phy_pusch_receiver_free(struct phy_pusch_receiver *r);

enum { PHY_PUSCH_ITERATIONS = 20 };

/*
 * The way back, from the grids of `count` antennas: tb gets p->sch.a bits packed, of use if result->ok. harq
 * is that of the block, reset when it is new. False, with nothing done, when the grids are others, the
 * antennas or layers too many, or harq does not go with the plan; grids of nonsense only leave result->ok
 * false. An antenna that is silent or shows what is no number is left out.
 */
bool phy_pusch_receive(struct phy_pusch_receiver *r, const struct kern *k, const struct phy_pusch *p,
	unsigned slot, const struct phy_grid *antennas, unsigned count, struct phy_harq *harq, uint8_t *tb,
	struct phy_pusch_result *result);

/*
 * The same in steps, which threads share. A reception is one PUSCH under way: its channel, its soft bits.
 * Work is what a thread needs for any of them. Both for up to so many antennas and layers, NULL as above.
 */
struct phy_pusch_reception *phy_pusch_reception_new(const struct phy_chest_filters *filters,
	const struct phy_dfts *dfts, unsigned antennas, unsigned layers);
void phy_pusch_reception_free(struct phy_pusch_reception *in);
struct phy_pusch_work *phy_pusch_work_new(unsigned antennas, unsigned layers);
void phy_pusch_work_free(struct phy_pusch_work *w);

/* What is received; all of it stays until the conclusion. */
struct phy_pusch_input {
	const struct phy_pusch *pusch;
	const struct phy_grid *antennas;
	unsigned count, slot;
	struct phy_harq *harq;
};

enum { PHY_PUSCH_HOPS = 2 };

/*
 * In this order, with all of a step behind it before the next: begin (false as phy_pusch_receive() is, and
 * then no more); for each hop that there is, each step of the estimate for each layer, its end, each symbol
 * of the slot; then soften (false when harq does not go with the plan), each part of the code blocks, and the
 * conclusion, which says what came. Layers, symbols and parts by any threads at a time. What there is not to
 * do is done at once.
 */
bool phy_pusch_begin(struct phy_pusch_reception *in, const struct phy_pusch_input *what);
unsigned phy_pusch_hops(const struct phy_pusch *p);
void phy_pusch_estimate(struct phy_pusch_reception *in, const struct kern *k, unsigned hop,
	enum phy_array_step step, unsigned layer);
void phy_pusch_estimate_end(
	struct phy_pusch_reception *in, struct phy_pusch_work *w, const struct kern *k, unsigned hop);
void phy_pusch_demodulate(struct phy_pusch_reception *in, struct phy_pusch_work *w, const struct kern *k,
	unsigned hop, unsigned l);
bool phy_pusch_soften(struct phy_pusch_reception *in, struct phy_pusch_work *w, const struct kern *k);
void phy_pusch_decode_part(struct phy_pusch_reception *in, struct phy_pusch_work *w, const struct kern *k,
	const struct phy_sch_part *part);

/* tb and *result as phy_pusch_receive() has them. */
void phy_pusch_conclude(
	struct phy_pusch_reception *in, const struct kern *k, uint8_t *tb, struct phy_pusch_result *result);
