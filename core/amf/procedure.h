/*
 * Procedures of a UE: records of their own, each with its timer, its generation (by which answers of the bus
 * find it) and the message that it repeats. They live from begin to end; the UE has a list of them.
 * Which may run beside which is one table, procedure.c.
 */
#pragma once

#include "base/timers.h"
#include "core/amf/amf.h"
#include "proto/nas_security.h"
#include "wire/ngap/ngap_id.h"

struct amf_ue;

enum amf_procedure_kind {
	/* 5GMM specific, 24.501 5.5 and 5.6 */
	AMF_REGISTRATION,
	AMF_DEREGISTRATION, /* by the network */
	AMF_SERVICE_REQUEST,
	/* 5GMM common, 5.4 */
	AMF_IDENTIFICATION,
	AMF_AUTHENTICATION,
	AMF_SECURITY_MODE,
	AMF_CONFIGURATION_UPDATE,
	/* NGAP, 38.413 8.3.1: the gNB has not confirmed the UE's context yet */
	AMF_CONTEXT_SETUP,
	/* NGAP, 8.4.1 to 8.4.3: the UE is to go to another gNB */
	AMF_HANDOVER,
	/* NGAP, 8.4.4: it has gone to another gNB by itself */
	AMF_PATH_SWITCH,
	/* NGAP, 8.5.1: the UE is idle, and wanted */
	AMF_PAGING,
	/* a de-registration that waits until the UE can hear of it */
	AMF_DEREGISTRATION_WAIT,
	/* an authentication of a registered UE, which waits until it can be had */
	AMF_REAUTHENTICATION,
	/* NGAP, 8.3.4: the gNB is to have the key of a new K_AMF */
	AMF_REKEYING,
	/* Namf_Communication_N1N2MessageTransfer that waits, 29.518 5.2.2.3.1 */
	AMF_N1N2_TRANSFER,
	/* NGAP, 8.2.5: the gNB has other tunnels for sessions, which their SMFs are asked about */
	AMF_MODIFY_INDICATION,
	/* a UE parameters update, until the UE has acknowledged it */
	AMF_PARAMETERS_UPDATE,
	/* and steering of roaming likewise */
	AMF_STEERING_OF_ROAMING,
	AMF_PROCEDURE_KINDS
};

/* What a procedure that begins means to one that runs. */
enum amf_conflict {
	AMF_BESIDE, /* they do not disturb one another */
	AMF_ABORTS, /* the one that runs ends */
	AMF_WAITS,  /* the new one stands back until the other has ended */
	AMF_REFUSES /* the new one does not begin */
};

/* What all of them have; the first member of each. */
struct amf_procedure {
	struct amf_procedure *next; /* of the UE, the oldest first */
	struct amf_ue *ue;
	struct timer timer;
	uint32_t generation; /* of every question asked for it */
	uint8_t kind;
	uint8_t retries;
	uint8_t resend_type; /* enum nas_security_header_type */
	size_t resend_len;
	uint8_t *resend; /* the message to repeat, in plain; NULL: none */
};

/* The user plane of sessions, asked for at their SMFs before the UE gets its accept; bits by identity. */
struct amf_activation {
	uint16_t asked; /* unanswered */
	uint16_t ready; /* set up with the accept, or there already */
};

struct amf_registration {
	struct amf_procedure p;
	uint64_t begun_ns;
	bool counted; /* among the requests */
	uint8_t registration_type;
	bool follow_on_request;
	bool identity_asked;
	bool has_pdu_session_status;
	uint16_t pdu_session_status;
	bool has_uplink_data_status;
	uint16_t uplink_data_status; /* sessions with user data pending */
	struct amf_activation user_plane;
	uint8_t ue_ngksi;
	bool has_requested_drx, radio_capability_changed;
	bool has_mico, has_t3324, has_requested_t3512, has_edrx;
	uint8_t mico, t3324, requested_t3512, edrx; /* 9.11.3.31, 9.11.2.5, 24.008 10.5.5.32 */
	uint8_t requested_drx;                      /* 24.501 9.11.3.2A */
	uint8_t ladns;                              /* that it asks for; all where it says nothing of it */
	uint64_t request_digest;                    /* distinguishes a repeated request from a new one */
	struct nssai requested_nssai;
	char supi_or_suci[SUPI_OR_SUCI_SIZE];
	struct nas_ue_security_capability capability;
	/* subscription */
	struct nssai default_nssai, subscribed_nssai; /* the latter without the former */
	struct nssai configured_nssai, rejected_in_plmn, rejected_in_ta;
};

