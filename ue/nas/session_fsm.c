/* The 5GSM state machine of the UE as a table (24.501 6.1.3.2). */
#include "ue/internal.h"

static const char *const state_names[SM_STATE_COUNT] = {
	"PDU SESSION INACTIVE",
	"PDU SESSION ACTIVE PENDING",
	"PDU SESSION ACTIVE",
	"PDU SESSION MODIFICATION PENDING",
	"PDU SESSION INACTIVE PENDING",
};

static const char *const event_names[SM_EV_COUNT] = {
	"establish",
	"accept",
	"reject",
	"release",
	"release command",
	"release reject",
	"modify",
	"modification command",
	"modification reject",
	"not forwarded",
	"authentication command",
	"authentication result",
	"local release",
	"timer",
	"give up",
};

/* ue_session_end frees the session, as do the actions that refuse or release one. */
static const struct fsm_row rows[] = {
	{ SM_INACTIVE, SM_EV_ESTABLISH, ue_session_request, SM_ACTIVE_PENDING, SM_INACTIVE },
	{ SM_INACTIVE, SM_EV_LOCAL_RELEASE, ue_session_end, FSM_SAME, FSM_SAME },

	{ SM_ACTIVE_PENDING, SM_EV_ACCEPT, ue_session_accept, SM_ACTIVE, FSM_SAME },
	{ SM_ACTIVE_PENDING, SM_EV_REJECT, ue_session_reject, SM_INACTIVE, FSM_SAME },
	{ SM_ACTIVE_PENDING, SM_EV_NOT_FORWARDED, ue_session_not_forwarded, SM_INACTIVE, FSM_SAME },
	{ SM_ACTIVE_PENDING, SM_EV_RELEASE_COMMAND, ue_session_release_command, SM_INACTIVE, FSM_SAME },
	{ SM_ACTIVE_PENDING, SM_EV_AUTHENTICATION_COMMAND, ue_session_authentication_command, FSM_SAME,
		FSM_SAME },
	{ SM_ACTIVE_PENDING, SM_EV_AUTHENTICATION_RESULT, NULL, FSM_SAME, FSM_SAME },
	{ SM_ACTIVE_PENDING, SM_EV_TIMER, ue_session_repeat, FSM_SAME, FSM_SAME },
	{ SM_ACTIVE_PENDING, SM_EV_GIVE_UP, ue_session_given_up, FSM_SAME, FSM_SAME },
	{ SM_ACTIVE_PENDING, SM_EV_LOCAL_RELEASE, ue_session_end, FSM_SAME, FSM_SAME },

	{ SM_ACTIVE, SM_EV_RELEASE, ue_session_release_request, SM_INACTIVE_PENDING, SM_ACTIVE },
	{ SM_ACTIVE, SM_EV_RELEASE_COMMAND, ue_session_release_command, SM_INACTIVE, FSM_SAME },
	{ SM_ACTIVE, SM_EV_MODIFY, ue_session_modification_request, SM_MODIFICATION_PENDING, SM_ACTIVE },
	{ SM_ACTIVE, SM_EV_MODIFICATION_COMMAND, ue_session_modification_command, FSM_SAME, FSM_SAME },
	{ SM_ACTIVE, SM_EV_AUTHENTICATION_COMMAND, ue_session_authentication_command, FSM_SAME, FSM_SAME },
	{ SM_ACTIVE, SM_EV_AUTHENTICATION_RESULT, NULL, FSM_SAME, FSM_SAME },
	{ SM_ACTIVE, SM_EV_LOCAL_RELEASE, ue_session_end, FSM_SAME, FSM_SAME },

	{ SM_MODIFICATION_PENDING, SM_EV_MODIFICATION_COMMAND, ue_session_modification_command, SM_ACTIVE,
		FSM_SAME },
	{ SM_MODIFICATION_PENDING, SM_EV_MODIFICATION_REJECT, ue_session_modification_reject, SM_ACTIVE,
		FSM_SAME },
	{ SM_MODIFICATION_PENDING, SM_EV_NOT_FORWARDED, ue_session_modification_returned, SM_ACTIVE,
		FSM_SAME },
	{ SM_MODIFICATION_PENDING, SM_EV_RELEASE_COMMAND, ue_session_release_command, SM_INACTIVE, FSM_SAME },
	{ SM_MODIFICATION_PENDING, SM_EV_AUTHENTICATION_COMMAND, ue_session_authentication_command, FSM_SAME,
		FSM_SAME },
	{ SM_MODIFICATION_PENDING, SM_EV_AUTHENTICATION_RESULT, NULL, FSM_SAME, FSM_SAME },
	{ SM_MODIFICATION_PENDING, SM_EV_TIMER, ue_session_repeat, FSM_SAME, FSM_SAME },
	{ SM_MODIFICATION_PENDING, SM_EV_GIVE_UP, ue_session_modification_reject, SM_ACTIVE, FSM_SAME },
	{ SM_MODIFICATION_PENDING, SM_EV_LOCAL_RELEASE, ue_session_end, FSM_SAME, FSM_SAME },

	{ SM_INACTIVE_PENDING, SM_EV_RELEASE_COMMAND, ue_session_release_command, SM_INACTIVE, FSM_SAME },
	{ SM_INACTIVE_PENDING, SM_EV_RELEASE_REJECT, ue_session_release_reject, SM_INACTIVE, FSM_SAME },
	{ SM_INACTIVE_PENDING, SM_EV_NOT_FORWARDED, ue_session_release_reject, SM_INACTIVE, FSM_SAME },
	{ SM_INACTIVE_PENDING, SM_EV_AUTHENTICATION_COMMAND, NULL, FSM_SAME,
		FSM_SAME }, /* 6.3.1.2: ignored */
	{ SM_INACTIVE_PENDING, SM_EV_AUTHENTICATION_RESULT, NULL, FSM_SAME, FSM_SAME },
	{ SM_INACTIVE_PENDING, SM_EV_TIMER, ue_session_repeat, FSM_SAME, FSM_SAME },
	{ SM_INACTIVE_PENDING, SM_EV_GIVE_UP, ue_session_given_up, FSM_SAME, FSM_SAME },
	{ SM_INACTIVE_PENDING, SM_EV_LOCAL_RELEASE, ue_session_end, FSM_SAME, FSM_SAME },
};

const struct fsm ue_sm_fsm = { "5gsm", state_names, event_names, rows, ARRAY_LEN(rows) };
