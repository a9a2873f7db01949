/*
 * UEs: the non-access stratum of TS 24.501 (5GMM, 5GSM) over the simulated air link. A host holds one UE
 * (the UE process, with a TUN device) or thousands (the simulator); its UEs share timers and buffers. The
 * host is the room.
 */
#pragma once

#include "base/config.h"
#include "base/env.h"
#include "base/ip_filter.h"
#include "base/prefix.h"
#include "base/stats.h"
#include "crypto/aka.h"
#include "ue/usim/usim.h"
#include "wire/nas/nas.h"

enum ue_limit {
	UE_MAX = 1 << 20,            /* UEs of a host */
	UE_WARNINGS_REMEMBERED = 16, /* public warnings that are not shown again */
	UE_SESSIONS_PER_UE_MAX = 8,
	UE_SILENCE_MS = 3000,        /* without an answer of a gNB, before that is said */
	UE_SILENCE_AGAIN_MS = 60000, /* and said again */
	UE_DNS_MAX = 2,
	UE_P_CSCF_MAX = 4,
	UE_NETWORK_NAME_SIZE = 192,         /* UTF-8 */
	UE_REGISTRATION_ATTEMPTS = 5,       /* 24.501 5.5.1.2.7 */
	UE_DEREGISTRATION_ATTEMPTS = 5,     /* 5.5.2.2.6: aborted at the fifth expiry */
	UE_SM_RETRIES_MAX = 4,              /* T3580 to T3582: aborted at the fifth expiry (6.4.1.6) */
	UE_AUTHENTICATION_FAILURES_MAX = 3, /* consecutive ones: the network is false (5.4.1.3.7) */
	UE_KEEPALIVES_LOST_MAX = 3,
	UE_IP_PACKET_MAX = 65535,
	UE_HEADROOM = 8, /* octets before a user packet that ue_uplink() may write */
};

/* The UE's own interfaces (msg.port). On TUN and LINK, msg.assoc is the UE's index in its host. LINK has
 * frames of Ethernet sessions, and what unstructured ones carry. */
enum ue_port { UE_PORT_AIR = 1, UE_PORT_TUN = 2, UE_PORT_LINK = 3, UE_PORT_SAMPLES = 4 /* of ue/air.h */ };

enum ue_mico { UE_MICO_NO, UE_MICO_YES, UE_MICO_STRICT /* and a strictly periodic T3512 */ };

/* What many UEs have in common; it must outlive them. Times of 0 take the value of 24.501 table 10.2.1. */
struct ue_profile {
	struct plmn home;
	struct usim_suci_profile suci;
	uint8_t slice_count;
	struct snssai slices[SNSSAI_MAX]; /* requested NSSAI */
	char dnn[DNN_STR_SIZE];           /* of automatic sessions; empty: the network's default */
	struct nas_ue_security_capability security_capability; /* len 0: EA and IA 0 to 3 */
	uint8_t session_type;            /* enum nas_pdu_session_type of automatic sessions; 0: IPv4 */
	uint8_t mico;                    /* enum ue_mico: what it asks for */
	uint8_t drx;                     /* 24.501 9.11.3.2A; 0: the cell's */
	uint8_t edrx;                    /* 1 and the value of 24.008 10.5.5.32; 0: none */
	uint32_t active_time_s, t3512_s; /* that it asks for; 0: for none */
	bool no_usim;                    /* of network.yaml: ue_config.supi is made of imeisv */
	bool auto_register;     /* when made, and again after whatever ends a registration but the user */
	uint8_t ssc_mode;       /* that its sessions are asked for with; 0: 1 */
	bool always_on;         /* likewise */
	bool auto_session;      /* a PDU session once registered; without USIM one for emergencies */
	bool router;            /* packets of networks behind it go through its first session of IP */
	bool prefix_delegation; /* of IPv6: it asks for a prefix for them */
	uint32_t keepalive_ms;  /* on the air while connected; 0: none */
	uint32_t t3502_ms, t3510_ms, t3511_ms, t3517_ms, t3519_ms, t3520_ms, t3521_ms, t3580_ms, t3581_ms,
		t3582_ms;
};

struct ue_config {
	const struct ue_profile *profile;
	struct supi supi;   /* an IMEI: there is no USIM, and nothing but emergency services
			       (ue_register_emergency()) */
	struct aka_key key; /* copied: wipe it. aka_opc_derive() makes OPc of OP */
	uint8_t opc_len;    /* octets that network.yaml had */
	char imeisv[17];    /* 16 digits */
	struct addr gnb;    /* on the air link */
};

/* Their keys in network.yaml. */
extern const struct config_section ue_config_section, ue_profile_section;

struct ue;
struct ue_host;

