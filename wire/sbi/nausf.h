/* Nausf_UEAuthentication, Nausf_SoRProtection and Nausf_UPUProtection, TS 29.509. */
#pragma once

#include "wire/sbi/types.h"

/* POST /ue-authentications */
struct nausf_authenticate_req {
	struct authentication_info data;
};

struct nausf_authenticate_rsp {
	const char *auth_ctx_id; /* of the Location */
	struct ue_authentication_ctx data;
};

/* PUT /ue-authentications/{authCtxId}/5g-aka-confirmation */
struct nausf_5g_aka_confirm_req {
	const char *auth_ctx_id;
	struct confirmation_data data;
};

struct nausf_5g_aka_confirm_rsp {
	struct confirmation_data_response data;
};

/* POST /ue-authentications/{authCtxId}/eap-session */
struct nausf_eap_session_req {
	const char *auth_ctx_id;
	struct eap_session data;
};

struct nausf_eap_session_rsp {
	struct eap_session data;
};

/* POST /{supi}/ue-sor of Nausf_SoRProtection */
struct nausf_sor_protection_req {
	struct supi supi;
	struct sor_protection_info data;
};

struct nausf_sor_protection_rsp {
	struct sor_security_info data;
};

/* POST /{supi}/ue-upu of Nausf_UPUProtection */
struct nausf_upu_protection_req {
	struct supi supi;
	struct upu_protection_info data;
};

struct nausf_upu_protection_rsp {
	struct upu_security_info data;
};
