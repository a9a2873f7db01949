/* The gNB's data, and what its files share. Read gnb.h first, then this, then ng_setup.c. */
#pragma once

#include "base/fsm.h"
#include "base/hash.h"
#include "base/ip.h"
#include "base/list.h"
#include "base/pool.h"
#include "base/timers.h"
#include "gnb/gnb.h"
#include "gnb/n2_handlers.h"
#include "gnb/orders.h"
#include "gnb/rrc.h"
#include "wire/gtpu/gtpu.h"
#include "wire/ngap/ngap_id.h"

#define LOG_ROOM "gnb"

enum {
	GNB_KEY_LEN = 32,
	GNB_UE_INDEX_BITS = 20,
	GNB_LISTENERS_MAX = 64, /* hosts of UEs */
	GNB_QFI_MAX = 63,       /* 38.413 9.3.1.51 */
	GNB_DRBS_MAX = 32,      /* 38.331 DRB-Identity */
};

/* The N2 interface to one AMF. */
enum ng_state { NG_CLOSED, NG_CONNECTING, NG_SETTING_UP, NG_READY, NG_STATE_COUNT };
enum ng_event { NG_EV_TIMER, NG_EV_UP, NG_EV_DOWN, NG_EV_SETUP_RESPONSE, NG_EV_SETUP_FAILURE, NG_EV_COUNT };

struct gnb_amf {
	struct timer timer;     /* reconnection, or repetition of NG Setup */
	struct timer update;    /* repetition of RAN CONFIGURATION UPDATE */
	struct timer silence;   /* runs while it does not serve this gNB */
	struct timer retention; /* of its UEs, while the association is missing */
	struct link ues;        /* struct gnb_ue */
	struct addr addr;
	uint64_t assoc;
	uint32_t token;
	uint8_t state; /* enum ng_state */
	uint32_t backoff_ms;
	uint16_t streams, next_stream;
	uint8_t capacity;
	/* OVERLOAD START: of which connections so many percent are rejected */
	bool pws_told; /* PWS RESTART INDICATION was sent */
	bool leaves;   /* AMF STATUS INDICATION: others come first, until it is set up again */
	bool overloaded;
	uint8_t overload_action, overload_percent; /* enum ngap_overload_action */
	uint8_t overload_due;                      /* percent that add up to the next rejection */
	char name[64];
	uint8_t guami_count;
	struct guami guamis[GNB_GUAMIS_MAX];
};

/* Where UEs have been heard from: each listens to all that is sent there. */
struct gnb_listener {
	struct addr peer;
	uint8_t cell;
	uint64_t heard_ns;
};

/* A QoS flow; with 0 of priority_level and so on where its characteristics are those of the 5QI. */
struct gnb_flow {
	struct gnb_flow *next;
	uint8_t qfi, five_qi, arp_priority, priority_level, per_scalar, per_exponent;
	bool may_pre_empt, pre_emptable, dynamic, is_gbr;
	uint16_t packet_delay_budget;
	uint64_t mfbr_dl_bps, mfbr_ul_bps, gfbr_dl_bps, gfbr_ul_bps;
};

/* 23.501 5.10.3: what is wanted of the protection of a session's packets, and what is done. */
struct gnb_protection {
	bool wanted;                  /* somebody has said something */
	uint8_t integrity, ciphering; /* enum ngap_integrity_ and _confidentiality_protection_indication */
	bool slow_ul, slow_dl;        /* the UE protects 64 kbit/s at most */
	bool has_integrity, has_ciphering;
};

struct gnb_session {
	struct hash_node by_teid;   /* (downlink TEID, 0) */
	struct hash_node by_other;  /* (other TEID, 0) */
	struct hash_node by_remote; /* (UPF, uplink TEID), for Error Indications */
	bool indexed_remote;
	struct gnb_ue *ue;
	uint8_t psi, drb;
	uint32_t dl_teid, ul_teid;
	struct addr dl;      /* where the UPF sends downlink to */
	uint32_t other_teid; /* of a move: indicated: it is the one to come, else the one before; 0: none */
	bool indicated;
	struct addr upf;
	uint64_t flows;              /* bit n: QFI n */
	uint64_t refused;            /* of the last request: flows that were not taken */
	struct gnb_flow *first_flow; /* what is wanted of each */
	uint8_t type;                /* enum ngap_pdu_session_type */
	struct snssai snssai;
	uint64_t ambr_dl_bps, ambr_ul_bps; /* 0: none given */
	uint32_t dl_count, ul_count;       /* of packets, where PDCP would have its COUNT */
	struct gnb_forward *forward;       /* its downlink goes to the target of a handover */
	struct gnb_reception *reception;   /* the source of a handover forwards its downlink */
	struct gnb_bearer *bearer;         /* rrc_cucp.c's own */
	struct gnb_protection protection;
};

