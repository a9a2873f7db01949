/* What an AMF has the gNB do beside its UEs' calls: location reporting, traces, capability check, and so on.
 */
#include "gnb/gnb_bed.h"

#include "gnb/handover.h"
#include "wire/rrc/rrc.h"
#include "wire/xnap/xnap.h"

#define C1(choice) RRC_UE_RADIO_ACCESS_CAPABILITY_INFORMATION_CRITICAL_EXTENSIONS_C1_TAG_##choice

static struct gnb_ue *served(struct bed *b)
{
	struct gnb_ue *ue;

	bed_connected(b);
	bed_ask_context(b, 1, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	ue = gnb_ue_of_ran_id(b->gnb, &b->gnb->amfs[0], b->ran_ue_ngap_id);
	assert_true(ue && ue->context);
	bed_forget(b);
	return ue;
}

static void control(struct bed *b, enum ngap_event_type type, const struct ngap_area_of_interest_list *areas,
	int64_t cancelled)
{
	struct ngap_location_reporting_control m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.location_reporting_request_type = {
			type, NGAP_REPORT_AREA_CELL, (void *)(uintptr_t)areas, cancelled != 0, cancelled } };

	bed_amf_sends(b, NGAP_MSG_LOCATION_REPORTING_CONTROL, &m);
}

static const struct ngap_location_report *expect_report(struct bed *b, enum ngap_event_type type)
{
	const struct ngap_location_report *m = bed_amf_gets(b, NGAP_MSG_LOCATION_REPORT).u.location_report;

	assert_int_equal(m->location_reporting_request_type.event_type, type);
	assert_int_equal(m->amf_ue_ngap_id, AMF_UE_ID);
	assert_int_equal(m->ran_ue_ngap_id, b->ran_ue_ngap_id);
	return m;
}

static uint64_t nci_of(const struct ngap_location_report *m)
{
	struct tai tai;
	struct ncgi ncgi;

	assert_true(ngap_nr_location(&m->user_location_information, &tai, &ncgi));
	return ncgi.nci;
}

/* 8.12.1: now; with each change of cell, and at once; and no more. */
static void test_location(void **state)
{
	struct bed *b = *state;
	struct gnb_ue *ue = served(b);

	control(b, NGAP_EVENT_TYPE_DIRECT, NULL, 0);
	assert_true(nci_of(expect_report(b, NGAP_EVENT_TYPE_DIRECT)) == b->gnb->places[0].ncgi.nci);
	gnb_location_changed(b->gnb, ue);
	assert_null(bed_next(b, GNB_PORT_N2));
	control(b, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL, NULL, 0);
	expect_report(b, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL);
	ue->radio.cell = 1;
	gnb_location_changed(b->gnb, ue);
	assert_true(
		nci_of(expect_report(b, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL)) == b->gnb->places[1].ncgi.nci);
	control(b, NGAP_EVENT_TYPE_STOP_CHANGE_OF_SERVE_CELL, NULL, 0);
	gnb_location_changed(b->gnb, ue);
	control(b, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL, NULL, 0);
	expect_report(b, NGAP_EVENT_TYPE_CHANGE_OF_SERVE_CELL);
	control(b, NGAP_EVENT_TYPE_CANCEL_LOCATION_REPORTING_FOR_THE_UE, NULL, 0);
	gnb_location_changed(b->gnb, ue);
	assert_null(bed_next(b, GNB_PORT_N2));
	ue->radio.cell = 0;
}

static struct ngap_area_of_interest_item tai_area(struct bed *b, uint32_t tac, int64_t id)
{
	struct ngap_area_of_interest_tai_list *list = arena_alloc(&b->arena, sizeof(*list));
	struct tai tai = { b->config.plmn, tac };

	list->count = 1;
	list->items = arena_alloc(&b->arena, sizeof(*list->items));
	assert_true(ngap_tai_of(&tai, &b->arena, &list->items[0].tai));
	return (struct ngap_area_of_interest_item){ { .area_of_interest_tai_list = list }, id };
}

