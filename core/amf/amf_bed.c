#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

static const struct plmn plmn = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };
static const uint8_t rand_[16] = { 9, 9 };

const uint8_t amf_bed_res_star[16] = { 7, 7, 7 };

/* The network functions. */

static void answer_authenticate(struct amf_bed *b, uint64_t id, enum sbi_cause cause)
{
	struct nausf_authenticate_rsp rsp = { .auth_ctx_id = "ctx" };
	struct av5g_aka *av = &rsp.data.five_g_auth_data;

	av->has_rand = av->has_autn = av->has_hxres_star = b->eap.len == 0;
	av->eap_payload = b->eap;
	bytes_copy(av->rand, 16, BYTES(rand_));
	assert_true(kdf_hres_star(rand_, amf_bed_res_star, av->hxres_star));
	sbi_answer(b->bus, id, cause, cause == SBI_OK ? &rsp : NULL);
}

static void answer_confirm(struct amf_bed *b, uint64_t id, enum sbi_cause cause)
{
	struct nausf_5g_aka_confirm_rsp rsp = { .data = { .auth_result = AUTH_RESULT_AUTHENTICATION_SUCCESS,
							.has_kseaf = true } };

	assert_true(supi_parse("001010000000001", &rsp.data.supi));
	bytes_copy(rsp.data.kseaf, 32, BYTES(b->kseaf));
	if (b->res_star_fails)
		rsp.data = (struct confirmation_data_response){ .auth_result =
									AUTH_RESULT_AUTHENTICATION_FAILURE };
	sbi_answer(b->bus, id, cause, cause == SBI_OK ? &rsp : NULL);
}

/* Another request first, if the test wants one; then the end, with an EAP packet of the test. */
static void answer_eap_session(struct amf_bed *b, uint64_t id, enum sbi_cause cause)
{
	struct nausf_eap_session_rsp rsp = { .data.eap_payload = b->eap };

	if (!b->eap_goes_on) {
		rsp.data.auth_result = b->res_star_fails ? AUTH_RESULT_AUTHENTICATION_FAILURE
							 : AUTH_RESULT_AUTHENTICATION_SUCCESS;
		rsp.data.eap_payload = b->eap_end;
		rsp.data.has_k_seaf = !b->res_star_fails;
		assert_true(supi_parse("001010000000001", &rsp.data.supi));
		bytes_copy(rsp.data.k_seaf, 32, BYTES(b->kseaf));
	}
	b->eap_goes_on = false;
	sbi_answer(b->bus, id, cause, cause == SBI_OK ? &rsp : NULL);
}

static void answer_slices(struct amf_bed *b, uint64_t id, enum sbi_cause cause)
{
	struct allowed_snssai one = { .allowed_snssai = b->allowed };
	struct allowed_nssai list = { { b->allowed.sst ? 1 : 0, &one }, ACCESS_TYPE_THREE_GPP_ACCESS };
	struct nnssf_ns_selection_rsp rsp = { .data = { .allowed_nssai_list = { 1, &list } } };

	sbi_answer(b->bus, id, cause, cause == SBI_OK ? &rsp : NULL);
}

/* 29.502 5.2.2.3.3 and 5.2.2.3.4, to the last request. */
static enum sbi_cause answer_move(
	struct amf_bed *b, struct nsmf_update_sm_context_rsp *rsp, enum sbi_cause cause)
{
	static const enum n2_sm_info_type answers[N2_SM_COUNT] = {
		[N2_SM_HANDOVER_REQUIRED] = N2_SM_PDU_RES_SETUP_REQ,
		[N2_SM_HANDOVER_REQ_ACK] = N2_SM_HANDOVER_CMD,
		[N2_SM_HANDOVER_RES_ALLOC_FAIL] = N2_SM_HANDOVER_PREP_FAIL,
		[N2_SM_PATH_SWITCH_REQ] = N2_SM_PATH_SWITCH_REQ_ACK,
		[N2_SM_PDU_RES_MOD_IND] = N2_SM_PDU_RES_MOD_CFM,
	};
	const struct sm_context_update_data *d = &b->updates[b->update_count - 1];

	*rsp = (struct nsmf_update_sm_context_rsp){ .data = { .n2_sm_info_type = answers[d->n2_sm_info_type],
							    .ho_state = d->ho_state,
							    .n2_sm_info = bytes_of("\x01\x02", 2) } };
	if (!rsp->data.n2_sm_info_type)
		rsp->data.n2_sm_info = BYTES_NONE;
	return b->smf_refuses >> b->update_ids[b->update_count - 1] & 1 ? SBI_N2_SM_ERROR : cause;
}

static void note_update(struct amf_bed *b, const struct nsmf_update_sm_context_req *req)
{
	b->updated_type = req->data.n2_sm_info_type;
	assert_true(b->update_count < BED_UPDATES_MAX);
	b->update_ids[b->update_count] = (uint8_t)(req->sm_context_ref[3] ? req->sm_context_ref[3] - '0' : 0);
	b->updates[b->update_count++] = req->data;
}

