/*
 * The service operations of the 5G core, each described once: who serves it, method, path, the C structs
 * of request and response. A function calls an operation by its id (proto/sbi.h). Inside one process the
 * structs are handed over; between processes they are JSON by the tables of this room. Texts, lists and what
 * is optional lie behind pointers: whoever calls owns them during the call, whoever is called copies what it
 * keeps.
 */
#pragma once

#include "wire/sbi/namf.h"
#include "wire/sbi/nausf.h"
#include "wire/sbi/nnrf.h"
#include "wire/sbi/nnssf.h"
#include "wire/sbi/npcf.h"
#include "wire/sbi/nsmf.h"
#include "wire/sbi/nudm.h"
#include "wire/sbi/nudr.h"

enum sbi_op_id {
	SBI_NRF_NF_REGISTER,
	SBI_NRF_NF_HEARTBEAT,
	SBI_NRF_NF_DEREGISTER,
	SBI_NRF_NF_DISCOVER,
	SBI_AUSF_AUTHENTICATE,
	SBI_AUSF_5G_AKA_CONFIRM,
	SBI_AUSF_EAP_SESSION,
	SBI_AUSF_SOR_PROTECTION,
	SBI_AUSF_UPU_PROTECTION,
	SBI_UDM_GENERATE_AUTH_DATA,
	SBI_UDM_CONFIRM_AUTH,
	SBI_UDM_GET_AM_DATA,
	SBI_UDM_GET_SMF_SELECT_DATA,
	SBI_UDM_GET_SM_DATA,
	SBI_UDM_SOR_ACK,
	SBI_UDM_UPU_ACK,
	SBI_UDM_AMF_REGISTRATION,
	SBI_UDM_AMF_PURGE,
	SBI_UDM_SMF_REGISTRATION,
	SBI_UDM_SMF_DEREGISTRATION,
	SBI_AMF_DEREGISTRATION_NOTIFY, /* callback of Nudm_UECM, served by the AMF */
	SBI_AMF_SDM_NOTIFY,            /* callback of Nudm_SDM, likewise */
	SBI_UDR_GET_AUTH_SUBSCRIPTION,
	SBI_UDR_PATCH_SQN,
	SBI_UDR_GET_AM_DATA,
	SBI_UDR_GET_SMF_SELECT_DATA,
	SBI_UDR_GET_SM_DATA,
	SBI_UDR_GET_AMF_CONTEXT,
	SBI_UDR_PUT_AMF_CONTEXT,
	SBI_UDR_DELETE_AMF_CONTEXT,
	SBI_UDR_PUT_SMF_CONTEXT,
	SBI_UDR_DELETE_SMF_CONTEXT,
	SBI_NSSF_NS_SELECTION,
	SBI_PCF_AM_POLICY_CREATE,
	SBI_PCF_AM_POLICY_DELETE,
	SBI_PCF_SM_POLICY_CREATE,
	SBI_PCF_SM_POLICY_UPDATE,
	SBI_PCF_SM_POLICY_DELETE,
	SBI_SMF_SM_POLICY_NOTIFY, /* callback of Npcf_SMPolicyControl, served by the SMF */
	SBI_PCF_APP_SESSION_CREATE,
	SBI_PCF_APP_SESSION_UPDATE,
	SBI_PCF_APP_SESSION_DELETE,
	SBI_PCF_APP_SESSION_SUBSCRIBE,
	SBI_PCF_APP_SESSION_UNSUBSCRIBE,
	SBI_AF_EVENT_NOTIFY, /* callbacks of Npcf_PolicyAuthorization, served by the AF */
	SBI_AF_TERMINATE,
	SBI_SMF_CREATE_SM_CONTEXT,
	SBI_SMF_UPDATE_SM_CONTEXT,
	SBI_SMF_RELEASE_SM_CONTEXT,
	SBI_AMF_N1N2_MESSAGE_TRANSFER,
	SBI_AMF_SM_CONTEXT_STATUS_NOTIFY,     /* callback of Nsmf_PDUSession, served by the AMF */
	SBI_SMF_N1N2_TRANSFER_FAILURE_NOTIFY, /* callback of Namf_Communication, served by the SMF */
	SBI_OP_COUNT
};

