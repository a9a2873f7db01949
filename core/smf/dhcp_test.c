/* DHCPv4 answered by the SMF. Every answer, read a second way, and what is not answered. */
#include "core/smf/smf_bed.h"

#include "core/smf/internal.h"
#include "wire/ip/checksum.h"
#include "wire/ip/dhcp.h"

#define WITH_DHCP "2e 01 05 c1 ff ff 91 7b 00 04 80 000b 00"

enum { UPF_N3 = 0x0a030001, GATEWAY = 0x0a2d0001, UE = 0x0a2d0002, OPTIONS_AT = 28 + 240, XID = 0x11223344 };

static struct bed *with_dhcp(void **state)
{
	struct bed *b = *state;

	bed_create(b, "internet", 1, WITH_DHCP);
	assert_int_equal(b->answer.cause, SBI_OK);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_string_equal(b->sessions[0].to_smf, "permit out 17 from any 67 to assigned 68;");
	return b;
}

/* A client's message with these options, in hex, and its address. */
static void ask(struct bed *b, uint32_t client, uint16_t flags, const char *options)
{
	uint8_t octets[512], option_octets[64];
	struct bytes o = test_hex(options, option_octets, sizeof(option_octets));
	struct writer w = writer_of(octets, sizeof(octets));
	size_t len = OPTIONS_AT + o.len;

	writer_u32(&w, 0x45000000 | (uint32_t)len);
	writer_u32(&w, 0);
	writer_u32(&w, 64u << 24 | 17u << 16);
	writer_u32(&w, client);
	writer_u32(&w, UINT32_MAX);
	writer_u16(&w, 68);
	writer_u16(&w, 67);
	writer_u16(&w, (uint16_t)(len - 20));
	writer_u16(&w, 0);
	writer_u32(&w, 0x01010600);
	writer_u32(&w, XID);
	writer_u32(&w, flags);
	writer_u32(&w, client);
	for (int i = 0; i < 3; i++)
		writer_u32(&w, 0);
	writer_u64(&w, UINT64_C(0x0203040506070000));
	for (int i = 0; i < 25; i++)
		writer_u64(&w, 0);
	writer_u32(&w, 0x63825363);
	writer_put(&w, o);
	bed_n4u(b, UPF_N3, b->sessions[0].smf_teid, writer_bytes(&w));
}

/* The option's value as a number; 0: it is not there. */
static uint32_t option(struct bed *b, uint8_t code)
{
	for (size_t at = OPTIONS_AT; at + 2 < b->n4u.len && b->n4u.data[at] != 255;
		at += 2u + b->n4u.data[at + 1])
		if (b->n4u.data[at] == code) {
			struct cursor c = cursor_of(bytes_of(b->n4u.data + at + 2, b->n4u.data[at + 1]));

			return (uint32_t)cursor_uint(&c, b->n4u.data[at + 1] < 4 ? b->n4u.data[at + 1] : 4);
		}
	return 0;
}

static uint32_t word_at(struct bed *b, size_t at)
{
	struct cursor c = cursor_of(bytes_of(b->n4u.data + at, 4));

	return cursor_u32(&c);
}

/* A sound packet of the server to that address, with that message and address in it. */
static void answered(struct bed *b, uint32_t count, uint8_t type, uint32_t to, uint32_t address)
{
	struct bytes p = bytes_of(b->n4u.data, b->n4u.len);

	assert_int_equal(b->n4u_count, count);
	assert_int_equal(ip_sum_fold(ip_sum(bytes_of(p.data, 20), 0)), 0);
	assert_int_equal(ip_sum_fold(ip_sum(bytes_of(p.data + 12, p.len - 12), 17 + p.len - 20)), 0);
	assert_int_equal(word_at(b, 0), 0x45000000 | (uint32_t)p.len);
	assert_int_equal(word_at(b, 12), GATEWAY);
	assert_int_equal(word_at(b, 16), to);
	assert_int_equal(word_at(b, 20), 67 << 16 | 68);
	assert_int_equal(word_at(b, 32), XID);
	assert_int_equal(word_at(b, 44), address);
	assert_int_equal(word_at(b, 56), 0x02030405);
	assert_int_equal(option(b, 53), type);
	assert_int_equal(option(b, 54), GATEWAY);
}

