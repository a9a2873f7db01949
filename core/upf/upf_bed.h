/* For tests, fuzzing and benchmarks: a UPF with a clock of ours, and an SMF by bytes. */
#pragma once

#include "base/test_env.h"

#include "core/upf/internal.h"

enum {
	BED_SMF = 0x0a000001,
	BED_UPF_N4 = 0x0a000002,
	BED_UPF_N3 = 0x0a010001,
	BED_GNB = 0x0a010002,
	BED_SMF2 = 0x0a000003,
	BED_POOL = 0x0a2d0000,
	BED_UE = 0x0a2d0002,
	BED_DN = 0x08080808,
	BED_CORE = 0x0a000005,
	BED_GNB_TEID = 0x1000,
	BED_FAR_END = 0x0a630001, /* of unstructured sessions */
	BED_FAR_END_PORT = 7000,
	BED_MSGS = UPF_BUFFERED_SESSION + 8,
};

#define BED_UE6      ((struct ip){ UINT64_C(0x20010db800450007), 0x1234 })
#define BED_FAR_END6 ((struct ip){ UINT64_C(0x20010db800990000), 9 })

/* What left the UPF. */
struct bed_msg {
	uint16_t port;
	struct addr peer;
	uint8_t data[2048];
	size_t len;
};

struct bed {
	struct test_env t;
	struct upf *upf;
	struct room room;
	uint32_t sequence;
	uint16_t hide;  /* elements of this type are left out of requests */
	uint16_t spoil; /* elements of this type, also within others, get the next member's octets for a value
			 */
	struct bytes spoilt;
	struct bed_msg sent[BED_MSGS];
	size_t sent_count;
	struct arena arena;
	struct pfcp_msg response; /* the last one decoded; lives in the arena */
};

/* The rules of a usual session: two PDRs, FARs and QERs, one URR. Change before bed_establish. */
struct bed_session {
	struct pfcp_msg m;
	struct pfcp_create_pdr pdr[2];
	struct pfcp_create_far far[2];
	struct pfcp_create_qer qer[2];
	struct pfcp_create_urr urr[1];
	uint32_t qer_ids[2], urr_ids[1];
	struct pfcp_sdf_filter filter;
};

struct bed_session_ids {
	uint64_t seid;
	uint32_t teid;
};

void bed_init(struct bed *b, const struct upf_config *config);
void bed_config(struct upf_config *c);
void bed_fini(struct bed *b);
/* Time passes; deadlines are run. */
void bed_pass_ms(struct bed *b, uint64_t ms);
/* A message to a port; what leaves is in sent[] until the next one. */
void bed_give(struct bed *b, uint16_t port, uint32_t peer, uint16_t peer_port, struct bytes data);
/* A burst of N3 or N6 at a worker, in place. */
void bed_burst(struct bed *b, uint8_t worker, bool n3, struct upf_packet *packets, size_t count);
/* What has waited at a worker and may leave now; the count. */
size_t bed_due(struct bed *b, uint8_t worker, struct upf_packet *packets, size_t max);
/* A PFCP request of an SMF; the response is decoded. False when there was none. */
bool bed_request_from(struct bed *b, uint32_t smf, struct pfcp_msg *m);
bool bed_request(struct bed *b, struct pfcp_msg *m);
/* The response to m is among what is sent; it is decoded. */
bool bed_answered(struct bed *b, const struct pfcp_msg *m);
/* What has left since the last call of any kind is in sent[]. */
void bed_collect(struct bed *b);
/* Decodes sent[i], a PFCP message, into response. */
bool bed_decode(struct bed *b, size_t i);
bool bed_associate_from(struct bed *b, uint32_t smf, uint32_t recovery, bool retain);
bool bed_associate(struct bed *b);
void bed_session_fill(struct bed_session *s, uint32_t ue_ip, uint32_t gnb_teid, uint64_t cp_seid);
/* An unstructured one, with a tunnel on N6 to the far end of that family. */
void bed_session_unstructured(struct bed_session *s, bool v6, uint64_t cp_seid);
/* The cause; identities are set when accepted. */
uint8_t bed_establish(struct bed *b, struct bed_session *s, struct bed_session_ids *ids);
/* An IPv4 UDP packet of len octets in all, with correct checksums. */
struct bytes bed_udp(uint8_t *buf, uint32_t src, uint32_t dst, uint16_t sport, uint16_t dport, size_t len);
/* A G-PDU around it, with the UL PDU session container. */
struct bytes bed_gpdu(uint8_t *buf, uint32_t teid, uint8_t qfi, struct bytes inner);
uint64_t bed_stat(struct bed *b, enum upf_stat stat);
