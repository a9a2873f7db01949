/* QoS rules at the UE: what is taken, what is refused with which cause (24.501 6.3.2.4), and which flow a
 * packet is of. */
#include "ue/qos.h"

#include <string.h>

#include "base/cursor.h"
#include "base/test_env.h"

static const uint8_t remote[8] = { 192, 0, 2, 0, 255, 255, 255, 0 }, udp[1] = { 17 },
		     port[2] = { 0x13, 0xc4 };
static struct nas_filter_component all[] = { { NAS_FILTER_MATCH_ALL, { 0 } } };
static struct nas_filter_component voice[] = { { NAS_FILTER_IPV4_REMOTE, { remote, 8 } },
	{ NAS_FILTER_PROTOCOL, { udp, 1 } }, { NAS_FILTER_REMOTE_PORT, { port, 2 } } };
static struct nas_packet_filter match_all = { 1, NAS_FILTER_BOTH, 1, all };
static struct nas_packet_filter match_voice = { 1, NAS_FILTER_BOTH, 3, voice };

static struct nas_qos_rule rule_of(
	uint8_t id, uint8_t operation, uint8_t precedence, uint8_t qfi, struct nas_packet_filter *filter)
{
	return (struct nas_qos_rule){ .id = id,
		.operation = operation,
		.has_precedence = precedence != 0,
		.precedence = precedence,
		.has_qfi = qfi != 0,
		.qfi = qfi,
		.filter_count = filter != NULL,
		.filters = filter };
}

static uint8_t apply(struct ue_qos *q, struct nas_qos_rule r)
{
	struct nas_qos_rules rules = { 1, &r };

	return ue_qos_apply(q, &rules, NULL);
}

static struct ue_qos with_default(void)
{
	struct nas_qos_rule r = rule_of(1, NAS_QOS_RULE_CREATE, 255, 1, &match_all);
	struct ue_qos q = { 0 };

	r.is_default = true;
	assert_int_equal(apply(&q, r), 0);
	return q;
}

/* 23.501 5.7.1.4: the default rule of an unstructured session has no filters, and there is no other. */
static void test_unstructured(void **state)
{
	struct nas_qos_rule r = rule_of(1, NAS_QOS_RULE_CREATE, 255, 1, NULL);
	struct ue_qos q = { 0 };

	r.is_default = true;
	assert_int_equal(apply(&q, r), 84);
	q.unstructured = true;
	assert_int_equal(apply(&q, r), 0);
	assert_int_equal(apply(&q, rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &match_all)), 83);
}

static uint8_t flow_of(const struct ue_qos *q, uint32_t to, uint8_t protocol, uint16_t to_port)
{
	uint8_t p[28] = { 0x45, 0, 0, 28 };
	struct writer w = writer_of(p, sizeof(p));
	struct ue_flow_key key;

	w.len = 8;
	writer_u8(&w, 64);
	writer_u8(&w, protocol);
	writer_u16(&w, 0);
	writer_u32(&w, 0x0a2d0002);
	writer_u32(&w, to);
	writer_u16(&w, 1000);
	writer_u16(&w, to_port);
	assert_true(ue_flow_key_read(bytes_of(p, sizeof(p)), true, &key));
	return ue_qos_match(q, &key, 0, UINT8_MAX);
}

static void test_by_precedence(void **state)
{
	struct ue_qos q = with_default();

	assert_int_equal(apply(&q, rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &match_voice)), 0);
	assert_int_equal(flow_of(&q, 0xc0000207, 17, 5060), 2);
	assert_int_equal(flow_of(&q, 0xc0000207, 17, 5061), 1);
	assert_int_equal(flow_of(&q, 0xc0000207, 6, 5060), 1);
	assert_int_equal(flow_of(&q, 0xc0000307, 17, 5060), 1);
	/* a rule before it */
	assert_int_equal(apply(&q, rule_of(3, NAS_QOS_RULE_CREATE, 5, 3, &match_all)), 0);
	assert_int_equal(flow_of(&q, 0xc0000207, 17, 5060), 3);
	assert_int_equal(apply(&q, rule_of(3, NAS_QOS_RULE_MODIFY, 20, 0, NULL)), 0);
	assert_int_equal(flow_of(&q, 0xc0000207, 17, 5060), 2);
	assert_int_equal(flow_of(&q, 0xc0000307, 17, 5060), 3);
	assert_int_equal(apply(&q, rule_of(3, NAS_QOS_RULE_DELETE, 0, 0, NULL)), 0);
	assert_int_equal(flow_of(&q, 0xc0000307, 17, 5060), 1);
	/* downlink filters are not for what the UE sends */
	match_voice.direction = NAS_FILTER_DOWNLINK;
	assert_int_equal(apply(&q, rule_of(2, NAS_QOS_RULE_REPLACE_FILTERS, 0, 0, &match_voice)), 0);
	match_voice.direction = NAS_FILTER_BOTH;
	assert_int_equal(flow_of(&q, 0xc0000207, 17, 5060), 1);
}

