/*
 * What the four directions of a slot have in common (slot_downlink.h, slot_uplink.h): the carrier, what is
 * fixed when they are made, and how a slot that cannot be is refused. All memory is taken when an end is
 * made; a slot takes none.
 */
#pragma once

#include "base/slot_room.h"
#include "radio/phy/prach/prach.h"
#include "radio/phy/signals/grid.h"
#include "radio/phy/slot/tasks.h"

enum { PHY_SLOT_ANTENNAS_MAX = 8 };

/* A carrier of one direction (38.211 4.4). Its samples are continuous: slot after slot, none between. */
struct phy_slot_carrier {
	uint8_t mu;          /* 0 to 3 */
	bool extended;       /* cyclic prefix; with mu 2 only */
	uint16_t first_crb;  /* N_grid^start */
	uint16_t prbs;       /* N_grid^size */
	uint16_t fft_size;   /* samples of a symbol: the rate is this times the subcarrier spacing */
	uint64_t carrier_hz; /* f_0 of 38.211 5.4; 0 for no phases */
};

struct phy_slot_config {
	struct phy_slot_carrier carrier;
	uint8_t antennas; /* 1 to PHY_SLOT_ANTENNAS_MAX; a grid each, antenna ports being antennas */
	uint8_t layers;   /* the most of a PUSCH, 1 to 4, or of a PDSCH that is received, 1 to 8 */
	/* The most of each in a slot. */
	uint8_t shared; /* PDSCHs or PUSCHs */
	uint8_t pucch, srs, csi_rs;
	uint8_t prach;                     /* occasions that began and are not over */
	uint16_t harqs;                    /* soft buffers of receivers */
	uint32_t tb_bits;                  /* of the largest transport block */
	struct phy_prach_config preambles; /* if prach is above 0 */
	struct phy_workers workers;
	enum kern_level kern_level; /* none above */
};

enum phy_slot_pdu {
	PHY_SLOT_SSB,
	PHY_SLOT_PDCCH,
	PHY_SLOT_PDSCH,
	PHY_SLOT_CSI_RS,
	PHY_SLOT_PUSCH,
	PHY_SLOT_PUCCH,
	PHY_SLOT_SRS,
	PHY_SLOT_PRACH,
	PHY_SLOT_PDUS,
};

enum phy_slot_error {
	PHY_SLOT_OK,
	PHY_SLOT_TIME,       /* another numerology, no such slot, or an occasion that does not begin in it */
	PHY_SLOT_TOO_MANY,   /* more than the end was made for */
	PHY_SLOT_CHANNEL,    /* the channel's own rules: see why */
	PHY_SLOT_NUMEROLOGY, /* not the carrier's */
	PHY_SLOT_OUTSIDE,    /* beyond the carrier */
	PHY_SLOT_DIRECTION,  /* in symbols that are not of this direction */
	PHY_SLOT_OVERLAP,    /* on resource elements of another */
	PHY_SLOT_ANTENNA,    /* more ports or layers than the end has */
	PHY_SLOT_BLOCK,      /* a transport block that is missing or too large */
	PHY_SLOT_HARQ,       /* a process twice in a slot, or no soft buffer is free */
	PHY_SLOT_ERRORS,
};

/* What is wrong, of which part of the description. */
struct phy_slot_refusal {
	enum phy_slot_error error;
	enum phy_slot_pdu pdu;
	unsigned index;
	const char *why; /* of PHY_SLOT_CHANNEL; else NULL */
};

const char *phy_slot_error_text(enum phy_slot_error e);
const char *phy_slot_pdu_text(enum phy_slot_pdu p);

/* Samples of a slot; slot counts in the frame or in the subframe. */
unsigned phy_slot_samples(const struct phy_slot_carrier *c, unsigned slot);
