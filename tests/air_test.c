/*
 * A cell on the air: a UE that knows nothing but what its radio is tuned to finds it in samples, and RRC,
 * F1AP, PDCP, RLC, MAC and the physical layer of both ends do the rest - connection, security, capabilities,
 * a DRB with packets both ways, release - through a fading channel.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/test.h"

#include "base/test_env.h"
#include "gnb/cucp/cucp.h"
#include "gnb/cuup/cuup.h"
#include "gnb/du/node.h"
#include "gnb/du/stream.h"
#include "radio/rrc/bearer.h"
#include "radio/rrc/security.h"
#include "sim/channel/channel.h"
#include "ue/stack/stack.h"

enum {
	BLOCK = 1920,
	F1_QUEUE = 64,
	F1_OCTETS = 4096,
	DRB = 1,
	PSI = 5,
	QFI = 9,
	PACKET = 1400,
	NAS_OCTETS = 40
};

static const struct s_tmsi identity = { 0x155, 0x2a, 0xc0ffee01 };
static const uint8_t k_amf[KDF_KEY_LEN] = { 1, 2 }, k_gnb[KDF_KEY_LEN] = { 3, 4 };

/* F1AP goes as octets, and arrives after the slot it was sent in. */
struct f1_message {
	bool to_du;
	size_t len;
	uint8_t octets[F1_OCTETS];
};

struct air {
	struct test_env env;
	struct sdu_pool pool;
	struct burst *engine;
	struct du_node *node;
	struct du_stream *gnb;
	struct cucp *cucp;
	struct cuup *cuup;
	struct cucp_ue *context;
	struct cuup_session *session;
	struct ue_stack *ue;
	struct channel *down, *up;
	struct phy_cf block[BLOCK];
	double rate_hz;
	uint64_t samples;
	struct f1_message f1[F1_QUEUE];
	unsigned f1_n;
	uint32_t chance;
	/* what came of it */
	unsigned camped, connected, secured, capabilities, bearers, ended, ue_nas, gnb_nas, ue_bearers, lost, paged;
	uint64_t got_down, got_up;
	uint64_t camped_ns, connected_ns, bearer_ns;
	enum ue_rrc_cause ending;
};

static void f1_put(struct air *a, bool to_du, struct bytes pdu)
{
	struct f1_message *m = &a->f1[a->f1_n++];

	assert_true(a->f1_n < F1_QUEUE);
	m->to_du = to_du;
	m->len = pdu.len;
	assert_true(bytes_copy(m->octets, sizeof(m->octets), pdu));
}

static void f1_pass(struct air *a)
{
	for (unsigned i = 0; i < a->f1_n; i++) {
		struct bytes pdu = bytes_of(a->f1[i].octets, a->f1[i].len);

		if (a->f1[i].to_du)
			du_f1ap_received(du_node_f1ap(a->node), pdu);
		else
			cucp_f1ap_received(a->cucp, 0, pdu);
	}
	a->f1_n = 0;
}

/* --- the NAS of the UE */

static bool ue_keys(void *arg, uint8_t amf[KDF_KEY_LEN], uint8_t gnb[KDF_KEY_LEN])
{
	return bytes_copy(amf, KDF_KEY_LEN, BYTES(k_amf)) && bytes_copy(gnb, KDF_KEY_LEN, BYTES(k_gnb));
}

static bool ue_unproved(void *arg)
{
	return false;
}

static void ue_connected(void *arg)
{
	struct air *a = arg;

	a->connected++;
	a->connected_ns = a->env.now_ns;
}

static bool ue_fell_back(void *arg, struct ue_rrc_establishment *e)
{
	return false;
}

static void ue_nas(void *arg, struct bytes nas)
{
	((struct air *)arg)->ue_nas++;
}

static void ue_bearer(void *arg, uint8_t psi, uint8_t drb)
{
	struct air *a = arg;

	assert_true(psi == PSI && drb == DRB);
	a->ue_bearers++;
}

static void ue_bearer_released(void *arg, uint8_t drb)
{
}