static void assert_presence(
	const struct ngap_location_report *m, enum ngap_ue_presence one, enum ngap_ue_presence two)
{
	const struct ngap_ue_presence_in_area_of_interest_list *l = m->ue_presence_in_area_of_interest_list;

	assert_int_equal(l->count, 2);
	assert_int_equal(l->items[0].ue_presence, one);
	assert_int_equal(l->items[1].ue_presence, two);
	assert_int_equal(l->items[1].location_reporting_reference_id, 7);
	assert_int_equal(m->location_reporting_request_type.area_of_interest_list->count, 2);
}

/* By tracking area and by cell; again when it changes, and only then. */
static void test_areas(void **state)
{
	struct bed *b = *state;
	struct gnb_ue *ue = served(b);
	struct ngap_area_of_interest_item items[2] = { tai_area(b, 1, 3), tai_area(b, 2, 7) };
	struct ngap_area_of_interest_list areas = { 2, items };

	control(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST, &areas, 0);
	assert_presence(expect_report(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST),
		NGAP_UE_PRESENCE_IN, NGAP_UE_PRESENCE_OUT);
	gnb_location_changed(b->gnb, ue);
	assert_null(bed_next(b, GNB_PORT_N2));
	ue->radio.cell = 1;
	gnb_location_changed(b->gnb, ue);
	assert_presence(expect_report(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST),
		NGAP_UE_PRESENCE_OUT, NGAP_UE_PRESENCE_IN);
	control(b, NGAP_EVENT_TYPE_STOP_UE_PRESENCE_IN_AREA_OF_INTEREST, NULL, 7);
	ue->radio.cell = 0;
	gnb_location_changed(b->gnb, ue); /* 3 is still of interest */
	assert_int_equal(expect_report(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST)
				 ->ue_presence_in_area_of_interest_list->count,
		1);
	control(b, NGAP_EVENT_TYPE_STOP_UE_PRESENCE_IN_AREA_OF_INTEREST, NULL, 3);
	ue->radio.cell = 1;
	gnb_location_changed(b->gnb, ue);
	assert_null(bed_next(b, GNB_PORT_N2));
	ue->radio.cell = 0;
}

