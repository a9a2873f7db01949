/* The actions of the session's life, by file, which session_fsm.c and user_plane_fsm.c list. */
#pragma once

#include "base/fsm.h"

fsm_action smf_establish_subscribed, smf_establish_registered, smf_establish_authorized, smf_establish_accept,
	smf_establish_abort, smf_establish_withdraw, smf_establish_undelivered, smf_establish_set_up,
	smf_establish_activate, smf_establish_deactivate;
fsm_action smf_release_start, smf_release_command, smf_release_again, smf_release_complete,
	smf_release_response, smf_release_radio_lost, smf_release_timer, smf_release_undelivered,
	smf_release_local, smf_release_finish, smf_release_taken, smf_release_delete_again,
	smf_release_lacking;
fsm_action smf_restore;
/* emergency.c */
fsm_action smf_establish_emergency;
/* Of its user plane. */
fsm_action smf_activate_start, smf_activate_connect, smf_activate_done, smf_activate_unconnected,
	smf_activate_refused, smf_activate_silent, smf_activate_taken, smf_activate_have, smf_activate_again;
fsm_action smf_deactivate_start, smf_deactivate_done;
fsm_action smf_modify_later; /* session_modification.c */
fsm_action smf_network_service_start, smf_network_service_connected, smf_network_service_failed,
	smf_network_service_listen;