enum ue_event {
	UE_EVENT_REGISTERED,
	UE_EVENT_REGISTRATION_FAILED, /* cause: 5GMM cause, 0 for none */
	UE_EVENT_PUT_OFF,             /* the network is overloaded, and told it to try later, which it does */
	UE_EVENT_DEREGISTERED,
	UE_EVENT_CONNECTED, /* 5GMM-CONNECTED and -IDLE */
	UE_EVENT_IDLE,
	UE_EVENT_USER_PLANE, /* psi: the session has radio bearers (again) */
	UE_EVENT_SESSION_UP, /* psi */
	/* psi; cause: 5GSM cause (or 5GMM cause of a DL NAS TRANSPORT), 0 for none */
	UE_EVENT_SESSION_FAILED,
	UE_EVENT_SESSION_DOWN,    /* psi, cause */
	UE_EVENT_SESSION_ADDRESS, /* psi: it has an IPv6 address now, or another one */
	UE_EVENT_SESSION_PREFIX,  /* psi: it has an IPv6 prefix for networks behind it */
	UE_EVENT_SESSION_CHANGED, /* psi; cause: 5GSM cause of a refusal, 0 for a change */
	UE_EVENT_HANDED_OVER,     /* to another cell */
	UE_EVENT_HANDOVER_FAILED,
	UE_EVENT_REESTABLISHED,
	UE_EVENT_CELL, /* one was found by its samples */
	UE_EVENT_COUNT
};

struct ue_event_info {
	enum ue_event event;
	uint8_t psi, cause;
	const char *text; /* a line for people; valid during the call */
};

/* Must not free the UE. */
typedef void ue_event_fn(void *arg, struct ue *ue, const struct ue_event_info *e);

/* max: UEs it may hold. NULL when memory is refused. */
struct ue_host *ue_host_new(struct env *env, uint32_t max);
void ue_host_free(struct ue_host *host);
struct room ue_host_room(struct ue_host *host);
void ue_host_set_event(struct ue_host *host, ue_event_fn *fn, void *arg);

/* A cell that UEs can find: what they would read of its broadcast. */
struct ue_cell {
	struct addr at; /* on the air link */
	uint16_t pci;
	uint64_t nci; /* NR cell identity, 36 bits */
	struct tai tai;
};

/* All cells on the air; they must outlive the host. */
void ue_host_set_cells(struct ue_host *host, const struct ue_cell *cells, size_t count);
/* They are in other tracking areas. */
void ue_host_cells_changed(struct ue_host *host);

/* Plain NAS messages as sent and received, for traces of test networks only. */
typedef void ue_nas_tap_fn(void *arg, struct ue *ue, bool uplink, struct bytes plain);
void ue_host_set_nas_tap(struct ue_host *host, ue_nas_tap_fn *fn, void *arg);

/* NULL when the host is full, memory is refused or the configuration is none. */
struct ue *ue_new(struct ue_host *host, const struct ue_config *config);
/* Without a word to the network. */
void ue_free(struct ue *ue);
uint32_t ue_index(const struct ue *ue);
struct ue *ue_at(struct ue_host *host, uint32_t index);

/* The idle UE goes to another cell; false: it is connected. */
bool ue_reselect(struct ue *ue, const struct addr *gnb);

/* The connected UE's cell is gone, and there is another: it asks for re-establishment there (38.331 5.3.7).
 * False: it has no connection with AS security, or has samples for a radio. */
bool ue_reestablish(struct ue *ue, const struct addr *gnb);

/* Computes the SUCI of the next registration now (the costly part of Profile A and B). */
bool ue_prepare_suci(struct ue *ue);

/* For emergency services alone; and a session of them, of a UE that is registered. False: not possible now.
 */
bool ue_register_emergency(struct ue *ue);
bool ue_session_establish_emergency(struct ue *ue);

/* What the user wants. False: not possible in the present state. */
bool ue_register(struct ue *ue);
bool ue_deregister(struct ue *ue, bool switch_off);
/* dnn and snssai may be NULL: the network chooses. Returns the PDU session identity, 0 when not possible. */
uint8_t ue_session_establish(struct ue *ue, const char *dnn, const struct snssai *snssai);
/* Of a certain type (enum nas_pdu_session_type), not that of the profile. */
uint8_t ue_session_establish_type(struct ue *ue, const char *dnn, const struct snssai *snssai, uint8_t type);
bool ue_session_release(struct ue *ue, uint8_t psi);
/* Asks the network for the session's parameters as it sees fit: answered by UE_EVENT_SESSION_CHANGED, or not.
 */
bool ue_session_modify(struct ue *ue, uint8_t psi);

/* What a UE may ask of a session's QoS (24.501 6.4.2.2): a rule, with a flow of its own. */
struct ue_flow_request {
	uint8_t operation;  /* enum nas_qos_rule_operation */
	uint8_t rule;       /* which; of NAS_QOS_RULE_CREATE 0 */
	uint8_t precedence; /* 0: 70 and the number of rules there are */
	uint8_t five_qi;    /* 0: the flow is not asked for, or not changed */
	uint64_t gfbr_uplink_kbps, gfbr_downlink_kbps;
	bool has_filter;
	uint8_t filter_id;       /* of NAS_QOS_RULE_DELETE_FILTERS */
	struct ip_filter filter; /* as packets go to the UE */
};

