/*
 * A gNB above its DUs and CU-UPs: N2 to its AMFs (TS 38.413), and the radio to its UEs (rrc.h): RRC over F1
 * and E1, or the simulated link that stands for all of it, and then also N3 to the UPFs (TS 29.281, 38.415).
 */
#pragma once

#include "base/config.h"
#include "base/env.h"
#include "base/stats.h"
#include "crypto/nea.h"
#include "crypto/nia.h"
#include "wire/id.h"

enum gnb_limit {
	GNB_AMFS_MAX = 8,
	GNB_GUAMIS_MAX = 8, /* served GUAMIs remembered of an AMF */
	GNB_CELLS_MAX = 12,
	GNB_UES_MAX = 1 << 20,
	GNB_SESSIONS_PER_UE = 2,              /* on average */
	GNB_PRE_EMPTION_LOOK_MAX = 4096,      /* sessions that are looked through for flows that may go */
	GNB_FLOWS_PER_UE = 8,                 /* QoS flows, on average */
	GNB_PROCEDURES_MAX = 65536,           /* requests of the AMF whose answer waits for UEs */
	GNB_ITEMS_MAX = PDU_SESSIONS_MAX + 1, /* PDU sessions in one request */
	GNB_HEADROOM = 16,                    /* octets before an air datagram that gnb_uplink() may write */
	GNB_DATAGRAM_MAX = 65535,
	GNB_N3_ANSWERS_MAX = 100, /* of each kind on N3, a second */
	GNB_NEIGHBOURS_MAX = 31,
	GNB_HANDOVERS_MAX = 65536,  /* under way */
	GNB_FORWARDS_MAX = 65536,   /* tunnels for data forwarding, each way */
	GNB_WARNINGS_MAX = 16,      /* public warnings at a time */
	GNB_HELD_MAX = 4096,        /* packets held for UEs that are yet to arrive, or for the End Marker */
	GNB_HELD_SESSION_MAX = 512, /* of them, of one session */
	GNB_HELD_OCTETS = 9216,     /* of one packet */
	GNB_PREPARATION_MS = 5000,  /* TNGRELOCprep, TXnRELOCprep */
	GNB_RETRIEVAL_MS = 500,     /* for the context of a UE that has come: less than its T301 */
	GNB_RELOCATION_MS = 10000,  /* TNGRELOCoverall, TXnRELOCoverall; so long a target expects the UE */
	GNB_FORWARDING_MS = 5000,   /* a tunnel of a UE that has gone, without an End Marker */
	GNB_END_MARKER_MS = 300,    /* so long the new path waits for it, once the UE has arrived */
	/* Where the configuration has 0. */
	GNB_UES = 1 << 17,
	GNB_RECONNECT_MS = 1000,
	GNB_RECONNECT_MAX_MS = 30000, /* doubled with each attempt */
	GNB_SILENCE_MS = 3000,        /* without an AMF, before that is said */
	GNB_SILENCE_AGAIN_MS = 60000, /* and said again */
	GNB_SETUP_GUARD_MS = 10000,   /* without an answer to NG or XN SETUP REQUEST */
	GNB_AIR_GUARD_MS = 5000,      /* for a UE to answer a reconfiguration */
	GNB_RETENTION_MS = 300000,    /* UEs of an AMF whose association is missing */
	GNB_RELEASE_GUARD_MS = 10000, /* for the AMF to answer UE CONTEXT RELEASE REQUEST */
};

/* A cell has an air interface of its own: msg.port GNB_PORT_AIR and its place in the list. */
struct gnb_cell {
	uint16_t id; /* the rest of the NR Cell Identity, after the gNB ID */
	uint32_t tac;
	uint16_t pci; /* physical cell identity, 0 to 1007 */
};

/* Another gNB, to which UEs may be handed over. */
struct gnb_neighbour {
	char name[64];
	uint32_t gnb_id;
	uint8_t gnb_id_bits;
	struct plmn plmn;
	bool direct;    /* its user plane can be reached: data are forwarded straight */
	struct addr xn; /* port 0: 38422; len 0: it is reached by N2 only */
	uint8_t cell_count;
	struct gnb_cell cells[GNB_CELLS_MAX];
};