static void ue_paged(void *arg, const struct s_tmsi *s_tmsi, bool non_3gpp)
{
	((struct air *)arg)->paged += s_tmsi->tmsi == identity.tmsi && s_tmsi->amf_set_id == identity.amf_set_id;
}

static void ue_ended(void *arg, const struct ue_rrc_ending *e)
{
	struct air *a = arg;

	a->ended++;
	a->ending = e->cause;
}

static void ue_alleviated(void *arg, uint8_t category)
{
}

static uint32_t ue_random(void *arg)
{
	struct air *a = arg;

	a->chance = a->chance * 1664525 + 1013904223;
	return a->chance >> 8;
}

static void ue_packet(void *arg, uint8_t psi, uint8_t qfi, struct bytes packet)
{
	struct air *a = arg;

	assert_true(psi == PSI && packet.len == PACKET);
	a->got_down += packet.len;
}

static void ue_camped(void *arg, const struct ue_found *cell)
{
	struct air *a = arg;

	a->camped += cell != NULL;
	a->camped_ns = a->env.now_ns;
}

/* --- NGAP of the gNB */

static bool gnb_requested(
	void *arg, const struct cucp_cell *cell, enum rrc_establishment_cause cause, uint8_t *wait_s)
{
	return true;
}

static bool gnb_connection(void *arg, struct cucp_ue *ue, const struct cucp_connection *c, void **user)
{
	struct air *a = arg;

	a->context = ue;
	*user = a;
	assert_int_equal(c->nas.len, NAS_OCTETS);
	return cucp_security_activate(ue, k_gnb, NEA2, NIA2);
}

static void gnb_nas(void *arg, void *user, struct bytes nas)
{
	((struct air *)arg)->gnb_nas++;
}

/* The session's DRB at the CU-UP, then at DU and UE. */
static void gnb_secured(void *arg, void *user, bool completed)
{
	struct air *a = arg;
	static const uint8_t accept[NAS_OCTETS];
	struct cuup_drb d = { .drb = DRB, .is_default = true, .flows = UINT64_C(1) << QFI };
	struct cucp_bearer b = { .drb = DRB,
		.psi = PSI,
		.is_default = true,
		.snssai = { 1, SNSSAI_NO_SD },
		.flows = { { QFI, 9, 8 } },
		.flow_count = 1,
		.pdcp = { .bearer = PDCP_AM_DRB,
			.rb_id = DRB,
			.tx_sn_bits = 18,
			.rx_sn_bits = 18,
			.discard_ms = PDCP_INFINITY,
			.reordering_ms = 100,
			.tx_sdap = true,
			.rx_sdap = true },
		.ul = { { 10, 0, 0, 1 }, 4, 0 } };

	assert_true(completed);
	a->secured++;
	d.pdcp = rrc_pdcp_mirror(&b.pdcp);
	assert_true(rrc_drb_security(k_gnb, NEA2, NIA2, &d.keys));
	a->session = cuup_session_begin(a->cuup, 1);
	assert_non_null(a->session);
	b.ul.teid = cuup_drb_begin(a->session, &d);
	assert_true(b.ul.teid != CUUP_TEID_NONE);
	assert_true(cucp_capability_enquire(a->context) && cucp_bearer_set(a->context, &b, BYTES(accept)));
}

static void gnb_capability(void *arg, void *user, struct bytes containers)
{
	((struct air *)arg)->capabilities += containers.len > 0;
}

static void gnb_bearer(void *arg, void *user, uint8_t drb, const struct cucp_tunnel *dl)
{
	struct air *a = arg;

	assert_non_null(dl);
	cuup_drb_down(a->session, drb, dl->teid);
	a->bearers++;
	a->bearer_ns = a->env.now_ns;
}

static void gnb_bearer_released(void *arg, void *user, uint8_t drb)
{
}

static bool gnb_returns(
	void *arg, void *user, const struct cucp_cell *cell, uint8_t key[KDF_KEY_LEN], uint8_t *ncc)
{
	return false;
}

