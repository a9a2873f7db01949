/* Nausf_UEAuthentication, TS 29.509. */
#pragma once

#include "wire/sbi/common.h"

/* ResynchronizationInfo, TS 29.503 */
struct resynchronization_info {
	uint8_t rand[16];
	uint8_t auts[14];
};

/* POST /ue-authentications: AuthenticationInfo */
struct nausf_authenticate_req {
	char supi_or_suci[SUPI_OR_SUCI_SIZE];
	char serving_network_name[SNN_STR_SIZE];
	bool has_resynchronization_info;
	struct resynchronization_info resynchronization_info;
};

/* UEAuthenticationCtx of authType 5G_AKA */
struct nausf_authenticate_rsp {
	char auth_ctx_id[AUTH_CTX_ID_SIZE]; /* last segment of the 5g-aka link */
	uint8_t rand[16];
	uint8_t autn[16];
	uint8_t hxres_star[16];
};

/* PUT /ue-authentications/{authCtxId}/5g-aka-confirmation: ConfirmationData */
struct nausf_5g_aka_confirm_req {
	char auth_ctx_id[AUTH_CTX_ID_SIZE];
	uint8_t res_star[16];
};

/* ConfirmationDataResponse */
struct nausf_5g_aka_confirm_rsp {
	bool success; /* authResult */
	struct supi supi;
	uint8_t kseaf[32];
};
