/* What a packet costs a CU-UP: prints `name value unit` lines. Packets of 1,400 octets of one DRB, NEA2 and
 * NIA2, each from the datagram of one interface to that of the other. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/test_env.h"
#include "gnb/cucp/e1ap.h"
#include "gnb/cuup/node.h"
#include "radio/pdcp/pdcp.h"
#include "wire/gtpu/gtpu.h"
#include "wire/gtpu/nr_up.h"

enum { LEN = 1400, BATCH = BURST_MAX, ROUNDS = 2000, ROOM = LEN + 100, SDAP_QFI = 1, DU_TEID = 7 };

static struct test_env env;
static struct cuup_node *node;
static struct cucp_e1ap *e1ap;
static struct cucp_e1_session_answer session;
static struct sdu_pool pool;
static uint64_t out_n3, out_f1u;
static uint8_t pdus[BATCH][ROOM];
static size_t pdu_lens[BATCH], pdu_count;

static uint64_t cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* The one E1AP PDU that is on its way. */
static uint8_t on_its_way[4096];
static size_t on_its_way_len;
static bool to_cp;

static void to_node_send(void *arg, uint32_t up, struct bytes pdu)
{
	to_cp = false;
	on_its_way_len = bytes_copy(on_its_way, sizeof(on_its_way), pdu) ? pdu.len : 0;
}

static void to_cp_send(void *arg, struct bytes pdu)
{
	to_cp = true;
	on_its_way_len = bytes_copy(on_its_way, sizeof(on_its_way), pdu) ? pdu.len : 0;
}

static void e1_pass(void)
{
	while (on_its_way_len > 0) {
		struct bytes pdu = bytes_of(on_its_way, on_its_way_len);

		on_its_way_len = 0;
		if (to_cp)
			cucp_e1ap_received(e1ap, 0, pdu);
		else
			cuup_node_e1ap_received(node, pdu);
	}
}

static void n3(void *arg, const struct addr *to, struct bytes datagram)
{
	out_n3 += datagram.len > LEN;
}

static void f1u(void *arg, const struct addr *to, struct bytes datagram)
{
	out_f1u += datagram.len > LEN;
}

static void answered(void *arg, void *user, const struct cucp_e1_session_answer *s, uint8_t count)
{
	if (count > 0 && s->has_n3_dl)
		session = *s;
}

static void failed(void *arg, void *user, const struct e1ap_cause *cause)
{
	exit(1);
}

static struct cucp_tunnel tunnel(uint8_t last, uint32_t teid)
{
	return (struct cucp_tunnel){ { 10, 0, 0, last }, 4, teid };
}

static const struct plmn plmn = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };
static const struct pdcp_security keys = { NEA2, NIA2, { 1 }, { 2 } };
static const struct cucp_bearer bearer = { .drb = 1,
	.psi = 5,
	.is_default = true,
	.snssai = { 1, SNSSAI_NO_SD },
	.flows = { { SDAP_QFI, 9, 8 } },
	.flow_count = 1,
	.pdcp = { .bearer = PDCP_AM_DRB,
		.rb_id = 1,
		.tx_sn_bits = 18,
		.rx_sn_bits = 18,
		.integrity = true,
		.tx_sdap = true,
		.discard_ms = PDCP_INFINITY,
		.reordering_ms = 100 } };

static void nodes_new(void)
{
	struct cuup_node_config c = { .env = &env.env,
		.id = 1,
		.plmns = &plmn,
		.plmn_count = 1,
		.contexts_max = 4,
		.n3 = addr_from_v4(0x0a000001, 0),
		.f1u = addr_from_v4(0x0a000001, 0),
		.e1ap_send = to_cp_send,
		.n3_send = n3,
		.f1u_send = f1u };
	struct cucp_e1ap_config e = { .env = &env.env,
		.plmns = &plmn,
		.plmn_count = 1,
		.contexts_max = 4,
		.ups_max = 1,
		.upper = { .answered = answered, .failed = failed },
		.send = to_node_send };

	node = cuup_node_new(&c);
	e1ap = cucp_e1ap_new(&e);
	if (!node || !e1ap)
		exit(1);
}

static void set_up(void)
{
	struct cucp_e1_session s = { .psi = 5,
		.snssai = { 1, SNSSAI_NO_SD },
		.integrity = E1AP_INTEGRITY_PROTECTION_INDICATION_REQUIRED,
		.n3_ul = tunnel(9, 9),
		.add = &bearer,
		.add_count = 1 };
	struct cucp_e1_attachment a = { 1, tunnel(8, DU_TEID) };
	struct cucp_e1_session attach = { .psi = 5, .attach = &a, .attach_count = 1 };
	struct cucp_e1_order o = { .plmn = plmn, .keys = &keys, .add = &s, .add_count = 1 };
	struct cucp_e1_context *c;

	cuup_node_begin(node);
	e1_pass();
	c = cucp_e1_context_setup(e1ap, NULL, &o);
	e1_pass();
	if (!c || !cucp_e1_context_modify(c, &(struct cucp_e1_order){ .modify = &attach, .modify_count = 1 }))
		exit(1);
	e1_pass();
}

