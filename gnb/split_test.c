/* F1 and E1 of a gNB whose DUs and CU-UPs are others' (38.473 8.2, 37.483 8.2): who is taken, who is refused
 * and told what, who has come again. */
#include "base/test_env.h"
#include "gnb/gnb.h"
#include "wire/e1ap/e1ap.h"
#include "wire/f1ap/f1ap.h"

enum { NCI = 1 << 14 | 1, TAC = 1 };

static const uint8_t plmn_ours[] = { 0x00, 0xf1, 0x10 }, plmn_other[] = { 0x99, 0xf9, 0x99 };

struct split {
	struct test_env t;
	struct gnb_config config;
	struct gnb *gnb;
	struct arena arena;
};

static int setup(void **state)
{
	struct split *s = calloc(1, sizeof(*s));

	if (!s)
		return -1;
	test_env_init(&s->t, 0, false);
	arena_init(&s->arena, NULL, 0, 1 << 20);
	s->config = (struct gnb_config){ .name = "g",
		.radio = GNB_RADIO_DUS,
		.gnb_id = 1,
		.gnb_id_bits = 22,
		.cell_count = 1,
		.cells = { { .id = 1, .tac = TAC } },
		.slice_count = 1,
		.slices = { { 1, SNSSAI_NO_SD } },
		.amf_count = 1 };
	assert_true(plmn_parse("00101", &s->config.plmn));
	assert_true(addr_parse("10.0.0.1", &s->config.amfs[0]));
	s->gnb = gnb_new(&s->config, &s->t.env);
	*state = s;
	return s->gnb ? 0 : -1;
}

static int teardown(void **state)
{
	struct split *s = *state;

	gnb_free(s->gnb);
	test_env_fini(&s->t);
	arena_fini(&s->arena);
	free(s);
	return 0;
}

static void deliver(struct split *s, const struct msg *m)
{
	struct room r = gnb_room(s->gnb);

	r.ops->on_msg(r.self, m);
}

/* An association from 10.0.1.host. */
static void up(struct split *s, uint16_t port, uint64_t assoc, uint8_t host)
{
	deliver(s, &(struct msg){ .kind = MSG_UP,
			   .port = port,
			   .assoc = assoc,
			   .out_streams = 2,
			   .in_streams = 2,
			   .peer = addr_from_v4(0x0a000100u | host, 40000) });
}

static void down(struct split *s, uint16_t port, uint64_t assoc)
{
	deliver(s, &(struct msg){ .kind = MSG_DOWN, .port = port, .assoc = assoc });
}

static void say_f1(struct split *s, uint64_t assoc, enum f1ap_message type, const void *body)
{
	uint8_t octets[2048];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(f1ap_encode(type, body, &w));
	deliver(s, &(struct msg){
			   .kind = MSG_DATA, .port = GNB_PORT_F1, .assoc = assoc, .data = writer_bytes(&w) });
}

static void say_e1(struct split *s, uint64_t assoc, enum e1ap_message type, const void *body)
{
	uint8_t octets[2048];
	struct writer w = writer_of(octets, sizeof(octets));

	assert_true(e1ap_encode(type, body, &w));
	deliver(s, &(struct msg){
			   .kind = MSG_DATA, .port = GNB_PORT_E1, .assoc = assoc, .data = writer_bytes(&w) });
}

/* The next that was said there is of this association and type. */
static struct f1ap_pdu hears_f1(struct split *s, uint64_t assoc, enum f1ap_message type)
{
	const struct msg *m = test_env_next(&s->t, GNB_PORT_F1);
	struct per_diag diag;
	struct f1ap_pdu pdu;

	assert_true(m && m->kind == MSG_DATA && m->assoc == assoc);
	assert_true(f1ap_decode(m->data, &s->arena, &pdu, &diag));
	assert_int_equal(pdu.message, type);
	return pdu;
}

static struct e1ap_pdu hears_e1(struct split *s, uint64_t assoc, enum e1ap_message type)
{
	const struct msg *m = test_env_next(&s->t, GNB_PORT_E1);
	struct per_diag diag;
	struct e1ap_pdu pdu;

	assert_true(m && m->kind == MSG_DATA && m->assoc == assoc);
	assert_true(e1ap_decode(m->data, &s->arena, &pdu, &diag));
	assert_int_equal(pdu.message, type);
	return pdu;
}

static bool is_closed(struct split *s, uint16_t port, uint64_t assoc)
{
	const struct msg *m = test_env_next(&s->t, port);

	return m && m->kind == MSG_DOWN && m->assoc == assoc;
}

