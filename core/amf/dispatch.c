/* Who acts: the 5GMM state machine of the AMF (24.501 5.1.3.4), and what procedures do, as tables. */
#include "core/amf/authentication.h"
#include "core/amf/handover.h"
#include "core/amf/home_update.h"
#include "core/amf/paging.h"

static const char *const state_names[MM_STATE_COUNT] = {
	"DEREGISTERED",
	"REGISTRATION-BEGUN",
	"IDENTIFYING",
	"GETTING-VECTOR",
	"CHALLENGED",
	"CONFIRMING",
	"SECURING",
	"SUBSCRIBING",
	"ACCEPTED",
	"REGISTERED",
	"DEREGISTERING",
};

static const char *const event_names[MM_EV_COUNT] = {
	"registration request",
	"restart",
	"identify",
	"authenticate",
	"secured",
	"unproved",
	"identity response",
	"vector",
	"authentication response",
	"authentication failure",
	"EAP request",
	"confirmed",
	"security mode complete",
	"security mode reject",
	"answer",
	"subscribed",
	"registration complete",
	"configuration update complete",
	"service request",
	"deregistration request",
	"deregistration accept",
	"withdrawn",
	"moved",
	"unreachable",
	"connection lost",
	"restored",
};

/* What may happen in every state between the request and its end. */
/* clang-format off: rows of a table */
#define UNDER_WAY(state)                                                                                     \
	{ state, MM_EV_REGISTRATION_REQUEST, amf_registration_restart, FSM_SAME, FSM_SAME },                 \
		{ state, MM_EV_RESTART, amf_registration_request, MM_REGISTRATION_BEGUN, FSM_SAME },         \
		{ state, MM_EV_DEREGISTRATION_REQUEST, amf_deregistration_request, FSM_SAME, FSM_SAME },     \
		{ state, MM_EV_WITHDRAWN, amf_deregistration_implicit, FSM_SAME, FSM_SAME },                 \
		{ state, MM_EV_MOVED, amf_deregistration_moved, FSM_SAME, FSM_SAME },                        \
	{                                                                                                    \
		state, MM_EV_CONNECTION_LOST, amf_registration_abandon, MM_REGISTERED, FSM_SAME              \
	}
/* clang-format on */

