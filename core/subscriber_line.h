/*
 * A subscriber as one line of text, as the command line, import files and the control socket have it:
 * "imsi=001010000000001 k=00..ff opc=00..ff [algorithm=milenage] [amf=8000] [sqn=0] [ambr_uplink=1 Gbps]
 * [ambr_downlink=1 Gbps] [dnn=internet[@1-010203]]... [five_qi=9] [arp=8] [ip=10.45.0.9]"
 * Instead of opc, op gives the operator's constant.
 */
#pragma once

#include "core/core.h"

enum { SUBSCRIBER_LINE_ERROR = 160 };

struct subscriber_line {
	struct subscriber subscriber;
	uint8_t k[32], opc[32];
	uint8_t k_len, opc_len;
	uint64_t sqn;
};

/*
 * Reads a line; what it leaves out follows from the network's configuration: all its data networks in all
 * its slices. The caller wipes out. False with what is wrong in error.
 */
MUST_USE bool subscriber_line_read(struct bytes line, const struct core_config *config,
	struct subscriber_line *out, char error[SUBSCRIBER_LINE_ERROR]);

/* subscriber_servable.c: what a line asks is served here: the IMSI's PLMN, the 5QI of a default flow, the
 * address in the pool of one of its DNNs, to which it is given (0: none). False with what is wrong in error.
 */
MUST_USE bool subscriber_servable(const struct core_config *config, struct subscriber *s, uint8_t five_qi,
	uint32_t static_ipv4, char error[SUBSCRIBER_LINE_ERROR]);

/* Without the keys. */
void subscriber_line_print(const struct subscriber *s, uint64_t sqn, struct writer *w);
