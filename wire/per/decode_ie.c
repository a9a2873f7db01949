/*
 * Decoding of IE containers, and the judgement of their errors: TS 38.413 10.3 (TS 38.473 10.3 and
 * TS 37.483 10.3 have the same). An IE that cannot be decoded is a transfer syntax error (10.2).
 */
#include "wire/per/decoder.h"

void *decode_place(struct decoder *d, const struct per_member *member, void *out)
{
	uint8_t *at = (uint8_t *)out + member->offset;
	void *below;

	if (member->form == PER_FORM_FLAG || member->form == PER_FORM_HAS)
		*((bool *)out + member->flag) = true;
	if (member->form != PER_FORM_POINTER)
		return at;
	below = arena_alloc(d->arena, per_member_type(member)->size ? per_member_type(member)->size : 1);
	if (!below)
		decode_exhausted(d);
	*(void **)at = below;
	return below;
}

/*
 * A complete encoding is of whole octets, at least one (11.2): up to seven bits of padding remain
 * after a value that began at start.
 */
bool decode_is_complete(const struct decoder *d, size_t start)
{
	size_t left = bits_left(&d->in);

	return left < 8 || (d->in.at == start && left == 8);
}

bool decode_in_open(struct decoder *d, const struct per_type *type, void *out)
{
	struct bit_reader after, contents;
	bool ok;

	if (!decode_open(d, &contents))
		return d->diag->fault == PER_FAULT_EXHAUSTED ? false : decode_fault(d, type);
	after = d->in;
	d->in = contents;
	ok = d->value(d, type, out);
	if (ok && !decode_is_complete(d, contents.at))
		ok = decode_fault(d, type);
	d->in = after;
	if (!ok)
		bits_fail(&d->in);
	return ok;
}

static void worsen(struct decoder *d, enum per_fault fault)
{
	if (d->diag->fault < fault)
		d->diag->fault = fault;
}

/* An IE that is not understood or missing is treated by its criticality (10.3.4.2, 10.3.5). */
static void judge(struct decoder *d, uint16_t id, unsigned criticality, enum per_ie_error error)
{
	struct per_diag *diag = d->diag;

	if (criticality == PER_IGNORE) {
		if (diag->ignored < UINT16_MAX)
			diag->ignored++;
		return;
	}
	worsen(d, criticality == PER_REJECT ? PER_FAULT_REJECT : PER_FAULT_NOTIFY);
	if (diag->count < PER_DIAG_IES_MAX) {
		diag->ies[diag->count++] = (struct per_diag_ie){ id, (uint8_t)criticality, (uint8_t)error };
	} else if (diag->dropped < UINT16_MAX) {
		diag->dropped++;
	}
}

/* The index of an IE of that id, looking from expected on and then from the start; count if there is none. */
static size_t find(const struct per_type *type, uint16_t id, size_t expected)
{
	for (size_t i = expected; i < type->count; i++) {
		if (per_members(type)[i].id == id)
			return i;
	}
	for (size_t i = 0; i < expected; i++) {
		if (per_members(type)[i].id == id)
			return i;
	}
	return type->count;
}

/* Makes the IE absent again, as one that was not comprehended is. */
static void take_back(const struct per_member *member, void *out)
{
	if (member->form == PER_FORM_POINTER)
		*(void **)((uint8_t *)out + member->offset) = NULL;
	else if (member->form == PER_FORM_LOST)
		*((bool *)out + member->flag) = true;
	else if (member->form == PER_FORM_FLAG || member->form == PER_FORM_HAS)
		*((bool *)out + member->flag) = false;
}

/* The value of a known IE. An extension value in it that we do not know makes it not comprehended (10.3.1).
 */
static bool decode_ie(struct decoder *d, const struct per_member *member, unsigned criticality, void *out)
{
	void *at = decode_place(d, member, out);
	bool outer = d->not_comprehended;

	if (!at)
		return false;
	d->not_comprehended = false;
	if (!decode_in_open(d, per_member_type(member), at)) {
		d->diag->has_where_ie = true;
		d->diag->where_ie = member->id;
		return false;
	}
	if (d->not_comprehended) {
		/* one that cannot be left out of the struct is not ignored, whatever the sender asks */
		bool needed = member->form == PER_FORM_PLAIN;

		judge(d, member->id, needed ? member->criticality : criticality, PER_NOT_UNDERSTOOD);
		take_back(member, out);
	}
	d->not_comprehended = outer;
	return true;
}