struct amf_deregistration {
	struct amf_procedure p;
	bool again; /* re-registration required */
};

struct amf_deregistration_wait {
	struct amf_procedure p;
	bool again;
	uint8_t cause; /* 5GMM; 0: none */
	uint64_t until_ns;
};

struct amf_reauthentication {
	struct amf_procedure p;
	uint64_t until_ns;
};

/* What the home network sends to the UE: sdm_notification.c. */
struct amf_home_update {
	struct amf_procedure p;
	bool sent, acknowledge; /* sent: the UE has it, or may have; acknowledge: it is to answer */
	bool paged;             /* for it, once */
	uint64_t until_ns, provisioning_time;
	uint8_t container_len, container[AMF_HOME_CONTAINER_MAX];
};

/* A place in the chain of next hops of a K_AMF, next_hop.c. */
struct amf_next_hop {
	uint8_t ncc, nh[KDF_KEY_LEN], k_amf[KDF_KEY_LEN];
};

struct amf_rekeying {
	struct amf_procedure p;
	bool sent;                  /* else something goes first */
	uint8_t refused;            /* so often, by a gNB that was handing the UE over */
	struct amf_next_hop before; /* of the K_AMF before: gNBs go on with it until one has the new key */
};

struct amf_service_request {
	struct amf_procedure p;
	bool has_pdu_session_status, has_uplink_data_status;
	uint16_t uplink_data_status; /* 24.501 9.11.3.57 */
	bool paged;                  /* it answers to paging */
	struct amf_activation user_plane;
};

struct amf_identification {
	struct amf_procedure p;
};

struct amf_authentication {
	struct amf_procedure p;
	char auth_ctx_id[AUTH_CTX_ID_SIZE];
	const struct sbi_peer *ausf;      /* which has it */
	bool eap;                         /* EAP-AKA', not 5G-AKA */
	uint8_t rand[16], hxres_star[16]; /* of 5G-AKA */
	uint8_t ngksi, resyncs;
	bool ngksi_changed;
	struct resynchronization_info resync;
};

struct amf_security_mode {
	struct amf_procedure p;
	struct supi supi; /* confirmed by the AUSF */
	struct nas_ue_security_capability capability;
	struct nas_security pending; /* from SECURITY MODE COMMAND until it is complete */
};

struct amf_configuration_update {
	struct amf_procedure p;
	bool areas;          /* it has areas, and no 5G-GUTI */
	struct nssai slices; /* it has the allowed NSSAI alone; count 0: it has not */
};

struct amf_context_setup {
	struct amf_procedure p;
};

/* Sessions that go to another gNB, bits by identity, with what their SMFs answered for one of the gNBs. */
struct amf_moving_sessions {
	uint16_t asked;  /* unanswered */
	uint16_t ready;  /* whose SMF agrees */
	uint16_t failed; /* whose SMF, or target, does not */
	struct amf_moving_info {
		size_t len;
		uint8_t *octets; /* owned */
	} info[PDU_SESSIONS_MAX + 1];
};

enum amf_handover_step {
	HANDOVER_PREPARING,  /* SMFs are asked for what the target is to set up */
	HANDOVER_ALLOCATING, /* HANDOVER REQUEST is sent */
	HANDOVER_ADMITTED,   /* the target has answered; the SMFs are told */
	HANDOVER_COMMANDED,  /* HANDOVER COMMAND is sent: the UE is on its way */
	HANDOVER_DONE        /* it has arrived */
};

/* A NAS message that the source gave back, and that the target gets when the UE is there. */
struct amf_undelivered {
	size_t len;
	uint8_t *octets;
};

struct amf_handover {
	struct amf_procedure p;
	uint8_t step;                /* enum amf_handover_step */
	bool source_lost, cancelled; /* its source is gone; it does not want it */
	bool replaced;               /* its source has asked for another one */
	bool rekeys;                 /* the target has K_gNB of the new K_AMF */
	struct ngap_cause cause;     /* of HANDOVER REQUIRED; then of its failure */
	uint64_t target_node;        /* Global RAN Node ID */
	struct tai tai;              /* where the UE is to go */
	struct amf_moving_sessions sessions;
	size_t container_len;
	uint8_t *container; /* for the target; then for the source */
	uint8_t undelivered_count;
	struct amf_undelivered undelivered[AMF_UNDELIVERED_MAX];
};

