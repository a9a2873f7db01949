/*
 * A hostile gNB, and a UE whose gNB garbles messages, at a core that serves an honest UE over an honest gNB.
 * The input is a sequence of operations. Whatever it does, the honest UE keeps its service, and nothing of
 * the hostile ones is left once their associations are gone.
 */
#include <stdlib.h>

#include "core/amf/internal.h"
#include "tests/fuzz/fuzz_bed.h"
#include "wire/nas/nas.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OPS_MAX = 64, IDS_MAX = 8, N2_PORT = 38412, CORE_IP = 0x0a000001, HOSTILE_IP = 0x0a0000f0 };

struct ids {
	uint64_t amf_ue;
	uint32_t ran_ue;
};

struct hostile {
	struct scn *s;
	struct fuzz_in in;
	struct sim_node *node;
	uint64_t assoc;          /* 0: none */
	struct ids ids[IDS_MAX]; /* the first are the honest UE's */
	unsigned id_count;
	unsigned garble; /* messages of gNB 2 and UE 2 to garble */
	struct arena arena;
	uint8_t nas[8192], pdu[16384];
};

static void hostile_on_msg(void *self, const struct msg *m)
{
	struct hostile *h = self;
	struct ngap_pdu pdu;
	struct per_diag diag;

	if (m->kind != MSG_DATA) {
		h->assoc = m->kind == MSG_UP ? m->assoc : 0;
		return;
	}
	arena_reset(&h->arena);
	if (ngap_decode(m->data, &h->arena, &pdu, &diag) && pdu.message == NGAP_MSG_DOWNLINK_NAS_TRANSPORT)
		h->ids[1 + h->id_count++ % (IDS_MAX - 1)] =
			(struct ids){ pdu.u.downlink_nas_transport->amf_ue_ngap_id,
				pdu.u.downlink_nas_transport->ran_ue_ngap_id };
}

static uint64_t hostile_next_deadline_ns(void *self)
{
	return NEVER;
}

static void hostile_on_deadline(void *self, uint64_t now_ns)
{
}

static struct ids ids_of(struct hostile *h)
{
	struct ids ids = h->ids[fuzz_u8(&h->in) % IDS_MAX];
	uint8_t twist = fuzz_u8(&h->in);

	if (twist & 1)
		ids.amf_ue ^= twist >> 2;
	if (twist & 2)
		ids.ran_ue ^= twist >> 2;
	return ids;
}

static struct nas_mobile_identity identity_of(struct hostile *h)
{
	struct nas_mobile_identity id = { .type = NAS_IDENTITY_SUCI };
	struct ue_state honest;
	static const uint8_t msin[2][5] = { { 0, 0, 0, 0, 0x10 }, { 0, 0, 0, 0, 0x20 } };

	ue_state(h->s->ues[1].ue, &honest);
	switch (fuzz_u8(&h->in) % 4) {
	case 0:
		id = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI, .guti = honest.guti };
		break;
	case 1:
		id = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_S_TMSI };
		id.s_tmsi = (struct nas_s_tmsi){ honest.guti.guami.amf_set_id, honest.guti.guami.amf_pointer,
			honest.guti.tmsi };
		break;
	default:
		id.suci.supi_format = NAS_SUPI_IMSI;
		id.suci.plmn = h->s->core_config.plmn;
		str_copy(id.suci.routing_indicator, sizeof(id.suci.routing_indicator), "0");
		id.suci.protection_scheme = fuzz_u8(&h->in) % 4;
		id.suci.scheme_output =
			id.suci.protection_scheme ? fuzz_octets(&h->in) : BYTES(msin[fuzz_u8(&h->in) & 1]);
	}
	return id;
}