/* What carries RRC and packets of UEs. */
enum gnb_radio_kind {
	GNB_RADIO_MESSAGES, /* the simulated link, at the ports GNB_PORT_AIR */
	GNB_RADIO_DUS       /* DUs at GNB_PORT_F1, CU-UPs at GNB_PORT_E1, which have N3 */
};

struct gnb_config {
	char name[64];
	enum gnb_radio_kind radio;
	uint32_t gnb_id;
	uint8_t gnb_id_bits; /* 22 to 32 */
	struct plmn plmn;
	uint8_t cell_count;
	struct gnb_cell cells[GNB_CELLS_MAX];
	uint8_t neighbour_count;
	struct gnb_neighbour neighbours[GNB_NEIGHBOURS_MAX];
	uint8_t slice_count;
	struct snssai slices[SNSSAI_MAX];
	uint8_t amf_count;
	struct addr amfs[GNB_AMFS_MAX]; /* port 0: 38412 */
	struct addr n3_address;         /* sent to the UPFs, where no CU-UP has its own */
	struct addr xn_address;         /* where neighbours reach it; len 0: there is no Xn */
	/* NEA and NIA numbers, the most wanted first; none: 2, 1, 3, and NEA0. */
	uint8_t ciphering_order[NEA_ALG_COUNT], ciphering_count;
	uint8_t integrity_order[NIA_ALG_COUNT], integrity_count;
	bool null_integrity;      /* for UEs that the AMF wants served so: unauthenticated emergencies */
	uint8_t unrestricted_arp; /* priority level of emergency sessions, whose UEs are restricted nowhere;
				     0: none */
	uint64_t gbr_max_bps;     /* of all guaranteed rates together, each way; 0: no limit */
	uint32_t ues_max;         /* 0: GNB_UES */
	uint32_t inactivity_ms;   /* without user data or signalling, a UE is released; 0: never */
	uint32_t measurement_interval_ms; /* between reports of UEs on their cell; 0: none */
	uint32_t ue_lost_ms;              /* without a sign of life; 0: never */
	uint32_t reconnect_ms, reconnect_max_ms, air_guard_ms;
};

/* The gNB's own interfaces (msg.port). */
enum gnb_port {
	GNB_PORT_N2 = 1,
	GNB_PORT_N3 = 2,
	GNB_PORT_AIR = 3, /* and those of further cells */
	GNB_PORT_XN =
		GNB_PORT_AIR + GNB_CELLS_MAX, /* associations that we open, to neighbours of greater gNB ID */
	GNB_PORT_XN_SERVER,                   /* that they open */
	GNB_PORT_CONTROL,                     /* of operators: control.c */
	GNB_PORT_F1,                          /* associations that DUs open */
	GNB_PORT_E1,                          /* that CU-UPs open */
};

/* Its keys in network.yaml. */
extern const struct config_section gnb_config_section;

struct gnb;

/*
 * Begins to connect to its AMFs at its first deadline. NULL when memory is refused or the configuration is
 * none.
 */
struct gnb *gnb_new(const struct gnb_config *config, struct env *env);
/* Takes the values of live keys (config.c) and neighbours of c: of UEs that connect from now on. */
void gnb_take_config(struct gnb *gnb, const struct gnb_config *c);

/* RRC messages of UEs' own channels in plain, by DUs: for traces of test networks only. */
typedef void gnb_rrc_tap_fn(void *arg, bool uplink, struct bytes message);
void gnb_set_rrc_tap(struct gnb *gnb, gnb_rrc_tap_fn *fn, void *arg);

/* Its associations are closed, in order (RFC 9260 9.2), E1 and F1 once they are released and removed; the
 * caller gives them a moment. */
void gnb_close(struct gnb *gnb);
void gnb_free(struct gnb *gnb);
struct room gnb_room(struct gnb *gnb);

/*
 * Bursts of user packets, in place, for the process's data loop. A packet comes in as received, with its
 * sender as peer; where the verdict is GNB_SEND it goes out, with peer as its destination, on the other
 * interface; where it is GNB_CONTROL it is untouched and belongs to on_msg. Returns the number to send.
 */
