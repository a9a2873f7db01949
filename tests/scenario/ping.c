/* Packets of a UE to the data network and back. */
#include "base/cursor.h"
#include "tests/scenario/scenario.h"
#include "wire/ip/checksum.h"

enum { FLOOD_BURST = 50, FLOOD_MS = 5, FLOOD_TAIL_MS = 2000 };
enum { BEHIND = 0x99, SERVER = 0x08080808, FRAMED_HOST = 0xc0a80709 };
enum { IP_HEADER = 20, PING_LEN = 64, PING_MS = 500, ICMP = 1, IP6_HEADER = 40, ICMPV6 = 58 };

/* An echo request with a number of its own in it. */
static void ping_packet(uint8_t p[PING_LEN], uint32_t from, uint32_t to, uint32_t number)
{
	struct writer w = writer_of(p, PING_LEN);
	uint16_t sum;

	memset(p, 0, PING_LEN);
	writer_u32(&w, 0x45000000 | PING_LEN);
	writer_u32(&w, 0);
	writer_u32(&w, 64u << 24 | ICMP << 16);
	writer_u32(&w, from);
	writer_u32(&w, to);
	writer_u32(&w, 0x08000000);
	writer_u32(&w, number);
	sum = ip_sum_fold(ip_sum(bytes_of(p, IP_HEADER), 0));
	p[10] = (uint8_t)(sum >> 8);
	p[11] = (uint8_t)sum;
}

uint8_t scn_ping_qfi(const struct ue *ue, uint8_t session)
{
	struct ue_session_info info;
	uint8_t p[PING_LEN];

	if (!ue_session_info(ue, session, &info))
		return 0;
	ping_packet(p, info.ipv4, SERVER, 0);
	return ue_session_flow_of(ue, session, BYTES(p));
}

/* Likewise of IPv6: its checksum is of no interest to those between. */
static void ping_packet6(uint8_t p[PING_LEN], struct ip from, struct ip to, uint32_t number)
{
	struct writer w = writer_of(p, PING_LEN);

	memset(p, 0, PING_LEN);
	writer_u32(&w, UINT32_C(6) << 28);
	writer_u32(&w, (PING_LEN - IP6_HEADER) << 16 | ICMPV6 << 8 | 64);
	writer_u64(&w, from.high);
	writer_u64(&w, from.low);
	writer_u64(&w, to.high);
	writer_u64(&w, to.low);
	writer_u32(&w, 0x80000000);
	writer_u32(&w, number);
}

static const struct ip server6 = { UINT64_C(0x20010db800ff) << 16, 0x53 };

/* To or from the data network; false: the session has no such address. */
static bool ping_of_session(struct scn *s, const struct ue_session_info *info, enum scn_ping_kind kind,
	bool up, uint8_t p[PING_LEN])
{
	uint32_t number = (uint32_t)(sim_now_ns(s->sim) / 1000);
	uint32_t v4 = kind == PING_BEHIND ? (uint32_t)FRAMED_HOST : info->ipv4;
	struct ip ue = info->ipv6;

	if (kind == PING_V4 || kind == PING_BEHIND) {
		ping_packet(p, up ? v4 : SERVER, up ? SERVER : v4, number);
		return info->ipv4 != 0;
	}
	ue.low ^= kind == PING_V6_OTHER ? 0x1234 : 0; /* another interface identifier of the same prefix */
	ping_packet6(p, up ? ue : server6, up ? server6 : ue, number);
	return !ip_is_none(info->ipv6);
}

static bool is_answer(const struct scn_ue *u, const uint8_t p[PING_LEN])
{
	size_t header = p[0] >> 4 == 6 ? IP6_HEADER : IP_HEADER;

	return u->last_len == PING_LEN && u->last[0] >> 4 == p[0] >> 4 &&
	       !memcmp(u->last + header, p + header, PING_LEN - header);
}