/* Type of service, by value and mask; what no packet of ours has matches none. */
static void test_class(void **state)
{
	static const uint8_t tos[2] = { 0xb8, 0xfc }, spi[4] = { 1, 2, 3, 4 }, label[3] = { 0, 0, 1 };
	struct nas_filter_component one = { NAS_FILTER_TRAFFIC_CLASS, { tos, 2 } };
	struct nas_packet_filter filter = { 1, NAS_FILTER_BOTH, 1, &one };
	uint8_t p[28] = { 0x45, 0, 0, 28, [9] = 17, [12] = 10, [16] = 192 };
	struct ue_qos q = with_default();
	struct ue_flow_key key;

	assert_int_equal(apply(&q, rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &filter)), 0);
	for (unsigned class = 0; class < 256; class ++) {
		p[1] = (uint8_t)class;
		assert_true(ue_flow_key_read(bytes_of(p, sizeof(p)), true, &key));
		assert_int_equal(ue_qos_match(&q, &key, 0, UINT8_MAX), (class & 0xfc) == 0xb8 ? 2 : 1);
	}
	one = (struct nas_filter_component){ NAS_FILTER_SPI, { spi, 4 } };
	assert_int_equal(apply(&q, rule_of(3, NAS_QOS_RULE_CREATE, 5, 3, &filter)), 0);
	assert_int_equal(ue_qos_match(&q, &key, 0, UINT8_MAX), 1);
	one = (struct nas_filter_component){ NAS_FILTER_FLOW_LABEL, { label, 3 } };
	assert_int_equal(apply(&q, rule_of(4, NAS_QOS_RULE_CREATE, 4, 4, &filter)), 0);
	assert_int_equal(ue_qos_match(&q, &key, 0, UINT8_MAX), 1);
}

/* Addresses and ports of either end, and protocols, each with the values beside it. */
static void test_each_component(void **state)
{
	static const uint8_t local[8] = { 10, 45, 0, 0, 255, 255, 0, 0 },
			     high[4] = { 0x13, 0xc4, 0x13, 0xce }, from[2] = { 0x03, 0xe8 },
			     from_range[4] = { 0x03, 0xe0, 0x03, 0xe8 };
	static const struct {
		struct nas_filter_component c;
		int flow;
	} cases[] = {
		{ { NAS_FILTER_IPV4_LOCAL, { local, 8 } }, 2 },
		{ { NAS_FILTER_REMOTE_PORT_RANGE, { high, 4 } }, 2 },
		{ { NAS_FILTER_LOCAL_PORT, { from, 2 } }, 2 },
		{ { NAS_FILTER_LOCAL_PORT_RANGE, { from_range, 4 } }, 2 },
		{ { NAS_FILTER_LOCAL_PORT, { port, 2 } }, 1 },
		{ { NAS_FILTER_IPV4_LOCAL, { remote, 8 } }, 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct nas_filter_component one = cases[i].c;
		struct nas_packet_filter filter = { 1, NAS_FILTER_BOTH, 1, &one };
		struct ue_qos q = with_default();

		assert_int_equal(apply(&q, rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &filter)), 0);
		assert_int_equal(flow_of(&q, 0xc0000207, 17, 5060), cases[i].flow);
		if (cases[i].c.type == NAS_FILTER_REMOTE_PORT_RANGE) {
			assert_int_equal(flow_of(&q, 0xc0000207, 17, 5059), 1);
			assert_int_equal(flow_of(&q, 0xc0000207, 17, 5070), 2);
			assert_int_equal(flow_of(&q, 0xc0000207, 17, 5071), 1);
		}
	}
}

