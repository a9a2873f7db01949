/* What a UE asks for, and when it may ask again (nas/session_backoff.c). */
#pragma once

#include "wire/nas/nas.h"

struct ue;
struct ue_session;

/* What is asked for: NULL and 0 are as the network, or the UE's profile, has it. */
struct ue_session_order {
	const char *dnn;
	const struct snssai *snssai;
	uint8_t type;    /* enum nas_pdu_session_type; 0: IPv4 */
	uint8_t old_psi; /* of the session that it is in place of; 0: none */
	bool emergency;
};

enum { UE_BACKOFFS_MAX = 8 };

enum ue_backoff_scope {
	BACKOFF_T3396, /* a DNN, of any slice: insufficient resources, or congestion */
	BACKOFF_T3584, /* a DNN in a slice */
	BACKOFF_T3585, /* a slice */
	/* A DNN in a slice: other causes, by procedure. */
	BACKOFF_ESTABLISHMENT,
	BACKOFF_MODIFICATION,
	/* Likewise; what is allowed in it. */
	BACKOFF_TYPE,
	BACKOFF_SSC_MODE,
};

struct ue_backoffs {
	uint8_t count;
	struct ue_backoff {
		uint8_t scope;   /* enum ue_backoff_scope */
		uint8_t allowed; /* bit n: type or mode n */
		bool any_plmn, has_snssai;
		struct plmn plmn;
		struct snssai snssai;
		char dnn[DNN_STR_SIZE]; /* empty: none was named */
		uint64_t until_ns;      /* UINT64_MAX: until the UE is switched off */
	} items[UE_BACKOFFS_MAX];
};

/* What the network says with a refusal or a release. */
struct ue_refusal {
	uint8_t cause; /* a 5GSM cause */
	bool has_timer, all_plmns, modification;
	uint32_t s;          /* of the timer; NAS_TIMER_DEACTIVATED */
	uint8_t ssc_allowed; /* with #68: bit n, mode n; 0: it does not say */
};

void ue_backoff_take(struct ue *ue, const struct ue_session_order *o, const struct ue_refusal *r);
void ue_backoff_stop(struct ue *ue, const struct ue_session_order *o);
/* Until when no such session is asked for; 0: it may be. UINT64_MAX: not as long as the UE is on. */
uint64_t ue_backoff_until_ns(const struct ue *ue, const struct ue_session_order *o);
bool ue_backoff_modifies(const struct ue_session *s);
/* What is to be asked for: the wanted type or SSC mode, or one that is allowed. */
uint8_t ue_backoff_type(const struct ue *ue, const struct ue_session_order *o, uint8_t wanted);
uint8_t ue_backoff_ssc_mode(const struct ue *ue, const struct ue_session_order *o, uint8_t wanted);
/* The UE is switched off. */
void ue_backoff_forget(struct ue *ue);
