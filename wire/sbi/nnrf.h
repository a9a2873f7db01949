/* Nnrf_NFManagement and Nnrf_NFDiscovery, TS 29.510. */
#pragma once

#include "wire/sbi/common.h"

enum nf_status { NF_REGISTERED, NF_SUSPENDED, NF_UNDISCOVERABLE };
enum { NF_PROFILE_DNN_MAX = 8, NF_DISCOVERY_MAX = 4, FQDN_STR_SIZE = 128 };

struct nf_profile {
	char nf_instance_id[UUID_STR_SIZE];
	enum nf_type nf_type;
	enum nf_status nf_status;
	uint16_t heart_beat_timer_s;
	uint16_t capacity; /* 0 to 65535 */
	uint16_t priority; /* 0 to 65535, 0 the highest */
	struct plmn plmn;
	struct nssai snssais;
	uint8_t dnn_count; /* smfInfo */
	char dnns[NF_PROFILE_DNN_MAX][DNN_STR_SIZE];
	char ipv4_address[16];
	char fqdn[FQDN_STR_SIZE]; /* one of the two must be there */
};

/* PUT /nf-instances/{nfInstanceID} */
struct nnrf_nf_register_req {
	struct nf_profile profile;
};

struct nnrf_nf_register_rsp {
	struct nf_profile profile;
};

/* PATCH (heart-beat) and DELETE /nf-instances/{nfInstanceID} */
struct nnrf_nf_instance_req {
	char nf_instance_id[UUID_STR_SIZE];
};

/* GET /nf-instances of Nnrf_NFDiscovery */
struct nnrf_nf_discover_req {
	enum nf_type target_nf_type, requester_nf_type;
	bool has_snssai;
	struct snssai snssai;
	char dnn[DNN_STR_SIZE]; /* empty: any */
};

/* SearchResult */
struct nnrf_nf_discover_rsp {
	uint16_t validity_period_s;
	uint8_t count;
	struct nf_profile instances[NF_DISCOVERY_MAX];
};