static void keep(void *arg, struct sdu *s)
{
	struct gtpu_header h = { .type = GTPU_G_PDU, .teid = session.drbs[0].ul.teid };
	size_t size = gtpu_header_encode(&h, s->len, pdus[pdu_count]);

	may_fail(bytes_copy(pdus[pdu_count] + size, ROOM - size, sdu_bytes(s)));
	pdu_lens[pdu_count++] = size + s->len;
	sdu_free(&pool, s);
}

static void hear(void *arg, uint64_t tag)
{
}

static void drop(void *arg, struct sdu *s)
{
	sdu_free(&pool, s);
}

static void bench_up(struct burst *engine)
{
	struct pdcp *ue;
	static uint8_t packet[LEN + 1] = { 0x80 | SDAP_QFI };
	struct addr du = addr_from_v4(0x0a000008, GTPU_UDP_PORT);
	struct pdcp_config c = bearer.pdcp;
	uint64_t spent = 0;

	c.bearer = PDCP_UM_DRB; /* which keeps nothing */
	ue = pdcp_new(&c, &(struct pdcp_neighbours){ NULL, keep, hear, drop, NULL }, &pool, engine);
	if (!ue || !pdcp_secure(ue, &keys, PDCP_ALL_SECURITY))
		exit(1);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t begin;

		pdu_count = 0;
		for (int i = 0; i < BATCH; i++)
			may_fail(pdcp_send(ue, sdu_of(&pool, BYTES(packet)), 0));
		begin = cpu_now();
		for (size_t i = 0; i < pdu_count; i++)
			cuup_node_f1u_received(node, &du, bytes_of(pdus[i], pdu_lens[i]));
		spent += cpu_now() - begin;
	}
	pdcp_free(ue);
	if (out_n3 != (uint64_t)BATCH * ROUNDS)
		exit(1);
	printf("cuup_f1u_to_n3_1400 %.3f us\n", (double)spent / BATCH / ROUNDS / 1000);
}

/* The DU reports after each batch that the UE has all of it. */
static void report(uint32_t sn)
{
	struct addr du = addr_from_v4(0x0a000008, GTPU_UDP_PORT);
	struct nr_up_pdu frame = { .type = NR_UP_DL_DATA_DELIVERY_STATUS,
		.status = { .desired_buffer_octets = 1 << 20, .delivered = { true, sn & 0x3ffff } } };
	struct gtpu_header h = { .type = GTPU_G_PDU, .teid = session.drbs[0].ul.teid };
	uint8_t container[NR_UP_OCTETS_MAX], datagram[GTPU_HEADER_MAX];
	struct writer w = writer_of(container, sizeof(container));

	if (!nr_up_encode(&frame, &w))
		exit(1);
	h.nr_ran_container = writer_bytes(&w);
	cuup_node_f1u_received(node, &du, bytes_of(datagram, gtpu_header_encode(&h, 0, datagram)));
}

static void bench_down(void)
{
	struct addr upf = addr_from_v4(0x0a000009, GTPU_UDP_PORT);
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.teid = session.n3_dl.teid,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = SDAP_QFI } };
	static uint8_t datagram[ROOM];
	size_t len = gtpu_header_encode(&h, LEN, datagram) + LEN;
	uint64_t begin = cpu_now();

	for (uint32_t round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < BATCH; i++)
			cuup_node_n3_received(node, &upf, bytes_of(datagram, len));
		report((round + 1) * BATCH - 1);
	}
	if (out_f1u != (uint64_t)BATCH * ROUNDS)
		exit(1);
	printf("cuup_n3_to_f1u_1400 %.3f us\n", (double)(cpu_now() - begin) / BATCH / ROUNDS / 1000);
}

int main(void)
{
	struct burst *engine = burst_new(true);

	test_env_init(&env, 1, false);
	sdu_pool_init(&pool, 1000, 10);
	if (!engine)
		return 1;
	nodes_new();
	set_up();
	bench_up(engine);
	bench_down();
	cuup_node_free(node);
	cucp_e1ap_free(e1ap);
	burst_free(engine);
	sdu_pool_fini(&pool);
	test_env_fini(&env);
	return 0;
}
