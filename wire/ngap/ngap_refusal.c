/* The message that refuses a request (TS 38.413 10.3.4.2, 10.3.5, 10.3.6, 10.4). */
#include "wire/ngap/ngap.h"
#include "wire/per/type.h"

static bool is_faulty(const struct per_diag *diag, uint16_t id)
{
	for (uint16_t i = 0; i < diag->count; i++)
		if (diag->ies[i].id == id)
			return true;
	return diag->dropped > 0; /* it may be one of those that were not noted */
}

/* The IEs of a message: all there is in its SEQUENCE, at the same place as that. */
static const struct per_type *ies_of(enum ngap_message message)
{
	const struct per_type *type = ngap_pdu_table.messages[message].type;

	return type->kind == PER_KIND_SEQUENCE ? per_member_type(per_members(type)) : type;
}

static const struct per_member *member_of(const struct per_type *type, uint16_t id)
{
	for (size_t i = 0; i < type->count; i++)
		if (per_members(type)[i].id == id)
			return &per_members(type)[i];
	return NULL;
}

/* The value of an IE, as far as it was understood; NULL: it is not there. */
static const void *ie_of(const struct ngap_pdu *pdu, const struct per_diag *diag, uint16_t id)
{
	const struct per_member *m;
	const uint8_t *body = pdu->u.any;

	/* Where decoding stopped early it is not known what was read before. */
	if (!body || diag->fault >= PER_FAULT_TRANSFER_SYNTAX)
		return NULL;
	m = member_of(ies_of(pdu->message), id);
	if (!m || is_faulty(diag, id))
		return NULL;
	switch ((enum per_form)m->form) {
	case PER_FORM_PLAIN:
		return body + m->offset;
	case PER_FORM_LOST:
		return *(const bool *)(body + m->flag) ? NULL : body + m->offset;
	case PER_FORM_FLAG:
		return *(const bool *)(body + m->flag) ? body + m->offset : NULL;
	case PER_FORM_POINTER:
		return *(const void *const *)(const void *)(body + m->offset);
	default:
		return NULL;
	}
}

const uint64_t *ngap_amf_ue_ngap_id(const struct ngap_pdu *pdu, const struct per_diag *diag)
{
	return ie_of(pdu, diag, NGAP_IE_AMF_UE_NGAP_ID);
}

const uint32_t *ngap_ran_ue_ngap_id(const struct ngap_pdu *pdu, const struct per_diag *diag)
{
	return ie_of(pdu, diag, NGAP_IE_RAN_UE_NGAP_ID);
}

/* 8.4.4.3: all sessions of the request are released; false: they are not known. */
static bool path_switch_released(const struct ngap_pdu *pdu, const struct per_diag *diag,
	struct ngap_cause cause, struct arena *arena,
	struct ngap_pdu_session_resource_released_list_ps_fail *out)
{
	const struct ngap_path_switch_request_unsuccessful_transfer t = { .cause = cause };
	const struct ngap_pdu_session_resource_to_be_switched_dl_list *list =
		ie_of(pdu, diag, NGAP_IE_PDU_SESSION_RESOURCE_TO_BE_SWITCHED_DL_LIST);
	struct bytes octets =
		ngap_value_bytes(&ngap_path_switch_request_unsuccessful_transfer_type, &t, arena);

	out->items = list && octets.data ? arena_array(arena, list->count, sizeof(*out->items)) : NULL;
	if (!out->items)
		return false;
	for (out->count = 0; out->count < list->count; out->count++)
		out->items[out->count] = (struct ngap_pdu_session_resource_released_item_ps_fail){
			list->items[out->count].pdu_session_id, octets
		};
	return true;
}

/* A mandatory IE of the refusal, from the request; false: the request does not have it. */
static bool fill_mandatory(const struct ngap_pdu *pdu, const struct per_diag *diag, struct ngap_cause cause,
	struct arena *arena, uint16_t id, void *at)
{
	const uint64_t *amf_id;
	const uint32_t *ran_id;

	switch (id) {
	case NGAP_IE_CAUSE:
		*(struct ngap_cause *)at = cause;
		return true;
	case NGAP_IE_AMF_UE_NGAP_ID:
		amf_id = ngap_amf_ue_ngap_id(pdu, diag);
		if (!amf_id)
			amf_id = ie_of(pdu, diag, NGAP_IE_SOURCE_AMF_UE_NGAP_ID);
		*(uint64_t *)at = amf_id ? *amf_id : 0;
		return amf_id != NULL;
	case NGAP_IE_RAN_UE_NGAP_ID:
		ran_id = ngap_ran_ue_ngap_id(pdu, diag);
		*(uint32_t *)at = ran_id ? *ran_id : 0;
		return ran_id != NULL;
	case NGAP_IE_PDU_SESSION_RESOURCE_RELEASED_LIST_PS_FAIL:
		return path_switch_released(pdu, diag, cause, arena, at);
	default:
		return false;
	}
}

