/* PDU sessions of the UE, a part of internal.h: nas/session*.c. */
#pragma once

#include "ue/internal.h"

extern const struct fsm ue_sm_fsm;
struct ue_session *ue_session_find(const struct ue *ue, uint8_t psi);
struct ue_session *ue_session_of_drb(const struct ue *ue, uint8_t drb);
enum fsm_outcome ue_sm_event(struct ue_session *s, enum sm_event event, const void *arg);
fsm_action ue_session_request, ue_session_accept, ue_session_reject, ue_session_release_request,
	ue_session_release_command, ue_session_release_reject, ue_session_modification_command,
	ue_session_not_forwarded, ue_session_end, ue_session_repeat, ue_session_modification_request,
	ue_session_modification_reject, ue_session_modification_returned, ue_session_given_up,
	ue_session_authentication_command;
void ue_session_connected(struct ue *ue); /* what waited for the connection goes */
void ue_session_timer(void *owner, struct timer *t);
void ue_session_free(struct ue_session *s);
void ue_session_release_all(struct ue *ue); /* locally */
/* The automatic session, if there is to be one: now, and after its end, when the network lets. */
void ue_session_auto(struct ue *ue);
void ue_session_auto_later(struct ue *ue);
/* As it was asked for; views of s. */
struct ue_session_order ue_session_order_of(const struct ue_session *s);
uint16_t ue_session_status(const struct ue *ue);
uint16_t ue_session_always_on(const struct ue *ue); /* likewise, of those that are */
void ue_session_reconcile(struct ue *ue, uint16_t status);
void ue_session_replace(struct ue_session *s);
bool ue_session_answer(struct ue *ue, uint8_t psi, uint8_t pti, const struct nas_msg *sm);
bool ue_session_send(struct ue_session *s, const struct nas_msg *sm, uint8_t request_type);
bool ue_session_take_accept(
	struct ue_session *s, const struct nas_pdu_session_establishment_accept *a, uint8_t *cause);
bool ue_session_take_modification(
	struct ue_session *s, const struct nas_pdu_session_modification_command *m, uint8_t *cause);
void ue_session_receive(struct ue *ue, const struct nas_dl_nas_transport *t);
