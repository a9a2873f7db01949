/* Decoding, encoding and printing of PFCP messages by their type. */
#include <inttypes.h>

#include "wire/pfcp/ie.h"

#include "wire/pfcp/groups.h"

enum {
	MESSAGE_TYPES = 58,
	FLAG_S = 1,
	FLAG_MP = 2,
	FLAG_FO = 4,
	VERSION_SHIFT = 5,
	BEFORE_LENGTH = 4, /* octets the length does not count */
	HEADER_OCTETS = 8,
	HEADER_SEID_OCTETS = 16,
};

static const struct tlv_group *const groups[MESSAGE_TYPES] = {
	[PFCP_HEARTBEAT_REQUEST] = &pfcp_heartbeat_request_group,
	[PFCP_HEARTBEAT_RESPONSE] = &pfcp_heartbeat_response_group,
	[PFCP_PFD_MANAGEMENT_REQUEST] = &pfcp_pfd_management_request_group,
	[PFCP_PFD_MANAGEMENT_RESPONSE] = &pfcp_pfd_management_response_group,
	[PFCP_ASSOCIATION_SETUP_REQUEST] = &pfcp_association_setup_request_group,
	[PFCP_ASSOCIATION_SETUP_RESPONSE] = &pfcp_association_setup_response_group,
	[PFCP_ASSOCIATION_UPDATE_REQUEST] = &pfcp_association_update_request_group,
	[PFCP_ASSOCIATION_UPDATE_RESPONSE] = &pfcp_association_update_response_group,
	[PFCP_ASSOCIATION_RELEASE_REQUEST] = &pfcp_association_release_request_group,
	[PFCP_ASSOCIATION_RELEASE_RESPONSE] = &pfcp_association_release_response_group,
	[PFCP_NODE_REPORT_REQUEST] = &pfcp_node_report_request_group,
	[PFCP_NODE_REPORT_RESPONSE] = &pfcp_node_report_response_group,
	[PFCP_SESSION_SET_DELETION_REQUEST] = &pfcp_session_set_deletion_request_group,
	[PFCP_SESSION_SET_DELETION_RESPONSE] = &pfcp_session_set_deletion_response_group,
	[PFCP_SESSION_SET_MODIFICATION_REQUEST] = &pfcp_session_set_modification_request_group,
	[PFCP_SESSION_SET_MODIFICATION_RESPONSE] = &pfcp_session_set_modification_response_group,
	[PFCP_SESSION_ESTABLISHMENT_REQUEST] = &pfcp_session_establishment_request_group,
	[PFCP_SESSION_ESTABLISHMENT_RESPONSE] = &pfcp_session_establishment_response_group,
	[PFCP_SESSION_MODIFICATION_REQUEST] = &pfcp_session_modification_request_group,
	[PFCP_SESSION_MODIFICATION_RESPONSE] = &pfcp_session_modification_response_group,
	[PFCP_SESSION_DELETION_RESPONSE] = &pfcp_session_deletion_response_group,
	[PFCP_SESSION_REPORT_REQUEST] = &pfcp_session_report_request_group,
	[PFCP_SESSION_REPORT_RESPONSE] = &pfcp_session_report_response_group,
	[PFCP_VERSION_NOT_SUPPORTED_RESPONSE] = &pfcp_version_not_supported_response_group,
	[PFCP_SESSION_DELETION_REQUEST] = &pfcp_session_deletion_request_group,
};

static const char *const causes[256] = {
	[1] = "Request accepted (success)",
	[2] = "More Usage Report to send",
	[3] = "Request partially accepted",
	[64] = "Request rejected (reason not specified)",
	[65] = "Session context not found",
	[66] = "Mandatory IE missing",
	[67] = "Conditional IE missing",
	[68] = "Invalid length",
	[69] = "Mandatory IE incorrect",
	[70] = "Invalid Forwarding Policy",
	[71] = "Invalid F-TEID allocation option",
	[72] = "No established PFCP Association",
	[73] = "Rule creation/modification Failure",
	[74] = "PFCP entity in congestion",
	[75] = "No resources available",
	[76] = "Service not supported",
	[77] = "System failure",
	[78] = "Redirection Requested",
	[79] = "All dynamic addresses are occupied",
	[80] = "Unknown Pre-defined Rule",
	[81] = "Unknown Application ID",
	[82] = "L2TP tunnel Establishment failure",
	[83] = "L2TP session Establishment failure",
	[84] = "L2TP tunnel release",
	[85] = "L2TP session release",
	[86] = "PFCP session restoration failure due to requested resource not available",
};

const struct tlv_group *pfcp_group_of(unsigned type)
{
	return type < MESSAGE_TYPES ? groups[type] : NULL;
}