/* Areas of one cell, or of one node, each: ours, and those that differ in one thing. */
static void test_areas_of_cells_and_nodes(void **state)
{
	enum { CELLS = 4, NODES = 5 };
	struct bed *b = *state;
	struct plmn other = b->config.plmn;
	struct ngap_area_of_interest_cell_item cells[CELLS] = { 0 };
	struct ngap_area_of_interest_cell_list of_cells[CELLS];
	struct ngap_area_of_interest_ran_node_item nodes[NODES] = { 0 };
	struct ngap_area_of_interest_ran_node_list of_nodes[NODES];
	struct ngap_area_of_interest_item items[CELLS + NODES] = { 0 };
	struct ngap_area_of_interest_list areas = { CELLS + NODES, items };
	const struct ngap_ue_presence_in_area_of_interest_list *l;
	uint8_t octets[4], next[4];

	served(b);
	other.mnc[1]++;
	for (size_t i = 0; i < CELLS; i++) {
		cells[i].ngran_cgi.tag = NGAP_NGRAN_CGI_TAG_NR_CGI;
		cells[i].ngran_cgi.u.nr_cgi = (struct ngap_nr_cgi){ ngap_plmn_of(&b->config.plmn, &b->arena),
			b->gnb->places[0].ncgi.nci };
		of_cells[i] = (struct ngap_area_of_interest_cell_list){ 1, &cells[i] };
		items[i] =
			(struct ngap_area_of_interest_item){ { .area_of_interest_cell_list = &of_cells[i] },
				(int64_t)i + 1 };
	}
	cells[1].ngran_cgi.u.nr_cgi.nr_cell_identity++;
	cells[2].ngran_cgi.u.nr_cgi.plmn_identity = ngap_plmn_of(&other, &b->arena);
	cells[3].ngran_cgi.tag = NGAP_NGRAN_CGI_TAG_EUTRA_CGI;
	cells[3].ngran_cgi.u.eutra_cgi = (struct ngap_eutra_cgi){ ngap_plmn_of(&b->config.plmn, &b->arena),
		b->gnb->places[0].ncgi.nci };
	for (size_t i = 0; i < NODES; i++) {
		assert_true(gnb_node_id(b->gnb, octets, &nodes[i].global_ran_node_id));
		of_nodes[i] = (struct ngap_area_of_interest_ran_node_list){ 1, &nodes[i] };
		items[CELLS + i] = (struct ngap_area_of_interest_item){
			{ .area_of_interest_ran_node_list = &of_nodes[i] }, (int64_t)(CELLS + i) + 1
		};
	}
	memcpy(next, octets, sizeof(next));
	next[2] ^= 4;
	nodes[1].global_ran_node_id.u.global_gnb_id.gnb_id.u.gnb_id.data = next;
	nodes[2].global_ran_node_id.u.global_gnb_id.plmn_identity = ngap_plmn_of(&other, &b->arena);
	nodes[3].global_ran_node_id.u.global_gnb_id.gnb_id.u.gnb_id.len_bits++;
	nodes[4].global_ran_node_id =
		(struct ngap_global_ran_node_id){ .tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_NG_ENB_ID,
			.u.global_ng_enb_id = { ngap_plmn_of(&b->config.plmn, &b->arena),
				{ NGAP_NG_ENB_ID_TAG_MACRO_NG_ENB_ID, { .macro_ng_enb_id = 1 } } } };
	control(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST, &areas, 0);
	l = expect_report(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST)
		    ->ue_presence_in_area_of_interest_list;
	assert_int_equal(l->count, CELLS + NODES);
	for (size_t i = 0; i < CELLS + NODES; i++)
		if (l->items[i].location_reporting_reference_id != i + 1 ||
			l->items[i].ue_presence !=
				(i == 0 || i == CELLS ? NGAP_UE_PRESENCE_IN : NGAP_UE_PRESENCE_OUT))
			fail_msg("area %zu", i);
}

/* As many areas as there may be (maxnoofAoI), of which the last is where the UE is. */
static void test_most_areas(void **state)
{
	enum { MOST = 64 };
	struct bed *b = *state;
	struct ngap_area_of_interest_item items[MOST];
	struct ngap_area_of_interest_list areas = { MOST, items };
	const struct ngap_ue_presence_in_area_of_interest_list *l;

	served(b);
	for (int i = 0; i < MOST; i++)
		items[i] = tai_area(b, i == MOST - 1 ? 1 : 2, i + 1);
	control(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST, &areas, 0);
	l = expect_report(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST)
		    ->ue_presence_in_area_of_interest_list;
	assert_int_equal(l->count, MOST);
	for (int i = 0; i < MOST; i++)
		assert_int_equal(
			l->items[i].ue_presence, i == MOST - 1 ? NGAP_UE_PRESENCE_IN : NGAP_UE_PRESENCE_OUT);
}

static void expect_failure(struct bed *b, struct ngap_cause cause)
{
	const struct ngap_location_reporting_failure_indication *m =
		bed_amf_gets(b, NGAP_MSG_LOCATION_REPORTING_FAILURE_INDICATION)
			.u.location_reporting_failure_indication;

	assert_int_equal(m->cause.tag, cause.tag);
	assert_int_equal(m->cause.u.misc, cause.u.misc);
}

/* 8.12.1.3: a reference twice; areas of interest without areas. Of an unknown UE: 10.6. */
static void test_location_refused(void **state)
{
	struct bed *b = *state;
	struct ngap_area_of_interest_item items[2];
	struct ngap_area_of_interest_list areas = { 2, items };

	served(b);
	items[0] = items[1] = tai_area(b, 1, 3);
	control(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST, &areas, 0);
	expect_failure(
		b, ngap_cause_radio(
			   NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_LOCATION_REPORTING_REFERENCE_ID_INSTANCES));
	control(b, NGAP_EVENT_TYPE_UE_PRESENCE_IN_AREA_OF_INTEREST, NULL, 0);
	expect_failure(b, ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_SEMANTIC_ERROR));
	control(b, NGAP_EVENT_TYPE_DIRECT, &areas, 0); /* the areas are ignored */
	expect_report(b, NGAP_EVENT_TYPE_DIRECT);
	b->ran_ue_ngap_id++;
	control(b, NGAP_EVENT_TYPE_DIRECT, NULL, 0);
	bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
}

