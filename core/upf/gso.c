#include "core/upf/gso.h"

enum {
	IP_LEN = 20,
	IP6_LEN = 40,
	UDP_LEN = 8,
	IP_TCP = 6,
	IP_UDP = 17,
	AT_TOTAL = 2,
	AT_ID = 4,
	AT_FLAGS = 6,
	AT_PROTOCOL = 9,
	AT_IP_CHECK = 10,
	AT_ADDRESSES = 12,
	AT6_PAYLOAD = 4,
	AT6_PROTOCOL = 6,
	AT6_HOPS = 7,
	AT6_ADDRESSES = 8,
	AT_SEQ = 4,
	AT_OFFSET = 12,
	AT_TCP_FLAGS = 13,
	AT_WINDOW = 14,
	AT_TCP_CHECK = 16,
	AT_URGENT = 18,
	AT_UDP_LEN = 4,
	AT_UDP_CHECK = 6,
	TCP_FIN = 1,
	TCP_PSH = 8,
	TCP_ACK = 16,
	TCP_CWR = 128,
};

static bool is_v6(const uint8_t *ip)
{
	return ip[0] >> 4 == 6;
}

/* Octets of the IP header, which has no options and no extensions. */
static size_t ip_len(const uint8_t *ip)
{
	return is_v6(ip) ? IP6_LEN : IP_LEN;
}

static uint8_t protocol_of(const uint8_t *ip)
{
	return ip[is_v6(ip) ? AT6_PROTOCOL : AT_PROTOCOL];
}

uint64_t upf_sum(const uint8_t *p, size_t len)
{
	uint64_t a = 0, b = 0, w[4];
	uint16_t last = 0;

	for (; len >= 32; len -= 32, p += 32) {
		__builtin_memcpy(w, p, 32);
		a += (w[0] & UINT32_MAX) + (w[0] >> 32) + (w[1] & UINT32_MAX) + (w[1] >> 32);
		b += (w[2] & UINT32_MAX) + (w[2] >> 32) + (w[3] & UINT32_MAX) + (w[3] >> 32);
	}
	for (; len >= 2; len -= 2, p += 2) {
		__builtin_memcpy(&last, p, 2);
		a += last;
	}
	last = 0;
	if (len)
		__builtin_memcpy(&last, p, 1);
	return a + b + last;
}

uint16_t upf_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

/* A checksum, which is in the byte order of memory as upf_sum made it. */
static void put_check(uint8_t *p, uint16_t check)
{
	__builtin_memcpy(p, &check, 2);
}

static uint64_t pseudo_sum(const uint8_t *ip, size_t l4_len)
{
	uint8_t rest[4] = { 0, protocol_of(ip), (uint8_t)(l4_len >> 8), (uint8_t)l4_len };

	return (is_v6(ip) ? upf_sum(ip + AT6_ADDRESSES, 32) : upf_sum(ip + AT_ADDRESSES, 8)) +
	       upf_sum(rest, 4);
}

static void ip_finish(uint8_t *ip, size_t total)
{
	if (is_v6(ip)) {
		put16(ip + AT6_PAYLOAD, (uint32_t)total - IP6_LEN);
		return;
	}
	put16(ip + AT_TOTAL, (uint32_t)total);
	put16(ip + AT_IP_CHECK, 0);
	put_check(ip + AT_IP_CHECK, (uint16_t)~upf_fold(upf_sum(ip, IP_LEN)));
}

/* Octets of the headers of an IP packet of that transport, without IP options or extensions; 0: it is none.
 */
static size_t headers_of(const uint8_t *p, size_t len, uint8_t protocol)
{
	size_t ip, tcp;

	if (len < IP_LEN || (p[0] != 0x45 && !is_v6(p)))
		return 0;
	ip = ip_len(p);
	if (len < ip + UDP_LEN || protocol_of(p) != protocol)
		return 0;
	if (protocol == IP_UDP)
		return ip + UDP_LEN;
	if (len < ip + 20)
		return 0;
	tcp = (size_t)(p[ip + AT_OFFSET] >> 4) * 4;
	return tcp < 20 || ip + tcp > len ? 0 : ip + tcp;
}

/* The packet's length as its header has it. */
static size_t length_of(const uint8_t *ip)
{
	return is_v6(ip) ? IP6_LEN + gtpu_be16(ip + AT6_PAYLOAD) : gtpu_be16(ip + AT_TOTAL);
}