static uint64_t figure(struct split *s, const struct stat_group *group, const char *name)
{
	struct stats_list l = { 0 };

	gnb_figures(s->gnb, &l);
	for (size_t i = 0; i < l.count; i++)
		for (size_t k = 0; l.items[i].group == group && k < group->count; k++)
			if (!strcmp(group->defs[k].name, name))
				return l.items[i].values[k];
	fail_msg("there is no figure %s", name);
	return 0;
}

/* F1 SETUP REQUEST of a DU with cells, each by its NCI, PLMN and TAC. */
struct offer {
	uint64_t nci;
	const uint8_t *plmn;
	uint32_t tac;
};

enum { OFFERS_MAX = 2 };

/* What messages about cells point to. */
struct offered {
	struct f1ap_served_plmns_item plmns[OFFERS_MAX];
	struct f1ap_freq_band_nr_item band;
	uint8_t tacs[OFFERS_MAX][3];
	size_t count;
};

static struct f1ap_served_cell_information information_of(struct offered *o, const struct offer *cell)
{
	static const uint8_t timing[] = { 0, 0 };
	size_t i = o->count++;
	struct writer w = writer_of(o->tacs[i], sizeof(o->tacs[i]));

	writer_u24(&w, cell->tac);
	o->band.freq_band_indicator_nr = 78;
	o->plmns[i] = (struct f1ap_served_plmns_item){ .plmn_identity = bytes_of(cell->plmn, 3) };
	return (struct f1ap_served_cell_information){ .nr_cgi = { bytes_of(cell->plmn, 3), cell->nci },
		.has_five_gs_tac = true,
		.five_gs_tac = BYTES(o->tacs[i]),
		.served_plmns = { 1, &o->plmns[i] },
		.nr_mode_info.tag = F1AP_NR_MODE_INFO_TAG_TDD,
		.nr_mode_info.u.tdd = { .nr_freq_info = { .nrarfcn = 640000,
						.freq_band_list_nr = { 1, &o->band } },
			.transmission_bandwidth = { F1AP_NRSCS_SCS30, F1AP_NRNRB_NRB51 } },
		.measurement_timing_configuration = BYTES(timing) };
}

static void offer(struct split *s, uint64_t assoc, int64_t du_id, const struct offer *cells, size_t count)
{
	struct f1ap_gnb_du_served_cells_item_ies items[OFFERS_MAX] = { 0 };
	struct f1ap_gnb_du_served_cells_list list = { count, items };
	struct f1ap_f1_setup_request m = {
		.transaction_id = 5, .gnb_du_id = du_id, .gnb_du_served_cells_list = count ? &list : NULL
	};
	struct offered o = { 0 };

	for (size_t i = 0; i < count; i++) {
		items[i].tag = F1AP_GNB_DU_SERVED_CELLS_ITEM_IES_TAG_GNB_DU_SERVED_CELLS_ITEM;
		items[i].u.gnb_du_served_cells_item.served_cell_information = information_of(&o, &cells[i]);
	}
	say_f1(s, assoc, F1AP_MSG_F1_SETUP_REQUEST, &m);
}

static void is_refused(struct split *s, uint64_t assoc, enum f1ap_cause_radio_network cause)
{
	struct f1ap_pdu pdu = hears_f1(s, assoc, F1AP_MSG_F1_SETUP_FAILURE);
	const struct f1ap_f1_setup_failure *f = pdu.u.f1_setup_failure;

	assert_true(f->transaction_id == 5 && f->has_time_to_wait);
	assert_true(f->cause.tag == F1AP_CAUSE_TAG_RADIO_NETWORK && f->cause.u.radio_network == cause);
}

/* Cells of another PLMN, of nobody's configuration, of another tracking area; and of two the one that is
 * ours. */
