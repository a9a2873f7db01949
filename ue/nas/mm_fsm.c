/* The 5GMM state machine of the UE as a table (24.501 5.1.3.2). */
#include "ue/internal.h"

static const char *const state_names[MM_STATE_COUNT] = {
	"5GMM-DEREGISTERED",
	"5GMM-DEREGISTERED.ATTEMPTING-REGISTRATION",
	"5GMM-DEREGISTERED.NO-SUPI",
	"5GMM-REGISTERED-INITIATED",
	"5GMM-REGISTERED",
	"5GMM-REGISTERED.ATTEMPTING-REGISTRATION-UPDATE",
	"5GMM-SERVICE-REQUEST-INITIATED",
	"5GMM-DEREGISTERED-INITIATED",
};

static const char *const event_names[MM_EV_COUNT] = {
	"register",
	"update",
	"service",
	"deregister",
	"accept",
	"reject",
	"service accept",
	"service reject",
	"identity request",
	"authentication request",
	"authentication result",
	"authentication reject",
	"security mode command",
	"configuration update",
	"deregistration request",
	"deregistration accept",
	"timer",
	"released",
	"failed",
	"try again",
	"update again",
	"barred",
	"ended",
};

/* 24.501 5.4: the network's common procedures run within every procedure of the UE. */
/* clang-format off: rows of a table */
#define COMMON(state)                                                                                        \
	{ state, MM_EV_IDENTITY_REQUEST, ue_identity_request, FSM_SAME, FSM_SAME },                          \
		{ state, MM_EV_AUTHENTICATION_REQUEST, ue_authentication_request, FSM_SAME, FSM_SAME },      \
		{ state, MM_EV_AUTHENTICATION_RESULT, ue_authentication_result, FSM_SAME, FSM_SAME },        \
		{ state, MM_EV_AUTHENTICATION_REJECT, ue_authentication_reject, FSM_SAME, FSM_SAME },        \
		{ state, MM_EV_SECURITY_MODE_COMMAND, ue_security_mode_command, FSM_SAME, FSM_SAME },        \
		{ state, MM_EV_BARRED, NULL, MM_DEREGISTERED_NO_SUPI, FSM_SAME },                            \
		{ state, MM_EV_TRY_AGAIN, ue_registration_later, MM_DEREGISTERED_ATTEMPTING, FSM_SAME },     \
		{ state, MM_EV_UPDATE_AGAIN, ue_registration_update_later, MM_REGISTERED_ATTEMPTING,         \
			FSM_SAME },                                                                          \
	{                                                                                                    \
		state, MM_EV_ENDED, NULL, MM_DEREGISTERED, FSM_SAME                                          \
	}
/* clang-format on */

