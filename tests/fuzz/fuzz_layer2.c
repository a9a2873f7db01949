/*
 * libFuzzer: a hostile peer of layer 2. The first octet chooses an entity and how it is configured; the rest
 * are commands: a PDU of the peer, an SDU to send, room to send in, time that passes. Whatever comes, what
 * the entity sends must be readable, and no memory may be left.
 */
#include <stdlib.h>

#include "radio/mac/bsr.h"
#include "radio/mac/ce.h"
#include "radio/mac/pdu.h"
#include "radio/mac/rar.h"
#include "radio/pdcp/pdcp.h"
#include "radio/rlc/pdu.h"
#include "radio/rlc/rlc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	COMMANDS = 4,
	COMMAND_RECEIVE = 0,
	COMMAND_SEND = 1,
	COMMAND_PULL = 2,
	ROOM_MAX = 2000,
	VOLUME_MAX = 200000
};

struct bed {
	struct rlc_memory memory;
	struct rlc *rlc;
	struct pdcp *pdcp;
	struct burst *engine;
	const struct rlc_config *config;
	uint64_t now_ns, tag;
};

static void take(void *arg, struct sdu *s)
{
	sdu_free(&((struct bed *)arg)->memory.sdus, s);
}

static void hear(void *arg, uint64_t tag)
{
}

static void fail(void *arg)
{
}

/* What we send must be what the other side of the standard can read. */
static void pdu_check(const struct rlc_config *c, struct bytes pdu)
{
	struct cursor at = cursor_of(pdu);
	struct rlc_header h;
	struct rlc_nack n;
	uint32_t ack_sn;
	bool more, ok;

	if (c->mode == RLC_TM)
		return;
	if (c->mode == RLC_AM && rlc_is_control(pdu)) {
		ok = rlc_status_read(&at, c->rx_sn_bits, &ack_sn, &more);
		while (ok && more)
			ok = rlc_nack_read(&at, c->rx_sn_bits, &n, &more);
		ok = ok && cursor_left(&at) == 0;
	} else {
		ok = c->mode == RLC_AM ? rlc_amd_read(&at, c->tx_sn_bits, &h)
				       : rlc_umd_read(&at, c->tx_sn_bits, &h);
	}
	if (!ok)
		abort();
}

static void rlc_command(struct bed *b, uint8_t command, struct bytes octets)
{
	uint8_t out[ROOM_MAX];
	struct sdu *s;
	size_t n, room;

	switch (command) {
	case COMMAND_RECEIVE:
		rlc_receive(b->rlc, octets, b->now_ns);
		break;
	case COMMAND_SEND:
		s = sdu_of(&b->memory.sdus, octets);
		if (s) {
			s->tag = b->tag++;
			(void)rlc_send(b->rlc, s);
		}
		break;
	case COMMAND_PULL:
		room = octets.len * 7 % ROOM_MAX;
		n = rlc_pull(b->rlc, out, room, b->now_ns);
		if (n > room)
			abort();
		if (n > 0)
			pdu_check(b->config, bytes_of(out, n));
		break;
	default:
		b->now_ns += octets.len * UINT64_C(1000000);
		rlc_run(b->rlc, b->now_ns);
		if (octets.len % 32 == 31)
			rlc_reestablish(b->rlc);
	}
	if (rlc_data_volume(b->rlc, b->now_ns) > VOLUME_MAX)
		abort();
}

static void pdcp_command(struct bed *b, uint8_t command, struct bytes octets)
{
	static const struct pdcp_security keys = { NEA2, NIA2, { 1 }, { 2 } };
	struct sdu *s = command < COMMAND_PULL ? sdu_of(&b->memory.sdus, octets) : NULL;

	switch (command) {
	case COMMAND_RECEIVE:
		if (s)
			pdcp_receive(b->pdcp, s, b->now_ns);
		break;
	case COMMAND_SEND:
		if (s)
			(void)pdcp_send(b->pdcp, s, b->now_ns);
		break;
	case COMMAND_PULL:
		pdcp_delivered(b->pdcp, octets.len);
		break;
	default:
		b->now_ns += octets.len * UINT64_C(1000000);
		pdcp_run(b->pdcp, b->now_ns);
		if (octets.len % 32 == 31)
			may_fail(pdcp_reestablish(
				b->pdcp, &keys, octets.len & 32 ? PDCP_ALL_SECURITY : 0, b->now_ns));
	}
}