/* In the last /64 of what the UE may delegate, which is not its own; false: it has nothing. */
static bool behind6(struct scn *s, uint64_t n, uint64_t session, struct ip *out)
{
	struct prefix prefix, excluded;

	if (!ue_session_prefix(s->ues[n].ue, (uint8_t)session, &prefix, &excluded))
		return false;
	*out = (struct ip){ prefix.ip.high | ~ip_mask(prefix.bits).high, BEHIND };
	return out->high != excluded.ip.high;
}

bool scn_ping(
	struct scn *s, uint64_t n, uint64_t session, enum scn_ping_kind kind, uint64_t ms, bool *answered)
{
	struct scn_ue *u = &s->ues[n];
	struct ue_session_info info;
	uint8_t p[PING_LEN] = { 0 };
	struct msg m = { .kind = MSG_DATA,
		.port = UE_PORT_TUN,
		.assoc = ue_index(u->ue),
		.data = bytes_of(p, sizeof(p)) };

	*answered = false;
	for (uint64_t i = 0; i < ms / PING_MS && !*answered && !s->error[0]; i++) {
		if (!ue_session_info(u->ue, (uint8_t)session, &info) ||
			(kind == PING_V6_BEHIND && !behind6(s, n, session, &info.ipv6)) ||
			!ping_of_session(s, &info, kind, true, p)) {
			scn_run(s, NULL, NULL, PING_MS);
			continue;
		}
		u->last_len = 0;
		sim_deliver(u->node, &m);
		scn_run(s, NULL, NULL, PING_MS);
		*answered = is_answer(u, p);
	}
	return true;
}

bool scn_reach(struct scn *s, uint64_t n, enum scn_ping_kind kind, uint64_t ms, bool again, bool *arrived)
{
	struct scn_ue *u = &s->ues[n];
	struct ue_session_info info;
	uint8_t p[PING_LEN] = { 0 };
	struct msg m = { .kind = MSG_DATA, .port = UPF_PORT_N6, .data = bytes_of(p, sizeof(p)) };

	*arrived = false;
	u->last_len = 0;
	for (uint64_t i = 0; i < ms / PING_MS && !*arrived && !s->error[0]; i++) {
		if (i == 0 || again) {
			if (!ue_session_info(u->ue, 1, &info) || !ping_of_session(s, &info, kind, false, p))
				return scn_fail(s, "the UE has no session 1 with such an address");
			sim_deliver(s->upf_node, &m);
		}
		scn_run(s, NULL, NULL, PING_MS);
		*arrived = is_answer(u, p);
	}
	return true;
}

struct flood {
	const struct scn_ue *ue;
	uint64_t wanted;
};

static bool all_came(void *arg)
{
	const struct flood *f = arg;

	return f->ue->packets >= f->wanted;
}

/* So many from the data network, some each time: all of them arrive, and none twice. */
bool scn_flood(struct scn *s, const struct scn_args *a)
{
	struct scn_ue *u = &s->ues[a->n[1] <= SCN_UES_MAX ? a->n[1] : 0];
	struct ue_session_info info;
	uint8_t p[PING_LEN] = { 0 };
	struct msg m = { .kind = MSG_DATA, .port = UPF_PORT_N6, .data = bytes_of(p, sizeof(p)) };
	struct flood f = { u, u->packets + a->n[0] };

	if (!u->ue || !ue_session_info(u->ue, 1, &info) || !ping_of_session(s, &info, PING_V4, false, p))
		return scn_fail(s, "the UE has no session 1 with such an address");
	for (uint64_t i = 0; i < a->n[0]; i++) {
		sim_deliver(s->upf_node, &m);
		if (i % FLOOD_BURST == FLOOD_BURST - 1)
			scn_run(s, NULL, NULL, FLOOD_MS);
	}
	scn_run(s, all_came, &f, FLOOD_TAIL_MS);
	scn_run(s, NULL, NULL, FLOOD_MS);
	return u->packets == f.wanted ||
	       scn_fail(
		       s, "%u of %u packets", (unsigned)(u->packets + a->n[0] - f.wanted), (unsigned)a->n[0]);
}
