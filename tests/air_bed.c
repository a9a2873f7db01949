#include "tests/air_bed.h"

#include <math.h>

#include "crypto/kdf.h"
#include "radio/phy/search/band.h"
#include "tests/upper_pdu.h"

const uint8_t air_packet[AIR_PACKET] = { 0x45, [20] = 1, 2, 3, [AIR_PACKET - 1] = 0x54 };
const struct tai air_area = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, 7 };
static const struct plmn home = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };
static const uint8_t k_amf[KDF_KEY_LEN] = { 1, 2 }, k_gnb[KDF_KEY_LEN] = { 3, 4 };

void air_put(struct air *a, enum air_end to, struct bytes octets)
{
	struct air_message *m = &a->queue[a->queue_n++];

	assert_true(a->queue_n < AIR_QUEUE);
	m->to = to;
	m->len = octets.len;
	assert_true(bytes_copy(m->octets, sizeof(m->octets), octets));
	if (a->capture && to <= AIR_F1_CP)
		upper_pdu_write(a->capture, a->env.now_ns, "f1ap", octets);
}

static void messages_pass(struct air *a)
{
	for (unsigned i = 0; i < a->queue_n; i++) {
		struct bytes octets = bytes_of(a->queue[i].octets, a->queue[i].len);

		if (a->queue[i].to == AIR_F1_DU)
			du_f1ap_received(du_node_f1ap(a->node), octets);
		else if (a->queue[i].to == AIR_F1_CP)
			cucp_f1ap_received(a->cucp, 0, octets);
		else
			air_up_received(a, a->queue[i].to, octets);
	}
	a->queue_n = 0;
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
	struct air_ue *u = arg;

	u->connected++;
	u->connected_ns = u->air->env.now_ns;
}

static bool ue_fell_back(void *arg, struct ue_rrc_establishment *e)
{
	return false;
}

static void ue_nas(void *arg, struct bytes nas)
{
	((struct air_ue *)arg)->nas++;
}

static void ue_bearer(void *arg, const struct ue_rrc_drb *drb)
{
	struct air_ue *u = arg;

	assert_true(drb->psi == AIR_PSI && drb->drb == AIR_DRB);
	u->bearers++;
	u->bearer_ns = u->air->env.now_ns;
}

static void ue_bearer_released(void *arg, uint8_t drb)
{
}

static void ue_paged(void *arg, const struct s_tmsi *s_tmsi, bool non_3gpp)
{
	struct air_ue *u = arg;

	u->paged += s_tmsi->tmsi == u->identity.tmsi && s_tmsi->amf_set_id == u->identity.amf_set_id;
}

static void ue_ended(void *arg, const struct ue_rrc_ending *e)
{
	struct air_ue *u = arg;

	u->ended++;
	u->ending = e->cause;
}

static void ue_alleviated(void *arg, uint8_t category)
{
}

static uint32_t ue_random(void *arg)
{
	struct air_ue *u = arg;

	u->chance = u->chance * 1664525 + 1013904223;
	return u->chance >> 8;
}

static void ue_packet(void *arg, uint8_t psi, uint8_t qfi, struct bytes packet)
{
	struct air_ue *u = arg;

	assert_true(psi == AIR_PSI && packet.len <= AIR_PACKET &&
		    bytes_equal(packet, bytes_of(air_packet, packet.len)));
	u->got += packet.len;
}

static void ue_camped(void *arg, const struct ue_stack_cell *cell)
{
	struct air_ue *u = arg;

	u->camped += cell != NULL;
	u->camped_ns = u->air->env.now_ns;
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
	struct air_context *x = &a->contexts[a->context_n++];

	assert_true(a->context_n < ARRAY_LEN(a->contexts) && c->nas.len == AIR_NAS_OCTETS);
	*x = (struct air_context){ .air = a, .ue = ue, .number = c->nas.data[1] };
	may_fail(bytes_copy(x->k_gnb, KDF_KEY_LEN, BYTES(k_gnb)));
	*user = x;
	return cucp_security_activate(ue, k_gnb, a->ea, NIA2);
}

static void gnb_nas(void *arg, void *user, struct bytes nas)
{
	((struct air_context *)user)->nas++;
}

struct cucp_bearer air_bearer(const struct air_context *x)
{
	return (struct cucp_bearer){ .drb = AIR_DRB,
		.psi = AIR_PSI,
		.is_default = true,
		.snssai = { 1, SNSSAI_NO_SD },
		.flows = { { AIR_QFI, 9, 8 } },
		.flow_count = 1,
		.pdcp = { .bearer = PDCP_AM_DRB,
			.rb_id = AIR_DRB,
			.tx_sn_bits = 18,
			.rx_sn_bits = 18,
			.discard_ms = PDCP_INFINITY,
			.reordering_ms = 100,
			.tx_sdap = true,
			.rx_sdap = true },
		.ul = x->ul };
}