struct gnb_handover;
struct gnb_location_order;

struct gnb_ue {
	struct link link;       /* in amf->ues */
	struct link procedures; /* struct gnb_procedure */
	struct timer timer;     /* life and activity, or release guard */
	struct gnb_amf *amf;
	struct gnb_radio radio;
	uint32_t ran_ue_ngap_id;
	uint64_t amf_ue_ngap_id;
	bool has_amf_ue_ngap_id;
	bool releasing;        /* UE CONTEXT RELEASE REQUEST is sent, or will be when the AMF returns */
	uint8_t release_cause; /* enum ngap_cause_radio_network */
	bool context;          /* initial context is set up */
	uint16_t stream;
	uint8_t ea, ia;
	uint8_t k_gnb[GNB_KEY_LEN];
	/* 33.501 6.9.2.1.1: the chaining count of K_gNB; an NH of the AMF that is not in use yet, with its
	 * own */
	uint8_t ncc, nh_ncc;
	bool has_nh;
	uint8_t nh[GNB_KEY_LEN];
	uint16_t capability[4]; /* 38.413 9.3.1.86: NEA, NIA, EEA, EIA; the leading bit is algorithm 1 */
	uint16_t c_rnti;
	struct guami guami;
	uint64_t ambr_dl_bps, ambr_ul_bps;
	uint64_t masked_imeisv;                /* 0: not known */
	struct gnb_restrictions *restrictions; /* owned; NULL: none, mobility_restriction.c */
	struct gnb_location_order *location;   /* owned; NULL: nobody wants to hear where it is */
	bool traced;
	uint8_t trace_id[8];
	struct gnb_handover *handover;                      /* under way */
	uint64_t heard_ns, active_ns, since_ns;             /* since: in the cell */
	bool data_active;                                   /* as its CU-UP says */
	struct gnb_up *up;                                  /* rrc_cucp.c's own: its bearer context */
	struct gnb_session *sessions[PDU_SESSIONS_MAX + 1]; /* by PDU session identity */
	uint8_t psi_of_drb[GNB_DRBS_MAX + 1];               /* 0: none; drb.c */
	uint32_t drbs_used;                                 /* with this K_gNB; bit n: DRB n + 1 */
	bool drbs_spent;                                    /* one was wanted, and all are used */
};

/* A request of the AMF whose answer waits for the UE. */
struct gnb_procedure;

struct procedure_kind {
	void (*answer)(struct gnb *gnb, struct gnb_procedure *p);
	bool makes_sessions; /* one that fails goes */
};

enum item_state { ITEM_WAITING, ITEM_DONE, ITEM_FAILED };

struct gnb_item {
	uint8_t psi;
	uint8_t state;  /* enum item_state */
	uint8_t cause;  /* enum ngap_cause_radio_network, of a failed one */
	uint64_t flows; /* set up, added or modified */
	uint64_t refused;
	uint64_t flows_before;  /* of a modification; 0: nothing was changed */
	struct addr upf_before; /* and of the UPF's tunnel; len 0: it is the same */
	uint32_t ul_teid_before;
	uint8_t slice_row;
};

struct gnb_procedure {
	struct link link;
	struct timer guard;
	struct gnb_ue *ue;
	const struct procedure_kind *kind;
	bool security_pending; /* the UE has not confirmed AS security */
	uint8_t count;
	struct gnb_item items[GNB_ITEMS_MAX];
};

/* Where a cell is, as sent to the AMF. */
struct gnb_place {
	struct tai tai;
	struct ncgi ncgi;
};

