/*
 * The physical downlink shared channel: 38.211 7.3.1, 38.214 5.1. A configuration is checked and laid out
 * once (phy_pdsch_init); sending and receiving then follow the plan. 1 to 4 layers of one codeword or 5 to 8
 * of two, layer i on antenna port 1000 + ports[i].
 */
#pragma once

#include "radio/phy/channels/block.h"
#include "radio/phy/channels/layers.h"
#include "radio/phy/mapping/rate_match.h"

struct phy_pdsch_codeword {
	uint8_t mcs;
	uint8_t rv;
	/* A retransmission by a reserved MCS keeps the size and the rate of the first; else both 0. */
	uint32_t kept_tbs;
	uint16_t kept_rate_x2048;
};

struct phy_pdsch_config {
	uint8_t mu;         /* 0 to 3 */
	bool extended;      /* cyclic prefix; with mu 2 only */
	uint16_t bwp_start; /* CRB */
	uint16_t bwp_prbs;
	struct phy_time_domain time;
	struct phy_prbs prbs;
	uint16_t coresets;             /* symbols of the slot in which CORESETs take REs of the allocation */
	struct phy_dmrs dmrs;          /* its port is not looked at */
	uint8_t layers;                /* 1 to 8 */
	uint8_t ports[PHY_LAYERS_MAX]; /* the DM-RS port of each less 1000, no two alike */
	struct phy_ptrs_config ptrs;   /* on the layer that 38.214 5.1.6.3 has them on */
	uint8_t prg_prbs;              /* P'_BWP of 38.214 5.1.2.3: 2, 4, or 0: one precoder everywhere */
	uint16_t rnti;
	uint16_t n_id; /* dataScramblingIdentityPDSCH, or the cell's identity */
	enum phy_mcs_table mcs_table;
	struct phy_pdsch_codeword codeword[PHY_CODEWORDS_MAX]; /* the second with 5 layers or more */
	uint8_t overhead;                                      /* xOverhead; 0 for SI-, RA- and P-RNTI */
	enum phy_tb_scaling scaling;                           /* for RA- and P-RNTI */
	uint32_t lbrm_bits;                                    /* phy_tbs_lbrm(), or 0 for the whole buffer */
	const struct phy_reserved *reserved;                   /* read by phy_pdsch_init() only */
	size_t reserved_n;
};

enum phy_pdsch_error {
	PHY_PDSCH_OK,
	PHY_PDSCH_NUMEROLOGY,    /* mu above 3, or an extended prefix without mu 2 */
	PHY_PDSCH_BANDWIDTH,     /* a bandwidth part of no blocks or too many */
	PHY_PDSCH_TIME,          /* S and L are not of 38.214 Table 5.1.2.1-1 */
	PHY_PDSCH_PRBS,          /* none, outside the bandwidth part, or one twice */
	PHY_PDSCH_LAYERS,        /* not 1 to 8 */
	PHY_PDSCH_PRG,           /* none of 2, 4 and 0 */
	PHY_PDSCH_DMRS,          /* no such port, one twice, or CDM groups without data that do not hold it */
	PHY_PDSCH_DMRS_TIME,     /* 38.211 7.4.1.1.2 has no such position for the allocation */
	PHY_PDSCH_DMRS_RESERVED, /* DM-RS on reserved REs (38.214 5.1.4) */
	PHY_PDSCH_DMRS_REFERENCE, /* the sequence would begin above the bandwidth part */
	PHY_PDSCH_IDENTITY,       /* data scrambling identity above 1023, DM-RS above 65535 or n_SCID */
	PHY_PDSCH_PTRS,           /* no such density or offset, or a port without */
	PHY_PDSCH_MCS,            /* no such table or row */
	PHY_PDSCH_KEPT,           /* a reserved MCS without a size to keep, or another with one */
	PHY_PDSCH_TBS,            /* overhead or scaling give no transport block */
	PHY_PDSCH_RV,
	PHY_PDSCH_RESERVED, /* a reservation of nonsense */
	PHY_PDSCH_NO_RE,    /* nothing is left for data */
	PHY_PDSCH_ERRORS,
};

const char *phy_pdsch_error_text(enum phy_pdsch_error e);

/* The plan. */
struct phy_pdsch {
	struct phy_pdsch_config config; /* without reservations */
	unsigned codewords;
	struct phy_sch sch[PHY_CODEWORDS_MAX];
	enum phy_modulation modulation[PHY_CODEWORDS_MAX];
	uint16_t dmrs_symbols; /* mask */
	uint16_t dmrs_re;      /* of a block in such a symbol: all ports together */
	struct phy_re_plan plan;
	struct phy_ptrs_plan ptrs;
};