static void test_foreign_cells(void **state)
{
	struct split *s = *state;
	const struct offer ours = { NCI, plmn_ours, TAC }, elsewhere = { NCI + 1, plmn_ours, TAC },
			   area = { NCI, plmn_ours, TAC + 1 }, other = { NCI, plmn_other, TAC };
	const struct offer both[] = { elsewhere, ours };
	struct f1ap_pdu pdu;

	up(s, GNB_PORT_F1, 11, 1);
	offer(s, 11, 3, &other, 1);
	is_refused(s, 11, F1AP_CAUSE_RADIO_NETWORK_PLMN_NOT_SERVED_BY_THE_GNB_CU);
	offer(s, 11, 3, &elsewhere, 1);
	is_refused(s, 11, F1AP_CAUSE_RADIO_NETWORK_CELL_NOT_AVAILABLE);
	offer(s, 11, 3, &area, 1);
	is_refused(s, 11, F1AP_CAUSE_RADIO_NETWORK_CELL_NOT_AVAILABLE);
	assert_int_equal(figure(s, &cucp_stat_group, "refused"), 3);
	assert_int_equal(figure(s, &gnb_stat_group, "f1_cells_refused"), 2);
	assert_true(test_env_logged(&s->t, "DU 10.0.1.1:40000 is refused"));
	offer(s, 11, 3, both, 2);
	pdu = hears_f1(s, 11, F1AP_MSG_F1_SETUP_RESPONSE);
	assert_int_equal(pdu.u.f1_setup_response->cells_to_be_activated_list->count, 1);
	assert_int_equal(pdu.u.f1_setup_response->cells_to_be_activated_list->items[0]
				 .u.cells_to_be_activated_list_item.nr_cgi.nr_cell_identity,
		NCI);
	assert_int_equal(figure(s, &cucp_stat_group, "dus"), 1);
	up(s, GNB_PORT_F1, 12, 2); /* another DU with the same cell */
	offer(s, 12, 4, &ours, 1);
	is_refused(s, 12, F1AP_CAUSE_RADIO_NETWORK_CELL_NOT_AVAILABLE);
	offer(s, 12, 4, NULL, 0); /* one without cells yet */
	hears_f1(s, 12, F1AP_MSG_F1_SETUP_RESPONSE);
	assert_int_equal(figure(s, &cucp_stat_group, "dus"), 2);
}

/* GNB-DU CONFIGURATION UPDATE; each NULL: none of it. */
static void update(struct split *s, uint64_t assoc, const struct offer *gone, const struct offer *old,
	const struct offer *changed, const struct offer *added)
{
	struct f1ap_served_cells_to_delete_item_ies gone_item = {
		.tag = F1AP_SERVED_CELLS_TO_DELETE_ITEM_IES_TAG_SERVED_CELLS_TO_DELETE_ITEM
	};
	struct f1ap_served_cells_to_modify_item_ies changed_item = {
		.tag = F1AP_SERVED_CELLS_TO_MODIFY_ITEM_IES_TAG_SERVED_CELLS_TO_MODIFY_ITEM
	};
	struct f1ap_served_cells_to_add_item_ies added_item = {
		.tag = F1AP_SERVED_CELLS_TO_ADD_ITEM_IES_TAG_SERVED_CELLS_TO_ADD_ITEM
	};
	struct f1ap_served_cells_to_delete_list gone_list = { 1, &gone_item };
	struct f1ap_served_cells_to_modify_list changed_list = { 1, &changed_item };
	struct f1ap_served_cells_to_add_list added_list = { 1, &added_item };
	struct f1ap_gnb_du_configuration_update m = { .transaction_id = 6,
		.served_cells_to_delete_list = gone ? &gone_list : NULL,
		.served_cells_to_modify_list = changed ? &changed_list : NULL,
		.served_cells_to_add_list = added ? &added_list : NULL };
	struct offered o = { 0 };

	if (gone)
		gone_item.u.served_cells_to_delete_item.old_nr_cgi =
			(struct f1ap_nr_cgi){ bytes_of(gone->plmn, 3), gone->nci };
	if (changed) {
		changed_item.u.served_cells_to_modify_item.old_nr_cgi =
			(struct f1ap_nr_cgi){ bytes_of(old->plmn, 3), old->nci };
		changed_item.u.served_cells_to_modify_item.served_cell_information =
			information_of(&o, changed);
	}
	if (added)
		added_item.u.served_cells_to_add_item.served_cell_information = information_of(&o, added);
	say_f1(s, assoc, F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE, &m);
}

/* How many cells are to be activated. */
static size_t activated(struct split *s, uint64_t assoc)
{
	struct f1ap_pdu pdu = hears_f1(s, assoc, F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE_ACKNOWLEDGE);
	const struct f1ap_gnb_du_configuration_update_acknowledge *m =
		pdu.u.gnb_du_configuration_update_acknowledge;

	assert_int_equal(m->transaction_id, 6);
	return m->cells_to_be_activated_list ? m->cells_to_be_activated_list->count : 0;
}