enum gnb_gauge {
	GNB_GAUGE_UES,
	GNB_GAUGE_CONTEXTS,
	GNB_GAUGE_SESSIONS,
	GNB_GAUGE_AMFS,
	GNB_GAUGE_NEIGHBOURS,
	GNB_GAUGE_COUNT
};
enum gnb_cause_stat { GNB_CAUSE_SETUP, GNB_CAUSE_HO_PREP, GNB_CAUSE_HO_ALLOC, GNB_CAUSE_STAT_COUNT };
enum { GNB_RSRP_BINS = 10, GNB_RSRP_STATS = 1 };
enum gnb_slice_stat { GNB_SLICE_SETUP_REQ, GNB_SLICE_SETUP_SUCC, GNB_SLICE_STAT_COUNT };

/* stats.c */
struct gnb_figures {
	uint64_t gauge[GNB_GAUGE_COUNT];                         /* as last asked for */
	uint64_t by_slice[SNSSAI_MAX + 1][GNB_SLICE_STAT_COUNT]; /* configured ones, and all others */
	uint64_t by_cause[STAT_CAUSES][GNB_CAUSE_STAT_COUNT];    /* enum ngap_cause_radio_network */
	uint64_t by_rsrp[GNB_RSRP_BINS][GNB_RSRP_STATS];         /* measurement.c */
};

/* measurement.c */
void gnb_measured(struct gnb *gnb, struct gnb_ue *ue, int16_t rsrp_dbm);
void gnb_measurement_figures(struct gnb *gnb, struct stats_list *l, struct stats s);

/* The Xn interface to one neighbour, at the same place as it. */
enum xn_state { XN_CLOSED, XN_CONNECTING, XN_SETTING_UP, XN_READY, XN_STATE_COUNT };
enum xn_event {
	XN_EV_TIMER,
	XN_EV_UP,
	XN_EV_DOWN,
	XN_EV_SETUP_REQUEST,
	XN_EV_SETUP_RESPONSE,
	XN_EV_SETUP_FAILURE,
	XN_EV_COUNT
};

struct gnb_xn {
	struct timer timer; /* reconnection, or repetition of Xn Setup */
	uint64_t assoc;
	uint16_t port; /* GNB_PORT_XN or GNB_PORT_XN_SERVER: whose association it is */
	uint32_t token;
	uint8_t state; /* enum xn_state */
	bool removing; /* XN REMOVAL REQUEST was sent */
	bool removed;  /* not opened again until it is configured again */
	uint32_t backoff_ms;
	uint16_t streams, next_stream;
};

/* An association that another gNB has opened. */
struct gnb_xn_stranger {
	bool there;
	uint16_t streams;
	uint64_t assoc;
};

struct gnb {
	struct env *env;
	const struct gnb_rrc_user *rrc;            /* what the radio raises */
	const struct gnb_rrc_ops *radio;           /* what stands below */
	struct gnb_cu *cu;                         /* rrc_cucp.c's own; NULL: that is not it */
	const struct fsm *source_fsm, *target_fsm; /* of handovers */
	struct gnb_config config;
	struct timers timers;
	struct pool ues, sessions, flows, procedures, handovers, forwards, receptions, held;
	struct hash ue_by_link, session_by_teid, session_by_other, session_by_remote;
	struct hash forward_by_teid, reception_by_teid, handover_by_c_rnti;
	struct gnb_amf amfs[GNB_AMFS_MAX];
	uint64_t gfbr_dl_bps, gfbr_ul_bps; /* guaranteed to all flows together */
	uint32_t tokens, generation, contexts;
	uint8_t next_amf;
	struct gnb_xn xns[GNB_NEIGHBOURS_MAX]; /* by neighbour */
	struct gnb_xn_stranger xn_strangers[GNB_NEIGHBOURS_MAX];
	uint32_t listener_count;
	struct gnb_listener listeners[GNB_LISTENERS_MAX];
	struct gnb_neighbour own;               /* itself, as it would be a neighbour */
	struct gnb_place places[GNB_CELLS_MAX]; /* of the cells */
	struct gnb_cell_trace cell_traces[GNB_CELLS_MAX];
	struct gnb_warning warnings[GNB_WARNINGS_MAX];
	const struct per_diag *notify; /* what the answer to the message at hand is to report */
	struct arena arena;            /* decoding and encoding of the message at hand */
	uint64_t n3_second;            /* in which so many answers were sent on N3 */
	uint32_t n3_echoes, n3_errors;
	uint64_t stat[GNB_STAT_COUNT];
	struct gnb_figures figures;
	uint8_t buffer[NGAP_PDU_MAX]; /* encoded NGAP, or an air message */
	uint8_t packet[GNB_HEADROOM + GNB_DATAGRAM_MAX];
};

