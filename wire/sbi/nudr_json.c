/* TS 29.504 and 29.505: Nudr_DataRepository. Patches are the ones we speak, each of one item (RFC 6902). */
#include "wire/sbi/tables.h"

JSON_TABLE(supi_path, { JSON_V("ueId", json_supi, nudr_supi_req, supi), MUST }, );

static bool is_opc(const struct json_field *f, const void *base)
{
	const struct nudr_auth_subscription_rsp *s = base;

	return s->algorithm == AUTH_MILENAGE && s->enc_opc_key_len > 0;
}

static bool is_topc(const struct json_field *f, const void *base)
{
	const struct nudr_auth_subscription_rsp *s = base;

	return s->algorithm == AUTH_TUAK && s->enc_opc_key_len > 0;
}

static bool opc_empty(const struct json_field *f, const void *base)
{
	return !is_opc(f, base);
}

static bool topc_empty(const struct json_field *f, const void *base)
{
	return !is_topc(f, base);
}

static bool key_read(const struct json_field *f, struct bytes text, void *base)
{
	return json_hex_var.read(f, text, base);
}

static void key_write(const struct json_field *f, const void *base, struct writer *w)
{
	json_hex_var.write(f, base, w);
}

/* One member: encOpcKey of MILENAGE or encTopcKey of TUAK. */
static const struct json_codec opc_codec = { JSON_STRING, key_read, key_write, opc_empty, NULL };
static const struct json_codec topc_codec = { JSON_STRING, key_read, key_write, topc_empty, NULL };

static const char *const algorithms[] = { [AUTH_MILENAGE] = "milenage", [AUTH_TUAK] = "tuak" };

JSON_TABLE(sequence_number, { JSON_V("sqn", json_hex, nudr_auth_subscription_rsp, sqn) }, );
JSON_TABLE(authentication_subscription, { JSON_C("authenticationMethod", "5G_AKA"), MUST },
	{ JSON_V("encPermanentKey", json_hex_var, nudr_auth_subscription_rsp, enc_permanent_key),
		JSON_COUNT(nudr_auth_subscription_rsp, enc_permanent_key_len) },
	{ JSON_EMIT("protectionParameterId", "freehold-1") },
	{ JSON_GROUP("sequenceNumber", sequence_number) },
	{ JSON_V("authenticationManagementField", json_hex, nudr_auth_subscription_rsp, amf) },
	{ JSON_E("algorithmId", algorithms, nudr_auth_subscription_rsp, algorithm) },
	{ JSON_V("encOpcKey", opc_codec, nudr_auth_subscription_rsp, enc_opc_key),
		JSON_COUNT(nudr_auth_subscription_rsp, enc_opc_key_len) },
	{ JSON_V("encTopcKey", topc_codec, nudr_auth_subscription_rsp, enc_opc_key),
		JSON_COUNT(nudr_auth_subscription_rsp, enc_opc_key_len) }, );
JSON_ROOT(auth_subscription_rsp, authentication_subscription);

const struct sbi_json udr_get_auth_subscription_json = { .path = &supi_path, .rsp = &auth_subscription_rsp };

JSON_TABLE(sqn_path, { JSON_V("ueId", json_supi, nudr_patch_sqn_req, supi), MUST }, );
JSON_TABLE(sqn_patch, { JSON_C("op", "replace"), MUST }, { JSON_C("path", "/sequenceNumber/sqn"), MUST },
	{ JSON_V("value", json_hex, nudr_patch_sqn_req, sqn), MUST }, );
JSON_ROOT(sqn_patch_item, sqn_patch);
static const struct json_field sqn_req = { .kind = JSON_LIST, MUST, .item = &sqn_patch_item };

const struct sbi_json udr_patch_sqn_json = { .path = &sqn_path, .req = &sqn_req, .req_type = TYPE_PATCH };

JSON_TABLE(provisioned_path, { JSON_V("ueId", json_supi, nudm_sdm_get_req, supi), MUST },
	{ JSON_V("servingPlmnId", json_plmn_text, nudm_sdm_get_req, plmn), MUST }, );

const struct sbi_json udr_get_am_data_json = { .path = &provisioned_path, .rsp = &nudm_am_data_root };
const struct sbi_json udr_get_smf_select_data_json = { .path = &provisioned_path,
	.rsp = &nudm_smf_select_data_root };

JSON_TABLE(sm_data_path, { JSON_V("ueId", json_supi, nudm_sm_data_req, supi), MUST },
	{ JSON_V("servingPlmnId", json_plmn_text, nudm_sm_data_req, plmn), MUST }, );
JSON_TABLE(sm_data_query, { JSON_OBJ("single-nssai", sbi_snssai, nudm_sm_data_req, single_nssai), MUST },
	{ JSON_V("dnn", json_str, nudm_sm_data_req, dnn), MUST }, );

const struct sbi_json udr_get_sm_data_json = {
	.path = &sm_data_path, .query = &sm_data_query, .rsp = &nudm_sm_data_root
};

JSON_TABLE(amf_path, { JSON_V("ueId", json_supi, nudr_amf_context_req, supi), MUST }, );
JSON_TABLE(amf_registration,
	{ JSON_V("amfInstanceId", json_str, nudr_amf_context_req, amf_instance_id), MUST },
	{ JSON_V("deregCallbackUri", json_str, nudr_amf_context_req, dereg_callback_uri), MUST },
	{ JSON_OBJ("guami", sbi_guami, nudr_amf_context_req, guami), MUST },
	{ JSON_EMIT("ratType", "NR"), MUST }, );
JSON_ROOT(amf_context_req, amf_registration);

const struct sbi_json udr_put_amf_context_json = { .path = &amf_path, .req = &amf_context_req };

JSON_TABLE(purge_patch, { JSON_C("op", "add"), MUST }, { JSON_C("path", "/purgeFlag"), MUST },
	{ .key = "value", .codec = &json_true, MUST }, );
JSON_ROOT(purge_patch_item, purge_patch);
static const struct json_field purge_req = { .kind = JSON_LIST, MUST, .item = &purge_patch_item };

const struct sbi_json udr_delete_amf_context_json = {
	.path = &supi_path, .req = &purge_req, .req_type = TYPE_PATCH
};