/* 38.473 8.2.4: a DU's cells come, become ours or others', and go; another DU may have them then. */
static void test_configuration_update(void **state)
{
	struct split *s = *state;
	const struct offer ours = { NCI, plmn_ours, TAC }, elsewhere = { NCI + 1, plmn_ours, TAC },
			   area = { NCI, plmn_ours, TAC + 1 }, other = { NCI, plmn_other, TAC };
	struct f1ap_pdu pdu;

	up(s, GNB_PORT_F1, 11, 1);
	offer(s, 11, 3, NULL, 0);
	hears_f1(s, 11, F1AP_MSG_F1_SETUP_RESPONSE);
	update(s, 11, NULL, NULL, NULL, &other);
	pdu = hears_f1(s, 11, F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE_FAILURE);
	assert_true(pdu.u.gnb_du_configuration_update_failure->has_time_to_wait &&
		    pdu.u.gnb_du_configuration_update_failure->cause.u.radio_network ==
			    F1AP_CAUSE_RADIO_NETWORK_PLMN_NOT_SERVED_BY_THE_GNB_CU);
	update(s, 11, NULL, NULL, NULL, &elsewhere);
	assert_int_equal(activated(s, 11), 0);
	update(s, 11, NULL, &elsewhere, &ours, NULL); /* it has become ours */
	assert_int_equal(activated(s, 11), 1);
	update(s, 11, NULL, NULL, NULL, &ours); /* it is there */
	assert_int_equal(activated(s, 11), 0);
	update(s, 11, NULL, &ours, &ours, NULL); /* and is the same */
	assert_int_equal(activated(s, 11), 0);
	up(s, GNB_PORT_F1, 12, 2);
	offer(s, 12, 4, &ours, 1);
	is_refused(s, 12, F1AP_CAUSE_RADIO_NETWORK_CELL_NOT_AVAILABLE);
	update(s, 11, NULL, &ours, &area, NULL); /* it is none of ours any more */
	assert_int_equal(activated(s, 11), 0);
	offer(s, 12, 4, &ours, 1);
	hears_f1(s, 12, F1AP_MSG_F1_SETUP_RESPONSE);
	update(s, 12, &ours, NULL, NULL, NULL);
	assert_int_equal(activated(s, 12), 0);
	update(s, 11, NULL, NULL, NULL, &ours);
	assert_int_equal(activated(s, 11), 1);
	update(s, 11, &ours, NULL, NULL, &ours); /* in one: gone, and a new one */
	assert_int_equal(activated(s, 11), 1);
}

/* A gNB-DU ID comes again: from the same host its old association ends; from another it waits until that has.
 */
static void test_du_again(void **state)
{
	struct split *s = *state;
	const struct offer ours = { NCI, plmn_ours, TAC };
	struct f1ap_pdu pdu;

	up(s, GNB_PORT_F1, 11, 1);
	offer(s, 11, 3, &ours, 1);
	hears_f1(s, 11, F1AP_MSG_F1_SETUP_RESPONSE);
	up(s, GNB_PORT_F1, 12, 2);
	offer(s, 12, 3, &ours, 1);
	pdu = hears_f1(s, 12, F1AP_MSG_F1_SETUP_FAILURE);
	assert_true(pdu.u.f1_setup_failure->cause.tag == F1AP_CAUSE_TAG_PROTOCOL &&
		    pdu.u.f1_setup_failure->has_time_to_wait);
	up(s, GNB_PORT_F1, 13, 1);
	offer(s, 13, 3, &ours, 1);
	assert_true(is_closed(s, GNB_PORT_F1, 11));
	hears_f1(s, 13, F1AP_MSG_F1_SETUP_RESPONSE);
	down(s, GNB_PORT_F1, 11); /* as we asked for */
	assert_true(figure(s, &cucp_stat_group, "dus") == 1 && figure(s, &gnb_stat_group, "f1_refused") == 0);
	down(s, GNB_PORT_F1, 13);
	assert_int_equal(figure(s, &cucp_stat_group, "dus"), 0);
	offer(s, 12, 3, &ours, 1);
	hears_f1(s, 12, F1AP_MSG_F1_SETUP_RESPONSE);
}

static void begin_cuup(struct split *s, uint64_t assoc, int64_t id, const uint8_t *plmn)
{
	struct e1ap_supported_plmns_item item = { .plmn_identity = bytes_of(plmn, 3) };
	struct e1ap_gnb_cu_up_e1_setup_request m = { .transaction_id = 6,
		.gnb_cu_up_id = id,
		.cn_support = E1AP_CN_SUPPORT_C_5GC,
		.supported_plmns = { 1, &item } };

	say_e1(s, assoc, E1AP_MSG_GNB_CU_UP_E1_SETUP_REQUEST, &m);
}

