/*
 * The configuration of a whole network, network.yaml. Each room has the table of its own keys
 * (core/amf/config.c, gnb/config.c, ...); here they are put together with what a process needs beside its
 * room: addresses to bind, files, interfaces. What several parts share (PLMN, slices, data networks) is
 * handed to each by the loader.
 */
#pragma once

#include "base/config.h"
#include "base/log.h"
#include "console/console.h"
#include "core/core.h"
#include "core/upf/upf.h"
#include "gnb/du/cell/config.h"
#include "gnb/gnb.h"
#include "sim/medium/medium.h"
#include "ue/ue.h"

enum {
	NETWORK_PATH_SIZE = 108, /* of a Unix socket's address */
	NETWORK_NETNS_SIZE = 32,
	NETWORK_NAME_SIZE = 64,
	NETWORK_USER_SIZE = 33, /* useradd(8) */
	NETWORK_MTU_MAX = 9000, /* IPv4, of UEs */
	NETWORK_DNNS_MAX = 16,
	NETWORK_DNN_POOLS_MAX = 32, /* of all slices */
	NETWORK_AMFS_MAX = CORE_AMFS_MAX,
	NETWORK_UPFS_MAX = 16,
	NETWORK_GNBS_MAX = 32,
	NETWORK_CUUPS_MAX = 32,
	NETWORK_DUS_MAX = 64,
	NETWORK_UES_MAX = 64,
	NETWORK_N3_HEADER_MAX = 64, /* octets before a user packet on N3 */
};

/* UE addresses. */
struct network_pool {
	struct prefix prefix;
	struct snssai slice; /* of_slice: for UEs in that slice alone */
	bool of_slice;
};

struct network_dnn {
	char name[DNN_STR_SIZE];
	uint8_t pool_count;
	struct network_pool pools[NETWORK_DNN_POOLS_MAX];
	uint8_t always_on;            /* enum smf_always_on */
	uint8_t integrity, ciphering; /* enum smf_protection */
	uint8_t framed_count;
	struct prefix framed[SMF_FRAMED_MAX];
	uint8_t vlan_count;
	uint16_t vlans[SMF_VLANS_MAX];
	struct addr far_end; /* of unstructured sessions, on N6; len 0: there are none */
	uint16_t far_end_port;
	uint8_t delegated_bits; /* of what a session has of IPv6; 0: a /64 */
	uint8_t dns_count;
	struct addr dns[2 * SMF_DNS_MAX];
	char ethernet[16],
		ethernet_bridge[16]; /* N6 of its Ethernet sessions: a TAP, and its bridge; empty: none */
	uint16_t mtu;
	uint32_t sessions_max; /* in each slice; 0: no bound */
	uint32_t address_hold_s;
	uint8_t p_cscf_count;
	struct addr p_cscfs[SMF_P_CSCF_MAX];
	uint64_t max_uplink_bps, max_downlink_bps; /* of a session, 0: as subscribed */
	bool ue_flows;                             /* UEs may ask for flows of their own */
	uint64_t ue_gbr_uplink_bps, ue_gbr_downlink_bps;
	uint64_t gbr_uplink_bps, gbr_downlink_bps; /* to all flows together */
	uint64_t application_gbr_uplink_bps, application_gbr_downlink_bps;
	bool emergency; /* of emergency services alone */
	uint8_t emergency_five_qi, emergency_arp;
	uint8_t ladn_tac_count; /* none: it is everywhere */
	uint32_t ladn_tacs[AMF_TACS_MAX];
};

enum network_transport { TRANSPORT_AUTO, TRANSPORT_KERNEL, TRANSPORT_RAW, TRANSPORT_UDP };

/* How SCTP is carried: of whoever listens or connects. */
struct network_sctp {
	uint8_t transport; /* enum network_transport */
	uint16_t udp_port; /* RFC 6951 */
};

/* Where figures are served; without address: nowhere. */
struct network_metrics {
	struct addr address;
	uint16_t port;
};

struct network_amf {
	struct amf_config config;
	struct addr n2_address;
	uint16_t n2_port;
	struct network_sctp sctp;
};

