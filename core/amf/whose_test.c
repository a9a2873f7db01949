/* Whose the messages of N1 and N2 are: connections and identities that are used again, by whom it is not
 * known. */
#include "core/amf/amf_bed.h"
#include "core/trace_ring.h"
#include "wire/ngap/ngap.h"

enum { FIRST = 1001, SECOND = 1002 }; /* SUPIs as keys of the ring */

static struct trace_ring ring;
static uint64_t pending;

static uint64_t keep(bool in, uint64_t whose, uint8_t kind)
{
	struct trace_entry *e = trace_ring_begin(&ring, 0);
	uint64_t number;

	assert_non_null(e);
	e->kind = kind;
	e->flags = in ? TRACE_IN : 0;
	e->chain = ring.next;
	number = trace_ring_end(&ring, 0);
	trace_ring_assign(&ring, number, whose);
	return number;
}

static uint64_t on_n2(void *arg, bool in, uint64_t whose, const struct addr *gnb, struct bytes pdu)
{
	if (in)
		pending = ring.next;
	return keep(in, whose, TRACE_N2);
}

static void on_n1(void *arg, bool uplink, uint64_t whose, struct bytes pdu, struct bytes plain)
{
	keep(uplink, uplink ? 0 : whose, TRACE_N1);
}

static void on_concerns(void *arg, uint64_t whose)
{
	for (uint64_t n = pending; n < ring.next; n++)
		if (trace_ring_at(&ring, n)->flags & TRACE_IN && !trace_ring_at(&ring, n)->whose)
			trace_ring_assign(&ring, n, whose);
}

static void on_known(void *arg, uint64_t whose, const struct supi *supi)
{
	trace_ring_known(&ring, whose, supi_key(supi));
}

static int setup(void **state)
{
	static const struct amf_tap tap = { on_n2, on_n1, on_concerns, on_known, NULL };
	int failed = amf_bed_setup(state);

	assert_true(trace_ring_init(&ring, 1 << 20));
	if (!failed)
		amf_set_tap(((struct amf_bed *)*state)->amf, &tap);
	return failed;
}

static int teardown(void **state)
{
	trace_ring_fini(&ring);
	return amf_bed_teardown(state);
}

static uint64_t whose(uint64_t number)
{
	return trace_ring_at(&ring, number)->whose;
}

/* All from one number up to another are theirs. */
static void all_are(uint64_t from, uint64_t to, uint64_t key)
{
	assert_true(from < to);
	for (uint64_t n = from; n < to; n++)
		assert_int_equal(whose(n), key);
}

static uint64_t supi_1(void)
{
	return supi_key(&(struct supi){ "001010000000001" });
}

static struct amf_connection *connection(struct amf_bed *b)
{
	struct amf_gnb *gnb = amf_gnb_find(b->amf, BED_ASSOC);

	return amf_connection_by_ran_id(b->amf, gnb, b->ran_id);
}

/* Known once security mode control has ended, also what came before; then by its GUTI, on another connection.
 */
static void registration(void **state)
{
	struct amf_bed *b = *state;
	uint64_t from = ring.next, middle;

	amf_bed_challenge(b);
	assert_true(whose(from) & WHOSE_UNKNOWN);
	middle = ring.next;
	for (uint64_t n = from; n < middle; n++)
		assert_int_equal(whose(n), WHOSE_UNKNOWN | from);
	trace_ring_known(&ring, whose(from), supi_1());
	all_are(from, middle, supi_1());
	amf_bed_register(b); /* another connection, whose RAN UE NGAP ID is the same */
	all_are(from, ring.next, supi_1());
	middle = ring.next;
	amf_bed_again(b, NAS_REGISTRATION_MOBILITY, b->tmsi);
	all_are(middle, ring.next, supi_1());
	middle = ring.next;
	amf_bed_deliver(b, BED_ASSOC, MSG_DATA, bytes_of_str("\x20")); /* nobody's */
	assert_int_equal(whose(middle), 0);
}

