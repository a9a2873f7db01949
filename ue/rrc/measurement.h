/*
 * Measurements of the serving cell by its SS/PBCH blocks (38.331 5.5): VarMeasConfig and VarMeasReportList of
 * a UE with one cell and no gaps. What is configured of other frequencies, other radio access and other kinds
 * of report is kept, so that a later delta finds it, and never reported.
 */
#pragma once

#include "base/timers.h"
#include "wire/rrc/rrc.h"

enum {
	UE_MEAS_MAX = 64, /* maxNrofObjectId, maxReportConfigId, maxNrofMeasId */
	UE_MEAS_QUANTITY_CONFIGS = 2,
};

enum ue_meas_quantity { UE_MEAS_RSRP, UE_MEAS_RSRQ, UE_MEAS_SINR, UE_MEAS_QUANTITIES };

struct ue_meas_object {
	bool there;
	uint32_t ssb_arfcn; /* 0: nothing that is measured here */
	uint8_t quantity_config;
};

enum ue_meas_report_kind {
	UE_MEAS_NOT_THERE,
	UE_MEAS_OTHER, /* of neighbours, by CSI-RS, ... */
	UE_MEAS_PERIODICAL,
	UE_MEAS_A1, /* the serving cell becomes better than a threshold */
	UE_MEAS_A2  /* or worse */
};

struct ue_meas_report {
	enum ue_meas_report_kind kind;
	enum ue_meas_quantity quantity;
	float threshold, hysteresis; /* in dBm or dB */
	uint32_t time_to_trigger_ms, interval_ms;
	uint32_t amount; /* RRC_INFINITY: without end */
	bool on_leave;
	bool by_index, index_values; /* results by SS/PBCH block; with values */
	struct rrc_meas_report_quantity index_quantities;
};

struct ue_meas_id {
	bool there;
	uint8_t object, report;
	bool triggered; /* it is in VarMeasReportList */
	uint32_t sent;
	struct timer trigger; /* time to trigger, also for leaving */
	struct timer next;    /* the periodical reporting timer */
};

/* 38.133 9.2.5.2: what layer 3 is told, of as many blocks as came. */
struct ue_meas_period {
	uint64_t since_ns; /* 0: none has come yet */
	uint32_t blocks;
	double power_mw, noise_mw; /* sums, of a resource element */
};

struct ue_meas {
	uint8_t count; /* of identities */
	struct ue_meas_object object[UE_MEAS_MAX + 1];
	struct ue_meas_report report[UE_MEAS_MAX + 1];
	struct ue_meas_id id[UE_MEAS_MAX + 1];
	uint8_t filter_k[UE_MEAS_QUANTITY_CONFIGS][UE_MEAS_QUANTITIES]; /* filterCoefficient */
	struct ue_meas_period period;
	uint8_t ssb_index;
	bool measured;                                             /* values are there */
	float value[UE_MEAS_QUANTITY_CONFIGS][UE_MEAS_QUANTITIES]; /* filtered by each (5.5.3.2) */
};

struct ue_rrc_connection;

/* Nothing is configured and nothing measured. */
void ue_meas_init(struct ue_rrc_connection *c);
/* 5.5.2; what names nothing that there is has no effect. */
void ue_meas_configure(struct ue_rrc_connection *c, const struct rrc_meas_config *in);
/* 5.5.7.1: of a cell that was left, or is come to again. */
void ue_meas_restart(struct ue_rrc_connection *c);
/* 5.5.2.3, and where it has reported for the last time. */
void ue_meas_id_remove(struct ue_rrc_connection *c, uint8_t id);
/* What is in VarMeasReportList of it goes, with its timers. */
void ue_meas_id_forget(struct ue_rrc_connection *c, uint8_t id);
/* 5.5.4, of all, with new values. */
void ue_meas_evaluate(struct ue_rrc_connection *c);
/* 5.5.5 */
void ue_meas_report_send(struct ue_rrc_connection *c, uint8_t id);
