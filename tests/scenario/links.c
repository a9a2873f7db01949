/* The links as a scenario sees them: which way a message goes, which one is lost, and the data network. */
#include "base/cursor.h"
#include "radio/uu.h"
#include "radio/uu_rrc.h"
#include "gnb/cuup/room.h"
#include "tests/scenario/scenario.h"
#include "wire/ngap/ngap.h"
#include "wire/pfcp/pfcp.h"
#include "wire/xnap/xnap.h"

static const char *const way_names[WAY_COUNT] = {
	"air-up",
	"air-down",
	"ngap-up",
	"ngap-down",
	"pfcp-up",
	"pfcp-down",
	"gtp-up",
	"gtp-down",
	"xnap",
	"gtp-smf",
};

/* What the radio carries: link control, what RRC sends, user packets. */
static const char *air_name(struct bytes data)
{
	struct uu_pdu p;

	if (!uu_decode(data, &p))
		return NULL;
	if (p.bearer == UU_LINK)
		return p.pdu.data[0] == UU_LINK_KEEPALIVE ? "Keepalive" : "Lost";
	return p.bearer <= UU_SRB3 ? uu_rrc_name(p.pdu.data[0]) : "Data";
}

static struct scn_gnb *gnb_of(struct scn *s, const struct sim_node *n)
{
	for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
		if (s->gnbs[i].node == n || s->gnbs[i].cuup_node == n)
			return &s->gnbs[i];
	return NULL;
}

static enum scn_way way_of(struct scn *s, const struct sim_node *from, uint16_t port)
{
	if (from == s->core_node)
		return port == CORE_PORT_N4    ? WAY_PFCP_DOWN
		       : port == CORE_PORT_N4U ? WAY_GTP_SMF
					       : WAY_NGAP_DOWN;
	if (from == s->ue_node)
		return port == UE_PORT_AIR ? WAY_AIR_UP : WAY_COUNT;
	if (port == GNB_PORT_F1 || port == GNB_PORT_E1)
		return WAY_COUNT;
	if (from == s->upf_node)
		return port == UPF_PORT_N4 ? WAY_PFCP_UP : port == UPF_PORT_N3 ? WAY_GTP_DOWN : WAY_COUNT;
	if (!gnb_of(s, from))
		return WAY_COUNT;
	if (port >= SCN_CUUP_PORT)
		return port == SCN_CUUP_PORT + CUUP_PORT_N3 ? WAY_GTP_UP : WAY_COUNT;
	if (port == GNB_PORT_XN || port == GNB_PORT_XN_SERVER)
		return WAY_XNAP;
	return port == GNB_PORT_N2 ? WAY_NGAP_UP : port == GNB_PORT_N3 ? WAY_GTP_UP : WAY_AIR_DOWN;
}

/* What an engineer calls the message; "" when it has no name. */
static void name_of(enum scn_way way, struct bytes data, char out[64])
{
	struct cursor c = cursor_of(data);
	const char *name = "";

	if (way == WAY_NGAP_UP || way == WAY_NGAP_DOWN) {
		struct arena arena;
		struct ngap_pdu pdu;
		struct per_diag diag;

		arena_init(&arena, NULL, 0, 1 << 20);
		if (ngap_decode(data, &arena, &pdu, &diag))
			name = ngap_message_name(pdu.message);
		arena_fini(&arena);
	} else if (way == WAY_XNAP) {
		struct arena arena;
		struct xnap_pdu pdu;
		struct per_diag diag;

		arena_init(&arena, NULL, 0, 1 << 20);
		if (xnap_decode(data, &arena, &pdu, &diag))
			name = xnap_message_name(pdu.message);
		arena_fini(&arena);
	} else if (way == WAY_PFCP_UP || way == WAY_PFCP_DOWN) {
		cursor_skip(&c, 1);
		name = pfcp_msg_name((enum pfcp_msg_type)cursor_u8(&c));
	} else if (way == WAY_AIR_UP || way == WAY_AIR_DOWN) {
		name = air_name(data);
	}
	str_copy(out, 64, name ? name : "");
	for (char *p = out; *p; p++)
		if (*p == ' ')
			*p = '-';
}

static bool is_dropped(struct scn *s, enum scn_way way, const char *name)
{
	for (size_t i = 0; i < SCN_DROPS_MAX; i++) {
		struct scn_drop *d = &s->drops[i];

		if (!d->count || !(d->ways >> way & 1) || (d->name[0] && strcasecmp(d->name, name) != 0))
			continue;
		d->count--;
		return true;
	}
	return false;
}

