/* Decoding, encoding and printing of NAS messages by their type. */
#include "wire/nas/ie.h"

#include "wire/nas/groups.h"

static const struct tlv_group *const groups[256] = {
	[NAS_AUTHENTICATION_REQUEST] = &nas_authentication_request_group,
	[NAS_AUTHENTICATION_RESPONSE] = &nas_authentication_response_group,
	[NAS_AUTHENTICATION_RESULT] = &nas_authentication_result_group,
	[NAS_AUTHENTICATION_FAILURE] = &nas_authentication_failure_group,
	[NAS_AUTHENTICATION_REJECT] = &nas_authentication_reject_group,
	[NAS_REGISTRATION_REQUEST] = &nas_registration_request_group,
	[NAS_REGISTRATION_ACCEPT] = &nas_registration_accept_group,
	[NAS_REGISTRATION_COMPLETE] = &nas_registration_complete_group,
	[NAS_REGISTRATION_REJECT] = &nas_registration_reject_group,
	[NAS_UL_NAS_TRANSPORT] = &nas_ul_nas_transport_group,
	[NAS_DL_NAS_TRANSPORT] = &nas_dl_nas_transport_group,
	[NAS_DEREGISTRATION_REQUEST_UE] = &nas_deregistration_request_ue_group,
	[NAS_DEREGISTRATION_ACCEPT_UE] = &nas_deregistration_accept_ue_group,
	[NAS_DEREGISTRATION_REQUEST_NETWORK] = &nas_deregistration_request_network_group,
	[NAS_DEREGISTRATION_ACCEPT_NETWORK] = &nas_deregistration_accept_network_group,
	[NAS_SERVICE_REQUEST] = &nas_service_request_group,
	[NAS_SERVICE_ACCEPT] = &nas_service_accept_group,
	[NAS_SERVICE_REJECT] = &nas_service_reject_group,
	[NAS_CONFIGURATION_UPDATE_COMMAND] = &nas_configuration_update_command_group,
	[NAS_CONFIGURATION_UPDATE_COMPLETE] = &nas_configuration_update_complete_group,
	[NAS_IDENTITY_REQUEST] = &nas_identity_request_group,
	[NAS_IDENTITY_RESPONSE] = &nas_identity_response_group,
	[NAS_NOTIFICATION] = &nas_notification_group,
	[NAS_NOTIFICATION_RESPONSE] = &nas_notification_response_group,
	[NAS_SECURITY_MODE_COMMAND] = &nas_security_mode_command_group,
	[NAS_SECURITY_MODE_COMPLETE] = &nas_security_mode_complete_group,
	[NAS_SECURITY_MODE_REJECT] = &nas_security_mode_reject_group,
	[NAS_GMM_STATUS] = &nas_gmm_status_group,
	[NAS_CONTROL_PLANE_SERVICE_REQUEST] = &nas_control_plane_service_request_group,
	[NAS_SLICE_AUTHENTICATION_COMMAND] = &nas_slice_authentication_command_group,
	[NAS_SLICE_AUTHENTICATION_COMPLETE] = &nas_slice_authentication_complete_group,
	[NAS_SLICE_AUTHENTICATION_RESULT] = &nas_slice_authentication_result_group,
	[NAS_RELAY_KEY_REQUEST] = &nas_relay_key_request_group,
	[NAS_RELAY_KEY_ACCEPT] = &nas_relay_key_accept_group,
	[NAS_RELAY_KEY_REJECT] = &nas_relay_key_reject_group,
	[NAS_RELAY_AUTHENTICATION_REQUEST] = &nas_relay_authentication_request_group,
	[NAS_RELAY_AUTHENTICATION_RESPONSE] = &nas_relay_authentication_response_group,
	[NAS_PDU_SESSION_ESTABLISHMENT_REQUEST] = &nas_pdu_session_establishment_request_group,
	[NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT] = &nas_pdu_session_establishment_accept_group,
	[NAS_PDU_SESSION_ESTABLISHMENT_REJECT] = &nas_pdu_session_establishment_reject_group,
	[NAS_PDU_SESSION_AUTHENTICATION_COMMAND] = &nas_pdu_session_authentication_command_group,
	[NAS_PDU_SESSION_AUTHENTICATION_COMPLETE] = &nas_pdu_session_authentication_complete_group,
	[NAS_PDU_SESSION_AUTHENTICATION_RESULT] = &nas_pdu_session_authentication_result_group,
	[NAS_PDU_SESSION_MODIFICATION_REQUEST] = &nas_pdu_session_modification_request_group,
	[NAS_PDU_SESSION_MODIFICATION_REJECT] = &nas_pdu_session_modification_reject_group,
	[NAS_PDU_SESSION_MODIFICATION_COMMAND] = &nas_pdu_session_modification_command_group,
	[NAS_PDU_SESSION_MODIFICATION_COMPLETE] = &nas_pdu_session_modification_complete_group,
	[NAS_PDU_SESSION_MODIFICATION_COMMAND_REJECT] = &nas_pdu_session_modification_command_reject_group,
	[NAS_PDU_SESSION_RELEASE_REQUEST] = &nas_pdu_session_release_request_group,
	[NAS_PDU_SESSION_RELEASE_REJECT] = &nas_pdu_session_release_reject_group,
	[NAS_PDU_SESSION_RELEASE_COMMAND] = &nas_pdu_session_release_command_group,
	[NAS_PDU_SESSION_RELEASE_COMPLETE] = &nas_pdu_session_release_complete_group,
	[NAS_GSM_STATUS] = &nas_gsm_status_group,
	[NAS_SERVICE_LEVEL_AUTH_COMMAND] = &nas_service_level_auth_command_group,
	[NAS_SERVICE_LEVEL_AUTH_COMPLETE] = &nas_service_level_auth_complete_group,
	[NAS_REMOTE_UE_REPORT] = &nas_remote_ue_report_group,
	[NAS_REMOTE_UE_REPORT_RESPONSE] = &nas_remote_ue_report_response_group,
};

