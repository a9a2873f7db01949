/* The UE's data, and what its files share. Read ue.h first, then this, then nas/registration.c. */
#pragma once

#include "base/fsm.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/pool.h"
#include "base/timers.h"
#include "proto/nas_security.h"
#include "ue/backoff.h"
#include "ue/home.h"
#include "ue/mm_action.h"
#include "ue/qos.h"
#include "ue/reach.h"
#include "ue/rrc.h"
#include "ue/ue.h"

#define LOG_ROOM "ue"

/* 24.501 table 10.2.1, 10.3.1: where the profile has 0. */
enum ue_default_timer {
	T3502_MS = 720000,
	T3510_MS = 15000,
	T3511_MS = 10000,
	T3346_MIN_S = 900,
	T3346_SPREAD_S = 900, /* 24.008 table 11.1: a default between 15 and 30 minutes */
	T3512_S = 3240,
	T3516_MS = 30000,
	T3517_MS = 15000,
	T3519_MS = 60000,
	T3520_MS = 15000,
	T3521_MS = 15000,
	T3580_MS = 16000,
	T3581_MS = 16000,
	T3582_MS = 16000,
	SESSION_RETRY_MS = 10000, /* of the automatic session, where the network gives none */
	SESSION_BARRED_S = 720,   /* 6.4.1.4.3: 12 minutes */
	T3247_MIN_MS = 900000,
	T3247_SPREAD_MS = 900000, /* 5.3.20: random between 15 and 30 minutes */
};

enum { UE_EAP_RESPONSE_MAX = 64 }; /* octets of any response of EAP-AKA' */

/* 5GMM states of the UE, 24.501 5.1.3.2. */
enum mm_state {
	MM_DEREGISTERED,
	MM_DEREGISTERED_ATTEMPTING, /* T3511, T3502 or T3346 runs */
	MM_DEREGISTERED_NO_SUPI,    /* the network refuses the subscriber; T3247 may run */
	MM_REGISTERED_INITIATED,    /* T3510 runs */
	MM_REGISTERED,
	MM_REGISTERED_ATTEMPTING,     /* registration update to be repeated; T3511, T3502 or T3346 runs */
	MM_SERVICE_REQUEST_INITIATED, /* T3517 runs */
	MM_DEREGISTERED_INITIATED,    /* T3521 runs */
	MM_STATE_COUNT
};

enum mm_event {
	MM_EV_REGISTER, /* the user, or a timer, wants it */
	/* mobility or periodic registration; arg: uint8_t of enum nas_registration_type */
	MM_EV_UPDATE,
	MM_EV_SERVICE,    /* user data or signalling pending in idle mode: the service type */
	MM_EV_DEREGISTER, /* arg: bool switch off */
	MM_EV_ACCEPT,
	MM_EV_REJECT,
	MM_EV_SERVICE_ACCEPT,
	MM_EV_SERVICE_REJECT,
	MM_EV_IDENTITY_REQUEST,
	MM_EV_AUTHENTICATION_REQUEST,
	MM_EV_AUTHENTICATION_RESULT,
	MM_EV_AUTHENTICATION_REJECT,
	MM_EV_SECURITY_MODE_COMMAND,
	MM_EV_CONFIGURATION_UPDATE,
	MM_EV_DEREGISTRATION_REQUEST, /* by the network */
	MM_EV_DEREGISTRATION_ACCEPT,
	MM_EV_TIMER,     /* of the state */
	MM_EV_RELEASED,  /* the connection was released in order */
	MM_EV_FAILED,    /* the connection failed */
	MM_EV_TRY_AGAIN, /* what a rejection or failure leads to */
	MM_EV_UPDATE_AGAIN,
	MM_EV_BARRED,
	MM_EV_ENDED,
	MM_EV_COUNT
};

