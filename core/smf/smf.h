/*
 * SMF, TS 23.501 6.2.2: PDU sessions. Towards the AMF it serves Nsmf_PDUSession (TS 29.502), through it
 * exchanges 5GSM with the UEs (TS 24.501 clause 6) and PDU session resources with the gNBs (TS 38.413 9.3.4);
 * over N4 it commands the UPFs (TS 29.244).
 */
#pragma once

#include "base/config.h"
#include "base/prefix.h"
#include "base/table.h"
#include "core/nf/nf.h"
#include "proto/pfcp.h"

enum smf_limit {
	SMF_SESSIONS_MAX = 1 << 24,
	SMF_DNNS_MAX = 32, /* DNNs, counted once a slice */
	SMF_UPFS_MAX = 16,
	SMF_UPF_DNNS_MAX = 16,
	SMF_UPF_NAME_SIZE = 64,
	SMF_DNN_POOLS_MAX = 8, /* of a DNN, of both families */
	SMF_POOLS_MAX = 64,    /* of all */
	SMF_POOL_MAX =
		1 << 24, /* addresses, or prefixes, that a pool gives: as many as there may be sessions */
	SMF_DELEGATED_BITS_MIN = 56,
	SMF_DNS_MAX = 2, /* DNS servers sent to the UE, of each family */
	SMF_P_CSCF_MAX = 4,
	SMF_FRAMED_MAX = 8,
	SMF_ROUTES_MAX = 8, /* framed routes of a session */
	SMF_VLANS_MAX = 16,
	SMF_ADDRESS_LIFETIME_S = 60, /* of a session of SSC mode 3 whose UE was told to ask for another one */
	SMF_MACS_MAX = 64,           /* Ethernet addresses behind a UE that are shown */
	SMF_PATHS_LOST_MAX = 16,     /* of a UPF, that are shown */
	SMF_UPF_LEAVING_LOOK_MS = 1000,
	SMF_DELAY_UNIT_MS = 50,
	SMF_NOTIFICATION_DELAY_MAX_MS = 255 * SMF_DELAY_UNIT_MS,
	SMF_UPF_LEAVING_MS = 90000, /* for the last sessions of a UPF that is to end: T3592 five times */
	SMF_RESTORE_BATCH = 64,     /* sessions being re-established at a UPF at a time */
	SMF_RETRIES_MAX = 4,        /* repetitions of T3591 and T3592 (24.501 table 10.3.2) */
	SMF_PRE_EMPTION_LOOK_MAX = 1 << 16, /* sessions looked at for rules that give way */
	SMF_PAGING_POLICIES_MAX = 64,
	SMF_MARKINGS_MAX = 64,
	SMF_FLOWS_MAX = 8,   /* QoS flows of a session, the default one included */
	SMF_FILTERS_MAX = 4, /* packet filters of a flow */
	SMF_PCC_RULE_ID_SIZE = 32,
	SMF_RECORD_MAX = 4096, /* octets of a stored session: enough for any, see session_record_test.c */
	SMF_N1_MAX = 2048,
	SMF_N2_MAX = 1024, /* octets of a message to UE or gNB */
	/* Where the configuration has 0. */
	SMF_SESSIONS = 1 << 20,
	SMF_MTU = 1400,
	SMF_MODIFY_AGAIN_MS = 1000,  /* after a start: what was under way */
	SMF_MODIFY_RETRY_MS = 30000, /* after one that UE or gNB never answered */
	SMF_RQ_TIMER_S = 60,         /* how long a rule derived by reflection lives (24.501 9.11.2.3) */
	SMF_T3591_MS = 16000,        /* 24.501 table 10.3.2 */
	SMF_T3592_MS = 16000,
	SMF_SETUP_GUARD_MS = 15000,          /* for the gNB to set resources up */
	SMF_HANDOVER_MS = 30000,             /* for the AMF's next step of a handover */
	SMF_FORWARDING_MS = 5000,            /* after it: what the source still sends by way of the UPF */
	SMF_PAGING_MS = 60000,               /* until the AMF should have reported what became of it */
	SMF_PAGING_PAUSE_MS = 10000,         /* after a UE was not reached: its packets are dropped */
	SMF_ASSOCIATION_RETRY_MS = 2000,     /* doubled with each attempt ... */
	SMF_ASSOCIATION_RETRY_MAX_MS = 5000, /* ... up to this: users wait for it */
};

