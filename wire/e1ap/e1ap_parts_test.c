/* What both ends make of E1AP: ends of tunnels, timers, COUNTs, reports. */
#include "wire/e1ap/e1ap.h"

#include "base/test.h"

static void tunnels(void **state)
{
	static const uint8_t both[20] = { 10, 0, 0, 1, 0x20, 1 };
	uint8_t octets[E1AP_TEID_OCTETS];
	struct e1ap_up_tnl_information t = e1ap_tunnel(BYTES(both), 0x01020304, octets);
	struct bytes address;
	uint32_t teid;

	assert_true(e1ap_tunnel_read(&t, &address, &teid));
	assert_true(teid == 0x01020304 && octets[0] == 1 && bytes_equal(address, BYTES(both)));
	t.u.gtp_tunnel.transport_layer_address.len_bits = 24; /* an address of no kind */
	assert_false(e1ap_tunnel_read(&t, &address, &teid));
	t.tag = E1AP_UP_TNL_INFORMATION_TAG_CHOICE_EXTENSION;
	assert_false(e1ap_tunnel_read(&t, &address, &teid));
}

static void slices(void **state)
{
	struct snssai with = { 1, 0x010203 }, without = { 2, SNSSAI_NO_SD }, back;
	uint8_t sd[E1AP_SD_OCTETS];
	struct e1ap_snssai s = e1ap_snssai_of(&with, sd);

	back = e1ap_snssai_read(&s);
	assert_true(s.has_sd && snssai_equal(&back, &with));
	s = e1ap_snssai_of(&without, sd);
	back = e1ap_snssai_read(&s);
	assert_true(!s.has_sd && snssai_equal(&back, &without));
}

static void timers(void **state)
{
	enum e1ap_t_reordering r;
	enum e1ap_discard_timer d;
	uint32_t ms;

	assert_true(e1ap_t_reordering_ms(E1AP_T_REORDERING_MS750, &ms) && ms == 750);
	assert_true(e1ap_t_reordering_ms(E1AP_T_REORDERING_MS3000, &ms) && ms == 3000);
	assert_true(e1ap_t_reordering_of(101, &r) && r == E1AP_T_REORDERING_MS120);
	assert_false(e1ap_t_reordering_of(3001, &r));
	assert_false(e1ap_t_reordering_ms(E1AP_T_REORDERING_N, &ms));
	assert_true(e1ap_discard_timer_ms(E1AP_DISCARD_TIMER_MS1500, &ms) && ms == 1500);
	assert_true(e1ap_discard_timer_of(1501, &d) && d == E1AP_DISCARD_TIMER_INFINITY);
	assert_true(e1ap_discard_timer_of(UINT32_MAX, &d) && d == E1AP_DISCARD_TIMER_INFINITY);
	assert_false(e1ap_discard_timer_ms(E1AP_DISCARD_TIMER_N, &ms));
	assert_true(
		e1ap_wait_ms(E1AP_TIME_TO_WAIT_V60S) == 60000 && e1ap_wait_ms(E1AP_TIME_TO_WAIT_N) == 5000);
}

static void counts(void **state)
{
	struct e1ap_pdcp_count c = e1ap_count(0xfff00005, 18);

	assert_true(c.pdcp_sn == 5 && c.hfn == 0xfff00005u >> 18);
	assert_int_equal(e1ap_count_read(&c, 18), 0xfff00005u);
	c = e1ap_count(0x1234567, 12);
	assert_true(c.pdcp_sn == 0x567 && e1ap_count_read(&c, 12) == 0x1234567);
}

static void reports(void **state)
{
	struct per_diag diag = { .fault = PER_FAULT_REJECT,
		.has_procedure = true,
		.procedure_code = 8,
		.count = 1,
		.ies = { { 13, PER_REJECT, PER_MISSING } } };
	struct e1ap_report r;

	e1ap_report_of(&diag, &r);
	assert_true(r.cause.tag == E1AP_CAUSE_TAG_PROTOCOL &&
		    r.cause.u.protocol == E1AP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
	assert_true(r.diagnostics.procedure_code == 8 &&
		    r.diagnostics.ies_criticality_diagnostics->items[0].ie_id == 13 &&
		    r.diagnostics.ies_criticality_diagnostics->items[0].type_of_error ==
			    E1AP_TYPE_OF_ERROR_MISSING);
	diag = (struct per_diag){ .fault = PER_FAULT_TRANSFER_SYNTAX };
	e1ap_report_of(&diag, &r);
	assert_true(r.cause.u.protocol == E1AP_CAUSE_PROTOCOL_TRANSFER_SYNTAX_ERROR &&
		    !r.diagnostics.has_procedure_code && !r.diagnostics.ies_criticality_diagnostics);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tunnels), cmocka_unit_test(slices),
		cmocka_unit_test(timers), cmocka_unit_test(counts), cmocka_unit_test(reports) };

	return cmocka_run_group_tests_name("e1ap/parts", tests, NULL, NULL);
}
