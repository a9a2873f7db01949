/* TS 29.510: Nnrf_NFManagement and Nnrf_NFDiscovery. Lists of foreign profiles are cut to what we keep. */
#include "wire/sbi/tables.h"

static const char *const nf_statuses[] = {
	[NF_REGISTERED] = "REGISTERED", [NF_SUSPENDED] = "SUSPENDED", [NF_UNDISCOVERABLE] = "UNDISCOVERABLE"
};

/* SmfInfo pairs slices and DNNs; the profile has each for itself, so all of one go with each of the other. */
struct smf_info_dnn {
	char dnn[DNN_STR_SIZE];
};

struct smf_info_slice {
	struct snssai snssai;
	uint8_t dnn_count;
	struct smf_info_dnn dnns[NF_PROFILE_DNN_MAX];
};

struct smf_info_view {
	uint8_t count;
	struct smf_info_slice slices[SNSSAI_MAX];
};

static bool smf_info_to(const void *base, void *view)
{
	const struct nf_profile *p = base;
	struct smf_info_view *v = view;

	for (uint8_t i = 0; i < p->snssais.count && i < SNSSAI_MAX && p->dnn_count > 0; i++) {
		struct smf_info_slice *slice = &v->slices[v->count++];

		slice->snssai = p->snssais.items[i];
		for (uint8_t d = 0; d < p->dnn_count && d < NF_PROFILE_DNN_MAX; d++)
			str_copy(slice->dnns[slice->dnn_count++].dnn, DNN_STR_SIZE, p->dnns[d]);
	}
	return v->count > 0;
}

static void profile_add_dnn(struct nf_profile *p, const char *dnn)
{
	uint8_t d = 0;

	while (d < p->dnn_count && strcmp(p->dnns[d], dnn))
		d++;
	if (d == p->dnn_count && d < NF_PROFILE_DNN_MAX)
		str_copy(p->dnns[p->dnn_count++], DNN_STR_SIZE, dnn);
}

static bool smf_info_from(const void *view, void *base)
{
	const struct smf_info_view *v = view;

	for (uint8_t i = 0; i < v->count; i++)
		for (uint8_t d = 0; d < v->slices[i].dnn_count; d++)
			profile_add_dnn(base, v->slices[i].dnns[d].dnn);
	return true;
}

JSON_TABLE(dnn_smf_info, { JSON_V("dnn", json_str, smf_info_dnn, dnn), MUST }, );
JSON_ITEM(dnn_smf_info_item, dnn_smf_info, smf_info_dnn);
JSON_TABLE(snssai_smf_info, { JSON_OBJ("sNssai", sbi_snssai, smf_info_slice, snssai), MUST },
	{ JSON_ITEMS("dnnSmfInfoList", dnn_smf_info_item, smf_info_slice, dnns, dnn_count), .cut = true,
		MUST }, );
JSON_ITEM(snssai_smf_info_item, snssai_smf_info, smf_info_slice);
JSON_TABLE(smf_info,
	{ JSON_ITEMS("sNssaiSmfInfoList", snssai_smf_info_item, smf_info_view, slices, count), .cut = true,
		MUST }, );
JSON_ROOT(smf_info_root, smf_info);
static const struct json_via smf_info_via = { sizeof(struct smf_info_view), &smf_info_root, smf_info_to,
	smf_info_from };

static const struct json_field ipv4_address_item = { JSON_V("", json_ipv4_text, nf_profile, ipv4_address),
	MUST };
static const struct json_field profile_plmn_item = { JSON_OBJ("", sbi_plmn, nf_profile, plmn), MUST };