/* The session's AIR_DRB at the CU-UP, then at DU and UE. */
static void gnb_secured(void *arg, void *user, bool completed)
{
	struct air_context *x = user;

	assert_true(completed);
	x->secured++;
	assert_true(cucp_capability_enquire(x->ue));
	air_up_context(x);
}

void air_up_is_there(struct air_context *x)
{
	static const uint8_t accept[AIR_NAS_OCTETS] = { 0x7e };
	struct cucp_bearer b = air_bearer(x);

	assert_true(!x->ue || cucp_bearer_set(x->ue, &b, BYTES(accept)));
}

static void gnb_capability(void *arg, void *user, struct bytes containers)
{
	((struct air_context *)user)->capabilities += containers.len > 0;
}

static void gnb_bearer(void *arg, void *user, uint8_t drb, const struct cucp_tunnel *dl)
{
	struct air_context *x = user;

	assert_non_null(dl);
	air_up_attach(x, dl);
	x->bearers++;
}

static void gnb_bearer_released(void *arg, void *user, uint8_t drb)
{
}

/* 33.501 6.9.2.3.4: horizontally, the chain stays at its first count. */
static bool gnb_returns(
	void *arg, void *user, const struct cucp_cell *cell, uint8_t key[KDF_KEY_LEN], uint8_t *ncc)
{
	const struct air *a = arg;
	struct air_context *x = user;
	const struct phy_waveform_config *w = &du_cell(du_node_mac(a->node))->broadcast;

	*ncc = 0;
	air_up_suspend(x);
	return kdf_k_ngran_star(x->k_gnb, cell->pci,
		       phy_arfcn_near(w->carrier_hz + (uint64_t)w->ssb_offset_hz), key) &&
	       bytes_copy(x->k_gnb, KDF_KEY_LEN, bytes_of(key, KDF_KEY_LEN));
}

static void gnb_returned(void *arg, void *user)
{
	((struct air_context *)user)->returned++;
}

static void gnb_restored(void *arg, void *user)
{
	air_up_rekey(user);
}

static void gnb_lost(void *arg, void *user, const struct f1ap_cause *cause)
{
	struct air_context *x = user;

	x->lost++;
	x->ue = NULL;
	air_up_release(x);
}

static void cucp_send(void *arg, uint32_t du, struct bytes pdu)
{
	air_put(arg, AIR_F1_DU, pdu);
}

static void du_send(void *arg, struct bytes pdu)
{
	air_put(arg, AIR_F1_CP, pdu);
}

static void du_f1u(void *arg, const struct addr *to, struct bytes datagram)
{
	air_put(arg, AIR_F1U_UP, datagram);
}

static void gnb_begin(struct air *a, uint16_t pci)
{
	const struct cucp_upper upper = { a, gnb_requested, gnb_connection, gnb_nas, gnb_secured,
		gnb_capability, gnb_bearer, gnb_bearer_released, gnb_returns, gnb_returned, gnb_restored,
		NULL, gnb_lost };
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
	struct du_node_config du = { .env = &a->env.env,
		.du = { a->cell, 0x4601 },
		.plmn = home,
		.id = 1,
		.name = "du",
		.f1u = addr_from_v4(AIR_DU_IP, 0),
		.arg = a,
		.f1ap_send = du_send,
		.f1u_send = du_f1u };
	const char *wrong;

	du.du.cell.pci = pci;
	a->cucp = cucp_new(&cu);
	a->node = du_node_new(&du, &wrong);
	assert_true(a->cucp && a->node);
	a->rate_hz = du_cell(du_node_mac(a->node))->broadcast.fft_size * (15e3 * (1 << a->cell.mu));
	a->gnb = du_stream_new(du_node_mac(a->node), a->rate_hz);
	assert_non_null(a->gnb);
	du_f1ap_begin(du_node_f1ap(a->node));
	air_up_begin(a);
}

static void gnb_end(struct air *a)
{
	const struct phy_slot_refusal *r;

	if (du_stream_refused(a->gnb, &r) > 0)
		fail_msg("%s of %s %u (%s)", phy_slot_error_text(r->error), phy_slot_pdu_text(r->pdu),
			r->index, r->why ? r->why : "");
	cucp_free(a->cucp);
	air_up_end(a);
	du_stream_free(a->gnb);
	du_node_free(a->node);
}

