/* Values of packet rules (TS 29.244 clauses 8.2.5, 8.2.8, 8.2.13, 8.2.27 and alike), S-NSSAI and DNN. */
#include "wire/pfcp/ie.h"

enum { FIRST = 1, SECOND = 2, THIRD = 4, FOURTH = 8, FIFTH = 16, SIXTH = 32 };

static enum tlv_fault_kind pfcp_sdf_filter_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_sdf_filter *f = value;
	uint8_t flags = cursor_u8(c);

	cursor_skip(c, 1);
	f->has_flow_description = flags & FIRST;
	f->has_tos_traffic_class = flags & SECOND;
	f->has_security_parameter_index = flags & THIRD;
	f->has_flow_label = flags & FOURTH;
	f->has_filter_id = flags & FIFTH;
	if (f->has_flow_description)
		f->flow_description = cursor_bytes(c, cursor_u16(c));
	if (f->has_tos_traffic_class)
		f->tos_traffic_class = cursor_u16(c);
	if (f->has_security_parameter_index)
		f->security_parameter_index = cursor_u32(c);
	if (f->has_flow_label)
		f->flow_label = cursor_u24(c);
	if (f->has_filter_id)
		f->filter_id = cursor_u32(c);
	return TLV_OK;
}

static void pfcp_sdf_filter_encode(struct writer *w, const void *value)
{
	const struct pfcp_sdf_filter *f = value;

	writer_u8(w, flag_if(f->has_flow_description, FIRST) | flag_if(f->has_tos_traffic_class, SECOND) |
			     flag_if(f->has_security_parameter_index, THIRD) |
			     flag_if(f->has_flow_label, FOURTH) | flag_if(f->has_filter_id, FIFTH));
	writer_u8(w, 0);
	if (f->has_flow_description) {
		writer_uint(w, f->flow_description.len, 2);
		writer_put(w, f->flow_description);
	}
	if (f->has_tos_traffic_class)
		writer_u16(w, f->tos_traffic_class);
	if (f->has_security_parameter_index)
		writer_u32(w, f->security_parameter_index);
	if (f->has_flow_label)
		writer_u24(w, f->flow_label);
	if (f->has_filter_id)
		writer_u32(w, f->filter_id);
}

#define VAL struct pfcp_sdf_filter
static const struct tlv_field pfcp_sdf_filter_fields[] = {
	TLV_SHOW_IF(flow_description, has_flow_description, tlv_bytes),
	TLV_SHOW_IF(tos_traffic_class, has_tos_traffic_class, tlv_u16),
	TLV_SHOW_IF(security_parameter_index, has_security_parameter_index, tlv_u32),
	TLV_SHOW_IF(flow_label, has_flow_label, tlv_u24),
	TLV_SHOW_IF(filter_id, has_filter_id, tlv_u32),
};
#undef VAL
const struct tlv_codec pfcp_sdf_filter = TLV_VALUE_CODEC(struct pfcp_sdf_filter, pfcp_sdf_filter);

static enum tlv_fault_kind pfcp_bit_rate_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_bit_rate *r = value;

	r->uplink_kbps = cursor_uint(c, 5);
	r->downlink_kbps = cursor_uint(c, 5);
	return TLV_OK;
}

static void pfcp_bit_rate_encode(struct writer *w, const void *value)
{
	const struct pfcp_bit_rate *r = value;

	writer_uint(w, r->uplink_kbps, 5);
	writer_uint(w, r->downlink_kbps, 5);
}

#define VAL struct pfcp_bit_rate
static const struct tlv_field pfcp_bit_rate_fields[] = {
	TLV_SHOW(uplink_kbps, tlv_u64),
	TLV_SHOW(downlink_kbps, tlv_u64),
};
#undef VAL
const struct tlv_codec pfcp_bit_rate = TLV_VALUE_CODEC(struct pfcp_bit_rate, pfcp_bit_rate);

static void volume_read(struct cursor *c, bool has, bool *has_out, uint64_t *out)
{
	*has_out = has;
	if (has)
		*out = cursor_u64(c);
}

static enum tlv_fault_kind pfcp_volume_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_volume *v = value;
	uint8_t flags = cursor_u8(c);

	volume_read(c, flags & FIRST, &v->has_total, &v->total);
	volume_read(c, flags & SECOND, &v->has_uplink, &v->uplink);
	volume_read(c, flags & THIRD, &v->has_downlink, &v->downlink);
	volume_read(c, flags & FOURTH, &v->has_total_packets, &v->total_packets);
	volume_read(c, flags & FIFTH, &v->has_uplink_packets, &v->uplink_packets);
	volume_read(c, flags & SIXTH, &v->has_downlink_packets, &v->downlink_packets);
	return TLV_OK;
}

static void volume_write(struct writer *w, bool has, uint64_t v)
{
	if (has)
		writer_u64(w, v);
}

