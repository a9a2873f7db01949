/*
 * What happens to a subscriber, as operators are told it: the functions raise events (nf_event),
 * core/events.c keeps them, and `freehold why` explains them. A cause is the standard's number; the reason
 * says what of it was ours to know, in a word.
 */
#pragma once

#include "base/record.h"
#include "wire/id.h"

enum { EVENT_GNB_SIZE = 64, EVENT_CAUSE_SIZE = 96 };

/* Never renumber: the numbers are in the store. */
enum event_kind {
	EVENT_REGISTERED = 1,
	EVENT_REGISTRATION_REJECTED,
	EVENT_AUTHENTICATION_FAILED,
	EVENT_NO_ANSWER, /* of the UE, during a registration */
	EVENT_DEREGISTERED,
	EVENT_SERVICE_ACCEPTED,
	EVENT_SERVICE_REJECTED,
	EVENT_CONNECTION_RELEASED, /* N2, of a UE that stays registered */
	EVENT_SESSION_ESTABLISHED,
	EVENT_SESSION_REJECTED,
	EVENT_SESSION_RELEASED,
	EVENT_TRACED,            /* an operator looks at its signalling */
	EVENT_HANDED_OVER,       /* to the gNB named */
	EVENT_HANDOVER_FAILED,   /* it stays, or comes back by itself */
	EVENT_LOCATED,           /* its gNB has reported its cell, as an operator asked for */
	EVENT_LOCATION_FAILED,   /* it does not */
	EVENT_RAN_TRACE_STARTED, /* gNBs are to trace it */
	EVENT_RAN_TRACE_STOPPED,
	EVENT_RAN_TRACE_FAILED,
	EVENT_CELL_TRACED,            /* a gNB traces it with all of its cell */
	EVENT_REAUTHENTICATED,        /* while it was registered */
	EVENT_NOT_AUTHENTICATED,      /* it should have, and was not */
	EVENT_QOS_ALLOCATED,          /* of an application: UPF, gNB and UE have its flows */
	EVENT_QOS_FAILED,             /* they have not */
	EVENT_QOS_NOT_MET,            /* the gNB cannot keep what is guaranteed */
	EVENT_QOS_MET,                /* it can, again */
	EVENT_QOS_ENDED,              /* the application's session, by the network */
	EVENT_CHALLENGE_REFUSED,      /* by its USIM; another one follows */
	EVENT_INTEGRITY_FAILED,       /* of a NAS message; once a connection */
	EVENT_FLOW_REFUSED,           /* the data network can guarantee no more */
	EVENT_FLOW_PRE_EMPTED,        /* it gave way to a more important one */
	EVENT_PARAMETERS_UPDATED,     /* the UE has acknowledged what an operator had it told */
	EVENT_PARAMETERS_NOT_UPDATED, /* not this time */
	EVENT_STEERED,                /* the UE has acknowledged its preferred PLMNs */
	EVENT_NOT_STEERED,            /* not this time */
	EVENT_KIND_COUNT
};

/* Likewise. */
enum event_reason {
	EVENT_NO_REASON,
	EVENT_UNKNOWN_SUBSCRIBER,
	EVENT_OTHER_NETWORK, /* its PLMN is not ours */
	EVENT_HOME_NETWORK_KEY,
	EVENT_WRONG_KEY, /* K or OPc differ: the MAC or RES* is not what it should be */
	EVENT_SYNCHRONISATION,
	EVENT_NO_ALGORITHM, /* in common */
	EVENT_NO_SLICE,
	EVENT_TRACKING_AREA,
	EVENT_OVERLOAD,
	EVENT_EXHAUSTED, /* memory, or a pool at its limit */
	EVENT_FAULT,     /* another function does not answer, or refuses */
	EVENT_NOT_REGISTERED,
	EVENT_BY_UE,
	EVENT_BY_NETWORK,
	EVENT_UNREACHABLE, /* not heard of for too long */
	EVENT_MOVED,       /* to another AMF */
	EVENT_REPLACED,    /* by another registration or session of the same UE */
	EVENT_WITH_REGISTRATION,
	EVENT_SLICE_NOT_ALLOWED,
	EVENT_DNN_NOT_SUBSCRIBED,
	EVENT_DNN_NOT_SERVED, /* no SMF has it, or not in the slice */
	EVENT_SESSION_TYPE,
	EVENT_NO_UPF,
	EVENT_NO_ADDRESS,
	EVENT_STATIC_ADDRESS, /* taken by somebody else */
	EVENT_UPF_REFUSED,
	EVENT_GNB_REFUSED,
	EVENT_UNDELIVERED,
	EVENT_IN_AREA,     /* of interest */
	EVENT_RESTRICTED,  /* by mobility restrictions of the subscription */
	EVENT_OUT_OF_AREA, /* of interest */
	EVENT_OUT_OF_LADN, /* of a local area data network */
	EVENT_EMERGENCY,   /* emergency services, which the operator does not allow so */
	EVENT_WITH_SESSION,
	EVENT_NO_RESOURCES,
	EVENT_REASON_COUNT
};

/* Whose number the cause is. */
enum event_cause_of {
	EVENT_CAUSE_NONE,
	EVENT_CAUSE_5GMM, /* 24.501 9.11.3.2 */
	EVENT_CAUSE_5GSM, /* 24.501 9.11.4.2 */
	EVENT_CAUSE_NGAP, /* 38.413 9.3.1.2: choice and value, event_ngap_cause() */
};

struct event {
	uint64_t number, utc_ms; /* set by who keeps it */
	struct supi supi;        /* empty: nobody knows it */
	bool claimed;            /* set by who keeps it: the UE has not proved that supi is its own */
	uint8_t kind, reason, cause_of;
	uint16_t cause;
	uint8_t pdu_session_id; /* 0: of none */
	struct snssai snssai;   /* sst 0: none */
	char dnn[DNN_STR_SIZE]; /* empty: none, or the default one was asked for */
	char gnb[EVENT_GNB_SIZE];
	uint64_t nci; /* NR Cell Identity; 0: none */
	uint32_t tac;
	/* Of who raises it: the SUPI or SUCI as text that a UE gave, and has not proved; NULL: supi says who.
	 * Not kept. */
	const char *given;
};

extern const struct record_def event_def;

/* "session-rejected" */
const char *event_kind_name(uint8_t kind);
/* "dnn-not-subscribed"; "" for none */
const char *event_reason_name(uint8_t reason);

struct ngap_cause;
uint16_t event_ngap_cause(const struct ngap_cause *c);
struct ngap_cause event_ngap_cause_of(uint16_t cause);
/* "5GMM 91: ..."; empty for none. */
const char *event_cause_text(const struct event *e, char text[EVENT_CAUSE_SIZE]);

/* Who keeps events: core/events.c. */
struct event_sink {
	void (*take)(void *arg, const struct event *e);
	void *arg;
};