/* What is refused changes nothing. */
static void test_refused(void **state)
{
	static struct nas_filter_component twice[] = { { NAS_FILTER_PROTOCOL, { udp, 1 } },
		{ NAS_FILTER_PROTOCOL, { udp, 1 } } };
	static const uint8_t range[4] = { 0, 9, 0, 8 };
	static struct nas_filter_component backwards[] = { { NAS_FILTER_LOCAL_PORT_RANGE, { range, 4 } } };
	struct nas_packet_filter doubled = { 1, NAS_FILTER_BOTH, 2, twice },
				 reversed = { 1, NAS_FILTER_BOTH, 1, backwards },
				 none = { 1, NAS_FILTER_BOTH, 0, NULL };
	const struct {
		struct nas_qos_rule rule;
		uint8_t cause;
	} cases[] = {
		{ rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, NULL), 84 },
		{ rule_of(2, NAS_QOS_RULE_CREATE, 0, 2, &match_voice), 84 },
		{ rule_of(2, NAS_QOS_RULE_CREATE, 10, 0, &match_voice), 84 },
		{ rule_of(0, NAS_QOS_RULE_CREATE, 10, 2, &match_voice), 84 },
		{ rule_of(1, NAS_QOS_RULE_DELETE, 0, 0, NULL), 83 }, /* the default one */
		{ rule_of(2, NAS_QOS_RULE_DELETE, 0, 0, &match_voice), 84 },
		{ rule_of(2, NAS_QOS_RULE_CREATE, 255, 2, &match_voice), 83 }, /* its precedence */
		{ rule_of(9, NAS_QOS_RULE_MODIFY, 10, 0, NULL), 83 },
		{ rule_of(9, NAS_QOS_RULE_ADD_FILTERS, 0, 0, &match_voice), 83 },
		{ rule_of(1, NAS_QOS_RULE_ADD_FILTERS, 0, 0, NULL), 84 },
		{ rule_of(1, NAS_QOS_RULE_DELETE_FILTERS, 0, 0, &match_all), 83 }, /* its last filter */
		{ rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &doubled), 44 },
		{ rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &reversed), 45 },
		{ rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &none), 45 },
	};
	struct ue_qos q = with_default(), before = q;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(apply(&q, cases[i].rule), cases[i].cause);
		assert_memory_equal(&q, &before, sizeof(q));
	}
}

/* What there is already is made again, what is gone goes again: a repeated command changes nothing. */
static void test_again(void **state)
{
	struct ue_qos q = with_default(), once;

	assert_int_equal(apply(&q, rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &match_voice)), 0);
	once = q;
	assert_int_equal(apply(&q, rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &match_voice)), 0);
	assert_int_equal(q.rule_count, once.rule_count);
	assert_int_equal(q.filter_count, once.filter_count);
	/* the older of two of one precedence goes */
	assert_int_equal(apply(&q, rule_of(3, NAS_QOS_RULE_CREATE, 10, 3, &match_voice)), 0);
	assert_int_equal(q.rule_count, 2);
	assert_int_equal(flow_of(&q, 0xc0000207, 17, 5060), 3);
	for (int i = 0; i < 2; i++)
		assert_int_equal(apply(&q, rule_of(3, NAS_QOS_RULE_DELETE, 0, 0, NULL)), 0);
	assert_int_equal(q.rule_count, 1);
	assert_int_equal(q.filter_count, 1);
}

static void test_limits(void **state)
{
	struct ue_qos q = with_default();

	for (uint8_t id = 2; id <= UE_QOS_RULES_MAX; id++)
		assert_int_equal(apply(&q, rule_of(id, NAS_QOS_RULE_CREATE, id, 2, &match_voice)), 0);
	assert_int_equal(apply(&q, rule_of(99, NAS_QOS_RULE_CREATE, 99, 2, &match_voice)),
		NAS_5GSM_INSUFFICIENT_RESOURCES);
}

