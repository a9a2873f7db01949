/* DHCPv6 answered by the SMF: what is delegated, with and without exclusion, each message of RFC 8415 18.3,
 * and what is not answered. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"
#include "wire/ip/dhcp6.h"

enum { UPF_N3 = 0x0a030001, BITS = 60, ID = 0x123456 };

#define POOL UINT64_C(0x20010db800450000)
#define UE   ((struct ip){ UINT64_C(0xfe80) << 48, 7 })

static struct dhcp6_message answer;

static struct bed *with_prefix(void **state)
{
	struct bed *b = *state;

	b->session_type = PDU_SESSION_IPV6;
	b->config.dnns[0].pools[0] = (struct prefix){ { POOL, 0 }, 48 };
	b->config.dnns[0].delegated_bits = BITS;
	b->config.dnns[0].dns6[0] = (struct ip){ POOL, 0x53 };
	b->config.dnns[0].dns6_count = 1;
	bed_restart(b);
	bed_create(b, "internet", 1, "2e 01 05 c1 ff ff 92");
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_non_null(strstr(b->sessions[0].to_smf, "permit out 17 from ff02:0:0:0:0:0:0:0/16 547"));
	return b;
}

static struct dhcp6_message message(uint8_t type)
{
	return (struct dhcp6_message){ .type = type,
		.id = ID,
		.src = UE,
		.dst = DHCP6_SERVERS,
		.client = { 4, { 0, 3, 0, 1 } },
		.wants_exclusion = true,
		.wants_dns = true,
		.ia_count = 1,
		.ias = { { .id = 9 } } };
}

/* Whether it is answered. */
static bool ask(struct bed *b, const struct dhcp6_message *m)
{
	uint8_t octets[DHCP6_PACKET_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	uint32_t before = b->n4u_count;

	assert_true(dhcp6_encode(m, &w));
	bed_n4u(b, UPF_N3, b->sessions[0].smf_teid, writer_bytes(&w));
	if (b->n4u_count == before)
		return false;
	assert_true(dhcp6_decode(bytes_of(b->n4u.data, b->n4u.len), &answer));
	assert_int_equal(answer.id, ID);
	assert_true(ip_equal(answer.dst, UE));
	assert_int_equal(answer.client.len, 4);
	assert_int_equal(answer.server.len, 18); /* DUID-UUID */
	return true;
}

static uint64_t own_prefix(struct bed *b)
{
	return b->sessions[0].ue_prefix;
}

static void whole_but_its_own(const struct bed *b)
{
	assert_int_equal(answer.ia_count, 1);
	assert_int_equal(answer.ias[0].id, 9);
	assert_true(prefix_equal(&answer.ias[0].prefix, &(struct prefix){ { POOL + 16, 0 }, BITS }));
	assert_true(prefix_equal(&answer.ias[0].excluded, &(struct prefix){ { POOL + 16, 0 }, 64 }));
	assert_int_equal(answer.dns_count, 1);
}

static void delegated(void **state)
{
	static const uint8_t status[] = { 0, 13, 0, 2, 0, 0 };
	struct bed *b = with_prefix(state);
	struct dhcp6_message m = message(DHCP6_SOLICIT);
	struct dhcp6_duid server;

	assert_true(own_prefix(b) == POOL + 16);
	assert_true(ask(b, &m));
	assert_int_equal(answer.type, DHCP6_ADVERTISE);
	whole_but_its_own(b);
	server = answer.server;
	m.rapid_commit = true;
	assert_true(ask(b, &m));
	assert_int_equal(answer.type, DHCP6_REPLY);
	assert_true(answer.rapid_commit);
	whole_but_its_own(b);
	m = message(DHCP6_REQUEST);
	assert_false(ask(b, &m)); /* without a server */
	m.server = server;
	assert_true(ask(b, &m));
	whole_but_its_own(b);
	m.server.octets[17] ^= 1; /* another one's */
	assert_false(ask(b, &m));
	bed_restart(b); /* the server is the same, and so is the prefix */
	m = message(DHCP6_RENEW);
	m.server = server;
	assert_true(ask(b, &m));
	whole_but_its_own(b);
	m = message(DHCP6_REBIND);
	assert_true(ask(b, &m));
	whole_but_its_own(b);
	assert_null(memmem(b->n4u.data, b->n4u.len, status, sizeof(status)));
	for (unsigned decline = 0; decline <= 1;
		decline++) { /* RFC 8415 18.3.7 and 18.3.8: success, each time */
		m = message(decline ? DHCP6_DECLINE : DHCP6_RELEASE);
		m.server = server;
		assert_true(ask(b, &m));
		assert_int_equal(answer.type, DHCP6_REPLY);
		assert_int_equal(answer.ia_count, 0);
		assert_non_null(memmem(b->n4u.data, b->n4u.len, status, sizeof(status)));
	}
	m = message(DHCP6_CONFIRM);
	assert_false(ask(b, &m));
	m = message(DHCP6_INFORMATION_REQUEST);
	assert_false(ask(b, &m)); /* with an association */
	m.ia_count = 0;
	assert_true(ask(b, &m));
	assert_int_equal(answer.dns_count, 1);
}

/* Who does not know RFC 6603 gets what his own /64 is not in; of several associations one has the prefix. */
static void without_exclusion(void **state)
{
	struct bed *b = with_prefix(state);
	struct dhcp6_message m = message(DHCP6_SOLICIT);

	m.wants_exclusion = m.wants_dns = false;
	m.ias[1] = (struct dhcp6_ia){ .id = 10 };
	m.ias[2] = (struct dhcp6_ia){ .id = 11, .of_addresses = true };
	m.ia_count = 3;
	assert_true(ask(b, &m));
	assert_true(prefix_equal(&answer.ias[0].prefix, &(struct prefix){ { POOL + 24, 0 }, BITS + 1 }));
	assert_int_equal(answer.ias[0].excluded.bits, 0);
	assert_int_equal(answer.ias[1].status, DHCP6_NO_PREFIX);
	assert_int_equal(answer.ias[2].status, DHCP6_NO_ADDRESSES);
	assert_int_equal(answer.dns_count, 0);
	m = message(DHCP6_SOLICIT);
	m.src.high = POOL + 16; /* not of the link */
	assert_false(ask(b, &m));
	assert_int_equal(bed_stat(b, SMF_STAT_N4U_REFUSED), 1);
	assert_int_equal(bed_stat(b, SMF_STAT_DELEGATION_REQUESTS), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(delegated, bed_setup, bed_teardown),
		cmocka_unit_test_setup_teardown(without_exclusion, bed_setup, bed_teardown),
	};

	return cmocka_run_group_tests_name("prefix_delegation", tests, NULL, NULL);
}