/* TS 29.244 clause 7.6: the cause of each fault; requests are answered with it. */
static bool refuse(const struct pfcp_msg *msg, struct tlv_fault *fault)
{
	switch (fault->kind) {
	case TLV_MISSING_MANDATORY:
		fault->cause = PFCP_CAUSE_MANDATORY_IE_MISSING;
		break;
	case TLV_BAD_MESSAGE_LENGTH:
	case TLV_BAD_LENGTH:
		fault->cause = PFCP_CAUSE_INVALID_LENGTH;
		break;
	case TLV_BAD_MANDATORY:
	case TLV_BAD_CONDITIONAL:
		fault->cause = PFCP_CAUSE_MANDATORY_IE_INCORRECT;
		break;
	case TLV_NO_MEMORY:
		fault->cause = PFCP_CAUSE_NO_RESOURCES;
		break;
	case TLV_BAD_VERSION:
		fault->cause = PFCP_CAUSE_REJECTED;
		fault->answer = true;
		return false;
	default: /* too short, no such message, no SEID: discarded */
		fault->cause = PFCP_CAUSE_REJECTED;
		return false;
	}
	fault->answer = pfcp_is_request(msg->type);
	return false;
}

static bool fail(const struct pfcp_msg *msg, struct tlv_fault *fault, enum tlv_fault_kind kind)
{
	tlv_fail(fault, kind, NULL);
	return refuse(msg, fault);
}

/* Reads the header (clause 7.2.2). */
static enum tlv_fault_kind read_header(struct cursor *c, struct pfcp_msg *out)
{
	uint8_t flags = cursor_u8(c), last;

	out->type = cursor_u8(c);
	out->size = BEFORE_LENGTH + (size_t)cursor_u16(c);
	out->has_seid = flags & FLAG_S;
	out->has_priority = out->has_seid && flags & FLAG_MP;
	out->follows = flags & FLAG_FO;
	if (out->has_seid)
		out->seid = cursor_u64(c);
	out->sequence = cursor_u24(c);
	last = cursor_u8(c);
	if (out->has_priority)
		out->priority = last >> 4;
	if (c->failed)
		return TLV_TOO_SHORT;
	return flags >> VERSION_SHIFT == PFCP_VERSION ? TLV_OK : TLV_BAD_VERSION;
}

/* What does not fit the header read. */
static enum tlv_fault_kind check_header(const struct pfcp_msg *msg, size_t octets)
{
	size_t header = msg->has_seid ? HEADER_SEID_OCTETS : HEADER_OCTETS;

	if (msg->type == 0 || !pfcp_group_of(msg->type))
		return TLV_UNKNOWN_MESSAGE;
	if (msg->size < header || msg->size > octets || (msg->size < octets && !msg->follows))
		return TLV_BAD_MESSAGE_LENGTH;
	if (msg->type >= PFCP_SESSION_ESTABLISHMENT_REQUEST && !msg->has_seid)
		return TLV_BAD_HEADER;
	return TLV_OK;
}

bool pfcp_decode(struct bytes octets, struct arena *arena, struct pfcp_msg *out, struct tlv_fault *fault)
{
	struct cursor c = cursor_of(octets);
	enum tlv_fault_kind kind;
	size_t header;

	out->type = 0;
	out->seid = 0;
	out->sequence = 0;
	out->priority = 0;
	kind = read_header(&c, out);
	if (kind == TLV_OK)
		kind = check_header(out, octets.len);
	if (kind != TLV_OK)
		return fail(out, fault, kind);
	header = out->has_seid ? HEADER_SEID_OCTETS : HEADER_OCTETS;
	c = cursor_of(bytes_of(octets.data + header, out->size - header));
	return tlv_decode_pfcp(pfcp_group_of(out->type), &c, arena, &out->heartbeat_request, fault) ||
	       refuse(out, fault);
}

bool pfcp_encode(const struct pfcp_msg *msg, struct writer *w)
{
	const struct tlv_group *g = pfcp_group_of(msg->type);
	size_t mark;

	if (!g || msg->sequence > PFCP_SEQUENCE_MAX)
		return false;
	writer_u8(w, (uint8_t)(PFCP_VERSION << VERSION_SHIFT | flag_if(msg->has_seid, FLAG_S) |
			       flag_if(msg->has_seid && msg->has_priority, FLAG_MP) |
			       flag_if(msg->follows, FLAG_FO)));
	writer_u8(w, (uint8_t)msg->type);
	mark = writer_mark(w, 2);
	if (msg->has_seid)
		writer_u64(w, msg->seid);
	writer_u24(w, msg->sequence);
	writer_u8(w, (uint8_t)(msg->has_seid && msg->has_priority ? msg->priority << 4 : 0));
	tlv_encode_pfcp(g, &msg->heartbeat_request, w);
	writer_patch(w, mark, 2);
	return !w->failed;
}

void pfcp_print(const struct pfcp_msg *msg, struct printer *p)
{
	const struct tlv_group *g = pfcp_group_of(msg->type);

	print_begin(p, "%s", g ? g->name : "unknown PFCP message");
	if (msg->has_seid)
		print_value(p, "seid", NULL, "0x%" PRIx64, msg->seid);
	print_value(p, "sequence", NULL, "%u", msg->sequence);
	if (g)
		tlv_print(g, &msg->heartbeat_request, p);
	print_end(p);
}

const char *pfcp_msg_name(enum pfcp_msg_type type)
{
	const struct tlv_group *g = pfcp_group_of(type);

	return g ? g->name : NULL;
}

const char *pfcp_cause_name(uint8_t cause)
{
	return causes[cause];
}
