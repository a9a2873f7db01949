/* Inside gnb/cucp: DUs, UEs, and procedures. */
#pragma once

#include "base/hash.h"
#include "base/list.h"
#include "base/pool.h"
#include "base/timers.h"
#include "gnb/cucp/cucp.h"
#include "radio/rrc/security.h"
#include "radio/rrc/srb.h"

enum {
	CUCP_ARENA_OCTETS = 16384,
	CUCP_ARENA_LIMIT = 1 << 20,
	CUCP_PDU_MAX = 16384,
	CUCP_RRC_MS = 5000, /* an answer of a UE, which RLC repeats */
	CUCP_F1_MS = 2000,  /* an answer of a DU */
	CUCP_HELD_MAX = 16,
	CUCP_BEARERS_A_UE = 8,      /* on the average, at most */
	CUCP_GENERATION_SHIFT = 20, /* gNB-CU UE F1AP ID: a place, and how often it was taken */
};

struct cucp_du {
	bool up, removing;
	uint64_t id; /* gNB-DU ID */
	uint8_t cell_count;
	struct cucp_cell cells[CUCP_CELLS_MAX];
};

/* What of a UE is unanswered: one at a time, so that an answer has one question. */
enum cucp_procedure {
	CUCP_NONE,
	CUCP_SETUP,
	CUCP_SECURITY,
	CUCP_CAPABILITY,
	CUCP_CONTEXT,         /* UE CONTEXT SETUP or MODIFICATION */
	CUCP_RECONFIGURATION, /* at the UE */
	CUCP_REESTABLISHMENT,
	CUCP_RELEASE
};

enum cucp_bearer_state {
	CUCP_BEARER_WANTED, /* waits for its turn */
	CUCP_BEARER_AT_DU,  /* CUCP_CONTEXT */
	CUCP_BEARER_AT_UE,  /* CUCP_RECONFIGURATION */
	CUCP_BEARER_UP,
	CUCP_BEARER_UNWANTED,
	CUCP_BEARER_RELEASING
};

struct cucp_bearer_slot {
	uint8_t state; /* enum cucp_bearer_state */
	bool known;    /* the DU and the UE have it */
	struct cucp_bearer b;
	struct cucp_tunnel dl;
	struct sdu *nas; /* to go with it */
};

struct cucp_ue {
	struct hash_node by_c_rnti; /* (NR cell identity, C-RNTI) */
	bool hashed;
	struct link waiting; /* a procedure was done: perhaps another is due */
	struct cucp *c;
	void *user; /* known: the upper has it */
	bool known, has_context, secured, capability_wanted, restore, confirm, measures;
	uint32_t du, cu_id, du_id, old_du_id;
	bool has_old_du_id;
	uint8_t cell; /* of the DU's */
	uint16_t c_rnti;
	enum rrc_establishment_cause cause;
	bool has_part1;
	uint64_t part1; /* ng-5G-S-TMSI-Part1 */
	enum cucp_procedure procedure;
	uint8_t transaction;
	struct timer guard;
	struct rrc_srb_home home;
	struct rrc_srb srb[RRC_SRB_MAX + 1];
	struct sdu_queue held;        /* of SRB1, until it is known how to decipher them */
	struct sdu_queue nas_waiting; /* until AS security is activated */
	uint8_t k_gnb[KDF_KEY_LEN];
	enum nea_alg ea;
	enum nia_alg ia;
	struct sdu
		*capability;  /* UE-CapabilityRAT-ContainerList that the DU is still to be told; NULL: none */
	struct sdu *required; /* a CellGroupConfig that the DU wants, until its turn; NULL: none */
	bool owes_confirm;    /* it is at the UE */
	struct sdu *caught;   /* release.c */
	struct cucp_bearer_slot *bearers[CUCP_DRBS_MAX + 1]; /* by DRB identity, NULL: none */
};

struct cucp {
	struct cucp_config config;
	struct pool ues, bearers;
	struct hash by_c_rnti;
	struct timers timers;
	struct link waiting; /* orders.c */
	struct cucp_du *dus;
	uint32_t *generations; /* by place of a UE */
	uint8_t transaction;
	cucp_rrc_tap_fn *tap;
	void *tap_arg;
	struct cucp_stats stats;
};

