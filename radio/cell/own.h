/*
 * What a UE has been configured with for itself in a bandwidth part of its cell: ServingCellConfig with the
 * dedicated parts of it (38.331 6.3.2), as far as both ends of it are here. The DU writes it, of the initial
 * part; the UE reads it (radio/cell/parts.h), another vendor's too as far as it is among this.
 */
#pragma once

#include "radio/cell/cell.h"
#include "radio/phy/channels/mcs.h"
#include "radio/phy/channels/pusch_uci.h"
#include "radio/phy/channels/srs.h"
#include "radio/phy/mapping/csi_rs.h"
#include "radio/phy/receivers/csi_report.h"
#include "radio/phy/mapping/dmrs.h"
#include "radio/phy/mapping/rate_match.h"

enum {
	CELL_PUCCH_SET = 8,
	CELL_ACKS_SMALL = 2, /* bits of HARQ-ACK that resource set 0 is for (38.213 9.2.1) */
	CELL_SPACES_MAX = 4,
	CELL_SRS_MAX = 4,
	CELL_CORESETS_MAX = 2, /* beside CORESET 0 */
	CELL_K1S_MAX = 8,
	CELL_HOPS_MAX = 4,
	CELL_CSI_RS_MAX = 16,
	CELL_RESERVED_MAX = 4 * CELL_CSI_RS_MAX, /* by symbol */
	CELL_PUCCH_FORMATS = 5,
	CELL_CQI_BITS = 4, /* of a report of one port, wideband (38.212 Table 6.3.1.1.2-3) */
	CELL_ASKED_MAX = 4,
	CELL_TRIGGERS_MAX = 16,
	CELL_TRIGGERED_MAX = 2, /* reports of a trigger state */
	CELL_SLOT_OFFSETS_MAX = 16,
	CELL_SUBBANDS_MAX = 19,
	CELL_CSI_BITS_MAX = CELL_CQI_BITS + 2 * CELL_SUBBANDS_MAX,
	CELL_BETAS = 3, /* of HARQ-ACK: up to 2 bits, up to 11, more (38.213 9.3) */
};

/* resourceAllocation, as RRC counts. */
enum cell_allocation { CELL_ALLOCATION_TYPE0, CELL_ALLOCATION_TYPE1, CELL_ALLOCATION_SWITCH };

/* DMRS-DownlinkConfig, DMRS-UplinkConfig: of DCI 1_1 and 0_1, but for n_id, and of one mapping type. */
struct cell_dmrs {
	bool there;
	bool type2, pairs; /* pairs: maxLength 2 */
	uint8_t additional;
	bool has_n_id[2];
	uint16_t n_id[2]; /* scramblingID0 and 1 */
	/* PUSCH with transform precoding */
	bool has_low_papr_n_id;
	uint16_t low_papr_n_id;
	bool has_hopping;
	enum phy_sequence_hopping hopping;
};

/* What PDSCH-Config and PUSCH-Config have alike. */
struct cell_shared {
	enum cell_allocation allocation;
	uint8_t rbg_config; /* 1 or 2 */
	enum phy_mcs_table mcs_table;
	uint8_t overhead;         /* xOverhead */
	struct cell_dmrs dmrs[2]; /* by mapping type */
	uint8_t bwps;             /* bit i: BWP-Id i is configured beside the initial one */
};

struct cell_pdsch {
	struct cell_shared shared;
	enum phy_vrb_mapping interleaver; /* PHY_VRB_DIRECT: none */
	bool bundling_indicated;          /* prb-BundlingType is dynamic */
	uint8_t prg[2];                   /* P'_BWP by the indicator; the first without one */
	bool prg_widens;                  /* the second is for few or scattered blocks, else wideband */
	bool two_codewords;
	uint8_t k1[CELL_K1S_MAX], k1_n; /* dl-DataToUL-ACK */
};

struct cell_pusch {
	struct cell_shared shared;
	enum phy_mcs_table precoded_table; /* with transform precoding */
	bool hopping;                      /* within the slot */
	uint16_t hop[CELL_HOPS_MAX];
	uint8_t hops;
	uint8_t srs_resources;    /* that the SRS resource indicator chooses among */
	uint8_t csi_request_bits; /* reportTriggerSize */
	bool beta_indicated;
	enum phy_uci_alpha alpha;
	uint32_t lbrm_bits;
};

/* A CSI-RS resource. */
struct cell_csi_rs {
	bool there, zero_power;
	uint8_t id;
	uint16_t period, offset; /* slots; period 0: it is sent when a trigger says so */
	struct phy_csi_rs plan;
};

struct cell_coreset {
	bool there;
	uint8_t id;
	bool tci; /* tci-PresentInDCI */
	struct phy_coreset at;
};

struct cell_sr {
	bool there;
	uint8_t id;              /* SchedulingRequestId */
	uint16_t period, offset; /* slots */
	struct phy_pucch_config at;
};

/* PUSCH-PowerControl and PUCCH-PowerControl, with their first sets (38.213 7.1.1, 7.2.1). */
struct cell_power {
	bool absolute;  /* TPC of PUSCH does not accumulate */
	bool delta_mcs; /* a higher rate has more */
	int8_t p0_pusch_db, p0_pucch_db;
	uint8_t alpha_tenths;
	int8_t delta_f_db[CELL_PUCCH_FORMATS];
};

