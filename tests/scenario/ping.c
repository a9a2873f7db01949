/* Packets of a UE to the data network and back. */
#include "base/cursor.h"
#include "tests/scenario/scenario.h"

enum { SERVER = 0x08080808 };
enum { IP_HEADER = 20, PING_LEN = 64, PING_MS = 500, ICMP = 1 };

static uint16_t ip_checksum(const uint8_t *header)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < IP_HEADER; i += 2)
		sum += (uint32_t)header[i] << 8 | header[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

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
	sum = ip_checksum(p);
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

bool scn_ping(struct scn *s, uint64_t n, uint64_t session, uint64_t ms, bool *answered)
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
		if (!ue_session_info(u->ue, (uint8_t)session, &info)) {
			scn_run(s, NULL, NULL, PING_MS);
			continue;
		}
		ping_packet(p, info.ipv4, SERVER, (uint32_t)(sim_now_ns(s->sim) / 1000));
		u->last_len = 0;
		sim_deliver(s->ue_node, &m);
		scn_run(s, NULL, NULL, PING_MS);
		*answered = u->last_len == PING_LEN &&
			    !memcmp(u->last + IP_HEADER, p + IP_HEADER, PING_LEN - IP_HEADER);
	}
	return true;
}

bool scn_reach(struct scn *s, uint64_t n, uint64_t ms, bool again, bool *arrived)
{
	struct scn_ue *u = &s->ues[n];
	struct ue_session_info info;
	uint8_t p[PING_LEN] = { 0 };
	struct msg m = { .kind = MSG_DATA, .port = UPF_PORT_N6, .data = bytes_of(p, sizeof(p)) };

	*arrived = false;
	u->last_len = 0;
	for (uint64_t i = 0; i < ms / PING_MS && !*arrived && !s->error[0]; i++) {
		if (i == 0 || again) {
			if (!ue_session_info(u->ue, 1, &info))
				return scn_fail(s, "the UE has no session 1");
			ping_packet(p, SERVER, info.ipv4, (uint32_t)(sim_now_ns(s->sim) / 1000));
			sim_deliver(s->upf_node, &m);
		}
		scn_run(s, NULL, NULL, PING_MS);
		*arrived = u->last_len == PING_LEN &&
			   !memcmp(u->last + IP_HEADER, p + IP_HEADER, PING_LEN - IP_HEADER);
	}
	return true;
}