/* Messages hold their contents in the union, whose members all start where it does. */
static void *contents(struct nas_msg *msg)
{
	return &msg->authentication_request;
}

const struct tlv_group *nas_group_of(unsigned type)
{
	return type <= 0xff ? groups[type] : NULL;
}

static const struct tlv_group *group_of(uint8_t epd, uint8_t type)
{
	const struct tlv_group *g = groups[type];

	return g && nas_is_5gsm(type) == (epd == NAS_EPD_5GSM) ? g : NULL;
}

/* TS 24.501 clauses 7.2 to 7.7: the cause of each fault. Messages too short for a type are ignored. */
static bool refuse(struct tlv_fault *fault)
{
	switch (fault->kind) {
	case TLV_OK:
	case TLV_TOO_SHORT:
	case TLV_BAD_HEADER:
	case TLV_BAD_VERSION:
		fault->cause = NAS_CAUSE_PROTOCOL_ERROR;
		break;
	case TLV_UNKNOWN_MESSAGE:
		fault->cause = NAS_CAUSE_MESSAGE_UNKNOWN;
		fault->answer = true;
		break;
	case TLV_BAD_CONDITIONAL:
		fault->cause = NAS_CAUSE_CONDITIONAL_IE;
		fault->answer = true;
		break;
	case TLV_NO_MEMORY:
		fault->cause = NAS_CAUSE_PROTOCOL_ERROR;
		fault->answer = true;
		break;
	default:
		fault->cause = NAS_CAUSE_INVALID_MANDATORY;
		fault->answer = true;
	}
	return false;
}

static bool fail(struct tlv_fault *fault, enum tlv_fault_kind kind)
{
	tlv_fail(fault, kind, NULL);
	return refuse(fault);
}

/* The octets before the message type: 5GMM a security header type, 5GSM PDU session identity and PTI. */
static enum tlv_fault_kind read_head(struct cursor *c, struct nas_msg *out, uint8_t *epd)
{
	*epd = cursor_u8(c);
	if (c->failed)
		return TLV_TOO_SHORT;
	if (*epd == NAS_EPD_5GSM) {
		out->pdu_session_id = cursor_u8(c);
		out->pti = cursor_u8(c);
	} else if (*epd != NAS_EPD_5GMM || ((cursor_u8(c) & 15) != NAS_PLAIN && !c->failed)) {
		return TLV_BAD_HEADER;
	}
	out->type = cursor_u8(c);
	return c->failed ? TLV_TOO_SHORT : TLV_OK;
}

