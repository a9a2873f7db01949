/* A data network behind several UPFs, each with addresses of its own; and UPFs that the operator drains. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"

enum { NOBODY = 0 };

/* PDU SESSION ESTABLISHMENT REQUESTs for both families. */
#define BOTH_1 "2e 01 05 c1 ff ff 93"
#define BOTH_2 "2e 02 05 c1 ff ff 93"
#define BOTH_3 "2e 03 05 c1 ff ff 93"

/* The last octet of the N4 address of the UPF that the session gets; NOBODY: it is refused. */
static uint32_t upf_of(struct bed *b, uint8_t pdu_session_id)
{
	char n1[64];

	snprintf(n1, sizeof(n1), "2e %02x 05 c1 ff ff 91", pdu_session_id);
	bed_create(b, "internet", pdu_session_id, n1);
	return b->answer.cause == SBI_OK ? b->sessions[b->session_count - 1].upf & 0xff : NOBODY;
}

static uint32_t address_of(struct bed *b, uint8_t pdu_session_id)
{
	return smf_session_find(b->smf, &(struct supi){ "001010000000001" }, pdu_session_id)->ue.ipv4;
}

static void two_upfs(struct bed *b)
{
	b->config.upf_count = 2;
	b->config.upfs[1].address = b->config.upfs[0].address;
	b->config.upfs[1].address.ip[3] = 3;
	str_copy(b->config.upfs[0].name, SMF_UPF_NAME_SIZE, "east");
	str_copy(b->config.upfs[1].name, SMF_UPF_NAME_SIZE, "west");
}

/* 10.45.0.2 to .6 lead to the first, .10 alone to the second. */
static void two_pools(struct bed *b)
{
	struct smf_dnn *d = &b->config.dnns[0];

	two_upfs(b);
	assert_true(prefix_parse("10.45.0.8/30", &d->pools[d->pool_count++]));
	d->behind[0] = 1;
	d->behind[1] = 2;
	bed_restart(b);
}

static bool drain(struct bed *b, const char *upf, bool drained)
{
	bool known = smf_upf_drain(b->smf, bytes_of_str(upf), drained);

	bed_run(b);
	return known;
}

/* The less loaded UPF, as long as it has addresses. */
static void pools_lead_to_upfs(void **state)
{
	struct bed *b = *state;

	two_pools(b);
	assert_int_equal(upf_of(b, 1), 2);
	assert_int_equal(address_of(b, 1), 0x0a2d0002);
	assert_int_equal(upf_of(b, 2), 3);
	assert_int_equal(address_of(b, 2), 0x0a2d000a);
	assert_int_equal(upf_of(b, 3), 2);
	assert_int_equal(upf_of(b, 4), 2); /* the second has fewer sessions, and no address */
	assert_int_equal(upf_of(b, 5), 2);
	assert_int_equal(upf_of(b, 6), 2);
	assert_int_equal(upf_of(b, 7), NOBODY);
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(bed_stat(b, SMF_STAT_ADDRESSES_OUT), 1);
	assert_int_equal(smf_numbers(b->smf).addresses, 6);
}

/* Both families lead to the same UPF: what it has of one is given back where it has none of the other. */
static void both_families_of_one_upf(void **state)
{
	struct bed *b = *state;
	struct smf_dnn *d = &b->config.dnns[0];

	two_upfs(b);
	b->session_type = PDU_SESSION_IPV4V6;
	assert_true(prefix_parse("10.45.0.8/30", &d->pools[1]));
	assert_true(prefix_parse("2001:db8::/64", &d->pools[2])); /* one prefix */
	assert_true(prefix_parse("2001:db8:1::/48", &d->pools[3]));
	d->pool_count = 4;
	d->behind[0] = d->behind[2] = 1;
	d->behind[1] = d->behind[3] = 2;
	bed_restart(b);
	bed_create(b, "internet", 1, BOTH_1);
	assert_int_equal(address_of(b, 1), 0x0a2d0002);
	bed_create(b, "internet", 2, BOTH_2);
	assert_int_equal(address_of(b, 2), 0x0a2d000a);
	bed_create(b, "internet", 3, BOTH_3); /* addresses here, prefixes there */
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES);
	assert_int_equal(smf_numbers(b->smf).addresses, 2);
	assert_int_equal(smf_numbers(b->smf).prefixes, 2);
}

/* A static address leads where its pool does; one of no pool anywhere. */
static void static_addresses(void **state)
{
	struct bed *b = *state;

	two_pools(b);
	b->static_ipv4 = 0x0a2d000a;
	assert_int_equal(upf_of(b, 1), 3);
	b->static_ipv4 = 0x0a2d0004;
	assert_int_equal(upf_of(b, 2), 2);
	b->static_ipv4 = 0x0a630001;
	assert_int_equal(upf_of(b, 3), 2);
	b->static_ipv4 = 0x0a630002;
	assert_int_equal(upf_of(b, 4), 3);
	assert_true(drain(b, "west", true));
	b->static_ipv4 = 0x0a2d000a;
	assert_int_equal(upf_of(b, 1), NOBODY); /* in place of the first one, which has ended */
	assert_int_equal(b->answer.cause, SBI_PEER_NOT_RESPONDING);
	assert_true(drain(b, "west", false));
	assert_int_equal(upf_of(b, 1), 3);
}

