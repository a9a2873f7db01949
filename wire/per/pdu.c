/* The PDU of NGAP, F1AP and E1AP: TS 38.413 9.4.3, 10.3.4.1 and 10.3.4.1A. */
#include "wire/per/decoder.h"
#include "wire/per/encoder.h"

static const struct per_procedure *find_procedure(const struct per_pdu_table *table, uint8_t code)
{
	for (size_t i = 0; i < table->procedure_count; i++) {
		if (table->procedures[i].code == code)
			return &table->procedures[i];
	}
	return NULL;
}

/* A procedure code or type of message that is not comprehended. */
static bool refuse_procedure(struct per_diag *diag, unsigned criticality)
{
	diag->unknown_procedure = true;
	diag->verdict = criticality == PER_IGNORE ? PER_DROP : PER_REFUSE;
	diag->fault = criticality == PER_REJECT ? PER_FAULT_REJECT : PER_FAULT_NOTIFY;
	if (criticality == PER_IGNORE)
		diag->fault = PER_FAULT_NONE;
	return false;
}

static bool fault_at(struct per_diag *diag, const struct decoder *d)
{
	if (diag->fault == PER_FAULT_NONE) {
		diag->fault = PER_FAULT_TRANSFER_SYNTAX;
		diag->where = "PDU";
		diag->offset_bits = d->in.at;
	}
	diag->verdict = PER_REFUSE;
	return false;
}

/* Kind, procedure code and criticality; then the contents of the open type. */
static bool decode_head(
	const struct per_pdu_table *table, struct decoder *d, struct per_pdu *out, struct bytes *contents)
{
	unsigned kind;

	/* Extensions, and F1AP's fourth alternative, are of no version. */
	if (table->extensible && bits_flag(&d->in))
		return false;
	kind = (unsigned)bits_get(&d->in, 2);
	bits_align(&d->in);
	out->procedure_code = (uint8_t)bits_get(&d->in, 8);
	out->criticality = (uint8_t)bits_get(&d->in, 2);
	if (d->in.failed || kind > PER_UNSUCCESSFUL || out->criticality > PER_NOTIFY)
		return false;
	out->kind = kind;
	d->diag->has_procedure = true;
	d->diag->procedure_code = out->procedure_code;
	d->diag->triggering_message = (uint8_t)kind;
	d->diag->procedure_criticality = out->criticality;
	return decode_open_octets(d, contents) && bits_left(&d->in) < 8;
}

/* Decodes the message itself; diag keeps what the head gave. */
static bool decode_body(const struct per_type *type, struct bytes contents, struct arena *arena,
	struct per_pdu *out, struct per_diag *diag)
{
	struct per_diag head = *diag;
	bool ok;

	out->body = arena_alloc(arena, type->size ? type->size : 1);
	if (!out->body) {
		diag->fault = PER_FAULT_EXHAUSTED;
		diag->verdict = PER_REFUSE;
		return false;
	}
	ok = per_decode(type, PER_ALIGNED, contents, arena, out->body, diag);
	diag->has_procedure = head.has_procedure;
	diag->procedure_code = head.procedure_code;
	diag->triggering_message = head.triggering_message;
	diag->procedure_criticality = head.procedure_criticality;
	return ok;
}

bool per_pdu_decode(const struct per_pdu_table *table, struct bytes in, struct arena *arena,
	struct per_pdu *out, struct per_diag *diag)
{
	struct decoder d = { .in = { in.data, 0, 8 * in.len, true, false }, .arena = arena, .diag = diag };
	const struct per_procedure *procedure;
	struct bytes contents = BYTES_NONE;

	memset(diag, 0, sizeof(*diag));
	memset(out, 0, sizeof(*out));
	if (in.len > SIZE_MAX / 8 || !decode_head(table, &d, out, &contents))
		return fault_at(diag, &d);
	procedure = find_procedure(table, out->procedure_code);
	if (!procedure)
		return refuse_procedure(diag, out->criticality);
	if (!procedure->messages[out->kind]) /* 10.3.4.1A: the procedure's own criticality */
		return refuse_procedure(diag, procedure->criticality);
	out->message = procedure->messages[out->kind];
	return decode_body(table->messages[out->message].type, contents, arena, out, diag);
}

bool per_pdu_encode(const struct per_pdu_table *table, uint16_t message, const void *body, struct writer *w)
{
	struct encoder e = encoder_of(w, true);
	const struct per_message *m;

	if (message == 0 || message >= table->message_count || !body || w->failed) {
		w->failed = true;
		return false;
	}
	m = &table->messages[message];
	bits_put(&e.out, m->kind, table->extensible ? 3 : 2);
	bits_pad(&e.out);
	bits_put(&e.out, table->procedures[m->procedure].code, 8);
	bits_put(&e.out, table->procedures[m->procedure].criticality, 2);
	w->failed = !encode_in_open(&e, m->type, body);
	if (!w->failed)
		w->len = e.out.at / 8;
	return !w->failed;
}
