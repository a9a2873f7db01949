/* What the doors of fuzz_phy share: the input as a stream of numbers, and rooms of just the size that is due.
 */
#pragma once

#include "base/cursor.h"
#include "radio/phy/mapping/ptrs.h"
#include "radio/phy/signals/grid.h"

enum { FUZZ_ROOMS = 64 };

struct fuzz {
	struct cursor c;
	struct kern kern;
	unsigned rooms;
	void *room[FUZZ_ROOMS]; /* freed after the run */
};

/* Numbers of the input; zeros behind its end. */
uint8_t fuzz_u8(struct fuzz *f);
uint16_t fuzz_u16(struct fuzz *f);
uint32_t fuzz_u32(struct fuzz *f);
uint64_t fuzz_u64(struct fuzz *f);

static inline bool fuzz_bool(struct fuzz *f)
{
	return fuzz_u8(f) & 1;
}

/* Mostly 0 to n, now and then any number. */
uint32_t fuzz_upto(struct fuzz *f, uint32_t n);

/* Any bits, or one of the awkward ones. */
float fuzz_float(struct fuzz *f);
double fuzz_double(struct fuzz *f);

/* n octets, zeroed, whose end the sanitizer guards. */
void *fuzz_room(struct fuzz *f, size_t n);

/* Floats of a seed, at a scale of the input's, with single ones of the input among them. */
float *fuzz_floats(struct fuzz *f, size_t n);
struct phy_cf *fuzz_samples(struct fuzz *f, size_t n);

/* Octets of a seed, or all the same. */
uint8_t *fuzz_octets(struct fuzz *f, size_t n);

/* PT-RS of a shared channel, mostly legal or none. */
struct phy_ptrs_config fuzz_ptrs(struct fuzz *f);

/* Doors that take grids (fuzz_phy_grid.c, fuzz_phy_pusch.c) and recordings (fuzz_phy_scan.c). */
void fuzz_pdcch(struct fuzz *f);
void fuzz_pdsch(struct fuzz *f);
void fuzz_pusch(struct fuzz *f);
void fuzz_fallback(struct fuzz *f);
void fuzz_pbch(struct fuzz *f);
void fuzz_ssb(struct fuzz *f);
void fuzz_cell_search(struct fuzz *f);
void fuzz_sib1(struct fuzz *f);
void fuzz_scan(struct fuzz *f);
void fuzz_follow(struct fuzz *f);
void fuzz_waveform(struct fuzz *f);
void fuzz_measure(struct fuzz *f);
void fuzz_rach(struct fuzz *f);

/* Control and access channels of the uplink (fuzz_phy_uplink.c). */
void fuzz_uci(struct fuzz *f);
void fuzz_pucch(struct fuzz *f);
void fuzz_prach(struct fuzz *f);
void fuzz_srs(struct fuzz *f);

/* fuzz_phy_csi.c */
void fuzz_csi(struct fuzz *f);
void fuzz_group(struct fuzz *f);

/* fuzz_phy_slot.c */
void fuzz_slot(struct fuzz *f);
