/* Data types that the service operations share, TS 29.571. */
#pragma once

#include "wire/id.h"

enum {
	UUID_STR_SIZE = 37,
	SUPI_OR_SUCI_SIZE = 256, /* "imsi-..." or "suci-..." (23.003 28.7.3) */
	SM_CONTEXT_REF_SIZE = 40,
	AUTH_CTX_ID_SIZE = 40,
	SBI_CALLBACK_SIZE = 96, /* the last segment of a callback URI that we gave out */
};

/* Bits per second; as JSON a BitRate string ("1 Gbps"). */
struct ambr {
	uint64_t uplink_bps;
	uint64_t downlink_bps;
};

struct arp {
	uint8_t priority_level; /* 1 to 15, 1 the highest */
	bool may_preempt;       /* preemptCap MAY_PREEMPT */
	bool preemptable;       /* preemptVuln PREEMPTABLE */
};

/* SubscribedDefaultQos, AuthorizedDefaultQos */
struct default_qos {
	uint8_t five_qi;
	struct arp arp;
	uint8_t priority_level; /* 0: that of the 5QI, 23.501 Table 5.7.4-1 */
};

struct nssai {
	uint8_t count;
	struct snssai items[SNSSAI_MAX];
};

enum pdu_session_type {
	PDU_SESSION_IPV4 = 1,
	PDU_SESSION_IPV6 = 2,
	PDU_SESSION_IPV4V6 = 3,
	PDU_SESSION_UNSTRUCTURED = 4,
	PDU_SESSION_ETHERNET = 5,
};

enum nf_type {
	NF_NRF,
	NF_AMF,
	NF_SMF,
	NF_UPF,
	NF_AUSF,
	NF_UDM,
	NF_UDR,
	NF_PCF,
	NF_NSSF,
	NF_AF,
	NF_TYPE_COUNT
};

const char *nf_type_name(enum nf_type t);