/* A message of a UE without a key, sound before it is garbled. */
static bool nas_message(struct hostile *h, struct nas_msg *m)
{
	static const enum nas_msg_type types[] = { NAS_REGISTRATION_REQUEST, NAS_AUTHENTICATION_RESPONSE,
		NAS_AUTHENTICATION_FAILURE, NAS_DEREGISTRATION_REQUEST_UE, NAS_SERVICE_REQUEST,
		NAS_IDENTITY_RESPONSE, NAS_SECURITY_MODE_COMPLETE, NAS_REGISTRATION_COMPLETE,
		NAS_UL_NAS_TRANSPORT, NAS_SECURITY_MODE_REJECT };

	*m = (struct nas_msg){ .type = types[fuzz_u8(&h->in) % ARRAY_LEN(types)] };
	switch (m->type) {
	case NAS_REGISTRATION_REQUEST:
		m->registration_request.registration_type = fuzz_u8(&h->in) & 15;
		m->registration_request.ngksi = fuzz_u8(&h->in) & 7;
		m->registration_request.mobile_identity = identity_of(h);
		m->registration_request.has_ue_security_capability = true;
		m->registration_request.ue_security_capability =
			(struct nas_ue_security_capability){ .len = 2,
				.octets = { fuzz_u8(&h->in), fuzz_u8(&h->in) } };
		break;
	case NAS_AUTHENTICATION_RESPONSE:
		m->authentication_response.has_res_star = true;
		break;
	case NAS_AUTHENTICATION_FAILURE:
		m->authentication_failure.cause = fuzz_u8(&h->in);
		m->authentication_failure.has_auts = fuzz_u8(&h->in) & 1;
		break;
	case NAS_DEREGISTRATION_REQUEST_UE:
		m->deregistration_request_ue.deregistration_type = fuzz_u8(&h->in) & 15;
		m->deregistration_request_ue.mobile_identity = identity_of(h);
		break;
	case NAS_SERVICE_REQUEST:
		m->service_request.s_tmsi = identity_of(h);
		break;
	case NAS_IDENTITY_RESPONSE:
		m->identity_response.mobile_identity = identity_of(h);
		break;
	case NAS_UL_NAS_TRANSPORT:
		m->ul_nas_transport.payload_container_type = fuzz_u8(&h->in) & 15;
		m->ul_nas_transport.payload_container = fuzz_octets(&h->in);
		break;
	default:
		break;
	}
	return true;
}

static struct bytes nas_pdu(struct hostile *h)
{
	struct writer w = writer_of(h->nas, sizeof(h->nas));
	uint8_t how = fuzz_u8(&h->in);
	struct nas_msg m;

	if (how % 4 == 0)
		return fuzz_octets(&h->in);
	if (how % 4 == 1) { /* protected, with a MAC of its own invention */
		writer_u8(&w, 0x7e);
		writer_u8(&w, fuzz_u8(&h->in) & 7);
		writer_u32(&w, fuzz_u32(&h->in));
		writer_u8(&w, fuzz_u8(&h->in));
	}
	if (!nas_message(h, &m) || !nas_encode(&m, &w))
		return fuzz_octets(&h->in);
	if (how & 0x80) {
		struct msg garbled = { .data = writer_bytes(&w) };

		fuzz_mutate(&h->in, &garbled);
	}
	return writer_bytes(&w);
}

static void n2_send(struct hostile *h, struct bytes pdu)
{
	may_fail(outbox_send(
		sim_node_env(h->node)->outbox, 1, h->assoc, fuzz_u8(&h->in) & 3, pdu)); /* full is fine */
	sim_settle(h->node);
}

static void ngap_send(struct hostile *h, enum ngap_message type, const void *body)
{
	struct writer w = writer_of(h->pdu, sizeof(h->pdu));
	struct msg m;

	if (!ngap_encode(type, body, &w))
		return;
	m = (struct msg){ .data = writer_bytes(&w) };
	if (fuzz_u8(&h->in) & 1)
		fuzz_mutate(&h->in, &m);
	n2_send(h, m.data);
}

static void op_setup(struct hostile *h)
{
	uint8_t which = fuzz_u8(&h->in);
	uint8_t id[4] = { 0, (which & 1) ? 0x01 : 0x07, (which & 1) ? 0x01 : 0x77, 0 };
	uint8_t sst = 1, sd[3] = { 1, 2, 3 }, tac[3] = { 0, 0, (uint8_t)(1 + (which >> 6)) },
		plmn_octets[PLMN_OCTETS];
	struct ngap_slice_support_item slice = {
		.s_nssai = { .sst = bytes_of(&sst, 1), .has_sd = true, .sd = BYTES(sd) }
	};
	struct ngap_broadcast_plmn_item plmn = { .plmn_identity = BYTES(plmn_octets),
		.tai_slice_support_list = { 1, &slice } };
	struct ngap_supported_ta_item ta = { .tac = BYTES(tac), .broadcast_plmn_list = { 1, &plmn } };
	struct ngap_ng_setup_request m = { .supported_ta_list = { 1, &ta } };
	struct ngap_ran_configuration_update update = { .supported_ta_list = &m.supported_ta_list };

	plmn_to_ap(&h->s->core_config.plmn, plmn_octets);
	m.global_ran_node_id.tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	m.global_ran_node_id.u.global_gnb_id.plmn_identity = BYTES(plmn_octets);
	m.global_ran_node_id.u.global_gnb_id.gnb_id.tag = NGAP_GNB_ID_TAG_GNB_ID;
	m.global_ran_node_id.u.global_gnb_id.gnb_id.u.gnb_id = (struct per_bits){ id, 24 };
	if (which & 2)
		ngap_send(h, NGAP_MSG_RAN_CONFIGURATION_UPDATE, &update);
	else
		ngap_send(h, NGAP_MSG_NG_SETUP_REQUEST, &m);
}

