/*
 * The data path: bursts of packets in buffers of the caller's, judged by the sessions' rules. It copies no
 * payload: a packet is narrowed to what leaves, and a tunnel header to go before it is written beside it. A
 * worker belongs to one thread; only packets for another worker's session are copied, into a ring to it.
 */
#pragma once

#include "base/ip.h"
#include "core/upf/upf.h"
#include "wire/gtpu/gtpu.h"

enum {
	UPF_HEAD_MAX = 20,  /* octets of a G-PDU's header */
	UPF_REPLY_MAX = 64, /* of a GTP-U signalling message sent */
	UPF_BURST_MAX = 64, /* worked on at once; callers may give more */
};

enum upf_verdict {
	UPF_DROP,
	UPF_TO_N6, /* head, then data: an IP packet; of a LAN an Ethernet frame */
	UPF_TO_N3, /* head, then data, to peer_ip:peer_port */
};

/* UE: uplink of another UE; LAN: an Ethernet frame for the session of the record's `to` */
enum upf_source { UPF_FROM_N3, UPF_FROM_N6, UPF_FROM_UE, UPF_FROM_LAN };

/* RFC 3168 5: of a traffic class. */
enum upf_ecn { UPF_ECN = 3, UPF_ECN_CE = 3, UPF_ECN_NONE = 0 };

struct upf_session;
struct upf_worker;

struct upf_packet {
	const uint8_t *data; /* in: N3 a GTP-U message, N6 an IP packet. out: what leaves after head */
	uint32_t len;
	uint32_t
		linear; /* of len, in place at data: at least the IP and transport headers (N6) or all (N3) */
	const uint8_t *rest; /* where the other octets of len are */
	struct ip peer;      /* N3: the sender; out: the receiver */
	uint16_t peer_port;
	uint8_t lan;     /* N6, in and out: 1 more than the index of its LAN; 0: an IP packet */
	uint8_t verdict; /* out: enum upf_verdict */
	uint8_t head_len;
	uint8_t head[UPF_REPLY_MAX]; /* out */
	/* The data path's own. */
	bool handed;   /* it came from another worker */
	bool from_ue;  /* of another session, here */
	bool of_smf;   /* by its tunnel to the UE */
	bool waiting;  /* for a maximum bit rate, until now */
	uint8_t qfi;   /* uplink: UINT8_MAX none */
	uint8_t outer; /* octets of a tunnel's headers on N6 that stood before data */
	uint8_t tos;   /* of the outer header, DSCP and ECN: in, N3 (its ECN counts); out, UPF_TO_N3 */
	/* In a slot of the downlink buffer since then: judged again there, and stays, or has for too long. */
	bool kept, stays, stale;
	uint32_t since_s;
	uint32_t to; /* of a LAN: by its uplink TEID the session that it is for; 0: not known yet */
	struct upf_session *session;
};

/* What is read of an Ethernet frame. */
struct upf_frame {
	uint64_t destination, source; /* 48 bits */
	uint16_t ethertype, c_tag, s_tag;
	uint8_t payload_at;
	bool has_c_tag, has_s_tag;
	bool is_ip; /* and what is read of the packet in it is true */
};

/* What is read of an IP packet. */
struct upf_flow {
	const struct upf_frame *frame; /* that it came in; NULL: none */
	struct ip src, dst;
	uint32_t spi;
	uint16_t sport, dport; /* valid when has_ports */
	uint16_t fragment;     /* offset in 8 octets */
	uint8_t protocol, tos;
	bool has_ports, has_spi;
};

/* The worker of that number, from 0 to the configuration's count - 1. */
struct upf_worker *upf_worker_at(struct upf *upf, uint8_t index);

/* From begin to end nothing that the worker reads is given back: end it when what is to leave has left. */
void upf_worker_begin(struct upf_worker *w, uint64_t now_ns);
void upf_worker_end(struct upf_worker *w);

/* Judges packets received on N3 (from gNBs) and N6 (from the data network), in order. */
void upf_worker_n3(struct upf_worker *w, struct upf_packet *packets, size_t count);
void upf_worker_n6(struct upf_worker *w, struct upf_packet *packets, size_t count);
/* Likewise of frames from the LANs of N6, each with its own. */
void upf_worker_lan(struct upf_worker *w, struct upf_packet *packets, size_t count);
/* Takes and judges packets that other workers have received for this one's sessions, at most max; the count.
 * They are valid until the next call. */
size_t upf_worker_take(struct upf_worker *w, struct upf_packet *packets, size_t max);

/* Gives out packets that have waited for a maximum bit rate and may leave now, at most max; the count. They
 * are valid until the next call. */
size_t upf_worker_due(struct upf_worker *w, struct upf_packet *packets, size_t max);
/* When upf_worker_due is to be called next; NEVER: nothing waits. */
uint64_t upf_worker_next_ns(const struct upf_worker *w);

