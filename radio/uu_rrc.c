#include "radio/uu_rrc.h"

#include "radio/uu.h"
#include "wire/nas/nas.h"

enum {
	SET_ID_MAX = 0x3ff,
	POINTER_MAX = 0x3f,
	ALGORITHM_MAX = 7,
	HAS_S_TMSI = 1,
	PCI_MAX = 1007,
	NCC_MAX = 7
};

const char *uu_rrc_name(uint8_t type)
{
	static const char *const names[UU_RRC_TYPE_COUNT] = {
		[UU_RRC_SETUP_REQUEST] = "SetupRequest",
		[UU_RRC_REJECT] = "Reject",
		[UU_RRC_UPLINK_NAS] = "UplinkNas",
		[UU_RRC_DOWNLINK_NAS] = "DownlinkNas",
		[UU_RRC_SECURITY_MODE_COMMAND] = "SecurityModeCommand",
		[UU_RRC_SECURITY_MODE_COMPLETE] = "SecurityModeComplete",
		[UU_RRC_CAPABILITY_ENQUIRY] = "CapabilityEnquiry",
		[UU_RRC_CAPABILITY] = "Capability",
		[UU_RRC_BEARER_SETUP] = "BearerSetup",
		[UU_RRC_BEARER_SETUP_RESPONSE] = "BearerSetupResponse",
		[UU_RRC_BEARER_RELEASE] = "BearerRelease",
		[UU_RRC_RELEASE] = "Release",
		[UU_RRC_PAGING] = "Paging",
		[UU_RRC_WARNING] = "Warning",
		[UU_RRC_RECONFIGURATION] = "Reconfiguration",
		[UU_RRC_RECONFIGURATION_COMPLETE] = "ReconfigurationComplete",
		[UU_RRC_REESTABLISHMENT_REQUEST] = "ReestablishmentRequest",
		[UU_RRC_REESTABLISHMENT] = "Reestablishment",
		[UU_RRC_REESTABLISHMENT_COMPLETE] = "ReestablishmentComplete",
	};

	return type < UU_RRC_TYPE_COUNT ? names[type] : NULL;
}

_Static_assert((int)UU_RRC_NAS_MAX == NAS_MAX_OCTETS, "the air carries every NAS message");

static bool is_session(uint8_t pdu_session_id)
{
	return pdu_session_id >= 1 && pdu_session_id <= PDU_SESSIONS_MAX;
}

static bool is_drb(uint8_t drb)
{
	return drb >= 1 && drb <= UU_DRB_MAX;
}

static bool bearer_is_valid(const struct uu_rrc_msg *m)
{
	if (!is_session(m->pdu_session_id) || !is_drb(m->drb) || m->qfi_count < 1 ||
		m->qfi_count > UU_RRC_QFIS_MAX)
		return false;
	for (uint8_t i = 0; i < m->qfi_count; i++)
		if (m->qfis[i] > UU_QFI_MAX)
			return false;
	return true;
}

/* What holds for both directions. */
static bool rrc_is_valid(const struct uu_rrc_msg *m)
{
	switch (m->type) {
	case UU_RRC_SETUP_REQUEST:
		return m->cause <= UU_RRC_CAUSE_MAX && m->s_tmsi.amf_set_id <= SET_ID_MAX &&
		       m->s_tmsi.amf_pointer <= POINTER_MAX && m->nas.len > 0 && m->nas.len <= UU_RRC_NAS_MAX;
	case UU_RRC_PAGING:
		return m->s_tmsi.amf_set_id <= SET_ID_MAX && m->s_tmsi.amf_pointer <= POINTER_MAX;
	case UU_RRC_UPLINK_NAS:
	case UU_RRC_DOWNLINK_NAS:
		return m->nas.len > 0 && m->nas.len <= UU_RRC_NAS_MAX;
	case UU_RRC_SECURITY_MODE_COMMAND:
		return m->ea <= ALGORITHM_MAX && m->ia <= ALGORITHM_MAX;
	case UU_RRC_BEARER_SETUP:
		return bearer_is_valid(m) && m->nas.len <= UU_RRC_NAS_MAX;
	case UU_RRC_BEARER_SETUP_RESPONSE:
		return is_drb(m->drb);
	case UU_RRC_BEARER_RELEASE:
		return is_drb(m->drb) && m->nas.len <= UU_RRC_NAS_MAX;
	case UU_RRC_WARNING:
		return m->rrc.len <= UU_RRC_NAS_MAX;
	case UU_RRC_RECONFIGURATION:
		return m->rrc.len > 0 && m->rrc.len <= UU_RRC_NAS_MAX;
	case UU_RRC_REESTABLISHMENT_REQUEST:
		return m->pci <= PCI_MAX;
	case UU_RRC_REESTABLISHMENT:
		return m->ncc <= NCC_MAX;
	case UU_RRC_SECURITY_MODE_COMPLETE:
	case UU_RRC_CAPABILITY_ENQUIRY:
	case UU_RRC_CAPABILITY:
	case UU_RRC_RELEASE:
	case UU_RRC_RECONFIGURATION_COMPLETE:
	case UU_RRC_REESTABLISHMENT_COMPLETE:
		return true;
	case UU_RRC_REJECT:
		return m->wait_s <= UU_RRC_WAIT_MAX_S;
	default:
		return false;
	}
}

