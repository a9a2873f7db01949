#include "core/smf/handover.h"

static const char *const state_names[UP_STATE_COUNT] = { "inactive", "activating", "connecting", "active",
	"deactivating", "paging", "preparing", "tunnelling", "prepared", "switching", "path switching",
	"moving" };

/* clang-format off: rows of a table */
/* While the source has the UE, and after. A path switch ends what was prepared: the UE went by itself. */
#define WITH_THE_SOURCE(state)                                                                               \
	{ state, SM_EV_HANDOVER_REQUIRED, smf_handover_prepare, UP_PREPARING, UP_ACTIVE },                   \
		{ state, SM_EV_HANDOVER_FAILED, smf_handover_fail, UP_ACTIVE, FSM_SAME },                    \
		{ state, SM_EV_HANDOVER_CANCEL, smf_handover_cancel, UP_ACTIVE, FSM_SAME },                  \
		{ state, SM_EV_TIMER, smf_handover_expire, UP_ACTIVE, FSM_SAME },                            \
		{ state, SM_EV_PATH_SWITCH, smf_path_switch, UP_PATH_SWITCHING, FSM_SAME },                  \
		{ state, SM_EV_PATH_SWITCH_FAILED, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },        \
		{ state, SM_EV_ACTIVATE, smf_activate_have, FSM_SAME, FSM_SAME },                            \
	{                                                                                                    \
		state, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME                     \
	}
#define WITH_THE_TARGET(state)                                                                               \
	{ state, SM_EV_PATH_SWITCH, smf_path_switch, UP_PATH_SWITCHING, FSM_SAME },                          \
		{ state, SM_EV_PATH_SWITCH_FAILED, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },        \
		{ state, SM_EV_ACTIVATE, smf_activate_have, FSM_SAME, FSM_SAME },                            \
	{                                                                                                    \
		state, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME                     \
	}
/* clang-format on */

/*
 * The user plane of an established session: 23.502 4.2.3.2 (activation), 4.2.3.3 (downlink data), 4.2.6
 * (deactivation), 4.9.1.2 (path switch), 4.9.1.3 (N2 handover). Actions that
 * may end the session raise events of its life. A setup response is listed where a request is outstanding
 * only: another one would move the downlink (it is refused, n11.c).
 */
