/* Nudm_UEAuthentication, Nudm_SDM and Nudm_UECM, TS 29.503; the same data of Nudr, TS 29.505. */
#pragma once

#include "wire/sbi/types.h"

/* POST /{supiOrSuci}/security-information/generate-auth-data */
struct nudm_generate_auth_data_req {
	const char *supi_or_suci;
	struct authentication_info_request data;
};

struct nudm_generate_auth_data_rsp {
	struct authentication_info_result data;
};

/* POST /{supi}/auth-events */
struct nudm_confirm_auth_req {
	struct supi supi;
	struct auth_event data;
};

/* The event as stored, and its name in the Location */
struct nudm_confirm_auth_rsp {
	struct supi supi;
	const char *auth_event_id;
	struct auth_event data;
};

/* GET /{supi}/am-data; GET /{supi}/smf-select-data */
struct nudm_sdm_get_req {
	struct supi supi;
	struct plmn plmn;
};

struct nudm_am_data_rsp {
	struct access_and_mobility_subscription_data data;
};

struct nudm_smf_select_data_rsp {
	struct smf_selection_subscription_data data;
};

/* GET /{supi}/sm-data?single-nssai=&dnn= */
struct nudm_sm_data_req {
	struct supi supi;
	struct plmn plmn;
	struct snssai single_nssai;
	const char *dnn;
};

struct nudm_sm_data_rsp {
	struct session_management_subscription_data_list data;
};

/* PUT /{ueId}/registrations/amf-3gpp-access */
struct nudm_amf_registration_req {
	struct supi supi;
	struct amf3_gpp_access_registration data;
};

/* The resource, when it was created; its URI is the Location */
struct nudm_amf_registration_rsp {
	struct supi supi;
	struct amf3_gpp_access_registration data;
};

/* PATCH /{ueId}/registrations/amf-3gpp-access */
struct nudm_amf_modification_req {
	struct supi supi;
	struct amf3_gpp_access_registration_modification data;
};

/* PUT /{ueId}/registrations/smf-registrations/{pduSessionId} */
struct nudm_smf_registration_req {
	struct supi supi;
	uint8_t pdu_session_id;
	struct smf_registration data;
};

/* The resource, when it was created; its URI is the Location */
struct nudm_smf_registration_rsp {
	struct supi supi;
	uint8_t pdu_session_id;
	struct smf_registration data;
};

/* DELETE of the same */
struct nudm_smf_deregistration_req {
	struct supi supi;
	uint8_t pdu_session_id;
};

/* POST {deregCallbackUri}, UDM to AMF */
struct nudm_deregistration_notify_req {
	const char *callback;
	struct deregistration_data data;
};

/* PUT /{supi}/am-data/sor-ack; PUT /{supi}/am-data/upu-ack */
struct nudm_acknowledge_req {
	struct supi supi;
	struct acknowledge_info data;
};

/* POST {callbackReference} of Nudm_SDM, UDM to AMF */
struct nudm_sdm_notify_req {
	const char *callback;
	struct modification_notification data;
};

/* UpuInfo as the JSON that a ChangeItem of /upuInfo carries. False: no room; or it is none. */
MUST_USE bool nudm_upu_info_write(const struct upu_info *from, struct writer *w);
MUST_USE bool nudm_upu_info_read(struct bytes json, struct arena *arena, struct upu_info *out);
/* SorInfo likewise, of /sorInfo. */
MUST_USE bool nudm_sor_info_write(const struct sor_info *from, struct writer *w);
MUST_USE bool nudm_sor_info_read(struct bytes json, struct arena *arena, struct sor_info *out);
/* SteeringContainer where it is a list. False likewise, or it is a secured packet. */
MUST_USE bool nudm_steering_write(const struct steering_info_list *from, struct writer *w);
MUST_USE bool nudm_steering_read(struct bytes json, struct arena *arena, struct steering_info_list *out);