/* Whether its sessions have user plane whenever their UE is connected, 23.501 5.6.13: by the UE's wish, or
 * each. */
enum smf_always_on { SMF_ALWAYS_ON_NO, SMF_ALWAYS_ON_ASKED, SMF_ALWAYS_ON_ALL };

/* A data network in a slice. */
/* User plane security policy (23.501 5.10.3). Without one for either the RAN does as it likes. */
enum smf_protection {
	SMF_PROTECTION_OPEN,
	SMF_PROTECTION_REQUIRED,
	SMF_PROTECTION_PREFERRED,
	SMF_PROTECTION_NOT_NEEDED
};

struct smf_dnn {
	char dnn[DNN_STR_SIZE];
	struct snssai snssai;
	/* UE addresses: of IPv4 all but network, first and broadcast, of IPv6 each /64 but the first. DNNs
	 * with the same prefix share it. The families that there are, are the PDU session types served. */
	uint8_t pool_count;
	bool withdrawn;    /* the configuration has it no more: its sessions end, and it gets none */
	uint8_t always_on; /* enum smf_always_on */
	uint8_t integrity, ciphering; /* enum smf_protection, of user data on the air */
	bool ethernet;                /* PDU sessions may be of Ethernet: the UPF has a port of its LAN */
	struct addr far_end; /* they may be unstructured: where on N6 what they carry goes; len 0: nowhere */
	struct prefix pools[SMF_DNN_POOLS_MAX];
	uint16_t behind[SMF_DNN_POOLS_MAX]; /* bit n: the pool's addresses lead to the nth UPF; 0: to any */
	uint8_t framed_count;
	struct prefix framed[SMF_FRAMED_MAX]; /* ranges of the framed routes of subscribers, 23.501 5.6.14 */
	uint8_t vlan_count;
	uint16_t vlans[SMF_VLANS_MAX]; /* that Ethernet sessions may use, 23.501 5.6.10.2; none: all */
	uint8_t delegated_bits;  /* of the IPv6 prefix that a session has with its /64; 0: the /64 alone */
	uint32_t sessions_max;   /* 0: no bound of its own */
	uint32_t address_hold_s; /* before an address of an ended session is given again; 0: round robin alone
				  */
	uint8_t dns_count;
	uint32_t dns[SMF_DNS_MAX]; /* host order */
	uint8_t dns6_count;
	struct ip dns6[SMF_DNS_MAX];
	uint16_t mtu;   /* link MTU sent to the UE, of both families */
	bool emergency; /* of emergency services alone (23.501 5.16.4): without subscription, by these: */
	uint8_t emergency_five_qi, emergency_arp;
	struct ambr guaranteed; /* to all rules together; 0: no bound */
	bool ladn;              /* a local area data network, 23.501 5.6.5: the AMF knows where */
	uint8_t p_cscf_count;
	struct addr p_cscfs[SMF_P_CSCF_MAX]; /* of the IMS, sent to a UE that asks; IPv4 and IPv6 */
};

/* 23.501 5.4.3.2: the paging policy of packets of that DSCP. */
struct smf_paging_policy {
	uint8_t dscp, ppi;
};

/* 23.501 5.8.2.7: the DSCP on N3 of flows of that 5QI. */
struct smf_marking {
	uint8_t five_qi, dscp;
};

