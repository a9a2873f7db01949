/* TS 29.571: data types that have a struct of the product's own. */
#include "wire/sbi/tables.h"

static const struct json_field plmn_fields[] = {
	{ .key = "mcc", .codec = &json_mcc, .size = sizeof(struct plmn), MUST },
	{ .key = "mnc", .codec = &json_mnc, .size = sizeof(struct plmn), MUST },
};
const struct json_object sbi_plmn = { plmn_fields, ARRAY_LEN(plmn_fields) };

static const struct json_field snssai_fields[] = {
	{ JSON_V("sst", json_uint, snssai, sst), MUST },
	{ JSON_V("sd", json_sd, snssai, sd) },
};
const struct json_object sbi_snssai = { snssai_fields, ARRAY_LEN(snssai_fields) };
const struct json_field sbi_snssai_item = {
	.kind = JSON_OBJECT, MUST, .sub = &sbi_snssai, .size = sizeof(struct snssai)
};

static const struct json_field guami_fields[] = {
	{ JSON_OBJ("plmnId", sbi_plmn, guami, plmn), MUST },
	{ .key = "amfId", .codec = &json_amf_id, .size = sizeof(struct guami), MUST },
};
const struct json_object sbi_guami = { guami_fields, ARRAY_LEN(guami_fields) };

static const struct json_field tai_fields[] = {
	{ JSON_OBJ("plmnId", sbi_plmn, tai, plmn), MUST },
	{ JSON_V("tac", json_tac, tai, tac), MUST },
};
const struct json_object sbi_tai = { tai_fields, ARRAY_LEN(tai_fields) };

static const struct json_field ncgi_fields[] = {
	{ JSON_OBJ("plmnId", sbi_plmn, ncgi, plmn), MUST },
	{ JSON_V("nrCellId", json_nr_cell_id, ncgi, nci), MUST },
};
const struct json_object sbi_ncgi = { ncgi_fields, ARRAY_LEN(ncgi_fields) };

static const struct json_field ambr_fields[] = {
	{ JSON_V("uplink", json_bit_rate, ambr, uplink_bps), MUST },
	{ JSON_V("downlink", json_bit_rate, ambr, downlink_bps), MUST },
};
const struct json_object sbi_ambr = { ambr_fields, ARRAY_LEN(ambr_fields) };

static const char *const preemption_capabilities[] = { "NOT_PREEMPT", "MAY_PREEMPT" };
static const char *const preemption_vulnerabilities[] = { "NOT_PREEMPTABLE", "PREEMPTABLE" };

static const struct json_field arp_fields[] = {
	{ JSON_V("priorityLevel", json_uint, arp, priority_level), JSON_RANGE(1, 15), MUST },
	{ JSON_E("preemptCap", preemption_capabilities, arp, may_preempt), MUST },
	{ JSON_E("preemptVuln", preemption_vulnerabilities, arp, preemptable), MUST },
};
const struct json_object sbi_arp = { arp_fields, ARRAY_LEN(arp_fields) };

static const struct json_field default_qos_fields[] = {
	{ JSON_V("5qi", json_uint, default_qos, five_qi), MUST },
	{ JSON_OBJ("arp", sbi_arp, default_qos, arp), MUST },
	{ JSON_V("priorityLevel", json_uint, default_qos, priority_level), JSON_RANGE(1, 127) },
};
const struct json_object sbi_default_qos = { default_qos_fields, ARRAY_LEN(default_qos_fields) };

const struct json_field sbi_patch_item = {
	.kind = JSON_OBJECT, MUST, .sub = &patch_item_json, .size = sizeof(struct patch_item)
};

const char *const sbi_nf_types[NF_TYPE_COUNT] = { "NRF", "AMF", "SMF", "UPF", "AUSF", "UDM", "UDR", "PCF",
	"NSSF", "AF" };

const char *const sbi_pdu_session_types[PDU_SESSION_ETHERNET + 1] = { NULL, "IPV4", "IPV6", "IPV4V6",
	"UNSTRUCTURED", "ETHERNET" };
