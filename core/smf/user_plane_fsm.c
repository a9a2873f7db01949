#include "core/smf/internal.h"

static const char *const state_names[UP_STATE_COUNT] = { "inactive", "activating", "connecting", "active",
	"deactivating", "paging" };

/*
 * The user plane of an established session: 23.502 4.2.3.2 (activation), 4.2.3.3 (downlink data), 4.2.6
 * (deactivation). Actions that
 * may end the session raise events of its life. A setup response is listed where a request is outstanding
 * only: another one would move the downlink (it is refused, n11.c).
 */
static const struct fsm_row rows[] = {
	{ UP_INACTIVE, SM_EV_FIRST_RESPONSE, smf_activate_connect, UP_CONNECTING, FSM_SAME },
	{ UP_INACTIVE, SM_EV_SETUP_FAILURE, smf_activate_taken, FSM_SAME, FSM_SAME },
	{ UP_INACTIVE, SM_EV_RELEASE_RESPONSE, smf_activate_again, UP_ACTIVATING, FSM_SAME },
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

	{ UP_ACTIVE, SM_EV_ACTIVATE, smf_activate_have, FSM_SAME, FSM_SAME },
	{ UP_ACTIVE, SM_EV_TIMER, smf_modify_later, FSM_SAME, FSM_SAME },
	{ UP_ACTIVE, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },

	{ UP_DEACTIVATING, SM_EV_N4_DONE, smf_deactivate_done, UP_INACTIVE, FSM_SAME },
	{ UP_DEACTIVATING, SM_EV_N4_FAILED, smf_deactivate_done, UP_INACTIVE, FSM_SAME },
	{ UP_DEACTIVATING, SM_EV_RELEASE_RESPONSE, smf_activate_again, UP_ACTIVATING, FSM_SAME },
	{ UP_DEACTIVATING, SM_EV_ACTIVATE, smf_activate_start, UP_ACTIVATING, UP_DEACTIVATING },
	{ UP_DEACTIVATING, SM_EV_DEACTIVATE, smf_deactivate_start, UP_DEACTIVATING, FSM_SAME },
	{ UP_DEACTIVATING, SM_EV_DOWNLINK_DATA, smf_network_service_start, UP_PAGING, FSM_SAME },
};

const struct fsm smf_user_plane_machine = { "user plane", state_names, smf_event_names, rows,
	ARRAY_LEN(rows) };
