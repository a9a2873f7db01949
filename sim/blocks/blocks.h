/*
 * Blocks of a physical channel sent over the simulated air, one SNR after the other, and how many of them are
 * lost. The same configuration and seed give the same counts, whatever was run before and however it is cut
 * into calls.
 */
#pragma once

#include "radio/phy/signals/modulation.h"
#include "radio/phy/channels/pdsch.h"
#include "radio/phy/channels/pucch.h"
#include "radio/phy/channels/pusch.h"
#include "sim/channel/channel.h"

enum blocks_kind {
	BLOCKS_PDSCH, /* transport blocks with HARQ */
	BLOCKS_PUSCH, /* the same of the uplink, received by several antennas */
	BLOCKS_PUCCH, /* UCI, received likewise */
	BLOCKS_PDCCH, /* DCI, at a place and of a size that the UE knows */
	BLOCKS_PBCH,  /* MIBs of SS/PBCH blocks found already; transmissions are bursts 20 ms apart */
	BLOCKS_LDPC,  /* the code alone: symbols with white noise of known power */
	BLOCKS_POLAR,
	BLOCKS_KINDS,
};

enum { BLOCKS_TRANSMISSIONS_MAX = 4 };

/* What is between the antennas; the bare codes see noise only and refuse the rest. */
struct blocks_air {
	enum channel_profile profile;
	double delay_spread_ns; /* TDL-A to E, CDL */
	double doppler_hz;
	enum channel_correlation correlation; /* TDL, of several antennas */
	bool uplink;                          /* a kind whose sender is the UE sets it */
	double speed_kmh;                     /* a train's */
	double cfo_hz;
	int delay_samples; /* of the transform below, positive late; -1024 to 1024 */
	/* Of the sender's oscillator, which all its antennas have (front_end.h); corner 0: none. */
	double phase_noise_dbc_hz, phase_noise_corner_hz;
	/* Other cells of this profile, Doppler and delay spread with fading of their own (interference.h),
	 * and the signal over all of them together at an antenna; none without fading. */
	uint8_t interferers;
	double sir_db;
	bool samples; /* go through OFDM also where noise on resource elements is the same */
};

struct blocks_pdcch {
	uint8_t mu;
	uint8_t n_symb, al;
	uint8_t dci_bits;
	bool interleaved;    /* R = 2 unless `interleaver` says another */
	uint8_t bundle;      /* REGs; 0 for 6 */
	uint8_t interleaver; /* R */
	bool wideband;       /* precoderGranularity allContiguousRBs */
	uint16_t n_rb;       /* of the CORESET, a multiple of 6 */
};

struct blocks_code {
	enum ldpc_bg bg;                /* LDPC */
	enum phy_modulation modulation; /* polar codes: QPSK */
	uint16_t k;                     /* bits; polar codes have a CRC of 24 besides */
	uint16_t iterations;            /* LDPC, at most */
	uint8_t list;                   /* polar: 1 to 8 */
	uint32_t e;                     /* coded bits of a transmission, in whole symbols */
};

struct blocks_config {
	enum blocks_kind kind;
	struct phy_pdsch_config pdsch; /* its rv is not looked at */
	struct phy_pusch_config pusch; /* its rv is not looked at */
	struct phy_pucch_config pucch;
	uint8_t antennas; /* that receive; 0 of the downlink: one */
	/* That send PDSCH and PDCCH, by a precoder of 38.214 5.2.2.2.1 drawn for each PRG of a slot, or part
	 * of the CORESET that has one: 1, 2 or 4, 0 for one. */
	uint8_t ports;
	struct blocks_pdcch pdcch;
	bool search;     /* PDSCH: phy_pdsch_receiver_search() */
	uint8_t pbch_mu; /* 0, 1, 3 */
	bool pbch_known; /* the block's index, to the UE */
	struct blocks_code code;
	struct blocks_air air;
	unsigned transmissions; /* at most, of a block: 1 to 4, as rv 0, 2, 3, 1; PDCCH and polar: 1 */
	uint64_t seed;
};

/* A block as the bound and the throughput see it. */
struct blocks_size {
	uint32_t bits;    /* of the message, without CRC */
	uint32_t coded;   /* with it (of a transport block, not of its code blocks): what the rate of a code
			     counts */
	uint32_t symbols; /* of a transmission, those that carry the code */
	enum phy_modulation modulation;
	double slot_s; /* 0 where there is none: bare codes */
};

/* Of one SNR. Squares and products are for the interval of the throughput. */
struct blocks_count {
	uint64_t blocks, errors;
	uint64_t sent;         /* transmissions in all */
	uint64_t sent_squared; /* sum of the squares of each block's */
	uint64_t sent_good;    /* of blocks that came */
};

struct blocks;

/* NULL for what cannot be, with the reason in *why (static), or when memory is out. */
struct blocks *blocks_new(const struct blocks_config *c, const char **why);
void blocks_free(struct blocks *b);

const struct blocks_size *blocks_size(const struct blocks *b);

/* Begins a point: snr_db is that of a resource element of data at an antenna, all layers together, or a
 * symbol of a bare code; -100 to 100. */
bool blocks_point(struct blocks *b, double snr_db);

/* n more blocks of the point. */
void blocks_run(struct blocks *b, unsigned n);

/* Of the point up to now. */
const struct blocks_count *blocks_counts(const struct blocks *b);
