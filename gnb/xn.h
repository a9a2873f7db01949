/*
 * Xn between gNBs (38.420, 38.423), as its files share it: xn_send.c below, then the procedures, xn.c above
 * them.
 */
#pragma once

#include "gnb/handover.h"
#include "wire/xnap/xnap.h"

/* xn_send.c */
bool gnb_xn_send(
	struct gnb *gnb, struct gnb_xn *xn, uint16_t stream, enum xnap_message type, const void *body);
/* 38.422 7: UE-associated signalling on streams of its own. */
uint16_t gnb_xn_stream(struct gnb_xn *xn);
/* 10.2 to 10.6: that a message was not understood, or cannot be served; own, other: XnAP IDs, NULL: not
 * known. */
void gnb_xn_send_error_indication(struct gnb *gnb, struct gnb_xn *xn, struct xnap_cause cause,
	const uint32_t *source_id, const uint32_t *target_id, const struct per_diag *diag);
const struct gnb_neighbour *gnb_xn_neighbour(const struct gnb *gnb, const struct gnb_xn *xn);

static inline struct xnap_cause xnap_cause_radio(enum xnap_cause_radio_network_layer c)
{
	return (struct xnap_cause){ XNAP_CAUSE_TAG_RADIO_NETWORK, { .radio_network = c } };
}

static inline struct xnap_cause xnap_cause_of_protocol(enum xnap_cause_protocol c)
{
	return (struct xnap_cause){ XNAP_CAUSE_TAG_PROTOCOL, { .protocol = c } };
}

static inline struct xnap_cause xnap_cause_of_misc(enum xnap_cause_misc c)
{
	return (struct xnap_cause){ XNAP_CAUSE_TAG_MISC, { .misc = c } };
}

/* "radioNetwork: cell-not-available"; of NULL "none". */
enum { XNAP_CAUSE_TEXT_SIZE = 96 };
const char *gnb_xn_cause_text(const struct xnap_cause *cause, char text[XNAP_CAUSE_TEXT_SIZE]);

/* xn_own.c: what is said of this gNB in a setup, request or response, and in updates; NULL: memory is out. */
struct gnb_xn_own {
	uint8_t id[4];
	struct xnap_global_ng_ran_node_id node;
	struct xnap_s_nssai slices[SNSSAI_MAX];
	struct xnap_broadcast_plmn_in_tai_support_item plmn;
	struct xnap_tai_support_item tas[GNB_CELLS_MAX];
	struct xnap_tai_support_list ta_list;
	struct xnap_global_amf_region_information regions[GNB_AMFS_MAX * GNB_GUAMIS_MAX];
	struct xnap_amf_region_information region_list;
	struct bytes plmn_octets;
	struct xnap_nr_frequency_band_item band;
	struct xnap_served_cells_nr_item cells[GNB_CELLS_MAX];
	struct xnap_served_cells_nr cell_list;
};
const struct gnb_xn_own *gnb_xn_own(struct gnb *gnb);

/* xn_setup.c */
enum fsm_outcome gnb_xn_event(struct gnb *gnb, struct gnb_xn *xn, enum xn_event event, const void *arg);
/* XN SETUP REQUEST on an association that nobody has yet. */
void gnb_xn_setup_asked(
	struct gnb *gnb, uint64_t assoc, uint16_t streams, const struct xnap_xn_setup_request *m);

/* A handler by message; xn_handover_*.c and so on. */
typedef void xn_handler(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu);
xn_handler gnb_xn_setup_response, gnb_xn_setup_failure, gnb_xn_handover_request,
	gnb_xn_handover_request_acknowledge, gnb_xn_handover_preparation_failure, gnb_xn_handover_cancel,
	gnb_xn_sn_status_transfer, gnb_xn_ue_context_release, gnb_xn_error_indicated;
