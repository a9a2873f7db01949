/* Handover in a script: who is whose neighbour, the operator's order, and what must agree afterwards. */
#include "gnb/internal.h"
#include "tests/scenario/scenario.h"

static const struct addr ues_at = { .ip = { 10, 0, 2, 1 }, .len = 4, .port = 4997 }; /* life.c */

static void neighbour_of(struct scn_gnb *g, struct gnb_neighbour *out)
{
	*out = (struct gnb_neighbour){ .gnb_id = g->config.gnb_id,
		.gnb_id_bits = g->config.gnb_id_bits,
		.plmn = g->config.plmn,
		.direct = !g->indirect,
		.cell_count = g->config.cell_count };
	if (!g->no_xn)
		out->xn = g->xn;
	str_copy(out->name, sizeof(out->name), g->name);
	for (uint8_t i = 0; i < g->config.cell_count; i++)
		out->cells[i] = g->config.cells[i];
}

void scn_neighbours(struct scn *s)
{
	s->cell_count = 0;
	for (size_t i = 1; i <= SCN_GNBS_MAX; i++) {
		struct scn_gnb *g = &s->gnbs[i];

		if (!g->node)
			continue;
		g->config.neighbour_count = 0;
		for (size_t k = 1; k <= SCN_GNBS_MAX; k++)
			if (k != i && s->gnbs[k].node)
				neighbour_of(&s->gnbs[k], &g->config.neighbours[g->config.neighbour_count++]);
		if (g->gnb)
			gnb_take_config(g->gnb, &g->config);
		s->cells[s->cell_count++] = (struct ue_cell){ .at = g->air,
			.pci = g->config.cells[0].pci,
			.nci = (uint64_t)g->config.gnb_id << (36 - g->config.gnb_id_bits) |
			       g->config.cells[0].id,
			.tai = { g->config.plmn, g->config.cells[0].tac } };
	}
	ue_host_set_cells(s->host, s->cells, s->cell_count);
}

/* The gNB whose cell the UE is in. */
static struct scn_gnb *gnb_of_ue(struct scn *s, const struct ue *ue)
{
	struct ue_state state;

	ue_state(ue, &state);
	for (size_t i = 1; i <= SCN_GNBS_MAX; i++)
		if (s->gnbs[i].node && addr_equal(&s->gnbs[i].air, &state.gnb))
			return &s->gnbs[i];
	return NULL;
}

bool scn_tunnels_move(struct scn *s, const struct scn_args *a)
{
	struct ue *u = a->n[0] >= 1 && a->n[0] <= SCN_UES_MAX ? s->ues[a->n[0]].ue : NULL;
	struct scn_gnb *at = u ? gnb_of_ue(s, u) : NULL;
	const char *why;

	if (!at || !at->gnb)
		return scn_fail(s, "there is no such UE, or gNB");
	why = gnb_tunnels_move(at->gnb, &ues_at, ue_index(u));
	sim_settle(at->node);
	return !why || scn_fail(s, "no other tunnels: %s", why);
}

bool scn_handover(struct scn *s, uint64_t ue, uint64_t gnb, const char *way, bool possible)
{
	struct scn_gnb *to = gnb >= 1 && gnb <= SCN_GNBS_MAX ? &s->gnbs[gnb] : NULL;
	struct ue *u = ue >= 1 && ue <= SCN_UES_MAX ? s->ues[ue].ue : NULL;
	struct scn_gnb *from = u ? gnb_of_ue(s, u) : NULL;
	struct gnb_handover_order o = { .ue = ues_at };
	const char *why;

	if (!from || !from->gnb || !to)
		return scn_fail(s, "there is no such UE, or gNB");
	o.index = ue_index(u);
	o.gnb = to->name;
	o.n2 = way && !strcmp(way, "n2");
	o.xn = way && !strcmp(way, "xn");
	why = gnb_handover_begin(from->gnb, &o);
	sim_settle(from->node);
	if (possible)
		return !why || scn_fail(s, "no handover: %s", why);
	return why || scn_fail(s, "the handover began");
}

bool scn_ue_is_at(struct scn *s, uint64_t ue, uint64_t gnb)
{
	const struct scn_gnb *at =
		ue >= 1 && ue <= SCN_UES_MAX && s->ues[ue].ue ? gnb_of_ue(s, s->ues[ue].ue) : NULL;

	snprintf(s->seen, sizeof(s->seen), "at %s", at ? at->name : "none");
	return at && gnb <= SCN_GNBS_MAX && at == &s->gnbs[gnb];
}

bool scn_keys_agree(struct scn *s, uint64_t ue)
{
	struct ue *u = ue >= 1 && ue <= SCN_UES_MAX ? s->ues[ue].ue : NULL;
	struct scn_gnb *at = u ? gnb_of_ue(s, u) : NULL;
	uint32_t index = u ? ue_index(u) : 0;
	const struct gnb_ue *there = at && at->gnb ? gnb_rrc_find(at->gnb, &ues_at, &index) : NULL;
	struct ue_state state;

	if (!there)
		return false;
	ue_state(u, &state);
	snprintf(s->seen, sizeof(s->seen), "NCC %u and %u, %s keys", state.ncc, there->ncc,
		memcmp(state.k_gnb, there->k_gnb, GNB_KEY_LEN) ? "different" : "equal");
	return state.ncc == there->ncc && !memcmp(state.k_gnb, there->k_gnb, GNB_KEY_LEN);
}