/* f1ap_send.c */
bool cucp_f1ap_send(struct cucp *c, uint32_t du, enum f1ap_message message, const void *body);
struct f1ap_nr_cgi cucp_cgi(const struct ncgi *cgi, uint8_t plmn[PLMN_OCTETS]);
struct ncgi cucp_cgi_of(const struct f1ap_nr_cgi *cgi);
struct f1ap_cause cucp_cause(enum f1ap_cause_radio_network cause);
/* 10.6: the pair of identities names nobody. */
void cucp_unknown_ue(struct cucp *c, uint32_t du, uint32_t cu_id, uint32_t du_id);

/* ue.c */
struct cucp_ue *cucp_ue_new(struct cucp *c, uint32_t du, uint32_t du_id, uint8_t cell, uint16_t c_rnti);
void cucp_ue_free(struct cucp_ue *ue);
/* What its DU wanted is nobody's any more. */
void cucp_required_drop(struct cucp_ue *ue);
/* NULL: there is no such UE on this interface; the second counts that and tells the DU. */
struct cucp_ue *cucp_ue_look_up(const struct cucp *c, uint32_t du, uint32_t cu_id, uint32_t du_id);
struct cucp_ue *cucp_ue_find(struct cucp *c, uint32_t du, uint32_t cu_id, uint32_t du_id);
const struct cucp_cell *cucp_cell_at(const struct cucp_ue *ue);
bool cucp_dl_send(struct cucp_ue *ue, uint8_t srb, struct bytes container);
bool cucp_send_on(struct cucp_ue *ue, uint8_t srb, const struct rrc_dl_dcch_message_type_c1 *m);
bool cucp_ccch_send(struct cucp_ue *ue, const struct rrc_dl_ccch_message *m);
/* NULL: there is no such bearer. */
struct cucp_bearer_slot *cucp_bearer_at(const struct cucp_ue *ue, int64_t drb);
bool cucp_bearer_is(const struct cucp_ue *ue, uint8_t drb, enum cucp_bearer_state state);
void cucp_bearer_free(struct cucp_ue *ue, uint8_t drb);
void cucp_guard(struct cucp_ue *ue, enum cucp_procedure p, uint32_t ms);
void cucp_done(
	struct cucp_ue *ue); /* the procedure is; what waits for that is begun when the message is done */
/* rrc: a PDCP PDU of SRB1, or none. */
void cucp_context_release_send(struct cucp_ue *ue, const struct f1ap_cause *cause, struct bytes rrc);
/* Lost: the DU is told to release, the upper that it is gone. */
void cucp_lose(struct cucp_ue *ue, const struct f1ap_cause *cause);
/* Likewise, but the DU has forgotten it already. */
void cucp_ue_drop(struct cucp_ue *ue, const struct f1ap_cause *cause);

/* orders.c */
void cucp_orders_run(struct cucp *c);

/* Cells to be Activated List, with what it points to; it must not move. */
struct cucp_activation {
	struct f1ap_cells_to_be_activated_list list;
	struct f1ap_cells_to_be_activated_list_item_ies items[CUCP_CELLS_MAX];
	uint8_t plmns[CUCP_CELLS_MAX][PLMN_OCTETS];
};

/* cells.c */
/* False: it has no PLMN of ours. */
bool cucp_cell_read(
	const struct cucp *c, const struct f1ap_served_cell_information *in, struct cucp_cell *out);
/* Its place; cell_count: there is none of that identity. */
uint8_t cucp_cell_find(const struct cucp_du *d, const struct ncgi *cgi);
/* No other DU has it, and whoever has the configuration wants it. */
bool cucp_cell_is_offered(const struct cucp *c, uint32_t du, const struct cucp_cell *cell);
void cucp_activation_add(struct cucp_activation *a, const struct cucp_cell *cell);

/* f1_configuration_update.c */
void cucp_du_configuration_update(
	struct cucp *c, uint32_t du, const struct f1ap_gnb_du_configuration_update *m);

/* f1_setup.c */
void cucp_f1_setup(struct cucp *c, uint32_t du, const struct f1ap_f1_setup_request *m);
void cucp_reset(struct cucp *c, uint32_t du, const struct f1ap_reset *m);

