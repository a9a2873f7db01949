/*
 * The data path: bursts of packets in buffers of the caller's, judged by the sessions' rules. It copies no
 * payload: a packet is narrowed to what leaves, and a tunnel header to go before it is written beside it.
 */
#pragma once

#include "core/upf/rules.h"
#include "core/upf/table.h"
#include "core/upf/upf.h"
#include "wire/gtpu/gtpu.h"

enum {
	UPF_HEAD_MAX = 20,  /* octets of a G-PDU's header */
	UPF_REPLY_MAX = 64, /* of a GTP-U signalling message sent */
	UPF_BURST_MAX = 64, /* worked on at once; callers may give more */
};

enum upf_verdict {
	UPF_DROP,
	UPF_TO_N6, /* data, len: an IP packet */
	UPF_TO_N3, /* head, then data, to peer_ip:peer_port */
};

struct upf_packet {
	const uint8_t *data; /* in: N3 a GTP-U message, N6 an IP packet. out: what leaves after head */
	uint32_t len;
	uint32_t
		linear; /* of len, in place at data: at least the IP and transport headers (N6) or all (N3) */
	uint32_t peer_ip; /* N3, host order: the sender; out: the receiver */
	uint16_t peer_port;
	uint8_t verdict; /* out: enum upf_verdict */
	uint8_t head_len;
	uint8_t head[UPF_REPLY_MAX]; /* out */
	struct upf_session *session; /* the data path's own */
};

/* What is read of an IPv4 packet. */
struct upf_flow {
	uint32_t src, dst, spi;
	uint16_t sport, dport; /* valid when has_ports */
	uint16_t fragment;     /* offset in 8 octets */
	uint8_t protocol, tos;
	bool has_ports, has_spi;
};

/* What the control plane gives the data path, and what is one thread's. */
struct upf_plane {
	struct upf_epoch epoch;
	struct upf_table by_teid, by_ue_ip,
		by_tunnel; /* keys: local TEID; UE address; gNB's address and TEID */
	struct upf_reader *reader;
	uint64_t error_second; /* Error Indications are counted by the second */
	uint32_t errors_sent;
	uint32_t good_peer_ip; /* the last one found configured; 0: none */
};

/* The key of a gNB's end of a tunnel. */
static inline uint64_t upf_tunnel_key(uint32_t ip, uint32_t teid)
{
	return (uint64_t)ip << 32 | teid;
}

/* Judges packets received on N3 (from gNBs) and N6 (from the data network), in order. */
void upf_data_n3(struct upf *upf, struct upf_packet *packets, size_t count);
void upf_data_n6(struct upf *upf, struct upf_packet *packets, size_t count);

/* Reads the headers at p, linear octets of a packet of len; trims len to the IP header's. False: not IPv4. */
static inline bool upf_flow_read(const uint8_t *p, uint32_t linear, uint32_t *len, struct upf_flow *f)
{
	uint32_t header, total;

	if (linear < 20 || p[0] >> 4 != 4)
		return false;
	header = (p[0] & 15u) * 4;
	total = gtpu_be16(p + 2);
	if (header < 20 || header > linear || total < header || total > *len)
		return false;
	*len = total;
	f->tos = p[1];
	f->protocol = p[9];
	f->src = gtpu_be32(p + 12);
	f->dst = gtpu_be32(p + 16);
	f->fragment = gtpu_be16(p + 6) & 0x1fff;
	f->has_ports = f->has_spi = false;
	f->sport = f->dport = 0;
	if (f->fragment || linear < header + 8 || total < header + 8)
		return true;
	if (f->protocol == 6 || f->protocol == 17 || f->protocol == 132) {
		f->sport = gtpu_be16(p + header);
		f->dport = gtpu_be16(p + header + 2);
		f->has_ports = true;
	} else if (f->protocol == 50 || f->protocol == 51) {
		f->spi = gtpu_be32(p + header + (f->protocol == 50 ? 0 : 4));
		f->has_spi = true;
	}
	return true;
}