static const struct fsm_row rows[] = {
	{ UP_INACTIVE, SM_EV_FIRST_RESPONSE, smf_activate_connect, UP_CONNECTING, FSM_SAME },
	{ UP_INACTIVE, SM_EV_SETUP_FAILURE, smf_activate_taken, FSM_SAME, FSM_SAME },
	{ UP_INACTIVE, SM_EV_RELEASE_RESPONSE, smf_activate_again, UP_ACTIVATING, UP_INACTIVE },
	{ UP_INACTIVE, SM_EV_ACTIVATE, smf_activate_start, UP_ACTIVATING, UP_INACTIVE },
	{ UP_INACTIVE, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },
	{ UP_INACTIVE, SM_EV_DOWNLINK_DATA, smf_network_service_start, UP_PAGING, UP_INACTIVE },
	{ UP_INACTIVE, SM_EV_TIMER, smf_network_service_listen, FSM_SAME, FSM_SAME },

	{ UP_PAGING, SM_EV_ACTIVATE, smf_activate_start, UP_ACTIVATING, UP_INACTIVE },
	{ UP_PAGING, SM_EV_TRANSFERRED, smf_network_service_connected, UP_ACTIVATING, FSM_SAME },
	{ UP_PAGING, SM_EV_TRANSFER_FAILED, smf_network_service_failed, UP_INACTIVE, FSM_SAME },
	{ UP_PAGING, SM_EV_TIMER, smf_network_service_failed, UP_INACTIVE, FSM_SAME },
	{ UP_PAGING, SM_EV_SETUP_FAILURE, smf_activate_refused, UP_INACTIVE, FSM_SAME },
	{ UP_PAGING, SM_EV_RELEASE_RESPONSE, smf_activate_taken, FSM_SAME, FSM_SAME },
	{ UP_PAGING, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },
	{ UP_PAGING, SM_EV_DOWNLINK_DATA, NULL, FSM_SAME, FSM_SAME },

	{ UP_ACTIVATING, SM_EV_SETUP_RESPONSE, smf_activate_connect, UP_CONNECTING, FSM_SAME },
	{ UP_ACTIVATING, SM_EV_SETUP_FAILURE, smf_activate_refused, UP_INACTIVE, FSM_SAME },
	{ UP_ACTIVATING, SM_EV_RELEASE_RESPONSE, smf_activate_taken, FSM_SAME, FSM_SAME },
	{ UP_ACTIVATING, SM_EV_TIMER, smf_activate_silent, UP_INACTIVE, FSM_SAME },
	{ UP_ACTIVATING, SM_EV_ACTIVATE, smf_activate_have, FSM_SAME, FSM_SAME },
	{ UP_ACTIVATING, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },

	{ UP_CONNECTING, SM_EV_N4_DONE, smf_activate_done, UP_ACTIVE, FSM_SAME },
	{ UP_CONNECTING, SM_EV_N4_FAILED, smf_activate_unconnected, UP_INACTIVE, FSM_SAME },
	{ UP_CONNECTING, SM_EV_ACTIVATE, smf_activate_have, FSM_SAME, FSM_SAME },
	{ UP_CONNECTING, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },
	{ UP_CONNECTING, SM_EV_HANDOVER_REQUIRED, smf_handover_connecting, UP_PREPARING, UP_CONNECTING },
	{ UP_CONNECTING, SM_EV_PATH_SWITCH, smf_path_switch_connecting, UP_PATH_SWITCHING, FSM_SAME },
	{ UP_CONNECTING, SM_EV_PATH_SWITCH_FAILED, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },

	{ UP_ACTIVE, SM_EV_ACTIVATE, smf_activate_have, FSM_SAME, FSM_SAME },
	{ UP_ACTIVE, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },
	{ UP_ACTIVE, SM_EV_HANDOVER_REQUIRED, smf_handover_prepare, UP_PREPARING, UP_ACTIVE },
	{ UP_ACTIVE, SM_EV_PATH_SWITCH, smf_path_switch, UP_PATH_SWITCHING, FSM_SAME },
	{ UP_ACTIVE, SM_EV_MODIFY_INDICATED, smf_modify_indicated, UP_MOVING, UP_ACTIVE },
	{ UP_ACTIVE, SM_EV_PATH_SWITCH_FAILED, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },
	{ UP_ACTIVE, SM_EV_TIMER, smf_handover_forwarded, FSM_SAME, FSM_SAME },

	{ UP_PREPARING, SM_EV_N4_FAILED, smf_handover_unswitched, UP_INACTIVE, FSM_SAME },
	{ UP_PREPARING, SM_EV_HANDOVER_ADMITTED, smf_handover_tunnel, UP_TUNNELLING, FSM_SAME },
	WITH_THE_SOURCE(UP_PREPARING),

	{ UP_TUNNELLING, SM_EV_N4_DONE, smf_handover_command, UP_PREPARED, UP_ACTIVE },
	{ UP_TUNNELLING, SM_EV_N4_FAILED, smf_handover_undo, UP_PREPARED, UP_ACTIVE },
	WITH_THE_SOURCE(UP_TUNNELLING),

	{ UP_PREPARED, SM_EV_N4_FAILED, smf_handover_unswitched, UP_INACTIVE, FSM_SAME },
	{ UP_PREPARED, SM_EV_HANDOVER_COMPLETE, smf_handover_complete, UP_HANDOVER_SWITCHING, FSM_SAME },
	WITH_THE_SOURCE(UP_PREPARED),

	{ UP_HANDOVER_SWITCHING, SM_EV_N4_DONE, smf_handover_switched, UP_ACTIVE, FSM_SAME },
	{ UP_HANDOVER_SWITCHING, SM_EV_N4_FAILED, smf_handover_unswitched, UP_INACTIVE, FSM_SAME },
	{ UP_HANDOVER_SWITCHING, SM_EV_HANDOVER_REQUIRED, smf_handover_again, UP_PREPARING,
		UP_HANDOVER_SWITCHING },
	WITH_THE_TARGET(UP_HANDOVER_SWITCHING),

	{ UP_PATH_SWITCHING, SM_EV_N4_DONE, smf_path_switched, UP_ACTIVE, FSM_SAME },
	{ UP_PATH_SWITCHING, SM_EV_N4_FAILED, smf_path_unswitched, UP_INACTIVE, FSM_SAME },
	{ UP_PATH_SWITCHING, SM_EV_HANDOVER_REQUIRED, smf_handover_busy, FSM_SAME, FSM_SAME },
	WITH_THE_TARGET(UP_PATH_SWITCHING),

	{ UP_MOVING, SM_EV_N4_DONE, smf_modify_indication_done, UP_ACTIVE, FSM_SAME },
	{ UP_MOVING, SM_EV_N4_FAILED, smf_modify_indication_failed, UP_INACTIVE, FSM_SAME },
	{ UP_MOVING, SM_EV_HANDOVER_REQUIRED, smf_handover_busy, FSM_SAME, FSM_SAME },
	WITH_THE_TARGET(UP_MOVING),

	{ UP_DEACTIVATING, SM_EV_N4_DONE, smf_deactivate_done, UP_INACTIVE, FSM_SAME },
	{ UP_DEACTIVATING, SM_EV_N4_FAILED, smf_deactivate_done, UP_INACTIVE, FSM_SAME },
	{ UP_DEACTIVATING, SM_EV_RELEASE_RESPONSE, smf_activate_again, UP_ACTIVATING, UP_DEACTIVATING },
	{ UP_DEACTIVATING, SM_EV_ACTIVATE, smf_activate_start, UP_ACTIVATING, UP_DEACTIVATING },
	{ UP_DEACTIVATING, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },
	{ UP_DEACTIVATING, SM_EV_DOWNLINK_DATA, smf_network_service_start, UP_PAGING, UP_DEACTIVATING },
};

const struct fsm smf_user_plane_machine = { "user plane", state_names, smf_event_names, rows,
	ARRAY_LEN(rows) };