/* stats.c */
/* The row of a slice: all that are not configured have one. */
uint8_t gnb_slice_row(const struct gnb *gnb, const struct ngap_s_nssai *s);
/* A PDU session is asked for; it is set up, or is not. */
void gnb_count_setup(struct gnb *gnb, uint8_t row);
void gnb_count_set_up(struct gnb *gnb, const struct gnb_item *item);

/* n2_send.c */
/* Whether what concerns a UE can be sent now. */
bool gnb_n2_is_open(const struct gnb_amf *amf);
/* The stream of a UE, of those for UEs in turn. */
uint16_t gnb_n2_stream(struct gnb_amf *amf);
bool gnb_n2_send(
	struct gnb *gnb, struct gnb_amf *amf, uint16_t stream, enum ngap_message type, const void *body);
bool gnb_n2_send_ue(struct gnb *gnb, struct gnb_ue *ue, enum ngap_message type, const void *body);
void gnb_n2_send_error_indication(struct gnb *gnb, struct gnb_amf *amf, const uint64_t *amf_ue_ngap_id,
	const uint32_t *ran_ue_ngap_id, struct ngap_cause cause);

/* overload.c */
/* Whether a connection of this establishment cause may be taken to the AMF. */
bool gnb_overload_permits(struct gnb_amf *amf, enum ngap_rrc_establishment_cause cause);
/* How long a UE that may not is to wait. */
uint8_t gnb_overload_wait_s(struct gnb *gnb);

/* ng_setup.c */
enum fsm_outcome gnb_ng_event(struct gnb *gnb, struct gnb_amf *amf, enum ng_event event, const void *arg);
void gnb_ng_start(struct gnb *gnb);
void gnb_ng_close(struct gnb *gnb);
struct gnb_amf *gnb_ng_by_assoc(struct gnb *gnb, uint64_t assoc);
struct gnb_amf *gnb_ng_by_token(struct gnb *gnb, uint32_t token);
/* The AMF for a UE: the one its 5G-S-TMSI names, else any by capacity (38.410 5.9); NULL: none is ready. */
struct gnb_amf *gnb_ng_select(struct gnb *gnb, const struct s_tmsi *s_tmsi);

/* control.c */
void gnb_control_on_msg(struct gnb *gnb, const struct msg *m);

/* xn.c */
uint32_t gnb_xn_ready(const struct gnb *gnb);
void gnb_xn_on_msg(struct gnb *gnb, const struct msg *m);
/* Associations with all neighbours anew, but for those that are as they were. */
void gnb_xn_start(struct gnb *gnb);
void gnb_xn_close(struct gnb *gnb);
/* The neighbours of c take the place of ours; Xn to those that are others is closed. */
void gnb_neighbours_take(struct gnb *gnb, const struct gnb_config *c);

/* ue_context.c */
struct gnb_ue *gnb_ue_new(struct gnb *gnb, struct gnb_amf *amf, const struct gnb_radio *at);
/* One that is yet to arrive in the cell. */
/* Another one serves it. */
void gnb_ue_set_amf(struct gnb_ue *ue, struct gnb_amf *amf);
struct gnb_ue *gnb_ue_expected(struct gnb *gnb, struct gnb_amf *amf, uint8_t cell);
void gnb_ue_free(struct gnb *gnb, struct gnb_ue *ue);
struct gnb_ue *gnb_ue_of_ran_id(struct gnb *gnb, const struct gnb_amf *amf, uint32_t ran_ue_ngap_id);
struct gnb_ue *gnb_ue_of_amf_id(struct gnb_amf *amf, uint64_t amf_ue_ngap_id);
/* The UE both AP IDs name, of this AMF; else the error is indicated (38.413 10.6). */
struct gnb_ue *gnb_n2_ue_find(
	struct gnb *gnb, struct gnb_amf *amf, uint64_t amf_ue_ngap_id, uint32_t ran_ue_ngap_id);

