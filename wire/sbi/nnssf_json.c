/* TS 29.531: Nnssf_NSSelection_Get for a registration. */
#include "wire/sbi/tables.h"

JSON_TABLE(selection_query, { JSON_E("nf-type", sbi_nf_types, nnssf_ns_selection_req, nf_type), MUST },
	{ JSON_V("nf-id", json_text, nnssf_ns_selection_req, nf_id), MUST },
	{ JSON_OBJ("slice-info-request-for-registration", slice_info_for_registration_json,
		nnssf_ns_selection_req, slice_info) },
	{ JSON_OBJ("tai", sbi_tai, nnssf_ns_selection_req, tai) }, );
BODY(selection_rsp, authorized_network_slice_info_json, nnssf_ns_selection_rsp, data);

const struct sbi_json nssf_ns_selection_json = { .query = &selection_query, .rsp = &selection_rsp };