static void trace(struct bed *b, bool start, uint8_t last)
{
	uint8_t id[8] = { 0, 0xf1, 0x10, 1, 2, 3, 0, last }, collector[4] = { 192, 0, 2, 9 };
	struct ngap_trace_start m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.trace_activation = { .ngran_trace_id = BYTES(id),
			.trace_collection_entity_ip_address = { collector, 32 } } };
	struct ngap_deactivate_trace d = {
		.amf_ue_ngap_id = AMF_UE_ID, .ran_ue_ngap_id = b->ran_ue_ngap_id, .ngran_trace_id = BYTES(id)
	};

	if (start)
		bed_amf_sends(b, NGAP_MSG_TRACE_START, &m);
	else
		bed_amf_sends(b, NGAP_MSG_DEACTIVATE_TRACE, &d);
}

/* 8.11.1 to 8.11.3: begun and ended; not while the UE is sent to another gNB. */
static void test_trace(void **state)
{
	struct bed *b = *state;
	struct gnb_ue *ue = served(b);
	struct gnb_handover *h;
	const struct ngap_trace_failure_indication *m;

	trace(b, true, 1);
	assert_true(ue->traced);
	trace(b, false, 2); /* another one */
	assert_true(ue->traced);
	assert_int_equal(bed_stat(b, GNB_STAT_NGAP_UNEXPECTED), 1);
	trace(b, false, 1);
	assert_false(ue->traced);
	assert_null(bed_next(b, GNB_PORT_N2));
	h = gnb_handover_new(b->gnb, ue, &gnb_by_n2, false);
	trace(b, true, 1);
	m = bed_amf_gets(b, NGAP_MSG_TRACE_FAILURE_INDICATION).u.trace_failure_indication;
	assert_int_equal(
		m->cause.u.radio_network, NGAP_CAUSE_RADIO_NETWORK_NG_INTRA_SYSTEM_HANDOVER_TRIGGERED);
	assert_int_equal(m->ngran_trace_id.data[7], 1);
	trace(b, false, 1);
	bed_amf_gets(b, NGAP_MSG_TRACE_FAILURE_INDICATION);
	assert_false(ue->traced);
	gnb_handover_free(b->gnb, h);
	assert_int_equal(bed_stat(b, GNB_STAT_TRACES), 1);
}

/* 8.11.4: of the UEs that are there, and of those that come. */
static void test_cell_trace(void **state)
{
	struct bed *b = *state;
	const struct ngap_cell_traffic_trace *m;
	struct addr collector;

	assert_true(addr_parse("192.0.2.9", &collector));
	served(b);
	assert_non_null(gnb_cell_trace(b->gnb, 99, &collector));
	assert_null(gnb_cell_trace(b->gnb, b->config.cells[0].id, &collector));
	m = bed_amf_gets(b, NGAP_MSG_CELL_TRAFFIC_TRACE).u.cell_traffic_trace;
	assert_int_equal(m->ran_ue_ngap_id, b->ran_ue_ngap_id);
	assert_memory_equal(m->trace_collection_entity_ip_address.data, "\xc0\0\2\x09", 4);
	assert_true(m->ngran_cgi.u.nr_cgi.nr_cell_identity == b->gnb->places[0].ncgi.nci);
	bed_ask_context(b, 1, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_amf_gets(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE);
	bed_amf_gets(b, NGAP_MSG_CELL_TRAFFIC_TRACE);
	assert_null(gnb_cell_trace(b->gnb, b->config.cells[0].id, NULL));
	bed_ask_context(b, 1, 0xe000, 0xe000);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_SECURITY_MODE_COMPLETE });
	bed_amf_gets(b, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE);
	assert_null(bed_next(b, GNB_PORT_N2));
}

