/* TS 29.503: Nudm_UEAuthentication, Nudm_SDM. authType: 5G-AKA is what we speak. */
#include "wire/sbi/tables.h"

JSON_TABLE(
	generate_path, { JSON_V("supiOrSuci", json_str, nudm_generate_auth_data_req, supi_or_suci), MUST }, );
JSON_TABLE(authentication_info_request,
	{ JSON_V("servingNetworkName", json_str, nudm_generate_auth_data_req, serving_network_name), MUST },
	{ JSON_V("ausfInstanceId", json_str, nudm_generate_auth_data_req, ausf_instance_id), MUST },
	{ JSON_OBJ("resynchronizationInfo", sbi_resynchronization_info, nudm_generate_auth_data_req,
		  resynchronization_info),
		JSON_HAS(nudm_generate_auth_data_req, has_resynchronization_info) }, );
JSON_ROOT(generate_req, authentication_info_request);

JSON_TABLE(av_5g_he_aka, { JSON_C("avType", "5G_HE_AKA"), MUST },
	{ JSON_V("rand", json_hex, nudm_generate_auth_data_rsp, rand), MUST },
	{ JSON_V("xresStar", json_hex, nudm_generate_auth_data_rsp, xres_star), MUST },
	{ JSON_V("autn", json_hex, nudm_generate_auth_data_rsp, autn), MUST },
	{ JSON_V("kausf", json_hex, nudm_generate_auth_data_rsp, kausf), MUST }, );
/* Vector and SUPI are optional there; without them there is no 5G-AKA. */
JSON_TABLE(authentication_info_result, { JSON_C("authType", "5G_AKA"), MUST },
	{ JSON_GROUP("authenticationVector", av_5g_he_aka), MUST },
	{ JSON_V("supi", json_supi, nudm_generate_auth_data_rsp, supi), MUST }, );
JSON_ROOT(generate_rsp, authentication_info_result);

const struct sbi_json udm_generate_auth_data_json = {
	.path = &generate_path, .req = &generate_req, .rsp = &generate_rsp
};

JSON_TABLE(auth_event_path, { JSON_V("supi", json_supi, nudm_confirm_auth_req, supi), MUST }, );
JSON_TABLE(auth_event, { JSON_V("nfInstanceId", json_str, nudm_confirm_auth_req, nf_instance_id), MUST },
	{ JSON_V("success", json_bool, nudm_confirm_auth_req, success), MUST },
	{ JSON_V("timeStamp", json_date_time, nudm_confirm_auth_req, time_ms), MUST },
	{ JSON_EMIT("authType", "5G_AKA"), MUST },
	{ JSON_V("servingNetworkName", json_str, nudm_confirm_auth_req, serving_network_name), MUST }, );
JSON_ROOT(auth_event_req, auth_event);
static const struct json_field auth_event_rsp = {
	.kind = JSON_OBJECT, MUST, .sub = &auth_event, .offset = offsetof(struct nudm_confirm_auth_rsp, event)
};
JSON_TABLE(auth_event_location, { JSON_V("supi", json_supi, nudm_confirm_auth_rsp, event.supi), MUST },
	{ JSON_V("authEventId", json_str, nudm_confirm_auth_rsp, auth_event_id), MUST }, );

const struct sbi_json udm_confirm_auth_json = {
	.path = &auth_event_path,
	.req = &auth_event_req,
	.rsp = &auth_event_rsp,
	.location = "/nudm-ueau/v1/{supi}/auth-events/{authEventId}",
	.location_fields = &auth_event_location,
};

JSON_TABLE(sdm_path, { JSON_V("supi", json_supi, nudm_sdm_get_req, supi), MUST }, );
JSON_TABLE(sdm_query, { JSON_OBJ("plmn-id", sbi_plmn, nudm_sdm_get_req, plmn) }, );

/* Nssai: a subscription has default slices; one that has none is said with an empty list. */
JSON_TABLE(subscribed_nssai,
	{ JSON_ITEMS("defaultSingleNssais", sbi_snssai_item, nudm_am_data_rsp, default_single_nssais.items,
		  default_single_nssais.count),
		MUST },
	{ JSON_ITEMS("singleNssais", sbi_snssai_item, nudm_am_data_rsp, single_nssais.items,
		single_nssais.count) }, );
JSON_TABLE(am_data, { JSON_OBJ("subscribedUeAmbr", sbi_ambr, nudm_am_data_rsp, subscribed_ue_ambr) },
	{ JSON_GROUP("nssai", subscribed_nssai) }, );