static enum ngap_message unsuccessful_of(const struct ngap_pdu *pdu)
{
	const struct per_pdu_table *table = &ngap_pdu_table;

	if (pdu->kind != PER_INITIATING || !pdu->message)
		return NGAP_MSG_NONE;
	return (enum ngap_message)table->procedures[table->messages[pdu->message].procedure]
		.messages[PER_UNSUCCESSFUL];
}

static enum ngap_message ngap_refusal(const struct ngap_pdu *pdu, const struct per_diag *diag,
	struct ngap_cause cause, struct arena *arena, const void **out)
{
	/* 10.2, 10.3.4.1: Error Indication all the same; and nothing is refused that is only reported on. */
	enum ngap_message message = diag->unknown_procedure || diag->verdict == PER_PROCESS_AND_NOTIFY ||
						    diag->fault == PER_FAULT_TRANSFER_SYNTAX
					    ? NGAP_MSG_NONE
					    : unsuccessful_of(pdu);
	const struct per_type *type = message ? ies_of(message) : NULL;
	struct ngap_criticality_diagnostics *cd = arena_alloc(arena, sizeof(*cd));
	uint8_t *body = message ? arena_alloc(arena, type->size) : NULL;

	if (!body)
		return NGAP_MSG_NONE;
	for (size_t i = 0; i < type->count; i++) {
		const struct per_member *m = &per_members(type)[i];

		if (m->id == NGAP_IE_CRITICALITY_DIAGNOSTICS && cd && ngap_diag_fill(diag, arena, cd))
			*(void **)(void *)(body + m->offset) = cd;
		else if (!m->optional && !fill_mandatory(pdu, diag, cause, arena, m->id, body + m->offset))
			return NGAP_MSG_NONE;
	}
	*out = body;
	return message;
}

struct per_diag ngap_diag_of_pdu(const struct ngap_pdu *pdu)
{
	return (struct per_diag){ .has_procedure = true,
		.procedure_code = pdu->procedure_code,
		.triggering_message = (uint8_t)pdu->kind,
		.procedure_criticality = pdu->criticality };
}

bool ngap_is_answered(const struct per_diag *diag)
{
	if (diag->verdict == PER_DROP)
		return false;
	if (!diag->has_procedure)
		return true;
	if (diag->procedure_code == NGAP_PROC_ERROR_INDICATION)
		return false;
	return diag->triggering_message == PER_INITIATING || diag->unknown_procedure ||
	       (diag->fault != PER_FAULT_REJECT && diag->fault != PER_FAULT_FALSELY_CONSTRUCTED);
}

enum ngap_message ngap_error_answer(const struct ngap_pdu *pdu, const struct per_diag *diag,
	struct ngap_cause cause, struct arena *arena, const void **body)
{
	enum ngap_message refusal = ngap_refusal(pdu, diag, cause, arena, body);
	const uint64_t *amf_id = ngap_amf_ue_ngap_id(pdu, diag);
	const uint32_t *ran_id = ngap_ran_ue_ngap_id(pdu, diag);
	struct ngap_criticality_diagnostics *cd = arena_alloc(arena, sizeof(*cd));
	struct ngap_error_indication *m = arena_alloc(arena, sizeof(*m));
	struct ngap_cause *why = arena_alloc(arena, sizeof(*why));

	if (refusal || !m || !why)
		return refusal;
	*why = cause;
	*m = (struct ngap_error_indication){ .has_amf_ue_ngap_id = amf_id != NULL,
		.amf_ue_ngap_id = amf_id ? *amf_id : 0,
		.has_ran_ue_ngap_id = ran_id != NULL,
		.ran_ue_ngap_id = ran_id ? *ran_id : 0,
		.cause = why };
	if (cd && ngap_diag_fill(diag, arena, cd))
		m->criticality_diagnostics = cd;
	*body = m;
	return NGAP_MSG_ERROR_INDICATION;
}

const void *ngap_report(
	enum ngap_message answer, const void *body, const struct per_diag *diag, struct arena *arena)
{
	const struct per_message *m = &ngap_pdu_table.messages[answer];
	const struct per_type *type = ies_of(answer);
	const struct per_member *member = member_of(type, NGAP_IE_CRITICALITY_DIAGNOSTICS);
	struct ngap_criticality_diagnostics *cd;
	uint8_t *copy;

	if (m->kind == PER_INITIATING || diag->triggering_message != PER_INITIATING || !member ||
		ngap_pdu_table.procedures[m->procedure].code != diag->procedure_code)
		return NULL;
	cd = arena_alloc(arena, sizeof(*cd));
	copy = arena_alloc(arena, type->size);
	if (!cd || !copy || !ngap_diag_fill(diag, arena, cd))
		return NULL;
	bytes_copy(copy, type->size, bytes_of(body, type->size));
	*(void **)(void *)(copy + member->offset) = cd;
	return copy;
}
