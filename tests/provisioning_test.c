/* What an operator may subscribe: what this network serves, and addresses that are nobody else's. */
#include "base/test.h"

#include "base/text.h"
#include "tests/call_bed.h"

#define KEYS " k=00112233445566778899aabbccddeeff opc=00112233445566778899aabbccddeeff\n"

static void ask(struct call_bed *b, const char *request)
{
	b->control[0] = '\0';
	call_control(b, request);
	call_run(b);
}

static void test_refused_lines(void **state)
{
	static const struct {
		const char *line, *error;
	} lines[] = {
		{ "imsi=310410000000001",
			"imsi: 310410000000001 is not of this network, whose IMSIs begin with 00101" },
		{ "imsi=00101", "imsi: 00101 is not of this network, whose IMSIs begin with 00101" },
		{ "imsi=001010000000009 dnn=nosuch", "dnn: nosuch is in no slice of the network" },
		{ "imsi=001010000000009 dnn=internet dnn=nosuch",
			"dnn: nosuch is in no slice of the network" },
		{ "imsi=001010000000009 dnn=internet@7", "dnn: internet is not in slice 7 of the network" },
		{ "imsi=001010000000009 five_qi=1",
			"five_qi: 1 is of GBR flows; the default flow has a non-GBR one, like 9" },
		{ "imsi=001010000000009 five_qi=90",
			"five_qi: 90 is of GBR flows; the default flow has a non-GBR one, like 9" },
		{ "imsi=001010000000009 ip=10.46.0.5",
			"ip: 10.46.0.5 is in the pool of none of the subscriber's DNNs" },
		{ "imsi=001010000000009 ip=2001:db8::1", "ip: expected an IPv4 address, or none" },
		{ "imsi=001010000000009 ip=10.45.0", "ip: expected an IPv4 address, or none" },
		{ "imsi=001010000000009 ip=10.45.0.0", "ip: 10.45.0.0 is the network's own" },
		{ "imsi=001010000000009 ip=10.45.0.1", "ip: 10.45.0.1 is the gateway's" },
		{ "imsi=001010000000009 ip=10.45.255.255", "ip: 10.45.255.255 is broadcast" },
		{ "imsi=001010000000009 ip=10.45.0.5",
			"ip: 10.45.0.5 is the static address of imsi-001010000000008" },
	};
	struct call_bed *b = *state;
	char text[256];

	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 dnn=INTERNET ip=10.45.0.5 five_qi=91" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		snprintf(text, sizeof(text), "subscriber add\n%s" KEYS, lines[i].line);
		ask(b, text);
		snprintf(text, sizeof(text), "error\nline 1: %s\n", lines[i].error);
		assert_string_equal(b->control, text);
	}
}

/* Keys have the lengths of their algorithm, of which each is known by the name in its row. */
static void test_refused_keys(void **state)
{
	static const struct {
		const char *keys, *answer;
	} lines[] = {
		{ "authentication=eap-tls k=00 opc=00",
			"error\nline 1: authentication: expected 5g-aka or eap-aka-prime\n" },
		{ "algorithm=mystery k=00 opc=00", "error\nline 1: algorithm: expected " AKA_ALG_NAMES "\n" },
		{ "k=001122 opc=00112233445566778899aabbccddeeff",
			"error\nline 1: k of 6 and opc of 32 hexadecimal digits are not those of "
			"milenage\n" },
		{ "algorithm=tuak k=00112233445566778899aabbccddeeff op=00112233445566778899aabbccddeeff",
			"error\nline 1: k of 32 and op of 32 hexadecimal digits are not those of tuak\n" },
		{ "algorithm=tuak k=00112233445566778899aabbccddeeff op="
		  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
			"ok\n1 added\n" },
	};
	struct call_bed *b = *state;
	char text[256];

	call_start(b);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		snprintf(text, sizeof(text), "subscriber add\nimsi=001010000000008 %s\n", lines[i].keys);
		ask(b, text);
		assert_string_equal(b->control, lines[i].answer);
	}
	ask(b, "subscriber list\n");
	assert_non_null(strstr(b->control, "001010000000008 tuak "));
}

