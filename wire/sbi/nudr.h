/* Nudr_DataRepository, TS 29.504 and 29.505. */
#pragma once

#include "wire/sbi/nudm.h"

enum auth_algorithm { AUTH_MILENAGE, AUTH_TUAK };

enum { SEALED_KEY_SIZE = 12 + 32 + 16 }; /* nonce, up to 32 octets of key, tag */

/*
 * GET /subscription-data/{ueId}/authentication-data/authentication-subscription: AuthenticationSubscription.
 * The permanent keys are sealed (protectionParameterId names the sealing key); only the ARPF opens them.
 */
struct nudr_auth_subscription_rsp {
	enum auth_algorithm algorithm;
	uint8_t enc_permanent_key[SEALED_KEY_SIZE];
	uint8_t enc_permanent_key_len;
	uint8_t enc_opc_key[SEALED_KEY_SIZE]; /* OPc or TOPc */
	uint8_t enc_opc_key_len;
	uint8_t amf[2]; /* authenticationManagementField */
	uint8_t sqn[6];
};

struct nudr_supi_req {
	struct supi supi;
};

/* PATCH of the same resource: /sequenceNumber/sqn */
struct nudr_patch_sqn_req {
	struct supi supi;
	uint8_t sqn[6];
};

/*
 * GET /subscription-data/{ueId}/{servingPlmnId}/provisioned-data/{am,smf-selection-subscription,sm}-data use
 * nudm_*_req and _rsp.
 */

/* PUT /subscription-data/{ueId}/context-data/amf-3gpp-access: Amf3GppAccessRegistration */
struct nudr_amf_context_req {
	struct supi supi;
	struct guami guami;
	char amf_instance_id[UUID_STR_SIZE];
	char dereg_callback_uri[128];
};