static const struct fsm_row rows[] = {
	{ MM_DEREGISTERED, MM_EV_REGISTRATION_REQUEST, amf_registration_request, MM_REGISTRATION_BEGUN,
		FSM_SAME },
	{ MM_DEREGISTERED, MM_EV_SERVICE_REQUEST, amf_service_request, FSM_SAME,
		FSM_SAME }, /* nobody we know: refused */
	{ MM_DEREGISTERED, MM_EV_DEREGISTRATION_REQUEST, amf_deregistration_request, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERED, MM_EV_CONNECTION_LOST, amf_registration_abandon, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERED, MM_EV_RESTORED, NULL, MM_REGISTERED, FSM_SAME },

	{ MM_REGISTRATION_BEGUN, MM_EV_IDENTIFY, amf_identification_start, MM_IDENTIFYING, FSM_SAME },
	{ MM_REGISTRATION_BEGUN, MM_EV_AUTHENTICATE, amf_authentication_start, MM_GETTING_VECTOR, FSM_SAME },
	{ MM_REGISTRATION_BEGUN, MM_EV_SECURED, amf_registration_subscribe, MM_SUBSCRIBING, FSM_SAME },
	{ MM_REGISTRATION_BEGUN, MM_EV_UNPROVED, amf_security_mode_unproved, MM_SECURING, FSM_SAME },
	UNDER_WAY(MM_REGISTRATION_BEGUN),

	{ MM_IDENTIFYING, MM_EV_IDENTITY_RESPONSE, amf_identification_response, MM_REGISTRATION_BEGUN,
		FSM_SAME },
	UNDER_WAY(MM_IDENTIFYING),

	{ MM_GETTING_VECTOR, MM_EV_VECTOR, amf_authentication_vector, MM_CHALLENGED, FSM_SAME },
	UNDER_WAY(MM_GETTING_VECTOR),

	{ MM_CHALLENGED, MM_EV_AUTHENTICATION_RESPONSE, amf_authentication_response, MM_CONFIRMING,
		MM_CHALLENGED },
	{ MM_CHALLENGED, MM_EV_AUTHENTICATION_FAILURE, amf_authentication_failure, MM_REGISTRATION_BEGUN,
		FSM_SAME },
	{ MM_CHALLENGED, MM_EV_UNPROVED, amf_security_mode_unproved, MM_SECURING, FSM_SAME },
	UNDER_WAY(MM_CHALLENGED),

	{ MM_CONFIRMING, MM_EV_EAP_REQUEST, amf_authentication_again, MM_CHALLENGED, FSM_SAME },
	{ MM_CONFIRMING, MM_EV_CONFIRMED, amf_authentication_confirmed, MM_SECURING, FSM_SAME },
	{ MM_CONFIRMING, MM_EV_UNPROVED, amf_security_mode_unproved, MM_SECURING, FSM_SAME },
	UNDER_WAY(MM_CONFIRMING),

	{ MM_SECURING, MM_EV_SECURITY_MODE_COMPLETE, amf_security_mode_complete, MM_REGISTRATION_BEGUN,
		FSM_SAME },
	{ MM_SECURING, MM_EV_SECURITY_MODE_REJECT, amf_security_mode_reject, FSM_SAME, FSM_SAME },
	{ MM_SECURING, MM_EV_UNPROVED, amf_security_mode_unproved, FSM_SAME, FSM_SAME },
	UNDER_WAY(MM_SECURING),

	{ MM_SUBSCRIBING, MM_EV_ANSWER, amf_registration_answer, FSM_SAME, FSM_SAME },
	{ MM_SUBSCRIBING, MM_EV_SUBSCRIBED, amf_registration_accept, MM_ACCEPTED, FSM_SAME },
	UNDER_WAY(MM_SUBSCRIBING),

	{ MM_ACCEPTED, MM_EV_REGISTRATION_COMPLETE, amf_registration_complete, MM_REGISTERED, FSM_SAME },
	UNDER_WAY(MM_ACCEPTED),

	{ MM_REGISTERED, MM_EV_REGISTRATION_REQUEST, amf_registration_request, MM_REGISTRATION_BEGUN,
		FSM_SAME },
	{ MM_REGISTERED, MM_EV_REGISTRATION_COMPLETE, NULL, FSM_SAME, FSM_SAME }, /* of a repeated accept */
	{ MM_REGISTERED, MM_EV_CONFIGURATION_UPDATE_COMPLETE, amf_configuration_update_complete, FSM_SAME,
		FSM_SAME },
	/* authentication of a UE that is registered */
	{ MM_REGISTERED, MM_EV_VECTOR, amf_authentication_vector, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_AUTHENTICATION_RESPONSE, amf_authentication_response, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_AUTHENTICATION_FAILURE, amf_authentication_failure, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_EAP_REQUEST, amf_authentication_again, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_CONFIRMED, amf_authentication_confirmed, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_SECURITY_MODE_COMPLETE, amf_security_mode_complete, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_SECURITY_MODE_REJECT, amf_security_mode_reject, FSM_SAME, FSM_SAME },

	{ MM_REGISTERED, MM_EV_SERVICE_REQUEST, amf_service_request, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_DEREGISTRATION_REQUEST, amf_deregistration_request, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_WITHDRAWN, amf_deregistration_start, MM_DEREGISTERING, FSM_SAME },
	{ MM_REGISTERED, MM_EV_MOVED, amf_deregistration_moved, FSM_SAME, FSM_SAME },
	{ MM_REGISTERED, MM_EV_UNREACHABLE, amf_deregistration_unreachable, FSM_SAME, FSM_SAME },

	{ MM_DEREGISTERING, MM_EV_DEREGISTRATION_ACCEPT, amf_deregistration_implicit, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERING, MM_EV_DEREGISTRATION_REQUEST, amf_deregistration_request, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERING, MM_EV_REGISTRATION_REQUEST, NULL, FSM_SAME,
		FSM_SAME }, /* 5.5.2.3.5 d: ours goes on */
	{ MM_DEREGISTERING, MM_EV_WITHDRAWN, NULL, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERING, MM_EV_MOVED, amf_deregistration_moved, FSM_SAME, FSM_SAME },
	{ MM_DEREGISTERING, MM_EV_CONNECTION_LOST, amf_deregistration_implicit, FSM_SAME, FSM_SAME },
};

static const struct fsm mm = { "5gmm", state_names, event_names, rows, ARRAY_LEN(rows) };

const struct amf_dispatch amf_dispatch = {
	.mm = &mm,
	.procedure = {
		[AMF_REGISTRATION] = { amf_registration_expired, amf_registration_ended },
		[AMF_DEREGISTRATION] = { amf_deregistration_expired, NULL },
		[AMF_SERVICE_REQUEST] = { amf_service_request_expired, NULL },
		[AMF_IDENTIFICATION] = { amf_n1_common_expired, NULL },
		[AMF_AUTHENTICATION] = { amf_n1_common_expired, NULL },
		[AMF_SECURITY_MODE] = { amf_n1_common_expired, NULL },
		[AMF_CONFIGURATION_UPDATE] = { amf_configuration_update_expired, NULL },
		[AMF_CONTEXT_SETUP] = { amf_initial_context_setup_expired, NULL },
		[AMF_HANDOVER] = { amf_handover_expired, amf_handover_ended },
		[AMF_PATH_SWITCH] = { amf_path_switch_expired, amf_path_switch_ended },
		[AMF_MODIFY_INDICATION] = { amf_modify_indication_expired, amf_modify_indication_ended },
		[AMF_PAGING] = { amf_paging_expired, amf_paging_ended },
		[AMF_DEREGISTRATION_WAIT] = { amf_deregistration_wait_expired, NULL },
		[AMF_REAUTHENTICATION] = { amf_reauthentication_expired, NULL },
		[AMF_PARAMETERS_UPDATE] = { amf_home_update_expired, NULL },
		[AMF_STEERING_OF_ROAMING] = { amf_home_update_expired, NULL },
		[AMF_REKEYING] = { amf_rekeying_expired, amf_rekeying_ended },
		[AMF_N1N2_TRANSFER] = { amf_n1n2_transfer_expired, amf_n1n2_transfer_ended },
	},
	.home_update = {
		[AMF_PARAMETERS_UPDATE] = &amf_parameters_update,
		[AMF_STEERING_OF_ROAMING] = &amf_steering_of_roaming,
	},
};