/* Likewise, with this; copied. */
bool ue_session_request_flow(struct ue *ue, uint8_t psi, const struct ue_flow_request *r);
/* The QFI and identity of the nth QoS rule by precedence; false: there are not so many. */
bool ue_session_rule(const struct ue *ue, uint8_t psi, uint8_t n, uint8_t *rule, uint8_t *qfi);

/* What the network said of itself (24.501 9.11.3.5, 8.2.19). */
struct ue_network {
	bool ims_voice;
	char full_name[UE_NETWORK_NAME_SIZE], short_name[UE_NETWORK_NAME_SIZE];
	bool has_time, has_time_zone;
	struct nas_universal_time time; /* when it was received */
	int time_zone_quarters;         /* of an hour, daylight saving included */
	uint8_t daylight_saving_h;
};

/* What the home network has given to the UE by updates (24.501 5.4.5.3.3). */
struct ue_parameters {
	uint8_t default_nssai_count;
	struct snssai default_nssai[SNSSAI_MAX]; /* requested where the profile has no slices */
	char routing_indicator[5];               /* in place of the profile's; empty: none */
};

struct ue_state {
	const char *mm_state; /* as 24.501 names it */
	bool registered, connected, secured;
	uint8_t sessions; /* established */
	struct supi supi;
	bool has_guti;
	struct guti guti;
	uint8_t ea, ia;
	struct ue_network network;
	struct ue_parameters parameters;
	struct nas_steering steering; /* PLMNs that the home network prefers, the first most */
	struct addr gnb;              /* the cell it is in, on the air link */
	uint8_t k_gnb[32];            /* of the present connection, for tests; zeros: no AS security */
	uint8_t ncc;                  /* its chaining count */
	bool emergency;               /* registered for emergency services alone */
	bool emergency_served;
	uint8_t emergency_numbers;     /* that the network has named */
	bool mico, strict, restricted; /* MICO mode; with a strict T3512; service is not allowed here */
	uint32_t t3512_s, active_s;
	uint8_t edrx; /* 0: none */
};

void ue_state(const struct ue *ue, struct ue_state *out);

struct ue_session_info {
	uint8_t psi, qfi, pdu_session_type; /* enum nas_pdu_session_type */
	uint8_t ssc_mode;                   /* enum nas_ssc_mode */
	bool always_on;
	bool active, has_user_plane;
	bool has_integrity, has_ciphering; /* of its packets on the air, as RRC has told */
	uint32_t ipv4;                     /* host order; 0: none */
	uint64_t interface_id;             /* of IPv6, of its link-local address; 0: none */
	struct ip ipv6;                    /* IP_NONE: none, or none yet */
	uint8_t dns_count, dns6_count;
	uint32_t dns[UE_DNS_MAX]; /* host order */
	struct ip dns6[UE_DNS_MAX];
	uint16_t mtu, mtu6; /* 0: not given */
	uint8_t p_cscf_count;
	struct addr p_cscfs[UE_P_CSCF_MAX];
	char msisdn[MSISDN_SIZE]; /* empty: it was not told */
	uint64_t ambr_downlink_kbps, ambr_uplink_kbps;
	struct snssai snssai;
	char dnn[DNN_STR_SIZE];
	uint8_t rules;  /* QoS rules; set by ue_session_info() */
	uint64_t flows; /* bit n: QFI n; likewise */
};

/* The QoS flow that the UE would send a packet in; 0: in none. */
uint8_t ue_session_flow_of(const struct ue *ue, uint8_t psi, struct bytes packet);

/* False when there is no such session. */
bool ue_session_info(const struct ue *ue, uint8_t psi, struct ue_session_info *out);
/* A prefix for networks behind it, but for that within it (RFC 6603; bits 0: none). False: it has none. */
bool ue_session_prefix(const struct ue *ue, uint8_t psi, struct prefix *out, struct prefix *excluded);

/*
 * User packets in place, for the process's data loop. ue_uplink: an IP packet becomes an air message; at
 * most UE_HEADROOM octets before p->data are written to. ue_downlink: the other way
 * round. False: drop it (ue_downlink: unless it is for on_msg, as ue_is_user_data() finds).
 */
struct ue_packet {
	uint8_t *data;
	size_t len;
};

bool ue_uplink(struct ue *ue, struct ue_packet *p);
bool ue_downlink(struct ue_host *host, struct ue_packet *p, struct ue **ue);
bool ue_is_user_data(struct bytes datagram);

extern const struct stat_group ue_host_stat_group;
void ue_host_stats(const struct ue_host *host, struct stats *out);