/* A capability of 38.331 with voiceOverNR, or with IMS parameters alone. */
static struct bytes capability(struct bed *b, bool voice)
{
	static uint8_t nr_octets[512], list_octets[600], info_octets[700];
	struct writer w = writer_of(nr_octets, sizeof(nr_octets));
	struct rrc_ims_parameters_frx_diff frx = { .has_voice_over_nr = voice };
	struct rrc_ims_parameters ims = { .ims_parameters_frx_diff = &frx };
	struct rrc_ue_nr_capability_v1540 v1540 = { .ims_parameters = &ims };
	struct rrc_ue_nr_capability_v1530 v1530 = { .non_critical_extension = &v1540 };
	struct rrc_band_nr band = { .band_nr = 78 };
	struct rrc_ue_nr_capability nr = { .rf_parameters.supported_band_list_nr = { 1, &band },
		.non_critical_extension = &v1530 };
	struct rrc_ue_capability_rat_container item = { .rat_type = RRC_RAT_TYPE_NR };
	struct rrc_ue_capability_rat_container_list list = { 1, &item };
	struct rrc_ue_radio_access_capability_information info = {
		.critical_extensions.tag =
			RRC_UE_RADIO_ACCESS_CAPABILITY_INFORMATION_CRITICAL_EXTENSIONS_TAG_C1
	};

	assert_true(rrc_encode(&rrc_ue_nr_capability_type, &nr, &w));
	item.ue_capability_rat_container = writer_bytes(&w);
	w = writer_of(list_octets, sizeof(list_octets));
	assert_true(rrc_encode(&rrc_ue_capability_rat_container_list_type, &list, &w));
	info.critical_extensions.u.c1.tag = C1(UE_RADIO_ACCESS_CAPABILITY_INFORMATION);
	info.critical_extensions.u.c1.u.ue_radio_access_capability_information
		.ue_radio_access_capability_info = writer_bytes(&w);
	w = writer_of(info_octets, sizeof(info_octets));
	assert_true(rrc_encode(&rrc_ue_radio_access_capability_information_type, &info, &w));
	return writer_bytes(&w);
}

static enum ngap_ims_voice_support_indicator check(struct bed *b, struct bytes c)
{
	struct ngap_ue_radio_capability_check_request m = { .amf_ue_ngap_id = AMF_UE_ID,
		.ran_ue_ngap_id = b->ran_ue_ngap_id,
		.has_ue_radio_capability = c.len > 0,
		.ue_radio_capability = c };

	bed_amf_sends(b, NGAP_MSG_UE_RADIO_CAPABILITY_CHECK_REQUEST, &m);
	return bed_amf_gets(b, NGAP_MSG_UE_RADIO_CAPABILITY_CHECK_RESPONSE)
		.u.ue_radio_capability_check_response->ims_voice_support_indicator;
}

static void test_capability_check(void **state)
{
	struct bed *b = *state;

	served(b);
	assert_int_equal(check(b, capability(b, true)), NGAP_IMS_VOICE_SUPPORT_INDICATOR_SUPPORTED);
	assert_int_equal(check(b, capability(b, false)), NGAP_IMS_VOICE_SUPPORT_INDICATOR_NOT_SUPPORTED);
	assert_int_equal(
		check(b, bytes_of("\xff\xff\xff", 3)), NGAP_IMS_VOICE_SUPPORT_INDICATOR_NOT_SUPPORTED);
	assert_null(bed_next(b, GNB_PORT_AIR));
	bed_forget(b);
	assert_int_equal(check(b, BYTES_NONE), NGAP_IMS_VOICE_SUPPORT_INDICATOR_NOT_SUPPORTED);
	bed_forget(b);
}