static void s_tmsi_read(struct cursor *c, struct s_tmsi *s)
{
	s->amf_set_id = cursor_u16(c);
	s->amf_pointer = cursor_u8(c);
	s->tmsi = cursor_u32(c);
}

static void s_tmsi_write(struct writer *w, const struct s_tmsi *s)
{
	writer_u16(w, s->amf_set_id);
	writer_u8(w, s->amf_pointer);
	writer_u32(w, s->tmsi);
}

static void setup_request_read(struct cursor *c, struct uu_rrc_msg *m)
{
	uint8_t flags;

	m->cause = cursor_u8(c);
	flags = cursor_u8(c);
	m->has_s_tmsi = flags == HAS_S_TMSI;
	if (flags > HAS_S_TMSI)
		c->failed = true;
	if (m->has_s_tmsi)
		s_tmsi_read(c, &m->s_tmsi);
	m->nas = cursor_rest(c);
}

static void bearer_setup_read(struct cursor *c, struct uu_rrc_msg *m)
{
	m->pdu_session_id = cursor_u8(c);
	m->drb = cursor_u8(c);
	m->qfi_count = cursor_u8(c);
	if (m->qfi_count > UU_RRC_QFIS_MAX) {
		c->failed = true;
		return;
	}
	cursor_copy(c, m->qfis, m->qfi_count);
	m->nas = cursor_rest(c);
}

static void warning_read(struct cursor *c, struct uu_rrc_msg *m)
{
	m->warning_id = cursor_u16(c);
	m->warning_serial = cursor_u16(c);
	m->warning_dcs = cursor_u8(c);
	m->rrc = cursor_rest(c);
}

static void warning_write(struct writer *w, const struct uu_rrc_msg *m)
{
	writer_u16(w, m->warning_id);
	writer_u16(w, m->warning_serial);
	writer_u8(w, m->warning_dcs);
	writer_put(w, m->rrc);
}

uint8_t uu_rrc_srb(enum uu_rrc_type type)
{
	switch (type) {
	case UU_RRC_SETUP_REQUEST:
	case UU_RRC_REJECT:
	case UU_RRC_PAGING:
	case UU_RRC_WARNING:
	case UU_RRC_REESTABLISHMENT_REQUEST:
		return UU_SRB0;
	default:
		return UU_SRB1;
	}
}

/* Reconfiguration with sync and reestablishment (38.331 5.3.5.5, 5.3.7). */
static void mobility_read(struct cursor *c, struct uu_rrc_msg *m)
{
	switch (m->type) {
	case UU_RRC_RECONFIGURATION:
		m->rrc = cursor_rest(c);
		break;
	case UU_RRC_RECONFIGURATION_COMPLETE:
		m->c_rnti = cursor_u16(c);
		m->mac = cursor_u32(c);
		break;
	case UU_RRC_REESTABLISHMENT_REQUEST:
		m->c_rnti = cursor_u16(c);
		m->pci = cursor_u16(c);
		m->short_mac = cursor_u16(c);
		break;
	case UU_RRC_REESTABLISHMENT:
		m->ncc = cursor_u8(c);
		break;
	case UU_RRC_REESTABLISHMENT_COMPLETE:
		m->mac = cursor_u32(c);
		break;
	default:
		break;
	}
}

