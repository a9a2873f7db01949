/* The actions of a UE's 5GMM, which nas/mm_fsm.c lists, by the files of nas/. */
#pragma once

#include "base/fsm.h"

fsm_action ue_registration_start, ue_registration_update, ue_registration_accept, ue_registration_reject,
	ue_registration_timeout, ue_registration_failed, ue_registration_repeat, ue_registration_later,
	ue_registration_update_later;
fsm_action ue_mm_registered_idle, ue_mm_connection_failed;
fsm_action ue_identity_request;
fsm_action ue_authentication_request, ue_authentication_result, ue_authentication_reject;
fsm_action ue_security_mode_command;
fsm_action ue_configuration_update;
fsm_action ue_deregistration_start, ue_deregistration_request, ue_deregistration_accept,
	ue_deregistration_timeout, ue_deregistration_done, ue_deregistration_ended;
fsm_action ue_service_start, ue_service_accept, ue_service_reject, ue_service_failed;