/* 8.13.1: the context and what goes over it stay. */
static void test_binding_release(void **state)
{
	struct bed *b = *state;
	struct gnb_ue *ue = served(b);
	struct ngap_uetnla_binding_release_request m = { AMF_UE_ID, b->ran_ue_ngap_id };
	static const uint8_t nas[] = { 0x7e, 0, 0x41 };

	bed_amf_sends(b, NGAP_MSG_UETNLA_BINDING_RELEASE_REQUEST, &m);
	assert_null(bed_next(b, GNB_PORT_N2));
	assert_true(ue->context);
	bed_ue_sends(b, (struct uu_rrc_msg){ .type = UU_RRC_UPLINK_NAS, .nas = BYTES(nas) });
	bed_amf_gets(b, NGAP_MSG_UPLINK_NAS_TRANSPORT);
	m.amf_ue_ngap_id++;
	bed_amf_sends(b, NGAP_MSG_UETNLA_BINDING_RELEASE_REQUEST, &m);
	bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
}

static struct bytes initial_message(struct bed *b)
{
	static uint8_t octets[256];
	struct writer w = writer_of(octets, sizeof(octets));
	struct ngap_initial_ue_message m = { .ran_ue_ngap_id = b->ran_ue_ngap_id,
		.nas_pdu = bytes_of_str("nas") };

	assert_true(ngap_nr_location_of(
		&b->gnb->places[0].tai, &b->gnb->places[0].ncgi, &b->arena, &m.user_location_information));
	assert_true(ngap_encode(NGAP_MSG_INITIAL_UE_MESSAGE, &m, &w));
	return writer_bytes(&w);
}

/* 8.6.5: to an AMF of the set, with what the first one said; where there is none the UE begins again. */
static void test_reroute(void **state)
{
	struct bed *b = *state;
	struct gnb_amf *other = &b->gnb->amfs[1];
	struct ngap_reroute_nas_request m = {
		.has_amf_ue_ngap_id = true, .amf_ue_ngap_id = AMF_UE_ID, .amf_set_id = 9
	};
	const struct ngap_initial_ue_message *again;
	struct gnb_ue *ue;

	bed_connected(b);
	ue = gnb_ue_of_ran_id(b->gnb, &b->gnb->amfs[0], b->ran_ue_ngap_id);
	m.ran_ue_ngap_id = b->ran_ue_ngap_id;
	m.ngap_message = initial_message(b);
	other->state = NG_READY;
	other->assoc = ASSOC + 1;
	other->guami_count = 1;
	other->guamis[0] = (struct guami){ b->config.plmn, 1, 9, 1 };
	b->gnb->config.amf_count = 2;
	bed_amf_sends(b, NGAP_MSG_REROUTE_NAS_REQUEST, &m);
	again = bed_amf_gets(b, NGAP_MSG_INITIAL_UE_MESSAGE).u.initial_ue_message;
	assert_int_equal(b->t.seen->msg.assoc, ASSOC + 1);
	assert_true(bytes_equal(again->nas_pdu, bytes_of_str("nas")));
	assert_true(again->has_amf_set_id && again->amf_set_id == 9);
	assert_ptr_equal(ue->amf, other);
	assert_false(ue->has_amf_ue_ngap_id);
	bed_amf_sends(b, NGAP_MSG_REROUTE_NAS_REQUEST, &m); /* it is not the first AMF's any more */
	bed_amf_gets(b, NGAP_MSG_ERROR_INDICATION);
	assert_int_equal(bed_stat(b, GNB_STAT_REROUTED), 1);
}

static void test_reroute_nowhere(void **state)
{
	struct bed *b = *state;
	struct ngap_reroute_nas_request m = { .amf_set_id = 9 };

	bed_connected(b);
	m.ran_ue_ngap_id = b->ran_ue_ngap_id;
	m.ngap_message = initial_message(b);
	bed_amf_sends(b, NGAP_MSG_REROUTE_NAS_REQUEST, &m);
	bed_ue_loses(b);
	assert_int_equal(gnb_numbers(b->gnb).ues, 0);
}