/* 5GSM states of the UE, 24.501 6.1.3.2. */
enum sm_state {
	SM_INACTIVE,
	SM_ACTIVE_PENDING, /* T3580 runs */
	SM_ACTIVE,
	SM_MODIFICATION_PENDING, /* T3581 runs */
	SM_INACTIVE_PENDING,     /* T3582 runs */
	SM_STATE_COUNT
};

enum sm_event {
	SM_EV_ESTABLISH,
	SM_EV_ACCEPT,
	SM_EV_REJECT,
	SM_EV_RELEASE, /* the user wants it; arg: uint8_t cause or NULL */
	SM_EV_RELEASE_COMMAND,
	SM_EV_RELEASE_REJECT,
	SM_EV_MODIFY, /* the user wants it */
	SM_EV_MODIFICATION_COMMAND,
	SM_EV_MODIFICATION_REJECT,
	SM_EV_NOT_FORWARDED, /* the AMF gives the request back */
	SM_EV_AUTHENTICATION_COMMAND,
	SM_EV_AUTHENTICATION_RESULT,
	SM_EV_LOCAL_RELEASE,
	SM_EV_TIMER,
	SM_EV_GIVE_UP, /* the timer expired for the fifth time */
	SM_EV_COUNT
};

struct ue_session {
	struct ue_session *next;
	struct ue *ue;
	struct timer timer; /* T3580, T3581 or T3582 */
	uint8_t state;      /* enum sm_state */
	uint8_t pti, retries, release_cause;
	uint8_t done_pti;                  /* of the last request that a command has answered; 0: none */
	uint8_t type_asked;                /* enum nas_pdu_session_type */
	bool waits;                        /* its request, for the connection */
	bool replaced;                     /* another one was asked for in its place: once */
	uint8_t old_psi;                   /* the session that it is in place of (23.502 4.3.5.2); 0: none */
	uint8_t drb;                       /* its data radio bearer; 0: none */
	bool has_integrity, has_ciphering; /* of its packets */
	uint32_t solicitation_ms;
	struct timer solicitation;        /* of routers: until the next one */
	struct ue_delegation *delegation; /* owned; NULL: none is asked for */
	bool asked_snssai, asked_dnn, emergency;
	/* Its only QoS rule takes all packets, unless qos says otherwise (owned). */
	struct ue_qos_rule rule;
	uint8_t five_qi;
	struct ue_qos *qos;
	uint32_t rq_timer_s;              /* 24.501 9.11.2.3; 0: no rule is derived by reflection */
	struct ue_reflective *reflective; /* owned; NULL: none was */
	struct ue_flow_request *request; /* of the modification under way (owned); NULL: none in particular */
	struct ue_session_info info;
};

/* It is of Ethernet or unstructured: it has no addresses. */
static inline bool ue_session_is_link(const struct ue_session *s)
{
	return s->info.pdu_session_type > NAS_PDU_IPV4V6;
}

/* nas/flow_request.c: the QoS that the request under way asks for; what m points to is of the arena. False:
 * no room. */
bool ue_flow_request_fill(struct ue_session *s, struct nas_pdu_session_modification_request *m);
/* nas/session.c: nothing in particular is asked for any more. */
void ue_flow_request_end(struct ue_session *s);

/* nas/session_nas.c: the QoS of a session as it is. */
void ue_session_qos(const struct ue_session *s, struct ue_qos *out);

