#include "core/smf/modification.h"

static const char *const state_names[MD_STATE_COUNT] = { "none", "authorizing", "commanded" };

/*
 * The modification of an established session: 23.502 4.3.3, 24.501 6.3.2. One at a time: what changes
 * meanwhile is the next one's. What ends it raises SM_EV_MODIFY_END, and SM_EV_MODIFY for the next.
 */
static const struct fsm_row rows[] = {
	{ MD_NONE, SM_EV_MODIFY, smf_modify_start, MD_COMMANDED, MD_NONE },
	{ MD_NONE, SM_EV_MODIFY_REQUEST, smf_modify_request, MD_AUTHORIZING, MD_NONE },
	{ MD_NONE, SM_EV_COMMAND_FAILED, NULL, FSM_SAME, FSM_SAME },
	{ MD_NONE, SM_EV_NOTIFIED, smf_modify_notified, FSM_SAME, FSM_SAME },
	{ MD_NONE, SM_EV_N4_FAILED, smf_modify_n4_refused, FSM_SAME, FSM_SAME },

	{ MD_AUTHORIZING, SM_EV_MODIFY, NULL, FSM_SAME, FSM_SAME },
	{ MD_AUTHORIZING, SM_EV_MODIFY_REQUEST, smf_modify_collision, FSM_SAME, FSM_SAME },
	{ MD_AUTHORIZING, SM_EV_AUTHORIZED, smf_modify_authorized, MD_COMMANDED, MD_NONE },
	{ MD_AUTHORIZING, SM_EV_NOTIFIED, smf_modify_notified, FSM_SAME, FSM_SAME },
	{ MD_AUTHORIZING, SM_EV_COMMAND_FAILED, NULL, FSM_SAME, FSM_SAME },

	{ MD_COMMANDED, SM_EV_MODIFY, NULL, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_MODIFY_REQUEST, smf_modify_collision, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_MODIFY_COMPLETE, smf_modify_complete, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_MODIFY_REJECT, smf_modify_reject, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_STATUS, smf_modify_unknown, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_MODIFY_RESPONSE, smf_modify_response, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_MODIFY_FAILURE, smf_modify_failure, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_COMMAND_FAILED, smf_modify_failed, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_NOTIFIED, smf_modify_notified, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_T3591, smf_modify_again, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_N4_FAILED, smf_modify_n4_refused, FSM_SAME, FSM_SAME },
	{ MD_COMMANDED, SM_EV_MODIFY_END, smf_modify_finish, MD_NONE, FSM_SAME },
};

const struct fsm smf_modification_machine = { "modification", state_names, smf_event_names, rows,
	ARRAY_LEN(rows) };