/* clang-format off: rows of a table */
#define PROFILE                                                                                              \
	{ JSON_V("nfInstanceId", json_str, nf_profile, nf_instance_id), MUST },                              \
		{ JSON_E("nfType", sbi_nf_types, nf_profile, nf_type), MUST },                               \
		{ JSON_E("nfStatus", nf_statuses, nf_profile, nf_status), MUST },                            \
		{ JSON_ONE("plmnList", profile_plmn_item) },                                                 \
		{ JSON_ITEMS("sNssais", sbi_snssai_item, nf_profile, snssais.items, snssais.count),          \
			.cut = true },                                                                       \
		{ JSON_V("fqdn", json_str, nf_profile, fqdn) },                                              \
		{ JSON_ONE("ipv4Addresses", ipv4_address_item) },                                            \
		{ JSON_V("priority", json_uint, nf_profile, priority) },                                     \
		{ JSON_V("capacity", json_uint, nf_profile, capacity) },                                     \
	{                                                                                                    \
		JSON_THROUGH("smfInfo", smf_info_via)                                                        \
	}
/* clang-format on */

/* The NFProfile of discovery has no heart-beat. */
JSON_TABLE(found_profile, PROFILE);
JSON_ITEM(found_profile_item, found_profile, nf_profile);
JSON_TABLE(nf_profile_object, PROFILE,
	{ JSON_V("heartBeatTimer", json_uint, nf_profile, heart_beat_timer_s) }, );

JSON_TABLE(register_path,
	{ JSON_V("nfInstanceID", json_str, nnrf_nf_register_req, profile.nf_instance_id), MUST }, );
static const struct json_field register_req = {
	JSON_OBJ(NULL, nf_profile_object, nnrf_nf_register_req, profile), MUST
};
static const struct json_field register_rsp = {
	JSON_OBJ(NULL, nf_profile_object, nnrf_nf_register_rsp, profile), MUST
};
JSON_TABLE(register_location,
	{ JSON_V("nfInstanceID", json_str, nnrf_nf_register_rsp, profile.nf_instance_id), MUST }, );

const struct sbi_json nrf_nf_register_json = {
	.path = &register_path,
	.req = &register_req,
	.rsp = &register_rsp,
	.location = "/nnrf-nfm/v1/nf-instances/{nfInstanceID}",
	.location_fields = &register_location,
};

JSON_TABLE(instance_path, { JSON_V("nfInstanceID", json_str, nnrf_nf_instance_req, nf_instance_id), MUST }, );
/* Any patch of a profile is taken as a sign of life and no more. */
JSON_TABLE(heartbeat_patch, { JSON_EMIT("op", "replace"), MUST }, { JSON_EMIT("path", "/nfStatus"), MUST },
	{ JSON_EMIT("value", "REGISTERED") }, );
JSON_ROOT(heartbeat_item, heartbeat_patch);
static const struct json_field heartbeat_req = { .kind = JSON_LIST, MUST, .item = &heartbeat_item };

const struct sbi_json nrf_nf_heartbeat_json = {
	.path = &instance_path, .req = &heartbeat_req, .req_type = TYPE_PATCH
};
const struct sbi_json nrf_nf_deregister_json = { .path = &instance_path };

static const struct json_field discover_snssai_item = {
	JSON_OBJ("", sbi_snssai, nnrf_nf_discover_req, snssai), MUST
};
JSON_TABLE(discover_query,
	{ JSON_E("target-nf-type", sbi_nf_types, nnrf_nf_discover_req, target_nf_type), MUST },
	{ JSON_E("requester-nf-type", sbi_nf_types, nnrf_nf_discover_req, requester_nf_type), MUST },
	{ JSON_ONE("snssais", discover_snssai_item), JSON_HAS(nnrf_nf_discover_req, has_snssai) },
	{ JSON_V("dnn", json_str, nnrf_nf_discover_req, dnn) }, );
JSON_TABLE(search_result, { JSON_V("validityPeriod", json_uint, nnrf_nf_discover_rsp, validity_period_s) },
	{ JSON_ITEMS("nfInstances", found_profile_item, nnrf_nf_discover_rsp, instances, count), .cut = true,
		MUST }, );
JSON_ROOT(discover_rsp, search_result);

const struct sbi_json nrf_nf_discover_json = { .query = &discover_query, .rsp = &discover_rsp };
