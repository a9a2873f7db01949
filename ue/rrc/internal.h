/* Inside ue/rrc: a connection, and its procedures. */
#pragma once

#include "base/list.h"
#include "base/pool.h"
#include "base/timers.h"
#include "radio/rrc/security.h"
#include "radio/rrc/srb.h"
#include "ue/rrc/connection.h"
#include "ue/rrc/measurement.h"

enum {
	UE_RRC_CATEGORIES = 64,
	UE_RRC_ARENA_OCTETS = 8192, /* of a message, before it takes more */
	UE_RRC_ARENA_LIMIT = 1 << 20,
	UE_RRC_ASSEMBLIES = 4,  /* of warnings at a time */
	UE_RRC_CCCH_OCTETS = 6, /* 48 bits: RRCSetupRequest, RRCReestablishmentRequest */
};

/* 7.1.1; how long a release waits for RLC to say that it came (5.3.8.3); dataInactivityTimer. */
enum ue_rrc_timer { T300, T301, T302, T310, T311, T390, T_RELEASE, T_DATA_INACTIVITY, UE_RRC_TIMERS };

/* UAC-BarringInfoSet of a category, as it stands for the selected PLMN. */
struct ue_rrc_barring {
	bool there;
	uint8_t factor_percent, identities; /* bit 6 is access identity 1, bit 0 is 15 */
	uint16_t time_s;
};

/* What RRC keeps of a cell. */
struct ue_rrc_camped {
	bool there;
	uint16_t pci;
	uint32_t ssb_arfcn;
	uint8_t plmn;
	uint64_t nci;
	uint32_t t300_ms, t301_ms, t310_ms, t311_ms, n310, n311, alignment_ms;
	struct ue_rrc_barring barring[UE_RRC_CATEGORIES];
};

struct ue_rrc_as {
	bool active;
	enum nea_alg ea;
	enum nia_alg ia;
	struct rrc_key_chain chain;
};

/* What RRCSetupComplete will say. */
struct ue_rrc_pending {
	bool has_s_tmsi, has_registered, mapped, fell_back;
	struct s_tmsi s_tmsi;
	struct guami registered;
	uint8_t nssai_count;
	struct snssai nssai[UE_RRC_NSSAI_MAX];
	struct sdu *nas;
};

/* Where the UE was when it began to re-establish (5.3.7.4). */
struct ue_rrc_source {
	uint16_t pci;
	enum rrc_reestablishment_cause cause;
};

struct ue_rrc_assembly;

struct ue_rrc_connection {
	struct ue_rrc_config config;
	enum ue_rrc_state state;
	struct timers timers;
	struct timer timer[UE_RRC_TIMERS];
	struct ue_rrc_camped cell;
	struct ue_rrc_pending pending;
	struct ue_rrc_as as;
	struct ue_rrc_source source;
	struct rrc_srb_home home;
	struct rrc_srb srb[RRC_SRB_MAX + 1]; /* by identity; 0 is not used */
	struct ue_rrc_drb drbs[UE_RRC_DRBS_MAX + 1];
	struct ue_cell_group group;
	struct ue_rrc_ending ending; /* while T_RELEASE runs */
	uint16_t c_rnti;
	bool resume_due; /* 5.3.5.3: the first reconfiguration after a re-establishment */
	uint32_t out_of_sync, in_sync;
	uint64_t barred_until_ns[UE_RRC_CATEGORIES]; /* T390 */
	struct ue_meas meas;
	bool primary_heard;
	uint32_t primary;                                      /* the last: identifier and serial number */
	struct ue_rrc_assembly *assemblies[UE_RRC_ASSEMBLIES]; /* the latest first; NULL: none */
	struct ue_rrc_stats stats;
};

/* A message being worked on: its SDU, and where it is decoded to. */
struct ue_rrc_message {
	struct sdu *sdu;
	uint8_t srb;
	struct arena arena;
	uint8_t memory[UE_RRC_ARENA_OCTETS];
};