static void op_initial(struct hostile *h)
{
	struct tai tai = { h->s->core_config.plmn, 1 };
	struct ncgi ncgi = { h->s->core_config.plmn, 0x77 };
	struct ngap_initial_ue_message m = { .ran_ue_ngap_id = fuzz_u8(&h->in) & 7, .nas_pdu = nas_pdu(h) };

	arena_reset(&h->arena);
	if (ngap_nr_location_of(&tai, &ncgi, &h->arena, &m.user_location_information))
		ngap_send(h, NGAP_MSG_INITIAL_UE_MESSAGE, &m);
}

static void op_uplink(struct hostile *h)
{
	struct tai tai = { h->s->core_config.plmn, 1 };
	struct ncgi ncgi = { h->s->core_config.plmn, 0x77 };
	struct ids ids = ids_of(h);
	struct ngap_uplink_nas_transport m = {
		.amf_ue_ngap_id = ids.amf_ue, .ran_ue_ngap_id = ids.ran_ue, .nas_pdu = nas_pdu(h)
	};

	arena_reset(&h->arena);
	if (ngap_nr_location_of(&tai, &ncgi, &h->arena, &m.user_location_information))
		ngap_send(h, NGAP_MSG_UPLINK_NAS_TRANSPORT, &m);
}

static void op_answer(struct hostile *h)
{
	struct ids ids = ids_of(h);
	struct ngap_initial_context_setup_response response = { .amf_ue_ngap_id = ids.amf_ue,
		.ran_ue_ngap_id = ids.ran_ue };
	struct ngap_initial_context_setup_failure failure = { .amf_ue_ngap_id = ids.amf_ue,
		.ran_ue_ngap_id = ids.ran_ue,
		.cause = ngap_cause_radio(fuzz_u8(&h->in) & 31) };
	struct ngap_ue_context_release_complete complete = { .amf_ue_ngap_id = ids.amf_ue,
		.ran_ue_ngap_id = ids.ran_ue };
	struct ngap_ue_context_release_request request = {
		.amf_ue_ngap_id = ids.amf_ue, .ran_ue_ngap_id = ids.ran_ue, .cause = failure.cause
	};
	struct ngap_pdu_session_resource_setup_item_su_res item = { .pdu_session_id = fuzz_u8(&h->in) & 15,
		.pdu_session_resource_setup_response_transfer = fuzz_octets(&h->in) };
	struct ngap_pdu_session_resource_setup_list_su_res list = { 1, &item };
	struct ngap_pdu_session_resource_setup_response setup = { .amf_ue_ngap_id = ids.amf_ue,
		.ran_ue_ngap_id = ids.ran_ue,
		.pdu_session_resource_setup_list_su_res = &list };
	struct ngap_error_indication error = { .has_amf_ue_ngap_id = true,
		.amf_ue_ngap_id = ids.amf_ue,
		.has_ran_ue_ngap_id = true,
		.ran_ue_ngap_id = ids.ran_ue,
		.cause = &failure.cause };

	switch (fuzz_u8(&h->in) % 6) {
	case 0:
		ngap_send(h, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE, &response);
		break;
	case 1:
		ngap_send(h, NGAP_MSG_INITIAL_CONTEXT_SETUP_FAILURE, &failure);
		break;
	case 2:
		ngap_send(h, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE, &complete);
		break;
	case 3:
		ngap_send(h, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST, &request);
		break;
	case 4:
		ngap_send(h, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE, &setup);
		break;
	default:
		ngap_send(h, NGAP_MSG_ERROR_INDICATION, &error);
	}
}

static void op_reset(struct hostile *h)
{
	struct ids ids = ids_of(h);
	uint8_t parts = fuzz_u8(&h->in);
	struct ngap_ue_associated_logical_ng_connection_item item = { .has_amf_ue_ngap_id = parts & 1,
		.amf_ue_ngap_id = ids.amf_ue,
		.has_ran_ue_ngap_id = parts & 2,
		.ran_ue_ngap_id = ids.ran_ue };
	struct ngap_ng_reset m = { .cause = ngap_cause_of_misc(NGAP_CAUSE_MISC_UNSPECIFIED),
		.reset_type = { .tag = NGAP_RESET_TYPE_TAG_PART_OF_NG_INTERFACE,
			.u.part_of_ng_interface = { 1, &item } } };

	if (parts & 4)
		m.reset_type = (struct ngap_reset_type){ .tag = NGAP_RESET_TYPE_TAG_NG_INTERFACE };
	ngap_send(h, NGAP_MSG_NG_RESET, &m);
}

