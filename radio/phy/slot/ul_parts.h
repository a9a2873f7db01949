/* What both ends of the uplink share, and their PRACH. */
#pragma once

#include "radio/phy/slot/occupancy.h"
#include "radio/phy/slot/slot_parts.h"
#include "radio/phy/slot/slot_uplink.h"

/* Lays out a channel by its own rules and the carrier's. *why is set with PHY_SLOT_CHANNEL. */
enum phy_slot_error slot_check_pusch(struct phy_pusch *p, const struct phy_pusch_config *c,
	const struct phy_slot_config *end, const char **why);
enum phy_slot_error slot_check_pucch(struct phy_pucch *p, const struct phy_pucch_config *c,
	const struct phy_slot_config *end, const char **why);
enum phy_slot_error slot_check_srs(struct phy_srs *p, const struct phy_srs_config *c,
	const struct phy_slot_config *end, const struct slot_time *now, const char **why);

/* Where an occasion of the plan lies from the beginning of its slot on. */
enum phy_slot_error slot_prach_place(struct phy_prach_place *out, const struct phy_prach *plan,
	const struct phy_slot_carrier *c, const struct slot_time *now, const struct phy_ul_prach_place *place,
	const char **why);

/* The most samples from the beginning of a slot to the end of a preamble that begins in it. */
size_t slot_prach_samples(const struct phy_prach *plan, const struct phy_slot_carrier *c);

/* A preamble under way from a UE. NULL for what cannot be, or when memory is out. */
struct ul_preamble *ul_preamble_new(const struct phy_slot_config *c, const struct kern *k);
void ul_preamble_free(struct ul_preamble *p);

/* It begins in this slot. Refused while another one is under way. */
enum phy_slot_error ul_preamble_begin(struct ul_preamble *p, const struct slot_time *now,
	const struct phy_ul_prach *what, const char **why);

/* Adds the n samples of this slot, if any are left; when the slot before was left out the preamble is over.
 */
void ul_preamble_add(struct ul_preamble *p, const struct slot_time *now, struct phy_cf *out, size_t n);

/* The occasions of a gNB that are under way, and the samples they are in. */
struct ul_occasions *ul_occasions_new(const struct phy_slot_config *c, const struct kern *k);
void ul_occasions_free(struct ul_occasions *o);

/* Checks what begins in this slot of n samples, and takes the REs of all that is under way. */
enum phy_slot_error ul_occasions_check(struct ul_occasions *o, const struct phy_ul_slot_rx *slot,
	struct slot_occupancy *occupancy, unsigned *index, const char **why);

/* They begin, as checked. Then how many antennas must be recorded, and how many occasions end. */
void ul_occasions_begin(
	struct ul_occasions *o, const struct phy_ul_slot_rx *slot, const struct phy_cf *const *in);
unsigned ul_occasions_records(const struct ul_occasions *o);
unsigned ul_occasions_ending(const struct ul_occasions *o);

phy_task_fn ul_occasions_record, ul_occasions_detect;

/* The slot is over: what came of those that ended. */
const struct phy_ul_rach *ul_occasions_end(struct ul_occasions *o, size_t *n);
