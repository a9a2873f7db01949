/* Nnssf_NSSelection, TS 29.531. */
#pragma once

#include "wire/sbi/types.h"

/* GET /network-slice-information for a registration */
struct nnssf_ns_selection_req {
	enum nf_type nf_type;
	const char *nf_id; /* of the function that asks */
	struct tai tai;
	struct slice_info_for_registration slice_info;
};

struct nnssf_ns_selection_rsp {
	struct authorized_network_slice_info data;
};
