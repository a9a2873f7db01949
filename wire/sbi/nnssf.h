/* Nnssf_NSSelection, TS 29.531. */
#pragma once

#include "wire/sbi/common.h"

/* GET /network-slice-information with slice-info-request-for-registration */
struct nnssf_ns_selection_req {
	char nf_id[UUID_STR_SIZE]; /* of the AMF that asks */
	struct tai tai;
	struct nssai requested_nssai; /* count 0: none requested */
	struct nssai subscribed_nssai;
	struct nssai default_subscribed_nssai;
};

enum rejected_snssai_cause { REJECTED_IN_PLMN, REJECTED_IN_TA };

/* AuthorizedNetworkSliceInfo */
struct nnssf_ns_selection_rsp {
	struct nssai allowed_nssai;
	struct nssai configured_nssai;
	struct nssai rejected_nssai_in_plmn;
	struct nssai rejected_nssai_in_ta;
};
