/* Sessions in the store: the largest there is, and records that no process of ours has written. */
#include "core/smf/ethernet.h"
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

static struct smf_session *session_of(struct bed *b)
{
	return smf_session_by_ref(b->smf, b->ref);
}

static void fill(struct smf_session *s, struct smf *smf)
{
	struct sbi_peer peer = { .type = NF_AMF };
	struct smf_match match = { .gbr = { UINT64_MAX, UINT64_MAX },
		.mbr = { UINT64_MAX, UINT64_MAX },
		.filter_count = SMF_FILTERS_MAX };

	memset(peer.instance_id, 'a', sizeof(peer.instance_id) - 1);
	memset(peer.api_root, 'a', sizeof(peer.api_root) - 1);
	memset(peer.binding, 'a', sizeof(peer.binding) - 1);
	s->amf = sbi_peer(smf->nf.bus, &peer);
	peer.type = NF_PCF;
	s->pcf = sbi_peer(smf->nf.bus, &peer);
	memset(s->status_callback, 'u', sizeof(s->status_callback));
	memset(s->policy_id, 'p', sizeof(s->policy_id) - 1);
	s->uplink_octets = s->downlink_octets = UINT64_MAX;
	s->ambr = match.gbr;
	s->ue.ipv6_prefix = s->ue.interface_id = UINT64_MAX;
	s->handover = calloc(1, sizeof(*s->handover));
	s->handover->forwarding = (struct smf_tunnel){ { UINT64_MAX, UINT64_MAX }, UINT32_MAX };
	memset(match.pcc_rule_id, 'r', sizeof(match.pcc_rule_id) - 1);
	for (int i = 0; i < SMF_FILTERS_MAX; i++)
		match.filters[i] = (struct smf_filter){ 255, 255, 255, 255, { UINT64_MAX, UINT64_MAX },
			UINT16_MAX, UINT16_MAX, UINT16_MAX, UINT16_MAX };
	for (uint8_t qfi = 2; qfi <= SMF_FLOWS_MAX; qfi++) {
		struct smf_flow flow = { .qfi = qfi,
			.rule_id = (uint8_t)(UINT8_MAX - qfi),
			.precedence = 255,
			.five_qi = 255,
			.priority_level = 127,
			.arp = { 15, true, true },
			.at = 15,
			.leaving = true,
			.match = &match };

		assert_true(smf_flows_add(&s->flows, &flow));
	}
}

/* There is no session that the store cannot take, so none can doom a turn by its size. */
static void the_largest_fits(void **state)
{
	struct bed *b = *state;
	struct smf_session *s;

	bed_establish(b);
	s = session_of(b);
	fill(s, b->smf);
	smf_session_dirty(b->smf, s);
	bed_run(b);
	assert_int_equal(b->turn.stats.lost, 0);
	b->upf_off = true;
	bed_restart(b);
	s = session_of(b);
	assert_int_equal(s->flows.count, SMF_FLOWS_MAX);
	assert_int_equal(smf_flows_find(&s->flows, SMF_FLOWS_MAX)->match->filters[3].local_high, UINT16_MAX);
	assert_int_equal(s->association, 0); /* what it forwards is not certain */
	assert_int_equal(s->status_callback[SBI_CALLBACK_OCTETS - 1], 'u');
	assert_int_equal(s->pcf->type, NF_PCF);
}

/* A session each of whose members has a value of its own. */
static void number(struct smf_session *s)
{
	struct smf_match match = { .gbr = { 41, 42 },
		.mbr = { 43, 44 },
		.pcc_rule_id = "rule",
		.gate = 3,
		.notify = true,
		.reflective = true,
		.confirm = true,
		.uplink_octets = 45,
		.downlink_octets = 46,
		.usage_threshold = 47,
		.used = 48,
		.filter_count = 1,
		.filters = { { 51, 52, 53, 54, { 55, 56 }, 57, 58, 59, 60 } } };
	struct smf_flow flow = { .qfi = 2,
		.rule_id = 31,
		.precedence = 32,
		.five_qi = 33,
		.priority_level = 34,
		.arp = { 35, true, true },
		.at = 3,
		.leaving = true,
		.marked = true,
		.dscp = 49,
		.match = &match };
	struct smf_routes routes = { .count = 1, .list = { { { 81, 82 }, 83 } } };

	s->ambr.uplink_bps = 21;
	s->ambr.downlink_bps = 22;
	s->uplink_octets = 23;
	s->downlink_octets = 24;
	s->static_address = s->registered = s->accepted = s->gnb_has = s->n1_done = s->n2_done = true;
	s->up_seid = 25;
	s->association = 29;
	s->pti = 26;
	s->n1_cause = 27;
	s->accepted_s = 28;
	s->ue.ipv6_prefix = 61;
	s->ue.interface_id = 62;
	s->uplink = (struct smf_tunnel){ { 63, 64 }, 65 };
	s->downlink = (struct smf_tunnel){ { 66, 67 }, 68 };
	s->handover = calloc(1, sizeof(*s->handover));
	s->handover->forwarding = (struct smf_tunnel){ { 69, 70 }, 71 };
	s->type = NAS_PDU_IPV4V6;
	s->dhcp_asked = true;
	s->control = (struct smf_tunnel){ { 72, 73 }, 74 };
	s->reflective = s->ambr_gnb_old = s->ambr_ue_old = s->always_on = s->smf_buffers = true;
	s->protection = 5;
	s->ue.prefix_bits = 60;
	assert_true(smf_session_set_routes(s, &routes));
	assert_true(smf_ethernet_add(s, 84));
	smf_secondary_add(s, &(struct smf_secondary_usage){ .uplink_octets = 85, .downlink_octets = 86 });
	assert_true(smf_flows_add(&s->flows, &flow));
}