/* 8.7.6: the GUAMI is this AMF's no more; another AMF comes first, until it is set up again. */
static void test_status_indication(void **state)
{
	struct bed *b = *state;
	struct guami guami = { b->config.plmn, 1, 2, 3 };
	struct ngap_unavailable_guami_item item = { 0 };
	const struct ngap_amf_status_indication m = { { 1, &item } };
	struct s_tmsi s_tmsi = { .amf_set_id = 2, .amf_pointer = 3 };
	struct gnb_amf *other = &b->gnb->amfs[1];

	bed_ready(b);
	other->state = NG_READY;
	b->gnb->config.amf_count = 2;
	other->capacity = 255;
	for (int i = 0; i < 3; i++) { /* whoever's turn it is, and whatever the other's capacity */
		assert_ptr_equal(gnb_ng_select(b->gnb, &s_tmsi), &b->gnb->amfs[0]);
		assert_ptr_equal(gnb_ng_select(b->gnb, NULL), other);
	}
	s_tmsi.amf_pointer++; /* nobody's */
	assert_ptr_equal(gnb_ng_select(b->gnb, &s_tmsi), other);
	s_tmsi.amf_pointer--;
	assert_true(ngap_guami_of(&guami, &b->arena, &item.guami));
	bed_amf_sends(b, NGAP_MSG_AMF_STATUS_INDICATION, &m);
	for (int i = 0; i < 3; i++)
		assert_ptr_equal(gnb_ng_select(b->gnb, &s_tmsi), other);
	other->state = NG_CLOSED;
	assert_ptr_equal(gnb_ng_select(b->gnb, &s_tmsi), &b->gnb->amfs[0]); /* still better than none */
}

/* 8.7.3.2: further TNL associations are reported as not made. */
static void test_associations_to_add(void **state)
{
	struct bed *b = *state;
	static const uint8_t ip[4] = { 10, 0, 0, 9 };
	struct ngap_amf_tnl_association_to_add_item item = { .tnl_address_weight_factor = 1 };
	struct ngap_amf_tnl_association_to_add_list list = { 1, &item };
	const struct ngap_amf_configuration_update m = { .amf_tnl_association_to_add_list = &list };
	const struct ngap_tnl_association_list *failed;

	item.amf_tnl_association_address.tag = NGAP_CP_TRANSPORT_LAYER_INFORMATION_TAG_ENDPOINT_IP_ADDRESS;
	item.amf_tnl_association_address.u.endpoint_ip_address = (struct per_bits){ ip, 32 };
	bed_ready(b);
	bed_amf_sends(b, NGAP_MSG_AMF_CONFIGURATION_UPDATE, &m);
	failed = bed_amf_gets(b, NGAP_MSG_AMF_CONFIGURATION_UPDATE_ACKNOWLEDGE)
			 .u.amf_configuration_update_acknowledge->amf_tnl_association_failed_to_setup_list;
	assert_int_equal(failed->count, 1);
	assert_memory_equal(failed->items[0].tnl_association_address.u.endpoint_ip_address.data, ip, 4);
}

static struct ngap_global_ran_node_id node(struct bed *b, uint32_t gnb_id)
{
	uint8_t *bits = arena_alloc(&b->arena, 4);
	struct writer w = writer_of(bits, 4);
	struct ngap_global_ran_node_id id = { .tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID };

	writer_u32(&w, gnb_id << 10);
	id.u.global_gnb_id.plmn_identity = ngap_plmn_of(&b->config.plmn, &b->arena);
	id.u.global_gnb_id.gnb_id =
		(struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID, { .gnb_id = { bits, 22 } } };
	return id;
}

static void give_son(struct bed *b, uint32_t from, const struct ngap_son_information *what)
{
	struct ngap_son_configuration_transfer son = { .target_ran_node_id_son.global_ran_node_id =
							       node(b, 1),
		.source_ran_node_id.global_ran_node_id = node(b, from),
		.son_information = *what };
	const struct ngap_downlink_ran_configuration_transfer m = { .son_configuration_transfer_dl = &son };

	assert_true(ngap_tai_of(&b->gnb->places[0].tai, &b->arena, &son.target_ran_node_id_son.selected_tai));
	son.source_ran_node_id.selected_tai = son.target_ran_node_id_son.selected_tai;
	bed_amf_sends(b, NGAP_MSG_DOWNLINK_RAN_CONFIGURATION_TRANSFER, &m);
}

