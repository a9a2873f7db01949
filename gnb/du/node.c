#include "gnb/du/node.h"

#include <stdlib.h>

#include "gnb/du/node_parts.h"
#include "radio/phy/search/band.h"

enum {
	SDUS_SMALL = 20000,
	SDUS_LARGE = 64,
	HOLES = 4096,
	CELL_GROUP_OCTETS = 1024,
	ARENA_OCTETS = 16384,
	BUFFER_OCTETS = 1 << 20
};

/* The UE's first word: it gets SRB1 and its resources, which the CU passes on in RRCSetup. */
static void on_ccch(void *arg, uint16_t place, uint16_t c_rnti, struct bytes sdu)
{
	struct du_node *n = arg;
	struct node_ue *u = &n->ues[place];
	struct cell_group_bearer srb1 = node_srb(1);
	struct mac_drx_config drx = served_cell_drx(du_cell(n->du), place);
	uint8_t octets[CELL_GROUP_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));

	if (u->there)
		node_ue_end(u);
	*u = (struct node_ue){ .node = n, .there = true, .c_rnti = c_rnti };
	if (place >= n->ues_end)
		n->ues_end = (uint16_t)(place + 1);
	if (!node_bearer_begin(u, 1, &srb1.rlc, srb1.priority) ||
		!cell_group_write(&w, &du_cell(n->du)->cell, du_ue_own(n->du, place),
			&(struct cell_group_change){ .bearers = &srb1,
				.n = 1,
				.drx = &drx,
				.alignment_ms = du_cell(n->du)->config.alignment_ms }) ||
		!du_f1ap_ccch_received(n->f1ap, &n->cell.cgi, c_rnti, sdu, writer_bytes(&w))) {
		node_ue_end(u);
		du_ue_release(n->du, place);
	}
}

static void on_configured(void *arg, uint16_t place)
{
}

static void on_lost(void *arg, uint16_t place)
{
	struct du_node *n = arg;

	if (!n->ues[place].there || n->ues[place].release_ns != 0)
		return;
	for (uint8_t lcid = DRB_LCID; lcid < ARRAY_LEN(n->ues[place].bearers); lcid++)
		if (n->ues[place].bearers[lcid].f1u)
			du_f1u_outage(n->ues[place].bearers[lcid].f1u, true);
	du_f1ap_link_failed(n->f1ap, n->ues[place].c_rnti, F1AP_CAUSE_RADIO_NETWORK_RL_FAILURE_OTHERS);
}

static enum f1ap_nrnrb nrb_of(unsigned prbs)
{
	static const uint16_t values[] = { 11, 18, 24, 25, 31, 32, 38, 51, 52, 65, 66, 78, 79, 93, 106, 107,
		121, 132, 133, 135, 160, 162, 189, 216, 217, 245, 264, 270, 273 };
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(values) && values[i] < prbs)
		i++;
	return (enum f1ap_nrnrb)i;
}

static const enum rrc_measurement_timing_configuration_critical_extensions_c1_tag is_timing =
	RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_C1_TAG_MEAS_TIMING_CONF;

/* 38.331 SSB-MTC: from SF5 on, each the double of the one before. */
static struct rrc_ssb_mtc window_of(const struct served_cell *s)
{
	unsigned tag = RRC_SSB_MTC_PERIODICITY_AND_OFFSET_TAG_SF5;

	for (unsigned ms = 5; ms < s->cell.ssb_period_ms; ms *= 2)
		tag++;
	return (struct rrc_ssb_mtc){ .periodicity_and_offset.tag =
					     (enum rrc_ssb_mtc_periodicity_and_offset_tag)tag,
		.duration = RRC_SSB_MTC_DURATION_SF5 };
}

/* F1AP has MIB and SIB1 without the messages around them (38.473 9.3.1.18), and when there is what to
 * measure. */
static bool system_information(struct du_node *n)
{
	const struct served_cell *s = du_cell(n->du);
	uint64_t first[ARENA_OCTETS / 8];
	struct rrc_bcch_dl_sch_message m;
	struct rrc_mib mib = { .sub_carrier_spacing_common = s->mib.scs_common_high,
		.ssb_subcarrier_offset = s->mib.k_ssb & 15,
		.dmrs_type_a_position = s->mib.dmrs_type_a_position == 3,
		.pdcch_config_sib1 = { s->mib.coreset_zero, s->mib.search_space_zero },
		.cell_barred =
			s->mib.cell_barred ? RRC_MIB_CELL_BARRED_BARRED : RRC_MIB_CELL_BARRED_NOT_BARRED,
		.intra_freq_reselection = s->mib.intra_freq_reselection
						  ? RRC_MIB_INTRA_FREQ_RESELECTION_ALLOWED
						  : RRC_MIB_INTRA_FREQ_RESELECTION_NOT_ALLOWED };
	const struct rrc_ssb_mtc window = window_of(s);
	struct rrc_meas_timing_frequency_and_timing ssb = { .carrier_freq = served_cell_ssb_arfcn(s),
		.ssb_subcarrier_spacing = (enum rrc_subcarrier_spacing)s->config.mu,
		.ssb_measurement_timing_configuration = window };
	struct rrc_meas_timing when = { .frequency_and_timing = &ssb };
	struct rrc_meas_timing_list list = { 1, &when };
	struct rrc_measurement_timing_configuration timing = {
		.critical_extensions.tag = RRC_MEASUREMENT_TIMING_CONFIGURATION_CRITICAL_EXTENSIONS_TAG_C1,
		.critical_extensions.u.c1 = { is_timing, .u.meas_timing_conf.meas_timing = &list },
	};
	struct writer w = writer_of(n->information, sizeof(n->information));
	struct per_diag diag;
	struct arena arena;
	size_t ends[3] = { 0 };
	bool ok;

	arena_init(&arena, first, sizeof(first), 0);
	ok = rrc_decode(&rrc_bcch_dl_sch_message_type, s->broadcast.sib1, &arena, &m, &diag) &&
	     rrc_encode(&rrc_mib_type, &mib, &w);
	ends[0] = w.len;
	ok = ok && rrc_encode(&rrc_sib1_type, &m.message.u.c1.u.system_information_block_type1, &w);
	ends[1] = w.len;
	ok = ok && rrc_encode(&rrc_measurement_timing_configuration_type, &timing, &w);
	ends[2] = w.len;
	arena_fini(&arena);
	n->cell.mib = bytes_of(n->information, ends[0]);
	n->cell.sib1 = bytes_of(n->information + ends[0], ends[1] - ends[0]);
	n->cell.measurement_timing = bytes_of(n->information + ends[1], ends[2] - ends[1]);
	return ok;
}