static void answer(struct amf_bed *b, enum sbi_op_id op, uint64_t id, enum sbi_cause cause)
{
	const struct nudm_am_data_rsp am_data = { .data = b->am };
	static const struct npcf_am_policy_create_rsp policy = { .policy_id = "policy" };
	struct nsmf_update_sm_context_rsp updated = { .data = { .n2_sm_info_type = b->update_type,
							      .n2_sm_info = bytes_of("\x01\x02", 2) } };

	if (op == SBI_SMF_UPDATE_SM_CONTEXT && b->moves)
		cause = answer_move(b, &updated, cause);

	if (op == SBI_AUSF_AUTHENTICATE)
		answer_authenticate(b, id, cause);
	else if (op == SBI_AUSF_5G_AKA_CONFIRM)
		answer_confirm(b, id, cause);
	else if (op == SBI_AUSF_EAP_SESSION)
		answer_eap_session(b, id, cause);
	else if (op == SBI_NSSF_NS_SELECTION)
		answer_slices(b, id, cause);
	else if (op == SBI_UDM_GET_AM_DATA)
		sbi_answer(b->bus, id, cause, cause == SBI_OK ? &am_data : NULL);
	else if (op == SBI_PCF_AM_POLICY_CREATE)
		sbi_answer(b->bus, id, cause, cause == SBI_OK ? &policy : NULL);
	else if (op == SBI_SMF_UPDATE_SM_CONTEXT)
		sbi_answer(b->bus, id, cause, &updated);
	else
		sbi_answer(b->bus, id, cause, NULL);
}

static void bed_on_request(void *self, const struct sbi_request *r)
{
	struct amf_bed *b = self;
	struct bed_script *s = &b->script[r->op];

	s->requests++;
	if (r->op == SBI_AUSF_AUTHENTICATE) {
		const struct nausf_authenticate_req *req = r->body;

		b->has_resync = req->data.resynchronization_info != NULL;
		if (b->has_resync)
			b->resync = *req->data.resynchronization_info;
	}
	if (r->op == SBI_UDM_UPU_ACK || r->op == SBI_UDM_SOR_ACK)
		b->sdm_ack = ((const struct nudm_acknowledge_req *)r->body)->data;
	if (r->op == SBI_SMF_UPDATE_SM_CONTEXT)
		note_update(b, r->body);
	if (s->mute)
		s->held = r->id;
	else
		answer(b, r->op, r->id, s->cause);
}

static void bed_on_answer(void *self, const struct sbi_answer *a)
{
	struct amf_bed *b = self;

	b->transfers_answered++;
	b->transfer_cause = a->cause;
}

/* The bed. */

static void bed_leave(void *arg, struct outbox *o)
{
	struct amf_bed *b = arg;

	for (struct outbox_item *i = o->head; i; i = i->next)
		if (i->msg.port == AMF_PORT_N2 && i->msg.kind == MSG_DATA) {
			assert_true(b->sent_count < BED_SENT_MAX);
			b->sent_to[b->sent_count] = i->msg.assoc;
			b->sent[b->sent_count++] = arena_bytes(&b->arena, i->msg.data);
		}
}

static void bed_on_committed(void *self, uint64_t epoch)
{
	amf_on_committed(((struct amf_bed *)self)->amf, epoch);
}

void amf_bed_settle(struct amf_bed *b)
{
	sbi_run(b->bus);
	timers_run(&amf_nf(b->amf)->timers, b->t.now_ns);
	sbi_run(b->bus);
	amf_store(b->amf);
	assert_true(turn_end(&b->turn));
}

void amf_bed_pass(struct amf_bed *b, uint32_t ms)
{
	for (uint32_t step; ms > 0; ms -= step) {
		step = ms < 500 ? ms : 500;
		b->t.now_ns += step * NS_PER_MS;
		timers_run(&amf_nf(b->amf)->timers, b->t.now_ns);
		sbi_on_deadline(b->bus, b->t.now_ns);
		amf_bed_settle(b);
	}
}

void amf_bed_deliver(struct amf_bed *b, uint64_t assoc, enum msg_kind kind, struct bytes data)
{
	struct msg m = { .kind = kind,
		.port = AMF_PORT_N2,
		.assoc = assoc,
		.out_streams = 4,
		.in_streams = 4,
		.waited_us = b->waited_us,
		.busy_permille = b->busy_permille,
		.data = data };

	addr_parse(b->host ? b->host : "10.0.0.3", &m.peer);
	amf_on_n2(b->amf, &m);
	amf_bed_settle(b);
}

