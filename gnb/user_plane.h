/* PDU sessions, their tunnels and what passes through them: a part of internal.h. */
#pragma once

#include "gnb/internal.h"

/* drb.c: a DRB for the session, of those that this K_gNB has not had. False: there is none left. */
MUST_USE bool gnb_drb_take(struct gnb_session *s);
void gnb_drb_give(struct gnb_session *s);
/* This one, where it is one and free. */
void gnb_drb_set(struct gnb_session *s, int64_t drb);
/* K_gNB is another, and COUNTs begin again. */
void gnb_drbs_key_is_new(struct gnb_ue *ue);
/* NULL: there is none. */
struct gnb_session *gnb_session_of_drb(const struct gnb_ue *ue, int64_t drb);

/* up_security.c: what an indication asks for; in NULL: nobody asks. False: it is required and cannot be,
 * *cause. */
MUST_USE bool gnb_protection_read(const struct gnb *gnb, const struct ngap_security_indication *in,
	struct gnb_protection *out, uint8_t *cause);
/* The indication again; out has views of the arena. False: it is full. */
MUST_USE bool gnb_protection_write(
	const struct gnb_protection *p, struct arena *arena, struct ngap_security_indication *out);
struct ngap_security_result gnb_protection_done(const struct gnb_protection *p);
/* What the CU-UP is asked for. */
enum ngap_integrity_protection_indication gnb_protection_integrity(const struct gnb_protection *p);
/* 38.413 9.3.4.2: true where something was left to the gNB, who tells then. */
bool gnb_protection_result(const struct gnb_protection *p, struct ngap_security_result *out);

/* session.c */
struct gnb_session *gnb_session_new(
	struct gnb *gnb, struct gnb_ue *ue, uint8_t psi, const struct addr *upf, uint32_t ul_teid);
void gnb_session_free(struct gnb *gnb, struct gnb_session *s);
void gnb_session_set_upf(struct gnb *gnb, struct gnb_session *s, const struct addr *upf, uint32_t ul_teid);
/* Somebody else has the end of its tunnel, and has given it a name. */
void gnb_session_set_dl(struct gnb *gnb, struct gnb_session *s, struct bytes address, uint32_t teid);
struct gnb_session *gnb_session_by_remote(struct gnb *gnb, const struct addr *upf, uint32_t ul_teid);
/* Sets up one session of a request, into an item of p; nas goes to the UE with the bearer, or alone. */
void gnb_session_setup(struct gnb *gnb, struct gnb_procedure *p, uint8_t psi,
	const struct ngap_s_nssai *slice, struct bytes transfer, struct bytes nas);
/* Makes the session that a Setup Request Transfer describes; NULL with the cause. */
struct gnb_session *gnb_session_make(struct gnb *gnb, struct gnb_ue *ue, uint8_t psi,
	const struct ngap_s_nssai *slice, struct bytes transfer, uint64_t *flows, uint8_t *cause);
/* Where its flows go downlink, as NGAP has it; out points into flows. False: the arena is full. */
MUST_USE bool gnb_session_tunnel(struct gnb *gnb, const struct gnb_session *s, uint32_t teid,
	struct ngap_associated_qos_flow_item flows[GNB_QFI_MAX + 1],
	struct ngap_qos_flow_per_tnl_information *out);
struct bytes gnb_session_setup_transfer(struct gnb *gnb, const struct gnb_session *s);

struct bytes gnb_session_failure_transfer(struct gnb *gnb, uint8_t cause);

/* qos_flow.c: false: there is no room, and nothing is kept of it */
bool gnb_flow_take(struct gnb *gnb, struct gnb_session *s, uint8_t qfi,
	const struct ngap_qos_flow_level_qos_parameters *q);
void gnb_flow_drop(struct gnb *gnb, struct gnb_session *s, uint8_t qfi);
void gnb_flows_free(struct gnb *gnb, struct gnb_session *s);

/* tunnel.c */
uint32_t gnb_teid_new(struct gnb *gnb);
bool gnb_tunnel_read(const struct gnb *gnb, const struct ngap_up_transport_layer_information *t,
	struct addr *peer, uint32_t *teid);
/* out has views of us. */
bool gnb_tunnel_write(struct gnb *gnb, const struct addr *us, uint32_t teid,
	struct ngap_up_transport_layer_information *out);

/* n3.c */
void gnb_n3_on_msg(struct gnb *gnb, const struct msg *m);
/* Its resources go, and the SMF hears why (38.413 8.2.4). */
void gnb_session_end(struct gnb *gnb, struct gnb_session *s, struct ngap_cause cause);
/* So, because its tunnel has ended at the other end (23.527 5.3.3.1). */
void gnb_session_lost(struct gnb *gnb, struct gnb_session *s);

/* data_forwarding.c */
void gnb_forwarding_init(struct gnb *gnb);
void gnb_forwarding_fini(struct gnb *gnb);
/* The session goes: what is on its way to the target does not; what is held for it does. */
void gnb_forward_leave(struct gnb *gnb, struct gnb_session *s);
void gnb_reception_free(struct gnb *gnb, struct gnb_session *s);
uint32_t gnb_reception_teid(const struct gnb_session *s);
enum gnb_verdict gnb_forward_hold(struct gnb *gnb, struct gnb_session *s, struct bytes payload, uint8_t qfi);
enum gnb_verdict gnb_forward_packet(
	struct gnb *gnb, struct gnb_packet *p, const struct gtpu_header *h, struct bytes payload);
void gnb_forward_end_marker(struct gnb *gnb, const struct addr *peer, uint32_t teid);

/* delivery.c */
uint8_t gnb_session_qfi(const struct gnb_session *s, const struct gtpu_header *h);
/* A user packet for the UE of the session, in place: at most GNB_HEADROOM octets before it are written to. */
enum gnb_verdict gnb_session_deliver(
	struct gnb *gnb, struct gnb_session *s, uint8_t qfi, struct gnb_packet *p);

/* data.c */
void gnb_air_on_msg(struct gnb *gnb, const struct msg *m);