/* Of another PLMN; of an ID that is another's, or its own of before; and one that waits to be asked. */
static void test_foreign_cuups(void **state)
{
	struct split *s = *state;
	struct e1ap_pdu pdu;

	up(s, GNB_PORT_E1, 21, 1);
	begin_cuup(s, 21, 8, plmn_other);
	pdu = hears_e1(s, 21, E1AP_MSG_GNB_CU_UP_E1_SETUP_FAILURE);
	assert_true(pdu.u.gnb_cu_up_e1_setup_failure->has_time_to_wait);
	begin_cuup(s, 21, 8, plmn_ours);
	hears_e1(s, 21, E1AP_MSG_GNB_CU_UP_E1_SETUP_RESPONSE);
	up(s, GNB_PORT_E1, 22, 2);
	begin_cuup(s, 22, 8, plmn_ours);
	pdu = hears_e1(s, 22, E1AP_MSG_GNB_CU_UP_E1_SETUP_FAILURE);
	assert_true(pdu.u.gnb_cu_up_e1_setup_failure->cause.tag == E1AP_CAUSE_TAG_PROTOCOL);
	begin_cuup(s, 22, 9, plmn_ours);
	hears_e1(s, 22, E1AP_MSG_GNB_CU_UP_E1_SETUP_RESPONSE);
	up(s, GNB_PORT_E1, 23, 1);
	begin_cuup(s, 23, 8, plmn_ours);
	assert_true(is_closed(s, GNB_PORT_E1, 21));
	hears_e1(s, 23, E1AP_MSG_GNB_CU_UP_E1_SETUP_RESPONSE);
	assert_int_equal(figure(s, &cucp_stat_group, "cuups"), 2);
	assert_int_equal(figure(s, &cucp_stat_group, "e1ap_refused"), 2);
	assert_null(gnb_e1_reset(s->gnb, 9));
	hears_e1(s, 22, E1AP_MSG_RESET);
	assert_non_null(gnb_e1_reset(s->gnb, 10));
	up(s, GNB_PORT_E1, 24, 3);
	test_env_pass(&s->t, gnb_room(s->gnb), 5000);
	hears_e1(s, 24, E1AP_MSG_GNB_CU_CP_E1_SETUP_REQUEST);
}

/* There are as many associations as there may be, and who has none of them is closed. */
static void test_too_many(void **state)
{
	struct split *s = *state;
	uint64_t assoc = 100, more;

	for (uint8_t i = 0; i < GNB_CELLS_MAX; i++)
		up(s, GNB_PORT_F1, assoc++, 1);
	assert_null(test_env_next(&s->t, GNB_PORT_F1));
	more = assoc;
	up(s, GNB_PORT_F1, more, 1);
	assert_true(is_closed(s, GNB_PORT_F1, more));
	offer(s, more, 3, NULL, 0); /* of one that is not there */
	assert_true(is_closed(s, GNB_PORT_F1, more));
	assert_int_equal(figure(s, &gnb_stat_group, "f1_refused"), 2);
	down(s, GNB_PORT_F1, more);
	down(s, GNB_PORT_F1, 100);
	up(s, GNB_PORT_F1, more + 1, 1);
	assert_null(test_env_next(&s->t, GNB_PORT_F1));
}

/* Leave is taken of who is set up, and the association ends when that is agreed to; else at once. */
static void test_close(void **state)
{
	struct split *s = *state;
	struct f1ap_f1_removal_response f1 = { 0 };
	struct e1ap_e1_release_response e1 = { 0 };
	struct f1ap_pdu removal;
	struct e1ap_pdu release;

	up(s, GNB_PORT_E1, 21, 1);
	begin_cuup(s, 21, 8, plmn_ours);
	up(s, GNB_PORT_F1, 11, 1);
	offer(s, 11, 3, NULL, 0);
	up(s, GNB_PORT_F1, 12, 2);
	test_env_forget(&s->t);
	gnb_close(s->gnb);
	release = hears_e1(s, 21, E1AP_MSG_E1_RELEASE_REQUEST);
	e1.transaction_id = release.u.e1_release_request->transaction_id;
	removal = hears_f1(s, 11, F1AP_MSG_F1_REMOVAL_REQUEST);
	f1.transaction_id = removal.u.f1_removal_request->transaction_id;
	assert_true(is_closed(s, GNB_PORT_F1, 12));
	say_f1(s, 11, F1AP_MSG_F1_REMOVAL_RESPONSE, &f1);
	assert_true(is_closed(s, GNB_PORT_F1, 11));
	say_e1(s, 21, E1AP_MSG_E1_RELEASE_RESPONSE, &e1);
	assert_true(is_closed(s, GNB_PORT_E1, 21));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_foreign_cells, setup, teardown),
		cmocka_unit_test_setup_teardown(test_configuration_update, setup, teardown),
		cmocka_unit_test_setup_teardown(test_du_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign_cuups, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_close, setup, teardown),
	};

	return cmocka_run_group_tests_name("gnb/split", tests, NULL, NULL);
}