/* f1_removal.c */
void cucp_f1_removal_request(struct cucp *c, uint32_t du, const struct f1ap_f1_removal_request *m);
void cucp_f1_removal_answered(struct cucp *c, uint32_t du);

/* rrc_message_transfer.c */
void cucp_initial_ul(struct cucp *c, uint32_t du, const struct f1ap_initial_ul_rrc_message_transfer *m);
void cucp_ul(struct cucp *c, uint32_t du, const struct f1ap_ul_rrc_message_transfer *m);

/* One of UL-CCCH and UL-DCCH each. */
void cucp_setup_request(struct cucp_ue *ue, const struct rrc_rrc_setup_request *m, struct bytes cell_group);
void cucp_setup_send(struct cucp_ue *ue, struct bytes cell_group);
void cucp_setup_complete(struct cucp_ue *ue, const struct rrc_rrc_setup_complete *m);
void cucp_security_answered(struct cucp_ue *ue, uint8_t transaction, const struct sdu *sdu, bool completed);
void cucp_capability_received(struct cucp_ue *ue, const struct rrc_ue_capability_information *m);
void cucp_nas_received(struct cucp_ue *ue, const struct rrc_ul_information_transfer *m);
void cucp_nas_waiting_send(struct cucp_ue *ue);
void cucp_reconfiguration_complete(struct cucp_ue *ue, const struct rrc_rrc_reconfiguration_complete *m);
void cucp_reestablishment_request(
	struct cucp_ue *ue, const struct rrc_rrc_reestablishment_request *m, struct bytes cell_group);
void cucp_reestablishment_complete(struct cucp_ue *ue, const struct rrc_rrc_reestablishment_complete *m);

/* ue_context.c */
void cucp_context_begin(struct cucp_ue *ue);
bool cucp_context_due(const struct cucp_ue *ue);
void cucp_context_setup(struct cucp *c, uint32_t du, const struct f1ap_ue_context_setup_response *m);
void cucp_context_modified(
	struct cucp *c, uint32_t du, const struct f1ap_ue_context_modification_response *m);
void cucp_context_failed(struct cucp *c, uint32_t du, uint32_t cu_id, uint32_t du_id);

/* ue_context_required.c */
void cucp_modification_required(
	struct cucp *c, uint32_t du, const struct f1ap_ue_context_modification_required *m);
/* The UE is reconfigured. True: the DU wanted that, and hears of it. */
bool cucp_required_done(struct cucp_ue *ue);

/* reconfiguration.c; cell_group: none, the DU has nothing to say. */
void cucp_reconfigure(struct cucp_ue *ue, struct bytes cell_group);
void cucp_bearer_end(struct cucp_ue *ue, uint8_t drb);

/* A MeasConfig, with what it points to; it must not move. */
struct cucp_measurement {
	struct rrc_meas_config config;
	struct rrc_meas_object_to_add_mod_list objects;
	struct rrc_meas_object_to_add_mod object;
	struct rrc_ssb_mtc window;
	struct rrc_ssb_config_mobility mobility;
	struct rrc_report_config_to_add_mod_list reports;
	struct rrc_report_config_to_add_mod report;
	struct rrc_meas_id_to_add_mod_list identities;
	struct rrc_meas_id_to_add_mod identity;
	struct rrc_quantity_config quantities;
	struct rrc_quantity_config_quantity_config_nr_list quantity_list;
	struct rrc_quantity_config_nr quantity;
};

/* warning.c */
void cucp_warn_answered(struct cucp *c, const struct f1ap_write_replace_warning_response *m);

/* measurement.c */
bool cucp_measurement_due(const struct cucp_ue *ue);
bool cucp_measurement_fill(struct cucp_measurement *m, const struct cucp_ue *ue);
void cucp_measurement_report(struct cucp_ue *ue, const struct rrc_measurement_report *m);

/* ue_capability.c, release.c */
void cucp_enquiry_send(struct cucp_ue *ue);
void cucp_release_requested(struct cucp *c, uint32_t du, const struct f1ap_ue_context_release_request *m);
void cucp_release_complete(struct cucp *c, uint32_t du, const struct f1ap_ue_context_release_complete *m);
