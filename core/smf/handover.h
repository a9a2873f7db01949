/* Handovers and path switches of the SMF, 23.502 4.9.1, as its files share them. */
#pragma once

#include "core/smf/internal.h"

/* n2_sm_handover.c: the same of handovers and path switches, 38.413 9.3.4.8 to 9.3.4.11, 9.3.4.14 to 9.3.4.20
 */
bool smf_n2_sm_handover_required(struct smf *smf, struct bytes transfer, struct n2_forwarding *out);
bool smf_n2_sm_handover_acknowledge(struct smf *smf, const struct smf_session *s, struct bytes transfer,
	struct n2_setup *setup, struct n2_forwarding *forwarding);
struct bytes smf_n2_sm_handover_command(struct smf *smf, const struct smf_session *s);
struct bytes smf_n2_sm_handover_refusal(struct smf *smf, struct ngap_cause cause);
bool smf_n2_sm_path_switch_request(
	struct smf *smf, const struct smf_session *s, struct bytes transfer, struct n2_setup *out);
struct bytes smf_n2_sm_path_switch_acknowledge(struct smf *smf, const struct smf_session *s);
struct bytes smf_n2_sm_path_switch_refusal(struct smf *smf, struct ngap_cause cause);

bool smf_n2_sm_modify_indication(
	struct smf *smf, const struct smf_session *s, struct bytes transfer, struct n2_setup *out);
struct bytes smf_n2_sm_modify_confirm(struct smf *smf, const struct smf_session *s);
struct bytes smf_n2_sm_modify_indication_refusal(struct smf *smf, struct ngap_cause cause);

/* handover.c: the downlink is that tunnel's from now on, and what of the asked flows was not accepted goes.
 */
enum fsm_outcome smf_switch_to(struct smf *smf, struct smf_session *s, const struct sm_update *u,
	const struct smf_tunnel *tunnel, uint64_t accepted, uint64_t asked);
/* The UPF does not take it: the session stays, without user plane. */
void smf_unswitched(struct smf *smf, struct smf_session *s);

/* modify_indication.c */
fsm_action smf_modify_indicated, smf_modify_indication_done, smf_modify_indication_failed;
/* handover.c and path_switch.c: actions of the user plane */
fsm_action smf_handover_prepare, smf_handover_connecting, smf_handover_again, smf_handover_busy,
	smf_handover_tunnel, smf_handover_command, smf_handover_undo, smf_handover_fail, smf_handover_cancel,
	smf_handover_expire, smf_handover_complete, smf_handover_switched, smf_handover_unswitched,
	smf_handover_forwarded;
fsm_action smf_path_switch, smf_path_switch_connecting, smf_path_switched, smf_path_unswitched;

/* handover.c: what an UpdateSMContext request of a handover or path switch means; SM_EV_COUNT: nothing. */
enum sm_event smf_handover_event(struct smf *smf, const struct smf_session *s, struct sm_update *u);
/* It cannot be: with what the gNB is to know of it. */
void smf_handover_refuse(struct smf *smf, const struct sm_update *u, enum sbi_cause cause);
