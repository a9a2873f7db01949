/*
 * MAC PDUs that others' equipment sent: radio_mac_capture FILE.pcap... (link type 149, each packet a UDP
 * header and "mac-nr" as Wireshark frames it). Every PDU must be read to its end, written again octet by
 * octet, and the RLC PDUs of its logical channels must be delivered by an entity in acknowledged mode. Not a
 * test of the suite: the captures are others'.
 */
#include <stdio.h>
#include <stdlib.h>

#include "radio/mac/bsr.h"
#include "radio/mac/pdu.h"
#include "radio/rlc/rlc.h"

enum { FRAME_HEADER = 8, CHANNELS = 33 };

struct tally {
	unsigned pdus, subpdus, sdus, elements, random_access, other, wrong, rlc_sdus;
};

struct channel {
	struct rlc *rlc;
	struct tally *tally;
};

static struct rlc_memory memory;
static struct channel channels[2][CHANNELS];

static void deliver(void *arg, struct sdu *s)
{
	struct channel *c = arg;

	c->tally->rlc_sdus++;
	sdu_free(&memory.sdus, s);
}

static void rlc_take(struct tally *t, enum mac_channel direction, const struct mac_subpdu *s)
{
	struct channel *c = &channels[direction][s->lcid];
	struct rlc_config config = { .mode = RLC_AM,
		.tx_sn_bits = 12,
		.rx_sn_bits = 12,
		.t_poll_retransmit_ms = 45,
		.t_reassembly_ms = 35,
		.max_retx_threshold = 8 };
	struct rlc_upper upper = { .arg = c, .deliver = deliver };

	c->tally = t;
	if (!c->rlc)
		c->rlc = rlc_new(&config, &upper, &memory);
	if (c->rlc && !(s->data.len > 0 && !(s->data.data[0] & 0x80))) /* STATUS PDUs are the other side's */
		rlc_receive(c->rlc, s->data, 0);
}

static void pdu_check(struct tally *t, enum mac_channel direction, struct bytes pdu)
{
	static uint8_t again[65536];
	struct writer w = writer_of(again, pdu.len);
	struct cursor c = cursor_of(pdu);
	struct mac_subpdu s;
	struct mac_bsr b;
	enum mac_read read;

	t->pdus++;
	while ((read = mac_read(&c, direction, &s)) == MAC_SUBPDU) {
		t->subpdus++;
		if (s.lcid == MAC_PADDING) {
			writer_u8(&w, MAC_PADDING);
			writer_put(&w, s.data);
			continue;
		}
		mac_write(&w, direction, s.lcid, s.data);
		if (mac_is_sdu(direction, s.lcid)) {
			t->sdus++;
			if (s.lcid >= 1 && s.lcid <= MAC_LCID_LAST)
				rlc_take(t, direction, &s);
		} else {
			t->elements++;
			if (direction == MAC_UL_SCH && s.lcid >= MAC_UL_SHORT_TRUNCATED_BSR &&
				!mac_bsr_read(s.lcid, s.data, &b))
				t->wrong++;
		}
	}
	if (read != MAC_END || !bytes_equal(writer_bytes(&w), pdu))
		t->wrong++;
}

/* Wireshark's packet-mac-nr.h: radio type, direction, RNTI type, then tags up to 1, the PDU. */
static void frame_check(struct tally *t, struct cursor c)
{
	static const uint8_t lengths[] = { 0, 0, 2, 2, 2, 1, 1, 4 };
	uint8_t direction, rnti_type, tag;

	cursor_skip(&c, FRAME_HEADER);
	if (!bytes_equal(cursor_bytes(&c, 6), bytes_of_str("mac-nr"))) {
		t->other++;
		return;
	}
	cursor_skip(&c, 1);
	direction = cursor_u8(&c);
	rnti_type = cursor_u8(&c);
	for (tag = cursor_u8(&c); tag != 1 && !c.failed; tag = cursor_u8(&c))
		cursor_skip(&c, tag < ARRAY_LEN(lengths) ? lengths[tag] : 0);
	if (c.failed)
		t->other++;
	else if (rnti_type == 3) /* C-RNTI */
		pdu_check(t, direction ? MAC_DL_SCH : MAC_UL_SCH, cursor_rest(&c));
	else
		t->random_access++;
}

static uint32_t host_u32(struct cursor *c)
{
	return __builtin_bswap32(cursor_u32(c));
}

static void file_check(struct tally *t, struct bytes file)
{
	struct cursor c = cursor_of(file);

	cursor_skip(&c, 24);
	while (cursor_left(&c) >= 16) {
		uint32_t len;

		cursor_skip(&c, 8);
		len = host_u32(&c);
		cursor_skip(&c, 4);
		frame_check(t, cursor_of(cursor_bytes(&c, len)));
	}
}

int main(int argc, char **argv)
{
	static uint8_t file[1 << 24];
	struct tally t = { 0 };

	rlc_memory_init(&memory, 10000, 100, 1000);
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");

		if (!f) {
			perror(argv[i]);
			return 1;
		}
		file_check(&t, bytes_of(file, fread(file, 1, sizeof(file), f)));
		fclose(f);
	}
	for (int d = 0; d < 2; d++) {
		for (int i = 0; i < CHANNELS; i++) {
			if (!channels[d][i].rlc)
				continue;
			t.wrong += rlc_stats(channels[d][i].rlc).rx_invalid;
			rlc_free(channels[d][i].rlc);
		}
	}
	rlc_memory_fini(&memory);
	printf("%u PDUs, %u subPDUs, %u SDUs (%u whole RLC SDUs), %u control elements, %u for other RNTIs, "
	       "%u others, %u wrong\n",
		t.pdus, t.subpdus, t.sdus, t.rlc_sdus, t.elements, t.random_access, t.other, t.wrong);
	return t.wrong || t.pdus == 0;
}