static void gnb_returned(void *arg, void *user)
{
}

static void gnb_lost(void *arg, void *user, const struct f1ap_cause *cause)
{
	((struct air *)arg)->lost++;
}

static void cucp_send(void *arg, uint32_t du, struct bytes pdu)
{
	f1_put(arg, true, pdu);
}

static void du_send(void *arg, struct bytes pdu)
{
	f1_put(arg, false, pdu);
}

static void du_f1u(void *arg, const struct du_f1ap_tunnel *to, struct bytes pdu)
{
	struct air *a = arg;

	cuup_f1u_received(a->cuup, to->teid, pdu, a->env.now_ns);
}

static void cuup_packet(void *arg, uint64_t tag, uint8_t qfi, struct bytes packet)
{
	struct air *a = arg;

	assert_true(qfi == QFI && packet.len == PACKET);
	a->got_up += packet.len;
}

static void cuup_f1u(void *arg, uint64_t session, uint8_t drb, uint32_t teid, struct bytes pdu)
{
	struct air *a = arg;

	du_node_f1u_received(a->node, teid, pdu);
}

/* --- the whole */

struct way {
	enum channel_profile profile;
	double snr_db, cfo_hz;
	unsigned seed;
};

static const struct plmn home = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };

static struct channel *channel_of(const struct air *a, const struct way *w, bool uplink)
{
	struct channel_config c = { .profile = w->profile,
		.uplink = uplink,
		.rate_hz = a->rate_hz,
		.doppler_hz = w->profile == CHANNEL_AWGN ? 0 : 5,
		.cfo_hz = uplink ? -w->cfo_hz : w->cfo_hz,
		.delay_samples = w->seed % 30,
		.snr_db = w->snr_db,
		.signal_power = 1,
		.seed = w->seed * 2ull + uplink };
	struct channel *ch = channel_new(&c);

	assert_non_null(ch);
	return ch;
}

static void gnb_begin(struct air *a)
{
	static const struct cucp_upper upper = { NULL, gnb_requested, gnb_connection, gnb_nas, gnb_secured,
		gnb_capability, gnb_bearer, gnb_bearer_released, gnb_returns, gnb_returned, gnb_lost };
	const struct cuup_upper data = { a, cuup_packet, cuup_f1u };
	struct cucp_config cu = { .env = &a->env.env,
		.pool = &a->pool,
		.engine = a->engine,
		.upper = upper,
		.f1_arg = a,
		.f1ap_send = cucp_send,
		.name = "cu",
		.plmns = &home,
		.plmn_count = 1,
		.ues_max = 16,
		.dus_max = 1 };
	const struct du_node_config du = { .env = &a->env.env,
		.du = { { .pci = 1,
				.band = 3,
				.arfcn = 368500,
				.bandwidth_mhz = 10,
				.mcc = { 0, 0, 1 },
				.mnc = { 0, 1 },
				.mnc_digits = 2,
				.tac = 7,
				.cell_identity = 0x19b01 },
			0x4601 },
		.plmn = home,
		.id = 1,
		.name = "du",
		.f1u_address = { 10, 0, 0, 2 },
		.arg = a,
		.f1ap_send = du_send,
		.f1u_send = du_f1u };
	const char *wrong;

	cu.upper.arg = a;
	a->cucp = cucp_new(&cu);
	a->cuup = cuup_new(&data, 16);
	a->node = du_node_new(&du, &wrong);
	assert_true(a->cucp && a->cuup && a->node);
	a->rate_hz = du_cell(du_node_mac(a->node))->broadcast.fft_size * 15e3;
	a->gnb = du_stream_new(du_node_mac(a->node), a->rate_hz);
	assert_non_null(a->gnb);
	du_f1ap_begin(du_node_f1ap(a->node));
}

