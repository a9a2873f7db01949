#include "radio/uu.h"

enum { SET_ID_MAX = 0x3ff, POINTER_MAX = 0x3f, ALGORITHM_MAX = 7, HAS_S_TMSI = 1 };

static bool is_session(uint8_t pdu_session_id)
{
	return pdu_session_id >= 1 && pdu_session_id <= PDU_SESSIONS_MAX;
}

static bool bearer_is_valid(const struct uu_msg *m)
{
	if (!is_session(m->pdu_session_id) || m->drb < 1 || m->drb > UU_DRB_MAX || m->qfi_count < 1 ||
		m->qfi_count > UU_QFIS_MAX)
		return false;
	for (uint8_t i = 0; i < m->qfi_count; i++)
		if (m->qfis[i] > UU_QFI_MAX)
			return false;
	return true;
}

/* What holds for both directions. */
static bool uu_is_valid(const struct uu_msg *m)
{
	switch (m->type) {
	case UU_SETUP_REQUEST:
		return m->cause <= UU_ESTABLISHMENT_CAUSE_MAX && m->s_tmsi.amf_set_id <= SET_ID_MAX &&
		       m->s_tmsi.amf_pointer <= POINTER_MAX && m->payload.len > 0 &&
		       m->payload.len <= UU_NAS_MAX;
	case UU_UPLINK_NAS:
	case UU_DOWNLINK_NAS:
		return m->payload.len > 0 && m->payload.len <= UU_NAS_MAX;
	case UU_SECURITY_ACTIVATE:
		return m->ea <= ALGORITHM_MAX && m->ia <= ALGORITHM_MAX;
	case UU_BEARER_SETUP:
		return bearer_is_valid(m) && m->payload.len <= UU_NAS_MAX;
	case UU_BEARER_SETUP_RESPONSE:
		return is_session(m->pdu_session_id);
	case UU_BEARER_RELEASE:
		return is_session(m->pdu_session_id) && m->payload.len <= UU_NAS_MAX;
	case UU_RELEASE:
		return m->cause <= UU_RELEASE_FAILURE;
	case UU_DATA:
		return is_session(m->pdu_session_id) && m->qfi <= UU_QFI_MAX && m->payload.len > 0;
	case UU_SECURITY_COMPLETE:
	case UU_CAPABILITY_ENQUIRY:
	case UU_CAPABILITY:
	case UU_KEEPALIVE:
		return true;
	}
	return false;
}

static void setup_request_read(struct cursor *c, struct uu_msg *m)
{
	uint8_t flags;

	m->cause = cursor_u8(c);
	flags = cursor_u8(c);
	m->has_s_tmsi = flags == HAS_S_TMSI;
	if (flags > HAS_S_TMSI)
		c->failed = true;
	if (m->has_s_tmsi) {
		m->s_tmsi.amf_set_id = cursor_u16(c);
		m->s_tmsi.amf_pointer = cursor_u8(c);
		m->s_tmsi.tmsi = cursor_u32(c);
	}
	m->payload = cursor_rest(c);
}

static void bearer_setup_read(struct cursor *c, struct uu_msg *m)
{
	m->pdu_session_id = cursor_u8(c);
	m->drb = cursor_u8(c);
	m->qfi_count = cursor_u8(c);
	if (m->qfi_count > UU_QFIS_MAX) {
		c->failed = true;
		return;
	}
	cursor_copy(c, m->qfis, m->qfi_count);
	m->payload = cursor_rest(c);
}

bool uu_decode(struct bytes datagram, struct uu_msg *out)
{
	struct cursor c = cursor_of(datagram);
	uint8_t accepted;

	*out = (struct uu_msg){ .type = (enum uu_type)cursor_u8(&c), .ue = cursor_u32(&c) };
	switch (out->type) {
	case UU_SETUP_REQUEST:
		setup_request_read(&c, out);
		break;
	case UU_UPLINK_NAS:
	case UU_DOWNLINK_NAS:
		out->payload = cursor_rest(&c);
		break;
	case UU_SECURITY_ACTIVATE:
		out->ea = cursor_u8(&c);
		out->ia = cursor_u8(&c);
		break;
	case UU_BEARER_SETUP:
		bearer_setup_read(&c, out);
		break;
	case UU_BEARER_SETUP_RESPONSE:
		out->pdu_session_id = cursor_u8(&c);
		accepted = cursor_u8(&c);
		out->accepted = accepted == 1;
		if (accepted > 1)
			return false;
		break;
	case UU_BEARER_RELEASE:
		out->pdu_session_id = cursor_u8(&c);
		out->payload = cursor_rest(&c);
		break;
	case UU_RELEASE:
		out->cause = cursor_u8(&c);
		break;
	case UU_DATA:
		out->pdu_session_id = cursor_u8(&c);
		out->qfi = cursor_u8(&c);
		out->payload = cursor_rest(&c);
		break;
	default:
		break;
	}
	return !c.failed && cursor_left(&c) == 0 && uu_is_valid(out);
}

static void setup_request_write(struct writer *w, const struct uu_msg *m)
{
	writer_u8(w, m->cause);
	writer_u8(w, m->has_s_tmsi ? HAS_S_TMSI : 0);
	if (m->has_s_tmsi) {
		writer_u16(w, m->s_tmsi.amf_set_id);
		writer_u8(w, m->s_tmsi.amf_pointer);
		writer_u32(w, m->s_tmsi.tmsi);
	}
	writer_put(w, m->payload);
}

static void bearer_setup_write(struct writer *w, const struct uu_msg *m)
{
	writer_u8(w, m->pdu_session_id);
	writer_u8(w, m->drb);
	writer_u8(w, m->qfi_count);
	writer_put(w, bytes_of(m->qfis, m->qfi_count));
	writer_put(w, m->payload);
}

bool uu_encode(const struct uu_msg *m, struct writer *w)
{
	if (!uu_is_valid(m))
		return false;
	writer_u8(w, (uint8_t)m->type);
	writer_u32(w, m->ue);
	switch (m->type) {
	case UU_SETUP_REQUEST:
		setup_request_write(w, m);
		break;
	case UU_UPLINK_NAS:
	case UU_DOWNLINK_NAS:
		writer_put(w, m->payload);
		break;
	case UU_SECURITY_ACTIVATE:
		writer_u8(w, m->ea);
		writer_u8(w, m->ia);
		break;
	case UU_BEARER_SETUP:
		bearer_setup_write(w, m);
		break;
	case UU_BEARER_SETUP_RESPONSE:
		writer_u8(w, m->pdu_session_id);
		writer_u8(w, m->accepted);
		break;
	case UU_BEARER_RELEASE:
		writer_u8(w, m->pdu_session_id);
		writer_put(w, m->payload);
		break;
	case UU_RELEASE:
		writer_u8(w, m->cause);
		break;
	case UU_DATA:
		writer_u8(w, m->pdu_session_id);
		writer_u8(w, m->qfi);
		writer_put(w, m->payload);
		break;
	default:
		break;
	}
	return !w->failed;
}