static void segment_tcp(uint8_t *tcp, size_t offset, bool first, bool last)
{
	put32(tcp + AT_SEQ, gtpu_be32(tcp + AT_SEQ) + (uint32_t)offset);
	if (!first)
		tcp[AT_TCP_FLAGS] &= (uint8_t)~TCP_CWR;
	if (!last)
		tcp[AT_TCP_FLAGS] &= (uint8_t)~(TCP_FIN | TCP_PSH);
}

static void segment_make(const struct upf_super *in, size_t headers, size_t at, struct upf_segment *s)
{
	size_t payload = in->packet.len - headers,
	       len = payload - at < in->segment ? payload - at : in->segment;
	size_t ip_octets = ip_len(in->packet.data);
	uint8_t *ip = s->head + UPF_GSO_HEAD_SPACE, *l4 = ip + ip_octets;
	size_t check = in->kind == UPF_GSO_TCP ? AT_TCP_CHECK : AT_UDP_CHECK;
	uint16_t sum;

	s->head_len = (uint16_t)headers;
	s->payload = bytes_of(in->packet.data + headers + at, len);
	bytes_copy(ip, UPF_GSO_HEADERS_MAX, bytes_of(in->packet.data, headers));
	if (!is_v6(ip))
		put16(ip + AT_ID, gtpu_be16(ip + AT_ID) + (uint32_t)(at / in->segment));
	ip_finish(ip, headers + len);
	if (in->kind == UPF_GSO_TCP)
		segment_tcp(l4, at, at == 0, at + len == payload);
	else
		put16(l4 + AT_UDP_LEN, (uint32_t)(UDP_LEN + len));
	put16(l4 + check, 0);
	sum = (uint16_t)~upf_fold(pseudo_sum(ip, headers - ip_octets + len) +
				  upf_sum(l4, headers - ip_octets) + upf_sum(s->payload.data, len));
	put_check(l4 + check, sum == 0 && in->kind == UPF_GSO_UDP ? UINT16_MAX : sum);
}

size_t upf_gso_split(const struct upf_super *in, size_t *at, struct upf_segment *out, size_t max)
{
	size_t headers =
		       headers_of(in->packet.data, in->packet.len, in->kind == UPF_GSO_TCP ? IP_TCP : IP_UDP),
	       n = 0;

	if (headers == 0 || in->segment == 0 || length_of(in->packet.data) != in->packet.len)
		return 0;
	for (; n < max && *at < in->packet.len - headers; n++) {
		segment_make(in, headers, *at, &out[n]);
		*at += out[n].payload.len;
	}
	return n;
}

bool upf_checksum_complete(uint8_t *packet, size_t len, size_t start, size_t offset)
{
	uint16_t sum;

	if (start > len || offset + 2 > len - start)
		return false;
	sum = (uint16_t)~upf_fold(upf_sum(packet + start, len - start));
	put_check(packet + start + offset, sum ? sum : UINT16_MAX);
	return true;
}

/* One packet that may be part of a run: whole, sound, and with payload. */
struct member {
	const uint8_t *ip;
	size_t ip_octets, headers, payload;
	uint8_t flags; /* TCP */
};

static bool member_read(const struct upf_packet *p, uint8_t protocol, struct member *m)
{
	const uint8_t *l4;

	m->ip = p->data;
	if (p->verdict != UPF_TO_N6 || p->lan || p->head_len || p->linear < p->len)
		return false;
	m->headers = headers_of(p->data, p->len, protocol);
	/* a fragment, or a reserved flag */
	if (m->headers == 0 || p->len == m->headers || length_of(p->data) != p->len ||
		(!is_v6(p->data) && gtpu_be16(p->data + AT_FLAGS) & ~0x4000u))
		return false;
	m->ip_octets = ip_len(p->data);
	l4 = p->data + m->ip_octets;
	m->payload = p->len - m->headers;
	m->flags = protocol == IP_TCP ? l4[AT_TCP_FLAGS] : 0;
	if (protocol == IP_TCP)
		return (m->flags & ~(TCP_PSH | TCP_FIN)) == TCP_ACK && gtpu_be16(l4 + AT_URGENT) == 0;
	return gtpu_be16(l4 + AT_UDP_LEN) == p->len - m->ip_octets && gtpu_be16(l4 + AT_UDP_CHECK) != 0;
}

