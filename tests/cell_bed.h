/*
 * A DU's cell and a UE that knows nothing of it, joined by streams of samples through a channel each way.
 * What lies above - RRC, PDCP - is the test's: an SDU of SRB0 each way, and one RLC bearer.
 */
#pragma once

#include "gnb/du/stream.h"
#include "radio/rlc/rlc.h"
#include "sim/channel/channel.h"
#include "ue/phy/stream.h"

enum { BED_LCID = 4, BED_BLOCK = 1536, BED_CCCH = 6 };

struct cell_bed {
	struct du *du;
	struct du_stream *gnb;
	struct ue_stream *stream;
	struct ue_phy *ue;
	struct ue_found found;
	struct channel *down, *up;
	float gain; /* of the way, both ways */
	struct phy_cf block[BED_BLOCK];
	uint64_t ue_ns;
	struct rlc_memory memory;
	struct rlc *gnb_rlc, *ue_rlc;
	uint16_t place; /* the UE's, DU_NO_UE before it has one */
	unsigned searches;
	bool connected; /* the UE has had its SDU of SRB0 */
	uint64_t requested_ns, connected_ns;
	uint64_t sent_down, sent_up;
	uint64_t got_down, got_up; /* octets of SDUs that came */
	uint32_t chance;
	double rate_hz;
	bool gone;  /* what it sends does not arrive */
	bool mute;  /* the UE reports no channel quality */
	bool no_sr; /* the UE has no PUCCH for scheduling requests */
};

struct cell_bed_way {
	enum channel_profile profile;
	double snr_db, doppler_hz, cfo_hz, delay_samples;
	double distance_m; /* late by that much, each way */
	double loss_db;    /* both ways, before noise comes: SNR is that without it */
	uint64_t seed;
};

void cell_bed_begin(struct cell_bed *b, const struct served_cell_config *c, const struct cell_bed_way *way);
void cell_bed_end(struct cell_bed *b);
void cell_bed_run(struct cell_bed *b, unsigned ms);
/* What both have counted, printed. */
void cell_bed_show(const struct cell_bed *b);
/* The UE applies what the DU has for it now. */
void cell_bed_configure(struct cell_bed *b);
/* The parts of that, for a block of at most BED_BLOCK samples. */
void cell_bed_gnb_send(struct cell_bed *b, size_t n);
void cell_bed_ue(struct cell_bed *b, size_t n);
void cell_bed_gnb_receive(struct cell_bed *b, size_t n);
/* An SDU of so many octets of the bearer. */
void cell_bed_send(struct cell_bed *b, bool down, size_t octets);
/* 10 MHz at 15 kHz in band 3. */
struct served_cell_config cell_bed_config(void);
/* So many MHz at 30 kHz in band 78. */
struct served_cell_config cell_bed_tdd(uint8_t bandwidth_mhz, const char *pattern);
