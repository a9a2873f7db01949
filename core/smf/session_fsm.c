#include "core/smf/internal.h"

static const char *const state_names[SM_STATE_COUNT] = { "subscribing", "registering", "authorizing",
	"establishing", "accepting", "connecting", "active", "disconnecting", "inactive", "activating",
	"releasing", "deleting" };

static const char *const event_names[SM_EV_COUNT] = { "answer", "n4 done", "n4 failed", "transfer failed",
	"setup response", "setup failure", "activate", "deactivate", "release request", "release command",
	"release complete", "release response", "end", "timer" };

/*
 * 23.502 4.3.2.2.1 (establishment), 4.2.3.2 (activation), 4.2.6 (deactivation), 4.3.4.2 (release). Actions
 * that end the session raise SM_EV_END, so FSM_SAME stands wherever an action may have freed it.
 */
static const struct fsm_row rows[] = {
	{ SM_SUBSCRIBING, SM_EV_ANSWER, smf_establish_subscribed, SM_REGISTERING, FSM_SAME },
	{ SM_SUBSCRIBING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },
	{ SM_REGISTERING, SM_EV_ANSWER, smf_establish_registered, SM_AUTHORIZING, FSM_SAME },
	{ SM_REGISTERING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },
	{ SM_AUTHORIZING, SM_EV_ANSWER, smf_establish_authorized, SM_ESTABLISHING, FSM_SAME },
	{ SM_AUTHORIZING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_ESTABLISHING, SM_EV_N4_DONE, smf_establish_accept, SM_ACCEPTING, FSM_SAME },
	{ SM_ESTABLISHING, SM_EV_N4_FAILED, smf_establish_abort, FSM_SAME, FSM_SAME },
	{ SM_ESTABLISHING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_ACCEPTING, SM_EV_SETUP_RESPONSE, connect_start, SM_CONNECTING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_SETUP_FAILURE, smf_establish_withdraw, SM_RELEASING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_TRANSFER_FAILED, smf_establish_undelivered, FSM_SAME, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_TIMER, smf_establish_withdraw, SM_RELEASING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_ACTIVATE, smf_activate_start, SM_ACTIVATING, SM_ACCEPTING },
	{ SM_ACCEPTING, SM_EV_DEACTIVATE, deactivate_at_once, SM_INACTIVE, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_RELEASE_REQUEST, smf_release_start, SM_RELEASING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_RELEASE_COMMAND, smf_release_command, SM_RELEASING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_CONNECTING, SM_EV_N4_DONE, connect_done, SM_ACTIVE, FSM_SAME },
	{ SM_CONNECTING, SM_EV_N4_FAILED, connect_failed, SM_INACTIVE, FSM_SAME },
	{ SM_CONNECTING, SM_EV_SETUP_RESPONSE, connect_start, SM_CONNECTING, FSM_SAME },
	{ SM_CONNECTING, SM_EV_ACTIVATE, smf_activate_start, SM_ACTIVATING, SM_CONNECTING },
	{ SM_CONNECTING, SM_EV_DEACTIVATE, disconnect_start, SM_DISCONNECTING, FSM_SAME },
	{ SM_CONNECTING, SM_EV_RELEASE_REQUEST, smf_release_start, SM_RELEASING, FSM_SAME },
	{ SM_CONNECTING, SM_EV_RELEASE_COMMAND, smf_release_command, SM_RELEASING, FSM_SAME },
	{ SM_CONNECTING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_ACTIVE, SM_EV_SETUP_RESPONSE, connect_start, SM_CONNECTING, FSM_SAME },
	{ SM_ACTIVE, SM_EV_ACTIVATE, smf_activate_start, SM_ACTIVATING, SM_ACTIVE },
	{ SM_ACTIVE, SM_EV_DEACTIVATE, disconnect_start, SM_DISCONNECTING, FSM_SAME },
	{ SM_ACTIVE, SM_EV_RELEASE_REQUEST, smf_release_start, SM_RELEASING, FSM_SAME },
	{ SM_ACTIVE, SM_EV_RELEASE_COMMAND, smf_release_command, SM_RELEASING, FSM_SAME },
	{ SM_ACTIVE, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_DISCONNECTING, SM_EV_N4_DONE, disconnect_done, SM_INACTIVE, FSM_SAME },
	{ SM_DISCONNECTING, SM_EV_N4_FAILED, disconnect_done, SM_INACTIVE, FSM_SAME },
	{ SM_DISCONNECTING, SM_EV_ACTIVATE, smf_activate_start, SM_ACTIVATING, SM_DISCONNECTING },
	{ SM_DISCONNECTING, SM_EV_DEACTIVATE, disconnect_start, SM_DISCONNECTING, FSM_SAME },
	{ SM_DISCONNECTING, SM_EV_RELEASE_REQUEST, smf_release_start, SM_RELEASING, FSM_SAME },
	{ SM_DISCONNECTING, SM_EV_RELEASE_COMMAND, smf_release_command, SM_RELEASING, FSM_SAME },
	{ SM_DISCONNECTING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_INACTIVE, SM_EV_SETUP_RESPONSE, connect_start, SM_CONNECTING, FSM_SAME },
	{ SM_INACTIVE, SM_EV_SETUP_FAILURE, update_taken, FSM_SAME, FSM_SAME },
	{ SM_INACTIVE, SM_EV_RELEASE_RESPONSE, update_taken, FSM_SAME, FSM_SAME },
	{ SM_INACTIVE, SM_EV_ACTIVATE, smf_activate_start, SM_ACTIVATING, SM_INACTIVE },
	{ SM_INACTIVE, SM_EV_DEACTIVATE, deactivate_at_once, FSM_SAME, FSM_SAME },
	{ SM_INACTIVE, SM_EV_RELEASE_REQUEST, smf_release_start, SM_RELEASING, FSM_SAME },
	{ SM_INACTIVE, SM_EV_RELEASE_COMMAND, smf_release_command, SM_RELEASING, FSM_SAME },
	{ SM_INACTIVE, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_ACTIVATING, SM_EV_SETUP_RESPONSE, connect_start, SM_CONNECTING, FSM_SAME },
	{ SM_ACTIVATING, SM_EV_RELEASE_RESPONSE, update_taken, FSM_SAME, FSM_SAME },
	{ SM_ACTIVATING, SM_EV_SETUP_FAILURE, setup_failed, SM_INACTIVE, FSM_SAME },
	{ SM_ACTIVATING, SM_EV_TIMER, smf_activate_silent, SM_INACTIVE, FSM_SAME },
	{ SM_ACTIVATING, SM_EV_ACTIVATE, smf_activate_start, SM_ACTIVATING, SM_ACTIVATING },
	{ SM_ACTIVATING, SM_EV_DEACTIVATE, disconnect_start, SM_DISCONNECTING, FSM_SAME },
	{ SM_ACTIVATING, SM_EV_RELEASE_REQUEST, smf_release_start, SM_RELEASING, FSM_SAME },
	{ SM_ACTIVATING, SM_EV_RELEASE_COMMAND, smf_release_command, SM_RELEASING, FSM_SAME },
	{ SM_ACTIVATING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_RELEASING, SM_EV_RELEASE_REQUEST, smf_release_again, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_RELEASE_COMMAND, NULL, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_RELEASE_COMPLETE, smf_release_complete, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_RELEASE_RESPONSE, smf_release_response, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_DEACTIVATE, smf_release_radio_lost, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_SETUP_RESPONSE, update_taken, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_SETUP_FAILURE, update_taken, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_TRANSFER_FAILED, smf_release_undelivered, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_TIMER, smf_release_timer, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_DELETING, SM_EV_N4_DONE, smf_release_finish, FSM_SAME, FSM_SAME },
	{ SM_DELETING, SM_EV_N4_FAILED, smf_release_finish, FSM_SAME, FSM_SAME },
	{ SM_DELETING, SM_EV_END, NULL, FSM_SAME, FSM_SAME },
};

static const struct fsm session_machine = { "session", state_names, event_names, rows, ARRAY_LEN(rows) };

enum fsm_outcome smf_session_event(
	struct smf *smf, struct smf_session *s, enum sm_event event, const void *arg)
{
	/* Nothing is said of a session that the store lost, before it has it. */
	if (mark_is_lost(smf->nf.env->turn, &s->mark))
		smf_session_dirty(smf, s);
	return fsm_event(&session_machine, &s->state, event, smf, s, arg);
}

const char *smf_session_state_name(uint8_t state)
{
	return state < SM_STATE_COUNT ? state_names[state] : "?";
}