/* Judges again what waits, once rules have changed, and takes what may leave, at most max; the count. Valid
 * until the next call. */
size_t upf_worker_release(struct upf_worker *w, struct upf_packet *packets, size_t max);

/* Which workers have been handed packets since the last call (bit n: worker n), and are to be woken. */
uint32_t upf_worker_handed(struct upf_worker *w);
/* Whether the control plane has got notes since the last call: its thread is to call upf_collect_notes. */
bool upf_worker_noted(struct upf_worker *w);

/* An Internet checksum when a word that it covers changes (RFC 1624). */
static inline uint16_t upf_checksum_change(uint16_t check, uint32_t from, uint32_t to)
{
	uint32_t sum = (uint16_t)~check + (~from & 0xffff) + (to & 0xffff);

	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~((sum & 0xffff) + (sum >> 16));
}

/* Ports or SPI of the transport header at p + at, if it is there; what is cut off has none. */
static inline void upf_flow_transport(const uint8_t *p, uint32_t at, uint32_t linear, struct upf_flow *f)
{
	if (f->fragment || linear < at + 8)
		return;
	if (f->protocol == 6 || f->protocol == 17 || f->protocol == 132) {
		f->sport = gtpu_be16(p + at);
		f->dport = gtpu_be16(p + at + 2);
		f->has_ports = true;
	} else if (f->protocol == 50 || f->protocol == 51) {
		f->spi = gtpu_be32(p + at + (f->protocol == 50 ? 0 : 4));
		f->has_spi = true;
	}
}

enum { UPF_IPV6_HEADER = 40, UPF_IPV6_EXTENSIONS_MAX = 8 };

/* Where the header after the extension header at p + at stands; 0: there is none that can be read (RFC 8200
 * 4). */
static inline uint32_t upf_ipv6_extension(const uint8_t *p, uint32_t at, uint32_t linear, struct upf_flow *f)
{
	bool fragment = f->protocol == 44;

	if (!(f->protocol == 0 || f->protocol == 43 || f->protocol == 60 || fragment) || linear < at + 8)
		return 0;
	if (fragment)
		f->fragment = gtpu_be16(p + at + 2) >> 3;
	f->protocol = p[at];
	return at + (fragment ? 8 : 8 + 8u * p[at + 1]);
}

static inline bool upf_flow_read6(const uint8_t *p, uint32_t linear, uint32_t *len, struct upf_flow *f)
{
	uint32_t total = UPF_IPV6_HEADER + gtpu_be16(p + 4), at = UPF_IPV6_HEADER;

	if (total > *len || p[7] == 0) /* hop limit */
		return false;
	*len = total;
	linear = linear < total ? linear : total;
	f->tos = (uint8_t)(p[0] << 4 | p[1] >> 4);
	f->protocol = p[6];
	f->src = ip_from_v6(p + 8);
	f->dst = ip_from_v6(p + 24);
	for (int i = 0; i < UPF_IPV6_EXTENSIONS_MAX && !f->fragment; i++) {
		uint32_t next = upf_ipv6_extension(p, at, linear, f);

		if (!next)
			break;
		at = next;
	}
	upf_flow_transport(p, at, linear, f);
	return true;
}

/* Where an IP packet goes; IP_NONE: it is none. */
static inline struct ip upf_destination_of(const struct upf_packet *p)
{
	if (p->linear >= UPF_IPV6_HEADER && p->data[0] >> 4 == 6)
		return ip_from_v6(p->data + 24);
	return p->linear >= 20 ? ip_from_v4(gtpu_be32(p->data + 16)) : IP_NONE;
}

/* Reads the headers at p, linear octets of a packet of len; trims len to the IP header's. False: not IP, or
 * its time to live is over. */
static inline bool upf_flow_read(const uint8_t *p, uint32_t linear, uint32_t *len, struct upf_flow *f)
{
	uint32_t header, total;

	if (linear < 20)
		return false;
	f->frame = NULL;
	f->fragment = f->sport = f->dport = 0;
	f->has_ports = f->has_spi = false;
	if (p[0] >> 4 == 6)
		return linear >= UPF_IPV6_HEADER && upf_flow_read6(p, linear, len, f);
	header = (p[0] & 15u) * 4;
	total = gtpu_be16(p + 2);
	if (p[0] >> 4 != 4 || header < 20 || header > linear || total < header || total > *len ||
		p[8] == 0) /* TTL */
		return false;
	*len = total;
	f->tos = p[1];
	f->protocol = p[9];
	f->src = ip_from_v4(gtpu_be32(p + 12));
	f->dst = ip_from_v4(gtpu_be32(p + 16));
	f->fragment = gtpu_be16(p + 6) & 0x1fff;
	upf_flow_transport(p, header, linear < total ? linear : total, f);
	return true;
}
