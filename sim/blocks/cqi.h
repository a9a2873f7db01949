/*
 * A UE that measures CSI-RS and reports a CQI, and the PDSCH by the transport format of any CQI
 * (38.101-4 6.2): two antenna ports, through the same fading.
 */
#pragma once

#include "radio/phy/receivers/csi_report.h"
#include "sim/blocks/blocks.h"

struct cqi_config {
	uint8_t mu;
	uint16_t prbs;
	uint8_t antennas, rank; /* 1 to 8; 1 or 2, of which codebook index 0 alone may be reported */
	/* Without fading the ports come by the matrix of 38.101-4 B.1: (1 j) at even antennas, (1 -j) at odd
	 * ones. */
	struct blocks_air air;
	double snr_db; /* of a resource element of the PDSCH at an antenna */
};

/* NULL and *why for what cannot be, or when memory is out. */
struct cqi_link *cqi_link_new(const struct cqi_config *c, const char **why);
void cqi_link_free(struct cqi_link *l);

/* Begins again: the same seed gives the same fading and noise. False when memory is out. */
bool cqi_link_begin(struct cqi_link *l, uint64_t seed);

/* A slot with CSI-RS: the CQI of Table 5.2.2.1-3 (38.214) that the UE reports, 0 for none. */
unsigned cqi_link_report(struct cqi_link *l);

/* A slot with a PDSCH of a CQI's modulation and code rate (38.101-4 A.4): the bits that came, 0 if it is
 * lost. CQI 0 sends nothing. */
uint32_t cqi_link_send(struct cqi_link *l, unsigned cqi);

void cqi_link_wait(struct cqi_link *l, double seconds);
