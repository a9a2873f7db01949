/* Nudm_UEAuthentication, Nudm_SDM and Nudm_UECM, TS 29.503. */
#pragma once

#include "wire/sbi/nausf.h"

/* POST /{supiOrSuci}/security-information/generate-auth-data: AuthenticationInfoRequest */
struct nudm_generate_auth_data_req {
	char supi_or_suci[SUPI_OR_SUCI_SIZE];
	char serving_network_name[SNN_STR_SIZE];
	char ausf_instance_id[UUID_STR_SIZE];
	bool has_resynchronization_info;
	struct resynchronization_info resynchronization_info;
};

/* AuthenticationInfoResult with an Av5GHeAka */
struct nudm_generate_auth_data_rsp {
	struct supi supi;
	uint8_t rand[16];
	uint8_t autn[16];
	uint8_t xres_star[16];
	uint8_t kausf[32];
};

/* POST /{supi}/auth-events: AuthEvent */
struct nudm_confirm_auth_req {
	struct supi supi;
	char nf_instance_id[UUID_STR_SIZE];
	char serving_network_name[SNN_STR_SIZE];
	bool success;
	uint64_t time_ms; /* timeStamp, UTC */
};

/* The event as stored, and its name in the Location */
struct nudm_confirm_auth_rsp {
	struct nudm_confirm_auth_req event;
	char auth_event_id[AUTH_CTX_ID_SIZE];
};

/* GET /{supi}/am-data; GET /{supi}/smf-select-data */
struct nudm_sdm_get_req {
	struct supi supi;
	struct plmn plmn;
};

/* AccessAndMobilitySubscriptionData */
struct nudm_am_data_rsp {
	struct ambr subscribed_ue_ambr;
	struct nssai default_single_nssais;
	struct nssai single_nssais; /* subscribed, not default */
};

enum { DNN_PER_SLICE_MAX = 8 };

struct dnn_info {
	char dnn[DNN_STR_SIZE];
	bool default_dnn;
};

struct snssai_dnns {
	struct snssai snssai;
	uint8_t dnn_count;
	struct dnn_info dnns[DNN_PER_SLICE_MAX];
};

/* SmfSelectionSubscriptionData: subscribedSnssaiInfos */
struct nudm_smf_select_data_rsp {
	uint8_t slice_count;
	struct snssai_dnns slices[SNSSAI_MAX];
};

/* GET /{supi}/sm-data?single-nssai=&dnn= */
struct nudm_sm_data_req {
	struct supi supi;
	struct plmn plmn;
	struct snssai single_nssai;
	char dnn[DNN_STR_SIZE];
};

/* SessionManagementSubscriptionData: the DnnConfiguration of the one asked for */
struct nudm_sm_data_rsp {
	struct snssai single_nssai;
	char dnn[DNN_STR_SIZE];
	enum pdu_session_type default_session_type;
	uint8_t ssc_mode; /* 1 to 3 */
	struct default_qos five_g_qos_profile;
	struct ambr session_ambr;
	bool has_static_ipv4;
	uint32_t static_ipv4; /* host order */
};

/* PUT /{ueId}/registrations/amf-3gpp-access: Amf3GppAccessRegistration */
struct nudm_amf_registration_req {
	struct supi supi;
	char amf_instance_id[UUID_STR_SIZE];
	struct guami guami;
	bool initial_registration;
	char dereg_callback_uri[128];
};

/* PATCH /{ueId}/registrations/amf-3gpp-access with purgeFlag: the UE left this AMF */
struct nudm_amf_purge_req {
	struct supi supi;
	struct guami guami;
};

/* PUT and DELETE /{ueId}/registrations/smf-registrations/{pduSessionId}: SmfRegistration */
struct nudm_smf_registration_req {
	struct supi supi;
	uint8_t pdu_session_id;
	char smf_instance_id[UUID_STR_SIZE];
	struct snssai single_nssai;
	char dnn[DNN_STR_SIZE];
	struct plmn plmn;
};

struct nudm_smf_deregistration_req {
	struct supi supi;
	uint8_t pdu_session_id;
};

enum deregistration_reason {
	DEREG_UE_INITIAL_REGISTRATION, /* another AMF serves it now */
	DEREG_SUBSCRIPTION_WITHDRAWN,
};

/* POST {deregCallbackUri}: DeregistrationData, UDM to AMF */
struct nudm_deregistration_notify_req {
	char callback[SBI_CALLBACK_SIZE];
	enum deregistration_reason reason;
};