void amf_bed_give(struct amf_bed *b, uint64_t assoc, enum ngap_message type, const void *body)
{
	uint8_t buf[4096];
	struct writer w = writer_of(buf, sizeof(buf));

	assert_true(ngap_encode(type, body, &w));
	amf_bed_deliver(b, assoc, MSG_DATA, writer_bytes(&w));
}

void amf_bed_ng_setup(struct amf_bed *b, uint64_t assoc, uint32_t gnb_id)
{
	uint8_t id[3] = { (uint8_t)(gnb_id >> 16), (uint8_t)(gnb_id >> 8), (uint8_t)gnb_id };
	uint8_t plmn_octets[PLMN_OCTETS];
	static const uint8_t sst = 1;
	uint32_t number = b->gnb_tac ? b->gnb_tac : 1;
	uint8_t tac[3] = { (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number };
	struct ngap_slice_support_item slice = { { .sst = { &sst, 1 } } };
	struct ngap_broadcast_plmn_item item = { .plmn_identity = BYTES(plmn_octets),
		.tai_slice_support_list = { 1, &slice } };
	struct ngap_supported_ta_item ta = { .tac = BYTES(tac), .broadcast_plmn_list = { 1, &item } };
	struct ngap_ng_setup_request m = { .supported_ta_list = { 1, &ta },
		.has_ue_retention_information = b->retains };
	struct ngap_pdu pdu;

	m.has_ran_node_name = b->gnb_name.len > 0;
	m.ran_node_name = b->gnb_name;
	plmn_to_ap(&plmn, plmn_octets);
	m.global_ran_node_id.tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	m.global_ran_node_id.u.global_gnb_id.plmn_identity = BYTES(plmn_octets);
	m.global_ran_node_id.u.global_gnb_id.gnb_id =
		(struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID, { .gnb_id = { id, 24 } } };
	if (!amf_gnb_find(b->amf, assoc))
		amf_bed_deliver(b, assoc, MSG_UP, BYTES_NONE);
	amf_bed_give(b, assoc, NGAP_MSG_NG_SETUP_REQUEST, &m);
	assert_true(amf_bed_sent(b, NGAP_MSG_NG_SETUP_RESPONSE, &pdu));
}

static void bed_new_amf(struct amf_bed *b, bool counts_lost)
{
	static const struct sbi_nf_ops ops = { bed_on_request, bed_on_answer };
	static const enum nf_type types[] = { NF_AUSF, NF_UDM, NF_NSSF, NF_PCF, NF_NRF, NF_SMF };
	static const struct room_ops room_ops = { .on_committed = bed_on_committed };

	b->bus = sbi_bus_new(&b->t.env);
	assert_non_null(b->bus);
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		b->smf = sbi_attach(b->bus, types[i], "", &ops, b);
	b->amf = amf_new(&b->config, counts_lost, &b->t.env, b->bus);
	assert_non_null(b->amf);
	turn_init(&b->turn, &b->t.env, bed_leave, b);
	assert_true(turn_room_add(&b->turn, &(struct room){ &room_ops, b }));
}

int amf_bed_setup(void **state)
{
	struct amf_bed *b = calloc(1, sizeof(*b));
	static const uint8_t order[2] = { 2, 1 };

	test_env_init(&b->t, 1, true);
	arena_init(&b->arena, NULL, 0, 64 << 20);
	b->nas = (struct test_nas){ .out = NAS_UPLINK, .arena = &b->arena };
	b->ran_id = BED_RAN_ID;
	b->allowed = (struct snssai){ 1, SNSSAI_NO_SD };
	b->config = (struct amf_config){ .name = "amf",
		.n2_port = AMF_PORT_N2,
		.guami = { plmn, 1, 1, 1 },
		.tac_count = 1,
		.tacs = { 1 },
		.slice_count = 1,
		.slices = { { 1, SNSSAI_NO_SD } },
		.ciphering_count = 2,
		.integrity_count = 2,
		.t3512_s = 600,
		.t3550_ms = 6000,
		.t3560_ms = 6000,
		.t3522_ms = 6000 };
	bytes_copy(b->config.ciphering_order, 4, BYTES(order));
	bytes_copy(b->config.integrity_order, 4, BYTES(order));
	bed_new_amf(b, false);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
	*state = b;
	return 0;
}

static void bed_end_amf(struct amf_bed *b)
{
	amf_free(b->amf);
	sbi_bus_free(b->bus);
	turn_fini(&b->turn);
}

int amf_bed_teardown(void **state)
{
	struct amf_bed *b = *state;

	bed_end_amf(b);
	test_env_fini(&b->t);
	arena_fini(&b->arena);
	free(b);
	return 0;
}

void amf_bed_restart(struct amf_bed *b)
{
	bed_end_amf(b);
	bed_new_amf(b, false);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
}

void amf_bed_restart_older(struct amf_bed *b)
{
	bed_end_amf(b);
	bed_new_amf(b, true);
	amf_bed_ng_setup(b, BED_ASSOC, 1);
}
