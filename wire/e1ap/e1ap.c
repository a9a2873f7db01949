#include "wire/e1ap/e1ap.h"

#include "base/cursor.h"

static enum e1ap_cause_protocol cause_of(enum per_fault fault)
{
	switch (fault) {
	case PER_FAULT_TRANSFER_SYNTAX:
		return E1AP_CAUSE_PROTOCOL_TRANSFER_SYNTAX_ERROR;
	case PER_FAULT_FALSELY_CONSTRUCTED:
		return E1AP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_FALSELY_CONSTRUCTED_MESSAGE;
	case PER_FAULT_NOTIFY:
		return E1AP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_IGNORE_AND_NOTIFY;
	case PER_FAULT_REJECT:
		return E1AP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT;
	default:
		return E1AP_CAUSE_PROTOCOL_UNSPECIFIED;
	}
}

void e1ap_report_of(const struct per_diag *diag, struct e1ap_report *out)
{
	*out = (struct e1ap_report){
		.cause = { .tag = E1AP_CAUSE_TAG_PROTOCOL, .u.protocol = cause_of(diag->fault) },
		.diagnostics = { .has_procedure_code = diag->has_procedure,
			.procedure_code = diag->procedure_code,
			.has_triggering_message = diag->has_procedure,
			.triggering_message = (enum e1ap_triggering_message)diag->triggering_message,
			.has_procedure_criticality = diag->has_procedure,
			.procedure_criticality = (enum e1ap_criticality)diag->procedure_criticality },
		.list = { diag->count, out->items },
	};
	for (uint16_t i = 0; i < diag->count; i++)
		out->items[i] = (struct e1ap_criticality_diagnostics_ie_list_item){
			.ie_criticality = (enum e1ap_criticality)diag->ies[i].criticality,
			.ie_id = diag->ies[i].id,
			.type_of_error = (enum e1ap_type_of_error)diag->ies[i].error,
		};
	if (diag->count > 0)
		out->diagnostics.ies_criticality_diagnostics = &out->list;
}

bool e1ap_tunnel_read(const struct e1ap_up_tnl_information *in, struct bytes *address, uint32_t *teid)
{
	const struct e1ap_gtp_tunnel *t = &in->u.gtp_tunnel;
	struct cursor c;

	if (in->tag != E1AP_UP_TNL_INFORMATION_TAG_GTP_TUNNEL)
		return false;
	c = cursor_of(t->gtp_teid);
	*teid = cursor_u32(&c);
	*address = bytes_of(t->transport_layer_address.data, t->transport_layer_address.len_bits / 8);
	return address->len == 4 || address->len == 16 || address->len == 20;
}

struct e1ap_up_tnl_information e1ap_tunnel(
	struct bytes address, uint32_t teid, uint8_t octets[E1AP_TEID_OCTETS])
{
	struct writer w = writer_of(octets, E1AP_TEID_OCTETS);

	writer_u32(&w, teid);
	return (struct e1ap_up_tnl_information){ .tag = E1AP_UP_TNL_INFORMATION_TAG_GTP_TUNNEL,
		.u.gtp_tunnel = { { address.data, address.len * 8 }, writer_bytes(&w) } };
}

struct snssai e1ap_snssai_read(const struct e1ap_snssai *in)
{
	struct cursor sst = cursor_of(in->sst), sd = cursor_of(in->sd);

	return (struct snssai){ cursor_u8(&sst), in->has_sd ? cursor_u24(&sd) : SNSSAI_NO_SD };
}

struct e1ap_snssai e1ap_snssai_of(const struct snssai *s, uint8_t sd[E1AP_SD_OCTETS])
{
	struct writer w = writer_of(sd, E1AP_SD_OCTETS);

	writer_u24(&w, s->sd);
	return (struct e1ap_snssai){ bytes_of(&s->sst, 1), s->sd != SNSSAI_NO_SD, writer_bytes(&w) };
}

/* In the order of the ASN.1. */
static const uint32_t t_reordering[] = { 0, 1, 2, 4, 5, 8, 10, 15, 20, 30, 40, 50, 60, 80, 100, 120, 140, 160,
	180, 200, 220, 240, 260, 280, 300, 500, 750, 1000, 1250, 1500, 1750, 2000, 2250, 2500, 2750, 3000 };
static const uint32_t discard_timer[] = { 10, 20, 30, 40, 50, 60, 75, 100, 150, 200, 250, 300, 500, 750, 1500,
	UINT32_MAX };

_Static_assert(ARRAY_LEN(t_reordering) == E1AP_T_REORDERING_N, "a number each");
_Static_assert(ARRAY_LEN(discard_timer) == E1AP_DISCARD_TIMER_N, "a number each");

static bool least(const uint32_t *numbers, unsigned count, uint32_t ms, unsigned *out)
{
	for (*out = 0; *out < count; (*out)++)
		if (numbers[*out] >= ms)
			return true;
	return false;
}

bool e1ap_t_reordering_ms(enum e1ap_t_reordering value, uint32_t *ms)
{
	*ms = (unsigned)value < ARRAY_LEN(t_reordering) ? t_reordering[value] : 0;
	return (unsigned)value < ARRAY_LEN(t_reordering);
}

bool e1ap_t_reordering_of(uint32_t ms, enum e1ap_t_reordering *value)
{
	unsigned at;
	bool ok = least(t_reordering, ARRAY_LEN(t_reordering), ms, &at);

	*value = (enum e1ap_t_reordering)at;
	return ok;
}

bool e1ap_discard_timer_ms(enum e1ap_discard_timer value, uint32_t *ms)
{
	*ms = (unsigned)value < ARRAY_LEN(discard_timer) ? discard_timer[value] : 0;
	return (unsigned)value < ARRAY_LEN(discard_timer);
}

bool e1ap_discard_timer_of(uint32_t ms, enum e1ap_discard_timer *value)
{
	unsigned at;
	bool ok = least(discard_timer, ARRAY_LEN(discard_timer), ms, &at);

	*value = (enum e1ap_discard_timer)at;
	return ok;
}

static bool is_of_ue(uint8_t procedure)
{
	switch (procedure) {
	case E1AP_PROC_BEARER_CONTEXT_SETUP:
	case E1AP_PROC_BEARER_CONTEXT_MODIFICATION:
	case E1AP_PROC_BEARER_CONTEXT_MODIFICATION_REQUIRED:
	case E1AP_PROC_BEARER_CONTEXT_RELEASE:
	case E1AP_PROC_BEARER_CONTEXT_RELEASE_REQUEST:
	case E1AP_PROC_BEARER_CONTEXT_INACTIVITY_NOTIFICATION:
	case E1AP_PROC_DL_DATA_NOTIFICATION:
	case E1AP_PROC_DATA_USAGE_REPORT:
		return true;
	default:
		return false;
	}
}

/* The second octet of an E1AP-PDU is its procedure code (9.4.3, aligned PER). */
uint16_t e1ap_stream(struct bytes pdu, uint16_t out_streams)
{
	struct cursor c = cursor_of(pdu);

	cursor_skip(&c, 1);
	return out_streams > 1 && is_of_ue(cursor_u8(&c)) ? 1 : 0;
}
