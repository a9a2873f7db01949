/* The UE of the bed, and what it and its gNB hear. */
#include "core/amf/amf_bed.h"

#include "wire/ngap/ngap.h"

static const struct plmn plmn = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };

bool amf_bed_next(struct amf_bed *b, struct ngap_pdu *pdu)
{
	struct per_diag diag;

	if (b->read == b->sent_count)
		return false;
	assert_true(ngap_decode(b->sent[b->read++], &b->arena, pdu, &diag));
	return true;
}

bool amf_bed_sent(struct amf_bed *b, enum ngap_message type, struct ngap_pdu *pdu)
{
	while (amf_bed_next(b, pdu))
		if (pdu->message == type)
			return true;
	return false;
}

bool amf_bed_hears(struct amf_bed *b, struct nas_msg *m)
{
	struct ngap_pdu pdu;
	struct bytes octets;

	while (amf_bed_next(b, &pdu)) {
		if (pdu.message == NGAP_MSG_DOWNLINK_NAS_TRANSPORT) {
			b->amf_id = pdu.u.downlink_nas_transport->amf_ue_ngap_id;
			octets = pdu.u.downlink_nas_transport->nas_pdu;
		} else if (pdu.message == NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST) {
			b->amf_id = pdu.u.initial_context_setup_request->amf_ue_ngap_id;
			octets = pdu.u.initial_context_setup_request->nas_pdu;
		} else {
			continue;
		}
		*m = test_nas_open(&b->nas, octets, &b->header);
		return true;
	}
	return false;
}

void amf_bed_expect(struct amf_bed *b, enum nas_msg_type type, struct nas_msg *m)
{
	assert_true(amf_bed_hears(b, m));
	assert_int_equal(m->type, type);
}

void amf_bed_silent(struct amf_bed *b)
{
	assert_int_equal(b->read, b->sent_count);
}

static struct ngap_user_location_information location(struct amf_bed *b)
{
	struct ngap_user_location_information u;
	struct tai tai = { plmn, 1 };
	struct ncgi ncgi = { plmn, 1 };

	assert_true(ngap_nr_location_of(&tai, &ncgi, &b->arena, &u));
	return u;
}

void amf_bed_begin(struct amf_bed *b, struct bytes nas)
{
	struct ngap_initial_ue_message m = { .ran_ue_ngap_id = b->ran_id,
		.nas_pdu = nas,
		.user_location_information = location(b),
		.rrc_establishment_cause = b->cause ? (enum ngap_rrc_establishment_cause)(b->cause - 1)
						    : NGAP_RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING };

	amf_bed_give(b, b->assoc ? b->assoc : BED_ASSOC, NGAP_MSG_INITIAL_UE_MESSAGE, &m);
}

void amf_bed_say(struct amf_bed *b, struct bytes nas)
{
	struct ngap_uplink_nas_transport m = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id,
		.nas_pdu = nas,
		.user_location_information = location(b) };

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UPLINK_NAS_TRANSPORT, &m);
}

void amf_bed_say_protected(struct amf_bed *b, const struct nas_msg *m)
{
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED, m));
}

struct nas_msg amf_bed_request(void)
{
	static const uint8_t msin[5] = { 0, 0, 0, 0, 0x10 };
	struct nas_msg m = { .type = NAS_REGISTRATION_REQUEST };
	struct nas_registration_request *r = &m.registration_request;

	r->registration_type = NAS_REGISTRATION_INITIAL | NAS_REGISTRATION_FOLLOW_ON;
	r->ngksi = NAS_KSI_NONE;
	r->mobile_identity.type = NAS_IDENTITY_SUCI;
	r->mobile_identity.suci =
		(struct nas_suci){ .plmn = plmn, .routing_indicator = "0", .scheme_output = BYTES(msin) };
	r->has_ue_security_capability = true;
	r->ue_security_capability.len = 2;
	r->ue_security_capability.octets[0] = r->ue_security_capability.octets[1] = 0xe0;
	return m;
}

void amf_bed_challenge(struct amf_bed *b)
{
	struct nas_msg m = b->clear ? *b->clear : amf_bed_request();

	amf_bed_begin(b, test_nas_plain(&b->nas, &m));
	amf_bed_expect(b, NAS_AUTHENTICATION_REQUEST, &m);
	b->ngksi = m.authentication_request.ngksi;
}

void amf_bed_answer_challenge(struct amf_bed *b)
{
	struct nas_msg m = { .type = NAS_AUTHENTICATION_RESPONSE,
		.authentication_response.has_res_star = true };

	bytes_copy(m.authentication_response.res_star, 16, BYTES(amf_bed_res_star));
	amf_bed_say(b, test_nas_plain(&b->nas, &m));
}

void amf_bed_secure(struct amf_bed *b)
{
	uint8_t k_amf[KDF_KEY_LEN];
	struct nas_msg m;

	amf_bed_challenge(b);
	amf_bed_answer_challenge(b);
	amf_bed_expect(b, NAS_SECURITY_MODE_COMMAND, &m);
	assert_true(kdf_k_amf(b->kseaf, bytes_of_str("001010000000001"), bytes_of("\0\0", 2), k_amf));
	nas_security_start(&b->nas.security, k_amf, b->ngksi, 2, 2);
	b->nas.security.count[NAS_DOWNLINK] = 1; /* the command was 0 */
}