/* As many DNNs in a slice as a network may have; one more is refused, not left out. */
static void test_many_dnns(void **state)
{
	struct call_bed *b = *state;
	struct smf_config *c = &b->core_config.smf;
	char text[1024];
	struct writer w = writer_of(text, sizeof(text));

	for (uint8_t i = 1; i <= DNN_PER_SLICE_MAX; i++) {
		c->dnns[i] = c->dnns[0];
		snprintf(c->dnns[i].dnn, DNN_STR_SIZE, "net%u", i);
		c->dnns[i].pools[0].ip.low += (uint32_t)i << 16;
	}
	c->dnn_count = DNN_PER_SLICE_MAX + 1;
	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008" KEYS);
	assert_string_equal(b->control, "error\nline 1: dnn: at most 16 in a slice\n");
	text_put(&w, "subscriber add\nimsi=001010000000008");
	for (uint8_t i = 1; i <= DNN_PER_SLICE_MAX; i++)
		text_put(&w, " dnn=net%u", i);
	text_put(&w, " ip=10.61.0.9" KEYS);
	writer_u8(&w, 0);
	ask(b, text);
	assert_string_equal(b->control, "ok\n1 added\n");
}

/* An address is its owner's until the owner goes, or gets another. */
static void test_address_passes_on(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 ip=10.45.0.5" KEYS);
	ask(b, "subscriber add\nimsi=001010000000008 ip=10.45.0.6" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	ask(b, "subscriber add\nimsi=001010000000009 ip=10.45.0.5" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	ask(b, "subscriber add\nimsi=001010000000007 ip=10.45.0.6" KEYS);
	assert_string_equal(
		b->control, "error\nline 1: ip: 10.45.0.6 is the static address of imsi-001010000000008\n");
	ask(b, "subscriber remove\n001010000000008");
	ask(b, "subscriber add\nimsi=001010000000007 ip=10.45.0.6" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	call_core_restart(b);
	ask(b, "subscriber add\nimsi=001010000000008 ip=10.45.0.6" KEYS);
	assert_string_equal(
		b->control, "error\nline 1: ip: 10.45.0.6 is the static address of imsi-001010000000007\n");
	/* Within one batch too, of which nothing stays. */
	ask(b, "subscriber add\nimsi=001010000000001 ip=10.45.0.9" KEYS
	       "imsi=001010000000002 ip=10.45.0.9" KEYS);
	assert_string_equal(
		b->control, "error\nline 2: ip: 10.45.0.9 is the static address of imsi-001010000000001\n");
	ask(b, "subscriber add\nimsi=001010000000002 ip=10.45.0.9" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
}

/* The line of subscriber n, with a static address. */
static void subscribe_with(struct call_bed *b, unsigned n, const char *ip)
{
	char text[256];
	struct writer w = writer_of(text, sizeof(text) - 1);

	call_subscriber_line(n, &w);
	assert_false(w.failed);
	text[w.len - 1] = '\0'; /* the end of the line */
	w.len--;
	text_put(&w, " ip=%s\n", ip);
	text[w.len] = '\0';
	ask(b, text);
	assert_string_equal(b->control, "ok\n1 added\n");
}

static uint32_t address_of(struct call_bed *b, unsigned n, struct ue **ue)
{
	struct ue_session_info info;

	*ue = call_ue(b, n);
	assert_true(ue_register(*ue));
	call_run(b);
	assert_true(call_state(*ue).registered);
	call_pass(b, 2000);
	assert_true(ue_session_info(*ue, 1, &info));
	return info.ipv4;
}

/* No pool gives what is static, whoever comes first. */
static void test_static_is_not_given(void **state)
{
	struct call_bed *b = *state;
	struct ue *ue[3];

	b->upf_on = b->profile.auto_session = true;
	call_start(b);
	subscribe_with(b, 1, "10.45.0.3");
	call_subscribe(b, 2);
	call_subscribe(b, 3);
	call_pass(b, 1000);
	assert_int_equal(address_of(b, 2, &ue[0]), 0x0a2d0002);
	assert_int_equal(address_of(b, 3, &ue[1]), 0x0a2d0004);
	assert_int_equal(address_of(b, 1, &ue[2]), 0x0a2d0003);
}

/* A session that has had the address since before it became static makes way for the owner. */
static void test_static_is_reclaimed(void **state)
{
	struct call_bed *b = *state;
	struct ue *other, *owner;
	struct ue_session_info info;

	b->upf_on = b->profile.auto_session = true;
	call_start(b);
	call_subscribe(b, 2);
	call_pass(b, 1000);
	assert_int_equal(address_of(b, 2, &other), 0x0a2d0002);
	subscribe_with(b, 1, "10.45.0.2");
	owner = call_ue(b, 1);
	assert_true(ue_register(owner));
	call_pass(b, 5000);
	for (unsigned i = 0; i < 20 && !(ue_session_info(owner, 1, &info) && info.active); i++) {
		ue_session_establish(owner, NULL, NULL);
		call_pass(b, 5000);
	}
	assert_true(ue_session_info(owner, 1, &info) && info.active);
	assert_int_equal(info.ipv4, 0x0a2d0002);
}

/* What is given changes, and nothing else: neither the SQN nor the keys nor the other DNN's own values. */
static void test_set(void **state)
{
	struct call_bed *b = *state;
	struct smf_config *c = &b->core_config.smf;

	c->dnns[1] = c->dnns[0];
	str_copy(c->dnns[1].dnn, DNN_STR_SIZE, "ims");
	c->dnn_count = 2;
	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 sqn=97 dnn=internet "
	       "dnn=ims:five_qi=5:arp=1:ip=10.45.0.9" KEYS);
	ask(b, "subscriber set\n001010000000008\nambr_uplink=5Mbps five_qi=7");
	assert_string_equal(b->control, "ok\nchanged\n");
	ask(b, "subscriber export keys\n");
	assert_string_equal(b->control,
		"ok\nimsi=001010000000008 k=00112233445566778899aabbccddeeff "
		"opc=00112233445566778899aabbccddeeff algorithm=milenage amf=8000 sqn=97 "
		"ambr_uplink=5000000bps "
		"ambr_downlink=1000000000bps dnn=internet@1 dnn=ims@1:arp=1:ip=10.45.0.9 five_qi=7 arp=8\n");
	/* Another list of DNNs: one that stays has what it had. */
	ask(b, "subscriber set\n001010000000008\ndnn=ims opc=ffeeddccbbaa99887766554433221100");
	assert_string_equal(b->control, "ok\nchanged\n");
	ask(b, "subscriber export keys\n");
	assert_string_equal(b->control,
		"ok\nimsi=001010000000008 k=00112233445566778899aabbccddeeff "
		"opc=ffeeddccbbaa99887766554433221100 algorithm=milenage amf=8000 sqn=97 "
		"ambr_uplink=5000000bps "
		"ambr_downlink=1000000000bps dnn=ims@1:ip=10.45.0.9 five_qi=7 arp=1\n");
	ask(b, "subscriber set\n001010000000008\nip=none amf=9001 sqn=5");
	ask(b, "subscriber export\n");
	assert_string_equal(b->control,
		"ok\nimsi=001010000000008 algorithm=milenage amf=9001 sqn=5 ambr_uplink=5000000bps "
		"ambr_downlink=1000000000bps dnn=ims@1 five_qi=7 arp=1\n");
	ask(b, "subscriber add\nimsi=001010000000009 dnn=ims ip=10.45.0.9" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
}

/* Types and prefix are read, kept, changed, taken away and printed as they are read. */
static void test_types_and_prefixes(void **state)
{
	static const struct {
		const char *line, *error;
	} refused[] = {
		{ "types=IPv5", "types: expected IPv4, IPv6, IPv4v6, Ethernet and Unstructured with + "
				"between, the first is the "
				"default; or all" },
		{ "types=", "types: expected IPv4, IPv6, IPv4v6, Ethernet and Unstructured with + between, "
			    "the first is the default; "
			    "or all" },
		{ "prefix=2001:db8:45:7::/63", "prefix: expected an IPv6 prefix of 64 bits, or none" },
		{ "prefix=2001:db8:46:7::/64",
			"ip: 2001:db8:46:7:: is in the pool of none of the subscriber's DNNs" },
		{ "prefix=2001:db8:45::/64", "ip: 2001:db8:45:: is the data network's own" },
		{ "dnn=internet:prefix=[2001:db8:46::/64]",
			"ip: 2001:db8:46:: is not in the pool of its DNN" },
	};
	struct call_bed *b = *state;
	struct smf_dnn *d = &b->core_config.smf.dnns[0];
	char text[400];

	assert_true(prefix_parse("2001:db8:45::/48", &d->pools[d->pool_count++]));
	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 "
	       "dnn=internet:types=IPv6+IPv4v6:prefix=[2001:db8:45:7::/64]:ip=10.45.0.9" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	ask(b, "subscriber set\n001010000000008\nfive_qi=7");
	ask(b, "subscriber export\n");
	assert_string_equal(b->control,
		"ok\nimsi=001010000000008 algorithm=milenage amf=8000 sqn=0 ambr_uplink=1000000000bps "
		"ambr_downlink=1000000000bps "
		"dnn=internet@1:ip=10.45.0.9:prefix=[2001:db8:45:7::/64]:types=IPv6+IPv4v6 five_qi=7 "
		"arp=8\n");
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		snprintf(text, sizeof(text), "subscriber set\n001010000000008\n%s", refused[i].line);
		ask(b, text);
		if (!strstr(b->control, refused[i].error))
			fail_msg("%s: %s", refused[i].line, b->control);
	}
	ask(b, "subscriber add\nimsi=001010000000009 prefix=2001:db8:45:7::/64" KEYS);
	assert_non_null(strstr(b->control, "is the static address of imsi-001010000000008"));
	ask(b, "subscriber set\n001010000000008\nip=none prefix=none types=all");
	ask(b, "subscriber export\n");
	assert_non_null(strstr(b->control, " dnn=internet@1 five_qi"));
	ask(b, "subscriber add\nimsi=001010000000009 prefix=2001:db8:45:7::/64" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
}

/* Framed routes and SSC modes: read, printed as they are read, and nobody else's. */
static void test_routes_and_ssc(void **state)
{
	static const struct {
		const char *line, *error;
	} refused[] = {
		{ "framed_route=192.168.7.1/24",
			"framed_route: expected prefixes with + between, four at most, or none" },
		{ "framed_route=192.168.0.0/25+192.168.1.0/25+192.168.2.0/25+192.168.3.0/25+192.168.4.0/25",
			"framed_route: expected" },
		{ "framed_route=10.9.0.0/24",
			"framed_route: 10.9.0.0/24 is in framed_routes of none of the subscriber's DNNs" },
		{ "dnn=internet:framed_route=[10.9.0.0/24]",
			"framed_route: 10.9.0.0/24 is not in framed_routes of its DNN" },
		{ "framed_route=192.168.7.0/24+192.168.7.128/25",
			"framed_route: 192.168.7.128/25 is part of another of its routes" },
		{ "ssc=4", "ssc: expected SSC modes, 1 to 3 with + between, the first is the default" },
	};
	struct call_bed *b = *state;
	struct smf_dnn *d = &b->core_config.smf.dnns[0];
	char text[400];

	assert_true(prefix_parse("192.168.0.0/16", &d->framed[d->framed_count++]));
	assert_true(prefix_parse("2001:db8:7::/48", &d->framed[d->framed_count++]));
	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 ssc=2+1 "
	       "framed_route=192.168.7.0/24+2001:db8:7:1::/64" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
	ask(b, "subscriber set\n001010000000008\nfive_qi=7");
	ask(b, "subscriber export\n");
	assert_non_null(
		strstr(b->control, ":ssc=2+1:framed_route=[192.168.7.0/24+2001:db8:7:1::/64] five_qi=7"));
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		snprintf(text, sizeof(text), "subscriber set\n001010000000008\n%s", refused[i].line);
		ask(b, text);
		if (!strstr(b->control, refused[i].error))
			fail_msg("%s: %s", refused[i].line, b->control);
	}
	ask(b, "subscriber add\nimsi=001010000000009 framed_route=192.168.7.0/24" KEYS);
	assert_non_null(
		strstr(b->control, "line 1: framed_route: 192.168.7.0/24 is that of imsi-001010000000008"));
	ask(b, "subscriber set\n001010000000008\nframed_route=none");
	ask(b, "subscriber add\nimsi=001010000000009 dnn=internet:framed_route=[192.168.7.0/24]" KEYS);
	assert_string_equal(b->control, "ok\n1 added\n");
}

/* One DNN more, those that were there as they were; one that is there changes; what is asked for twice is
 * there once. */
static void test_add_dnn(void **state)
{
	struct call_bed *b = *state;
	struct smf_config *c = &b->core_config.smf;

	c->dnns[1] = c->dnns[0];
	str_copy(c->dnns[1].dnn, DNN_STR_SIZE, "ims");
	c->dnn_count = 2;
	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 dnn=ims:five_qi=5:ip=10.45.0.9 dnn=ims" KEYS);
	ask(b, "subscriber set\n001010000000008\nadd_dnn=internet:ambr_uplink=2Mbps");
	assert_string_equal(b->control, "ok\nchanged\n");
	ask(b, "subscriber export\n");
	assert_string_equal(b->control,
		"ok\nimsi=001010000000008 algorithm=milenage amf=8000 sqn=0 ambr_uplink=1000000000bps "
		"ambr_downlink=1000000000bps dnn=ims@1:ip=10.45.0.9 "
		"dnn=internet@1:five_qi=9:ambr_uplink=2000000bps five_qi=5 arp=8\n");
	ask(b, "subscriber set\n001010000000008\nadd_dnn=internet@1:five_qi=7 add_dnn=internet:arp=2");
	ask(b, "subscriber export\n");
	assert_string_equal(b->control,
		"ok\nimsi=001010000000008 algorithm=milenage amf=8000 sqn=0 ambr_uplink=1000000000bps "
		"ambr_downlink=1000000000bps dnn=ims@1:ip=10.45.0.9 "
		"dnn=internet@1:five_qi=7:arp=2:ambr_uplink=2000000bps five_qi=5 arp=8\n");
	ask(b, "subscriber add\nimsi=001010000000009 add_dnn=ims" KEYS);
	assert_string_equal(b->control,
		"error\nline 1: add_dnn: expected a DNN as dnn has it, of a subscriber that is there\n");
}

/* A telephone number is a subscriber's own, printed as it was written; zeros count. */
static void test_msisdn(void **state)
{
	struct call_bed *b = *state;

	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 msisdn=0049172040" KEYS);
	ask(b, "subscriber export\n");
	assert_non_null(strstr(b->control, " msisdn=0049172040"));
	ask(b, "subscriber set\n001010000000008\nmsisdn=4917");
	assert_non_null(strstr(b->control, "msisdn: expected 5 to 15 digits"));
	ask(b, "subscriber set\n001010000000008\nmsisdn=49172");
	ask(b, "table\nsubscribers\n\n");
	assert_non_null(strstr(b->control, "49172"));
	ask(b, "subscriber set\n001010000000008\nmsisdn=none");
	ask(b, "subscriber export\n");
	assert_null(strstr(b->control, "msisdn"));
	ask(b, "profile set\ngold\nmsisdn=49172");
	assert_non_null(strstr(b->control, "msisdn: it is a subscriber's own"));
}

/* What restricts a subscriber is written as it is printed; what is none of it is refused. */
static void test_mobility(void **state)
{
	struct call_bed *b = *state;
	static const char *const wrong[] = { "allowed_areas=", "allowed_areas=1+", "allowed_areas=1++2",
		"allowed_areas=16777216", "non_allowed_areas=all", "no_access=lte", "mico=maybe",
		"areas_max=17", "t3512_s=1116001", "active_time_s=-1",
		"forbidden_areas=1+2+3+4+5+6+7+8+9+10+11+12+13+14+15+16+17" };
	char command[200];

	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 mico=yes t3512_s=600 allowed_areas=1+2 "
	       "forbidden_areas=3" KEYS);
	ask(b, "subscriber set\n001010000000008\nno_access=5gc+nr active_time_s=20 areas_max=0");
	assert_string_equal(b->control, "ok\nchanged\n");
	ask(b, "subscriber export\n");
	assert_non_null(strstr(b->control,
		" t3512_s=600 active_time_s=20 mico=yes no_access=nr+5gc allowed_areas=1+2 areas_max=0 "
		"forbidden_areas=3\n"));
	ask(b, "subscriber set\n001010000000008\nno_access=none allowed_areas=none areas_max=all mico=no");
	ask(b, "subscriber export\n");
	assert_non_null(
		strstr(b->control, " t3512_s=600 active_time_s=20 allowed_areas=none forbidden_areas=3\n"));
	ask(b, "subscriber set\n001010000000008\nt3512_s=0 active_time_s=0 non_allowed_areas=none "
	       "forbidden_areas=none");
	ask(b, "subscriber export\n");
	assert_non_null(strstr(b->control, " five_qi=9 arp=8\n"));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		snprintf(command, sizeof(command), "subscriber set\n001010000000008\n%s", wrong[i]);
		ask(b, command);
		assert_memory_equal(b->control, "error\n", 6);
	}
}

/* A record that does not read is in no list left out, and half of the subscribers are no export. */
static void test_unreadable(void **state)
{
	struct call_bed *b = *state;
	struct supi supi;
	uint8_t key[8];

	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008" KEYS);
	assert_true(supi_parse("001010000000007", &supi));
	assert_true(store_put(b->node[NODE_CORE].t.env.store, STORE_SUBSCRIBER, nf_supi_store_key(&supi, key),
		BYTES("\xff")));
	ask(b, "subscriber list\n");
	assert_string_equal(b->control,
		"ok\n001010000000007 does not read: add it again\n001010000000008 milenage 1 slices\n");
	ask(b, "subscriber list\n001010000000007");
	assert_string_equal(b->control, "ok\n001010000000008 milenage 1 slices\n");
	ask(b, "subscriber export\n");
	assert_string_equal(b->control, "error\nof 001010000000007 the record does not read; add it again\n");
	ask(b, "status\n");
	assert_non_null(strstr(b->control, "\nudr_unreadable 2\n"));
	ask(b, "subscriber add\nimsi=001010000000007" KEYS);
	ask(b, "subscriber list\n");
	assert_string_equal(
		b->control, "ok\n001010000000007 milenage 1 slices\n001010000000008 milenage 1 slices\n");
}

/* Nothing is changed by a line of which a part is wrong. */
static void test_set_refused(void **state)
{
	static const struct {
		const char *line, *error;
	} lines[] = {
		{ "001010000000008\nambr_uplink=5Mbps five_qi=1",
			"five_qi: 1 is of GBR flows; the default flow has a non-GBR one, like 9" },
		{ "001010000000008\nimsi=001010000000007",
			"imsi: expected 5 to 15 digits, of a new subscriber" },
		{ "001010000000008\nalgorithm=tuak k=00",
			"k of 2 and opc of 32 hexadecimal digits are not those of tuak" },
		{ "001010000000008\nambr_uplink=5Mbps dnn=nosuch",
			"dnn: nosuch is in no slice of the network" },
		{ "001010000000008\ndnn=internet:ip=10.99.0.1",
			"ip: 10.99.0.1 is not in the pool of its DNN" },
		{ "001010000000008\ndnn=internet:five_qi=5:colour=7",
			"dnn: expected NAME[@SLICE][:KEY=VALUE]..., the keys five_qi arp ambr_uplink "
			"ambr_downlink "
			"ip prefix types ssc framed_route" },
		{ "001010000000007\nfive_qi=5", "there is no subscriber 001010000000007" },
		{ "00101000000000x\nfive_qi=5", "expected an IMSI: 5 to 15 digits" },
	};
	struct call_bed *b = *state;
	char text[256], before[1024];

	call_start(b);
	ask(b, "subscriber add\nimsi=001010000000008 sqn=97 ip=10.45.0.9" KEYS);
	ask(b, "subscriber export keys\n");
	str_copy(before, sizeof(before), b->control);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		snprintf(text, sizeof(text), "subscriber set\n%s", lines[i].line);
		ask(b, text);
		snprintf(text, sizeof(text), "error\n%s\n", lines[i].error);
		assert_string_equal(b->control, text);
	}
	ask(b, "subscriber export keys\n");
	assert_string_equal(b->control, before);
}