static bool describe(struct du_node *n)
{
	const struct served_cell *s = du_cell(n->du);

	n->cell = (struct du_f1ap_cell){ .cgi = { n->config.plmn, s->config.cell_identity },
		.pci = s->config.pci,
		.tac = s->config.tac,
		.plmns = &n->config.plmn,
		.plmn_count = 1,
		.tdd = !s->cell.paired,
		.dl_arfcn = s->config.arfcn,
		.ul_arfcn = phy_arfcn_near(s->cell.uplink.hz),
		.band = s->config.band,
		.scs = (enum f1ap_nrscs)s->config.mu,
		.prb = nrb_of(s->broadcast.prbs) };
	return system_information(n);
}

struct du_node *du_node_new(const struct du_node_config *c, const char **wrong)
{
	struct du_node *n = calloc(1, sizeof(*n));
	const struct du_upper upper = { n, on_ccch, on_configured, node_returned, on_lost };
	struct du_f1ap_config f1 = { .env = c->env,
		.id = c->id,
		.name = c->name,
		.cell_count = 1,
		.ues_max = DU_UES_MAX,
		.lower = node_lower(n),
		.f1_arg = c->arg,
		.send = c->f1ap_send,
		.removed = c->f1_removed };
	struct du_f1u_config f1u = { .env = c->env,
		.own = c->f1u,
		.bearers_max = DU_UES_MAX * DRBS_MAX,
		.buffer_octets = BUFFER_OCTETS,
		.lower = node_f1u(n),
		.arg = c->arg,
		.send = c->f1u_send };

	*wrong = NULL;
	if (!n)
		return NULL;
	n->config = *c;
	rlc_memory_init(&n->memory, SDUS_SMALL, SDUS_LARGE, HOLES);
	n->du = du_new(&c->du, &upper, wrong);
	f1.cells = &n->cell;
	n->f1u = du_f1u_new(&f1u);
	n->f1ap = n->f1u && n->du && describe(n) ? du_f1ap_new(&f1) : NULL;
	if (n->f1ap)
		return n;
	du_node_free(n);
	return NULL;
}

void du_node_free(struct du_node *n)
{
	if (!n)
		return;
	for (uint16_t i = 0; i < DU_UES_MAX; i++)
		if (n->ues[i].there)
			node_ue_end(&n->ues[i]);
	du_f1ap_free(n->f1ap);
	du_f1u_free(n->f1u);
	du_free(n->du);
	rlc_memory_fini(&n->memory);
	free(n);
}

struct du *du_node_mac(struct du_node *n)
{
	return n->du;
}

struct du_f1ap *du_node_f1ap(struct du_node *n)
{
	return n->f1ap;
}

struct du_f1u *du_node_f1u(struct du_node *n)
{
	return n->f1u;
}

void du_node_f1u_received(struct du_node *n, const struct addr *from, struct bytes datagram)
{
	du_f1u_received(n->f1u, from, datagram);
}

void du_node_run(struct du_node *n, uint64_t now_ns)
{
	n->now_ns = now_ns;
	for (uint16_t i = 0; i < n->ues_end; i++) {
		struct node_ue *u = &n->ues[i];

		if (!u->there)
			continue;
		for (uint8_t lcid = 1; lcid < ARRAY_LEN(u->bearers); lcid++)
			if (u->bearers[lcid].rlc)
				rlc_run(u->bearers[lcid].rlc, now_ns);
		node_return_run(u);
		if (u->release_ns != 0 && now_ns >= u->release_ns) {
			node_ue_end(u);
			du_ue_release(n->du, i);
		}
	}
	du_f1u_run(n->f1u);
	du_f1ap_run(n->f1ap);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t du_node_deadline_ns(const struct du_node *n)
{
	uint64_t next_ns = earlier(du_f1u_deadline_ns(n->f1u), du_f1ap_deadline_ns(n->f1ap));

	for (uint16_t i = 0; i < n->ues_end; i++) {
		const struct node_ue *u = &n->ues[i];

		for (uint8_t lcid = 1; u->there && lcid < ARRAY_LEN(u->bearers); lcid++)
			if (u->bearers[lcid].rlc)
				next_ns = earlier(next_ns, rlc_deadline_ns(u->bearers[lcid].rlc));
		if (u->there)
			next_ns = earlier(next_ns, node_return_deadline_ns(u));
		if (u->there && u->release_ns != 0)
			next_ns = earlier(next_ns, u->release_ns);
	}
	return next_ns;
}
