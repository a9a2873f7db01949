/*
 * A UE whose radio is real: RRC and all below it (ue/stack) over samples, in place of the simulated link. It
 * finds its cell by itself. Its air has a time of its own, that of the samples; the NAS above has the host's.
 */
#pragma once

#include "radio/l1.h"
#include "ue/phy/cell_search.h"
#include "ue/ue.h"

struct ue_air_config {
	double rate_hz;       /* of samples, both ways */
	uint64_t downlink_hz; /* what the radio is tuned to */
	uint16_t band;
	struct plmn plmn; /* that it looks for */
	/* In place of samples a model of the physical layer, whose functions below are called; self NULL:
	 * none. Its air has the host's time. */
	struct l1_ue l1;
	void *l1_arg;
	void (*l1_wake)(void *arg); /* the NAS has said something: the next slot is wanted */
	size_t ahead;               /* samples that are given before their time (ue/phy/stream.h); 0: at it */
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
/*
 * From the model: a cell is found, or none is; an SS/PBCH block of it was heard, or was to be; a slot, or,
 * with t NULL, that time has passed where there is no cell. Slots before the deadline may be left out.
 */
void ue_air_found(struct ue_host *host, const struct ue_found *f);
void ue_air_not_found(struct ue_host *host);
void ue_air_sync(struct ue_host *host, bool heard, float snr_db);
void ue_air_slot(struct ue_host *host, const struct slot_time *t);
MUST_USE uint64_t ue_air_deadline_ns(const struct ue_host *host);
/* What the model must know of it: whether it follows a cell, and what it is known by there; 0: nothing. */
MUST_USE bool ue_air_is_in_cell(const struct ue_host *host, uint16_t *c_rnti, uint32_t *advance_tc);

/* Zeros: it has no such radio. */
struct ue_air_state ue_host_air_state(const struct ue_host *host);