static struct bytes stored;
static uint8_t stored_octets[SMF_RECORD_MAX], stored_key[8];

static bool keep(void *arg, struct bytes key, struct bytes value)
{
	assert_true(bytes_copy(stored_octets, sizeof(stored_octets), value));
	assert_true(bytes_copy(stored_key, sizeof(stored_key), key));
	stored = bytes_of(stored_octets, value.len);
	return true;
}

static void stored_form(void **state)
{
	static const char form[] =
		"1:303031303130303030303030303031 2:01 5:01 6:010203 7:696e7465726e6574 8:0a010002 9:2265 "
		"11:19 13:01 18:15 19:16 25:17 26:18 27:736d2d31 28:01 29:01 31:01 32:1a 33:1b 34:01 35:01 "
		"36:312c616d662d312c2c 37:372c2c2c 39:05 40:03 41:01 42:0a2d0002 43:3d 44:3e 45:3f "
		"46:40 47:41 48:42 49:43 50:44 51:45 52:46 53:47 "
		"54:00180100010102000101030001ff040001090600010"
		"80900010f0094010001020200011f030001200400012105000122060001230700010108000101090001030a00010"
		"10"
		"b0001290c00012a0d00012b0e00012c0f000472756c6510002a00280100013302000134030001350400013605000"
		"13"
		"706000138070001390800013a0900013b0a00013c110001031200010113000101140001011500013116000101170"
		"00"
		"12d1800012e1900012f1a000130 55:1c 56:1d 57:03 58:01 59:48 60:49 61:4a 62:01 70:01 71:01 "
		"80:000401000154 82:01 83:01 87:05 88:01 86:3c 81:000c010001510200015203000153 120:55 "
		"121:56 ";
	static const uint8_t skip[] = { 10, 38, 0 }; /* SEID and callback, which are random */
	char text[4096];
	struct bed *b = *state;

	bed_establish(b);
	number(session_of(b));
	smf_session_dirty(b->smf, session_of(b));
	bed_run(b);
	assert_true(store_scan(b->store, STORE_SMF_SESSION, keep, NULL));
	test_record_text(stored, skip, text, sizeof(text));
	assert_string_equal(text, form);
}

/* The operator has given the DNN another pool: what becomes of those with the old one is said. */
static void another_pool(void **state)
{
	struct bed *b = *state;

	bed_establish(b);
	bed_run(b);
	bed_restart(b);
	assert_false(test_env_logged(&b->t, "outside the pool"));
	b->config.dnns[0].pools[0].ip.low += 1 << 24;
	bed_restart(b);
	assert_true(test_env_logged(&b->t, "1 sessions have addresses outside the pool of their DNN"));
}

/* A damaged record costs its own session at most, and never the start. */
static void damaged(void **state)
{
	struct bed *b = *state;
	uint8_t good[SMF_RECORD_MAX];
	size_t len;

	bed_establish(b);
	assert_true(store_scan(b->store, STORE_SMF_SESSION, keep, NULL));
	len = stored.len;
	assert_true(len > 0 && len < 400);
	memcpy(good, stored_octets, len);
	for (size_t at = 0; at < len; at++)
		for (int bit = 0; bit < 8; bit += 3) {
			good[at] ^= (uint8_t)(1 << bit);
			assert_true(store_put(
				b->store, STORE_SMF_SESSION, BYTES(stored_key), bytes_of(good, len)));
			bed_run(b);
			bed_restart(b);
			assert_true(smf_numbers(b->smf).sessions <= 1);
			good[at] ^= (uint8_t)(1 << bit);
		}
	for (size_t cut = 0; cut < len; cut += 7) {
		assert_true(store_put(b->store, STORE_SMF_SESSION, BYTES(stored_key), bytes_of(good, cut)));
		bed_run(b);
		bed_restart(b);
		assert_true(smf_numbers(b->smf).sessions <= 1);
	}
	assert_true(store_put(b->store, STORE_SMF_SESSION, BYTES(stored_key), bytes_of("", 0)));
	bed_run(b);
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
	assert_true(test_env_logged(&b->t, "not readable"));
}

/* Two flows of one QFI, or none: not a session of ours. */
static void impossible_flows(void **state)
{
	struct bed *b = *state;
	struct smf_session *s;
	struct smf_flow flow = { .qfi = 2, .match = &(struct smf_match){ .filter_count = 0 } };

	bed_establish(b);
	s = session_of(b);
	assert_true(smf_flows_add(&s->flows, &flow));
	s->flows.more[0].qfi = SMF_DEFAULT_QFI;
	smf_session_dirty(b->smf, s);
	bed_run(b);
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).sessions, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_largest_fits),
		TEST(stored_form),
		TEST(another_pool),
		TEST(damaged),
		TEST(impossible_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