/* id and criticality of an IE; false when they are not there. */
static bool decode_ie_head(
	struct decoder *d, const struct per_type *type, uint16_t *id, unsigned *criticality)
{
	if (type->has_private_ids && bits_flag(&d->in)) {
		/* PrivateIE-ID: global, an OBJECT IDENTIFIER, of which we know none */
		struct bytes global = BYTES_NONE;

		may_fail(decode_open_octets(d, &global)); /* d keeps the failure */
		*id = 0;
	} else {
		bits_align(&d->in);
		*id = (uint16_t)bits_get(&d->in, 16);
	}
	*criticality = (unsigned)bits_get(&d->in, 2);
	return !d->in.failed && *criticality <= PER_NOTIFY;
}

static bool skip_ie(struct decoder *d, const struct per_type *type, uint16_t id, unsigned criticality)
{
	struct bit_reader contents;

	if (++d->unknown > PER_UNKNOWN_MAX || !decode_open(d, &contents))
		return decode_fault(d, type);
	judge(d, id, criticality, PER_NOT_UNDERSTOOD);
	return true;
}

static void judge_missing(struct decoder *d, const struct per_type *type, const uint64_t *seen, void *out)
{
	for (size_t i = 0; i < type->count; i++) {
		const struct per_member *member = &per_members(type)[i];

		if (member->optional || seen[i / 64] >> (i % 64) & 1)
			continue;
		judge(d, member->id, member->criticality, PER_MISSING);
		if (member->form == PER_FORM_LOST)
			*((bool *)out + member->flag) = true;
	}
}

bool decode_container(struct decoder *d, const struct per_type *type, void *out)
{
	uint64_t seen[PER_MEMBERS_MAX / 64] = { 0 };
	size_t n = (size_t)type->lb + decode_span(d, type->span), expected = 0;

	if (d->in.failed)
		return decode_fault(d, type);
	while (n-- > 0) {
		unsigned criticality;
		uint16_t id;
		size_t i;

		if (!decode_ie_head(d, type, &id, &criticality))
			return decode_fault(d, type);
		i = find(type, id, expected);
		if (i == type->count) {
			if (!skip_ie(d, type, id, criticality))
				return false;
			continue;
		}
		if (seen[i / 64] >> (i % 64) & 1) {
			struct bit_reader contents;

			/* 10.3.6: too many occurrences */
			worsen(d, PER_FAULT_FALSELY_CONSTRUCTED);
			if (!decode_open(d, &contents))
				return decode_fault(d, type);
			continue;
		}
		if (i < expected) /* 10.3.6: wrong order */
			worsen(d, PER_FAULT_FALSELY_CONSTRUCTED);
		else
			expected = i + 1;
		seen[i / 64] |= (uint64_t)1 << (i % 64);
		if (!decode_ie(d, &per_members(type)[i], criticality, out))
			return false;
	}
	judge_missing(d, type, seen, out);
	return true;
}

bool decode_single(struct decoder *d, const struct per_type *type, void *out)
{
	unsigned criticality;
	uint16_t id;
	size_t i;

	if (!decode_ie_head(d, type, &id, &criticality))
		return decode_fault(d, type);
	i = find(type, id, 0);
	if (i < type->count) {
		const struct per_member *member = &per_members(type)[i];
		void *at = decode_place(d, member, out);

		if (!at)
			return false;
		*(unsigned *)out = (unsigned)i + 1;
		return decode_in_open(d, per_member_type(member), at);
	}
	struct per_ie *unknown = (struct per_ie *)((uint8_t *)out + (type->bare ? 0 : type->unknown));

	if (++d->unknown > PER_UNKNOWN_MAX || !decode_open_octets(d, &unknown->value))
		return decode_fault(d, type);
	unknown->id = id;
	unknown->criticality = (uint8_t)criticality;
	if (!type->bare)
		*(unsigned *)out = type->count + 1;
	judge(d, id, criticality, PER_NOT_UNDERSTOOD);
	return true;
}