static void script(struct bed *b, struct cursor c)
{
	while (cursor_left(&c) >= 2) {
		uint8_t command = cursor_u8(&c) % COMMANDS;
		size_t len = cursor_u8(&c);
		struct bytes octets = cursor_bytes(&c, len < cursor_left(&c) ? len : cursor_left(&c));

		if (b->rlc)
			rlc_command(b, command, octets);
		else
			pdcp_command(b, command, octets);
	}
}

static void rlc_door(struct bed *b, uint8_t how, struct cursor c)
{
	static const uint8_t bits[2][2] = { { 6, 12 }, { 12, 18 } };
	struct rlc_config config = { .mode = (enum rlc_mode)(how % 3),
		.t_poll_retransmit_ms = 5,
		.t_reassembly_ms = how & 0x10 ? 5 : 0,
		.t_status_prohibit_ms = how & 0x20 ? 5 : 0,
		.poll_pdu = 4,
		.poll_byte = 500,
		.max_retx_threshold = 4,
		.queue_octets_max = 20000 };
	struct rlc_upper upper = { b, take, hear, fail };

	config.tx_sn_bits = bits[config.mode == RLC_AM][how >> 2 & 1];
	config.rx_sn_bits = bits[config.mode == RLC_AM][how >> 3 & 1];
	b->config = &config;
	b->rlc = rlc_new(&config, &upper, &b->memory);
	if (!b->rlc)
		abort();
	script(b, c);
	rlc_free(b->rlc);
}

static void pdcp_door(struct bed *b, uint8_t how, struct cursor c)
{
	struct pdcp_config config = { .bearer = (enum pdcp_bearer)(how % 3),
		.rb_id = 2,
		.integrity = how & 4,
		.tx_sdap = how & 8 && how % 3,
		.rx_sdap = how & 8 && how % 3,
		.out_of_order_delivery = how & 16,
		.status_report_required = true,
		.discard_ms = how & 32 ? 20 : PDCP_INFINITY,
		.reordering_ms = 10,
		.waiting_max = 20,
		.kept_max = 20 };
	struct pdcp_neighbours n = { b, take, hear, take, fail };

	config.tx_sn_bits = config.rx_sn_bits = how & 64 && how % 3 ? 18 : 12;
	b->engine = burst_new(true);
	if (!b->engine)
		abort();
	b->pdcp = pdcp_new(&config, &n, &b->memory.sdus, b->engine);
	if (!b->pdcp)
		abort();
	script(b, c);
	pdcp_free(b->pdcp);
	burst_free(b->engine);
}

/* A PDU that is read whole says the same when it is written. */
static void mac_door(uint8_t how, struct bytes pdu)
{
	enum mac_channel channel = how & 1 ? MAC_UL_SCH : MAC_DL_SCH;
	struct cursor c = cursor_of(pdu);
	struct mac_subpdu s;
	struct mac_bsr b;
	struct mac_phr phr;
	struct mac_rar rar;
	uint8_t backoff;
	bool more = true;

	while (mac_read(&c, channel, &s) == MAC_SUBPDU) {
		uint8_t octets[3 + 65536];
		struct writer w = writer_of(octets, sizeof(octets));
		struct mac_subpdu again;
		struct cursor back;

		may_fail(mac_bsr_read(s.lcid, s.data, &b));
		may_fail(mac_phr_read(s.data, &phr));
		if (s.lcid == MAC_PADDING)
			continue;
		mac_write(&w, channel, s.lcid, s.data);
		back = cursor_of(writer_bytes(&w));
		if (w.failed || mac_read(&back, channel, &again) != MAC_SUBPDU || again.lcid != s.lcid ||
			!bytes_equal(again.data, s.data))
			abort();
	}
	c = cursor_of(pdu);
	while (mac_rar_read(&c, &more, &backoff, &rar, 60, how >> 4) < MAC_RAR_END)
		;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bed b = { 0 };
	uint8_t how = size > 1 ? data[1] : 0;

	if (size < 2)
		return 0;
	rlc_memory_init(&b.memory, 300, 20, 100);
	if (data[0] % 3 == 0)
		rlc_door(&b, how, cursor_of(bytes_of(data + 2, size - 2)));
	else if (data[0] % 3 == 1)
		pdcp_door(&b, how, cursor_of(bytes_of(data + 2, size - 2)));
	else
		mac_door(how, bytes_of(data + 2, size - 2));
	if (b.memory.sdus.small.used + b.memory.sdus.large.used + b.memory.holes.used > 0)
		abort();
	rlc_memory_fini(&b.memory);
	return 0;
}
