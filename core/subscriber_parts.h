/* What a subscriber's line gave, between the files that read it. */
#pragma once

#include "core/subscriber_line.h"

/* A DNN that a line asks for; zeros are what it leaves to the line. */
struct wanted_dnn {
	char name[DNN_STR_SIZE];
	bool any_slice, served;
	struct snssai slice;
	struct subscriber_dnn own;
};

/* What a line gave, before the parts are put together. */
struct parts {
	struct subscriber_line *out;
	const struct core_config *config;
	const struct subscriber *old; /* the subscription that the line changes; NULL: it is a new one */
	uint32_t given;               /* bit n: the n-th key */
	bool too_many, dnns_kept;
	struct subscriber_dnn line; /* for all DNNs that have no own value */
	uint8_t dnn_count;
	struct wanted_dnn dnns[SNSSAI_MAX * DNN_PER_SLICE_MAX];
};

enum key_id {
	KEY_IMSI,
	KEY_K,
	KEY_OPC,
	KEY_OP,
	KEY_ALGORITHM,
	KEY_AUTHENTICATION,
	KEY_AMF,
	KEY_SQN,
	KEY_AMBR_UPLINK,
	KEY_AMBR_DOWNLINK,
	KEY_DNN,
	KEY_FIVE_QI,
	KEY_ARP,
	KEY_IP,
	KEY_PREFIX,
	KEY_TYPES,
	KEY_SSC,
	KEY_FRAMED_ROUTE,
	KEY_ADD_DNN,
	KEY_T3512,
	KEY_ACTIVE_TIME,
	KEY_MICO,
	KEY_NO_ACCESS,
	KEY_ALLOWED_AREAS,
	KEY_NON_ALLOWED_AREAS,
	KEY_FORBIDDEN_AREAS,
	KEY_AREAS_MAX,
	KEY_PROFILE,
	KEY_MSISDN,
};

static inline bool subscriber_parts_given(const struct parts *p, enum key_id key)
{
	return p->given >> key & 1;
}

/* subscriber_parts.c: asks for the DNNs of the old subscription, once. False: there are too many. */
MUST_USE bool subscriber_parts_keep_dnns(struct parts *p);
/* The slices and DNNs of the subscription. False with what is wrong in error. */
MUST_USE bool subscriber_parts_slices(struct parts *p, char error[SUBSCRIBER_LINE_ERROR]);