/* A periodic report on PUCCH of the CQI of all the band, from a CSI-RS of one port. */
struct cell_csi_report {
	bool there;
	uint8_t id;
	uint16_t period, offset; /* slots */
	enum phy_cqi_table table;
	uint8_t csi_rs; /* its place in the UE's list */
	struct phy_pucch_config at;
};

enum cell_asked_on { CELL_ASKED_APERIODIC, CELL_ASKED_ON_PUCCH, CELL_ASKED_ON_PUSCH };

/* A report that is made once a DCI, or a MAC control element, asks for it (38.214 5.2.1.5); period and offset
 * are those of semi-persistent ones, from their first on on PUSCH. */
struct cell_asked {
	struct cell_csi_report report;
	enum cell_asked_on on;
	uint8_t resource_config; /* aperiodic: the trigger says which set of it */
	uint8_t subband_prbs;    /* 0: the CQI of all the band */
	uint32_t subbands;       /* bit i: subband i, from the lowest, is reported */
	uint8_t slot_offset[CELL_SLOT_OFFSETS_MAX], slot_offsets; /* reportSlotOffsetList */
};

/* CSI-AperiodicTriggerState: reports in the order in which they go (38.212 6.3.2.1.2, 38.214 5.2.5). */
struct cell_trigger {
	uint8_t n; /* 0: what this UE cannot report */
	struct {
		uint8_t asked, csi_rs;
		uint8_t delay; /* aperiodicTriggeringOffset, slots, where its CSI-RS has no period */
	} report[CELL_TRIGGERED_MAX];
};

/* A resource of sounding that this UE can send. */
struct cell_srs {
	bool there;
	uint8_t id;
	uint8_t set; /* a periodic one that it is in, and one; 0: none, it is not sent */
	uint8_t alpha_tenths;
	int16_t p0_dbm;
	struct phy_srs_config config;
};

/* All zero before there is anything. */
struct cell_own {
	uint8_t downlink_id, uplink_id;          /* BWP-Ids of the parts that it is of */
	bool there;                              /* RRC has configured something */
	bool semi_static;                        /* the Type-1 HARQ-ACK codebook, else Type-2 (38.213 9.1) */
	bool bundled_on_pucch, bundled_on_pusch; /* harq-ACK-SpatialBundling: one bit for two codewords */
	bool sizes_cut; /* DCI 0_0 and 1_0 of UE-specific spaces have the sizes of common ones: 38.212 7.3.1.0
			   step 4 */
	bool has_pdsch_n_id, has_pusch_n_id;
	uint16_t pdsch_n_id, pusch_n_id;                   /* dataScramblingIdentity */
	bool has_transform_precoding, transform_precoding; /* of PUSCH-Config; else Msg3's holds */
	struct phy_time_domain pdsch_times[CELL_TIMES_MAX], pusch_times[CELL_TIMES_MAX];
	uint8_t pdsch_times_n, pusch_times_n;
	uint32_t lbrm_bits; /* of PDSCH */
	uint8_t layers;     /* maxMIMO-Layers of PDSCH */
	struct cell_pdsch pdsch;
	struct cell_pusch pusch;
	struct cell_power power;
	struct cell_csi_rs csi_rs[CELL_CSI_RS_MAX];
	struct cell_coreset coresets[CELL_CORESETS_MAX];
	struct cell_space spaces[CELL_SPACES_MAX]; /* common ones and the UE's own, in the order of coming */
	struct phy_pucch_config ack[CELL_PUCCH_SET]; /* resource set 0: one or two bits */
	uint8_t ack_n;
	struct phy_pucch_config more[CELL_PUCCH_SET]; /* resource set 1, format 2: three bits and more */
	uint8_t more_n;
	uint8_t more_rate_percent; /* maxCodeRate of format 2 */
	bool acks_with_csi;        /* simultaneousHARQ-ACK-CSI of format 2 */
	struct cell_csi_report report;
	struct cell_asked asked[CELL_ASKED_MAX];
	struct cell_trigger triggers[CELL_TRIGGERS_MAX]; /* by CSI request, from 1 on */
	uint8_t sp_triggers[CELL_TRIGGERS_MAX]; /* of SP-CSI-RNTI, from 0 on: in asked[]; CELL_ASKED_MAX: none
						 */
	uint16_t sp_csi_rnti;                   /* 0: none */
	struct cell_sr sr;
	struct cell_srs srs[CELL_SRS_MAX];
	uint8_t beta_ack[4]
			[CELL_BETAS]; /* betaOffsetACK-Index1 to 3, by DCI 0_1's indicator; else the first */
	uint8_t beta_csi[4],
		beta_csi_more[4]; /* betaOffsetCSI-Part1-Index1, and Index2: of more than 11 bits */
	uint8_t harqs;            /* nrofHARQ-ProcessesForPDSCH */
};

/* What holds when RRC has said nothing. */
void cell_own_init(struct cell_own *o, const struct cell *c);