enum gnb_verdict { GNB_DROP, GNB_SEND, GNB_CONTROL };

struct gnb_packet {
	uint8_t *data;
	size_t len;
	struct addr peer;
	enum gnb_verdict verdict;
	uint8_t cell;   /* downlink, out: whose air it goes to */
	bool rqi;       /* downlink: the UE derives a rule from it (38.415 5.5.3.4) */
	bool forwarded; /* downlink, out: not there, but back to N3, to another gNB */
};

/* From AIR to N3: GNB_HEADROOM octets before data are written to. */
size_t gnb_uplink(struct gnb *gnb, struct gnb_packet *packets, size_t count);

/* From N3 to AIR, or, forwarded, to another gNB. */
size_t gnb_downlink(struct gnb *gnb, struct gnb_packet *packets, size_t count);

enum gnb_stat {
	GNB_STAT_NGAP_RECEIVED,
	GNB_STAT_NGAP_REFUSED,    /* not decodable, or refused by criticality */
	GNB_STAT_NGAP_UNEXPECTED, /* messages without a handler or a context */
	GNB_STAT_NG_SETUPS,
	GNB_STAT_NG_SETUP_FAILURES,
	GNB_STAT_AIR_REFUSED,       /* malformed or unexpected messages of UEs */
	GNB_STAT_CONNECTIONS,       /* UEs that sent an initial message */
	GNB_STAT_REJECTED,          /* UEs turned away: no AMF, or no room */
	GNB_STAT_OVERLOAD_REJECTED, /* UEs told to wait, because their AMF is overloaded */
	GNB_STAT_CONTEXTS,          /* initial contexts set up */
	GNB_STAT_CONTEXT_FAILURES,
	GNB_STAT_SESSIONS, /* PDU session resources set up */
	GNB_STAT_SESSION_FAILURES,
	GNB_STAT_RELEASES, /* UE contexts released */
	GNB_STAT_UES_LOST, /* no sign of life */
	GNB_STAT_PAGINGS,  /* received */
	GNB_STAT_UPLINK_PACKETS,
	GNB_STAT_UPLINK_OCTETS,
	GNB_STAT_UPLINK_DROPPED,
	GNB_STAT_DOWNLINK_PACKETS,
	GNB_STAT_DOWNLINK_OCTETS,
	GNB_STAT_DOWNLINK_DROPPED,
	GNB_STAT_N3_MALFORMED,
	GNB_STAT_N3_FOREIGN,           /* G-PDUs not from the tunnel's UPF */
	GNB_STAT_N3_UNKNOWN_TEID,      /* answered with Error Indication, so many a second */
	GNB_STAT_N3_ERROR_INDICATIONS, /* received */
	GNB_STAT_N3_END_MARKERS,
	GNB_STAT_FLOWS_REFUSED,    /* for which there was no guaranteed rate left */
	GNB_STAT_FLOWS_PRE_EMPTED, /* that gave way to more important ones */
	GNB_STAT_EXHAUSTED,        /* a pool at its limit */
	GNB_STAT_FORWARDED,        /* user packets to the target of a handover */
	GNB_STAT_FORWARDED_IN,     /* from the source */
	GNB_STAT_HELD,             /* until the UE had come, or the End Marker */
	GNB_STAT_END_MARKERS_MISSING,
	GNB_STAT_XNAP_RECEIVED,
	GNB_STAT_XNAP_REFUSED,    /* not decodable, or refused by criticality */
	GNB_STAT_XNAP_UNEXPECTED, /* without a handler or a context */
	GNB_STAT_XN_SETUPS,
	GNB_STAT_XN_SETUP_FAILURES,
	GNB_STAT_PATH_SWITCH_REQ,
	GNB_STAT_PATH_SWITCH_FAILURES,
	GNB_STAT_HO_PREP_REQ,
	GNB_STAT_HO_PREP_SUCC,
	GNB_STAT_HO_ALLOC_REQ,
	GNB_STAT_HO_ALLOC_SUCC,
	GNB_STAT_HO_EXE_REQ,
	GNB_STAT_HO_EXE_SUCC,
	GNB_STAT_HO_CANCELLED,
	GNB_STAT_REESTABLISHED,
	GNB_STAT_REESTABLISHMENT_REFUSED,
	GNB_STAT_TUNNELS_MOVED,      /* of sessions, to other TEIDs */
	GNB_STAT_CELL_CHANGES,       /* UEs that went to another cell of the gNB */
	GNB_STAT_CONTEXTS_GIVEN,     /* of UEs that came to neighbours by themselves */
	GNB_STAT_CONTEXTS_RETRIEVED, /* and of those that came from there */
	GNB_STAT_CONTEXTS_NOT_GIVEN, /* asked for by neighbours */
	GNB_STAT_FAILURES_INDICATED, /* by neighbours, after failures here */
	GNB_STAT_HANDOVERS_REPORTED, /* by neighbours, as not right */
	GNB_STAT_TRACES,             /* started by the AMF */
	GNB_STAT_WARNINGS,           /* broadcasts of public warnings */
	GNB_STAT_REROUTED,           /* UEs, to another AMF */
	GNB_STAT_RRC_ATT,
	GNB_STAT_RRC_SUCC,
	GNB_STAT_UECNTX_ATT,
	GNB_STAT_UECNTX_SUCC,
	GNB_STAT_REL_REQ,
	GNB_STAT_REL_CMD,
	GNB_STAT_F1_REFUSED,          /* associations of DUs and CU-UPs beyond those there may be */
	GNB_STAT_F1_CELLS_REFUSED,    /* cells of DUs that are not in the configuration */
	GNB_STAT_MEASUREMENT_REPORTS, /* of UEs on their cell */
	GNB_STAT_COUNT
};

