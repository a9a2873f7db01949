/*
 * What a UE has been configured with for itself in its cell: ServingCellConfig with the dedicated parts of
 * the initial bandwidth parts (38.331 6.3.2), as far as both ends of it are here. The DU writes it, the UE
 * reads it, another vendor's too as far as it is among this.
 */
#pragma once

#include "radio/cell/cell.h"

enum {
	CELL_PUCCH_SET = 8,
	CELL_ACKS_SMALL = 2, /* bits of HARQ-ACK that resource set 0 is for (38.213 9.2.1) */
};

struct cell_sr {
	bool there;
	uint8_t id;              /* SchedulingRequestId */
	uint16_t period, offset; /* slots */
	struct phy_pucch_config at;
};

/* All zero before there is anything. */
struct cell_own {
	bool has_pdsch_n_id, has_pusch_n_id;
	uint16_t pdsch_n_id, pusch_n_id;                   /* dataScramblingIdentity */
	bool has_transform_precoding, transform_precoding; /* of PUSCH-Config; else Msg3's holds */
	struct phy_time_domain pdsch_times[CELL_TIMES_MAX], pusch_times[CELL_TIMES_MAX];
	uint8_t pdsch_times_n, pusch_times_n;
	uint32_t lbrm_bits;                          /* of PDSCH; PUSCH has the whole buffer */
	struct cell_space space;                     /* for the UE: common or its own, of DCI 0_0 and 1_0 */
	struct phy_pucch_config ack[CELL_PUCCH_SET]; /* resource set 0: one or two bits */
	uint8_t ack_n;
	struct phy_pucch_config more[CELL_PUCCH_SET]; /* resource set 1, format 2: three bits and more */
	uint8_t more_n;
	struct cell_sr sr;
	uint8_t beta_ack; /* betaOffsetACK-Index1: HARQ-ACK of up to two bits on PUSCH */
	uint8_t harqs;    /* nrofHARQ-ProcessesForPDSCH */
};

/* What holds when RRC has said nothing. */
void cell_own_init(struct cell_own *o, const struct cell *c);

/* A delta. False: it has what is not here, or cannot be; *o is as it was. */
MUST_USE bool cell_own_read(
	struct cell_own *o, const struct cell *c, const struct rrc_sp_cell_config *sp_cell);

/* A resource of set 1 as this UE sends it. */
struct phy_pucch_config cell_own_more(
	const struct cell *c, const struct cell_own *o, unsigned indicator, uint16_t c_rnti);

/* The parts of a message, which point to one another: they must stay where they are until it is encoded. */
struct cell_own_message {
	struct rrc_physical_cell_group_config physical;
	struct rrc_sp_cell_config sp_cell;
	struct rrc_serving_cell_config serving;
	struct rrc_bwp_downlink_dedicated downlink;
	struct rrc_setup_release_pdcch_config pdcch;
	struct rrc_pdcch_config_search_spaces_to_add_mod_list spaces;
	struct rrc_search_space space;
	struct rrc_search_space_monitoring_slot_periodicity_and_offset monitoring;
	struct rrc_search_space_nrof_candidates candidates;
	struct rrc_search_space_search_space_type type;
	struct rrc_pdcch_config_control_resource_set_to_add_mod_list coresets;
	struct rrc_control_resource_set coreset;
	struct rrc_setup_release_pdsch_config pdsch;
	struct rrc_pdsch_config pdsch_config;
	struct rrc_uplink_config uplink;
	struct rrc_bwp_uplink_dedicated bwp;
	struct rrc_setup_release_pucch_config pucch;
	struct rrc_pucch_config pucch_config;
	struct rrc_pucch_config_resource_set_to_add_mod_list sets;
	struct rrc_pucch_resource_set set[2];
	uint8_t set_ids[CELL_PUCCH_SET + 1];
	struct rrc_setup_release_pucch_format_config format1, format2;
	struct rrc_setup_release_dmrs_downlink_config pdsch_dmrs;
	struct rrc_setup_release_dmrs_uplink_config pusch_dmrs;
	struct rrc_dmrs_uplink_config_transform_precoding_disabled no_transform;
	struct rrc_pucch_config_resource_to_add_mod_list resources;
	struct rrc_pucch_resource resource[CELL_PUCCH_SET + 2];
	struct rrc_pucch_config_scheduling_request_resource_to_add_mod_list requests;
	struct rrc_scheduling_request_resource_config request;
	struct rrc_scheduling_request_resource_config_periodicity_and_offset request_at;
	struct rrc_pucch_config_dl_data_to_ul_ack timing;
	uint8_t timings[8];
	struct rrc_setup_release_pusch_config pusch;
	struct rrc_pusch_config pusch_config;
	struct rrc_setup_release_uci_on_pusch uci;
	struct rrc_uci_on_pusch_beta_offsets beta;
	struct rrc_setup_release_pdsch_serving_cell_config pdsch_cell;
};

/* Points g->sp_cell_config and physical_cell_group_config to what says *o. */
void cell_own_write(struct cell_own_message *m, struct rrc_cell_group_config *g, const struct cell *c,
	const struct cell_own *o);