/* A gNB uses the id again for another UE: what is known of one is not of the other. */
static void id_used_again(void **state)
{
	struct amf_bed *b = *state;
	uint64_t from = ring.next, other;

	amf_bed_challenge(b);
	other = ring.next;
	amf_bed_challenge(b);
	trace_ring_known(&ring, WHOSE_UNKNOWN | other, SECOND);
	trace_ring_known(&ring, WHOSE_UNKNOWN | from, FIRST);
	all_are(from, other, FIRST);
	all_are(other, ring.next, SECOND);
	other = ring.next;
	amf_bed_answer_challenge(b);
	all_are(other, ring.next, SECOND);
}

/* Another identity on the same connection: from its message on it is whoever that is. */
static void other_identity(void **state)
{
	static const uint8_t msin[5] = { 0, 0, 0, 0, 0x20 };
	struct amf_bed *b = *state;
	struct nas_msg m = amf_bed_request();
	uint64_t from = ring.next, other;

	amf_bed_challenge(b);
	trace_ring_known(&ring, WHOSE_UNKNOWN | from, FIRST);
	other = ring.next;
	m.registration_request.mobile_identity.suci.scheme_output = BYTES(msin);
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	all_are(from, other, FIRST);
	for (uint64_t n = other; n < ring.next; n++)
		assert_int_equal(whose(n), WHOSE_UNKNOWN | other);
	trace_ring_known(&ring, WHOSE_UNKNOWN | other, SECOND);
	all_are(from, other, FIRST);
	all_are(other, ring.next, SECOND);
}

/* A GUTI without proof is nobody's: whoever answers the question is it, not who had the GUTI. */
static void claimed_guti(void **state)
{
	struct amf_bed *b = *state;
	struct nas_msg m = amf_bed_request(), identity = { .type = NAS_IDENTITY_RESPONSE };
	struct nas_mobile_identity suci = m.registration_request.mobile_identity;
	uint64_t from;

	amf_bed_register(b);
	from = ring.next;
	m.registration_request.mobile_identity = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
		.guti = { b->config.guami, b->tmsi } };
	b->ran_id++;
	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_IDENTITY_REQUEST, &m);
	identity.identity_response.mobile_identity = suci;
	amf_bed_say(b, test_nas_plain(&b->nas, &identity));
	for (uint64_t n = from; n < ring.next; n++)
		assert_int_equal(whose(n), WHOSE_UNKNOWN | from);
	trace_ring_known(&ring, WHOSE_UNKNOWN | from, SECOND);
	all_are(from, ring.next, SECOND);
}

static void give_reset(struct amf_bed *b, size_t count)
{
	struct ngap_ue_associated_logical_ng_connection_item items[2] = {
		{ .has_ran_ue_ngap_id = true, .ran_ue_ngap_id = b->ran_id },
		{ .has_ran_ue_ngap_id = true, .ran_ue_ngap_id = b->ran_id + 1 },
	};
	struct ngap_ng_reset m = { .cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED),
		.reset_type = { .tag = NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE,
			.u.part_of_ng_interface = { count, items } } };

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_NG_RESET, &m);
}

/* NG RESET of one connection is its UE's, of more it is nobody's; a message not served is its connection's.
 */
static void reset(void **state)
{
	struct amf_bed *b = *state;
	struct ngap_cell_traffic_trace not_served = { .ran_ue_ngap_id = b->ran_id };
	uint64_t from = ring.next;

	amf_bed_register(b);
	not_served.amf_ue_ngap_id = b->amf_id;
	not_served.ngran_trace_id = bytes_of("12345678", 8);
	not_served.ngran_cgi.tag = NGAP_NGRAN_CGI_TAG_NR_CGI;
	not_served.ngran_cgi.u.nr_cgi = (struct ngap_nr_cgi){ bytes_of("\0\xf1\x10", 3), 16 };
	not_served.trace_collection_entity_ip_address =
		(struct per_bits){ (const uint8_t *)"\x7f\0\0\1", 32 };
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_CELL_TRAFFIC_TRACE, &not_served);
	give_reset(b, 1);
	assert_null(connection(b));
	all_are(from, ring.next, supi_1());
	from = ring.next;
	give_reset(b, 2);
	all_are(from, ring.next, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(registration), TEST(id_used_again), TEST(other_identity),
		TEST(claimed_guti), TEST(reset) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