/* The run's packets get new checksums: none that is wrong may come to be right. */
static bool member_sound(const struct member *m)
{
	size_t l4 = m->headers - m->ip_octets + m->payload;

	return (is_v6(m->ip) || upf_fold(upf_sum(m->ip, IP_LEN)) == UINT16_MAX) &&
	       upf_fold(pseudo_sum(m->ip, l4) + upf_sum(m->ip + m->ip_octets, l4)) == UINT16_MAX;
}

static bool same(const uint8_t *a, const uint8_t *b, size_t at, size_t len)
{
	return bytes_equal(bytes_of(a + at, len), bytes_of(b + at, len));
}

/* The IP headers differ in nothing but length, identity and checksum. */
static bool same_path(const struct member *a, const struct member *b, size_t index)
{
	uint32_t id = gtpu_be16(a->ip + AT_ID) + (uint32_t)index;

	if (is_v6(a->ip))
		return same(a->ip, b->ip, 0, AT6_PAYLOAD) && same(a->ip, b->ip, AT6_PROTOCOL, 2) &&
		       same(a->ip, b->ip, AT6_ADDRESSES, 32);
	if (!same(a->ip, b->ip, 0, 2) || !same(a->ip, b->ip, AT_FLAGS, 4) ||
		!same(a->ip, b->ip, AT_ADDRESSES, 8))
		return false;
	return a->ip[AT_FLAGS] & 0x40 ||
	       gtpu_be16(b->ip + AT_ID) == (uint16_t)id; /* without DF, identities matter */
}

/* Is b, the index-th, what comes next after `offset` octets of the first? */
static bool member_follows(const struct member *a, const struct member *b, size_t index, size_t offset)
{
	size_t l4 = a->ip_octets;

	if (is_v6(a->ip) != is_v6(b->ip) || b->headers != a->headers || b->payload > a->payload ||
		!same_path(a, b, index) || !same(a->ip, b->ip, l4, 4)) /* ports */
		return false;
	if (protocol_of(a->ip) == IP_UDP)
		return true;
	return gtpu_be32(b->ip + l4 + AT_SEQ) == gtpu_be32(a->ip + l4 + AT_SEQ) + (uint32_t)offset &&
	       same(a->ip, b->ip, l4 + 8, 5) && same(a->ip, b->ip, l4 + AT_WINDOW, 2) &&
	       same(a->ip, b->ip, l4 + 20, a->headers - l4 - 20);
}

static void run_make(const struct member *a, size_t payload, uint8_t last_flags, struct upf_run *run)
{
	size_t l4 = a->headers - a->ip_octets + payload;
	bool tcp = protocol_of(a->ip) == IP_TCP;
	uint8_t *transport = run->head + a->ip_octets;

	run->kind = tcp ? UPF_GSO_TCP : UPF_GSO_UDP;
	run->ipv6 = is_v6(a->ip);
	run->head_len = (uint16_t)a->headers;
	run->segment = (uint16_t)a->payload;
	run->checksum_start = (uint16_t)a->ip_octets;
	run->checksum_offset = tcp ? AT_TCP_CHECK : AT_UDP_CHECK;
	bytes_copy(run->head, sizeof(run->head), bytes_of(a->ip, a->headers));
	ip_finish(run->head, a->ip_octets + l4);
	if (tcp)
		transport[AT_TCP_FLAGS] |= last_flags & (TCP_PSH | TCP_FIN);
	else
		put16(transport + AT_UDP_LEN, (uint32_t)l4);
	put_check(transport + run->checksum_offset, upf_fold(pseudo_sum(run->head, l4)));
}

size_t upf_gso_run(const struct upf_packet *packets, size_t count, struct upf_run *run)
{
	uint8_t protocol = packets[0].linear >= IP_LEN ? protocol_of(packets[0].data) : 0;
	struct member first, m;
	size_t n = 1, payload;

	if (count < 2 || (protocol != IP_TCP && protocol != IP_UDP) ||
		!member_read(&packets[0], protocol, &first))
		return 1;
	payload = first.payload;
	m = first;
	while (n < count && n < UPF_GSO_SEGMENTS_MAX && m.payload == first.payload &&
		!(m.flags & (TCP_PSH | TCP_FIN))) {
		struct member next;

		if (!member_read(&packets[n], protocol, &next) ||
			!member_follows(&first, &next, n, payload) ||
			first.headers + payload + next.payload > UPF_GSO_OCTETS_MAX || !member_sound(&next) ||
			(n == 1 && !member_sound(&first)))
			break;
		m = next;
		payload += m.payload;
		n++;
	}
	if (n > 1)
		run_make(&first, payload, m.flags, run);
	return n;
}