struct network_core {
	char netns[NETWORK_NETNS_SIZE];  /* network namespace `freehold up` runs it in; empty: its own */
	char store[NETWORK_PATH_SIZE];   /* directory */
	char control[NETWORK_PATH_SIZE]; /* socket */
	bool sync;                       /* durable against power loss, not only against kill -9 */
	uint32_t events_max;             /* of subscribers, kept in the store */
	uint32_t trace_ring_mib;         /* of signalling, in memory */
	uint8_t trace_user_count;
	char trace_users[CORE_TRACE_USERS_MAX][NETWORK_USER_SIZE]; /* beside root: names or numbers */
	struct network_metrics metrics;
	struct udm_config udm;
	struct smf_config smf;
	uint8_t amf_count;
	struct network_amf amfs[NETWORK_AMFS_MAX];
};

struct network_console {
	struct console_config config;
	struct network_metrics metrics;
};

struct network_upf {
	char netns[NETWORK_NETNS_SIZE];
	char name[NETWORK_NAME_SIZE];
	struct upf_config config;
	uint8_t dnn_count;
	char dnns[NETWORK_DNNS_MAX][DNN_STR_SIZE]; /* that it serves */
	uint8_t pool_count;
	struct prefix pools[UPF_POOLS_MAX]; /* of theirs, that lead to it; none: all */
	uint16_t mtu;                       /* of the N6 interface: the smallest of its DNNs */
	char tun[16];                       /* its name */
	uint8_t framed_count;
	struct prefix framed[UPF_POOLS_MAX];          /* ranges behind UEs, routed to it */
	const struct network_dnn *lans[UPF_LANS_MAX]; /* by the index of config.lans */
	uint32_t tun_queue;                           /* packets that wait in it for the UPF */
	bool smf_buffers;                             /* downlink for idle UEs waits in the SMF */
	bool forwarding;                              /* by the host: packets of UEs to and from others */
	bool nat;                                     /* masquerade what leaves for other networks */
	struct network_metrics metrics;
};

/* A radio device; args empty: none, the samples go by TCP. */
struct network_device {
	char args[128], receive_antenna[32], transmit_antenna[32];
	double receive_gain_db, transmit_gain_db, level_db;
	uint32_t advance_ns;
	uint8_t lead_slots;
};

struct network_cell {
	struct gnb_cell config;
	struct served_cell_config radio; /* band 0: not told */
	struct addr air_address;
	uint16_t air_port;
	struct addr
		ue_address; /* of the radio by samples: where those of UEs are asked for; len 0: nowhere */
	uint16_t ue_port;
	struct network_device device;
};

/* What gNBs and UEs of this file meet in. */
enum network_air { NETWORK_AIR_MESSAGES, NETWORK_AIR_MAC, NETWORK_AIR_SAMPLES };

struct network_radio {
	uint8_t air; /* enum network_air */
};

/* With f1_address it is split: its CU-CP is a process, its CU-UPs and DUs are others, of this file or not. */
struct network_gnb {
	char netns[NETWORK_NETNS_SIZE];
	struct gnb_config config;
	struct addr f1_address, e1_address; /* of the CU-CP; len 0: it is whole */
	uint16_t amf_port;
	struct addr n2_address;
	struct network_sctp sctp;
	struct addr xn_address; /* len 0: none */
	bool direct_forwarding;
	char control[NETWORK_PATH_SIZE]; /* socket; empty: none */
	uint8_t neighbour_count;
	char neighbours[NETWORK_GNBS_MAX][NETWORK_NAME_SIZE]; /* of this network; none: all others */
	uint8_t cell_count;
	struct network_cell cells[GNB_CELLS_MAX];
	struct network_metrics metrics;
};

/* A CU-UP that is a process of its own. */
struct network_cuup {
	char netns[NETWORK_NETNS_SIZE];
	char name[NETWORK_NAME_SIZE];
	char gnb[NETWORK_NAME_SIZE];  /* of this network; empty: the first */
	const struct network_gnb *of; /* that is meant */
	uint64_t id;                  /* gNB-CU-UP ID; 0: by its number at its gNB */
	struct addr e1_address, n3_address, f1u_address;
	uint8_t capacity;
	struct network_metrics metrics;
};

