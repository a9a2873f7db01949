/*
 * MAC, RLC and PDCP PDUs as UDP datagrams that Wireshark's heuristics mac_nr_udp, rlc_nr_udp and pdcp_nr_udp
 * know (packet-mac-nr.h, packet-rlc-nr.h, packet-pdcp-nr.h): a name, what goes before the tags, tags with
 * their values, and the PDU behind the last. RLC of SRBs Wireshark finds in MAC PDUs by itself; of DRBs it is
 * told.
 */
#include "apps/du_trace.h"

#include <inttypes.h>

#include "base/text.h"
#include "radio/mac/pdu.h"

enum {
	FRAMED_MAX = 32768, /* a transport block of 38.214 has less, and a line of the schedule */
	IPV4_OCTETS = 20,
	UDP_OCTETS = 8,
	PORT = 9999,
	LOOPBACK = 0x7f000001,

	FDD = 1, /* radio type */
	TDD = 2,
	WITH_P_RNTI = 1,
	WITH_RA_RNTI = 2,
	WITH_C_RNTI = 3,
	WITH_SI_RNTI = 4,
	MAC_TAG_RNTI = 2,
	MAC_TAG_UE = 3,
	MAC_TAG_SLOT = 7,

	RLC_TAG_DIRECTION = 2,
	RLC_TAG_UE = 3,
	RLC_TAG_BEARER_TYPE = 4,
	RLC_TAG_BEARER = 5,
	RLC_DRB = 5,

	PDCP_SIGNALLING = 1, /* plane */
	PDCP_USER = 2,
	PDCP_TAG_SN_BITS = 2,
	PDCP_TAG_DIRECTION = 3,
	PDCP_TAG_BEARER_TYPE = 4,
	PDCP_TAG_BEARER = 5,
	PDCP_TAG_UE = 6,
	PDCP_DCCH = 1,
	TAG_PDU = 1,

	P_RNTI = 0xfffe, /* 38.321 Table 7.1-1 */
	SI_RNTI = 0xffff,
};

static void put(struct du_trace *t, struct bytes framed)
{
	uint8_t octets[FRAMED_MAX + IPV4_OCTETS + UDP_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));

	writer_u32(&w, 0x45000000 | (uint32_t)(IPV4_OCTETS + UDP_OCTETS + framed.len));
	writer_u32(&w, 0);
	writer_u32(&w, 64u << 24 | 17u << 16); /* no checksum: nobody sends it */
	writer_u32(&w, LOOPBACK);
	writer_u32(&w, LOOPBACK);
	writer_u16(&w, PORT);
	writer_u16(&w, PORT);
	writer_u32(&w, (uint32_t)(UDP_OCTETS + framed.len) << 16);
	writer_put(&w, framed);
	if (!w.failed)
		may_fail(pcapng_packet(t->file, t->interface, loop_utc_ms(t->loop) * NS_PER_MS,
			writer_bytes(&w), NULL)); /* the file remembers */
}

static void put_rlc(struct du_trace *t, bool uplink, uint16_t c_rnti, const struct mac_subpdu *sub)
{
	uint8_t octets[FRAMED_MAX], drb;
	struct writer w = writer_of(octets, sizeof(octets));
	const struct rlc_config *c = du_node_bearer(t->node, c_rnti, sub->lcid, &drb);

	if (!c || drb == 0)
		return;
	writer_put(&w, bytes_of_str("rlc-nr"));
	writer_u8(&w, c->mode == RLC_AM ? 4 : 2);
	writer_u8(&w, c->tx_sn_bits);
	writer_u8(&w, RLC_TAG_DIRECTION);
	writer_u8(&w, !uplink);
	writer_u8(&w, RLC_TAG_UE);
	writer_u16(&w, c_rnti);
	writer_u8(&w, RLC_TAG_BEARER_TYPE);
	writer_u8(&w, RLC_DRB);
	writer_u8(&w, RLC_TAG_BEARER);
	writer_u8(&w, drb);
	writer_u8(&w, TAG_PDU);
	writer_put(&w, sub->data);
	if (!w.failed)
		put(t, writer_bytes(&w));
}

