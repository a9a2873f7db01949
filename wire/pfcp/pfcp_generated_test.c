/* Every message with every element, made from the tables: decoded, re-encoded to the same octets, damaged. */
#include "wire/tlv/test_generate.h"
#include "wire/tlv/test_vectors.h"

#include "wire/pfcp/groups.h"
#include "wire/pfcp/ie.h"

static const struct sample samples[] = {
	{ &pfcp_node_id, "00 0a000001" },
	{ &pfcp_node_id, "01 20010db8000000000000000000000001" },
	{ &pfcp_node_id, "02 03 757066 07 6578616d706c65" },
	{ &pfcp_f_seid, "02 0000000000000001 0a000001" },
	{ &pfcp_f_seid, "03 8000000000000001 0a000001 20010db8000000000000000000000001" },
	{ &pfcp_f_teid, "01 00000001 0a000001" },
	{ &pfcp_f_teid, "02 ffffffff 20010db8000000000000000000000001" },
	{ &pfcp_f_teid, "05" },
	{ &pfcp_f_teid, "0f 07" },
	{ &pfcp_ue_ip_address, "02 0a2d0002" },
	{ &pfcp_ue_ip_address, "4f 0a2d0002 20010db8000000000000000000000000 08 38" },
	{ &pfcp_ue_ip_address, "30" },
	{ &pfcp_remote_gtpu_peer, "02 0a000001" },
	{ &pfcp_remote_gtpu_peer, "0d 20010db8000000000000000000000001 0001 01 0003 6e3661" },
	{ &pfcp_alternative_smf_address, "06 0a000001" },
	{ &pfcp_cp_entity_address, "03 0a000001 20010db8000000000000000000000001" },
	{ &pfcp_source_address, "06 0a000000 18" },
	{ &pfcp_user_plane_resource, "2d 03 0a000001 6e33" },
	{ &pfcp_user_plane_resource, "61 0a000001 6e33 00" },
	{ &pfcp_user_plane_resource, "42 20010db8000000000000000000000001 01" },
	{ &pfcp_sdf_filter, "0100 0004 74657374" },
	{ &pfcp_sdf_filter, "1f00 0001 78 00ff 00000001 000102 00000009" },
	{ &pfcp_mac_address, "02 020000000001" },
	{ &pfcp_mac_address, "0f 020000000001 020000000002 0200000000ff 0200000000fe" },
	{ &pfcp_vlan_tag, "04 10 2a" },
	{ &pfcp_vlan_tag, "07 fd ff" },
	{ &pfcp_mac_addresses, "02 020000000001 020000000002 03 04102a 00" },
	{ &pfcp_mac_addresses, "01 ffffffffffff 00 00" },
	{ &pfcp_bit_rate, "00000f4240 00000f4240" },
	{ &pfcp_volume, "01 0000000000001000" },
	{ &pfcp_volume,
		"3f 0000000000001000 0000000000002000 0000000000003000 0000000000000001 0000000000000002 "
		"0000000000000003" },
	{ &pfcp_dl_data_service_information, "03 05 09" },
	{ &pfcp_outer_header_creation, "0100 00000001 0a000001" },
	{ &pfcp_outer_header_creation, "0200 00000001 20010db8000000000000000000000001" },
	{ &pfcp_outer_header_creation, "0400 0a000001 0868" },
	{ &pfcp_outer_header_creation, "d000 0a000001 010203 040506" },
	{ &pfcp_outer_header_removal, "00" },
	{ &pfcp_outer_header_removal, "06 01" },
	{ &pfcp_failed_rule_id, "00 0001" },
	{ &pfcp_failed_rule_id, "01 00000001" },
	{ &pfcp_failed_rule_id, "04 01" },
	{ &pfcp_s_nssai, "01 010203" },
	{ &pfcp_dnn, "08 696e7465726e6574" },
};

static uint8_t store[1 << 20];

static unsigned decode_again(struct bytes octets, bool same)
{
	static uint8_t out[65536];
	struct writer w = writer_of(out, sizeof(out));
	struct arena arena;
	struct pfcp_msg msg;
	struct tlv_fault fault;
	bool ok;

	arena_init(&arena, store, sizeof(store), 0);
	ok = pfcp_decode(octets, &arena, &msg, &fault);
	if (same && !ok)
		fail_msg(
			"type %u: fault %d at %s", msg.type, fault.kind, fault.ie_name ? fault.ie_name : "-");
	if (ok && !pfcp_encode(&msg, &w) && same)
		fail_msg("type %u: not encoded", msg.type);
	if (same && !bytes_equal(writer_bytes(&w), octets))
		fail_msg("%s: not the same", pfcp_msg_name(msg.type));
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
	bool session = type >= PFCP_SESSION_ESTABLISHMENT_REQUEST;
	size_t mark;

	writer_u8(&w, session ? 0x23 : 0x20);
	writer_u8(&w, (uint8_t)type);
	mark = writer_mark(&w, 2);
	if (session)
		writer_u64(&w, 0x1122334455667788);
	writer_u24(&w, 0x010203);
	writer_u8(&w, session ? 0x50 : 0);
	generate_pfcp(gen, pfcp_group_of(type), &w);
	writer_patch(&w, mark, 2);
	assert_false(w.failed);
	return writer_bytes(&w);
}

static void round_trips(void **state)
{
	struct generator gen = { samples, ARRAY_LEN(samples), 1, 100, 3 };
	static uint8_t buf[65536];
	unsigned messages = 0;

	for (unsigned type = 0; type < 256; type++)
		for (unsigned i = 0; pfcp_group_of(type) && i < 100; i++) {
			gen.optional_percent = i % 2 ? 100 : 30;
			decode_again(make(&gen, type, buf, sizeof(buf)), true);
			messages++;
		}
	assert_int_equal(messages, 25 * 100);
}

static void damage(void **state)
{
	struct generator gen = { samples, ARRAY_LEN(samples), 7, 15, 1 };
	static uint8_t buf[65536];

	for (unsigned type = 0; type < 256; type++)
		for (unsigned i = 0; pfcp_group_of(type) && i < 4; i++)
			vectors_damage(make(&gen, type, buf, sizeof(buf)), survive);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(round_trips), cmocka_unit_test(damage) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
