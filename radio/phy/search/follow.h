/*
 * A cell that was found, followed block by block through a recording of any length: its timing and frequency
 * are tracked, its SFN is counted along, its SIB1 read again. The recording is the caller's, who hands out
 * pieces.
 */
#pragma once

#include "radio/phy/search/scan.h"

struct phy_follow;

/* found: in samples of the recording of this rate. NULL for rates that cannot be, and when memory is out. */
struct phy_follow *phy_follow_new(const struct phy_scan_cell *found, double rate_hz);
void phy_follow_free(struct phy_follow *f);

/* Which samples of the recording the next block needs. */
void phy_follow_next(const struct phy_follow *f, uint64_t *first, size_t *count);

struct phy_followed {
	double start;        /* the sample of the recording at which its PSS begins */
	double frequency_hz; /* of its subcarrier 120, from the recording's centre */
	double cfo_hz;       /* of that, what the recording has too much */
	double clock_ppm;    /* by how much the recording's clock is too fast for the cell's */
	uint16_t sfn;        /* as counted along, or as the block says if it jumped */
	bool heard;          /* the block was decoded; else all is as it was expected */
	bool jumped;         /* it says another SFN than was counted */
	float snr_db;
};

/* The next block, from samples of the recording of which the first has this number; as phy_follow_next()
 * asked, or fewer at the end. */
void phy_follow_block(struct phy_follow *f, const struct kern *k, const struct phy_recording *in,
	uint64_t first, struct phy_followed *out);

/* SIB1 somewhere in samples of the recording, as the last block that was heard places it; some 50 ms hold one
 * that is sent in each 20. */
enum phy_sib1_outcome phy_follow_sib1(struct phy_follow *f, const struct kern *k,
	const struct phy_recording *in, uint64_t first, struct phy_sib1 *sib1);
