/* GTP-U signalling messages (TS 29.281 clauses 7.2 and 7.3) through the engine. */
#include "wire/gtpu/gtpu.h"
#include "wire/tlv/engine.h"

/* Element types of clause 8.1. */
enum {
	IE_RECOVERY = 14,
	IE_TEID_DATA_I = 16,
	IE_PEER_ADDRESS = 133,
	IE_EXTENSION_HEADER_TYPES = 141,
	IE_TUNNEL_STATUS = 230,
	IE_RECOVERY_TIME_STAMP = 231,
	IE_PRIVATE_EXTENSION = 255,
};

static enum tlv_fault_kind peer_address_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct gtpu_peer_address *a = value;
	size_t len = cursor_left(c);

	if (len != 4 && len != 16)
		return TLV_BAD_LENGTH;
	a->len = (uint8_t)len;
	cursor_copy(c, a->octets, len);
	return TLV_OK;
}

static void peer_address_encode(struct writer *w, const void *value)
{
	const struct gtpu_peer_address *a = value;

	if (a->len != 4 && a->len != 16)
		w->failed = true;
	else
		writer_put(w, bytes_of(a->octets, a->len));
}

#define VAL struct gtpu_peer_address
static const struct tlv_field peer_address_fields[] = { TLV_SHOW(len, tlv_u8),
	TLV_SHOW(octets, tlv_fixed16) };
#undef VAL
static const struct tlv_codec peer_address = TLV_VALUE_CODEC(struct gtpu_peer_address, peer_address);

#define MSG struct gtpu_echo_request
static const struct tlv_ie echo_request[] = {
	TLV_O(recovery_time_stamp, IE_RECOVERY_TIME_STAMP, 16, 4, 65535, tlv_u32, "8.8"),
	TLV_O(private_extension, IE_PRIVATE_EXTENSION, 16, 2, 65535, tlv_bytes, "8.6"),
};
static const struct tlv_group echo_request_group =
	TLV_GROUP_OF("Echo Request", "7.2.1", GTPU_ECHO_REQUEST, MSG, echo_request);
#undef MSG

#define MSG struct gtpu_echo_response
static const struct tlv_ie echo_response[] = {
	TLV_M(recovery, IE_RECOVERY, TV, 1, 1, tlv_u8, "8.2"),
	TLV_O(recovery_time_stamp, IE_RECOVERY_TIME_STAMP, 16, 4, 65535, tlv_u32, "8.8"),
	TLV_O(private_extension, IE_PRIVATE_EXTENSION, 16, 2, 65535, tlv_bytes, "8.6"),
};
static const struct tlv_group echo_response_group =
	TLV_GROUP_OF("Echo Response", "7.2.2", GTPU_ECHO_RESPONSE, MSG, echo_response);
#undef MSG

#define MSG struct gtpu_error_indication
static const struct tlv_ie error_indication[] = {
	TLV_M(teid, IE_TEID_DATA_I, TV, 4, 4, tlv_u32, "8.3"),
	TLV_M(peer, IE_PEER_ADDRESS, 16, 4, 16, peer_address, "8.4"),
	TLV_O(recovery_time_stamp, IE_RECOVERY_TIME_STAMP, 16, 4, 65535, tlv_u32, "8.8"),
	TLV_O(private_extension, IE_PRIVATE_EXTENSION, 16, 2, 65535, tlv_bytes, "8.6"),
};
static const struct tlv_group error_indication_group =
	TLV_GROUP_OF("Error Indication", "7.3.1", GTPU_ERROR_INDICATION, MSG, error_indication);
#undef MSG

#define MSG struct gtpu_supported_extension_headers
static const struct tlv_ie supported_extension_headers[] = {
	TLV_M(types, IE_EXTENSION_HEADER_TYPES, TLV, 0, 255, tlv_bytes, "8.5"), /* length of one octet */
};
static const struct tlv_group supported_extension_headers_group =
	TLV_GROUP_OF("Supported Extension Headers Notification", "7.2.3", GTPU_SUPPORTED_EXTENSION_HEADERS,
		MSG, supported_extension_headers);
#undef MSG

