#include "core/smf/internal.h"

static const char *const state_names[SM_STATE_COUNT] = { "subscribing", "registering", "authorizing",
	"establishing", "accepting", "established", "releasing", "deleting" };

/*
 * The life of a session: 23.502 4.3.2.2.1 (establishment), 4.3.4.2 (release). Actions that end the session
 * raise SM_EV_END, so FSM_SAME stands wherever an action may have freed it.
 */
static const struct fsm_row rows[] = {
	{ SM_SUBSCRIBING, SM_EV_ANSWER, smf_establish_subscribed, SM_REGISTERING, FSM_SAME },
	{ SM_SUBSCRIBING, SM_EV_EMERGENCY, smf_establish_emergency, SM_AUTHORIZING, FSM_SAME },
	{ SM_SUBSCRIBING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },
	{ SM_REGISTERING, SM_EV_ANSWER, smf_establish_registered, SM_AUTHORIZING, FSM_SAME },
	{ SM_REGISTERING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },
	{ SM_AUTHORIZING, SM_EV_ANSWER, smf_establish_authorized, SM_ESTABLISHING, FSM_SAME },
	{ SM_AUTHORIZING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_ESTABLISHING, SM_EV_N4_DONE, smf_establish_accept, SM_ACCEPTING, FSM_SAME },
	{ SM_ESTABLISHING, SM_EV_N4_FAILED, smf_establish_abort, FSM_SAME, FSM_SAME },
	{ SM_ESTABLISHING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_ACCEPTING, SM_EV_SETUP_RESPONSE, smf_establish_set_up, SM_ESTABLISHED, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_ACTIVATE, smf_establish_activate, SM_ESTABLISHED, SM_ACCEPTING },
	{ SM_ACCEPTING, SM_EV_DEACTIVATE, smf_establish_deactivate, SM_ESTABLISHED, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_SETUP_FAILURE, smf_establish_withdraw, SM_RELEASING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_TRANSFER_FAILED, smf_establish_undelivered, FSM_SAME, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_TIMER, smf_establish_withdraw, SM_RELEASING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_RELEASE_REQUEST, smf_release_start, SM_RELEASING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_RELEASE_COMMAND, smf_release_command, SM_RELEASING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_UE_LACKS, smf_release_lacking, SM_RELEASING, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_RESTORE, smf_restore, FSM_SAME, FSM_SAME },
	{ SM_ACCEPTING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_ESTABLISHED, SM_EV_RELEASE_REQUEST, smf_release_start, SM_RELEASING, FSM_SAME },
	{ SM_ESTABLISHED, SM_EV_RELEASE_COMMAND, smf_release_command, SM_RELEASING, FSM_SAME },
	{ SM_ESTABLISHED, SM_EV_UE_LACKS, smf_release_lacking, SM_RELEASING, FSM_SAME },
	{ SM_ESTABLISHED, SM_EV_RESTORE, smf_restore, FSM_SAME, FSM_SAME },
	{ SM_ESTABLISHED, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },
	/* and the rows of user_plane_fsm.c */

	{ SM_RELEASING, SM_EV_RELEASE_REQUEST, smf_release_again, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_RELEASE_COMMAND, NULL, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_RELEASE_COMPLETE, smf_release_complete, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_UE_LACKS, smf_release_complete, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_STATUS, smf_release_complete, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_RELEASE_RESPONSE, smf_release_response, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_DEACTIVATE, smf_release_radio_lost, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_SETUP_RESPONSE, smf_release_taken, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_SETUP_FAILURE, smf_release_taken, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_MODIFY_RESPONSE, smf_release_taken, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_MODIFY_FAILURE, smf_release_taken, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_MODIFY_COMPLETE, smf_release_taken, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_MODIFY_REJECT, smf_release_taken, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_TRANSFER_FAILED, smf_release_undelivered, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_TIMER, smf_release_timer, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_RESTORE, smf_restore, FSM_SAME, FSM_SAME },
	{ SM_RELEASING, SM_EV_END, smf_release_local, SM_DELETING, FSM_SAME },

	{ SM_DELETING, SM_EV_N4_DONE, smf_release_finish, FSM_SAME, FSM_SAME },
	{ SM_DELETING, SM_EV_N4_FAILED, smf_release_finish, FSM_SAME, FSM_SAME },
	{ SM_DELETING, SM_EV_RESTORE, smf_release_delete_again, FSM_SAME, FSM_SAME },
	{ SM_DELETING, SM_EV_END, NULL, FSM_SAME, FSM_SAME },
};

const struct fsm smf_session_machine = { "session", state_names, smf_event_names, rows, ARRAY_LEN(rows) };