/* Checks *c and lays it out. *p is of no use after an error. */
enum phy_pdsch_error phy_pdsch_init(struct phy_pdsch *p, const struct phy_pdsch_config *c);

/* What sending works in; one a thread. NULL when memory is out. */
struct phy_pdsch_sender *phy_pdsch_sender_new(void);
void phy_pdsch_sender_free(struct phy_pdsch_sender *s);

/* How many precoders the plan has: one a PRG of the bandwidth part, at most PHY_PRGS_MAX. */
unsigned phy_pdsch_prgs(const struct phy_pdsch *p);

/*
 * Writes the channel of this slot of the frame to the REs that are its own, with data of mean power 1 a layer
 * before precoding; others stay. tb: a block a codeword, p->sch[].a bits packed. w: phy_pdsch_prgs()
 * precoders from the layers to the same number of antenna ports each, or NULL: port i sends layer i. ports:
 * the grids of these, all alike. False, with nothing done, for other precoders, and when the grids are
 * others: too few blocks or other symbols.
 */
bool phy_pdsch_send(struct phy_pdsch_sender *s, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, const uint8_t *const *tb, const struct phy_precoding *w, const struct phy_grid *ports);

/* The same with bits instead of coded transport blocks, p->sch[].g packed of each codeword; they are
 * scrambled. */
bool phy_pdsch_send_bits(struct phy_pdsch_sender *s, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, const uint8_t *const *bits, const struct phy_precoding *w,
	const struct phy_grid *ports);

/*
 * The same in steps, which threads share. A sending is one PDSCH under way: its coded bits. Work is what a
 * thread needs for any of them. NULL when memory is out.
 */
struct phy_pdsch_sending *phy_pdsch_sending_new(void);
void phy_pdsch_sending_free(struct phy_pdsch_sending *s);
struct phy_pdsch_send_work *phy_pdsch_send_work_new(void);
void phy_pdsch_send_work_free(struct phy_pdsch_send_work *w);

/* What is sent; all of it stays until the last symbol. */
struct phy_pdsch_output {
	const struct phy_pdsch *pdsch;
	unsigned slot;
	const struct phy_precoding *w;
	const struct phy_grid *ports;
};

/*
 * In this order, with all of a step behind it before the next: begin (false as phy_pdsch_send() is, and then
 * no more); each codeword; each symbol of the slot. Codewords and symbols by any threads at a time. What
 * there is not to do is done at once.
 */
bool phy_pdsch_send_begin(struct phy_pdsch_sending *s, const struct phy_pdsch_output *what);
bool phy_pdsch_encode(struct phy_pdsch_sending *s, struct phy_pdsch_send_work *w, const struct kern *k,
	unsigned codeword, const uint8_t *tb);
void phy_pdsch_send_symbol(
	const struct phy_pdsch_sending *s, struct phy_pdsch_send_work *w, const struct kern *k, unsigned l);

struct phy_pdsch_result {
	bool ok;                                      /* of all codewords */
	struct phy_sch_result sch[PHY_CODEWORDS_MAX]; /* of each */
	struct phy_array_result channel;
};

/*
 * What receiving works in, for up to so many antennas and layers, 1 to 8; one a thread; filters stay the
 * caller's. NULL for numbers out of range, and when memory is out.
 */
struct phy_pdsch_receiver *phy_pdsch_receiver_new(
	const struct phy_chest_filters *filters, unsigned antennas, unsigned layers);
void phy_pdsch_receiver_free(struct phy_pdsch_receiver *r);

/*
 * Several layers of up to 64QAM are told apart by the likeliest symbols of all of them, not by MMSE (38.101-4
 * 3.1: enhanced receiver type 1). That takes far longer. Off at first.
 */
void phy_pdsch_receiver_search(struct phy_pdsch_receiver *r, bool on);

enum { PHY_PDSCH_ITERATIONS = 20 };

/*
 * The way back, from the grids of `count` antennas: tb[] get p->sch[].a bits packed, of use if the codeword's
 * result is ok. harq[] are those of the blocks, reset when they are new. False when a harq does not go with
 * the plan and, with nothing done, when the grids are others or antennas or layers too many; grids of
 * nonsense only leave result->ok false. An antenna that is silent or shows what is no number is left out.
 */
bool phy_pdsch_receive(struct phy_pdsch_receiver *r, const struct kern *k, const struct phy_pdsch *p,
	unsigned slot, const struct phy_grid *antennas, unsigned count, struct phy_harq *const *harq,
	uint8_t *const *tb, struct phy_pdsch_result *result);