static const struct fsm_row rows[] = {
	{ MM_DEREGISTERED, MM_EV_REGISTER, ue_registration_start, MM_REGISTERED_INITIATED, MM_DEREGISTERED },
	{ MM_DEREGISTERED, MM_EV_RELEASED, NULL, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERED, MM_EV_FAILED, NULL, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERED, MM_EV_DEREGISTER, NULL, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERED, MM_EV_TRY_AGAIN, ue_registration_later, MM_DEREGISTERED_ATTEMPTING, FSM_SAME },

	{ MM_DEREGISTERED_ATTEMPTING, MM_EV_REGISTER, ue_registration_start, MM_REGISTERED_INITIATED,
		MM_DEREGISTERED },
	{ MM_DEREGISTERED_ATTEMPTING, MM_EV_TIMER, ue_registration_start, MM_REGISTERED_INITIATED,
		MM_DEREGISTERED },
	{ MM_DEREGISTERED_ATTEMPTING, MM_EV_DEREGISTER, ue_deregistration_ended, MM_DEREGISTERED, FSM_SAME },
	{ MM_DEREGISTERED_ATTEMPTING, MM_EV_RELEASED, NULL, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERED_ATTEMPTING, MM_EV_FAILED, NULL, FSM_SAME, FSM_SAME },

	{ MM_DEREGISTERED_NO_SUPI, MM_EV_REGISTER, ue_registration_start, MM_REGISTERED_INITIATED,
		MM_DEREGISTERED },
	{ MM_DEREGISTERED_NO_SUPI, MM_EV_TIMER, ue_registration_start, MM_REGISTERED_INITIATED,
		MM_DEREGISTERED },
	{ MM_DEREGISTERED_NO_SUPI, MM_EV_DEREGISTER, ue_deregistration_ended, MM_DEREGISTERED, FSM_SAME },
	{ MM_DEREGISTERED_NO_SUPI, MM_EV_RELEASED, NULL, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERED_NO_SUPI, MM_EV_FAILED, NULL, FSM_SAME, FSM_SAME },

	{ MM_REGISTERED_INITIATED, MM_EV_ACCEPT, ue_registration_accept, MM_REGISTERED, FSM_SAME },
	{ MM_REGISTERED_INITIATED, MM_EV_REJECT, ue_registration_reject, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED_INITIATED, MM_EV_TIMER, ue_registration_timeout, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED_INITIATED, MM_EV_RELEASED, ue_registration_failed, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED_INITIATED, MM_EV_FAILED, ue_registration_failed, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED_INITIATED, MM_EV_DEREGISTER, ue_deregistration_start, MM_DEREGISTERED_INITIATED,
		MM_DEREGISTERED },
	COMMON(MM_REGISTERED_INITIATED),

	{ MM_REGISTERED, MM_EV_ACCEPT, ue_registration_repeat, FSM_SAME,
		FSM_SAME }, /* our complete was lost */
	{ MM_REGISTERED, MM_EV_UPDATE, ue_registration_update, MM_REGISTERED_INITIATED, MM_REGISTERED },
	{ MM_REGISTERED, MM_EV_SERVICE, ue_service_start, MM_SERVICE_REQUEST_INITIATED, MM_REGISTERED },
	{ MM_REGISTERED, MM_EV_DEREGISTER, ue_deregistration_start, MM_DEREGISTERED_INITIATED,
		MM_DEREGISTERED },
	{ MM_REGISTERED, MM_EV_DEREGISTRATION_REQUEST, ue_deregistration_request, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_CONFIGURATION_UPDATE, ue_configuration_update, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_RELEASED, ue_mm_registered_idle, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_FAILED, ue_mm_connection_failed, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_REGISTER, NULL, FSM_SAME, FSM_SAME },
	COMMON(MM_REGISTERED),

	{ MM_REGISTERED_ATTEMPTING, MM_EV_TIMER, ue_registration_update, MM_REGISTERED_INITIATED,
		MM_REGISTERED },
	{ MM_REGISTERED_ATTEMPTING, MM_EV_REGISTER, ue_registration_update, MM_REGISTERED_INITIATED,
		MM_REGISTERED },
	{ MM_REGISTERED_ATTEMPTING, MM_EV_UPDATE, ue_registration_update, MM_REGISTERED_INITIATED,
		MM_REGISTERED },
	{ MM_REGISTERED_ATTEMPTING, MM_EV_DEREGISTER, ue_deregistration_start, MM_DEREGISTERED_INITIATED,
		MM_DEREGISTERED },
	{ MM_REGISTERED_ATTEMPTING, MM_EV_RELEASED, NULL, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED_ATTEMPTING, MM_EV_FAILED, NULL, FSM_SAME, FSM_SAME },

	{ MM_SERVICE_REQUEST_INITIATED, MM_EV_SERVICE_ACCEPT, ue_service_accept, MM_REGISTERED, FSM_SAME },
	{ MM_SERVICE_REQUEST_INITIATED, MM_EV_SERVICE_REJECT, ue_service_reject, FSM_SAME, FSM_SAME },
	{ MM_SERVICE_REQUEST_INITIATED, MM_EV_TIMER, ue_service_failed, MM_REGISTERED, FSM_SAME },
	{ MM_SERVICE_REQUEST_INITIATED, MM_EV_RELEASED, ue_service_failed, MM_REGISTERED, FSM_SAME },
	{ MM_SERVICE_REQUEST_INITIATED, MM_EV_FAILED, ue_service_failed, MM_REGISTERED, FSM_SAME },
	{ MM_SERVICE_REQUEST_INITIATED, MM_EV_DEREGISTER, ue_deregistration_start, MM_DEREGISTERED_INITIATED,
		MM_DEREGISTERED },
	{ MM_SERVICE_REQUEST_INITIATED, MM_EV_DEREGISTRATION_REQUEST, ue_deregistration_request, FSM_SAME,
		FSM_SAME },
	COMMON(MM_SERVICE_REQUEST_INITIATED),

	{ MM_DEREGISTERED_INITIATED, MM_EV_DEREGISTRATION_ACCEPT, ue_deregistration_accept, MM_DEREGISTERED,
		FSM_SAME },
	{ MM_DEREGISTERED_INITIATED, MM_EV_DEREGISTRATION_REQUEST, ue_deregistration_request, FSM_SAME,
		FSM_SAME },
	{ MM_DEREGISTERED_INITIATED, MM_EV_TIMER, ue_deregistration_timeout, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERED_INITIATED, MM_EV_RELEASED, ue_deregistration_done, MM_DEREGISTERED, FSM_SAME },
	{ MM_DEREGISTERED_INITIATED, MM_EV_FAILED, ue_deregistration_done, MM_DEREGISTERED, FSM_SAME },
	COMMON(MM_DEREGISTERED_INITIATED),
};

const struct fsm ue_mm_fsm = { "5gmm", state_names, event_names, rows, ARRAY_LEN(rows) };