/* connection.c */
void ue_rrc_timer_start(struct ue_rrc_connection *c, enum ue_rrc_timer t, uint64_t ms, timer_fn *fn);
void ue_rrc_timer_stop(struct ue_rrc_connection *c, enum ue_rrc_timer t);
/* 5.3.11; the event last. */
void ue_rrc_idle(struct ue_rrc_connection *c, const struct ue_rrc_ending *e);
void ue_rrc_fail(struct ue_rrc_connection *c, enum ue_rrc_cause cause);
void ue_rrc_all_released(struct ue_rrc_connection *c);
void ue_rrc_pending_drop(struct ue_rrc_connection *c);
void ue_rrc_link_watch_stop(struct ue_rrc_connection *c); /* T310 and what is counted for it */
bool ue_rrc_send_on(struct ue_rrc_connection *c, uint8_t srb, struct rrc_ul_dcch_message_type_c1 *m);
bool ue_rrc_send_ccch(struct ue_rrc_connection *c, const struct rrc_ul_ccch_message *m);

/* cell.c */
MUST_USE bool ue_rrc_cell_read(const struct ue_rrc_cell *cell, struct ue_rrc_camped *out);

/* rrc_setup.c */
void ue_rrc_setup_received(struct ue_rrc_connection *c, const struct rrc_rrc_setup *m, struct arena *arena);
void ue_rrc_reject_received(struct ue_rrc_connection *c, const struct rrc_rrc_reject *m);
bool ue_rrc_pending_keep(struct ue_rrc_connection *c, const struct ue_rrc_establishment *e);

/* unified_access_control.c */
MUST_USE bool ue_rrc_access_allowed(struct ue_rrc_connection *c, uint8_t category, uint16_t identities);
void ue_rrc_barring_read(struct ue_rrc_camped *cell, const struct rrc_sib1_uac_barring_info *info);
void ue_rrc_t302_start(struct ue_rrc_connection *c, uint8_t wait_s);
void ue_rrc_barring_stop(struct ue_rrc_connection *c, bool t302_too);

/* warning.c */
void ue_rrc_warnings_drop(struct ue_rrc_connection *c);

/* One of DL-DCCH each. */
void ue_rrc_security_mode_command(
	struct ue_rrc_connection *c, const struct rrc_security_mode_command *m, const struct sdu *sdu);
void ue_rrc_reconfiguration(
	struct ue_rrc_connection *c, const struct rrc_rrc_reconfiguration *m, struct arena *arena);
void ue_rrc_reestablishment(
	struct ue_rrc_connection *c, const struct rrc_rrc_reestablishment *m, const struct sdu *sdu);
void ue_rrc_release(struct ue_rrc_connection *c, const struct rrc_rrc_release *m);
void ue_rrc_information(struct ue_rrc_connection *c, const struct rrc_dl_information_transfer *m);
void ue_rrc_capability_enquiry(
	struct ue_rrc_connection *c, const struct rrc_ue_capability_enquiry *m, struct arena *arena);
void ue_rrc_counter_check(struct ue_rrc_connection *c, const struct rrc_counter_check *m);

/* reconfiguration.c: 5.3.5.5 in RRCSetup, with which everything begins. */
MUST_USE bool ue_rrc_cell_group_begin(struct ue_rrc_connection *c, struct bytes octets, struct arena *arena);

/* radio_bearer.c: 5.3.5.6. Checked first: what is checked is applied whole. */
MUST_USE bool ue_rrc_radio_bearers_check(
	const struct ue_rrc_connection *c, const struct rrc_radio_bearer_config *in, bool full);
MUST_USE bool ue_rrc_radio_bearers_apply(
	struct ue_rrc_connection *c, const struct rrc_radio_bearer_config *in);
void ue_rrc_drb_drop(struct ue_rrc_connection *c, uint8_t drb);

/* reestablishment.c: 5.3.7.2, where that is to be done (5.3.5.8.2, 5.3.10.3), else idle. */
void ue_rrc_reestablish(struct ue_rrc_connection *c, enum rrc_reestablishment_cause cause);
void ue_rrc_reestablishment_cell(struct ue_rrc_connection *c);
