/*
 * A UE whose radio is real: RRC and all below it (ue/stack) over samples, in place of the simulated link. It
 * finds its cell by itself. Its air has a time of its own, that of the samples; the NAS above has the host's.
 */
#pragma once

#include "ue/ue.h"

struct ue_air_config {
	double rate_hz;       /* of samples, both ways */
	uint64_t downlink_hz; /* what the radio is tuned to */
	uint16_t band;
	struct plmn plmn; /* that it looks for */
	size_t ahead;     /* samples that are given before their time (ue/phy/stream.h); 0: at it */
};

/* As a live line shows it. */
struct ue_air_state {
	bool camped;
	uint16_t pci;
	float snr_db;
	double cfo_hz;
	uint32_t advance_tc; /* N_TA, 38.211 4.3.1 */
	/* Since it came into the cell: transport blocks, and those that were in error or sent again. */
	uint64_t dl_blocks, dl_errors, ul_blocks, ul_repeated;
	uint64_t down_octets, up_octets; /* of packets of its sessions */
};

/* Before its only UE is made. False: no memory, or a rate that no carrier has. */
MUST_USE bool ue_host_set_air(struct ue_host *host, const struct ue_air_config *c);
/* Zeros: it has no such radio. */
struct ue_air_state ue_host_air_state(const struct ue_host *host);