xn_handler gnb_xn_reset_request, gnb_xn_reset_response;                             /* xn_reset.c */
xn_handler gnb_xn_removal_request, gnb_xn_removal_response, gnb_xn_removal_failure; /* xn_removal.c */
/* xn_retrieve_ue_context.c, xn_retrieve_ue_context_new.c */
xn_handler gnb_xn_retrieve_ue_context_request, gnb_xn_u_address_indication,
	gnb_xn_retrieve_ue_context_response, gnb_xn_retrieve_ue_context_failure;
/* xn_report.c */
xn_handler gnb_xn_failure_indication, gnb_xn_handover_report, gnb_xn_resource_status_request,
	gnb_xn_mobility_change_request, gnb_xn_cell_activation_request;
/* xn_configuration_update.c */
xn_handler gnb_xn_configuration_update, gnb_xn_configuration_update_acknowledge,
	gnb_xn_configuration_update_failure;
void gnb_xn_cells_take(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_served_cells_nr *list);
void gnb_xn_cells_changed(struct gnb *gnb); /* those of this gNB, which its neighbours hear of */

/* The one to the neighbour of that name, where it is set up; NULL: none. */
struct gnb_xn *gnb_xn_named(struct gnb *gnb, const char *neighbour);

bool gnb_xn_tunnel_write(struct gnb *gnb, uint32_t teid, struct xnap_up_transport_layer_information *out);
bool gnb_xn_tunnel_read(const struct gnb *gnb, const struct xnap_up_transport_layer_information *t,
	struct addr *peer, uint32_t *teid);

/* xn_session.c: 38.423 9.2.1.1. out has views of the arena; false: it is full. */
MUST_USE bool gnb_xn_session_describe(struct gnb *gnb, const struct gnb_session *s,
	struct xnap_pdu_session_resources_to_be_setup_item *out);
/* As it is described there; NULL: it cannot be taken, with the cause. */
struct gnb_session *gnb_xn_session_make(struct gnb *gnb, struct gnb_ue *ue,
	const struct xnap_pdu_session_resources_to_be_setup_item *in,
	enum xnap_cause_radio_network_layer *cause);

/* xn_context.c: a UE's context for a cell of a neighbour, with K_NG-RAN* for it. False: the UE has no
 * session, or memory is out. */
MUST_USE bool gnb_xn_context_give(struct gnb *gnb, const struct gnb_ue *ue, const struct gnb_neighbour *to,
	uint8_t to_cell, uint8_t key[GNB_KEY_LEN], uint8_t capability[4][2],
	struct xnap_ue_context_info_ho_request *c);
/* And taken, but for sessions and algorithms. */
MUST_USE bool gnb_xn_context_take(
	struct gnb *gnb, struct gnb_ue *ue, const struct xnap_ue_context_info_ho_request *c);
struct guami gnb_xn_guami(const struct xnap_guami *g);
MUST_USE bool gnb_xn_guami_write(struct gnb *gnb, const struct guami *from, struct xnap_guami *out);
/* One of that GUAMI that serves this gNB; NULL: none. */
struct gnb_amf *gnb_xn_amf(struct gnb *gnb, const struct guami *guami);

/* The UE of an XnAP ID of ours that is being handed over with that neighbour; NULL: none, and that is
 * reported. */
struct gnb_handover *gnb_xn_handover_find(
	struct gnb *gnb, struct gnb_xn *xn, bool is_target, uint32_t own_id, const uint32_t *other_id);
/* The Xn interface is gone, or begins again: what is being prepared over it ends. */
void gnb_xn_handovers_end(struct gnb *gnb, struct gnb_xn *xn);

/* mobility_restriction.c: those of a UE that is handed over; what is given points into the UE's context.
 * False: memory is refused. */
bool gnb_restrictions_give(
	struct gnb *gnb, const struct gnb_ue *ue, struct xnap_ue_context_info_ho_request *c);
bool gnb_restrictions_take_xn(
	struct gnb *gnb, struct gnb_ue *ue, const struct xnap_ue_context_info_ho_request *c);