static void put_pdcp(void *arg, const struct du_pdcp_pdu *p)
{
	uint8_t octets[FRAMED_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (p->sn_bits == 0)
		return;
	writer_put(&w, bytes_of_str("pdcp-nr"));
	writer_u8(&w, p->srb ? PDCP_SIGNALLING : PDCP_USER);
	writer_u8(&w, PDCP_TAG_SN_BITS);
	writer_u8(&w, p->sn_bits);
	writer_u8(&w, PDCP_TAG_DIRECTION);
	writer_u8(&w, !p->uplink);
	if (p->srb) {
		writer_u8(&w, PDCP_TAG_BEARER_TYPE);
		writer_u8(&w, PDCP_DCCH);
	}
	writer_u8(&w, PDCP_TAG_BEARER);
	writer_u8(&w, p->srb ? p->srb : p->drb);
	writer_u8(&w, PDCP_TAG_UE);
	writer_u16(&w, p->c_rnti);
	writer_u8(&w, TAG_PDU);
	writer_put(&w, p->pdu);
	if (!w.failed)
		put(arg, writer_bytes(&w));
}

static uint8_t rnti_type(uint16_t rnti)
{
	return rnti == SI_RNTI          ? WITH_SI_RNTI
	       : rnti == P_RNTI         ? WITH_P_RNTI
	       : rnti < DU_C_RNTI_FIRST ? WITH_RA_RNTI
					: WITH_C_RNTI;
}

struct what {
	const struct slot_time *time;
	bool uplink, again; /* again: RLC PDUs have been told */
	uint16_t rnti;
	struct bytes pdu;
};

static void put_mac(struct du_trace *t, const struct what *p)
{
	uint8_t octets[FRAMED_MAX], type = rnti_type(p->rnti);
	struct writer w = writer_of(octets, sizeof(octets));
	struct cursor c = cursor_of(p->pdu);
	struct mac_subpdu sub;

	writer_put(&w, bytes_of_str("mac-nr"));
	writer_u8(&w, du_cell(du_node_mac(t->node))->cell.paired ? FDD : TDD);
	writer_u8(&w, !p->uplink);
	writer_u8(&w, type);
	writer_u8(&w, MAC_TAG_RNTI);
	writer_u16(&w, p->rnti);
	writer_u8(&w, MAC_TAG_UE);
	writer_u16(&w, type == WITH_C_RNTI ? p->rnti : 0);
	writer_u8(&w, MAC_TAG_SLOT);
	writer_u16(&w, p->time->sfn);
	writer_u16(&w, p->time->slot);
	writer_u8(&w, TAG_PDU);
	writer_put(&w, p->pdu);
	if (!w.failed)
		put(t, writer_bytes(&w));
	while (type == WITH_C_RNTI && !p->again &&
		mac_read(&c, p->uplink ? MAC_UL_SCH : MAC_DL_SCH, &sub) == MAC_SUBPDU)
		put_rlc(t, p->uplink, p->rnti, &sub);
}

static void on_sent(void *arg, const struct slot_time *time, const struct l1_downlink *dl)
{
	struct du_trace *t = arg;

	for (size_t i = 0; i < dl->slot.pdsch_n; i++) {
		const struct phy_pdsch_config *c = &dl->pdsch[i].config;

		put_mac(t,
			&(struct what){ time, false, c->codeword[0].rv != 0, c->rnti, dl->pdsch[i].tb[0] });
	}
}

static void on_received(void *arg, const struct slot_time *time, const struct l1_uplink *ul)
{
	struct du_trace *t = arg;

	for (size_t i = 0; i < ul->slot.pusch_n; i++)
		if (ul->pusch[i].result.ok)
			put_mac(t, &(struct what){
					   time, true, false, ul->pusch[i].config.rnti, ul->pusch[i].tb });
}

FILE *du_trace_schedule_open(const char *path)
{
	FILE *f = fopen(path, "we");

	if (f && fprintf(f, "frame,slot,direction,c_rnti,%s\n", sched_explain_columns) > 0)
		return f;
	fprintf(stderr, "freehold: --schedule %s: %m\n", path);
	if (f)
		fclose(f);
	return NULL;
}

bool du_trace_schedule_close(FILE *schedule)
{
	if ((ferror(schedule) | fclose(schedule)) == 0)
		return true;
	fprintf(stderr, "freehold: the schedule could not be written whole: %m\n");
	return false;
}

static void on_given(void *arg, const struct du_given *g)
{
	struct du_trace *t = arg;
	uint8_t line[256];
	struct writer w = writer_of(line, sizeof(line));

	sched_explain(g->sched, g->given, &w);
	fprintf(t->schedule, "%u,%u,%s,%u,%.*s\n", g->time->sfn, g->time->slot, g->uplink ? "up" : "down",
		g->c_rnti, (int)w.len, (const char *)line);
}

void du_trace_begin(struct du_trace *t)
{
	struct du_tap tap = { .arg = t };

	if (t->file) {
		t->interface = pcapng_interface(t->file, PCAPNG_LINK_IPV4, "MAC, RLC and PDCP");
		du_node_set_pdcp_tap(t->node, put_pdcp, t);
		tap.sent = on_sent;
		tap.received = on_received;
	}
	if (t->schedule)
		tap.given = on_given;
	du_set_tap(du_node_mac(t->node), &tap);
}
