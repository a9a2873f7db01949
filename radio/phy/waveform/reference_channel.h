/*
 * The uplink's fixed reference channels (38.104 Annex A): PUSCHs by which receivers of base stations are
 * tested, as samples of their antenna ports.
 */
#pragma once

#include "radio/phy/channels/pusch.h"
#include "radio/phy/waveform/waveform.h"

struct phy_frc {
	const char *name;
	uint8_t scs_khz;
	uint16_t n_rb;
	uint8_t additional; /* DM-RS */
	uint8_t q_m;
	uint16_t rate_x2048;
	uint8_t layers;
	bool transform_precoding;
	uint32_t payload_bits, total_bits; /* of a slot */
	uint8_t code_blocks;
};

/* By its name, as G-FR1-A3-8; NULL for none of Annex A.1 to A.14 in FR1. */
const struct phy_frc *phy_frc_find(const char *name);

/* The PUSCH of a cell, in the lowest blocks of a carrier of prbs; layers are antenna ports, rv is 0. False
 * where the carrier is too narrow or another spacing's. */
bool phy_frc_pusch(struct phy_pusch_config *p, const struct phy_frc *f, const struct phy_waveform_config *c);

struct phy_reference;

/* Of c: cell, carrier, TDD, first frame, seed and amplitude are looked at. NULL for what cannot be, or when
 * memory is out. */
struct phy_reference *phy_reference_new(const struct phy_frc *f, const struct phy_waveform_config *c);
void phy_reference_free(struct phy_reference *r);

/* The next subframe of each layer's antenna port; with TDD slots that are the uplink's alone are sent. */
void phy_reference_run(struct phy_reference *r, const struct kern *k, struct phy_cf *const *out);