/* By name or address; what it has goes on, what is new goes elsewhere; also after a restart of the core. */
static void drained(void **state)
{
	struct bed *b = *state;

	two_upfs(b);
	bed_restart(b);
	assert_int_equal(upf_of(b, 1), 2);
	assert_false(drain(b, "north", true));
	assert_false(drain(b, "10.1.0.4", true));
	assert_false(drain(b, "", true));
	assert_true(drain(b, "east", true));
	assert_true(drain(b, "east", true));
	assert_int_equal(smf_numbers(b->smf).upfs_drained, 1);
	assert_int_equal(upf_of(b, 2), 3);
	assert_int_equal(upf_of(b, 3), 3);
	assert_int_equal(b->smf->upfs[0].sessions, 1);
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).upfs_drained, 1);
	assert_int_equal(smf_numbers(b->smf).upfs_associated, 2);
	assert_int_equal(upf_of(b, 4), 3);
	assert_true(drain(b, "10.1.0.2", false));
	assert_int_equal(upf_of(b, 5), 2);
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).upfs_drained, 0);
}

struct kept {
	uint8_t key[STORE_KEY_MAX], value[16];
	size_t key_len, len;
};

static bool first_upf(void *arg, struct bytes key, struct bytes value)
{
	static const char east[] = "smf_upf/10.1.0.2";
	struct kept *k = arg;

	if (key.len < sizeof(east) || memcmp(key.data, east, sizeof(east) - 1) != 0)
		return true;
	assert_true(bytes_copy(k->key, sizeof(k->key), key) && bytes_copy(k->value, sizeof(k->value), value));
	k->key_len = key.len;
	k->len = value.len;
	return false;
}

/* A new process on another version's store. */
static void restart_with(struct bed *b, const struct kept *k, size_t len)
{
	assert_true(store_put(b->store, STORE_META, bytes_of(k->key, k->key_len), bytes_of(k->value, len)));
	bed_run(b);
	bed_restart(b);
}

/* What is kept of a UPF has grown once, and may again: what this version knows of it is read, else sessions
 * would take an association for another one and be missing at the UPF. */
static void other_versions(void **state)
{
	enum { ASSOCIATION = 77 };
	struct bed *b = *state;
	struct kept k = { 0 };

	two_upfs(b);
	bed_restart(b);
	assert_true(drain(b, "east", true));
	assert_true(store_scan(b->store, STORE_META, first_upf, &k) || k.len > 0);
	assert_int_equal(k.len, 9);
	k.value[7] = ASSOCIATION;
	restart_with(b, &k, 10);
	assert_int_equal(b->smf->upfs[0].association, ASSOCIATION);
	assert_int_equal(smf_numbers(b->smf).upfs_drained, 1);
	restart_with(b, &k, 8);
	assert_int_equal(b->smf->upfs[0].association, ASSOCIATION);
	assert_int_equal(smf_numbers(b->smf).upfs_drained, 0);
}

/* None is left: the session is refused as where no UPF is there. */
static void all_drained(void **state)
{
	struct bed *b = *state;

	two_pools(b);
	assert_true(drain(b, "east", true));
	assert_int_equal(upf_of(b, 1), 3);
	assert_int_equal(upf_of(b, 2), NOBODY);
	assert_int_equal(b->answer.cause, SBI_INSUFFICIENT_RESOURCES); /* of the other's addresses */
	assert_true(drain(b, "west", true));
	assert_int_equal(upf_of(b, 3), NOBODY);
	assert_int_equal(b->answer.cause, SBI_PEER_NOT_RESPONDING);
	assert_int_equal(smf_numbers(b->smf).addresses, 1);
}

/* The store refuses it: it holds in memory, and is kept when the store takes it again. */
static void refused_by_the_store(void **state)
{
	struct bed *b = *state;

	two_upfs(b);
	bed_restart(b);
	store_mem_fail_put(b->store, 1);
	assert_true(drain(b, "east", true));
	bed_pass(b, 2000);
	bed_restart(b);
	assert_int_equal(smf_numbers(b->smf).upfs_drained, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(pools_lead_to_upfs),
		TEST(both_families_of_one_upf),
		TEST(static_addresses),
		TEST(drained),
		TEST(other_versions),
		TEST(all_drained),
		TEST(refused_by_the_store),
	};

	return cmocka_run_group_tests_name("core/smf drained UPFs", tests, NULL, NULL);
}
