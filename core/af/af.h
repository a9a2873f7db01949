/*
 * The application function of operators (23.501 6.2.10): by N5 it asks the PCF for QoS of flows, as an
 * application would (TS 29.514), and hears what becomes of them, which are events of the subscriber.
 */
#pragma once

#include "base/ip_filter.h"
#include "core/nf/nf.h"

enum af_limit { AF_FILTERS_MAX = 4, AF_ERROR_SIZE = 128, AF_COMPONENT_MAX = 99 };

/* One media component: what an application wants for some packets. */
struct af_order {
	/* Of which session; only a new one is looked for. */
	struct supi supi;
	uint8_t pdu_session_id; /* 0: the first of the DNN */
	char dnn[DNN_STR_SIZE]; /* empty: any */
	/* 29.514 MediaComponent: what is 0 is left out, and stays what it was */
	uint8_t component;
	enum media_type media;
	enum flow_status gate;
	enum reserv_priority priority;
	enum preemption_capability preempt;
	enum preemption_vulnerability preemptable;
	struct ambr bandwidth, least;
	uint64_t usage; /* octets after each of which usage is told; of a new session only; 0: it is not */
	uint8_t filter_count;
	struct ip_filter filters[AF_FILTERS_MAX];
};

/* Whom the PCF is to bind it to. */
struct af_target {
	uint32_t ipv4;        /* 0: by the /64 */
	uint64_t ipv6_prefix; /* its high half */
	char dnn[DNN_STR_SIZE];
	struct snssai snssai;
	uint8_t pdu_session_id;
};

struct af;

/* NULL when memory is refused. */
MUST_USE struct af *af_new(const struct plmn *plmn, struct env *env, struct sbi_bus *bus);
void af_free(struct af *af);
struct nf *af_nf(struct af *af);

void af_order_begin(struct af_order *o);
/* "media=audio", "bandwidth=64Kbps/128Kbps", "filter=permit out ...": false with what is wrong in error. */
MUST_USE bool af_order_take(struct af_order *o, struct bytes word, char error[AF_ERROR_SIZE]);

/* Calls the PCF; what it answers is taken by af_answer() once the bus has run. */
void af_create(struct af *af, const struct af_order *o, const struct af_target *t);
void af_update(struct af *af, const char *app_session_id, const struct af_order *o);
void af_delete(struct af *af, const char *app_session_id);

/* What the PCF has answered last; cause SBI_CAUSE_COUNT: nothing yet. */
struct af_answer {
	enum sbi_cause cause;
	char app_session_id[APP_SESSION_ID_SIZE]; /* of a new session */
};
struct af_answer af_answer(const struct af *af);

enum af_stat {
	AF_STAT_ASKED,
	AF_STAT_REFUSED,
	AF_STAT_NOTIFIED,
	AF_STAT_TERMINATED,
	AF_STAT_USED_OCTETS,
	AF_STAT_COUNT
};

extern const struct stat_group af_stat_group;
void af_stats(const struct af *af, struct stats *out);
