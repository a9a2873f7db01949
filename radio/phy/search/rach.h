/*
 * Random access as a cell's SIB1 has it (38.331 RACH-ConfigCommon): where preambles may be sent, and which of
 * them a recording of the uplink holds.
 */
#pragma once

#include "radio/phy/prach/prach.h"
#include "radio/phy/signals/resample.h"

enum phy_rach_error {
	PHY_RACH_OK,
	PHY_RACH_NO_SIB1,  /* no BCCH-DL-SCH-Message with SIB1 */
	PHY_RACH_NONE,     /* it has no uplink, or no contention-based random access in it */
	PHY_RACH_CARRIER,  /* the uplink's carrier or bandwidth part makes no sense */
	PHY_RACH_PREAMBLES /* there are no such preambles: index, root, zone or spacing */
};

const char *phy_rach_error_text(enum phy_rach_error e);

struct phy_rach {
	enum phy_prach_table table;
	uint8_t index;      /* prach-ConfigurationIndex */
	uint8_t mu;         /* of the uplink's carrier */
	uint16_t grid_prbs; /* of that carrier */
	uint16_t first_prb; /* of it, of the first occasion */
	uint16_t prbs;      /* of an occasion */
	uint8_t fdm;        /* msg1-FDM: occasions beside each other */
	uint8_t prach_mu;   /* of their spacing: 0 for long preambles */
	uint8_t slots;      /* of a frame, in which occasions are counted: 10, in FR2 40 */
	struct phy_prach
		plan[2]; /* the second is of the last occasion of a slot, where that has another format */
};

enum phy_rach_error phy_rach_init(struct phy_rach *r, struct bytes sib1);

struct rrc_rach_config_common;

/* Of another bandwidth part of a cell whose carrier and table *r has already; bwp_start: within the carrier.
 */
enum phy_rach_error phy_rach_of_part(
	struct phy_rach *r, const struct rrc_rach_config_common *c, unsigned bwp_start, unsigned bwp_prbs);

/* The occasions of a slot of r->slots, as phy_prach_occasions has them. */
unsigned phy_rach_occasions(const struct phy_rach *r, unsigned frame, unsigned slot,
	struct phy_prach_occasion out[PHY_PRACH_OCCASIONS_MAX]);

/* The plan of an occasion: 0 or 1. */
unsigned phy_rach_plan(const struct phy_rach *r, const struct phy_prach_occasion *o);

/* RA-RNTI of 38.321 5.1.3 (of no supplementary uplink). */
unsigned phy_rach_rnti(
	const struct phy_rach *r, unsigned slot, const struct phy_prach_occasion *o, unsigned fdm);

/* What listening works in; NULL when memory is out. *r must stay. */
struct phy_rach_ear *phy_rach_ear_new(const struct phy_rach *r, double rate_hz);
void phy_rach_ear_free(struct phy_rach_ear *e);

/*
 * The preambles of an occasion, as phy_prach_detect finds them. frame_start: the recording's sample with
 * which the frame begins; its middle is the uplink carrier's. Nothing where the recording does not hold all
 * of the occasion.
 */
unsigned phy_rach_hear(struct phy_rach_ear *e, const struct kern *k, const struct phy_recording *in,
	double frame_start, unsigned slot, const struct phy_prach_occasion *o, unsigned fdm,
	struct phy_prach_found found[PHY_PRACH_PREAMBLES]);
