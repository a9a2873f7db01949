/*
 * What a cell sends to those that do not know it yet, as samples: SS/PBCH blocks, SIB1 with its PDCCH, and on
 * request a PDSCH of random data in all slots that are left.
 */
#pragma once

#include "radio/phy/mapping/coreset0.h"
#include "radio/phy/channels/ssb.h"
#include "radio/phy/waveform/sib1_schedule.h"
#include "radio/phy/waveform/test_model.h"

struct phy_waveform_config {
	uint16_t n_cell_id;
	/* The carrier. subCarrierSpacingCommon is its spacing too. */
	uint8_t mu;
	bool extended;       /* cyclic prefix; with mu 2 and without SIB1 only */
	uint16_t prbs;       /* N_RB */
	uint16_t first_crb;  /* offsetToCarrier */
	uint16_t fft_size;   /* the sample rate is this times the spacing */
	uint64_t carrier_hz; /* f_0 of 38.211 5.4, the carrier's middle; 0 for no phases */
	struct phy_waveform_tdd tdd;
	/* SS/PBCH blocks */
	enum phy_ssb_case pattern;
	uint8_t l_max;
	bool half_frame;          /* they are in the second one; period of 10 ms and more */
	uint8_t period_ms;        /* 5, 10, 20, 40, 80 or 160; those above 10 begin at SFN 0 modulo theirs */
	uint64_t sent;            /* bit i: index i is sent */
	int64_t ssb_offset_hz;    /* subcarrier 120 of the SS/PBCH block, from the carrier's middle */
	enum phy_band_class band; /* PHY_BAND_3_MHZ: 15 blocks of 15 kHz, and punctured SS/PBCH blocks */
	/* MIB */
	uint16_t sfn; /* of the first frame */
	uint8_t dmrs_type_a_position;
	uint8_t coreset_zero;
	uint8_t search_space_zero;
	bool cell_barred;
	struct bytes sib1; /* BCCH-DL-SCH-Message; empty for a cell without. The caller's until
			      phy_waveform_new is done */
	/* In downlink slots without SIB1: rank 1, all of the carrier, RNTI 0x4601. */
	bool test_pdsch;
	enum phy_mcs_table test_mcs_table;
	uint8_t test_mcs;
	enum phy_test_model model; /* instead of all else: no SS/PBCH block is sent, nor SIB1 */
	uint64_t seed;             /* of the test PDSCH's data */
	float amplitude;           /* of a resource element of mean power 1 */
};

enum { PHY_WAVEFORM_TEST_RNTI = 0x4601 };

enum phy_waveform_error {
	PHY_WAVEFORM_OK,
	PHY_WAVEFORM_IDENTITY,
	PHY_WAVEFORM_CARRIER,
	PHY_WAVEFORM_NARROW,
	PHY_WAVEFORM_RATE,
	PHY_WAVEFORM_TDD,
	PHY_WAVEFORM_SSB_SPACING,
	PHY_WAVEFORM_SSB_L_MAX,
	PHY_WAVEFORM_SSB_INDEX,
	PHY_WAVEFORM_SSB_PERIOD,
	PHY_WAVEFORM_SSB_OUTSIDE,
	PHY_WAVEFORM_SSB_RASTER,
	PHY_WAVEFORM_SSB_UPLINK,
	PHY_WAVEFORM_MIB,
	PHY_WAVEFORM_TYPE_A_POSITION,
	PHY_WAVEFORM_CORESET0,
	PHY_WAVEFORM_CORESET0_OUTSIDE,
	PHY_WAVEFORM_SEARCH_SPACE0,
	PHY_WAVEFORM_CORESET0_TAKEN,
	PHY_WAVEFORM_SIB1_LENGTH,
	PHY_WAVEFORM_SIB1_EXTENDED,
	PHY_WAVEFORM_SIB1_PLACE,
	PHY_WAVEFORM_TEST_MCS,
	PHY_WAVEFORM_TEST_MODEL,
	PHY_WAVEFORM_AMPLITUDE,
	PHY_WAVEFORM_MEMORY,
	PHY_WAVEFORM_ERRORS,
};

const char *phy_waveform_error_text(enum phy_waveform_error e);

/* Of the SS/PBCH block, to either side of its subcarrier 120. */
static inline int64_t phy_waveform_half_ssb_hz(const struct phy_waveform_config *c)
{
	return phy_ssb_width(c->band == PHY_BAND_3_MHZ) / 2 * (INT64_C(15000) << phy_ssb_mu(c->pattern));
}

/* What follows from a configuration about frequencies (38.211 4.4.4.2, 7.4.3.1). */
struct phy_waveform_place {
	uint8_t k_ssb;              /* without SIB1 what signals that there is no CORESET 0 */
	uint16_t ssb_crb;           /* N_CRB^SSB counted in the carrier's spacing */
	uint16_t offset_to_point_a; /* the same in blocks of 15 kHz, or 60 in FR2 */
	/* with SIB1: */
	struct phy_coreset0_cell cell;
	struct phy_coreset0 coreset0;
	uint16_t coreset_crb; /* its lowest block */
};

/* Checks all but SIB1's contents and when it is sent; *place is filled. */
enum phy_waveform_error phy_waveform_place(
	const struct phy_waveform_config *c, struct phy_waveform_place *place);

/* Checks all; *schedule is filled if there is SIB1. Takes some memory for as long as it runs. */
enum phy_waveform_error phy_waveform_check(const struct phy_waveform_config *c,
	struct phy_waveform_place *place, struct phy_sib1_schedule *schedule);

struct phy_waveform;

/* NULL, with *error, for what phy_waveform_check refuses, and when memory is out. */
struct phy_waveform *phy_waveform_new(const struct phy_waveform_config *c, enum phy_waveform_error *error);
void phy_waveform_free(struct phy_waveform *w);

/* Samples of a subframe: fft_size * 15 * 2^mu. */
unsigned phy_waveform_subframe_samples(const struct phy_waveform *w);

/* The next subframe; the first begins with a frame. */
void phy_waveform_run(struct phy_waveform *w, const struct kern *kern, struct phy_cf *out);

/* Whether SS/PBCH blocks are sent in a half frame, 0 or 1, of a frame. */
static inline bool phy_waveform_has_ssb(
	const struct phy_waveform_config *c, unsigned sfn, unsigned half_frame)
{
	if (c->period_ms == 5)
		return true;
	return sfn % (c->period_ms / 10) == 0 && half_frame == c->half_frame;
}

/* The plan of the test PDSCH in a slot of a frame, until the next call of any; NULL where there is none. */
const struct phy_pdsch *phy_waveform_test_plan(struct phy_waveform *w, unsigned sfn, unsigned slot);

/* Its data. */
void phy_waveform_test_data(
	const struct phy_waveform_config *c, unsigned sfn, unsigned slot, uint8_t *out, size_t octets);
