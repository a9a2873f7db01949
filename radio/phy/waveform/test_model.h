/*
 * Test models in the manner of 38.141-1 4.9.2.2: what a base station sends while its transmitter is measured.
 * Users with an RNTI each share the carrier, some stronger than others; one control channel element is before
 * them.
 */
#pragma once

#include "radio/phy/channels/mcs.h"
#include "radio/phy/signals/grid.h"

enum phy_test_model {
	PHY_TEST_MODEL_NONE,
	PHY_TEST_MODEL_1_1,  /* QPSK */
	PHY_TEST_MODEL_1_2,  /* QPSK, some blocks boosted */
	PHY_TEST_MODEL_2,    /* 64QAM, one block */
	PHY_TEST_MODEL_2A,   /* 256QAM, one block */
	PHY_TEST_MODEL_2B,   /* 1024QAM, one block */
	PHY_TEST_MODEL_3_1,  /* 64QAM */
	PHY_TEST_MODEL_3_1A, /* 256QAM */
	PHY_TEST_MODEL_3_1B, /* 1024QAM */
	PHY_TEST_MODEL_3_2,  /* 16QAM weakened, the rest QPSK */
	PHY_TEST_MODEL_3_3,  /* QPSK weakened, the rest QPSK */
	PHY_TEST_MODELS,
};

enum {
	PHY_TEST_MODEL_PRBS_MIN =
		11, /* the narrowest carrier that has a share for each user (38.104 5.3.2) */
	PHY_TEST_USERS_MAX = 3,
	PHY_TEST_PDCCH_PRBS = 3, /* of two symbols: one control channel element */
};

/* The blocks of a user in a slot. */
struct phy_test_user {
	uint16_t n;
	uint16_t at[PHY_PRB_MAX];
	uint16_t rnti;
	bool balancing; /* only there for the power: its EVM is not looked at (4.9.2.2) */
	enum phy_mcs_table table;
	uint8_t mcs; /* a row of that with the user's modulation */
	float amplitude;
};

/* The users of a slot of a model with so many blocks, at least PHY_TEST_MODEL_PRBS_MIN; how many. */
unsigned phy_test_model_users(struct phy_test_user user[PHY_TEST_USERS_MAX], enum phy_test_model model,
	unsigned prbs, unsigned slot);

/*
 * PN23 (ITU-T O.150 5.6), that a user's bits are: from a register of ones in the first slot of a frame, and
 * on over its slots (4.9.2.3).
 */
struct phy_pn23 {
	uint32_t state;
};

void phy_pn23_init(struct phy_pn23 *g);
/* The next n bits, packed; what is left of the last octet is 0. */
void phy_pn23_take(struct phy_pn23 *g, uint8_t *out, size_t n);
