/* TS 29.571: data types that the services share. */
#include "wire/sbi/tables.h"

static const struct json_field plmn_fields[] = {
	{ .key = "mcc", .codec = &json_mcc, .size = sizeof(struct plmn), MUST },
	{ .key = "mnc", .codec = &json_mnc, .size = sizeof(struct plmn), MUST },
};
const struct json_object sbi_plmn = { plmn_fields, ARRAY_LEN(plmn_fields) };
const struct json_field sbi_plmn_item = {
	.kind = JSON_OBJECT, MUST, .sub = &sbi_plmn, .size = sizeof(struct plmn)
};

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

JSON_TABLE(ncgi, { JSON_OBJ("plmnId", sbi_plmn, ncgi, plmn), MUST },
	{ JSON_V("nrCellId", json_nr_cell_id, ncgi, nci), MUST }, );

static const struct json_field nr_location_fields[] = {
	{ JSON_OBJ("tai", sbi_tai, nr_location, tai), MUST },
	{ JSON_OBJ("ncgi", ncgi, nr_location, ncgi), MUST },
};
const struct json_object sbi_nr_location = { nr_location_fields, ARRAY_LEN(nr_location_fields) };

static const struct json_field ambr_fields[] = {
	{ JSON_V("uplink", json_bit_rate, ambr, uplink_bps), MUST },
	{ JSON_V("downlink", json_bit_rate, ambr, downlink_bps), MUST },
};
const struct json_object sbi_ambr = { ambr_fields, ARRAY_LEN(ambr_fields) };

static const char *const preemption_capabilities[] = { "NOT_PREEMPT", "MAY_PREEMPT" };
static const char *const preemption_vulnerabilities[] = { "NOT_PREEMPTABLE", "PREEMPTABLE" };

JSON_TABLE(arp, { JSON_V("priorityLevel", json_uint, arp, priority_level), JSON_RANGE(1, 15), MUST },
	{ JSON_E("preemptCap", preemption_capabilities, arp, may_preempt), MUST },
	{ JSON_E("preemptVuln", preemption_vulnerabilities, arp, preemptable), MUST }, );

/* SubscribedDefaultQos; also AuthorizedDefaultQos, where nothing is mandatory but we need what it is. */
static const struct json_field default_qos_fields[] = {
	{ JSON_V("5qi", json_uint, default_qos, five_qi), MUST },
	{ JSON_OBJ("arp", arp, default_qos, arp), MUST },
	{ JSON_V("priorityLevel", json_uint, default_qos, priority_level), JSON_RANGE(1, 127) },
};
const struct json_object sbi_default_qos = { default_qos_fields, ARRAY_LEN(default_qos_fields) };

static const struct json_field resynchronization_info_fields[] = {
	{ JSON_V("rand", json_hex, resynchronization_info, rand), MUST },
	{ JSON_V("auts", json_hex, resynchronization_info, auts), MUST },
};
const struct json_object sbi_resynchronization_info = { resynchronization_info_fields,
	ARRAY_LEN(resynchronization_info_fields) };

JSON_TABLE(invalid_param, { .key = "param", .codec = &json_str, .size = SBI_PARAM_SIZE, MUST }, );
JSON_ITEM(invalid_param_item, invalid_param, sbi_problem_details);

static const struct json_field problem_fields[] = {
	{ JSON_V("status", json_uint, sbi_problem_details, status) },
	{ JSON_V("cause", json_str, sbi_problem_details, cause) },
	{ JSON_ITEMS("invalidParams", invalid_param_item, sbi_problem_details, params, param_count),
		.cut = true },
};
const struct json_object sbi_problem_object = { problem_fields, ARRAY_LEN(problem_fields) };

const char *const sbi_nf_types[NF_TYPE_COUNT] = { "NRF", "AMF", "SMF", "UPF", "AUSF", "UDM", "UDR", "PCF",
	"NSSF" };

const char *const sbi_pdu_session_types[PDU_SESSION_ETHERNET + 1] = { NULL, "IPV4", "IPV6", "IPV4V6",
	"UNSTRUCTURED", "ETHERNET" };

const char *const sbi_n2_sm_info_types[N2_SM_INFO_TYPE_COUNT] = {
	[N2_SM_PDU_RES_SETUP_REQ] = "PDU_RES_SETUP_REQ",
	[N2_SM_PDU_RES_SETUP_RSP] = "PDU_RES_SETUP_RSP",
	[N2_SM_PDU_RES_SETUP_FAIL] = "PDU_RES_SETUP_FAIL",
	[N2_SM_PDU_RES_REL_CMD] = "PDU_RES_REL_CMD",
	[N2_SM_PDU_RES_REL_RSP] = "PDU_RES_REL_RSP",
	[N2_SM_PDU_RES_MOD_REQ] = "PDU_RES_MOD_REQ",
	[N2_SM_PDU_RES_MOD_RSP] = "PDU_RES_MOD_RSP",
	[N2_SM_PDU_RES_MOD_FAIL] = "PDU_RES_MOD_FAIL",
	[N2_SM_PDU_RES_NTY] = "PDU_RES_NTY",
	[N2_SM_PDU_RES_NTY_REL] = "PDU_RES_NTY_REL",
	[N2_SM_PDU_RES_MOD_IND] = "PDU_RES_MOD_IND",
	[N2_SM_PDU_RES_MOD_CFM] = "PDU_RES_MOD_CFM",
	[N2_SM_PATH_SWITCH_REQ] = "PATH_SWITCH_REQ",
	[N2_SM_PATH_SWITCH_SETUP_FAIL] = "PATH_SWITCH_SETUP_FAIL",
	[N2_SM_PATH_SWITCH_REQ_ACK] = "PATH_SWITCH_REQ_ACK",
	[N2_SM_PATH_SWITCH_REQ_FAIL] = "PATH_SWITCH_REQ_FAIL",
};