/* The DU of a cell, likewise. */
struct network_du {
	char netns[NETWORK_NETNS_SIZE];
	char name[NETWORK_NAME_SIZE];
	char gnb[NETWORK_NAME_SIZE];
	uint16_t cell; /* id of one of the gNB's; 0: the first */
	const struct network_gnb *of;
	const struct network_cell *at;
	struct addr f1_address, f1u_address;
	struct network_metrics metrics;
};

struct network_ue {
	char netns[NETWORK_NETNS_SIZE];
	char name[NETWORK_NAME_SIZE];
	struct ue_config config;
	struct ue_profile profile;
	char gnb[NETWORK_NAME_SIZE]; /* of this network; empty: gnb_address, or the first */
	uint16_t cell;               /* id of one of its cells; 0: the first */
	struct addr gnb_address, air_address;
	uint16_t gnb_port, samples_port;
	struct served_cell_config radio; /* of the radio by samples: the carrier that it looks at */
	struct network_device device;
	char tun[16];
	bool default_route;
	struct network_metrics metrics;
};

/* Of `freehold air`. */
struct network_medium {
	struct medium_config config;
	struct network_metrics metrics;
};

struct network {
	struct plmn plmn;
	uint8_t tac_count;
	uint32_t tacs[16];
	uint8_t slice_count;
	struct snssai slices[SNSSAI_MAX];
	uint8_t dnn_count;
	struct network_dnn dnns[NETWORK_DNNS_MAX];
	struct network_core core;
	struct network_console console;
	uint8_t pcc_rule_count;
	struct pcf_pcc_rule pcc_rules[PCF_PCC_RULES_MAX];
	struct network_radio radio;
	uint8_t upf_count, gnb_count, cuup_count, du_count, ue_count;
	struct network_upf upfs[NETWORK_UPFS_MAX];
	struct network_gnb gnbs[NETWORK_GNBS_MAX];
	struct network_cuup cuups[NETWORK_CUUPS_MAX];
	struct network_du dus[NETWORK_DUS_MAX];
	struct network_ue ues[NETWORK_UES_MAX];
	struct network_medium medium;
	/* All cells of gnbs, as the UEs of this network find them. */
	uint16_t air_count;
	struct ue_cell air[NETWORK_GNBS_MAX * GNB_CELLS_MAX];
	uint8_t log_level;
	uint8_t log_levels[LOG_ROOMS_MAX]; /* of rooms, in the order of their table: 1 more than the level; 0:
					      log_level */
	uint8_t log_format;                /* enum io_log_format */
	bool log_mask_supi;
	char log_file[NETWORK_PATH_SIZE]; /* of all processes; empty: standard error */
};

extern const struct config_section network_section, network_dnn_section, network_upf_section;

/* The names of all rooms. */
size_t network_log_rooms(struct log_room rooms[LOG_ROOMS_MAX]);
/* The levels of rooms that have one of their own; how many. */
size_t network_log_levels(const struct network *n, struct log_room rooms[LOG_ROOMS_MAX]);

/* Reads the text of `file`; false with a message "file:line: key: ...". Holds keys: wipe it. */
bool network_load(const char *file, struct bytes text, struct network *n, char error[CONFIG_ERROR_SIZE]);

/* network_air.c: samples a second of such a carrier; 0: there is none. */
double network_rate_hz(const struct served_cell_config *c);

/* network_check.c: hands round what parts share, and checks what they must agree on. */
bool network_check(void *at, struct config_doubt *doubt);

/* The core's configuration, without trace_users. Holds keys: wipe it. */
void network_core_config(const struct network *n, struct core_config *out);
/* Who trace_users are here; before the process is confined. False with *unknown: there is no such user. */
MUST_USE bool network_trace_users(const struct network *n, struct core_config *out, const char **unknown);
