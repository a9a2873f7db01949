/* N2 handover (38.413 8.4.1 to 8.4.3, 8.4.5) and path switch (8.4.4), as their files share them. */
#pragma once

#include "core/amf/internal.h"

/* next_hop.c: the keys of gNBs after the first (33.501 6.9.2) */
/* K_gNB of the K_AMF in use; the caller wipes it. */
bool amf_k_gnb(const struct amf_ue *ue, uint8_t k_gnb[KDF_KEY_LEN]);
/* Another K_gNB is in use: the chain begins with it. */
void amf_next_hop_restart(struct amf *amf, struct amf_ue *ue);
/* Steps the chain on; a view of ue->nh. False when libcrypto refuses. */
bool amf_next_hop_fresh(struct amf *amf, struct amf_ue *ue, struct ngap_security_context *out);
/* Where the UE's chain is; false: memory is out. The caller wipes it. */
bool amf_next_hop_of(const struct amf_ue *ue, struct amf_next_hop *out);
bool amf_next_hop_step(struct amf_next_hop *n);

/* ue_record_keys.c: as the store has them; nothing where there is none */
enum { AMF_SEALED_NH = KDF_KEY_LEN + NF_SEAL_OVERHEAD, AMF_SEALED_K_AMF = AMF_SEALED_NH };
bool amf_ue_seal_k_amf(struct amf *amf, struct amf_ue *ue);
/* names: its ngKSI and algorithms. */
bool amf_ue_unseal_k_amf(struct amf *amf, struct amf_ue *ue, const char *imsi,
	const uint8_t sealed[AMF_SEALED_K_AMF], const struct nas_security *names);
bool amf_next_hop_seal(struct amf *amf, const struct amf_ue *ue, uint8_t out[AMF_SEALED_NH]);
bool amf_next_hop_unseal(
	struct amf *amf, struct amf_ue *ue, const char *imsi, const uint8_t sealed[AMF_SEALED_NH]);

/* ue_ie.c: what NGAP tells gNBs of a UE, as views of amf->arena; false when that is full */
struct ngap_ue_security_capabilities amf_ie_security_capabilities(struct amf *amf, const struct amf_ue *ue);
/* 9.3.1.54 of an IMEISV as NAS has it; 0: it is none. */
uint64_t amf_ie_masked_imeisv(const struct nas_mobile_identity *imeisv);
bool amf_ie_allowed_nssai(struct amf *amf, const struct amf_ue *ue, struct ngap_allowed_nssai *out);

/* session_moving.c */
/* The bit of an identity, which may be any octet that a gNB sent. */
static inline bool amf_moving_has(uint16_t sessions, uint8_t pdu_session_id)
{
	return pdu_session_id <= PDU_SESSIONS_MAX && sessions >> pdu_session_id & 1;
}

void amf_moving_fini(struct amf_moving_sessions *m);
/* What its SMF answered last for a gNB. */
struct bytes amf_moving_info(const struct amf_moving_sessions *m, uint8_t pdu_session_id);
/* The session, if an SMF has it. */
struct amf_session *amf_moving_session(const struct amf_ue *ue, uint8_t pdu_session_id);
/* Asks its SMF; the answer finds the procedure, and the session is neither ready nor failed until then. */
void amf_moving_ask(struct amf *amf, struct amf_procedure *p, struct amf_moving_sessions *m,
	const struct amf_session *s, const struct sm_context_update_data *data);
void amf_moving_fail(struct amf_moving_sessions *m, uint8_t pdu_session_id);
/* Those whose SMFs have not answered fail. */
void amf_moving_give_up(struct amf_moving_sessions *m);
void amf_moving_answered(struct amf *amf, struct amf_ue *ue, struct amf_moving_sessions *m,
	const struct sbi_answer *a, enum n2_sm_info_type wanted);
/* HandoverPreparation- or PathSwitchRequestUnsuccessfulTransfer (38.413 9.3.4.19, 9.3.4.20), where no SMF
 * made it. */
struct bytes amf_moving_unsuccessful(struct amf *amf, const struct per_type *type, struct ngap_cause cause);
/* What needs no answer. */
void amf_moving_tell(
	struct amf *amf, struct amf_ue *ue, uint16_t sessions, const struct sm_context_update_data *data);

/* handover.c */
/* Its choice of an extension would point into the message. */
struct ngap_cause amf_handover_cause(const struct ngap_cause *c);
/* Keeps what the other gNB is to get; false when memory is refused. */
bool amf_handover_container(struct amf_handover *h, struct bytes octets);
/* The handover fails, or is given up: amf_handover_ended(). */
void amf_handover_fail(struct amf *amf, struct amf_handover *h, struct ngap_cause cause);

/* handover_resource_allocation.c: the target is asked for what the SMFs have agreed to; false: it is not, and
 * h->cause says why. */
bool amf_handover_allocate(struct amf *amf, struct amf_handover *h);

/* handover_preparation.c and path_switch_request.c: what SMFs answered; true: to one of these procedures */
bool amf_moving_on_answer(struct amf *amf, const struct sbi_answer *a);
void amf_handover_answered(struct amf *amf, struct amf_handover *h, const struct sbi_answer *a);
void amf_handover_expired(struct amf *amf, struct amf_procedure *p);
void amf_handover_ended(struct amf *amf, struct amf_procedure *p);
void amf_path_switch_answered(struct amf *amf, struct amf_path_switch *p, const struct sbi_answer *a);
void amf_path_switch_expired(struct amf *amf, struct amf_procedure *p);
void amf_path_switch_ended(struct amf *amf, struct amf_procedure *p);
/* modify_indication.c */
void amf_modify_indication_answered(
	struct amf *amf, struct amf_modify_indication *p, const struct sbi_answer *a);
void amf_modify_indication_expired(struct amf *amf, struct amf_procedure *p);
void amf_modify_indication_ended(struct amf *amf, struct amf_procedure *p);
/* handover_notification.c: what did not reach the UE at its source goes to it at its target. */
void amf_handover_undelivered(struct amf *amf, struct amf_connection *c, struct bytes nas);

/* Handlers of NGAP messages. */
amf_connection_handler amf_handover_required, amf_handover_cancel, amf_handover_notify;
amf_connection_handler amf_uplink_ran_status_transfer, amf_uplink_ran_early_status_transfer;
amf_node_handler amf_handover_request_acknowledge, amf_handover_failure; /* handover_resource_allocation.c */
amf_node_handler amf_path_switch_request;