/* cell.c: the location of a UE in a cell (views of the gNB); the tracking areas of all cells, each once. */
void gnb_cells_init(struct gnb *gnb);
bool gnb_cell_location(struct gnb *gnb, uint8_t cell, struct ngap_user_location_information *out);
/* Its own Global RAN Node ID (views of octets and the arena); false: the arena is full. */
bool gnb_node_id(struct gnb *gnb, uint8_t octets[4], struct ngap_global_ran_node_id *out);
bool gnb_node_id_of(struct gnb *gnb, uint8_t octets[4], const struct plmn *plmn, uint32_t gnb_id,
	uint8_t bits, struct ngap_global_ran_node_id *out);
/* ng_setup.c: the tracking areas of its cells, each with all slices. False: the arena is full. */
struct ngap_slice_support_item;
struct ngap_broadcast_plmn_item;
struct ngap_supported_ta_item;
MUST_USE bool gnb_supported_tas(struct gnb *gnb, struct ngap_slice_support_item *slices,
	struct ngap_broadcast_plmn_item *plmn, struct ngap_supported_ta_item tas[GNB_CELLS_MAX],
	uint8_t *ta_count);
/* ran_configuration_update.c: slices that the configuration has more than before. */
void gnb_slices_take(struct gnb *gnb, const struct gnb_config *c);
void gnb_tacs_take(struct gnb *gnb, const struct gnb_config *c);
uint8_t gnb_cell_tacs(const struct gnb_config *c, uint32_t tacs[GNB_CELLS_MAX]);

/* ue_watch.c */
void gnb_ue_watch(struct gnb *gnb, struct gnb_ue *ue);

/*
 * ue_context_release.c: asks the AMF to release the UE, once it is there; where it does not know the UE yet,
 * it is freed.
 */
void gnb_ue_release_request(struct gnb *gnb, struct gnb_ue *ue, enum ngap_cause_radio_network cause);
/* The request of one that is being released was lost, or could not be sent. */
void gnb_ue_release_again(struct gnb *gnb, struct gnb_ue *ue);
void gnb_ue_lost(struct gnb *gnb, struct gnb_ue *ue);

/* retention.c: UEs of an AMF whose association is missing (38.413 8.7.1.2) */
/* The association is lost. */
void gnb_retention_begin(struct gnb *gnb, struct gnb_amf *amf);
/* There is another one, and the AMF keeps the UEs, or does not. */
void gnb_retention_end(struct gnb *gnb, struct gnb_amf *amf, bool kept);

/* rrc_cucp.c */
struct gnb_cu *gnb_cu_new(struct gnb *gnb);
void gnb_cu_free(struct gnb_cu *cu);
uint64_t gnb_cu_deadline_ns(const struct gnb_cu *cu);
void gnb_cu_run(struct gnb_cu *cu);
/* F1 and E1 end, in order. */
void gnb_cu_close(struct gnb *gnb);
/* Valid until the next call. */
void gnb_cu_figures(struct gnb *gnb, struct stats_list *l);

/* nas_transport.c */
bool gnb_connection_permitted(struct gnb *gnb, uint8_t *wait_s);
void gnb_initial_ue_message(struct gnb *gnb, const struct gnb_rrc_request *r);
void gnb_uplink_nas_transport(struct gnb *gnb, struct gnb_ue *ue, struct bytes pdu);
void gnb_downlink_nas(struct gnb *gnb, struct gnb_ue *ue, struct bytes pdu);

/* procedure.c */
struct gnb_procedure *gnb_procedure_new(
	struct gnb *gnb, struct gnb_ue *ue, const struct procedure_kind *kind);
void gnb_procedure_free(struct gnb *gnb, struct gnb_procedure *p);
/* Answers the AMF if nothing is awaited any more; p may be gone afterwards. */
void gnb_procedure_check(struct gnb *gnb, struct gnb_procedure *p);
void gnb_procedure_security_complete(struct gnb *gnb, struct gnb_ue *ue);
void gnb_procedure_bearer_answer(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, bool accepted);
/* Ends what waits for a session that is released. */
void gnb_procedure_session_gone(struct gnb *gnb, struct gnb_ue *ue, uint8_t psi);

/* ue_radio_capability_info_indication.c */
void gnb_ue_radio_capability_info_indication(struct gnb *gnb, struct gnb_ue *ue, struct bytes containers);
/* 38.413 9.3.1.74: the UE-CapabilityRAT-ContainerList that is in a UE radio capability; none: it is not one.
 */
struct bytes gnb_ue_radio_capability_containers(struct gnb *gnb, struct bytes capability);

#include "gnb/user_plane.h"