/* The sweep loses what the rooms must be able to miss; user packets are nobody's promise. */
static bool is_swept(struct scn *s, enum scn_way way, const char *name)
{
	if ((!s->sweep_loss && !s->meanwhile) || s->sweep_over || way == WAY_GTP_UP || way == WAY_GTP_DOWN ||
		way == WAY_GTP_SMF || !strcasecmp(name, "Data") || !strcasecmp(name, "Keepalive"))
		return false;
	s->messages++;
	if (s->messages != s->variant.lose_nth && s->messages != s->variant.lose_too)
		return false;
	snprintf(s->lost + strlen(s->lost), sizeof(s->lost) - strlen(s->lost), "%s %s; ", way_names[way],
		name);
	return true;
}

bool scn_filter(void *arg, struct sim_node *from, const struct msg *m)
{
	struct scn *s = arg;
	enum scn_way way = way_of(s, from, m->port);
	struct scn_gnb *g = gnb_of(s, from);
	char name[64];

	if (m->kind != MSG_DATA || way == WAY_COUNT)
		return true;
	if (g && way == WAY_NGAP_UP)
		g->assoc = m->assoc;
	name_of(way, m->data, name);
	if (s->verbose)
		printf("%12.6f %-5s %-9s %s (%zu octets)\n", (double)sim_now_ns(s->sim) / 1e9,
			sim_node_name(from), way_names[way], name, m->data.len);
	return !is_dropped(s, way, name) && !is_swept(s, way, name);
}

bool scn_drop_add(struct scn *s, uint64_t count, const char *ways, const char *name)
{
	uint32_t bits = 0;

	for (size_t w = 0; w < WAY_COUNT; w++)
		if (!strncmp(way_names[w], ways, strlen(ways)))
			bits |= 1u << w;
	if (!bits)
		return scn_fail(s, "no such link: %s", ways);
	for (size_t i = 0; i < SCN_DROPS_MAX; i++) {
		if (s->drops[i].count)
			continue;
		s->drops[i] = (struct scn_drop){ .ways = bits, .count = (uint32_t)count };
		str_copy(s->drops[i].name, sizeof(s->drops[i].name), name);
		return true;
	}
	return scn_fail(s, "too many drops");
}

enum { C_TAG = 0x8100 };

/* The number in a frame; 0: it is none of ours. */
static uint32_t frame_number(struct bytes f)
{
	struct cursor c = cursor_of(f);
	uint16_t type;

	cursor_skip(&c, 12);
	type = cursor_u16(&c);
	if (type == C_TAG) {
		cursor_u16(&c);
		type = cursor_u16(&c);
	}
	return type == SCN_ETHERTYPE ? cursor_u32(&c) : 0;
}

/* Whose packet it is; NULL: nobody's. */
static struct scn_ue *ue_of(struct scn *s, const struct sim_node *from, const struct msg *m)
{
	for (size_t i = 1; i <= SCN_UES_MAX; i++)
		if (s->ues[i].ue && s->ues[i].node == from && ue_index(s->ues[i].ue) == m->assoc)
			return &s->ues[i];
	return NULL;
}

static bool took_frame(struct scn *s, struct sim_node *from, const struct msg *m)
{
	struct scn_ue *u;

	if (from == s->upf_node && m->port == UPF_PORT_LAN) {
		s->host_frame = frame_number(m->data);
		return true;
	}
	if (m->port != UE_PORT_LINK || !(u = ue_of(s, from, m)))
		return false;
	u->frame = frame_number(m->data);
	return true;
}

void scn_sink(void *arg, struct sim_node *from, const struct msg *m)
{
	struct scn *s = arg;
	struct scn_ue *u;

	if (took_frame(s, from, m))
		return;
	if (from == s->crowd_node && m->port == CROWD_PORT_DN) {
		scn_datagram_down(s, m);
		return;
	}
	if (from == s->upf_node && m->port == UPF_PORT_N6) {
		s->n6_packets++;
		s->n6_waiting = bytes_copy(s->n6, sizeof(s->n6), m->data);
		s->n6_len = m->data.len;
		return;
	}
	if (m->port != UE_PORT_TUN || !(u = ue_of(s, from, m)))
		return;
	u->packets++;
	u->last_len = bytes_copy(u->last, sizeof(u->last), m->data) ? m->data.len : 0;
}

enum { IP_SOURCE = 12, IP_HEADER = 20, IP6_SOURCE = 8, IP6_HEADER = 40 };

/* The same packet the other way: no checksum changes. */
void scn_data_network(struct scn *s)
{
	bool v6 = s->n6_len >= IP6_HEADER && s->n6[0] >> 4 == 6;
	size_t len = v6 ? 16 : 4;
	uint8_t address[16], *source = s->n6 + (v6 ? IP6_SOURCE : IP_SOURCE);
	struct msg m = { .kind = MSG_DATA, .port = UPF_PORT_N6 };

	if (!s->n6_waiting || s->n6_silent || s->n6_len < IP_HEADER || !s->upf)
		return;
	s->n6_waiting = false;
	memcpy(address, source, len);
	memcpy(source, source + len, len);
	memcpy(source + len, address, len);
	m.data = bytes_of(s->n6, s->n6_len);
	sim_deliver(s->upf_node, &m);
}