const struct json_field nudm_am_data_root = { .kind = JSON_OBJECT, MUST, .sub = &am_data };

const struct sbi_json udm_get_am_data_json = {
	.path = &sdm_path, .query = &sdm_query, .rsp = &nudm_am_data_root
};

JSON_TABLE(dnn_info_object, { JSON_V("dnn", json_str, dnn_info, dnn), MUST },
	{ JSON_V("defaultDnnIndicator", json_bool, dnn_info, default_dnn) }, );
JSON_ITEM(dnn_info_item, dnn_info_object, dnn_info);
JSON_TABLE(snssai_info, { JSON_ITEMS("dnnInfos", dnn_info_item, snssai_dnns, dnns, dnn_count), MUST }, );
JSON_ITEM(snssai_info_item, snssai_info, snssai_dnns);
static const struct json_field snssai_key = { JSON_V("", json_snssai_text, snssai_dnns, snssai) };

JSON_TABLE(smf_select_data,
	{ .key = "subscribedSnssaiInfos",
		.kind = JSON_MAP,
		.item = &snssai_info_item,
		.map_key = &snssai_key,
		JSON_AT(nudm_smf_select_data_rsp, slices[0]),
		.most = SNSSAI_MAX,
		JSON_COUNT(nudm_smf_select_data_rsp, slice_count) }, );
const struct json_field nudm_smf_select_data_root = { .kind = JSON_OBJECT, MUST, .sub = &smf_select_data };

const struct sbi_json udm_get_smf_select_data_json = {
	.path = &sdm_path, .query = &sdm_query, .rsp = &nudm_smf_select_data_root
};

JSON_TABLE(sm_data_path, { JSON_V("supi", json_supi, nudm_sm_data_req, supi), MUST }, );
/* Optional there; we ask for one and answer one. */
JSON_TABLE(sm_data_query, { JSON_OBJ("single-nssai", sbi_snssai, nudm_sm_data_req, single_nssai), MUST },
	{ JSON_V("dnn", json_str, nudm_sm_data_req, dnn), MUST },
	{ JSON_OBJ("plmn-id", sbi_plmn, nudm_sm_data_req, plmn) }, );

static const char *const ssc_modes[] = { NULL, "SSC_MODE_1", "SSC_MODE_2", "SSC_MODE_3" };

JSON_TABLE(pdu_session_types,
	{ JSON_E("defaultSessionType", sbi_pdu_session_types, nudm_sm_data_rsp, default_session_type) }, );
JSON_TABLE(ssc_mode_object, { JSON_E("defaultSscMode", ssc_modes, nudm_sm_data_rsp, ssc_mode), MUST }, );
JSON_TABLE(static_address,
	{ JSON_V("ipv4Addr", json_ipv4, nudm_sm_data_rsp, static_ipv4),
		JSON_HAS(nudm_sm_data_rsp, has_static_ipv4) }, );
JSON_ROOT(static_address_item, static_address);
JSON_TABLE(dnn_configuration, { JSON_GROUP("pduSessionTypes", pdu_session_types), MUST },
	{ JSON_GROUP("sscModes", ssc_mode_object), MUST },
	{ JSON_OBJ("5gQosProfile", sbi_default_qos, nudm_sm_data_rsp, five_g_qos_profile) },
	{ JSON_OBJ("sessionAmbr", sbi_ambr, nudm_sm_data_rsp, session_ambr) },
	{ JSON_ONE("staticIpAddress", static_address_item) }, );
JSON_ROOT(dnn_configuration_item, dnn_configuration);
static const struct json_field dnn_key = { JSON_V("", json_str, nudm_sm_data_rsp, dnn) };

JSON_TABLE(sm_data, { JSON_OBJ("singleNssai", sbi_snssai, nudm_sm_data_rsp, single_nssai), MUST },
	{ .key = "dnnConfigurations",
		.kind = JSON_MAP,
		.item = &dnn_configuration_item,
		.map_key = &dnn_key,
		MUST }, );
JSON_ROOT(sm_data_item, sm_data);
const struct json_field nudm_sm_data_root = { .kind = JSON_LIST, MUST, .item = &sm_data_item };

const struct sbi_json udm_get_sm_data_json = {
	.path = &sm_data_path, .query = &sm_data_query, .rsp = &nudm_sm_data_root
};