void air_restart(struct air *a, uint16_t pci)
{
	gnb_end(a);
	a->context_n = a->queue_n = 0;
	gnb_begin(a, pci);
}

static struct channel *channel_of(const struct air *a, const struct air_way *w, unsigned ue, bool uplink)
{
	struct channel_config c = { .profile = w->profile,
		.uplink = uplink,
		.rate_hz = a->rate_hz,
		.doppler_hz = w->profile == CHANNEL_AWGN ? 0 : 5,
		.cfo_hz = uplink ? -w->cfo_hz : w->cfo_hz,
		.delay_samples = (w->seed + 3 * ue) % 30,
		.snr_db = uplink && ue > 0 ? INFINITY : w->snr_db, /* the gNB's noise comes once */
		.signal_power = 1,
		.seed = (w->seed * 64ull + ue) * 2 + uplink };
	struct channel *ch = channel_new(&c);

	assert_non_null(ch);
	return ch;
}

static void ue_begin(struct air *a, unsigned i, const struct air_way *w)
{
	struct air_ue *u = &a->ues[i];
	const struct ue_rrc_upper upper = { u, ue_keys, ue_unproved, ue_connected, ue_fell_back, ue_nas,
		ue_bearer, ue_bearer_released, ue_paged, ue_ended, ue_alleviated };
	const struct ue_stack_config c = { .env = &a->env.env,
		.upper = upper,
		.stream = { a->rate_hz, du_cell(du_node_mac(a->node))->broadcast.carrier_hz, a->ahead },
		.band = 3,
		.plmn = home,
		.arg = u,
		.random = ue_random,
		.packet = ue_packet,
		.camped = ue_camped };

	*u = (struct air_ue){ .air = a,
		.gain = 1,
		.chance = w->seed * 16 + i + 1,
		.identity = { 0x155, 0x2a, 0xc0ffee01 + i } };
	u->stack = ue_stack_new(&c);
	assert_non_null(u->stack);
	u->down = channel_of(a, w, i, false);
	u->up = channel_of(a, w, i, true);
}

static struct served_cell_config cell_of(uint8_t bandwidth_mhz, const struct air_way *way)
{
	bool narrow = bandwidth_mhz == 3;
	struct served_cell_config c = { .band = way->tdd ? 78
						: narrow ? 28
							 : 3,
		.arfcn = way->tdd ? 633334
			 : narrow ? 156100
				  : 368500,
		.mu = way->tdd != NULL,
		.space = way->space,
		.alignment_ms = way->alignment_ms,
		.sounding = way->sounding,
		.drx_cycle_ms = way->drx_ms,
		.drx_on_ms = 10,
		.drx_inactivity_ms = 20,
		.bandwidth_mhz = bandwidth_mhz,
		.mcc = { 0, 0, 1 },
		.mnc = { 0, 1 },
		.mnc_digits = 2,
		.tac = 7,
		.cell_identity = 0x19b01,
		.tdd_downlink_symbols = 10,
		.tdd_uplink_symbols = 2 };

	for (size_t i = 0; way->tdd && way->tdd[i] && i + 1 < sizeof(c.tdd_pattern); i++)
		c.tdd_pattern[i] = way->tdd[i];
	return c;
}

void air_begin(struct air *a, uint8_t bandwidth_mhz, unsigned ues, const struct air_way *way)
{
	assert_true(ues <= AIR_UES_MAX);
	*a = (struct air){ .ue_n = ues,
		.ahead = way->ahead,
		.capture = way->capture,
		.cell = cell_of(bandwidth_mhz, way),
		.ea = way->capture ? NEA0 : NEA2 };
	test_env_init(&a->env, way->seed + 1, false);
	sdu_pool_init(&a->pool, 4096, 16);
	a->engine = burst_new(false);
	gnb_begin(a, 1);
	for (unsigned i = 0; i < ues; i++)
		ue_begin(a, i, way);
}

void air_end(struct air *a)
{
	for (unsigned i = 0; i < a->ue_n; i++) {
		ue_stack_free(a->ues[i].stack);
		channel_free(a->ues[i].down);
		channel_free(a->ues[i].up);
	}
	gnb_end(a);
	burst_free(a->engine);
	sdu_pool_fini(&a->pool);
	test_env_fini(&a->env);
}

/* What was sent ahead goes at its time. */
static void at_its_time(struct air_ue *u, size_t n)
{
	for (size_t k = 0; k < n && u->air->ahead > 0; k++) {
		struct phy_cf now = u->ahead[u->ahead_at];

		u->ahead[u->ahead_at] = u->block[k];
		u->ahead_at = (u->ahead_at + 1) % u->air->ahead;
		u->block[k] = now;
	}
}