void amf_bed_complete_security(struct amf_bed *b)
{
	struct nas_msg complete = { .type = NAS_SECURITY_MODE_COMPLETE }, request = amf_bed_request();
	struct nas_registration_request *r = &request.registration_request;

	if (b->asks) {
		struct nas_registration_request own = *r;

		*r = *b->asks;
		r->registration_type = own.registration_type;
		r->ngksi = own.ngksi;
		r->mobile_identity = own.mobile_identity;
		r->has_ue_security_capability = true;
		r->ue_security_capability = own.ue_security_capability;
	}

	complete.security_mode_complete.has_imeisv = true;
	complete.security_mode_complete.imeisv.type = NAS_IDENTITY_IMEISV;
	str_copy(complete.security_mode_complete.imeisv.imei,
		sizeof(complete.security_mode_complete.imeisv.imei), "3569380312345678");
	complete.security_mode_complete.has_nas_message_container = true;
	complete.security_mode_complete.nas_message_container = test_nas_plain(&b->nas, &request);
	amf_bed_say(b, test_nas_protected(&b->nas, NAS_INTEGRITY_CIPHERED_NEW_CONTEXT, &complete));
}

void amf_bed_accept(struct amf_bed *b)
{
	struct nas_msg m;

	amf_bed_secure(b);
	amf_bed_complete_security(b);
	amf_bed_expect(b, NAS_REGISTRATION_ACCEPT, &m);
	b->tmsi = m.registration_accept.guti.guti.tmsi;
}

void amf_bed_context_is_set_up(struct amf_bed *b)
{
	struct ngap_initial_context_setup_response m = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id };

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE, &m);
}

void amf_bed_register(struct amf_bed *b)
{
	struct nas_msg complete = { .type = NAS_REGISTRATION_COMPLETE };

	amf_bed_accept(b);
	amf_bed_context_is_set_up(b);
	amf_bed_say_protected(b, &complete);
	assert_int_equal(amf_numbers(b->amf).registered, 1);
	assert_int_equal(amf_bed_ue(b)->state, MM_REGISTERED);
}

void amf_bed_again(struct amf_bed *b, uint8_t registration_type, uint32_t tmsi)
{
	struct nas_msg m = amf_bed_request();

	m.registration_request.registration_type = registration_type;
	m.registration_request.ngksi = b->ngksi;
	m.registration_request.mobile_identity = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI,
		.guti = { b->config.guami, tmsi } };
	b->ran_id++;
	amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &m));
}

void amf_bed_service(struct amf_bed *b)
{
	struct nas_msg m = { .type = NAS_SERVICE_REQUEST }, accept;

	m.service_request.ngksi = b->ngksi;
	m.service_request.s_tmsi = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_S_TMSI };
	m.service_request.s_tmsi.s_tmsi.amf_set_id = b->config.guami.amf_set_id;
	m.service_request.s_tmsi.s_tmsi.amf_pointer = b->config.guami.amf_pointer;
	m.service_request.s_tmsi.s_tmsi.tmsi = b->tmsi;
	m.service_request.has_uplink_data_status = true;
	m.service_request.uplink_data_status = 1 << 1;
	b->ran_id++;
	amf_bed_begin(b, test_nas_protected(&b->nas, NAS_INTEGRITY, &m));
	amf_bed_expect(b, NAS_SERVICE_ACCEPT, &accept);
}

void amf_bed_released(struct amf_bed *b)
{
	struct ngap_ue_context_release_request m = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_USER_INACTIVITY) };
	struct ngap_ue_context_release_complete done = { .amf_ue_ngap_id = b->amf_id,
		.ran_ue_ngap_id = b->ran_id };
	struct ngap_pdu pdu;

	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST, &m);
	assert_true(amf_bed_sent(b, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &pdu));
	amf_bed_give(b, BED_ASSOC, NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE, &done);
}

struct amf_ue *amf_bed_ue(struct amf_bed *b)
{
	uint32_t i = 0;

	return pool_next(&b->amf->ues, &i);
}

void amf_bed_session(struct amf_bed *b, uint8_t pdu_session_id)
{
	struct amf_session *s = amf_session_new(b->amf, pdu_session_id, "");
	struct amf_ue *ue = amf_bed_ue(b);

	s->snssai = b->allowed;
	s->smf = sbi_any(b->bus, NF_SMF);
	s->generation = ++b->amf->generation;
	str_copy(s->sm_context_ref, sizeof(s->sm_context_ref), "ref0");
	s->sm_context_ref[3] = (char)('0' + pdu_session_id);
	s->next = ue->sessions;
	ue->sessions = s;
	amf_ue_dirty(b->amf, ue);
}

void amf_bed_transfer(struct amf_bed *b, enum ngap_ie_type n2, uint8_t pdu_session_id)
{
	struct n1_message_container n1 = { .n1_message_class = N1_MESSAGE_CLASS_SM,
		.n1_message_content = bytes_of("\x2e\x01\x01\xc1", 4) };
	struct n2_info_content content = { .ngap_ie_type = n2, .ngap_data = bytes_of("\x01\x02", 2) };
	struct n2_sm_information sm = { .pdu_session_id = pdu_session_id, .n2_info_content = &content };
	struct n2_info_container n2_container = { .n2_information_class = N2_INFORMATION_CLASS_SM,
		.sm_info = &sm };
	struct namf_n1n2_message_transfer_req req = { amf_bed_ue(b)->supi,
		{ .n1_message_container = &n1,
			.n2_info_container = n2 == N2_IE_ABSENT ? NULL : &n2_container,
			.pdu_session_id = pdu_session_id } };

	sbi_call(b->smf, sbi_any(b->bus, NF_AMF), SBI_AMF_N1N2_MESSAGE_TRANSFER, &req,
		(struct sbi_token){ 0 });
	amf_bed_settle(b);
}