struct smf_upf_config {
	char name[SMF_UPF_NAME_SIZE]; /* for operators */
	struct addr address;          /* N4; port 0 is 8805 */
	bool smf_buffers;             /* downlink for idle UEs waits in the SMF (23.501 5.8.3.1) */
	uint8_t dnn_count;            /* 0: all */
	char dnns[SMF_UPF_DNNS_MAX][DNN_STR_SIZE];
};

struct smf_config {
	struct plmn plmn;
	struct addr n4_address; /* IPv4: the SMF's Node ID and F-SEID address */
	struct addr
		n4u_address; /* IPv4: GTP-U with the UPFs, for what the SMF sends UEs; len 0: n4_address */
	uint8_t dnn_count, upf_count;
	struct smf_dnn dnns[SMF_DNNS_MAX];
	struct smf_upf_config upfs[SMF_UPFS_MAX];
	uint32_t sessions_max;     /* 0: SMF_SESSIONS */
	uint8_t suggested_packets; /* that a UPF may keep for an idle UE (29.244 8.2.100); 0: its own choice
				    */
	uint16_t notification_delay_ms; /* before a UPF reports the first of them (8.2.28) */
	uint8_t paging_policy_count, marking_count;
	struct smf_paging_policy paging_policies[SMF_PAGING_POLICIES_MAX];
	struct smf_marking
		markings[SMF_MARKINGS_MAX]; /* other 5QIs: DSCP 0; none at all: nothing is marked */
	uint32_t backoff_s; /* T3396 of UEs that are refused for want of resources (24.501 6.4.1.4.1); 0: none
			     */
	uint32_t t3591_ms, t3592_ms, setup_guard_ms, association_retry_ms, paging_pause_ms;
	uint32_t pfcp_t1_ms, pfcp_heartbeat_ms;
	uint8_t pfcp_n1;
};

/* The SMF's own interfaces (msg.port). */
/* They differ from enum amf_port: the core shares an outbox. */
enum smf_port { SMF_PORT_N4 = 2, SMF_PORT_N4U = 0x100 };

/* Its keys in network.yaml. */
extern const struct config_section smf_config_section;

struct smf;

/* Restores the sessions of the store and begins to associate with the UPFs. NULL when memory is refused or
 * the configuration is not usable. */
struct smf *smf_new(const struct smf_config *config, struct env *env, struct sbi_bus *bus);
void smf_free(struct smf *smf);
/* Takes the values of live keys (config.c), data networks that are new, of the others what UEs are told of
 * them, how many sessions there may be, and pools that are new or have grown. */
void smf_take_config(struct smf *smf, const struct smf_config *config);

/* Which addresses are static ones of subscribers: no pool gives them. Before it is set, none is. Of IPv6 the
 * address is that of the /64. */
struct smf_reserved {
	bool (*is)(void *arg, struct ip ip);
	void *arg;
};
void smf_set_reserved(struct smf *smf, const struct smf_reserved *reserved);

struct nf *smf_nf(struct smf *smf);

/* fn sees what passes N4; whose is supi_key() of the session's UE. */
void smf_set_n4_tap(struct smf *smf, pfcp_tap_fn *fn, void *arg);

/* A datagram on N4. */
void smf_on_n4(struct smf *smf, const struct msg *m);
/* A datagram on GTP-U: what UEs send the SMF through their UPF. */
void smf_on_n4u(struct smf *smf, const struct msg *m);

/* Stores the sessions that changed, at the end of each message and deadline (base/turn.h). */
void smf_store(struct smf *smf);
void smf_on_committed(struct smf *smf, uint64_t epoch);
uint64_t smf_store_next_ns(const struct smf *smf);

/* Releases a session, telling UE and gNB (24.501 6.3.3); cause is a 5GSM cause. False: there is none to
 * release. */
bool smf_release_session(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id, uint8_t cause);

enum smf_relocated {
	SMF_RELOCATED,
	SMF_RELOCATE_NO_SESSION,
	SMF_RELOCATE_STAYS, /* it is of SSC mode 1 */
};

