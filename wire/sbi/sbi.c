#include "wire/sbi/sbi.h"

const char *nf_type_name(enum nf_type t)
{
	static const char *const names[NF_TYPE_COUNT] = {
		"NRF",
		"AMF",
		"SMF",
		"UPF",
		"AUSF",
		"UDM",
		"UDR",
		"PCF",
		"NSSF",
	};

	return t < NF_TYPE_COUNT ? names[t] : "?";
}

#define NONE    { 0, 0, { 0 } }
#define BODY(s) { sizeof(struct s), 0, { 0 } }
#define BODY_1(s, a)                                                                                         \
	{                                                                                                    \
		sizeof(struct s), 1,                                                                         \
		{                                                                                            \
			offsetof(struct s, a)                                                                \
		}                                                                                            \
	}
#define BODY_2(s, a, b)                                                                                      \
	{                                                                                                    \
		sizeof(struct s), 2,                                                                         \
		{                                                                                            \
			offsetof(struct s, a), offsetof(struct s, b)                                         \
		}                                                                                            \
	}

const struct sbi_op sbi_ops[SBI_OP_COUNT] = {
	[SBI_NRF_NF_REGISTER] = { "Nnrf_NFManagement_NFRegister", NF_NRF, "PUT",
		"/nnrf-nfm/v1/nf-instances/{nfInstanceID}", 201, BODY(nnrf_nf_register_req),
		BODY(nnrf_nf_register_rsp) },
	[SBI_NRF_NF_HEARTBEAT] = { "Nnrf_NFManagement_NFUpdate", NF_NRF, "PATCH",
		"/nnrf-nfm/v1/nf-instances/{nfInstanceID}", 204, BODY(nnrf_nf_instance_req), NONE },
	[SBI_NRF_NF_DEREGISTER] = { "Nnrf_NFManagement_NFDeregister", NF_NRF, "DELETE",
		"/nnrf-nfm/v1/nf-instances/{nfInstanceID}", 204, BODY(nnrf_nf_instance_req), NONE },
	[SBI_NRF_NF_DISCOVER] = { "Nnrf_NFDiscovery_Request", NF_NRF, "GET", "/nnrf-disc/v1/nf-instances",
		200, BODY(nnrf_nf_discover_req), BODY(nnrf_nf_discover_rsp) },
	[SBI_AUSF_AUTHENTICATE] = { "Nausf_UEAuthentication_Authenticate", NF_AUSF, "POST",
		"/nausf-auth/v1/ue-authentications", 201, BODY(nausf_authenticate_req),
		BODY(nausf_authenticate_rsp) },
	[SBI_AUSF_5G_AKA_CONFIRM] = { "Nausf_UEAuthentication_5gAkaConfirmation", NF_AUSF, "PUT",
		"/nausf-auth/v1/ue-authentications/{authCtxId}/5g-aka-confirmation", 200,
		BODY(nausf_5g_aka_confirm_req), BODY(nausf_5g_aka_confirm_rsp) },
	[SBI_UDM_GENERATE_AUTH_DATA] = { "Nudm_UEAuthentication_Get", NF_UDM, "POST",
		"/nudm-ueau/v1/{supiOrSuci}/security-information/generate-auth-data", 200,
		BODY(nudm_generate_auth_data_req), BODY(nudm_generate_auth_data_rsp) },
	[SBI_UDM_CONFIRM_AUTH] = { "Nudm_UEAuthentication_ResultConfirmation", NF_UDM, "POST",
		"/nudm-ueau/v1/{supi}/auth-events", 201, BODY(nudm_confirm_auth_req),
		BODY(nudm_confirm_auth_rsp) },
	[SBI_UDM_GET_AM_DATA] = { "Nudm_SDM_Get am-data", NF_UDM, "GET", "/nudm-sdm/v2/{supi}/am-data", 200,
		BODY(nudm_sdm_get_req), BODY(nudm_am_data_rsp) },
	[SBI_UDM_GET_SMF_SELECT_DATA] = { "Nudm_SDM_Get smf-select-data", NF_UDM, "GET",
		"/nudm-sdm/v2/{supi}/smf-select-data", 200, BODY(nudm_sdm_get_req),
		BODY(nudm_smf_select_data_rsp) },
	[SBI_UDM_GET_SM_DATA] = { "Nudm_SDM_Get sm-data", NF_UDM, "GET", "/nudm-sdm/v2/{supi}/sm-data", 200,
		BODY(nudm_sm_data_req), BODY(nudm_sm_data_rsp) },
	[SBI_UDM_AMF_REGISTRATION] = { "Nudm_UECM_Registration amf", NF_UDM, "PUT",
		"/nudm-uecm/v1/{ueId}/registrations/amf-3gpp-access", 204, BODY(nudm_amf_registration_req),
		NONE },
	[SBI_UDM_AMF_PURGE] = { "Nudm_UECM_Update purge", NF_UDM, "PATCH",
		"/nudm-uecm/v1/{ueId}/registrations/amf-3gpp-access", 204, BODY(nudm_amf_purge_req), NONE },
	[SBI_UDM_SMF_REGISTRATION] = { "Nudm_UECM_Registration smf", NF_UDM, "PUT",
		"/nudm-uecm/v1/{ueId}/registrations/smf-registrations/{pduSessionId}", 204,
		BODY(nudm_smf_registration_req), NONE },
	[SBI_UDM_SMF_DEREGISTRATION] = { "Nudm_UECM_Deregistration smf", NF_UDM, "DELETE",
		"/nudm-uecm/v1/{ueId}/registrations/smf-registrations/{pduSessionId}", 204,
		BODY(nudm_smf_deregistration_req), NONE },
	[SBI_AMF_DEREGISTRATION_NOTIFY] = { "Nudm_UECM_DeregistrationNotification", NF_AMF, "POST",
		"/callback/dereg-notify/{callback}", 204, BODY(nudm_deregistration_notify_req), NONE },
	[SBI_UDR_GET_AUTH_SUBSCRIPTION] = { "Nudr_DR_Query authentication-subscription", NF_UDR, "GET",
		"/nudr-dr/v2/subscription-data/{ueId}/authentication-data/authentication-subscription", 200,
		BODY(nudr_supi_req), BODY(nudr_auth_subscription_rsp) },
	[SBI_UDR_PATCH_SQN] = { "Nudr_DR_Update sequenceNumber", NF_UDR, "PATCH",
		"/nudr-dr/v2/subscription-data/{ueId}/authentication-data/authentication-subscription", 204,
		BODY(nudr_patch_sqn_req), NONE },
	[SBI_UDR_GET_AM_DATA] = { "Nudr_DR_Query am-data", NF_UDR, "GET",
		"/nudr-dr/v2/subscription-data/{ueId}/{servingPlmnId}/provisioned-data/am-data", 200,
		BODY(nudm_sdm_get_req), BODY(nudm_am_data_rsp) },
	[SBI_UDR_GET_SMF_SELECT_DATA] = { "Nudr_DR_Query smf-selection", NF_UDR, "GET",
		"/nudr-dr/v2/subscription-data/{ueId}/{servingPlmnId}/provisioned-data/"
		"smf-selection-subscription-data",
		200, BODY(nudm_sdm_get_req), BODY(nudm_smf_select_data_rsp) },
	[SBI_UDR_GET_SM_DATA] = { "Nudr_DR_Query sm-data", NF_UDR, "GET",
		"/nudr-dr/v2/subscription-data/{ueId}/{servingPlmnId}/provisioned-data/sm-data", 200,
		BODY(nudm_sm_data_req), BODY(nudm_sm_data_rsp) },
	[SBI_UDR_PUT_AMF_CONTEXT] = { "Nudr_DR_Create amf-3gpp-access", NF_UDR, "PUT",
		"/nudr-dr/v2/subscription-data/{ueId}/context-data/amf-3gpp-access", 204,
		BODY(nudr_amf_context_req), NONE },
	[SBI_UDR_DELETE_AMF_CONTEXT] = { "Nudr_DR_Update amf-3gpp-access purge", NF_UDR, "PATCH",
		"/nudr-dr/v2/subscription-data/{ueId}/context-data/amf-3gpp-access", 204, BODY(nudr_supi_req),
		NONE },
	[SBI_UDR_PUT_SMF_CONTEXT] = { "Nudr_DR_Create smf-registration", NF_UDR, "PUT",
		"/nudr-dr/v2/subscription-data/{ueId}/context-data/smf-registrations/{pduSessionId}", 204,
		BODY(nudm_smf_registration_req), NONE },
	[SBI_UDR_DELETE_SMF_CONTEXT] = { "Nudr_DR_Delete smf-registration", NF_UDR, "DELETE",
		"/nudr-dr/v2/subscription-data/{ueId}/context-data/smf-registrations/{pduSessionId}", 204,
		BODY(nudm_smf_deregistration_req), NONE },
	[SBI_NSSF_NS_SELECTION] = { "Nnssf_NSSelection_Get", NF_NSSF, "GET",
		"/nnssf-nsselection/v2/network-slice-information", 200, BODY(nnssf_ns_selection_req),
		BODY(nnssf_ns_selection_rsp) },
	[SBI_PCF_AM_POLICY_CREATE] = { "Npcf_AMPolicyControl_Create", NF_PCF, "POST",
		"/npcf-am-policy-control/v1/policies", 201, BODY(npcf_am_policy_create_req),
		BODY(npcf_am_policy_create_rsp) },
	[SBI_PCF_AM_POLICY_DELETE] = { "Npcf_AMPolicyControl_Delete", NF_PCF, "DELETE",
		"/npcf-am-policy-control/v1/policies/{polAssoId}", 204, BODY(npcf_am_policy_delete_req),
		NONE },
	[SBI_PCF_SM_POLICY_CREATE] = { "Npcf_SMPolicyControl_Create", NF_PCF, "POST",
		"/npcf-smpolicycontrol/v1/sm-policies", 201, BODY(npcf_sm_policy_create_req),
		BODY(npcf_sm_policy_create_rsp) },
	[SBI_PCF_SM_POLICY_DELETE] = { "Npcf_SMPolicyControl_Delete", NF_PCF, "POST",
		"/npcf-smpolicycontrol/v1/sm-policies/{smPolicyId}/delete", 204,
		BODY(npcf_sm_policy_delete_req), NONE },
	[SBI_SMF_CREATE_SM_CONTEXT] = { "Nsmf_PDUSession_CreateSMContext", NF_SMF, "POST",
		"/nsmf-pdusession/v1/sm-contexts", 201, BODY_1(nsmf_create_sm_context_req, n1_sm_msg),
		BODY_1(nsmf_create_sm_context_rsp, n1_sm_msg) },
	[SBI_SMF_UPDATE_SM_CONTEXT] = { "Nsmf_PDUSession_UpdateSMContext", NF_SMF, "POST",
		"/nsmf-pdusession/v1/sm-contexts/{smContextRef}/modify", 200,
		BODY_2(nsmf_update_sm_context_req, n1_sm_msg, n2_sm_info),
		BODY_2(nsmf_update_sm_context_rsp, n1_sm_msg, n2_sm_info) },
	[SBI_SMF_RELEASE_SM_CONTEXT] = { "Nsmf_PDUSession_ReleaseSMContext", NF_SMF, "POST",
		"/nsmf-pdusession/v1/sm-contexts/{smContextRef}/release", 204,
		BODY(nsmf_release_sm_context_req), NONE },
	[SBI_AMF_N1N2_MESSAGE_TRANSFER] = { "Namf_Communication_N1N2MessageTransfer", NF_AMF, "POST",
		"/namf-comm/v1/ue-contexts/{ueContextId}/n1-n2-messages", 200,
		BODY_2(namf_n1n2_message_transfer_req, n1_sm_msg, n2_sm_info),
		BODY(namf_n1n2_message_transfer_rsp) },
	[SBI_AMF_SM_CONTEXT_STATUS_NOTIFY] = { "Nsmf_PDUSession_SMContextStatusNotify", NF_AMF, "POST",
		"/callback/sm-context-status/{callback}", 204, BODY(nsmf_sm_context_status_notify_req),
		NONE },
};

