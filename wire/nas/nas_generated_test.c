/* Every message with every element, made from the tables: decoded, re-encoded to the same octets, damaged. */
#include "wire/tlv/test_generate.h"
#include "wire/tlv/test_vectors.h"

#include "wire/nas/groups.h"
#include "wire/nas/ie.h"

static const struct sample samples[] = {
	{ &nas_mobile_identity, "f2 00f110 02 0040 e2000001" },            /* 5G-GUTI */
	{ &nas_mobile_identity, "01 00f110 f0ff 00 00 0000000010" },       /* SUCI, null scheme */
	{ &nas_mobile_identity, "01 21f354 2143 01 1b 0011223344556677" }, /* SUCI, profile A */
	{ &nas_mobile_identity, "11 7573657231406578616d706c65" },         /* SUCI, NAI */
	{ &nas_mobile_identity, "f4 0040 e2000001" },                      /* 5G-S-TMSI */
	{ &nas_mobile_identity, "4b 19 78 52 30 09 21 43" },               /* IMEI */
	{ &nas_mobile_identity, "45 73 80 61 21 85 61 51 f1" },            /* IMEISV */
	{ &nas_mobile_identity, "0e 001122334455" },
	{ &nas_mobile_identity, "07 0011223344556677" },
	{ &nas_tai, "00f110 000001" },
	{ &nas_plmn, "00f110" },
	{ &nas_plmn_list, "00f110 214365" },
	{ &nas_tai_list, "00 00f110 000001 20 00f110 000002" },
	{ &nas_tai_list, "41 00f110 000001 214365 000002" },
	{ &nas_tai_list, "23 00f110 fffffe" },
	{ &nas_service_area_list, "80 00f110 000001 60 00f110" },
	{ &nas_service_area_list, "e0 00f110 21 00f110 000007" },
	{ &nas_s_nssai, "01" },
	{ &nas_s_nssai, "01 02" },
	{ &nas_s_nssai, "01 010203" },
	{ &nas_s_nssai, "01 010203 02" },
	{ &nas_s_nssai, "01 010203 02 030405" },
	{ &nas_nssai, "04 01 010203 01 02 05 01 112233 04 02 03 04 08 01 010203 02 030405" },
	{ &nas_rejected_nssai, "10 01 41 02 010203" },
	{ &nas_ue_security_capability, "f070 f070" },
	{ &nas_ue_security_capability, "f070 0000 00000000" },
	{ &nas_ue_security_capability, "f070" },
	{ &nas_security_algorithms, "21" },
	{ &nas_network_name, "90 0046 0048" },
	{ &nas_psi_set, "2000" },
	{ &nas_psi_causes, "05 5c 06 1a" },
	{ &nas_dnn, "08 696e7465726e6574 03 6d6e63" },
	{ &nas_session_ambr, "06 03e8 06 01f4" },
	{ &nas_pdu_address, "01 0a2d0002" },
	{ &nas_pdu_address, "02 0000000000000001" },
	{ &nas_pdu_address, "0b 0000000000000001 0a2d0002 fe800000000000000000000000000001" },
	{ &nas_qos_rules, "01 0006 31 3f 01 01 ff 01" },
	{ &nas_qos_rules, "02 0022 22 11 0e 10 0a000001 ffffffff 30 06 50 0050 22 0d 41 04000500 60 00000001 "
			  "70 fffe ff 45" },
	{ &nas_qos_rules, "01 0001 40 02 0003 a2 01 02 03 0003 c0 0a 09" },
	{ &nas_qos_flows, "05 20 45 01 01 05 04 03 06 03e8 05 03 06 03e8 06 02 07d0 07 01 50" },
	{ &nas_qos_flows, "05 20 43 01 01 01 02 03 06 0001 03 03 06 0002 06 40 00" },
	{ &nas_pco, "80 000d 04 08080808 0010 02 0578 0003 00" },
	{ &nas_pco, "80" },
	{ &nas_extended_rejected_nssai, "01 10 01 41 02 010203 10 21 82 03 010203 04 050607" },
	{ &nas_extended_rejected_nssai, "00 23 01 02" },
	{ &nas_ladns, "09 08 696e7465726e6574 07 00 00f110 000001 02 01 61 07 20 00f110 000002" },
	{ &nas_ladns, "02 01 61 07 20 00f110 000002" },
	{ &nas_dnns, "" },
	{ &nas_dnns, "09 08 696e7465726e6574 02 01 61" },
	{ &nas_cag_list, "" },
	{ &nas_cag_list, "04 00f110 01 0c 214365 00 00000001 ffffffff" },
	{ &nas_wait_range, "21 22" },
};