struct amf_path_switch {
	struct amf_procedure p;
	bool capabilities_differ;
	bool has_key;
	struct amf_next_hop key; /* as it was when the UE came; K_AMF may be another one since */
	struct amf_moving_sessions sessions;
};

struct amf_modify_indication {
	struct amf_procedure p;
	uint16_t named; /* by the gNB */
	struct amf_moving_sessions sessions;
};

struct amf_paging {
	struct amf_procedure p;
	uint8_t arp_priority_level; /* 1 to 15; 0: not given */
};

struct amf_n1n2_transfer {
	struct amf_procedure p;
	bool paged; /* it is answered, and waits for the UE */
	const struct sbi_peer *smf;
	char failure[SBI_CALLBACK_SIZE]; /* by which the SMF hears that the UE was not reached; empty: not at
					    all */
	uint64_t request;                /* of the bus, unanswered */
	uint64_t until_ns;
	uint8_t pdu_session_id;
	enum n2_sm_info_type n2_type;
	struct bytes n1, n2; /* in held */
	uint8_t *held;
};

/* What a kind does beyond its record; in amf->dispatch. */
struct amf_procedure_ops {
	void (*expired)(struct amf *amf, struct amf_procedure *p); /* its timer */
	void (*ended)(struct amf *amf, struct amf_procedure *p); /* gives back what it holds; NULL: nothing */
};

/* The conflict table for a procedure that begins beside what the UE has: the strongest of all. */
enum amf_conflict amf_procedure_conflict(const struct amf_ue *ue, enum amf_procedure_kind kind);

/*
 * Ends what the new one aborts, and begins it. NULL when it is refused by the table, or when the pool is at
 * its limit (counted); nothing has ended then.
 */
struct amf_procedure *amf_procedure_begin(struct amf *amf, struct amf_ue *ue, enum amf_procedure_kind kind);
/* Wakes those that waited for it: their timers expire at once. NULL is allowed. */
void amf_procedure_end(struct amf *amf, struct amf_procedure *p);
/* Ends all that need the connection to the UE, which is all but the transfers that wait. */
void amf_procedure_end_connected(struct amf *amf, struct amf_ue *ue);
void amf_procedure_end_all(struct amf *amf, struct amf_ue *ue);

struct amf_procedure *amf_procedure_find(const struct amf_ue *ue, enum amf_procedure_kind kind);
uint32_t amf_procedure_count(const struct amf_ue *ue, enum amf_procedure_kind kind);
/* True while one runs for which p stands back. */
bool amf_procedure_waits(const struct amf_procedure *p);
/* Starts, or starts again, its timer; false when memory is refused. */
void amf_procedure_wait(struct amf *amf, struct amf_procedure *p, uint32_t timer_ms);

/* Who asks; and who asked: NULL when it has ended. */
struct sbi_token amf_procedure_token(struct amf *amf, const struct amf_procedure *p);
struct amf_procedure *amf_procedure_of_token(struct amf *amf, const struct sbi_token *t);

#define AMF_PROCEDURE_OF(name, kind)                                                                         \
	static inline struct amf_##name *amf_##name##_of(const struct amf_ue *ue)                            \
	{                                                                                                    \
		return (struct amf_##name *)amf_procedure_find(ue, kind);                                    \
	}
AMF_PROCEDURE_OF(registration, AMF_REGISTRATION)
AMF_PROCEDURE_OF(deregistration, AMF_DEREGISTRATION)
AMF_PROCEDURE_OF(deregistration_wait, AMF_DEREGISTRATION_WAIT)
AMF_PROCEDURE_OF(service_request, AMF_SERVICE_REQUEST)
AMF_PROCEDURE_OF(authentication, AMF_AUTHENTICATION)
AMF_PROCEDURE_OF(security_mode, AMF_SECURITY_MODE)
AMF_PROCEDURE_OF(paging, AMF_PAGING)
AMF_PROCEDURE_OF(handover, AMF_HANDOVER)
AMF_PROCEDURE_OF(path_switch, AMF_PATH_SWITCH)
AMF_PROCEDURE_OF(rekeying, AMF_REKEYING)
#undef AMF_PROCEDURE_OF

/* 38.413 8.4.1.2: the gNB takes nothing else for the UE meanwhile. */
static inline bool amf_gnb_is_busy(const struct amf_ue *ue)
{
	return amf_handover_of(ue) || amf_path_switch_of(ue) || amf_rekeying_of(ue);
}
