/* Transfer containers of NGAP, and the answers to errors (TS 38.413 9.3.4, 10). */
#include "wire/ngap/ngap.h"

enum {
	VALUE_MAX = 65536, /* octets of a transfer container that we make */
};

struct bytes ngap_value_bytes(const struct per_type *type, const void *value, struct arena *arena)
{
	uint8_t buf[VALUE_MAX];
	struct writer w = writer_of(buf, sizeof(buf));

	if (!per_encode(type, PER_ALIGNED, value, &w))
		return BYTES_NONE;
	return arena_bytes(arena, writer_bytes(&w));
}

const char *ngap_cause_text(const struct ngap_cause *cause, char text[NGAP_CAUSE_TEXT_SIZE])
{
	per_cause_text(&ngap_cause_type, cause, text, NGAP_CAUSE_TEXT_SIZE);
	return text;
}

bool ngap_diag_cause(const struct per_diag *diag, struct ngap_cause *cause)
{
	cause->tag = NGAP_CAUSE_TAG_PROTOCOL;
	switch (diag->fault) {
	case PER_FAULT_NONE:
		cause->tag = NGAP_CAUSE_TAG_NONE;
		return false;
	case PER_FAULT_NOTIFY:
		cause->u.protocol = NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_IGNORE_AND_NOTIFY;
		break;
	case PER_FAULT_REJECT:
		cause->u.protocol = NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT;
		break;
	case PER_FAULT_FALSELY_CONSTRUCTED:
		cause->u.protocol = NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_FALSELY_CONSTRUCTED_MESSAGE;
		break;
	case PER_FAULT_TRANSFER_SYNTAX:
		cause->u.protocol = NGAP_CAUSE_PROTOCOL_TRANSFER_SYNTAX_ERROR;
		break;
	case PER_FAULT_EXHAUSTED:
		cause->tag = NGAP_CAUSE_TAG_MISC;
		cause->u.misc = NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD;
		break;
	}
	return true;
}

bool ngap_diag_fill(
	const struct per_diag *diag, struct arena *arena, struct ngap_criticality_diagnostics *out)
{
	struct ngap_criticality_diagnostics_ie_list *list;

	*out = (struct ngap_criticality_diagnostics){
		.has_procedure_code = diag->has_procedure,
		.procedure_code = diag->procedure_code,
		.has_triggering_message = diag->has_procedure,
		.triggering_message = (enum ngap_triggering_message)diag->triggering_message,
		.has_procedure_criticality = diag->has_procedure,
		.procedure_criticality = (enum ngap_criticality)diag->procedure_criticality,
	};
	if (diag->count == 0)
		return true;
	list = arena_alloc(arena, sizeof(*list));
	if (!list)
		return false;
	list->items = arena_array(arena, diag->count, sizeof(list->items[0]));
	if (!list->items)
		return false;
	for (list->count = 0; list->count < diag->count; list->count++) {
		const struct per_diag_ie *ie = &diag->ies[list->count];

		list->items[list->count].ie_criticality = (enum ngap_criticality)ie->criticality;
		list->items[list->count].ie_id = ie->id;
		list->items[list->count].type_of_error = (enum ngap_type_of_error)ie->error;
	}
	out->ies_criticality_diagnostics = list;
	return true;
}
