/*
 * Each procedure with the first, second, ... allocation, store change or message of the core, of the gNB or
 * of the UEs refused: nothing falls, nothing is left half done, and all comes right once there is room again.
 * (Linked with the linker's --wrap for malloc, calloc, realloc and the outbox.)
 */
#include "base/store_mem.h"
#include "tests/call_bed.h"

enum fault { FAULT_MEMORY, FAULT_STORE, FAULT_SENDING, FAULT_COUNT };
static const char *const fault_names[] = { "allocation", "store change", "message" };
_Static_assert(ARRAY_LEN(fault_names) == FAULT_COUNT, "a name for each");

static struct {
	struct call_bed *bed; /* of which a node is refused something; NULL: none */
	enum bed_node_id whose;
	enum fault fault;
	uint32_t left; /* until the one that is refused; 0: it was */
} plan;

static uint32_t runs;

static bool refused(enum fault fault)
{
	return plan.bed && plan.fault == fault && plan.bed->inside == plan.whose + 1u && plan.left > 0 &&
	       --plan.left == 0;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
bool __real_outbox_put(struct outbox *o, const struct msg *m);
bool __real_outbox_send(struct outbox *o, uint16_t port, uint64_t assoc, uint16_t stream, struct bytes data);
bool __real_outbox_send_to(struct outbox *o, uint16_t port, const struct addr *peer, struct bytes data);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
bool __wrap_outbox_put(struct outbox *o, const struct msg *m);
bool __wrap_outbox_send(struct outbox *o, uint16_t port, uint64_t assoc, uint16_t stream, struct bytes data);
bool __wrap_outbox_send_to(struct outbox *o, uint16_t port, const struct addr *peer, struct bytes data);

void *__wrap_malloc(size_t n)
{
	return refused(FAULT_MEMORY) ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return refused(FAULT_MEMORY) ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return refused(FAULT_MEMORY) ? NULL : __real_realloc(p, n);
}

bool __wrap_outbox_put(struct outbox *o, const struct msg *m)
{
	return !refused(FAULT_SENDING) && __real_outbox_put(o, m);
}

bool __wrap_outbox_send(struct outbox *o, uint16_t port, uint64_t assoc, uint16_t stream, struct bytes data)
{
	return !refused(FAULT_SENDING) && __real_outbox_send(o, port, assoc, stream, data);
}

bool __wrap_outbox_send_to(struct outbox *o, uint16_t port, const struct addr *peer, struct bytes data)
{
	return !refused(FAULT_SENDING) && __real_outbox_send_to(o, port, peer, data);
}

/* A procedure: what comes before it, what sets it off (again: it is done until it has come right), its end.
 */
struct procedure {
	const char *name;
	void (*before)(struct call_bed *b);
	void (*begin)(struct call_bed *b);
	bool (*done)(struct call_bed *b);
};

static struct ue *the_ue;

static void subscribed(struct call_bed *b)
{
	call_start(b);
	call_subscribe(b, 1);
	the_ue = call_ue(b, 1);
	call_run(b);
}

static void registered(struct call_bed *b)
{
	subscribed(b);
	assert_true(ue_register(the_ue));
	call_run(b);
	assert_true(call_state(the_ue).registered);
}

static void in_session(struct call_bed *b)
{
	b->profile.auto_session = true;
	registered(b);
	assert_int_equal(call_state(the_ue).sessions, 1);
	b->profile.auto_session = false; /* not again by itself */
}

/*
 * Sessions that the UPF should not have. One may be there where memory was refused: the SMF forgets a session
 * whose deletion it cannot send, and the UPF keeps it until the association ends.
 */
static bool upf_is_empty(const struct call_bed *b)
{
	return b->upf_sessions <= (plan.fault == FAULT_MEMORY);
}

/* May be refused: the UE is at it by itself. */
static void begin_registration(struct call_bed *b)
{
	may_fail(ue_register(the_ue));
}

static bool is_registered(struct call_bed *b)
{
	return call_state(the_ue).registered && amf_numbers(core_amf(b->core)).registered == 1;
}

static void begin_session(struct call_bed *b)
{
	if (!call_state(the_ue).registered)
		may_fail(ue_register(the_ue));
	else if (call_state(the_ue).sessions == 0)
		ue_session_establish(the_ue, NULL, NULL);
}

static bool has_session(struct call_bed *b)
{
	return call_state(the_ue).sessions == 1 && smf_numbers(core_smf(b->core)).sessions == 1 &&
	       amf_numbers(core_amf(b->core)).sessions == 1 && b->upf_sessions == 1;
}

/* Idle for want of activity; back by the UE's own packet, of which the next goes out on N3. */
static void idle(struct call_bed *b)
{
	b->gnb_config.inactivity_ms = 5000;
	in_session(b);
	call_pass(b, 20000);
	assert_true(call_state(the_ue).registered && !call_state(the_ue).connected);
}

static void begin_service(struct call_bed *b)
{
	uint8_t ip[28] = { 0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0 };
	struct writer w = writer_of(ip + 12, 8);
	struct ue_session_info s;

	b->n3_packets = 0;
	/* Nor is the session kept whatever happens: the UE asks for another one. */
	if (!call_state(the_ue).registered || !ue_session_info(the_ue, 1, &s)) {
		begin_session(b);
		return;
	}
	writer_u32(&w, s.ipv4);
	writer_u32(&w, 0x08080808);
	for (int i = 0; i < 2; i++) { /* the first brings the UE back, and is lost */
		call_deliver(b, NODE_UES, &(struct msg){ .port = UE_PORT_TUN, .data = BYTES(ip) });
		call_run(b);
	}
}

static bool is_served(struct call_bed *b)
{
	return b->n3_packets > 0 && has_session(b);
}

static void begin_release(struct call_bed *b)
{
	may_fail(ue_session_release(the_ue, 1));
}

static bool has_no_session(struct call_bed *b)
{
	return call_state(the_ue).sessions == 0 && smf_numbers(core_smf(b->core)).sessions == 0 &&
	       amf_numbers(core_amf(b->core)).sessions == 0 && upf_is_empty(b);
}

static void begin_network_release(struct call_bed *b)
{
	b->inside = NODE_CORE + 1;
	may_fail(core_session_release(b->core, &(struct supi){ "001010000000001" }, 1, 26));
	b->inside = 0;
}

static void begin_deregistration(struct call_bed *b)
{
	if (call_state(the_ue).registered)
		may_fail(ue_deregister(the_ue, false));
}

static bool is_gone(struct call_bed *b)
{
	struct amf_numbers n = amf_numbers(core_amf(b->core));

	return !call_state(the_ue).registered && n.ues == 0 && n.connections == 0 && has_no_session(b);
}

static void begin_subscriber_removal(struct call_bed *b)
{
	call_control(b, "subscriber remove\n001010000000001\n");
}

static bool is_removed(struct call_bed *b)
{
	struct subscriber s;
	uint64_t sqn;

	/* A UE that did not hear of it learns so with its next message. */
	return !core_subscriber_get(b->core, &(struct supi){ "001010000000001" }, &s, &sqn) &&
	       amf_numbers(core_amf(b->core)).ues == 0 && amf_numbers(core_amf(b->core)).connections == 0 &&
	       smf_numbers(core_smf(b->core)).sessions == 0 && upf_is_empty(b);
}

static void begin_subscriber_add(struct call_bed *b)
{
	call_control(b, "subscriber add\nimsi=001010000000007 k=00112233445566778899aabbccddeeff "
			"opc=00112233445566778899aabbccddeeff\n");
}

static bool is_added(struct call_bed *b)
{
	struct subscriber s;
	uint64_t sqn;

	return core_subscriber_get(b->core, &(struct supi){ "001010000000007" }, &s, &sqn);
}

/* The gNB is away, and comes. */
static void without_gnb(struct call_bed *b)
{
	b->n2_refused = true;
	subscribed(b);
	b->n2_refused = false;
	assert_int_equal(amf_numbers(core_amf(b->core)).gnbs, 0);
}

static void begin_ng_setup(struct call_bed *b)
{
	call_pass(b, 60000);
}

static bool is_set_up(struct call_bed *b)
{
	return gnb_numbers(b->gnb).amfs_ready == 1 && amf_numbers(core_amf(b->core)).gnbs == 1;
}

static void without_upf(struct call_bed *b)
{
	b->upf_on = false;
	subscribed(b);
	b->upf_on = true;
	assert_int_equal(smf_numbers(core_smf(b->core)).upfs_associated, 0);
}

static bool is_associated(struct call_bed *b)
{
	return smf_numbers(core_smf(b->core)).upfs_associated == 1;
}

static const struct procedure procedures[] = {
	{ "registration", subscribed, begin_registration, is_registered },
	{ "session establishment", registered, begin_session, has_session },
	{ "service request", idle, begin_service, is_served },
	{ "session release", in_session, begin_release, has_no_session },
	{ "session release by the network", in_session, begin_network_release, has_no_session },
	{ "de-registration", in_session, begin_deregistration, is_gone },
	{ "subscriber removal", in_session, begin_subscriber_removal, is_removed },
	{ "subscriber addition", subscribed, begin_subscriber_add, is_added },
	{ "NG setup", without_gnb, begin_ng_setup, is_set_up },
	{ "PFCP association", without_upf, begin_ng_setup, is_associated },
};

/* Whatever happened before, an end of all leaves nothing. */
static void check_end(struct call_bed *b, const char *what)
{
	struct amf_numbers amf;
	struct smf_numbers smf;

	ue_deregister(the_ue, true);
	call_pass(b, 120000);
	amf = amf_numbers(core_amf(b->core));
	smf = smf_numbers(core_smf(b->core));
	if (amf.ues || amf.connections || amf.sessions || smf.sessions || smf.addresses || !upf_is_empty(b) ||
		gnb_numbers(b->gnb).ues)
		fail_msg("%s: left are %u UEs, %u connections, %u sessions in the AMF, %u sessions and %u "
			 "addresses in the SMF, %u sessions in the UPF",
			what, amf.ues, amf.connections, amf.sessions, smf.sessions, smf.addresses,
			b->upf_sessions);
}

/* False when the procedure does not come to its n-th. */
static bool one(const struct procedure *p, enum bed_node_id whose, enum fault fault, uint32_t n)
{
	struct call_bed *b;
	bool came;
	char what[96];
	void *fresh;

	snprintf(what, sizeof(what), "%s, %s %u of node %d", p->name, fault_names[fault], n, whose);
	assert_int_equal(call_setup(&fresh), 0);
	b = fresh;
	p->before(b);
	plan.bed = b;
	plan.whose = whose;
	plan.fault = fault;
	plan.left = n;
	if (fault == FAULT_STORE)
		store_mem_fail_put(b->node[NODE_CORE].t.env.store, n);
	p->begin(b);
	call_run(b);
	came = fault == FAULT_STORE ? b->turns_lost > 0 : plan.left == 0;
	plan.bed = NULL;
	if (fault == FAULT_STORE)
		store_mem_fail_put(b->node[NODE_CORE].t.env.store, 0);
	call_pass(b, 200000);
	/* A UE refused for congestion without integrity stays away for up to 30 minutes (24.008 T3346). */
	for (int tries = 0; tries < 15 && !p->done(b); tries++) {
		p->begin(b);
		call_pass(b, 200000);
	}
	if (!p->done(b))
		fail_msg("%s: it does not come right: the UE is %s with %u sessions, the AMF has %u, the SMF "
			 "%u, "
			 "the UPF %u",
			what, call_state(the_ue).mm_state, call_state(the_ue).sessions,
			amf_numbers(core_amf(b->core)).sessions, smf_numbers(core_smf(b->core)).sessions,
			b->upf_sessions);
	check_end(b, what);
	call_teardown(&fresh);
	runs++;
	return came;
}

static void sweep(enum bed_node_id whose, enum fault fault)
{
	for (size_t i = 0; i < ARRAY_LEN(procedures); i++)
		for (uint32_t n = 1; one(&procedures[i], whose, fault, n); n++)
			;
}

static void test_memory(void **state)
{
	sweep(NODE_CORE, FAULT_MEMORY);
}

static void test_store(void **state)
{
	sweep(NODE_CORE, FAULT_STORE);
}

static void test_sending(void **state)
{
	sweep(NODE_CORE, FAULT_SENDING);
}

static void test_gnb(void **state)
{
	sweep(NODE_GNB, FAULT_MEMORY);
	sweep(NODE_GNB, FAULT_SENDING);
}

static void test_ues(void **state)
{
	sweep(NODE_UES, FAULT_MEMORY);
	sweep(NODE_UES, FAULT_SENDING);
}

/* The start of the core: it comes up, or it is NULL and leaves nothing. */
static void test_start(void **state)
{
	struct call_bed *b;
	struct core *core;
	void *fresh;

	for (uint32_t n = 1;; n++) {
		assert_int_equal(call_setup(&fresh), 0);
		b = fresh;
		plan.bed = b;
		plan.whose = NODE_CORE;
		plan.fault = FAULT_MEMORY;
		plan.left = n;
		b->inside = NODE_CORE + 1;
		core = core_new(&b->core_config, false, &b->node[NODE_CORE].t.env);
		b->inside = 0;
		plan.bed = NULL;
		core_free(core);
		call_teardown(&fresh);
		runs++;
		if (plan.left > 0) {
			assert_non_null(core);
			return;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_store),
		cmocka_unit_test(test_sending),
		cmocka_unit_test(test_gnb),
		cmocka_unit_test(test_ues),
	};
	int failed;

	failed = cmocka_run_group_tests_name("tests/sweep", tests, NULL, NULL);
	printf("%u runs\n", runs);
	return failed;
}