static uint8_t store[65536];

static unsigned decode_again(struct bytes octets, bool same)
{
	static uint8_t out[16384];
	struct writer w = writer_of(out, sizeof(out));
	struct arena arena;
	struct nas_msg msg;
	struct tlv_fault fault;
	bool ok;

	arena_init(&arena, store, sizeof(store), 0);
	ok = nas_decode(octets, &arena, &msg, &fault);
	if (same && !ok)
		fail_msg("type 0x%02x: fault %d at %s", msg.type, fault.kind,
			fault.ie_name ? fault.ie_name : "-");
	if (ok && !nas_encode(&msg, &w) && same)
		fail_msg("type 0x%02x: not encoded", msg.type);
	if (same && !bytes_equal(writer_bytes(&w), octets))
		fail_msg("%s: not the same", nas_msg_name(msg.type));
	arena_fini(&arena);
	return ok;
}

static void survive(struct bytes octets)
{
	decode_again(octets, false);
}

static struct bytes make(struct generator *gen, unsigned type, uint8_t *buf, size_t cap)
{
	struct writer w = writer_of(buf, cap);

	writer_u8(&w, nas_is_5gsm(type) ? NAS_EPD_5GSM : NAS_EPD_5GMM);
	writer_u8(&w, nas_is_5gsm(type) ? 5 : NAS_PLAIN);
	if (nas_is_5gsm(type))
		writer_u8(&w, 1);
	writer_u8(&w, (uint8_t)type);
	generate_nas(gen, nas_group_of(type), &w);
	assert_false(w.failed);
	return writer_bytes(&w);
}

static void round_trips(void **state)
{
	struct generator gen = { samples, ARRAY_LEN(samples), 1, 100, 1 };
	uint8_t buf[8192];
	unsigned messages = 0;

	for (unsigned type = 0; type < 256; type++)
		for (unsigned i = 0; nas_group_of(type) && i < 200; i++) {
			gen.optional_percent = i % 2 ? 100 : 30;
			decode_again(make(&gen, type, buf, sizeof(buf)), true);
			messages++;
		}
	assert_int_equal(messages, 57 * 200);
}

static void damage(void **state)
{
	struct generator gen = { samples, ARRAY_LEN(samples), 7, 100, 1 };
	uint8_t buf[8192];

	for (unsigned type = 0; type < 256; type++)
		for (unsigned i = 0; nas_group_of(type) && i < 4; i++)
			vectors_damage(make(&gen, type, buf, sizeof(buf)), survive);
}

/* Random octets after a head that exists. */
static void noise(void **state)
{
	struct generator gen = { samples, ARRAY_LEN(samples), 3, 100, 1 };
	uint8_t buf[128];

	for (unsigned i = 0; i < 200000; i++) {
		struct writer w = writer_of(buf, sizeof(buf));
		unsigned type = generate_random(&gen) & 0xff;

		if (!nas_group_of(type))
			continue;
		writer_u8(&w, nas_is_5gsm(type) ? NAS_EPD_5GSM : NAS_EPD_5GMM);
		writer_u8(&w, 0);
		if (nas_is_5gsm(type))
			writer_u8(&w, 0);
		writer_u8(&w, (uint8_t)type);
		generate_octets(&gen, &w, generate_random(&gen) % 100);
		decode_again(writer_bytes(&w), false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trips),
		cmocka_unit_test(damage),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