/* The same samples to each UE through its own channel; what they send adds up. */
static void through_air(struct air *a, size_t n)
{
	for (size_t k = 0; k < n; k++)
		a->up[k] = (struct phy_cf){ 0, 0 };
	for (size_t k = 0; a->dark && k < n; k++)
		a->down[k] = (struct phy_cf){ 0, 0 };
	if (a->jam)
		a->jam(a->jam_arg, a->down, a->up, n);
	for (unsigned i = 0; i < a->ue_n; i++) {
		struct air_ue *u = &a->ues[i];
		struct phy_cf *at[] = { u->block };
		const struct phy_cf *from[] = { u->block }, *sent[] = { a->down };

		channel_run(u->down, at, sent, n);
		ue_stack_run(u->stack, u->block, u->block, n);
		at_its_time(u, n);
		channel_run(u->up, at, from, n);
		for (size_t k = 0; k < n && !a->dark; k++) {
			a->up[k].re += u->gain * u->block[k].re;
			a->up[k].im += u->gain * u->block[k].im;
		}
	}
}

void air_run(struct air *a, unsigned ms)
{
	air_run_us(a, 1000 * ms);
}

void air_run_us(struct air *a, unsigned us)
{
	for (size_t left = (size_t)(a->rate_hz / 1e6 * us), n; left > 0; left -= n) {
		n = left < AIR_BLOCK ? left : AIR_BLOCK;
		a->samples += n;
		a->env.now_ns = (uint64_t)((double)a->samples * 1e9 / a->rate_hz);
		du_node_run(a->node, du_stream_now_ns(a->gnb));
		cucp_run(a->cucp);
		air_up_run(a);
		messages_pass(a);
		du_stream_send(a->gnb, a->down, n);
		through_air(a, n);
		du_stream_receive(a->gnb, a->up, n);
		messages_pass(a);
	}
}

void air_establish(struct air *a)
{
	for (unsigned i = 0; i < a->ue_n; i++) {
		struct air_ue *u = &a->ues[i];
		const uint8_t nas[AIR_NAS_OCTETS] = { 0x7e, (uint8_t)i };
		const struct ue_rrc_establishment e = { .access_category = 3,
			.access_identities = 1,
			.cause = RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING,
			.nas = BYTES(nas) };

		if (u->camped > 0 && ue_rrc_state(ue_stack_rrc(u->stack)) == UE_RRC_IDLE)
			may_fail(ue_rrc_establish(ue_stack_rrc(u->stack), &e) == UE_RRC_BEGUN);
	}
}

bool air_connect(struct air *a, unsigned ms)
{
	for (unsigned passed = 0; passed < ms; passed += 10) {
		unsigned have = 0;

		for (unsigned i = 0; i < a->ue_n; i++)
			have += a->ues[i].bearers > 0;
		if (have == a->ue_n)
			return true;
		air_establish(a);
		air_run(a, 10);
	}
	return false;
}

struct air_context *air_context_of(struct air *a, unsigned ue)
{
	for (unsigned i = a->context_n; i > 0; i--)
		if (a->contexts[i - 1].number == ue && a->contexts[i - 1].ue)
			return &a->contexts[i - 1];
	return NULL;
}

void air_report(const struct air *a)
{
	struct du *d = du_node_mac(a->node);

	for (unsigned i = 0; i < a->ue_n; i++)
		print_message("UE %u: camped at %.0f ms, connected %u at %.0f, bearer %u at %.0f, ended %u, "
			      "got %u\n",
			i, (double)a->ues[i].camped_ns / 1e6, a->ues[i].connected,
			(double)a->ues[i].connected_ns / 1e6, a->ues[i].bearers,
			(double)a->ues[i].bearer_ns / 1e6, a->ues[i].ended, (unsigned)a->ues[i].got);
	print_message("preambles %u, msg3 %u, lost %u, dl %u again %u, ul %u again %u, sr %u, no cce %u\n",
		(unsigned)du_stat(d, DU_STAT_PREAMBLES), (unsigned)du_stat(d, DU_STAT_MSG3),
		(unsigned)du_stat(d, DU_STAT_MSG3_LOST), (unsigned)du_stat(d, DU_STAT_DL_BLOCKS),
		(unsigned)du_stat(d, DU_STAT_DL_RETRANSMISSIONS), (unsigned)du_stat(d, DU_STAT_UL_BLOCKS),
		(unsigned)du_stat(d, DU_STAT_UL_RETRANSMISSIONS),
		(unsigned)du_stat(d, DU_STAT_SCHEDULING_REQUESTS), (unsigned)du_stat(d, DU_STAT_NO_CCE));
}