/* Adding what an export gives, with all removed before, gives the same export. */
static void test_export_round_trip(void **state)
{
	struct call_bed *b = *state;
	char request[4096], first[4096];

	call_start(b);
	ask(b, "subscriber add\n"
	       "imsi=001010000000001 sqn=281474976710655 dnn=internet@1:five_qi=8:ambr_uplink=3Kbps "
	       "ip=10.45.0.7" KEYS "imsi=001010000000002 amf=0001 ambr_downlink=1.5Gbps" KEYS
	       "imsi=001010000000003 algorithm=tuak sqn=32 k=00112233445566778899aabbccddeeff "
	       "opc=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
	assert_string_equal(b->control, "ok\n3 added\n");
	ask(b, "subscriber export\n");
	assert_null(strstr(b->control, " k="));
	assert_null(strstr(b->control, "opc"));
	ask(b, "subscriber export keys\n");
	str_copy(first, sizeof(first), b->control);
	assert_non_null(strstr(first, "sqn=281474976710655"));
	ask(b, "subscriber remove\n001010000000001");
	ask(b, "subscriber remove\n001010000000002");
	ask(b, "subscriber remove\n001010000000003");
	ask(b, "subscriber export keys\n");
	assert_string_equal(b->control, "ok\n");
	snprintf(request, sizeof(request), "subscriber add\n%s", first + 3);
	ask(b, request);
	assert_string_equal(b->control, "ok\n3 added\n");
	ask(b, "subscriber export keys\n");
	assert_string_equal(b->control, first);
	ask(b, "subscriber export keys\n001010000000002");
	assert_null(strstr(b->control, "001010000000002"));
	assert_non_null(strstr(b->control, "imsi=001010000000003"));
}

/* A running session follows: it is modified, or, where its address is another one, released with #39 and
 * asked for again (24.501 6.3.3.3), now as subscribed; what does not concern it leaves it alone. */
static void test_set_is_live(void **state)
{
	struct call_bed *b = *state;
	struct ue_session_info info;
	struct ue *ue;
	uint32_t address;

	b->upf_on = b->profile.auto_session = true;
	call_start(b);
	call_subscribe(b, 1);
	call_pass(b, 1000);
	address = address_of(b, 1, &ue);
	assert_true(ue_session_info(ue, 1, &info));
	assert_int_equal(info.ambr_uplink_kbps, 100000);
	ask(b, "subscriber set\n001010000000001\namf=8000 sqn=4096");
	call_pass(b, 5000);
	assert_true(ue_session_info(ue, 1, &info) && info.active && info.ipv4 == address);
	ask(b, "subscriber set\n001010000000001\nambr_uplink=7Mbps five_qi=8");
	assert_string_equal(b->control, "ok\nchanged\n");
	call_pass(b, 1000);
	assert_true(ue_session_info(ue, 1, &info) && info.active && info.ipv4 == address);
	assert_int_equal(info.ambr_uplink_kbps, 7000);
	assert_int_equal(info.ambr_downlink_kbps, 100000);
	ask(b, "subscriber set\n001010000000001\nambr_uplink=5Mbps ip=10.45.0.77");
	assert_string_equal(b->control, "ok\nchanged\n");
	call_pass(b, 10000);
	assert_true(ue_session_info(ue, 1, &info) && info.active);
	assert_int_equal(info.ambr_uplink_kbps, 5000);
	assert_int_equal(info.ambr_downlink_kbps, 100000);
	assert_int_equal(info.ipv4, 0x0a2d004d);
}

/* A DNN that is no more subscribed: its session ends for good (#36). */
static void test_set_takes_dnn_away(void **state)
{
	struct call_bed *b = *state;
	struct smf_config *c = &b->core_config.smf;
	struct ue_session_info info;
	struct ue *ue;

	c->dnns[1] = c->dnns[0];
	str_copy(c->dnns[1].dnn, DNN_STR_SIZE, "ims");
	c->dnn_count = 2;
	b->upf_on = b->profile.auto_session = true;
	call_start(b);
	call_subscribe(b, 1);
	call_pass(b, 1000);
	address_of(b, 1, &ue);
	assert_true(ue_session_info(ue, 1, &info) && !strcmp(info.dnn, "internet"));
	ask(b, "subscriber set\n001010000000001\ndnn=ims");
	assert_string_equal(b->control, "ok\nchanged\n");
	call_pass(b, 5000);
	assert_false(ue_session_info(ue, 1, &info) && info.active);
	assert_true(call_state(ue).registered);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, call_setup, call_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_refused_lines), TEST(test_refused_keys),
		TEST(test_many_dnns), TEST(test_address_passes_on), TEST(test_static_is_not_given),
		TEST(test_static_is_reclaimed), TEST(test_set), TEST(test_types_and_prefixes),
		TEST(test_routes_and_ssc), TEST(test_add_dnn), TEST(test_msisdn), TEST(test_mobility),
		TEST(test_unreadable), TEST(test_set_refused), TEST(test_export_round_trip),
		TEST(test_set_is_live), TEST(test_set_takes_dnn_away) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
