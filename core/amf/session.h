/* PDU sessions as the AMF knows them: what other files ask of session.c. */
#pragma once

#include "core/nf/nf.h"
#include "wire/nas/nas.h"

struct amf;
struct amf_session;
struct amf_ue;

struct amf_session *amf_session_find(const struct amf_ue *ue, uint8_t pdu_session_id);
struct sbi_token amf_session_token(struct amf *amf, const struct amf_ue *ue, const struct amf_session *s);
/* The session that asked; NULL when it has ended, also when a later one has its identity. */
struct amf_session *amf_session_of_token(struct amf *amf, const struct sbi_token *t, struct amf_ue **ue);
/* One of the DNN, which is no UE's yet; NULL: there is no room. */
struct amf_session *amf_session_new(struct amf *amf, uint8_t pdu_session_id, const char *dnn);
/* False, with nothing changed, when memory is refused. */
MUST_USE bool amf_session_set_dnn(struct amf *amf, struct amf_session *s, const char *dnn);
void amf_session_free(struct amf *amf, struct amf_ue *ue, struct amf_session *s);
/* The same of one that no UE has, or whose UE goes without it. */
void amf_session_drop(struct amf *amf, struct amf_session *s);
uint16_t amf_session_status(const struct amf_ue *ue);
/* Releases what an SMF made for a session that is not there any more. */
void amf_session_release_late(struct amf *amf, const struct sbi_answer *a);
/* Local release: signalled to the SMF, not to the UE. */
void amf_session_release(struct amf *amf, struct amf_ue *ue, struct amf_session *s);
void amf_session_release_all(struct amf *amf, struct amf_ue *ue);
/* Releases the sessions whose bit is not in status (24.501 9.11.3.44). */
void amf_session_reconcile(struct amf *amf, struct amf_ue *ue, uint16_t status);
/* Asks for the user plane of those whose bit is in status (23.502 4.2.2.2.2 step 17): whose SMF is asked. */
uint16_t amf_session_activate(struct amf *amf, struct amf_ue *ue, uint16_t status);
/* Keeps a copy in place of what was held; BYTES_NONE: nothing. False when memory is refused. */
bool amf_session_hold(struct amf_session *s, struct bytes octets);
void amf_session_deactivate_all(struct amf *amf, struct amf_ue *ue);
void amf_session_update(struct amf *amf, struct amf_ue *ue, const struct amf_session *s,
	struct bytes n1_sm_msg, enum n2_sm_info_type type, struct bytes info);