/* 38.331 5.3.12: resources of scheduling requests, of reports on PUCCH and of sounding go. */
void cell_own_release_uplink(struct cell_own *o);

/* What a PDSCH for the C-RNTI lies around in a slot; how many. */
size_t cell_own_reserved(const struct cell_own *o, const struct cell *c, unsigned sfn, unsigned slot,
	struct phy_reserved out[CELL_RESERVED_MAX]);

/* Whether a report is due in this slot, counted in 1024 frames. */
static inline bool cell_own_reports(const struct cell_own *o, uint64_t slots)
{
	return o->report.there && slots % o->report.period == o->report.offset;
}

/* Whether so many bits of UCI, a report among them, go on a resource of set 1 (38.213 9.2.5.2). */
bool cell_own_reports_along(const struct cell_own *o, unsigned indicator, unsigned bits);
/* A resource of format 2 as this UE sends it. */
struct phy_pucch_config cell_own_format2(
	const struct cell *c, const struct cell_own *o, const struct phy_pucch_config *at, uint16_t c_rnti);

/* betaOffsetACK of so many bits; indicator: of DCI 0_1, else 0. */
uint8_t cell_own_beta_ack(const struct cell_own *o, unsigned indicator, unsigned bits);

/* betaOffsetCSI-Part1 likewise. */
uint8_t cell_own_beta_csi(const struct cell_own *o, unsigned indicator, unsigned bits);

/* 38.214 Table 5.2.1.4-2: the blocks of subband i of a bandwidth part, within it. False: there is none. */
bool cell_subband(
	const struct cell_carrier *at, unsigned subband_prbs, unsigned i, unsigned *first, unsigned *prbs);
/* Bits of such a report (38.212 6.3.2.1.2). */
unsigned cell_asked_bits(const struct cell_asked *a);

/* A resource of sounding that is due in this slot of the frame; NULL: none. */
const struct cell_srs *cell_own_sounds(const struct cell_own *o, unsigned sfn, unsigned slot);

/* PUSCH of DCI 0_1 has transform precoding (38.214 6.1.3). */
static inline bool cell_own_precodes(const struct cell *c, const struct cell_own *o)
{
	return o->has_transform_precoding ? o->transform_precoding : c->access.msg3_transform_precoding;
}

/* A resource of set 1 as this UE sends it. */
struct phy_pucch_config cell_own_more(
	const struct cell *c, const struct cell_own *o, unsigned indicator, uint16_t c_rnti);

/* Those of CSI-MeasConfig, and of the zero-power CSI-RS that goes with it. */
struct cell_csi_message {
	struct rrc_csi_resource_periodicity_and_offset at;
	struct rrc_nzp_csi_rs_resource nzp;
	struct rrc_csi_meas_config_nzp_csi_rs_resource_to_add_mod_list nzps;
	struct rrc_nzp_csi_rs_resource_set nzp_set;
	struct rrc_csi_meas_config_nzp_csi_rs_resource_set_to_add_mod_list nzp_sets;
	struct rrc_csi_im_resource im;
	struct rrc_csi_im_resource_csi_im_resource_element_pattern pattern;
	struct rrc_csi_frequency_occupation band;
	struct rrc_csi_meas_config_csi_im_resource_to_add_mod_list ims;
	struct rrc_csi_im_resource_set im_set;
	struct rrc_csi_meas_config_csi_im_resource_set_to_add_mod_list im_sets;
	struct rrc_csi_resource_config resources[2];
	struct rrc_csi_resource_config_csi_rs_resource_set_list_nzp_csi_rs_ssb_nzp_csi_rs_resource_set_list
		measured;
	struct rrc_csi_meas_config_csi_resource_config_to_add_mod_list resource_list;
	struct rrc_csi_report_config report;
	struct rrc_pucch_csi_resource pucch;
	struct rrc_csi_report_config_report_freq_configuration wideband;
	struct rrc_csi_meas_config_csi_report_config_to_add_mod_list reports;
	struct rrc_zp_csi_rs_resource zp;
	struct rrc_pdsch_config_zp_csi_rs_resource_to_add_mod_list zps;
	struct rrc_setup_release_zp_csi_rs_resource_set zp_set;
	struct rrc_setup_release_csi_meas_config config;
	uint8_t first; /* identity 0, of all there is */
};

/* That of SRS-Config: a periodic resource of one port, in a set. */
struct cell_srs_message {
	struct rrc_srs_resource resource;
	struct rrc_srs_config_srs_resource_to_add_mod_list resources;
	struct rrc_srs_resource_set_srs_resource_id_list ids;
	struct rrc_srs_resource_set set;
	struct rrc_srs_config_srs_resource_set_to_add_mod_list sets;
	struct rrc_setup_release_srs_config config;
};

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
	struct rrc_pucch_resource resource[CELL_PUCCH_SET + 3];
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
	struct cell_csi_message csi;
	struct cell_srs_message srs;
};

/* Points g->sp_cell_config and physical_cell_group_config to what says *o. */
void cell_own_write(struct cell_own_message *m, struct rrc_cell_group_config *g, const struct cell *c,
	const struct cell_own *o);