/* 8.8: a neighbour whose Xn address is not known is asked; what it says is used, what is configured is not
 * changed by it; and we answer likewise. */
static void test_xn_address(void **state)
{
	struct bed *b = *state;
	static const uint8_t ip[4] = { 10, 0, 0, 9 }, evil[4] = { 10, 6, 6, 6 };
	struct per_bits address = { ip, 32 };
	struct ngap_xn_tnl_configuration_info info = { .xn_transport_layer_addresses = { 1, &address } };
	struct ngap_son_information what = { .tag = NGAP_SON_INFORMATION_TAG_SON_INFORMATION_REPLY,
		.u.son_information_reply.xn_tnl_configuration_info = &info };
	const struct ngap_son_configuration_transfer *son;
	struct gnb_neighbour *n = &b->gnb->config.neighbours[0];

	*n = (struct gnb_neighbour){ .name = "n",
		.gnb_id = 2,
		.gnb_id_bits = 22,
		.plmn = b->config.plmn,
		.cell_count = 1,
		.cells = { { .tac = 1 } } };
	b->gnb->config.neighbour_count = 1;
	assert_true(addr_parse("10.0.0.4", &b->gnb->config.xn_address));
	bed_associate(b);
	bed_setup_response(b, false);
	bed_amf_gets(b, NGAP_MSG_PWS_RESTART_INDICATION);
	son = bed_amf_gets(b, NGAP_MSG_UPLINK_RAN_CONFIGURATION_TRANSFER)
		      .u.uplink_ran_configuration_transfer->son_configuration_transfer_ul;
	assert_int_equal(son->son_information.tag, NGAP_SON_INFORMATION_TAG_SON_INFORMATION_REQUEST);
	assert_int_equal(
		per_bits_uint(
			son->target_ran_node_id_son.global_ran_node_id.u.global_gnb_id.gnb_id.u.gnb_id, 22),
		2);
	bed_forget(b);
	give_son(b, 3, &what); /* a stranger */
	assert_int_equal(n->xn.len, 0);
	give_son(b, 2, &what);
	assert_int_equal(addr_v4(&n->xn), 0x0a000009);
	assert_int_equal(n->xn.port, XNAP_SCTP_PORT);
	address.data = evil;
	give_son(b, 2, &what);
	assert_int_equal(addr_v4(&n->xn), 0x0a000009);
	bed_pass(b, 0);
	assert_non_null(bed_next(b, GNB_PORT_XN)); /* an association with it is asked for */
	bed_forget(b);
	what = (struct ngap_son_information){ .tag = NGAP_SON_INFORMATION_TAG_SON_INFORMATION_REQUEST };
	give_son(b, 7, &what);
	son = bed_amf_gets(b, NGAP_MSG_UPLINK_RAN_CONFIGURATION_TRANSFER)
		      .u.uplink_ran_configuration_transfer->son_configuration_transfer_ul;
	assert_memory_equal(son->son_information.u.son_information_reply.xn_tnl_configuration_info
				    ->xn_transport_layer_addresses.items[0]
				    .data,
		"\x0a\0\0\4", 4);
	assert_int_equal(
		per_bits_uint(
			son->target_ran_node_id_son.global_ran_node_id.u.global_gnb_id.gnb_id.u.gnb_id, 22),
		7);
}

static int setup_two_cells(void **state)
{
	return bed_setup_two_cells(state, 0, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup_two_cells, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_location),
		TEST(test_areas),
		TEST(test_areas_of_cells_and_nodes),
		TEST(test_most_areas),
		TEST(test_location_refused),
		TEST(test_trace),
		TEST(test_cell_trace),
		TEST(test_capability_check),
		TEST(test_binding_release),
		TEST(test_reroute),
		TEST(test_reroute_nowhere),
		TEST(test_status_indication),
		TEST(test_associations_to_add),
		TEST(test_xn_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