extern const struct stat_group gnb_stat_group, gnb_gauge_group, gnb_slice_group, gnb_cause_group,
	gnb_rsrp_group, cucp_stat_group;
/* enum gnb_stat */
void gnb_stats(const struct gnb *gnb, struct stats *out);
/* All figures; valid until the next call. */
void gnb_figures(struct gnb *gnb, struct stats_list *l);

/* Present numbers, for operators. */
struct gnb_numbers {
	uint32_t amfs_ready, neighbours_ready, ues, contexts, sessions;
};

/* For the operator, who hands a UE over. */
struct gnb_handover_order {
	struct addr ue; /* where it is on the air; port 0: any there */
	uint32_t index; /* of the UE there */
	bool any_index;
	const char *gnb; /* the neighbour's name */
	uint16_t cell;   /* its id there; 0: the first */
	bool n2, xn;     /* only that way; none: Xn where there is one */
};
/* NULL: it has begun; else why not. */
const char *gnb_handover_begin(struct gnb *gnb, const struct gnb_handover_order *o);

/* Resets, or removes, Xn with a neighbour that has it (38.423 8.4.4, 8.4.6). NULL: it was asked to, else why
 * not. */
const char *gnb_xn_reset(struct gnb *gnb, const char *neighbour);
const char *gnb_xn_remove(struct gnb *gnb, const char *neighbour);
/* Resets E1 with a CU-UP (37.483 8.2.1): all its UEs are released, and come again. NULL: it was asked to,
 * else why not. */
const char *gnb_e1_reset(struct gnb *gnb, uint64_t cuup_id);
/* Something is under way for a UE that is connected, wherever it is on the air. */
bool gnb_ue_is_busy(struct gnb *gnb, const struct addr *ue, uint32_t index);
/* Releases a UE as one that was inactive for long. False: it is not connected, or busy. */
bool gnb_inactivity_begin(struct gnb *gnb, const struct addr *ue, uint32_t index);

/* Moves the sessions of a UE to other tunnels (38.413 8.2.5), or asks again. NULL: it has begun; else why
 * not. */
const char *gnb_tunnels_move(struct gnb *gnb, const struct addr *ue, uint32_t index);

/* Traces all UEs of a cell of that id, for a trace collection entity (38.413 8.11.4); NULL: no more. NULL: it
 * does, else why not. */
const char *gnb_cell_trace(struct gnb *gnb, uint16_t cell_id, const struct addr *collector);

struct gnb_numbers gnb_numbers(const struct gnb *gnb);
