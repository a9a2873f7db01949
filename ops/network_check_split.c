/* gNBs that are split into a CU-CP, CU-UPs and DUs (38.401 6.1.2): who is whose, and where. */
#include <string.h>

#include "ops/network_check.h"

static bool is_split(const struct network_gnb *g)
{
	return g->f1_address.len > 0;
}

/* What a gNB may have by whether it is split. */
static bool check_gnb(const struct network *n, struct network_gnb *g, struct config_doubt *doubt)
{
	if (!is_split(g) && g->e1_address.len > 0)
		return network_doubt(
			doubt, &g->e1_address, "expected f1_address beside it: the gNB is split");
	if (!is_split(g))
		return g->config.n3_address.len > 0 ||
		       network_doubt(doubt, g, "expected n3_address, or f1_address of a gNB that is split");
	if (n->radio.air != NETWORK_AIR_SAMPLES)
		return network_doubt(doubt, &g->f1_address,
			"expected radio: {air: samples}: what goes by messages is not split");
	if (g->config.n3_address.len > 0)
		return network_doubt(doubt, &g->config.n3_address,
			"expected none beside f1_address: N3 is of cuups, each with its n3_address");
	if (g->sctp.transport == TRANSPORT_UDP)
		return network_doubt(doubt, &g->f1_address,
			"expected no F1 where SCTP is carried by UDP: transport raw or kernel");
	if (g->e1_address.len == 0)
		g->e1_address = g->f1_address;
	return true;
}

/* The gNB that is named, or the first; NULL with what is wrong. */
static struct network_gnb *gnb_of(struct network *n, const char *name, struct config_doubt *doubt)
{
	struct network_gnb *g = name[0] ? network_gnb_named(n, name) : n->gnb_count ? &n->gnbs[0] : NULL;

	if (!g)
		may_fail(network_doubt(doubt, name, "expected the name of one of gnbs"));
	else if (!is_split(g))
		may_fail(network_doubt(doubt, name, "expected a gNB with f1_address: this one is whole"));
	return g && is_split(g) ? g : NULL;
}

/* What is bound for GTP-U, all of it at one port. */
static bool check_gtpu(const struct network *n, const struct addr *mine, const struct addr *until,
	const char *what, struct config_doubt *doubt)
{
	for (uint8_t i = 0; i < n->cuup_count; i++) {
		const struct network_cuup *u = &n->cuups[i];

		if (&u->n3_address == until)
			return true;
		if (addr_same_host(&u->n3_address, mine))
			return network_doubt(doubt, mine, what);
		if (&u->f1u_address == until)
			return true;
		if (addr_same_host(&u->f1u_address, mine))
			return network_doubt(doubt, mine, what);
	}
	for (uint8_t i = 0; i < n->du_count && &n->dus[i].f1u_address != until; i++)
		if (addr_same_host(&n->dus[i].f1u_address, mine))
			return network_doubt(doubt, mine, what);
	return true;
}

static bool check_cuup(struct network *n, uint8_t at, struct config_doubt *doubt)
{
	struct network_cuup *u = &n->cuups[at];
	const struct network_gnb *g = gnb_of(n, u->gnb, doubt);
	uint64_t number = 1;

	if (!g)
		return false;
	u->of = g;
	for (uint8_t i = 0; i < at; i++)
		number += n->cuups[i].of == g;
	if (u->id == 0)
		u->id = number;
	for (uint8_t i = 0; i < at; i++)
		if (n->cuups[i].of == g && n->cuups[i].id == u->id)
			return network_doubt(
				doubt, &u->id, "expected an id that no other CU-UP of the gNB has");
	if (u->e1_address.len == 0)
		u->e1_address = u->f1u_address;
	return check_gtpu(n, &u->n3_address, &u->n3_address,
		       "expected an n3_address where no other CU-UP or DU has its GTP-U", doubt) &&
	       check_gtpu(n, &u->f1u_address, &u->f1u_address,
		       "expected an f1u_address where no other has its GTP-U, nor N3", doubt);
}

static bool check_du(struct network *n, uint8_t at, struct config_doubt *doubt)
{
	struct network_du *d = &n->dus[at];
	struct network_gnb *g = gnb_of(n, d->gnb, doubt);

	if (!g)
		return false;
	d->of = g;
	d->at = network_cell_of(g, d->cell);
	if (!d->at)
		return network_doubt(doubt, &d->cell, "expected the id of one of the gNB's cells");
	for (uint8_t i = 0; i < at; i++)
		if (n->dus[i].at == d->at)
			return network_doubt(doubt, &d->cell, "expected a cell that no other DU serves");
	if (d->f1u_address.len == 0)
		d->f1u_address = d->f1_address;
	return check_gtpu(n, &d->f1u_address, &d->f1u_address,
		"expected an f1u_address where no CU-UP or other DU has its GTP-U", doubt);
}

bool network_check_split(struct network *n, struct config_doubt *doubt)
{
	for (uint8_t i = 0; i < n->gnb_count; i++)
		if (!check_gnb(n, &n->gnbs[i], doubt))
			return false;
	for (uint8_t i = 0; i < n->cuup_count; i++) {
		network_name(n->cuups[i].name, sizeof(n->cuups[i].name), "cuup-", i + 1u);
		if (!check_cuup(n, i, doubt))
			return false;
	}
	for (uint8_t i = 0; i < n->du_count; i++) {
		network_name(n->dus[i].name, sizeof(n->dus[i].name), "du-", i + 1u);
		if (!check_du(n, i, doubt))
			return false;
	}
	return network_distinct(doubt, n->cuups[0].name, n->cuup_count, sizeof(n->cuups[0]),
		       "expected a name that no other CU-UP has") &&
	       network_distinct(doubt, n->dus[0].name, n->du_count, sizeof(n->dus[0]),
		       "expected a name that no other DU has");
}
