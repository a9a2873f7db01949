/* Inside the CU-CP's end of E1AP. */
#pragma once

#include "base/list.h"
#include "base/pool.h"
#include "base/timers.h"
#include "gnb/cucp/e1ap.h"

enum {
	CUCP_E1_ARENA_OCTETS = 16384,
	CUCP_E1_ARENA_LIMIT = 1 << 20,
	CUCP_E1_PDU_MAX = 16384,
	CUCP_E1_MS = 2000,       /* an answer about a UE */
	CUCP_E1_SETUP_MS = 5000, /* between two attempts at a procedure of the whole interface */
	CUCP_E1_SUPPORTS_MAX = 128,
	CUCP_E1_GENERATION_SHIFT = 20,
};

/* A PLMN, with one slice or any. */
struct cucp_e1_support {
	struct plmn plmn;
	bool any;
	struct snssai snssai;
};

struct cucp_e1_up {
	struct cucp_e1ap *e;
	bool up, overloaded, releasing;
	bool silent; /* it has left an order unanswered, and said nothing since */
	uint64_t id; /* gNB-CU-UP ID */
	uint8_t capacity;
	uint32_t contexts;
	uint16_t support_count;
	struct cucp_e1_support supports[CUCP_E1_SUPPORTS_MAX];
	uint8_t setup_transaction;
	struct timer setup; /* or the release of the interface */
};

enum cucp_e1_procedure { CUCP_E1_NONE, CUCP_E1_SETUP, CUCP_E1_MODIFICATION, CUCP_E1_RELEASE };

struct cucp_e1_context {
	struct cucp_e1ap *e;
	void *user;
	uint32_t up, id, up_id; /* gNB-CU-CP and -UP UE E1AP ID */
	bool has_up_id;
	enum cucp_e1_procedure procedure;
	struct timer guard;
};

struct cucp_e1ap {
	struct cucp_e1ap_config config;
	struct pool contexts;
	uint32_t *generations;
	struct cucp_e1_up *ups;
	struct timers timers;
	uint8_t transaction;
	struct cucp_e1ap_stats stats;
};

/* e1ap.c */
bool cucp_e1_send(struct cucp_e1ap *e, uint32_t up, enum e1ap_message message, const void *body);
/* NULL, counted and told: none of that pair at this CU-UP. */
struct cucp_e1_context *cucp_e1_find(struct cucp_e1ap *e, uint32_t up, uint32_t id, uint32_t up_id);
/* Neither counted nor told. */
struct cucp_e1_context *cucp_e1_find_quiet(
	const struct cucp_e1ap *e, uint32_t up, uint32_t id, uint32_t up_id);
/* Likewise counted, of one whose CU-UP's name is not known yet. */
struct cucp_e1_context *cucp_e1_find_new(struct cucp_e1ap *e, uint32_t up, uint32_t id);
struct cucp_e1_context *cucp_e1_context_new(struct cucp_e1ap *e, uint32_t up, void *user);
void cucp_e1_context_free(struct cucp_e1_context *c);
/* The context ends, and the upper hears of it unless it has ended it itself. */
void cucp_e1_context_drop(struct cucp_e1_context *c, const struct e1ap_cause *cause);
void cucp_e1_drop_all(struct cucp_e1ap *e, uint32_t up, const struct e1ap_cause *cause);
void cucp_e1_guard(struct cucp_e1_context *c, enum cucp_e1_procedure p);
void cucp_e1_done(struct cucp_e1_context *c);

/* e1_setup.c */
void cucp_e1_setup_message(struct cucp_e1ap *e, uint32_t up, const struct e1ap_pdu *pdu);
void cucp_e1_interface(struct cucp_e1ap *e, uint32_t up, const struct e1ap_pdu *pdu);
/* NULL: there is none for the slice. */
struct cucp_e1_up *cucp_e1_choose(struct cucp_e1ap *e, const struct plmn *plmn, const struct snssai *snssai);

/* e1_reset.c */
void cucp_e1_reset_received(struct cucp_e1ap *e, uint32_t up, const struct e1ap_reset *m);

/* bearer_context_order.c; false: no memory, or what E1AP cannot say. */
bool cucp_e1_setup_fill(
	const struct cucp_e1_order *o, struct e1ap_bearer_context_setup_request *m, struct arena *arena);
bool cucp_e1_modification_fill(const struct cucp_e1_order *o,
	struct e1ap_bearer_context_modification_request *m, struct arena *arena);

/* bearer_context_answer.c */
void cucp_e1_setup_answered(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_setup_response *m);
void cucp_e1_modified(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_modification_response *m);

/* bearer_context.c */
void cucp_e1_setup_failed(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_setup_failure *m);
void cucp_e1_modification_failed(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_modification_failure *m);
void cucp_e1_released(struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_release_complete *m);
void cucp_e1_release_requested(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_release_request *m);
void cucp_e1_release_send(struct cucp_e1_context *c, const struct e1ap_cause *cause);

/* bearer_context_notification.c */
void cucp_e1_inactivity(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_inactivity_notification *m);
void cucp_e1_downlink(struct cucp_e1ap *e, uint32_t up, const struct e1ap_dl_data_notification *m);
void cucp_e1_usage(struct cucp_e1ap *e, uint32_t up, const struct e1ap_data_usage_report *m);
void cucp_e1_modification_required(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_modification_required *m);
