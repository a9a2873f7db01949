/* Nnrf_NFManagement and Nnrf_NFDiscovery, TS 29.510. */
#pragma once

#include "wire/sbi/types.h"

/* PUT /nf-instances/{nfInstanceID} */
struct nnrf_nf_register_req {
	const char *nf_instance_id;
	struct nf_profile data;
};

struct nnrf_nf_register_rsp {
	const char *nf_instance_id;
	struct nf_profile data;
};

/* PATCH /nf-instances/{nfInstanceID}: heart-beat */
struct nnrf_nf_update_req {
	const char *nf_instance_id;
	struct patch_item_list patch;
};

/* DELETE /nf-instances/{nfInstanceID} */
struct nnrf_nf_deregister_req {
	const char *nf_instance_id;
};

/* GET /nf-instances of Nnrf_NFDiscovery */
struct nnrf_nf_discover_req {
	enum nf_type target_nf_type, requester_nf_type;
	struct snssai_list snssais; /* none: any */
	const char *dnn;            /* NULL: any */
};

struct nnrf_nf_discover_rsp {
	struct search_result data;
};
