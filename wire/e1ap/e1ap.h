/*
 * E1AP (TS 37.483): octets of one PDU to and from structs. The structs of the messages and IEs, made from
 * wire/asn1/e1ap, are in wire/e1ap/e1ap_asn1.h (in the build directory) with
 * e1ap_decode(), _encode(), _print() and _message_name(); wire/per/per.h describes how ASN.1
 * becomes C. Here is beside them what both ends make of them.
 */
#pragma once

#include "wire/e1ap/e1ap_asn1.h"
#include "wire/id.h"

enum {
	E1AP_PPID = 64,         /* SCTP payload protocol identifier: TS 37.482 7 */
	E1AP_SCTP_PORT = 38462, /* TS 37.482 7 */
	E1AP_TEID_OCTETS = 4,
	E1AP_SD_OCTETS = 3,
};

/* The SCTP stream of a PDU that we send (TS 37.482 7): what concerns a UE has one that nothing else has. */
uint16_t e1ap_stream(struct bytes pdu, uint16_t out_streams);

/* What ERROR INDICATION tells of a PDU that cannot be processed (clause 10). */
struct e1ap_report {
	struct e1ap_cause cause;
	struct e1ap_criticality_diagnostics diagnostics;
	struct e1ap_criticality_diagnostics_ie_list list;
	struct e1ap_criticality_diagnostics_ie_list_item items[PER_DIAG_IES_MAX];
};

/* *out points into itself: it must not move. */
void e1ap_report_of(const struct per_diag *diag, struct e1ap_report *out);

static inline struct e1ap_cause e1ap_radio_cause(enum e1ap_cause_radio_network cause)
{
	return (struct e1ap_cause){ .tag = E1AP_CAUSE_TAG_RADIO_NETWORK, .u.radio_network = cause };
}

/* The end of a GTP-U tunnel; the address is a view of IPv4, IPv6 or both (38.414 5.3). False: it is something
 * else. */
MUST_USE bool e1ap_tunnel_read(
	const struct e1ap_up_tnl_information *in, struct bytes *address, uint32_t *teid);
/* octets: where the TEID goes. */
struct e1ap_up_tnl_information e1ap_tunnel(
	struct bytes address, uint32_t teid, uint8_t octets[E1AP_TEID_OCTETS]);

struct snssai e1ap_snssai_read(const struct e1ap_snssai *in);
/* s must outlive what is made of it, as sd. */
struct e1ap_snssai e1ap_snssai_of(const struct snssai *s, uint8_t sd[E1AP_SD_OCTETS]);

/* What the timers stand for, UINT32_MAX for infinity; and the value that stands for a number, or the least
 * above it. False: there is none. */
MUST_USE bool e1ap_t_reordering_ms(enum e1ap_t_reordering value, uint32_t *ms);
MUST_USE bool e1ap_t_reordering_of(uint32_t ms, enum e1ap_t_reordering *value);
MUST_USE bool e1ap_discard_timer_ms(enum e1ap_discard_timer value, uint32_t *ms);
MUST_USE bool e1ap_discard_timer_of(uint32_t ms, enum e1ap_discard_timer *value);

/* COUNT of a PDCP PDU (33.501 6.6): its sequence number of so many bits, and the rest. */
static inline struct e1ap_pdcp_count e1ap_count(uint32_t count, uint8_t sn_bits)
{
	return (struct e1ap_pdcp_count){ count & ((1u << sn_bits) - 1), count >> sn_bits };
}

static inline uint32_t e1ap_count_read(const struct e1ap_pdcp_count *c, uint8_t sn_bits)
{
	return c->hfn << sn_bits | (c->pdcp_sn & ((1u << sn_bits) - 1));
}

static inline uint32_t e1ap_wait_ms(enum e1ap_time_to_wait wait)
{
	static const uint8_t seconds[] = { 1, 2, 5, 10, 20, 60 };

	return ((unsigned)wait < ARRAY_LEN(seconds) ? seconds[wait] : 5) * 1000u;
}