static void air_begin(struct air *a, const struct way *w)
{
	static const struct ue_rrc_upper nas = { NULL, ue_keys, ue_unproved, ue_connected, ue_fell_back,
		ue_nas, ue_bearer, ue_bearer_released, ue_paged, ue_ended, ue_alleviated };
	struct ue_stack_config ue = { .env = &a->env.env,
		.upper = nas,
		.band = 3,
		.plmn = 1,
		.arg = a,
		.random = ue_random,
		.packet = ue_packet,
		.camped = ue_camped };

	*a = (struct air){ .chance = w->seed + 1 };
	test_env_init(&a->env, w->seed + 1, false);
	sdu_pool_init(&a->pool, 4096, 16);
	a->engine = burst_new(false);
	gnb_begin(a);
	ue.upper.arg = a;
	ue.stream =
		(struct ue_stream_config){ a->rate_hz, du_cell(du_node_mac(a->node))->broadcast.carrier_hz };
	a->ue = ue_stack_new(&ue);
	assert_non_null(a->ue);
	a->down = channel_of(a, w, false);
	a->up = channel_of(a, w, true);
}

static void air_end(struct air *a)
{
	const struct phy_slot_refusal *r;

	if (du_stream_refused(a->gnb, &r) > 0)
		fail_msg("%s of %s %u (%s)", phy_slot_error_text(r->error), phy_slot_pdu_text(r->pdu),
			r->index, r->why ? r->why : "");
	ue_stack_free(a->ue);
	cucp_free(a->cucp);
	cuup_free(a->cuup);
	du_stream_free(a->gnb);
	du_node_free(a->node);
	channel_free(a->down);
	channel_free(a->up);
	burst_free(a->engine);
	sdu_pool_fini(&a->pool);
	test_env_fini(&a->env);
}

static void air_run(struct air *a, unsigned ms)
{
	struct phy_cf *at[] = { a->block };
	const struct phy_cf *from[] = { a->block };

	for (size_t left = (size_t)(a->rate_hz / 1000 * ms), n; left > 0; left -= n) {
		n = left < BLOCK ? left : BLOCK;
		a->samples += n;
		a->env.now_ns = (uint64_t)((double)a->samples * 1e9 / a->rate_hz);
		du_node_run(a->node, du_stream_now_ns(a->gnb));
		cucp_run(a->cucp);
		cuup_run(a->cuup, a->env.now_ns);
		f1_pass(a);
		du_stream_send(a->gnb, a->block, n);
		channel_run(a->down, at, from, n);
		ue_stack_run(a->ue, a->block, a->block, n);
		channel_run(a->up, at, from, n);
		du_stream_receive(a->gnb, a->block, n);
	}
}

static enum ue_rrc_answer establish(struct air *a)
{
	static const uint8_t nas[NAS_OCTETS] = { 0x7e };
	const struct ue_rrc_establishment e = { .access_category = 3,
		.access_identities = 1,
		.cause = RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING,
		.nas = BYTES(nas) };

	return ue_rrc_establish(ue_stack_rrc(a->ue), &e);
}

static void report(const struct air *a)
{
	struct du *d = du_node_mac(a->node);

	print_message(
		"camped %u at %.0f ms, connected %u at %.0f, secured %u, capabilities %u, bearer %u at %.0f, "
		"ended %u; msg3 %u, lost %u, dl %u again %u, ul %u again %u, sr %u\n",
		a->camped, (double)a->camped_ns / 1e6, a->connected, (double)a->connected_ns / 1e6,
		a->secured, a->capabilities, a->bearers, (double)a->bearer_ns / 1e6, a->ended,
		(unsigned)du_stat(d, DU_STAT_MSG3), (unsigned)du_stat(d, DU_STAT_MSG3_LOST),
		(unsigned)du_stat(d, DU_STAT_DL_BLOCKS), (unsigned)du_stat(d, DU_STAT_DL_RETRANSMISSIONS),
		(unsigned)du_stat(d, DU_STAT_UL_BLOCKS), (unsigned)du_stat(d, DU_STAT_UL_RETRANSMISSIONS),
		(unsigned)du_stat(d, DU_STAT_SCHEDULING_REQUESTS));
}