struct sbi_op {
	const char *name; /* "Nausf_UEAuthentication_Authenticate" */
	enum nf_type server;
	const char *method; /* HTTP */
	const char *path;   /* below {apiRoot}; for callbacks the form of the URIs that our AMF gives out */
	uint16_t success;   /* HTTP status of success */
	uint16_t req_size, rsp_size; /* of the C structs; 0: none */
};

extern const struct sbi_op sbi_ops[SBI_OP_COUNT];

/* Application error causes of ProblemDetails (29.500 5.2.7.2 and the services'), as far as used. */
enum sbi_cause {
	SBI_OK,
	SBI_USER_NOT_FOUND,                        /* 404 */
	SBI_CONTEXT_NOT_FOUND,                     /* 404 */
	SBI_DATA_NOT_FOUND,                        /* 404 */
	SBI_AUTHENTICATION_REJECTED,               /* 403 */
	SBI_SERVING_NETWORK_NOT_AUTHORIZED,        /* 403 */
	SBI_INVALID_HN_PUBLIC_KEY_IDENTIFIER,      /* 403 */
	SBI_INVALID_SCHEME_OUTPUT,                 /* 403 */
	SBI_UNKNOWN_5GS_SUBSCRIPTION,              /* 403 */
	SBI_SNSSAI_DENIED,                         /* 403 */
	SBI_DNN_DENIED,                            /* 403 */
	SBI_DNN_NOT_SUPPORTED,                     /* 403 */
	SBI_PDUTYPE_NOT_SUPPORTED,                 /* 403 */
	SBI_SSC_NOT_SUPPORTED,                     /* 403 */
	SBI_N1_SM_ERROR,                           /* 403 */
	SBI_N2_SM_ERROR,                           /* 403 */
	SBI_INVALID_MSG_FORMAT,                    /* 400 */
	SBI_MANDATORY_IE_INCORRECT,                /* 400 */
	SBI_INSUFFICIENT_RESOURCES,                /* 500 */
	SBI_PEER_NOT_RESPONDING,                   /* 504 */
	SBI_NETWORK_FAILURE,                       /* 504 */
	SBI_UE_IN_CM_IDLE_STATE,                   /* 409 */
	SBI_NF_CONGESTION,                         /* 503 */
	SBI_TIMED_OUT_REQUEST,                     /* 504 */
	SBI_MANDATORY_IE_MISSING,                  /* 400 */
	SBI_OPTIONAL_IE_INCORRECT,                 /* 400 */
	SBI_MANDATORY_QUERY_PARAM_MISSING,         /* 400 */
	SBI_MANDATORY_QUERY_PARAM_INCORRECT,       /* 400 */
	SBI_OPTIONAL_QUERY_PARAM_INCORRECT,        /* 400 */
	SBI_UNSPECIFIED_MSG_FAILURE,               /* 400 */
	SBI_RESOURCE_URI_STRUCTURE_NOT_FOUND,      /* 404 */
	SBI_METHOD_NOT_ALLOWED,                    /* 405 */
	SBI_UNSUPPORTED_MEDIA_TYPE,                /* 415 */
	SBI_UNSPECIFIED_NF_FAILURE,                /* 500 */
	SBI_TEMPORARY_REJECT_REGISTRATION_ONGOING, /* 409 */
	SBI_TEMPORARY_REJECT_HANDOVER_ONGOING,     /* 409 */
	SBI_INVALID_GUAMI,                         /* 403 */
	SBI_UE_NOT_REACHABLE,                      /* 504 */
	SBI_REQUESTED_SERVICE_NOT_AUTHORIZED,      /* 403 */
	SBI_ERROR_TRAFFIC_MAPPING_INFO_REJECTED,   /* 403 */
	SBI_UE_IN_NON_ALLOWED_AREA,                /* 403 */
	SBI_OUT_OF_LADN_SERVICE_AREA,              /* 403 */
	SBI_APPLICATION_SESSION_CONTEXT_NOT_FOUND, /* 404 */
	SBI_PDU_SESSION_NOT_AVAILABLE,             /* 500, 29.514 table 5.7-1 */
	SBI_INVALID_SERVICE_INFORMATION,           /* 400 */
	SBI_FILTER_RESTRICTIONS,                   /* 400 */
	SBI_COUNTER_WRAP,                          /* 503, 29.509 table 6.3.7.3-1 */
	SBI_CAUSE_COUNT
};

const char *sbi_cause_name(enum sbi_cause c);
uint16_t sbi_cause_status(enum sbi_cause c); /* HTTP status; 200 for SBI_OK */