static void test_flows(void **state)
{
	struct nas_qos_flow f = {
		.qfi = 2, .operation = NAS_QOS_FLOW_MODIFY, .has_five_qi = true, .five_qi = 7
	};
	struct nas_qos_flows flows = { 1, &f };
	struct ue_qos q = with_default();

	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 83); /* there is none */
	f.operation = NAS_QOS_FLOW_CREATE;
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	assert_int_equal(ue_qos_flow(&q, 2)->five_qi, 7);
	f.operation = NAS_QOS_FLOW_MODIFY;
	f.five_qi = 1; /* of the GBR type, without rates */
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 83);
	assert_int_equal(ue_qos_flow(&q, 2)->five_qi, 7);
	f.has_gfbr_uplink = f.has_mfbr_uplink = true;
	f.gfbr_uplink = f.mfbr_uplink = nas_bit_rate_of(64);
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	assert_int_equal(ue_qos_flow(&q, 2)->gfbr_uplink_kbps, 64);
	f.operation = NAS_QOS_FLOW_DELETE;
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	assert_null(ue_qos_flow(&q, 2));
}

static void rates_are(
	const struct ue_qos *q, uint64_t gfbr_up, uint64_t gfbr_down, uint64_t mfbr_up, uint64_t mfbr_down)
{
	const struct ue_qos_flow *f = ue_qos_flow(q, 2);

	assert_int_equal(f->five_qi, 1);
	assert_int_equal(f->gfbr_uplink_kbps, gfbr_up);
	assert_int_equal(f->gfbr_downlink_kbps, gfbr_down);
	assert_int_equal(f->mfbr_uplink_kbps, mfbr_up);
	assert_int_equal(f->mfbr_downlink_kbps, mfbr_down);
}

/* 9.11.4.12: a modification has the parameters that change; a replacement, all of them. One way is enough. */
static void test_flow_parameters(void **state)
{
	struct nas_qos_flow f = { .qfi = 2,
		.operation = NAS_QOS_FLOW_CREATE,
		.has_five_qi = true,
		.five_qi = 1,
		.has_gfbr_downlink = true,
		.gfbr_downlink = nas_bit_rate_of(12),
		.has_mfbr_downlink = true,
		.mfbr_downlink = nas_bit_rate_of(14) };
	struct nas_qos_flows flows = { 1, &f };
	struct ue_qos q = with_default();

	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	rates_are(&q, 0, 12, 0, 14);
	f = (struct nas_qos_flow){ .qfi = 2,
		.operation = NAS_QOS_FLOW_MODIFY,
		.has_gfbr_uplink = true,
		.gfbr_uplink = nas_bit_rate_of(11) };
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	rates_are(&q, 11, 12, 0, 14);
	f.has_gfbr_uplink = false;
	f.has_mfbr_uplink = true;
	f.mfbr_uplink = nas_bit_rate_of(13);
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	rates_are(&q, 11, 12, 13, 14);
	f.has_mfbr_uplink = false;
	f.has_mfbr_downlink = true;
	f.mfbr_downlink = nas_bit_rate_of(24);
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	rates_are(&q, 11, 12, 13, 24);
	f.replaces = true; /* without a guaranteed rate it is no flow of that 5QI */
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 83);
	rates_are(&q, 11, 12, 13, 24);
	f.has_gfbr_downlink = true;
	f.gfbr_downlink = nas_bit_rate_of(22);
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	rates_are(&q, 0, 22, 0, 24);
	f.qfi = 0;
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 84);
	f = (struct nas_qos_flow){ .qfi = 2, .operation = NAS_QOS_FLOW_CREATE };
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 84); /* without a 5QI */
	f = (struct nas_qos_flow){ .qfi = 9, .operation = NAS_QOS_FLOW_DELETE };
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0); /* it was none */
	rates_are(&q, 0, 22, 0, 24);
}

