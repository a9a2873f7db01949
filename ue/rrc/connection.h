/*
 * The UE's RRC (TS 38.331) of one connection: verbs from the NAS above, events to it; messages,
 * configurations and indications to and from the layers below. It has the PDCP entities of SRBs; those of
 * DRBs belong to whoever carries data. One cell, RRC_IDLE and RRC_CONNECTED: RRC_INACTIVE and handover are
 * refused.
 */
#pragma once

#include "base/env.h"
#include "ue/rrc/neighbours.h"

enum ue_rrc_state {
	UE_RRC_IDLE,
	UE_RRC_CONNECTING,     /* idle, T300 runs */
	UE_RRC_CONNECTED,      /* with AS security or without */
	UE_RRC_REESTABLISHING, /* connected, T311 or T301 runs, or the answer is on its way */
	UE_RRC_STATES
};

enum { UE_RRC_BANDS_MAX = 32 };

/* Why no connection was begun. */
enum ue_rrc_answer { UE_RRC_BEGUN, UE_RRC_BARRED, UE_RRC_REFUSED };

struct ue_rrc_config {
	struct env *env;
	struct sdu_pool *pool;
	struct burst *engine;
	struct ue_rrc_upper upper;
	struct ue_rrc_lower lower;
	uint16_t bands[UE_RRC_BANDS_MAX];
	uint8_t band_count;
	bool qam256; /* downlink and uplink */
};

struct ue_rrc_stats {
	uint64_t not_comprehended; /* 10.2: ignored */
	uint64_t out_of_state;     /* of no use where the connection is */
	uint64_t not_complied;     /* 5.3.5.8.2 */
	uint64_t integrity_failures, radio_link_failures, reestablishments, barred, refused;
	uint64_t measurement_reports;
};

struct ue_rrc_connection;

/* NULL: no memory. What the configuration names must outlive it. */
MUST_USE struct ue_rrc_connection *ue_rrc_new(const struct ue_rrc_config *config);
void ue_rrc_free(struct ue_rrc_connection *c);

MUST_USE enum ue_rrc_answer ue_rrc_establish(
	struct ue_rrc_connection *c, const struct ue_rrc_establishment *e);
/* 5.7.2; false: there is no connection that could carry it now. */
MUST_USE bool ue_rrc_nas_send(struct ue_rrc_connection *c, struct bytes nas);
/* 5.3.8.6: the NAS gives the connection up. No event. */
void ue_rrc_abort(struct ue_rrc_connection *c);
MUST_USE enum ue_rrc_state ue_rrc_state(const struct ue_rrc_connection *c);
MUST_USE bool ue_rrc_is_secured(const struct ue_rrc_connection *c);
MUST_USE struct ue_rrc_stats ue_rrc_stats(const struct ue_rrc_connection *c);

/* From below. False of a cell: its SIB1 has no such PLMN, or lacks what is mandatory here. */
MUST_USE bool ue_rrc_cell_selected(struct ue_rrc_connection *c, const struct ue_rrc_cell *cell);
/* 38.321 5.1.5: from here on the UE has this C-RNTI. */
void ue_rrc_contention_resolved(struct ue_rrc_connection *c, uint16_t c_rnti);
void ue_rrc_ccch_received(struct ue_rrc_connection *c, struct bytes sdu);
void ue_rrc_pcch_received(struct ue_rrc_connection *c, struct bytes sdu);
/* 5.2.2.4: what an SI message says. */
void ue_rrc_system_information(struct ue_rrc_connection *c, const struct rrc_system_information *m);
/* A PDCP PDU of an SRB, its own from here on. */
void ue_rrc_srb_received(struct ue_rrc_connection *c, uint8_t srb, struct sdu *pdu);
/* 5.5.3: an SS/PBCH block of the cell was heard. */
void ue_rrc_measured(struct ue_rrc_connection *c, const struct ue_rrc_block *block);
/* From when on the next one counts for measurements; NEVER: none does. */
MUST_USE uint64_t ue_rrc_block_wanted_ns(const struct ue_rrc_connection *c);
/* The MAC has had data either way, of a bearer (38.321 5.19). */
void ue_rrc_data_seen(struct ue_rrc_connection *c);
void ue_rrc_out_of_sync(struct ue_rrc_connection *c); /* 5.3.10.1 */
void ue_rrc_in_sync(struct ue_rrc_connection *c);     /* 5.3.10.2 */
/* 5.3.10.3: random access failed, or RLC has sent too often. */
void ue_rrc_radio_problem(struct ue_rrc_connection *c);

MUST_USE uint64_t ue_rrc_deadline_ns(const struct ue_rrc_connection *c);
void ue_rrc_run(struct ue_rrc_connection *c);