static void op_ue(struct hostile *h)
{
	static const char *const lines[] = { "ue 2 registers", "ue 2 establishes", "ue 2 releases 1",
		"ue 2 deregisters", "ue 2 deregisters switch-off", "gnb 2 resets", "break n2 of gnb 2",
		"operator releases session 1 of subscriber 2" };

	fuzz_try(h->s, lines[fuzz_u8(&h->in) % ARRAY_LEN(lines)]);
}

static void op(struct hostile *h)
{
	struct msg up = { .kind = MSG_UP, .port = 1, .token = 1, .peer = addr_from_v4(CORE_IP, N2_PORT) };
	struct msg down = { .kind = MSG_DOWN, .port = 1, .assoc = h->assoc };
	static void (*const ops[])(
		struct hostile *h) = { op_setup, op_initial, op_uplink, op_answer, op_reset };
	unsigned which = fuzz_u8(&h->in) % 12;

	if (which < ARRAY_LEN(ops) && h->assoc) {
		ops[which](h);
	} else if (which == 5) {
		may_fail(
			outbox_put(sim_node_env(h->node)->outbox, h->assoc ? &down : &up)); /* full is fine */
		sim_settle(h->node);
	} else if (which == 6 && h->assoc) {
		n2_send(h, fuzz_octets(&h->in));
	} else if (which == 7) {
		h->garble = fuzz_u8(&h->in) & 7;
	} else if (which < 10) {
		op_ue(h);
	} else {
		scn_run(h->s, NULL, NULL, (uint64_t)fuzz_u8(&h->in) * fuzz_u8(&h->in));
	}
	scn_run(h->s, NULL, NULL, 3);
}

/* Garbles what passes between UE 2, gNB 2 and the core. */
static bool filter(void *arg, struct sim_node *from, const struct msg *m)
{
	struct hostile *h = arg;
	struct scn_gnb *g = &h->s->gnbs[2];
	bool theirs = from == g->node || (from == h->s->ue_node && addr_equal(&m->peer, &g->air));

	if (m->kind == MSG_DATA && theirs && h->garble && fuzz_more(&h->in)) {
		h->garble--;
		if (fuzz_u8(&h->in) % 8 == 0)
			return false;
		fuzz_mutate(&h->in, m);
	}
	return true;
}

static void begin(struct hostile *h, struct scn *s)
{
	static const struct room_ops ops = { hostile_on_msg, hostile_next_deadline_ns, hostile_on_deadline };
	struct addr local = addr_from_v4(HOSTILE_IP, 1);
	const struct amf_connection *honest = pool_at(&core_amf(s->core)->connections, 0);

	h->s = s;
	arena_init(&h->arena, NULL, 0, 1 << 20);
	for (unsigned i = 0; i < IDS_MAX; i++)
		h->ids[i] = (struct ids){ honest->amf_ue_ngap_id, honest->ran_ue_ngap_id };
	fuzz_say(s, "subscriber 2");
	fuzz_say(s, "gnb 2");
	fuzz_say(s, "expect gnb 2 amfs 1 within 5s");
	fuzz_say(s, "ue 2 gnb=2 profile=null");
	h->node = sim_node_add(s->sim, "evil", false);
	sim_bind_client(h->node, 1, &local);
	sim_node_set_room(h->node, (struct room){ &ops, h });
	sim_set_filter(s->sim, filter, h);
}

static void end(struct hostile *h)
{
	struct scn *s = h->s;
	const struct amf *amf = core_amf(s->core);

	h->garble = 0;
	sim_kill(h->node, false);
	fuzz_say(s, "kill gnb 2");
	fuzz_say(s, "wait 2s");
	/* What the other had at rest is retained for a while. */
	fuzz_check(s, amf->gnb_by_assoc.count == 1 && amf->connections.used >= 1,
		"the honest gNB and connection are left");
	for (size_t i = 0; i < AMF_PROCEDURE_KINDS; i++)
		fuzz_check(s, amf->procedures[i].used == 0, "no procedure is left");
	fuzz_check(s, amf->ues.used == amf->registered, "only registered UEs are left");
	fuzz_say(s, "expect ue 1 registrations 1 sessions-down 0 deregistrations 0");
	fuzz_say(s, "expect ue 1 connected");
	fuzz_say(s, "ping ue 1");
	fuzz_say(s, "ue 1 deregisters");
	fuzz_say(s, "expect ue 1 state 5GMM-DEREGISTERED within 5s");
	arena_fini(&h->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct hostile h;

	h = (struct hostile){ .in = fuzz_in_of(data, size) };
	begin(&h, fuzz_bed_new());
	for (int i = 0; i < OPS_MAX && fuzz_more(&h.in); i++)
		op(&h);
	end(&h);
	fuzz_bed_free(h.s);
	return 0;
}