/* The first and the last of several flows go; the others stay. */
static void test_flow_deleted(void **state)
{
	struct nas_qos_flow f = { .operation = NAS_QOS_FLOW_CREATE, .has_five_qi = true };
	struct nas_qos_flows flows = { 1, &f };
	struct ue_qos q = with_default();

	for (uint8_t i = 0; i < UE_QOS_FLOWS_MAX; i++) {
		f.qfi = f.five_qi = (uint8_t)(5 + i);
		assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	}
	f.qfi = 40;
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 26);
	assert_int_equal(q.flow_count, UE_QOS_FLOWS_MAX);
	f.operation = NAS_QOS_FLOW_DELETE;
	f.qfi = 5;
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	f.qfi = 5 + UE_QOS_FLOWS_MAX - 1;
	assert_int_equal(ue_qos_apply(&q, NULL, &flows), 0);
	assert_int_equal(q.flow_count, UE_QOS_FLOWS_MAX - 2);
	for (uint8_t i = 1; i < UE_QOS_FLOWS_MAX - 1; i++)
		assert_int_equal(ue_qos_flow(&q, (uint8_t)(5 + i))->five_qi, 5 + i);
}

/* Table 9.11.4.13.1: which components of a filter stand together: a row of the table for each. */
static void test_components(void **state)
{
	static const uint8_t octets[32] = { 1, 1, 1, 1 };
	static const struct {
		uint8_t type, len;
		const char *with; /* a digit for each that may stand beside it, by the place in this list */
	} kinds[] = { { NAS_FILTER_MATCH_ALL, 0, "" }, { NAS_FILTER_IPV4_REMOTE, 8, "3456789abcd" },
		{ NAS_FILTER_IPV6_REMOTE, 17, "3456789abcd" }, { NAS_FILTER_IPV4_LOCAL, 8, "1256789abcd" },
		{ NAS_FILTER_IPV6_LOCAL, 17, "1256789abcd" }, { NAS_FILTER_PROTOCOL, 1, "12346789abcd" },
		{ NAS_FILTER_LOCAL_PORT, 2, "1234589bcd" }, { NAS_FILTER_LOCAL_PORT_RANGE, 4, "1234589bcd" },
		{ NAS_FILTER_REMOTE_PORT, 2, "1234567bcd" },
		{ NAS_FILTER_REMOTE_PORT_RANGE, 4, "1234567bcd" }, { NAS_FILTER_SPI, 4, "12345bcd" },
		{ NAS_FILTER_TRAFFIC_CLASS, 2, "123456789acd" }, { NAS_FILTER_FLOW_LABEL, 3, "123456789abd" },
		{ 0x81, 6, "123456789abc" } };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
			struct nas_filter_component two[] = { { kinds[i].type, { octets, kinds[i].len } },
				{ kinds[k].type, { octets, kinds[k].len } } };
			struct nas_packet_filter filter = { 1, NAS_FILTER_BOTH, 2, two };
			struct ue_qos q = with_default();
			bool together = k > 0 && strchr(kinds[i].with, "0123456789abcd"[k]);

			if (apply(&q, rule_of(2, NAS_QOS_RULE_CREATE, 10, 2, &filter)) != (together ? 0 : 44))
				fail_msg(
					"%02x beside %02x", (unsigned)kinds[k].type, (unsigned)kinds[i].type);
		}
}

/* Any piece of a packet is read or refused, never more. */
static void test_packets(void **state)
{
	static const uint8_t v6[] = { 0x60, 0, 0, 0, 0, 24, 0, 64, [8] = 0x20, 1, [39] = 1, 60, 0, 0, 0, 0, 0,
		0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 3, 0xe8, 0x13, 0xc4, 0, 0, 0, 0 };
	struct ue_flow_key key;

	assert_true(ue_flow_key_read(bytes_of(v6, sizeof(v6)), true, &key));
	assert_int_equal(key.protocol, 17);
	assert_int_equal(key.remote_port, 5060);
	assert_int_equal(key.local_port, 1000);
	for (size_t n = 0; n < sizeof(v6); n++) {
		uint8_t *piece = malloc(n + 1);

		assert_non_null(piece);
		memcpy(piece, v6, n);
		assert_true(ue_flow_key_read(bytes_of(piece, n), true, &key) == (n >= 40));
		free(piece);
	}
	assert_false(ue_flow_key_read(bytes_of("\x55", 1), true, &key));
}

/* A packet between the UE's port 1000 and that one, as it comes (down) or goes. */
static struct bytes packet_of(uint8_t *p, bool up, uint32_t other, uint8_t protocol, uint16_t port_there)
{
	struct writer w = writer_of(p, 28);

