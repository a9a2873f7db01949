/*
 * Sessions without structure: what they carry travels on N6 in UDP and IP of either family, to and from a far
 * end (23.501 5.6.10.3). The address is the session's, and its UE does not know it.
 *
 *   UE == N3: payload ==> UPF == N6: IP, UDP, payload ==> far end
 *
 * Who the far end is, the SDF filters of the downlink PDR say. The port here is that of the far end: PFCP has
 * one alone (29.244 8.2.56).
 */
#include "core/upf/act.h"
#include "core/upf/source.h"
#include "wire/ip/checksum.h"

enum {
	IP4_HEADER = 20,
	IP4_ADDRESSES = 12,
	IP4_CHECK = 10,
	IP4_FRAGMENT = 6,
	IP4_DONT_FRAGMENT = 0x4000,
	IP6_ADDRESSES = 8,
	IP6_NEXT = 6,
	HOPS = 64,
	UDP = 17,
	UDP_HEADER = 8,
	UDP_LENGTH = 4,
	UDP_CHECK = 6
};

/* RFC 768, RFC 8200 8.1: that of a datagram in its packet, whose addresses stand before it; 0 over one that
 * has a good one. */
static uint16_t udp_checksum(struct bytes addresses, struct bytes header, struct bytes payload)
{
	uint64_t sum = UDP + header.len + payload.len;

	return ip_sum_fold(ip_sum(payload, ip_sum(header, ip_sum(addresses, sum))));
}

static struct bytes addresses_of(const uint8_t *packet, bool v6)
{
	return bytes_of(packet + (v6 ? IP6_ADDRESSES : IP4_ADDRESSES), v6 ? 32 : 8);
}

static void put16(uint8_t *to, uint16_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

static void put_ip6(struct writer *w, struct ip a)
{
	writer_u64(w, a.high);
	writer_u64(w, a.low);
}

/* The headers go beside the payload. The UE was told an MTU with room for them (23.501 5.6.10.4): nothing is
 * cut into fragments. */
static bool seal(struct upf_packet *p, const struct upf_rules *r, const struct upf_far *far)
{
	bool v6 = ip_family(far->ip) == IP_FAMILY_V6;
	uint32_t header = v6 ? UPF_IPV6_HEADER : IP4_HEADER, datagram = UDP_HEADER + p->len;
	struct writer w = writer_of(p->head, sizeof(p->head));
	uint16_t check;

	if (header + datagram > UINT16_MAX)
		return false;
	if (v6) {
		writer_u32(&w, UINT32_C(6) << 28 | (uint32_t)far->marking << 20);
		writer_u32(&w, datagram << 16 | UDP << 8 | HOPS);
		put_ip6(&w, upf_rules_ip6(r));
		put_ip6(&w, far->ip);
	} else {
		writer_u32(&w, UINT32_C(0x45) << 24 | (uint32_t)far->marking << 16 | (header + datagram));
		writer_u32(&w, IP4_DONT_FRAGMENT);
		writer_u32(&w, HOPS << 24 | UDP << 16);
		writer_u32(&w, r->ue_ipv4);
		writer_u32(&w, ip_v4(far->ip));
		put16(p->head + IP4_CHECK, ip_sum_fold(ip_sum(bytes_of(p->head, IP4_HEADER), 0)));
	}
	writer_u16(&w, (uint16_t)far->teid);
	writer_u16(&w, (uint16_t)far->teid);
	writer_u32(&w, datagram << 16);
	p->head_len = (uint8_t)w.len;
	check = udp_checksum(
		addresses_of(p->head, v6), bytes_of(p->head + header, UDP_HEADER), bytes_of(p->data, p->len));
	put16(p->head + header + UDP_CHECK, check ? check : UINT16_MAX);
	return true;
}

void upf_n6_tunnel_uplink(struct upf_worker *w, struct upf_packet *p, const struct upf_rules *r,
	uint32_t teid, const struct gtpu_header *h)
{
	const struct upf_flow flow = { 0 };
	const struct upf_pdr *pdr = upf_match(r, &flow, teid, p->qfi, UPF_UPLINK);

	if (h && p->of_smf)
		upf_worker_drop(w, p, UPF_STAT_FOREIGN);
	else if (h && !upf_container_fits(r, h))
		upf_worker_drop(w, p, UPF_STAT_CONTAINER);
	else if (!pdr)
		upf_worker_drop(w, p, UPF_STAT_NO_PDR);
	else if (upf_act(w, p, p->session, r, pdr, &flow, UPF_UPLINK)) {
		p->verdict = UPF_TO_N6;
		if (!seal(p, r, &upf_rules_fars(r)[pdr->far]))
			upf_worker_drop(w, p, UPF_STAT_NO_TUNNEL);
	}
}

/* A super-packet's segments are cut in this process, before their checksums are made. */
static bool is_sound(const struct upf_packet *p, bool v6, uint32_t header, uint32_t datagram)
{
	const uint8_t *udp = p->data + header;

	if (p->linear < header + datagram)
		return true;
	if (gtpu_be16(udp + UDP_CHECK) == 0)
		return !v6;
	return udp_checksum(addresses_of(p->data, v6), bytes_of(udp, UDP_HEADER),
		       bytes_of(udp + UDP_HEADER, datagram - UDP_HEADER)) == 0;
}

bool upf_n6_tunnel_open(struct upf_packet *p, const struct upf_rules *r, const struct upf_flow *flow)
{
	bool v6 = ip_family(flow->dst) == IP_FAMILY_V6;
	uint32_t header = v6 ? UPF_IPV6_HEADER : (p->data[0] & 15u) * 4, datagram;

	if (flow->protocol != UDP || !flow->has_ports ||
		(v6 ? p->data[IP6_NEXT] != UDP || !ip_equal(flow->dst, upf_rules_ip6(r))
		    : gtpu_be16(p->data + IP4_FRAGMENT) & ~IP4_DONT_FRAGMENT))
		return false;
	datagram = gtpu_be16(p->data + header + UDP_LENGTH);
	if (datagram < UDP_HEADER || header + datagram > p->len || !is_sound(p, v6, header, datagram))
		return false;
	p->outer = (uint8_t)(header + UDP_HEADER);
	p->data += p->outer;
	p->len = datagram - UDP_HEADER;
	p->linear -= p->outer;
	return true;
}