bool uu_rrc_decode(uint8_t srb, struct bytes pdu, struct uu_rrc_msg *out)
{
	struct cursor c = cursor_of(pdu);
	uint8_t accepted;

	*out = (struct uu_rrc_msg){ .type = (enum uu_rrc_type)cursor_u8(&c) };
	switch (out->type) {
	case UU_RRC_SETUP_REQUEST:
		setup_request_read(&c, out);
		break;
	case UU_RRC_REJECT:
		out->wait_s = cursor_u8(&c);
		break;
	case UU_RRC_PAGING:
		s_tmsi_read(&c, &out->s_tmsi);
		break;
	case UU_RRC_WARNING:
		warning_read(&c, out);
		break;
	case UU_RRC_UPLINK_NAS:
	case UU_RRC_DOWNLINK_NAS:
		out->nas = cursor_rest(&c);
		break;
	case UU_RRC_SECURITY_MODE_COMMAND:
		out->ea = cursor_u8(&c);
		out->ia = cursor_u8(&c);
		break;
	case UU_RRC_BEARER_SETUP:
		bearer_setup_read(&c, out);
		break;
	case UU_RRC_BEARER_SETUP_RESPONSE:
		out->drb = cursor_u8(&c);
		accepted = cursor_u8(&c);
		out->accepted = accepted == 1;
		if (accepted > 1)
			return false;
		break;
	case UU_RRC_BEARER_RELEASE:
		out->drb = cursor_u8(&c);
		out->nas = cursor_rest(&c);
		break;
	default:
		mobility_read(&c, out);
		break;
	}
	return !c.failed && cursor_left(&c) == 0 && rrc_is_valid(out) && uu_rrc_srb(out->type) == srb;
}

static void setup_request_write(struct writer *w, const struct uu_rrc_msg *m)
{
	writer_u8(w, m->cause);
	writer_u8(w, m->has_s_tmsi ? HAS_S_TMSI : 0);
	if (m->has_s_tmsi)
		s_tmsi_write(w, &m->s_tmsi);
	writer_put(w, m->nas);
}

static void bearer_setup_write(struct writer *w, const struct uu_rrc_msg *m)
{
	writer_u8(w, m->pdu_session_id);
	writer_u8(w, m->drb);
	writer_u8(w, m->qfi_count);
	writer_put(w, bytes_of(m->qfis, m->qfi_count));
	writer_put(w, m->nas);
}

static void mobility_write(struct writer *w, const struct uu_rrc_msg *m)
{
	switch (m->type) {
	case UU_RRC_RECONFIGURATION:
		writer_put(w, m->rrc);
		break;
	case UU_RRC_RECONFIGURATION_COMPLETE:
		writer_u16(w, m->c_rnti);
		writer_u32(w, m->mac);
		break;
	case UU_RRC_REESTABLISHMENT_REQUEST:
		writer_u16(w, m->c_rnti);
		writer_u16(w, m->pci);
		writer_u16(w, m->short_mac);
		break;
	case UU_RRC_REESTABLISHMENT:
		writer_u8(w, m->ncc);
		break;
	case UU_RRC_REESTABLISHMENT_COMPLETE:
		writer_u32(w, m->mac);
		break;
	default:
		break;
	}
}

bool uu_rrc_encode(const struct uu_rrc_msg *m, struct writer *w)
{
	if (!rrc_is_valid(m))
		return false;
	writer_u8(w, (uint8_t)m->type);
	switch (m->type) {
	case UU_RRC_SETUP_REQUEST:
		setup_request_write(w, m);
		break;
	case UU_RRC_REJECT:
		writer_u8(w, m->wait_s);
		break;
	case UU_RRC_PAGING:
		s_tmsi_write(w, &m->s_tmsi);
		break;
	case UU_RRC_WARNING:
		warning_write(w, m);
		break;
	case UU_RRC_UPLINK_NAS:
	case UU_RRC_DOWNLINK_NAS:
		writer_put(w, m->nas);
		break;
	case UU_RRC_SECURITY_MODE_COMMAND:
		writer_u8(w, m->ea);
		writer_u8(w, m->ia);
		break;
	case UU_RRC_BEARER_SETUP:
		bearer_setup_write(w, m);
		break;
	case UU_RRC_BEARER_SETUP_RESPONSE:
		writer_u8(w, m->drb);
		writer_u8(w, m->accepted);
		break;
	case UU_RRC_BEARER_RELEASE:
		writer_u8(w, m->drb);
		writer_put(w, m->nas);
		break;
	default:
		mobility_write(w, m);
		break;
	}
	return !w->failed;
}