static void an_address_is_had(void **state)
{
	struct bed *b = with_dhcp(state);

	ask(b, 0, 0, "350101 3704 0103061a ff");
	answered(b, 1, DHCP_OFFER, UE, UE);
	assert_int_equal(option(b, 1), UINT32_MAX);
	assert_int_equal(option(b, 3), GATEWAY);
	assert_int_equal(option(b, 6), 0x08080808);
	assert_int_equal(option(b, 26), SMF_MTU);
	assert_int_equal(option(b, 51), 86400);
	ask(b, 0, 0x8000, "350103 3604 0a2d0001 3204 0a2d0002 3d03 010203 ff");
	answered(b, 2, DHCP_ACK, UINT32_MAX, UE);
	assert_int_equal(option(b, 61), 0x010203);
	ask(b, UE, 0, "350103 ff"); /* to renew */
	answered(b, 3, DHCP_ACK, UE, UE);
	ask(b, UE, 0, "350108 ff"); /* INFORM */
	answered(b, 4, DHCP_ACK, UE, 0);
	assert_int_equal(option(b, 51), 0);
	assert_int_equal(bed_stat(b, SMF_STAT_DHCP_REQUESTS), 4);
	assert_int_equal(bed_stat(b, SMF_STAT_N4U_REFUSED), 0);
}

/* Another address is denied; what is another server's business, or needs no answer, gets none. */
static void denied_or_not_answered(void **state)
{
	struct bed *b = with_dhcp(state);

	ask(b, 0, 0, "350103 3204 0a2d0003 ff");
	answered(b, 1, DHCP_NAK, UINT32_MAX, 0);
	ask(b, 0x0a2d0003, 0, "350103 ff");
	answered(b, 2, DHCP_NAK, UINT32_MAX, 0);
	ask(b, 0, 0, "350103 3604 0a2d0009 3204 0a2d0002 ff");
	ask(b, UE, 0, "350107 3604 0a2d0001 ff");
	ask(b, 0, 0, "350104 3204 0a2d0002 ff");
	ask(b, 0x0a2d0003, 0, "350108 ff");
	assert_int_equal(b->n4u_count, 2);
	assert_int_equal(bed_stat(b, SMF_STAT_N4U_REFUSED), 0);
	ask(b, 0, 0, "ff");
	ask(b, 0, 0, "350105 ff");
	ask(b, 0, 0, "350101 3210 0a2d");
	assert_int_equal(b->n4u_count, 2);
	assert_int_equal(bed_stat(b, SMF_STAT_N4U_REFUSED), 3);
}

/* Who did not ask for it has no rules for it, also after a restart; who did has. */
static void only_if_asked(void **state)
{
	struct bed *b = with_dhcp(state);

	bed_restart(b);
	ask(b, 0, 0, "350101 ff");
	answered(b, 1, DHCP_OFFER, UE, UE);
	bed_release(b);
	b->transfer_count = 0;
	bed_create(b, "internet", 1, BED_REQUEST);
	assert_int_equal(b->sessions[0].smf_teid, 0);
}

/* Whatever is cut off, nothing is read that is not there. */
static void damage(void **state)
{
	uint8_t octets[300];
	struct dhcp_request r;

	for (size_t len = 0; len < sizeof(octets); len++) {
		uint8_t *exact = malloc(len ? len : 1);

		memset(octets, 0, sizeof(octets));
		octets[0] = 0x45;
		octets[2] = (uint8_t)(len >> 8);
		octets[3] = (uint8_t)len;
		octets[9] = 17;
		octets[23] = 67;
		octets[24] = (uint8_t)((len - 20) >> 8);
		octets[25] = (uint8_t)(len - 20);
		octets[28] = 1;
		octets[30] = (uint8_t)len;
		assert_true(bytes_copy(exact, len ? len : 1, bytes_of(octets, len)));
		assert_false(dhcp_request_decode(bytes_of(exact, len), &r));
		free(exact);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_address_is_had),
		TEST(denied_or_not_answered),
		TEST(only_if_asked),
		TEST(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
