/* Nudr_DataRepository, TS 29.504 and 29.505. */
#pragma once

#include "wire/sbi/nudm.h"

enum { SEALED_KEY_SIZE = 12 + 32 + 16 }; /* nonce, up to 32 octets of key, tag */

/* GET /subscription-data/{ueId}/authentication-data/authentication-subscription */
struct nudr_supi_req {
	struct supi supi;
};

/*
 * The permanent keys are sealed (protectionParameterId names the sealing key); only the ARPF opens them.
 */
struct nudr_auth_subscription_rsp {
	struct authentication_subscription data;
};

/* GET /subscription-data/{ueId}/context-data/amf-3gpp-access, with nudr_supi_req */
struct nudr_amf_context_rsp {
	struct amf3_gpp_access_registration data;
};

/* PATCH of authentication-subscription (/sequenceNumber/sqn), and of .../context-data/amf-3gpp-access
 * (/purgeFlag) */
struct nudr_patch_req {
	struct supi supi;
	struct patch_item_list patch;
};

/*
 * GET .../provisioned-data/{am,smf-selection-subscription,sm}-data and PUT .../context-data/... use
 * nudm_*_req and _rsp.
 */
