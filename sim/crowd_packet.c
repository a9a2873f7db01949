/* The datagrams of a crowd: from the data network to a UE, and between UEs. */
#include "base/cursor.h"
#include "sim/crowd_internal.h"
#include "wire/ip/checksum.h"

enum {
	MARK = 0x4648434c, /* of our datagrams */
	CONTENT = 64,
	IPV4 = 20,
	UDP = 8,
	UDP_PROTOCOL = 17,
	DISCARD = 9, /* RFC 863 */
	PACKET_MAX = 1500
};

static void send_up(struct crowd *c, uint32_t index, uint8_t *packet, size_t len)
{
	struct crowd_cell *home = crowd_home(c, index);
	struct room room = ue_host_room(crowd_host(home, index));
	struct msg m = { .kind = MSG_DATA, .port = UE_PORT_TUN, .assoc = ue_index(c->ues[index]) };

	m.data = bytes_of(packet, len);
	room.ops->on_msg(room.self, &m);
	crowd_called(home, index);
}

static size_t content_write(uint8_t content[CONTENT], uint32_t index, uint32_t sequence)
{
	struct writer w = writer_of(content, CONTENT);

	memset(content, 0, CONTENT);
	writer_u32(&w, MARK);
	writer_u32(&w, index);
	writer_u32(&w, sequence);
	return CONTENT;
}

static bool address_of(struct crowd *c, uint32_t index, uint32_t *out)
{
	struct ue_session_info info;
	bool ok = ue_session_info(c->ues[index], c->life.ues[index].psi, &info);

	*out = ok ? info.ipv4 : 0;
	return ok;
}

void crowd_packet_up(struct crowd *c, uint32_t index, uint32_t to, uint32_t sequence)
{
	uint8_t packet[IPV4 + UDP + CONTENT] = { 0 };
	struct writer w = writer_of(packet, sizeof(packet));
	uint32_t source, destination;
	uint16_t check;

	if (!address_of(c, index, &source) || !address_of(c, to, &destination))
		return;
	writer_u32(&w, 0x45000000 | sizeof(packet));
	writer_u32(&w, 0);
	writer_u32(&w, 64u << 24 | UDP_PROTOCOL << 16);
	writer_u32(&w, source);
	writer_u32(&w, destination);
	writer_u32(&w, DISCARD << 16 | DISCARD);
	writer_u32(&w, (UDP + CONTENT) << 16); /* without a checksum, as RFC 768 allows */
	content_write(packet + IPV4 + UDP, index, sequence);
	check = ip_sum_fold(ip_sum(bytes_of(packet, IPV4), 0));
	packet[10] = (uint8_t)(check >> 8);
	packet[11] = (uint8_t)check;
	send_up(c, index, packet, sizeof(packet));
}

void crowd_packet_down(struct crowd *c, uint32_t index, uint32_t sequence)
{
	uint8_t content[CONTENT];
	uint32_t destination;
	struct addr to;

	if (!address_of(c, index, &destination))
		return;
	to = addr_from_v4(destination, DISCARD);
	may_fail(outbox_send_to(c->env->outbox, CROWD_PORT_DN, &to, /* packets may be lost */
		bytes_of(content, content_write(content, index, sequence))));
}

static bool content_read(struct bytes content, uint32_t *index, uint32_t *sequence)
{
	struct cursor c = cursor_of(content);
	uint32_t mark = cursor_u32(&c);

	*index = cursor_u32(&c);
	*sequence = cursor_u32(&c);
	return !c.failed && mark == MARK;
}

/* Swaps n octets each: no checksum changes. */
static void swap(uint8_t *a, uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t octet = a[i];

		a[i] = b[i];
		b[i] = octet;
	}
}

bool crowd_packet_at_ue(struct crowd_cell *home, uint32_t at, struct bytes data, uint32_t *sequence)
{
	struct crowd *c = home->crowd;
	uint8_t packet[PACKET_MAX];
	uint32_t waits;

	if (data.len < IPV4 + UDP || !bytes_copy(packet, sizeof(packet), data) || packet[0] != 0x45 ||
		packet[9] != UDP_PROTOCOL || at >= c->config.ue_count)
		return false;
	if (!content_read(bytes_of(packet + IPV4 + UDP, data.len - IPV4 - UDP), &waits, sequence))
		return false;
	if (waits == at)
		return true;
	swap(packet + 12, packet + 16, 4);
	send_up(c, at, packet, data.len);
	return false;
}
