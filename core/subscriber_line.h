/*
 * A subscriber as one line of text, as the command line, import files and the control socket have it:
 * "imsi=001010000000001 k=00..ff opc=00..ff [algorithm=milenage] [authentication=5g-aka] [amf=8000] [sqn=0]
 * [ambr_uplink=1Gbps] [ambr_downlink=1Gbps] [dnn=internet[@1-010203][:five_qi=5]...]... [five_qi=9] [arp=8]
 * [ip=10.45.0.9]" Instead of opc, op gives the operator's constant. Rates, 5QI, ARP and address are all
 * DNNs', but for one that has its own behind colons.
 */
#pragma once

#include "core/core.h"

enum {
	SUBSCRIBER_LINE_ERROR = 160,
	SUBSCRIBER_LINE_MAX = 49152, /* octets of one that is printed: all DNNs in all slices, each with its
					own values */
};

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

/*
 * Reads a line of what changes of the subscription old; all else stays. out has the keys and the SQN that the
 * subscriber has so far. The caller wipes out. False with what is wrong in error.
 */
MUST_USE bool subscriber_line_change(struct bytes line, const struct core_config *config,
	const struct subscriber *old, struct subscriber_line *out, char error[SUBSCRIBER_LINE_ERROR]);

/* subscriber_servable.c: what a line asks is served here: the IMSI's PLMN, the 5QI of a default flow, static
 * addresses in the pools of their DNNs; those of the line, which have no DNN yet, are given to the first with
 * a pool that has them. False with what is wrong in error. */
MUST_USE bool subscriber_servable(const struct core_config *config, struct subscriber *s,
	const struct subscriber_dnn *line, char error[SUBSCRIBER_LINE_ERROR]);

/* As a line that subscriber_line_read takes; without the keys when k_len is 0. */
void subscriber_line_print(const struct subscriber_line *l, struct writer *w);

/* Whether a line may have a key of that name. */
bool subscriber_line_key(struct bytes name);