struct sbi_cause_def {
	const char *name;
	uint16_t status;
};

static const struct sbi_cause_def sbi_causes[SBI_CAUSE_COUNT] = {
	[SBI_OK] = { "OK", 200 },
	[SBI_USER_NOT_FOUND] = { "USER_NOT_FOUND", 404 },
	[SBI_CONTEXT_NOT_FOUND] = { "CONTEXT_NOT_FOUND", 404 },
	[SBI_DATA_NOT_FOUND] = { "DATA_NOT_FOUND", 404 },
	[SBI_AUTHENTICATION_REJECTED] = { "AUTHENTICATION_REJECTED", 403 },
	[SBI_SERVING_NETWORK_NOT_AUTHORIZED] = { "SERVING_NETWORK_NOT_AUTHORIZED", 403 },
	[SBI_INVALID_HN_PUBLIC_KEY_IDENTIFIER] = { "INVALID_HN_PUBLIC_KEY_IDENTIFIER", 403 },
	[SBI_INVALID_SCHEME_OUTPUT] = { "INVALID_SCHEME_OUTPUT", 403 },
	[SBI_UNKNOWN_5GS_SUBSCRIPTION] = { "UNKNOWN_5GS_SUBSCRIPTION", 403 },
	[SBI_SNSSAI_DENIED] = { "SNSSAI_DENIED", 403 },
	[SBI_DNN_DENIED] = { "DNN_DENIED", 403 },
	[SBI_DNN_NOT_SUPPORTED] = { "DNN_NOT_SUPPORTED", 403 },
	[SBI_PDUTYPE_NOT_SUPPORTED] = { "PDUTYPE_NOT_SUPPORTED", 403 },
	[SBI_N1_SM_ERROR] = { "N1_SM_ERROR", 403 },
	[SBI_N2_SM_ERROR] = { "N2_SM_ERROR", 403 },
	[SBI_INVALID_MSG_FORMAT] = { "INVALID_MSG_FORMAT", 400 },
	[SBI_MANDATORY_IE_INCORRECT] = { "MANDATORY_IE_INCORRECT", 400 },
	[SBI_INSUFFICIENT_RESOURCES] = { "INSUFFICIENT_RESOURCES", 500 },
	[SBI_PEER_NOT_RESPONDING] = { "PEER_NOT_RESPONDING", 504 },
	[SBI_NETWORK_FAILURE] = { "NETWORK_FAILURE", 504 },
	[SBI_UE_IN_CM_IDLE_STATE] = { "UE_IN_CM_IDLE_STATE", 409 },
	[SBI_NF_CONGESTION] = { "NF_CONGESTION", 503 },
	[SBI_TIMED_OUT_REQUEST] = { "TIMED_OUT_REQUEST", 504 },
	[SBI_MANDATORY_IE_MISSING] = { "MANDATORY_IE_MISSING", 400 },
	[SBI_OPTIONAL_IE_INCORRECT] = { "OPTIONAL_IE_INCORRECT", 400 },
	[SBI_MANDATORY_QUERY_PARAM_MISSING] = { "MANDATORY_QUERY_PARAM_MISSING", 400 },
	[SBI_MANDATORY_QUERY_PARAM_INCORRECT] = { "MANDATORY_QUERY_PARAM_INCORRECT", 400 },
	[SBI_OPTIONAL_QUERY_PARAM_INCORRECT] = { "OPTIONAL_QUERY_PARAM_INCORRECT", 400 },
	[SBI_UNSPECIFIED_MSG_FAILURE] = { "UNSPECIFIED_MSG_FAILURE", 400 },
	[SBI_RESOURCE_URI_STRUCTURE_NOT_FOUND] = { "RESOURCE_URI_STRUCTURE_NOT_FOUND", 404 },
	[SBI_METHOD_NOT_ALLOWED] = { "METHOD_NOT_ALLOWED", 405 },
	[SBI_UNSUPPORTED_MEDIA_TYPE] = { "UNSUPPORTED_MEDIA_TYPE", 415 },
	[SBI_UNSPECIFIED_NF_FAILURE] = { "UNSPECIFIED_NF_FAILURE", 500 },
};

const char *sbi_cause_name(enum sbi_cause c)
{
	return c < SBI_CAUSE_COUNT ? sbi_causes[c].name : "UNSPECIFIED_NF_FAILURE";
}

uint16_t sbi_cause_status(enum sbi_cause c)
{
	return c < SBI_CAUSE_COUNT ? sbi_causes[c].status : 500;
}
