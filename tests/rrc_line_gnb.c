/* NGAP, as the CU-CP sees it. */
#include "tests/rrc_line_internal.h"

static bool gnb_setup_requested(
	void *arg, const struct cucp_cell *cell, enum rrc_establishment_cause cause, uint8_t *wait_s)
{
	struct line *l = arg;

	*wait_s = l->gnb.wait_s;
	return !l->gnb.refuses_setup;
}

struct cucp_bearer line_bearer(uint8_t drb)
{
	struct cucp_bearer b = { .drb = drb,
		.psi = LINE_PSI,
		.is_default = true,
		.snssai = { 1, SNSSAI_NO_SD },
		.flows = { { 1, 9, 8 } },
		.flow_count = 1,
		.ul = { { 10, 0, 0, 1 }, 4, 0x11223344 } };

	b.pdcp = (struct pdcp_config){ .bearer = PDCP_AM_DRB,
		.rb_id = drb,
		.tx_sn_bits = 18,
		.rx_sn_bits = 18,
		.discard_ms = PDCP_INFINITY,
		.reordering_ms = 100,
		.tx_sdap = true };
	return b;
}

static bool gnb_connection(void *arg, struct cucp_ue *ue, const struct cucp_connection *c, void **user)
{
	struct line *l = arg;

	if (l->gnb.refuses_connection)
		return false;
	if (l->gnb.ue) /* the AMF would notice: the UE cannot be in two connections */
		cucp_release(l->gnb.ue, 0, true);
	l->gnb.ue = ue;
	l->gnb.connection = *c;
	l->gnb.connection.registered = NULL;
	l->gnb.connection.nas = BYTES_NONE;
	l->gnb.connections++;
	l->gnb.ncc = 0;
	assert_true(bytes_copy(l->gnb.k_gnb, KDF_KEY_LEN, BYTES(line_k_gnb)));
	assert_true(l->foreign || l->fault == LINE_DAMAGED ||
		    (plmn_equal(&c->plmn, &line_plmn) && bytes_equal(c->nas, line_nas(NAS_REQUEST))));
	*user = l;
	if (!l->gnb.idle)
		assert_true(cucp_security_activate(ue, l->gnb.k_gnb, l->gnb.ea, l->gnb.ia));
	return true;
}

static void gnb_nas(void *arg, void *user, struct bytes nas)
{
	struct line *l = user;

	l->gnb.nas_count++;
	l->gnb.nas_len = nas.len;
	assert_true(bytes_copy(l->gnb.nas, sizeof(l->gnb.nas), nas) || l->foreign);
}

static void gnb_secured(void *arg, void *user, bool completed)
{
	struct line *l = user;
	struct cucp_bearer b = line_bearer(LINE_DRB);

	l->gnb.secured += completed;
	l->gnb.unsecured += !completed;
	if (l->gnb.idle)
		return;
	if (!completed) {
		cucp_release(l->gnb.ue, 0, false);
		l->gnb.ue = NULL;
		return;
	}
	assert_true(cucp_capability_enquire(l->gnb.ue));
	assert_true(cucp_bearer_set(l->gnb.ue, &b, line_nas(NAS_ACCEPT)));
}

static void gnb_capability(void *arg, void *user, struct bytes containers)
{
	struct line *l = user;

	l->gnb.capabilities++;
	l->gnb.capability_len = containers.len;
	assert_true(bytes_copy(l->gnb.capability, sizeof(l->gnb.capability), containers) || l->foreign);
}

static void gnb_bearer(void *arg, void *user, uint8_t drb, const struct cucp_tunnel *dl)
{
	struct line *l = user;

	assert_true(l->foreign || !dl || dl->teid == 0x55667788);
	l->gnb.bearers += dl != NULL;
	l->gnb.bearers_refused += dl == NULL;
}

static void gnb_bearer_released(void *arg, void *user, uint8_t drb)
{
	((struct line *)user)->gnb.bearers_released++;
}

static bool gnb_reestablishment(
	void *arg, void *user, const struct cucp_cell *cell, uint8_t key[KDF_KEY_LEN], uint8_t *ncc)
{
	struct line *l = user;
	uint8_t next[KDF_KEY_LEN];

	if (l->gnb.refuses_return)
		return false;
	assert_true(kdf_k_ngran_star(l->gnb.k_gnb, cell->pci, LINE_SSB_ARFCN, next));
	assert_true(bytes_copy(l->gnb.k_gnb, KDF_KEY_LEN, BYTES(next)) &&
		    bytes_copy(key, KDF_KEY_LEN, BYTES(next)));
	*ncc = l->gnb.ncc;
	return true;
}

static void gnb_returned(void *arg, void *user)
{
	((struct line *)user)->gnb.returned++;
}

static void gnb_restored(void *arg, void *user)
{
	((struct line *)user)->gnb.restored++;
}

static void gnb_measured(void *arg, void *user, const struct cucp_serving_cell *cell)
{
	struct line *l = user;

	l->gnb.measured++;
	l->gnb.serving = *cell;
}

static void gnb_lost(void *arg, void *user, const struct f1ap_cause *cause)
{
	struct line *l = user;

	l->gnb.lost++;
	l->gnb.ue = NULL;
}

static bool gnb_cell_offered(void *arg, const struct cucp_cell *cell)
{
	struct line *l = arg;

	return !l->gnb.refuses_cells;
}

const struct cucp_upper line_gnb_upper = { NULL, gnb_setup_requested, gnb_connection, gnb_nas, gnb_secured,
	gnb_capability, gnb_bearer, gnb_bearer_released, gnb_reestablishment, gnb_returned, gnb_restored,
	gnb_measured, gnb_lost, gnb_cell_offered };
