/* What an AMF counts by slice, by cause and by time: stats.c. */
#pragma once

#include "core/amf/amf.h"

struct amf_ue;
struct amf_registration;
struct nas_registration_request;
struct ngap_cause;

enum amf_gauge {
	AMF_GAUGE_GNBS,
	AMF_GAUGE_CONNECTIONS,
	AMF_GAUGE_UES,
	AMF_GAUGE_REGISTERED,
	AMF_GAUGE_SESSIONS,
	AMF_GAUGE_UNDER_WAY,
	AMF_GAUGE_OVERLOADED,
	AMF_GAUGE_PASSED,
	AMF_GAUGE_COUNT
};

enum amf_time { AMF_TIME_REGISTRATION, AMF_TIME_WAITED, AMF_TIME_COUNT };

struct amf_figures {
	uint64_t gauge[AMF_GAUGE_COUNT]; /* as last asked for */
	uint64_t by_slice[SNSSAI_MAX + 1][AMF_SLICE_STAT_COUNT];
	uint64_t by_cause[STAT_CAUSES][AMF_CAUSE_STAT_COUNT];
	uint64_t by_ngap_cause[STAT_CAUSES][AMF_NGAP_CAUSE_STAT_COUNT];
	struct histogram times[AMF_TIME_COUNT];
};

/* With the cause that the gNB was told, or would have been. */
void amf_count_handover_failure(struct amf *amf, const struct ngap_cause *cause);
void amf_count_path_switch_failure(struct amf *amf, const struct ngap_cause *cause);
/* A registration is counted once, when it is decided or given up. */
void amf_count_request(struct amf *amf, const struct amf_ue *ue, struct amf_registration *p);
void amf_count_accept(struct amf *amf, const struct amf_ue *ue, struct amf_registration *p);
void amf_count_reject(struct amf *amf, const struct amf_ue *ue, struct amf_registration *p, uint8_t cause);
/* A message on N2 has come. */
void amf_count_waited(struct amf *amf, uint32_t waited_us);
/* Of a UE, with any cause. */
void amf_count_authentication_failure(struct amf *amf, uint8_t cause);
/* One that is refused before it has begun. */
void amf_count_turned_away(struct amf *amf, const struct nas_registration_request *m, uint8_t cause);
/* Slices that the configuration has more than before are taken. */
void amf_slices_take(struct amf *amf, const struct amf_config *c);
/* The UE is registered or is not, or its allowed slices are others. */
void amf_count_registered(struct amf *amf, struct amf_ue *ue);