bool nas_decode(struct bytes plain, struct arena *arena, struct nas_msg *out, struct tlv_fault *fault)
{
	struct cursor c = cursor_of(plain);
	const struct tlv_group *g;
	enum tlv_fault_kind kind;
	uint8_t epd;

	out->type = 0;
	out->pdu_session_id = 0;
	out->pti = 0;
	kind = read_head(&c, out, &epd);
	if (kind != TLV_OK)
		return fail(fault, kind);
	if (plain.len > NAS_MAX_OCTETS)
		return fail(fault, TLV_BAD_MESSAGE_LENGTH);
	g = group_of(epd, out->type);
	if (!g)
		return fail(fault, TLV_UNKNOWN_MESSAGE);
	return tlv_decode_nas(g, &c, arena, contents(out), fault) || refuse(fault);
}

bool nas_encode(const struct nas_msg *msg, struct writer *w)
{
	bool sm = nas_is_5gsm(msg->type);
	const struct tlv_group *g = nas_group_of(msg->type);

	if (!g)
		return false;
	writer_u8(w, sm ? NAS_EPD_5GSM : NAS_EPD_5GMM);
	writer_u8(w, sm ? msg->pdu_session_id : NAS_PLAIN);
	if (sm)
		writer_u8(w, msg->pti);
	writer_u8(w, (uint8_t)msg->type);
	tlv_encode_nas(g, &msg->authentication_request, w);
	return !w->failed;
}

void nas_print(const struct nas_msg *msg, struct printer *p)
{
	const struct tlv_group *g = nas_group_of(msg->type);

	print_begin(p, "%s", g ? g->name : "unknown NAS message");
	if (nas_is_5gsm(msg->type)) {
		print_value(p, "pdu_session_id", NULL, "%u", msg->pdu_session_id);
		print_value(p, "pti", NULL, "%u", msg->pti);
	}
	if (g)
		tlv_print(g, &msg->authentication_request, p);
	print_end(p);
}

const char *nas_msg_name(enum nas_msg_type type)
{
	const struct tlv_group *g = nas_group_of(type);

	return g ? g->name : NULL;
}

bool nas_security_header_decode(struct bytes pdu, struct nas_security_header *out, struct tlv_fault *fault)
{
	struct cursor c = cursor_of(pdu);
	uint8_t epd = cursor_u8(&c), head = cursor_u8(&c);

	*fault = (struct tlv_fault){ 0 };
	*out = (struct nas_security_header){ .type = epd == NAS_EPD_5GMM ? head & 15 : NAS_PLAIN,
		.inner = pdu };
	if (c.failed)
		return fail(fault, TLV_TOO_SHORT);
	if (epd != NAS_EPD_5GMM && epd != NAS_EPD_5GSM)
		return fail(fault, TLV_BAD_HEADER);
	if (out->type == NAS_PLAIN)
		return true;
	out->mac = cursor_u32(&c);
	out->protected = bytes_of(c.at, cursor_left(&c));
	out->sqn = cursor_u8(&c);
	out->inner = cursor_rest(&c);
	if (c.failed || out->inner.len == 0)
		return fail(fault, TLV_TOO_SHORT);
	return out->type <= NAS_INTEGRITY_CIPHERED_NEW_CONTEXT || fail(fault, TLV_BAD_HEADER);
}

bool nas_security_header_encode(const struct nas_security_header *h, struct writer *w)
{
	if (h->type == NAS_PLAIN || h->type > NAS_INTEGRITY_CIPHERED_NEW_CONTEXT)
		return false;
	writer_u8(w, NAS_EPD_5GMM);
	writer_u8(w, h->type);
	writer_u32(w, h->mac);
	writer_u8(w, h->sqn);
	writer_put(w, h->inner);
	return !w->failed;
}
