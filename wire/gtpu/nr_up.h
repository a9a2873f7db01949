/*
 * NR user plane protocol (TS 38.425 5.5): what a node hosting PDCP and the node below it say of a data radio
 * bearer, in the NR RAN Container of a GTP-U packet (29.281 5.2.2.6).
 */
#pragma once

#include "base/bytes.h"
#include "base/cursor.h"

enum {
	NR_UP_SN_COUNT = 1 << 24, /* NR-U sequence numbers */
	NR_UP_LIST_MAX = 4,    /* blocks and ranges that are kept and written; further ones are passed over */
	NR_UP_OCTETS_MAX = 74, /* of what is written here */
};

enum nr_up_type {
	NR_UP_DL_USER_DATA = 0,
	NR_UP_DL_DATA_DELIVERY_STATUS = 1,
	NR_UP_ASSISTANCE_INFORMATION_DATA = 2,
};

/* Cause Value */
enum nr_up_cause {
	NR_UP_CAUSE_UNKNOWN = 0,
	NR_UP_CAUSE_RADIO_LINK_OUTAGE = 1,
	NR_UP_CAUSE_RADIO_LINK_RESUME = 2,
};

/* PDCP SNs from the first on. */
struct nr_up_block {
	uint32_t start;
	uint8_t size;
};

/* First and last. */
struct nr_up_range {
	uint32_t start, end;
};

struct nr_up_list {
	uint8_t count;
	struct nr_up_range ranges[NR_UP_LIST_MAX];
};

/* A sequence number that may be absent. */
struct nr_up_sn {
	bool there;
	uint32_t sn;
};

/* 5.5.2.1 */
struct nr_up_dl_user_data {
	bool report_polling, request_out_of_sequence, user_data_existence, assistance_polling, retransmission;
	uint32_t sn;               /* NR-U */
	struct nr_up_sn flush;     /* PDCP PDUs up to this one are discarded */
	struct nr_up_sn delivered; /* to be reported, once this PDCP PDU is */
	uint8_t discard_count;
	struct nr_up_block discard[NR_UP_LIST_MAX];
};

/* 5.5.2.2 */
struct nr_up_delivery_status {
	bool final_frame, has_desired_rate, has_cause;
	uint32_t desired_buffer_octets;
	uint32_t desired_rate;  /* octets a second */
	struct nr_up_list lost; /* NR-U sequence numbers */
	struct nr_up_sn delivered, transmitted, delivered_retransmitted, retransmitted; /* PDCP */
	uint8_t cause;                                                                  /* enum nr_up_cause */
	bool has_out_of_sequence;
	struct nr_up_list out_of_sequence; /* PDCP SNs that are delivered before those before them */
};

/* 5.5.2.3 */
struct nr_up_assistance {
	bool has_duplication, duplicate; /* suggested */
	bool has_ul_delay, has_dl_delay;
	uint32_t ul_delay, dl_delay;
	struct bytes information; /* the fields, each type, length and value; views into the container */
	uint8_t information_count;
};

struct nr_up_pdu {
	enum nr_up_type type;
	union {
		struct nr_up_dl_user_data dl_user_data;
		struct nr_up_delivery_status status;
		struct nr_up_assistance assistance;
	};
};

/* False: cut short, or of a type that is not known. */
MUST_USE bool nr_up_decode(struct bytes container, struct nr_up_pdu *out);
/* With the padding that GTP-U wants. False: it has no room. */
MUST_USE bool nr_up_encode(const struct nr_up_pdu *pdu, struct writer *w);