static void connect(struct air *a)
{
	for (unsigned ms = 0; ms < 600 && a->camped == 0; ms += 10)
		air_run(a, 10);
	air_run(a, 10);
	assert_int_equal(establish(a), UE_RRC_BEGUN);
	for (unsigned ms = 0; ms < 1000 && a->ue_bearers == 0; ms += 10)
		air_run(a, 10);
	air_run(a, 40);
}

/* Within a cycle of 1.28 s; a record of another is not for it. */
static void page(struct air *a)
{
	struct s_tmsi other = identity;
	const struct tai tai = { home, 7 };

	other.tmsi += 1024; /* heard in the same occasions */
	ue_stack_paged_as(a->ue, &identity);
	cucp_page(a->cucp, &identity, &tai);
	cucp_page(a->cucp, &other, &tai);
	air_run(a, 2600);
	assert_int_equal(a->paged, 1);
	assert_int_equal(du_stat(du_node_mac(a->node), DU_STAT_PAGINGS), 2);
}

static void whole_life(const struct way *w)
{
	static struct air a;
	static const uint8_t packet[PACKET], nas[NAS_OCTETS];

	air_begin(&a, w);
	connect(&a);
	report(&a);
	assert_true(a.secured == 1 && a.capabilities == 1 && a.bearers == 1 && a.ue_bearers == 1);
	for (unsigned i = 0; i < 40; i++) {
		assert_true(cuup_packet_send(a.session, QFI, BYTES(packet), false, a.env.now_ns));
		assert_true(ue_stack_send(a.ue, PSI, QFI, BYTES(packet)));
	}
	assert_true(cucp_nas_send(a.context, BYTES(nas)) && ue_rrc_nas_send(ue_stack_rrc(a.ue), BYTES(nas)));
	air_run(&a, 400);
	report(&a);
	assert_int_equal(a.got_down, 40 * PACKET);
	assert_int_equal(a.got_up, 40 * PACKET);
	assert_int_equal(a.ue_nas, 2);
	assert_int_equal(a.gnb_nas, 1);
	cucp_release(a.context, 0, false);
	air_run(&a, 100);
	assert_int_equal(a.ended, 1);
	assert_int_equal(a.ending, UE_RRC_RELEASED);
	assert_int_equal(du_f1ap_ues(du_node_f1ap(a.node)), 0);
	assert_int_equal(ue_rrc_state(ue_stack_rrc(a.ue)), UE_RRC_IDLE);
	page(&a);
	air_end(&a);
}

static void test_clear(void **state)
{
	whole_life(&(struct way){ CHANNEL_AWGN, 30, 0, 0 });
}

static void test_fading(void **state)
{
	whole_life(&(struct way){ CHANNEL_TDLC300, 15, 250, 3 });
}

/* How many of so many seeds have their DRB within two seconds of power on: 38.331 whole, over TDL-C 300 ns, 5 Hz. */
static int sweep(unsigned seeds, double snr_db)
{
	static struct air a;
	unsigned came = 0;

	for (unsigned seed = 0; seed < seeds; seed++) {
		air_begin(&a, &(struct way){ CHANNEL_TDLC300, snr_db, 100.0 * (seed % 7) - 300, seed });
		for (unsigned ms = 0; ms < 2000 && a.ue_bearers == 0; ms += 10) {
			if (a.camped > 0 && ue_rrc_state(ue_stack_rrc(a.ue)) == UE_RRC_IDLE)
				(void)establish(&a);
			air_run(&a, 10);
		}
		came += a.ue_bearers > 0;
		if (a.ue_bearers == 0) {
			printf("seed %u: ", seed);
			report(&a);
		}
		air_end(&a);
	}
	printf("%u of %u at %.1f dB\n", came, seeds, snr_db);
	return came == seeds ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_fading),
	};

	if (argc == 3) /* SEEDS DB */
		return sweep((unsigned)strtoul(argv[1], NULL, 10), strtod(argv[2], NULL));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