struct ue {
	struct ue_host *host;
	const struct ue_profile *profile;
	struct timer timer; /* T3510, T3511, T3502, T3346, T3517, T3521, T3247: of the 5GMM state */
	struct timer t3512, t3324, t3520, session_retry;
	struct ue_reachability reachability;
	struct ue_service_area service_area;
	struct ue_ladns *ladns;         /* owned; NULL: none are known */
	struct ue_forbidden *forbidden; /* likewise */
	struct ue_backoffs *backoffs;   /* likewise */
	struct ue_radio radio;
	struct ue_session *sessions;
	struct usim usim;
	char imeisv[17];
	/* 5GMM */
	uint8_t state;             /* enum mm_state */
	uint8_t registration_type; /* of the procedure under way */
	uint8_t attempts, authentication_failures, keepalives_lost, next_pti;
	bool has_guti, secured;
	uint8_t service_type; /* of the service request under way (24.501 9.11.3.50) */
	bool listed;          /* by_s_tmsi */
	struct hash_node by_s_tmsi;
	bool dormant; /* the user wants it off: no automatic registration */
	bool switch_off;
	bool emergency_only; /* registered, or to register, for emergency services alone */
	bool emergency_served;
	bool emergency_pending;    /* a session of them follows the service request */
	uint8_t emergency_numbers; /* that the network has named */
	bool update_pending;       /* a registration once it is idle, as the network wants it */
	struct guti guti;
	uint8_t area_count;
	struct tai area[UE_AREA_MAX];        /* registration area (5.3.5) */
	uint32_t kgnb_ul_count;              /* 33.501 6.8.1.2.2: of the message that K_gNB is made with */
	uint32_t t3512_s, t3502_ms;          /* as the network gave them; T3512 0: deactivated */
	uint64_t congested_until_ns;         /* T3346 */
	struct nas_security security, fresh; /* in use; made by an authentication, not in use yet */
	struct ue_home home;
	struct ue_network network;
	uint8_t allowed_count;
	struct snssai allowed[SNSSAI_MAX];
	/* the last challenge, answered alike when repeated, until T3516 (5.4.1.3.2) */
	uint64_t challenge_until_ns;
	uint8_t rand[AKA_RAND_LEN], res_star[KDF_RES_STAR_LEN];
	uint8_t eap_response_len; /* 0: it was a challenge of 5G-AKA */
	uint8_t eap_response[UE_EAP_RESPONSE_MAX];
	/* SUCI */
	uint64_t suci_until_ns; /* T3519; 0 while the SUCI has not been sent */
	uint8_t suci_len;
	uint8_t suci[USIM_SUCI_OUTPUT_MAX];
};

enum ue_stat {
	UE_STAT_AIR_REFUSED,
	UE_STAT_NAS_RECEIVED,
	UE_STAT_NAS_REFUSED, /* syntax */
	UE_STAT_NAS_INTEGRITY,
	UE_STAT_NAS_UNEXPECTED,
	UE_STAT_REGISTRATIONS,
	UE_STAT_REGISTRATION_REJECTS,
	UE_STAT_DEREGISTRATIONS,
	UE_STAT_AUTHENTICATION_FAILURES, /* of the network, as the USIM sees it */
	UE_STAT_CONNECTION_FAILURES,
	UE_STAT_SESSIONS,
	UE_STAT_SESSION_REJECTS,
	UE_STAT_SOLICITATIONS,
	UE_STAT_DELEGATIONS_ASKED,
	UE_STAT_ADVERTISEMENTS_REFUSED,
	UE_STAT_PACKETS_UP,
	UE_STAT_PACKETS_DOWN,
	UE_STAT_PACKETS_DROPPED,
	UE_STAT_HANDOVERS,
	UE_STAT_HANDOVER_FAILURES,
	UE_STAT_REESTABLISHMENTS,
	UE_STAT_WARNINGS, /* public warnings heard, repetitions among them */
	UE_STAT_STEERED,
	UE_STAT_STEERING_REFUSED,
	UE_STAT_PARAMETERS_UPDATED,
	UE_STAT_PARAMETERS_REFUSED, /* a wrong MAC or a counter that does not go on, likewise */
	UE_STAT_COUNT
};