	writer_u32(&w, 0x4500001c);
	writer_u32(&w, 0);
	writer_u8(&w, 64);
	writer_u8(&w, protocol);
	writer_u16(&w, 0);
	writer_u32(&w, up ? 0x0a2d0002 : other);
	writer_u32(&w, up ? other : 0x0a2d0002);
	writer_u16(&w, up ? 1000 : port_there);
	writer_u16(&w, up ? port_there : 1000);
	writer_u32(&w, 0x00080000);
	return writer_bytes(&w);
}

static uint8_t reflected(
	struct ue_reflective *r, uint32_t to, uint8_t protocol, uint16_t to_port, uint64_t now_ns)
{
	struct ue_flow_key key;
	uint8_t p[28];

	assert_true(ue_flow_key_read(packet_of(p, true, to, protocol, to_port), true, &key));
	return ue_reflective_match(r, &key, now_ns);
}

/* 6.2.5.1.4: by protocol, addresses and ports, until T3583; each packet starts it again, and may be of
 * another flow. */
static void test_derived(void **state)
{
	struct ue_reflective r = { .timer_s = 10 };
	uint8_t p[28];

	ue_reflective_derive(&r, packet_of(p, false, 0xc0000201, 17, 80), 5, NS_PER_S);
	assert_int_equal(reflected(&r, 0xc0000201, 17, 80, NS_PER_S), 5);
	assert_int_equal(reflected(&r, 0xc0000202, 17, 80, NS_PER_S), 0);
	assert_int_equal(reflected(&r, 0xc0000201, 6, 80, NS_PER_S), 0);
	assert_int_equal(reflected(&r, 0xc0000201, 17, 81, NS_PER_S), 0);
	ue_reflective_derive(&r, packet_of(p, false, 0xc0000201, 17, 80), 6, 9 * NS_PER_S);
	assert_int_equal(r.count, 1);
	assert_int_equal(reflected(&r, 0xc0000201, 17, 80, 19 * NS_PER_S - 1), 6);
	assert_int_equal(reflected(&r, 0xc0000201, 17, 80, 19 * NS_PER_S), 0);
	assert_int_equal(r.count, 0);
	ue_reflective_derive(&r, packet_of(p, false, 0xc0000201, 1, 80), 5, NS_PER_S); /* ICMP: nothing */
	assert_int_equal(r.count, 0);
	r.timer_s = 0;
	ue_reflective_derive(&r, packet_of(p, false, 0xc0000201, 17, 80), 5, NS_PER_S);
	assert_int_equal(r.count, 0);
}

/* Where all are used the oldest goes; and all of a flow that goes. */
static void test_derived_limit(void **state)
{
	struct ue_reflective r = { .timer_s = 100 };
	uint8_t p[28];

	for (uint16_t i = 0; i <= UE_DERIVED_MAX; i++)
		ue_reflective_derive(
			&r, packet_of(p, false, 0xc0000201, 6, i), (uint8_t)(2 + i % 2), (i + 1) * NS_PER_S);
	assert_int_equal(r.count, UE_DERIVED_MAX);
	assert_int_equal(reflected(&r, 0xc0000201, 6, 0, 20 * NS_PER_S), 0);
	assert_int_equal(reflected(&r, 0xc0000201, 6, UE_DERIVED_MAX, 20 * NS_PER_S), 2);
	ue_reflective_keep(&r, 1 << 3);
	assert_int_equal(reflected(&r, 0xc0000201, 6, UE_DERIVED_MAX, 20 * NS_PER_S), 0);
	assert_int_equal(reflected(&r, 0xc0000201, 6, 1, 20 * NS_PER_S), 3);
	assert_int_equal(r.count, UE_DERIVED_MAX / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unstructured),
		cmocka_unit_test(test_by_precedence),
		cmocka_unit_test(test_class),
		cmocka_unit_test(test_each_component),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_flows),
		cmocka_unit_test(test_flow_parameters),
		cmocka_unit_test(test_flow_deleted),
		cmocka_unit_test(test_components),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_derived),
		cmocka_unit_test(test_derived_limit),
	};

	return cmocka_run_group_tests_name("ue/qos", tests, NULL, NULL);
}
