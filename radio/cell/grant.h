/*
 * What DCI of formats 1_0, 0_0, 1_1 and 0_1, and the grant of a random access response, mean in a
 * cell: 38.214 5.1, 6.1, 38.213 8.2, 8.3. Both ends read them with the same code, the gNB what it is about to
 * send.
 */
#pragma once

#include "radio/cell/own.h"
#include "radio/mac/rar.h"
#include "radio/phy/channels/pdsch_fallback.h"
#include "radio/phy/channels/pusch.h"

/* A DCI of a search space; own: NULL before there is anything. False: a kind that it does not have. */
MUST_USE bool cell_dci_layout(struct phy_dci_layout *l, const struct cell *c, const struct cell_own *own,
	const struct cell_space *s, enum phy_dci_kind kind);

struct cell_pdsch_grant {
	struct phy_pdsch_config config;
	uint8_t k0;
	uint8_t harq_process, dai, tpc, pucch_resource;
	uint8_t k1; /* slots to HARQ-ACK; 0: there is none */
	bool ndi;
};

/* A DCI 1_0 or 1_1 for this RNTI; space NULL: search space 0 of SIB1. own NULL: before there is anything. */
MUST_USE enum phy_pdsch_error cell_pdsch_grant(struct cell_pdsch_grant *g, const struct cell *c,
	const struct cell_own *own, const struct cell_space *space, uint16_t rnti, const struct phy_dci *dci);

struct cell_pusch_grant {
	struct phy_pusch_config config;
	uint8_t k2;
	uint8_t harq_process, tpc;
	bool ndi;
	uint8_t dai;  /* of DCI 0_1: HARQ-ACKs that there are, 1 to 4 round and round; 1 and 2 with a
			 semi-static  codebook: none, and all of it; 0: it is not told */
	uint8_t beta; /* of DCI 0_1: the beta offset indicator */
	uint8_t csi;  /* of DCI 0_1: the CSI request; 0: none */
	bool no_data; /* nothing but CSI, and HARQ-ACK beside it */
};

/* The blocks of the downlink's part that a DCI 1_0 of this space can name (38.214 5.1.2.2.2), and the field
 * for some of them. */
void cell_pdsch_range(
	const struct cell *c, const struct cell_space *space, uint16_t *first_prb, uint16_t *prbs);
MUST_USE bool cell_pdsch_riv(uint32_t *riv, const struct cell *c, const struct cell_space *space,
	uint16_t first_prb, uint16_t prbs);

/* A DCI 0_0 or 0_1. */
MUST_USE bool cell_pusch_grant(struct cell_pusch_grant *g, const struct cell *c, const struct cell_own *own,
	const struct cell_space *space, uint16_t rnti, const struct phy_dci *dci);

/* 38.214 5.2.1.5.2: a DCI 0_1 of SP-CSI-RNTI. *asked: of which report. */
enum cell_sp_csi { CELL_SP_CSI_INVALID, CELL_SP_CSI_BEGINS, CELL_SP_CSI_ENDS };
enum cell_sp_csi cell_sp_csi_grant(struct cell_pusch_grant *g, unsigned *asked, const struct cell *c,
	const struct cell_own *own, const struct phy_dci *dci);

/* Msg3; k2 counts from the slot of the response. */
MUST_USE bool cell_msg3_grant(struct cell_pusch_grant *g, const struct cell *c, uint16_t temporary_c_rnti,
	const struct mac_rar_grant *grant);

/* Octets of the transport block; 0: there is none such. MCS must be one with a rate of its own. */
MUST_USE size_t cell_pdsch_octets(const struct phy_pdsch_config *p);
MUST_USE size_t cell_pusch_octets(const struct phy_pusch_config *p);

/* A row of the list that holds for a UE; k0 of a PUSCH is K2. */
MUST_USE bool cell_pusch_time(
	const struct cell *c, const struct cell_own *own, unsigned row, struct phy_time_domain *out);
MUST_USE bool cell_pdsch_time(
	const struct cell *c, const struct cell_own *own, unsigned row, struct phy_time_domain *out);