struct ue_host {
	struct env *env;
	const struct fsm *mm_fsm, *sm_fsm;
	const struct ue_rrc_user *rrc;  /* what the radio raises */
	const struct ue_rrc_ops *radio; /* what stands below */
	struct ue_air *air_radio;       /* rrc_air.c's own; NULL: that is not it */
	uint64_t silence_said_ns;       /* when no gNB answered */
	bool silence_said;
	struct timers timers;
	struct pool ues, sessions, moves;
	const struct ue_cell *cells;
	size_t cell_count;
	struct hash by_s_tmsi;
	struct arena arena;
	ue_event_fn *event;
	void *event_arg;
	ue_nas_tap_fn *tap;
	void *tap_arg;
	uint8_t warned_count, warned_next;
	uint32_t warned[UE_WARNINGS_REMEMBERED]; /* identifier and serial number of those that were shown */
	uint64_t stat[UE_STAT_COUNT];
	uint8_t plain[NAS_MAX_OCTETS], container[NAS_MAX_OCTETS], pdu[NAS_MAX_OCTETS];
	uint8_t air[UE_IP_PACKET_MAX + UE_RRC_OVERHEAD_MAX];
};

/* event.c */
void ue_say(struct ue *ue, enum ue_event event, uint8_t psi, uint8_t cause, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void ue_timer_set(struct ue *ue, struct timer *t, uint32_t ms, uint32_t default_ms, timer_fn *fn);

/* s_tmsi.c: the UE's 5G-GUTI, and who has which 5G-S-TMSI (NULL: nobody here) */
void ue_s_tmsi_take(struct ue *ue, const struct guti *guti);
void ue_s_tmsi_forget(struct ue *ue);
struct ue *ue_by_s_tmsi(struct ue_host *host, const struct s_tmsi *s_tmsi);
/* warning.c: what phones show, in the log */
void ue_warned(struct ue_host *host, const struct ue_rrc_warning *w);
/* nas/service_request.c: the gNB pages the identity. */
void ue_paged(struct ue_host *host, const struct addr *gnb, const struct s_tmsi *s_tmsi);

/* connection.c: 5GMM-CONNECTED is ue->radio.connected */
bool ue_connection_send(struct ue *ue, struct bytes nas);
/* The UE leaves the connection by itself (5.3.1.3); the gNB is informed when that is asked for. */
void ue_connection_leave(struct ue *ue, bool tell);
void ue_connection_ended(struct ue *ue, bool failed);
void ue_moved(struct ue *ue, const struct tai *tai);
void ue_handed_over(struct ue *ue, const struct ue_bearer *bearers, size_t count, const struct tai *tai);
bool ue_bearer_set(struct ue *ue, const struct ue_bearer *b);
void ue_bearer_released(struct ue *ue, uint8_t drb);

/* rrc_air.c */
void ue_air_free(struct ue_air *a);
/* NULL: it camps nowhere. */
const struct ue_cell *ue_air_cell(const struct ue_host *host);

/* reselection.c: an idle UE is in a cell where it was not. */
void ue_cell_entered(struct ue *ue);

/* mobility.c */
void ue_mobility_init(struct ue_host *host, uint32_t max);

/* data.c */
/* The QFI of an uplink packet (24.501 6.2.5.1.2); 0: no rule takes it. */
uint8_t ue_flow_of_packet(const struct ue_session *s, struct bytes packet);
void ue_data_on_air(struct ue_host *host, const struct msg *m);
/* A downlink packet of a session (perhaps of none), and that a rule is to be derived from it. */
void ue_session_packet(struct ue *ue, uint8_t psi, struct bytes packet);
void ue_session_reflect(struct ue *ue, uint8_t psi, uint8_t qfi, struct bytes packet);
void ue_tun_on_msg(struct ue_host *host, const struct msg *m);

/* nas/nas.c, nas/nas_send.c: messages in and out */
void ue_nas_receive(struct ue *ue, struct bytes pdu);
/* Protected as the connection's state demands. */
bool ue_nas_send(struct ue *ue, const struct nas_msg *msg);
bool ue_nas_send_as(struct ue *ue, enum nas_security_header_type type, const struct nas_msg *msg);
/* A message encoded into the arena; empty when it does not encode. */
struct bytes ue_nas_encoded(struct ue *ue, const struct nas_msg *msg);
void ue_nas_status(struct ue *ue, uint8_t cause);

/* nas/mm_event.c, nas/mm_fsm.c */
enum fsm_outcome ue_mm_event(struct ue *ue, enum mm_event event, const void *arg);
const char *ue_mm_state_name(const struct ue *ue);
void ue_mm_timer(void *owner, struct timer *t);
extern const struct fsm ue_mm_fsm;

/* What carries a received message to an action. */
struct mm_message {
	const struct nas_msg *msg;
	bool is_protected;
};

/* nas/session_request.c: asks for a session, in whatever state the UE may; 0: no room. */
uint8_t ue_session_begin(struct ue *ue, const struct ue_session_order *o);

/* nas/emergency.c */
/* The registration under way is an initial one, for whatever. */
bool ue_registration_is_initial(const struct ue *ue);
void ue_emergency_take(struct ue *ue, const struct nas_registration_accept *a);
/* It is registered, or about to be, without authentication. */
bool ue_emergency_is_unproved(const struct ue *ue);
/* The command makes it so: null algorithms, within a registration for emergency services. */
bool ue_emergency_takes_null(const struct ue *ue, const struct nas_security_mode_command *m);
/* Service is accepted. */
void ue_emergency_connected(struct ue *ue);
/* It has, or asks for, a session of emergency services. */
bool ue_emergency_calls(const struct ue *ue);

/* nas/registration_nas.c */
/* What a request points to. */
struct ue_request_parts {
	struct nas_s_nssai nssai[SNSSAI_MAX];
	uint8_t edrx[1];
};
void ue_registration_request_fill(
	struct ue *ue, bool complete, struct nas_registration_request *m, struct ue_request_parts *parts);
/* REGISTRATION REQUEST with all that it may have, in plain, in the arena. */
struct bytes ue_registration_request_complete(struct ue *ue);
bool ue_registration_send(struct ue *ue);
void ue_registration_take_accept(struct ue *ue, const struct nas_registration_accept *a);
/* The SUCI in use, made when there is none; sent: T3519 runs from now on. */
bool ue_identity_suci(struct ue *ue, struct nas_mobile_identity *out, bool sent);
/* 5G-GUTI, else SUCI. */
bool ue_identity_best(struct ue *ue, struct nas_mobile_identity *out, bool sent);
void ue_identity_take_guti(struct ue *ue, const struct nas_mobile_identity *id);
struct nas_ue_security_capability ue_capability(const struct ue *ue);

/* nas/eap_aka_prime.c */
/* An AUTHENTICATION REQUEST with an EAP message; false: nothing was sent. */
bool ue_eap_request(struct ue *ue, const struct nas_authentication_request *r);

/* nas/as_key.c: keys of the access stratum, of K_AMF (33.501 6.7.3.2, A.9, A.10) */
bool ue_as_k_gnb(struct ue *ue, uint8_t k_amf[KDF_KEY_LEN], uint8_t k_gnb[KDF_KEY_LEN]);

/* nas/mm_common.c */
/* The registration area of an accept, and whether a cell is in it. */
void ue_mm_area_take(struct ue *ue, const struct nas_tai_list *list);
bool ue_mm_area_has(const struct ue *ue, const struct tai *tai);
void ue_mm_forget_guti(struct ue *ue); /* 5G-GUTI, and what goes with it, at a rejection */
void ue_mm_forget_security(struct ue *ue);
void ue_t3520_expired(void *owner, struct timer *t);
void ue_mm_congestion(struct ue *ue, uint32_t s, bool is_protected);
/* Until when the network wants to hear nothing of the UE: T3346, or the radio's T302. */
uint64_t ue_mm_put_off_until_ns(const struct ue *ue);

/* nas/security_mode.c: the command's MAC, by the context it names; false: 5.4.2.5 */
bool ue_security_mode_unprotect(struct ue *ue, const struct nas_security_header *h, struct bytes *plain);

#include "ue/sessions.h"