/* The UE is to ask for another session instead of this one (23.501 5.6.9.2): its anchor may change. */
enum smf_relocated smf_relocate_session(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id);

/* The UPF of that name or N4 address gets no new sessions, also after a restart, or gets them again; what it
 * has goes on. False: there is none. */
bool smf_upf_drain(struct smf *smf, struct bytes upf, bool drained);

/* What has become of a session's subscription. */
struct smf_subscribed {
	uint8_t cause; /* a 5GSM cause: it is released; 0: it stays */
	bool changed;  /* it stays, with these */
	struct ambr ambr;
	struct default_qos qos;
};

/* The sessions of the UE follow its subscription: ask() says what is subscribed now (29.503 5.3.2.5 stands
 * for what would notify of it). */
void smf_subscription_changed(struct smf *smf, const struct supi *supi,
	void (*ask)(void *arg, const struct snssai *snssai, const char *dnn, struct smf_subscribed *out),
	void *arg);

enum smf_stat {
	SMF_STAT_ESTABLISHED, /* accepted by UPF and gNB */
	SMF_STAT_REJECTS,     /* refused, or given up on the way */
	SMF_STAT_RELEASES,    /* sessions that ended after having been established */
	SMF_STAT_ACTIVATIONS, /* of the user plane, after the first */
	SMF_STAT_DEACTIVATIONS,
	SMF_STAT_HANDOVERS,        /* sessions that went to another gNB by N2 handover */
	SMF_STAT_HANDOVERS_FAILED, /* that were refused, cancelled or given up */
	SMF_STAT_PATH_SWITCHES,
	SMF_STAT_PATH_SWITCHES_FAILED,
	SMF_STAT_TUNNELS_MOVED,  /* by indication of the gNB */
	SMF_STAT_DOWNLINK_DATA,  /* for idle UEs, reported by UPFs */
	SMF_STAT_UNREACHED,      /* of which the UE was not reached */
	SMF_STAT_HELD,           /* downlink packets that waited in the SMF */
	SMF_STAT_HELD_DROPPED,   /* of those, and of those that could not */
	SMF_STAT_UNPROTECTED,    /* sessions without protection on the air that was preferred */
	SMF_STAT_POLICY_DIFFERS, /* path switches with another user plane security policy than the session has
				  */
	SMF_STAT_N1_REFUSED,     /* 5GSM messages that are malformed or do not fit the state */
	SMF_STAT_N2_REFUSED,     /* N2 session information likewise */
	SMF_STAT_N4_FAILURES,    /* requests that a UPF refused or did not answer */
	SMF_STAT_N4_ESTABLISHMENTS,
	SMF_STAT_N4_REPORTS, /* session reports */
	SMF_STAT_N4_REPORTS_TAKEN,
	SMF_STAT_UPF_RESTARTS,
	SMF_STAT_UPFS_LOST,           /* that did not answer heart-beats */
	SMF_STAT_PATHS_LOST,          /* between UPFs and GTP-U peers, as UPFs report */
	SMF_STAT_RESTORED,            /* sessions established again at a UPF */
	SMF_STAT_ADDRESSES_OUT,       /* no address in the pool, or a static one taken */
	SMF_STAT_SOLICITATIONS,       /* of routers, by UEs with IPv6 */
	SMF_STAT_ADVERTISEMENTS,      /* sent to them */
	SMF_STAT_DHCP_REQUESTS,       /* of UEs that asked to have their IPv4 address by DHCP */
	SMF_STAT_DELEGATION_REQUESTS, /* by DHCPv6 */
	SMF_STAT_N4U_REFUSED,   /* GTP-U that is malformed, of no session, or nothing that is answered */
	SMF_STAT_RELOCATIONS,   /* of sessions of SSC modes 2 and 3, begun */
	SMF_STAT_T3592_EXPIRED, /* releases the UE never completed */
	SMF_STAT_MODIFICATIONS, /* of sessions, sent to UE or gNB */
	SMF_STAT_MODIFICATIONS_REJECTED,  /* by UEs */
	SMF_STAT_MODIFICATION_REQUESTS,   /* of UEs */
	SMF_STAT_MODIFICATIONS_REFUSED,   /* of those */
	SMF_STAT_MODIFICATION_COLLISIONS, /* that came beside another modification */
	SMF_STAT_T3591_EXPIRED,           /* modifications the UE never answered */
	SMF_STAT_FLOWS,                   /* dedicated flows begun */
	SMF_STAT_FLOWS_FAILED,            /* that UPF, gNB or UE did not take, or lost */
	SMF_STAT_FLOWS_REFUSED,           /* for which there was no room in the session */
	SMF_STAT_FLOWS_PRE_EMPTED,        /* that gave way to more important ones */
	SMF_STAT_GUARANTEES_REFUSED,      /* for which the data network has not enough */
	SMF_STAT_SECONDARY_UPLINK,        /* octets over secondary RATs, as gNBs report them */
	SMF_STAT_SECONDARY_DOWNLINK,
	SMF_STAT_EXHAUSTED, /* no room for a session */
	SMF_STAT_COUNT
};

