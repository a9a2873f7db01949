/* Initial cell search (38.213 4.1, 38.304 5.2.3): from samples to a cell with its SIB1. */
#pragma once

#include "radio/cell/cell.h"
#include "radio/phy/search/scan.h"

struct ue_found {
	struct cell_found found;
	struct cell cell;
	uint16_t sib1_octets;
	uint8_t sib1[PHY_SIB1_OCTETS_MAX];
	double frame_start; /* the sample with which the frame `sfn` begins; may lie before the first */
	uint16_t sfn;
	double cfo_hz; /* by how much all is received too high */
	float snr_db;  /* of a resource element of the SS/PBCH block */
};

/* Whether a cell may be camped on, whose SIB1 was read (38.304 4.5). */
typedef bool ue_cell_suitable_fn(void *arg, const struct ue_found *f);

/*
 * The strongest suitable cell; samples are changed. centre_hz: what the radio is tuned to. False: there is
 * none, and *out shows the last that was found as far as it came (found.ssb_hz 0: nothing).
 */
bool ue_cell_search(struct ue_found *out, const struct kern *k, struct phy_cf *samples, size_t count,
	double rate_hz, double centre_hz, ue_cell_suitable_fn *suitable, void *arg);