#define MSG struct gtpu_tunnel_status
static const struct tlv_ie tunnel_status[] = {
	TLV_M(information, IE_TUNNEL_STATUS, 16, 1, 65535, tlv_bytes, "8.7"),
	TLV_O(private_extension, IE_PRIVATE_EXTENSION, 16, 2, 65535, tlv_bytes, "8.6"),
};
static const struct tlv_group tunnel_status_group =
	TLV_GROUP_OF("Tunnel Status", "7.3.3", GTPU_TUNNEL_STATUS, MSG, tunnel_status);
#undef MSG

#define MSG struct gtpu_end_marker
static const struct tlv_ie end_marker[] = {
	TLV_O(private_extension, IE_PRIVATE_EXTENSION, 16, 2, 65535, tlv_bytes, "8.6"),
};
static const struct tlv_group end_marker_group =
	TLV_GROUP_OF("End Marker", "7.3.2", GTPU_END_MARKER, MSG, end_marker);
#undef MSG

static const struct tlv_group *group_of(uint8_t type)
{
	switch (type) {
	case GTPU_ECHO_REQUEST:
		return &echo_request_group;
	case GTPU_ECHO_RESPONSE:
		return &echo_response_group;
	case GTPU_ERROR_INDICATION:
		return &error_indication_group;
	case GTPU_SUPPORTED_EXTENSION_HEADERS:
		return &supported_extension_headers_group;
	case GTPU_TUNNEL_STATUS:
		return &tunnel_status_group;
	case GTPU_END_MARKER:
		return &end_marker_group;
	default:
		return NULL;
	}
}

static enum tlv_fault_kind fault_of(enum gtpu_result result)
{
	switch (result) {
	case GTPU_OK:
		return TLV_OK;
	case GTPU_BAD_VERSION:
		return TLV_BAD_VERSION;
	case GTPU_NOT_COMPREHENDED:
		return TLV_NOT_COMPREHENDED;
	default:
		return TLV_BAD_HEADER;
	}
}

bool gtpu_decode(struct bytes octets, struct arena *arena, struct gtpu_msg *out, struct tlv_fault *fault)
{
	const struct tlv_group *g;
	enum gtpu_result result;
	struct bytes payload;
	struct cursor c;

	*fault = (struct tlv_fault){ 0 };
	result = gtpu_header_decode(octets, &out->header, &payload);
	if (result != GTPU_OK)
		return tlv_fail(fault, fault_of(result), NULL);
	if (out->header.type == GTPU_G_PDU) {
		out->payload = payload;
		return true;
	}
	g = group_of(out->header.type);
	if (!g)
		return tlv_fail(fault, TLV_UNKNOWN_MESSAGE, NULL);
	c = cursor_of(payload);
	return tlv_decode_gtpu(g, &c, arena, &out->echo_request, fault);
}

bool gtpu_encode(const struct gtpu_msg *msg, struct writer *w)
{
	const struct tlv_group *g = group_of(msg->header.type);
	size_t start = w->len, size = gtpu_header_size(&msg->header);
	uint8_t *header = writer_reserve(w, size);

	if (msg->header.type == GTPU_G_PDU)
		writer_put(w, msg->payload);
	else if (g)
		tlv_encode_gtpu(g, &msg->echo_request, w);
	else
		w->failed = true;
	if (w->failed || !header || gtpu_header_encode(&msg->header, w->len - start - size, header) == 0)
		w->failed = true;
	return !w->failed;
}

void gtpu_print(const struct gtpu_msg *msg, struct printer *p)
{
	const struct tlv_group *g = group_of(msg->header.type);
	const struct gtpu_header *h = &msg->header;
	bool user = h->type == GTPU_G_PDU;

	print_begin(p, "%s", g ? g->name : user ? "G-PDU" : "unknown GTP-U message");
	print_value(p, "teid", NULL, "0x%08x", h->teid);
	if (h->has_sequence)
		print_value(p, "sequence", NULL, "%u", h->sequence);
	if (h->has_pdu_session)
		print_value(p, "pdu_session", NULL, "%s qfi %u%s",
			h->pdu_session.pdu_type == GTPU_PDU_UL ? "uplink" : "downlink", h->pdu_session.qfi,
			h->pdu_session.rqi ? " reflective" : "");
	if (user) /* a user's packet is nobody's business */
		print_value(p, "payload", NULL, "%zu octets", msg->payload.len);
	if (g)
		tlv_print(g, &msg->echo_request, p);
	print_end(p);
}
