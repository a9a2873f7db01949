/*
 * Handover in the gNB (38.300 9.2.3.2): a UE of ours that goes to another gNB, or one that comes from there,
 * by way of the AMF (N2, 38.413 8.4) or between gNBs (Xn, 38.423 8.2). handover.c has the state machines,
 * which are the same both ways; handover_preparation.c and so on are the procedures of N2, xn_*.c those of
 * Xn.
 */
#pragma once

#include "gnb/internal.h"

/* The gNB that the UE leaves. */
enum source_state {
	SOURCE_PREPARING,  /* TNGRELOCprep or TXnRELOCprep runs */
	SOURCE_EXECUTING,  /* the UE was sent away; TNGRELOCoverall or TXnRELOCoverall runs */
	SOURCE_CANCELLING, /* HANDOVER CANCEL was sent to the AMF */
	SOURCE_STATE_COUNT
};

enum source_event {
	SOURCE_EV_COMMAND, /* the target is ready; arg: struct gnb_command */
	SOURCE_EV_FAILED,  /* it is not, or who prepares it is gone; arg: const char *, why */
	SOURCE_EV_CANCEL, /* the UE came back, or something else goes first; arg: const struct ngap_cause * */
	SOURCE_EV_CANCELLED, /* the AMF has acknowledged it */
	SOURCE_EV_ARRIVED,   /* in another cell of ours */
	SOURCE_EV_TIMER,
	SOURCE_EV_COUNT
};

/* The gNB where it arrives. */
enum target_state {
	TARGET_EXPECTING,  /* prepared; the UE has not come */
	TARGET_SWITCHING,  /* by Xn: it has, and PATH SWITCH REQUEST was sent */
	TARGET_RETRIEVING, /* the UE is there, and its context is asked for where it was */
	TARGET_STATE_COUNT
};

enum target_event {
	TARGET_EV_ARRIVED,
	TARGET_EV_RETRIEVED, /* its context has come */
	TARGET_EV_SWITCHED,  /* PATH SWITCH REQUEST ACKNOWLEDGE; arg: its struct */
	TARGET_EV_FAILED,    /* PATH SWITCH REQUEST FAILURE; arg: its struct; or no context is given */
	TARGET_EV_TIMER,
	TARGET_EV_COUNT
};

/* A tunnel for the downlink of a session that its target asks for. */
struct gnb_forwarding {
	uint8_t psi;
	struct addr peer; /* len 0: none */
	uint32_t teid;
};

struct gnb_command {
	struct bytes container; /* HandoverCommand, 38.331 11.2.2 */
	uint8_t count;
	struct gnb_forwarding forwarding[PDU_SESSIONS_MAX];
};

/* By N2 or by Xn. */
struct handover_way {
	const char *name;
	enum ngap_cause_radio_network triggered, prep_expiry, overall_expiry;
	bool (*require)(struct gnb *gnb, struct gnb_handover *h); /* asks for the preparation */
	/* Of one that is prepared or being prepared; false: nothing is awaited. */
	bool (*cancel)(struct gnb *gnb, struct gnb_handover *h, const struct ngap_cause *cause);
	void (*status_transfer)(struct gnb *gnb, struct gnb_handover *h);
	bool (*arrived)(struct gnb *gnb, struct gnb_handover *h); /* target: reports it */
};

/* By retrieval: the UE has come by itself (38.423 8.2.4). */
extern const struct handover_way gnb_by_n2, gnb_by_xn, gnb_by_cell, gnb_by_retrieval;

struct gnb_handover {
	struct timer timer;
	struct hash_node by_c_rnti; /* of a target that expects the UE */
	struct gnb_ue *ue;
	const struct handover_way *way;
	bool is_target, expected;
	uint8_t state;                  /* enum source_state or target_state */
	const struct gnb_neighbour *to; /* source */
	uint8_t to_cell;
	bool direct; /* source: the target can be reached by tunnels of ours */
	/* within its cell, for another key (33.501 6.9.4.4): who wants it hears how that ends; NULL: else */
	void (*key_changed)(struct gnb *gnb, struct gnb_ue *ue, bool done);
	/* to a cell of ours: what the UE had, if it comes back */
	struct {
		uint16_t c_rnti;
		uint8_t ncc, k_gnb[GNB_KEY_LEN];
		bool has_nh;
	} before;
	/* by Xn */
	struct gnb_xn *xn;
	bool has_peer_id;
	uint32_t peer_id; /* NG-RAN node UE XnAP ID of the other; ours is the RAN UE NGAP ID */
	uint16_t stream;
};

/* handover.c: the state machines, which the room holds */
extern const struct fsm gnb_source_fsm, gnb_target_fsm;
/* What the radio raises. */
bool gnb_ue_arrived(struct gnb *gnb, const struct gnb_rrc_arrival *a);
bool gnb_ue_returned(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_rrc_return *r);
/* xn_retrieve_ue_context_new.c: one that was a neighbour's. False: of none. */
bool gnb_ue_came(struct gnb *gnb, const struct gnb_rrc_return *r);
bool gnb_ue_is_back(struct gnb *gnb, struct gnb_ue *ue, uint8_t cell, uint32_t ssb_arfcn);

/* handover_event.c */
/* NULL: there are too many. Of a UE that has none. */
struct gnb_handover *gnb_handover_new(
	struct gnb *gnb, struct gnb_ue *ue, const struct handover_way *way, bool is_target);
/* Whatever it was about ends here; nothing is sent. */
void gnb_handover_free(struct gnb *gnb, struct gnb_handover *h);
enum fsm_outcome gnb_source_event(
	struct gnb *gnb, struct gnb_handover *h, enum source_event event, const void *arg);