static void pfcp_volume_encode(struct writer *w, const void *value)
{
	const struct pfcp_volume *v = value;

	writer_u8(w, flag_if(v->has_total, FIRST) | flag_if(v->has_uplink, SECOND) |
			     flag_if(v->has_downlink, THIRD) | flag_if(v->has_total_packets, FOURTH) |
			     flag_if(v->has_uplink_packets, FIFTH) | flag_if(v->has_downlink_packets, SIXTH));
	volume_write(w, v->has_total, v->total);
	volume_write(w, v->has_uplink, v->uplink);
	volume_write(w, v->has_downlink, v->downlink);
	volume_write(w, v->has_total_packets, v->total_packets);
	volume_write(w, v->has_uplink_packets, v->uplink_packets);
	volume_write(w, v->has_downlink_packets, v->downlink_packets);
}

#define VAL struct pfcp_volume
static const struct tlv_field pfcp_volume_fields[] = {
	TLV_SHOW_IF(total, has_total, tlv_u64),
	TLV_SHOW_IF(uplink, has_uplink, tlv_u64),
	TLV_SHOW_IF(downlink, has_downlink, tlv_u64),
	TLV_SHOW_IF(total_packets, has_total_packets, tlv_u64),
	TLV_SHOW_IF(uplink_packets, has_uplink_packets, tlv_u64),
	TLV_SHOW_IF(downlink_packets, has_downlink_packets, tlv_u64),
};
#undef VAL
const struct tlv_codec pfcp_volume = TLV_VALUE_CODEC(struct pfcp_volume, pfcp_volume);

static enum tlv_fault_kind pfcp_dl_data_service_information_decode(
	struct cursor *c, struct arena *arena, void *value)
{
	struct pfcp_dl_data_service_information *d = value;
	uint8_t flags = cursor_u8(c);

	d->has_paging_policy = flags & FIRST;
	d->has_qfi = flags & SECOND;
	if (d->has_paging_policy)
		d->paging_policy = cursor_u8(c) & 63;
	if (d->has_qfi)
		d->qfi = cursor_u8(c) & 63;
	return TLV_OK;
}

static void pfcp_dl_data_service_information_encode(struct writer *w, const void *value)
{
	const struct pfcp_dl_data_service_information *d = value;

	writer_u8(w, flag_if(d->has_paging_policy, FIRST) | flag_if(d->has_qfi, SECOND));
	if (d->has_paging_policy)
		writer_u8(w, d->paging_policy & 63);
	if (d->has_qfi)
		writer_u8(w, d->qfi & 63);
}

#define VAL struct pfcp_dl_data_service_information
static const struct tlv_field pfcp_dl_data_service_information_fields[] = {
	TLV_SHOW_IF(paging_policy, has_paging_policy, tlv_u8),
	TLV_SHOW_IF(qfi, has_qfi, tlv_u8),
};
#undef VAL
const struct tlv_codec pfcp_dl_data_service_information =
	TLV_VALUE_CODEC(struct pfcp_dl_data_service_information, pfcp_dl_data_service_information);

static enum tlv_fault_kind pfcp_s_nssai_decode(struct cursor *c, struct arena *arena, void *value)
{
	struct snssai *s = value;

	s->sst = cursor_u8(c);
	s->sd = cursor_u24(c);
	return TLV_OK;
}

static void pfcp_s_nssai_encode(struct writer *w, const void *value)
{
	const struct snssai *s = value;

	writer_u8(w, s->sst);
	writer_u24(w, s->sd);
}

#define VAL struct snssai
static const struct tlv_field pfcp_s_nssai_fields[] = { TLV_SHOW(sst, tlv_u8), TLV_SHOW(sd, tlv_u24) };
#undef VAL
const struct tlv_codec pfcp_s_nssai = TLV_VALUE_CODEC(struct snssai, pfcp_s_nssai);

static enum tlv_fault_kind pfcp_dnn_decode(struct cursor *c, struct arena *arena, void *value)
{
	char text[DNN_STR_SIZE];

	if (!dnn_from_labels(cursor_rest(c), text))
		return TLV_BAD_MANDATORY;
	*(const char **)value = arena_str(arena, text);
	return *(const char **)value ? TLV_OK : TLV_NO_MEMORY;
}

static void pfcp_dnn_encode(struct writer *w, const void *value)
{
	const char *text = *(const char *const *)value;
	uint8_t labels[DNN_STR_SIZE];
	size_t len = 0;

	if (!text || !dnn_to_labels(text, labels, sizeof(labels), &len))
		w->failed = true;
	writer_put(w, bytes_of(labels, len));
}

const struct tlv_codec pfcp_dnn = {
	.kind = TLV_TEXT,
	.size = sizeof(const char *),
	.decode = pfcp_dnn_decode,
	.encode = pfcp_dnn_encode,
};