extern const struct stat_group smf_stat_group, smf_gauge_group, smf_dnn_group, smf_cause_group,
	smf_n4_cause_group, smf_time_group;
/* enum smf_stat */
void smf_stats(const struct smf *smf, struct stats *out);
/* All figures, those of its N4 too; valid until the next call. */
void smf_figures(struct smf *smf, struct stats_list *l);

/* Tables for operators (base/table.h): writes the first row at *at or behind it and moves *at on; false:
 * there is none.
 */
extern const struct table smf_session_table, smf_flow_table, smf_upf_table;
bool smf_session_row(const struct smf *smf, uint32_t *at, struct writer *w);
bool smf_flow_row(const struct smf *smf, uint64_t *at, struct writer *w);
bool smf_upf_row(const struct smf *smf, uint32_t *at, struct writer *w);

/* How a session is known to those who name it by the UE's address. */
struct smf_place {
	uint8_t pdu_session_id;
	const char *dnn;
	struct snssai snssai;
	uint32_t ipv4;        /* 0: none */
	uint64_t ipv6_prefix; /* likewise */
};
/* Of the session (0: the first) of the DNN (empty: any); false: there is none with an address. */
bool smf_session_place(const struct smf *smf, const struct supi *supi, uint8_t pdu_session_id,
	const char *dnn, struct smf_place *out);

/* Present numbers, for operators. */
struct smf_numbers {
	uint32_t sessions, active; /* active: with user plane */
	uint32_t upfs, upfs_associated, upfs_drained;
	uint32_t paths_lost;          /* GTP-U peers that UPFs do not reach */
	uint32_t addresses, prefixes; /* in use, of IPv4 and of IPv6 */
};

struct smf_numbers smf_numbers(const struct smf *smf);

/* Sessions of a data network, slice or UPF, as text. */
enum smf_of { SMF_OF_DNN, SMF_OF_SLICE, SMF_OF_UPF };
uint64_t smf_sessions_of(const struct smf *smf, enum smf_of of, struct bytes name);
/* Of a pool, but for what of it stays. */
uint64_t smf_sessions_of_pool(
	const struct smf *smf, const struct prefix *pool, const struct prefix *stays, uint8_t count);

/* The i-th UPF, by its name or else its N4 address, and pool; false: there is none. */
bool smf_upf_state(const struct smf *smf, uint8_t i, char name[SMF_UPF_NAME_SIZE], bool *associated);
struct smf_pool_use {
	struct prefix prefix;
	uint32_t used, size;
};
bool smf_pool_use(const struct smf *smf, uint8_t i, struct smf_pool_use *out);