enum fsm_outcome gnb_target_event(
	struct gnb *gnb, struct gnb_handover *h, enum target_event event, const void *arg);
/* Of a UE that is being handed over to another gNB; NULL: it is not. */
struct gnb_handover *gnb_handover_from(const struct gnb_ue *ue);
/* A target that is prepared expects its UE, by a C-RNTI of this cell that is made here. */
void gnb_handover_expect(struct gnb *gnb, struct gnb_handover *h);
void gnb_handover_unexpect(struct gnb *gnb, struct gnb_handover *h);
/* Raises the timer event so many milliseconds from now. */
void gnb_handover_timer_set(struct gnb *gnb, struct gnb_handover *h, uint32_t ms);

/* The cause with which the AMF's requests are refused while the UE is handed over; unspecified: it is not. */
enum ngap_cause_radio_network gnb_handover_refuses(const struct gnb_ue *ue);

/* handover_preparation.c, handover_cancel.c, ran_status_transfer.c, handover_notification.c */
/* SourceNGRANNode-ToTargetNGRANNode-TransparentContainer; BYTES_NONE: the arena is full. */
struct bytes gnb_source_container(struct gnb *gnb, const struct gnb_handover *h);
uint64_t gnb_neighbour_nci(const struct gnb_neighbour *n, uint8_t cell);
bool gnb_handover_cancel_send(struct gnb *gnb, struct gnb_handover *h, const struct ngap_cause *cause);
void gnb_uplink_ran_status_transfer(struct gnb *gnb, struct gnb_handover *h);
bool gnb_handover_notify_send(struct gnb *gnb, struct gnb_handover *h);

struct ngap_last_visited_ngran_cell_information gnb_visited(struct gnb *gnb, const struct gnb_ue *ue);
/* LastVisitedNGRANCellInformation: where the UE is; BYTES_NONE: the arena is full. */
struct bytes gnb_visited_cell(struct gnb *gnb, const struct gnb_ue *ue);
/* cell_change.c: the UE has come to the other cell, or has its new key; h is gone afterwards. */
void gnb_cell_changed(struct gnb *gnb, struct gnb_handover *h);
/* False: it cannot be begun, and nothing has changed. */
bool gnb_key_change(struct gnb *gnb, struct gnb_ue *ue, struct bytes k_gnb,
	void (*changed)(struct gnb *gnb, struct gnb_ue *ue, bool done));
/* path_switch_request.c */
bool gnb_path_switch_request_send(struct gnb *gnb, struct gnb_handover *h);

/* handover_container.c: the RRC messages between source and target (38.331 11.2.2). BYTES_NONE: the arena is
 * full. */
struct bytes gnb_preparation_information(struct gnb *gnb, const struct gnb_ue *ue, uint64_t target_cell);
MUST_USE bool gnb_preparation_information_read(struct gnb *gnb, struct bytes octets);
/* Of the source's configuration; false: it has none. */
MUST_USE bool gnb_preparation_algorithms_read(struct gnb *gnb, struct bytes octets, uint8_t *ea, uint8_t *ia);
struct bytes gnb_handover_command(struct gnb *gnb, const struct gnb_ue *ue, bool key_set_changed);
/* The RRCReconfiguration inside. */
MUST_USE bool gnb_handover_command_read(struct gnb *gnb, struct bytes octets, struct bytes *reconfiguration);

/* as_security.c: 33.501 6.9.2. Algorithms of our order that the UE has; false: there are none. */
/* mobility_restriction.c */
/* In place of those before; NULL: none any more. False: memory is refused. */
bool gnb_restrictions_take(
	struct gnb *gnb, struct gnb_ue *ue, const struct ngap_mobility_restriction_list *list);
bool gnb_restrictions_forbid(struct gnb *gnb, const struct gnb_ue *ue, const struct tai *tai);

/* Those that it has are some that we would have chosen, too. */
MUST_USE bool gnb_algorithms_allowed(const struct gnb *gnb, const struct gnb_ue *ue);
MUST_USE bool gnb_algorithms_choose(struct gnb *gnb, struct gnb_ue *ue);
void gnb_capabilities_take(struct gnb_ue *ue, const struct ngap_ue_security_capabilities *c);
/* Views into octets. */
struct ngap_ue_security_capabilities gnb_capabilities(const struct gnb_ue *ue, uint8_t octets[4][2]);
/* K_NG-RAN* of K_gNB or NH becomes K_gNB. */
MUST_USE bool gnb_key_next(
	struct gnb_ue *ue, const uint8_t from[GNB_KEY_LEN], uint16_t pci, uint32_t ssb_arfcn, uint8_t ncc);

/* data_forwarding.c */
void gnb_forward_begin(struct gnb *gnb, struct gnb_session *s, const struct gnb_forwarding *to);
void gnb_forward_end(struct gnb *gnb, struct gnb_session *s);
/* What was held for the UE goes there first. */
void gnb_forward_held(struct gnb *gnb, struct gnb_session *s);
/* The target takes what the source forwards, and holds what comes by the new path until that has ended. */
bool gnb_forward_expect(struct gnb *gnb, struct gnb_session *s);
void gnb_forward_arrived(struct gnb *gnb, struct gnb_ue *ue);
/* While a UE changes its cell within the gNB. */
void gnb_hold_begin(struct gnb *gnb, struct gnb_ue *ue);
void gnb_hold_end(struct gnb *gnb, struct gnb_ue *ue);
