#include "wire/sbi/json_generate_test.h"

#include "wire/id.h"

static uint64_t gen_next(struct generator *g)
{
	g->state ^= g->state << 13;
	g->state ^= g->state >> 7;
	g->state ^= g->state << 17;
	return g->state * UINT64_C(0x2545f4914f6cdd1d);
}

uint64_t gen_range(struct generator *g, uint64_t lo, uint64_t hi)
{
	return lo + (hi - lo == UINT64_MAX ? gen_next(g) : (gen_next(g) >> 8) % (hi - lo + 1));
}

static void gen_digits(struct generator *g, char *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (char)('0' + gen_range(g, 0, 9));
	to[n] = '\0';
}

void *gen_alloc(struct generator *g, size_t size)
{
	void *at = arena_alloc(g->arena, size);

	assert_non_null(at);
	return at;
}

/* Texts of which the OpenAPI has a pattern; NULL for others. */
static const char *gen_pattern(struct generator *g, const struct json_field *f)
{
	static const struct {
		const char *key, *form; /* %s: digits */
	} patterns[] = {
		{ "servingNetworkName", "5G:mnc0%.2s.mcc%.3s.3gppnetwork.org" },
		{ "supiOrSuci", "suci-0-001-01-0-1-27-%s" },
		{ "fqdn", "a%s.5gc.example.org" },
		{ "backupAmf", "a%s.5gc.example.org" },
		{ "pgwFqdn", "a%s.5gc.example.org" },
		{ "gpsi", "msisdn-%s" },
		{ "gpsis", "msisdn-%s" },
		{ "pei", "imei-%.5s0000000000" },
		{ "suppFeat", "%.5s" },
		{ "supportedFeatures", "%.5s" },
		{ "flowDirection", "%.5s" },
		{ "ipv6Addr", "2001:db8::%.4s" },
		{ "ueIpv6", "2001:db8::%.4s" },
		{ "ipv6Address", "2001:db8::%.4s" },
		{ "ipv6Addresses", "2001:db8::%.4s" },
		{ "ipv6Prefix", "2001:db8:%.4s::/64" },
		{ "ipv6AddressPrefix", "2001:db8:%.4s::/64" },
		{ "relIpv6AddressPrefix", "2001:db8:%.4s::/64" },
		{ "gtpTeid", "000%.5s" },
		{ "amfSetId", "0%.2s" },
		{ "gNBValue", "0%.5s" },
		{ "targetAmfSet", "001-01-01-0%.2s" },
		{ "authenticationManagementField", "%.4s" },
		{ "routingIndicator", "%.4s" },
		{ "routingIndicators", "%.4s" },
		{ "start", "%.4s" },
		{ "end", "%.4s" },
	};
	char digits[16];

	gen_digits(g, digits, gen_range(g, 5, 15));
	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		char *to;

		if (!f->key || strcmp(f->key, patterns[i].key) != 0)
			continue;
		to = gen_alloc(g, 64);
		snprintf(to, 64, patterns[i].form, digits, digits + 2);
		return to;
	}
	return NULL;
}

/* Path variables are of plain characters; in other texts, what must be escaped is there too. */
static const char *gen_text(struct generator *g, size_t most)
{
	static const char *const pieces[] = { "a", "Z", "0", "-", "_", ".", "~", "/", "\"", "\\", "%", "&",
		"?", "{", "\n", "\x01", " ", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x93\xa1" };
	size_t wanted = gen_range(g, 1, most), len = 0;
	char *to = gen_alloc(g, most + 8);

	while (len < wanted) {
		const char *piece = pieces[gen_range(g, 0, most <= 40 ? 6 : ARRAY_LEN(pieces) - 1)];

		assert_true(bytes_copy(to + len, most + 8 - len, bytes_of_str(piece)));
		len += strlen(piece);
	}
	to[len] = '\0';
	return to;
}

static void gen_store(const struct json_field *f, void *at, uint64_t v)
{
	assert_true(bytes_copy(at, f->size, bytes_of(&v, f->size))); /* little endian hosts */
}

static uint64_t gen_rate(struct generator *g)
{
	uint64_t v = gen_range(g, 0, 9999);

	for (uint64_t k = gen_range(g, 0, 4); k > 0; k--)
		v *= 1000;
	return v;
}

static void gen_mcc(struct generator *g, struct plmn *p, bool mcc, bool mnc)
{
	char a[4], b[4], old_mcc[4], old_mnc[4];

	plmn_digits(p, old_mcc, old_mnc);
	gen_digits(g, a, 3);
	gen_digits(g, b, gen_range(g, 2, 3));
	assert_true(plmn_from_digits(mcc ? a : old_mcc, mnc ? b : old_mnc, p));
}

static void gen_id(struct generator *g, const struct json_field *f, void *at)
{
	struct guami *guami = at;

	if (f->codec == &json_supi) {
		gen_digits(g, ((struct supi *)at)->imsi, gen_range(g, 5, 15));
	} else if (f->codec == &json_mcc || f->codec == &json_mnc || f->codec == &json_plmn_text) {
		gen_mcc(g, at, f->codec != &json_mnc, f->codec != &json_mcc);
	} else if (f->codec == &json_tac) {
		gen_store(f, at, gen_range(g, 0, 0xffffff));
	} else if (f->codec == &json_nr_cell_id) {
		gen_store(f, at, gen_range(g, 0, UINT64_C(0xfffffffff)));
	} else if (f->codec == &json_sd) {
		gen_store(f, at, gen_range(g, 0, 1) ? SNSSAI_NO_SD : gen_range(g, 0, SNSSAI_NO_SD));
	} else if (f->codec == &json_amf_id) {
		guami->amf_region_id = (uint8_t)gen_range(g, 0, 255);
		guami->amf_set_id = (uint16_t)gen_range(g, 0, 1023);
		guami->amf_pointer = (uint8_t)gen_range(g, 0, 63);
	} else if (f->codec == &json_ipv4) {
		gen_store(f, at, gen_range(g, 1, UINT32_MAX));
	} else {
		fail_msg("%s: no generator for its codec", f->key);
	}
}

static struct bytes gen_octets_of(struct generator *g, size_t least, size_t most)
{
	size_t len = gen_range(g, least, most);
	uint8_t *octets = gen_alloc(g, len);

	for (size_t i = 0; i < len; i++)
		octets[i] = (uint8_t)gen_next(g);
	return bytes_of(octets, len);
}

static struct bytes gen_octets(struct generator *g, size_t most)
{
	return gen_octets_of(g, 1, most);
}

static void gen_enum(struct generator *g, const struct json_field *f, void *at)
{
	uint64_t v;

	do {
		v = gen_range(g, 0, f->name_count - 1u);
	} while (!f->names[v] || (f->other && v == f->other));
	gen_store(f, at, v);
}

static void gen_held(struct generator *g, const struct json_field *f, void *at)
{
	const char *text = f->codec == &json_text ? gen_pattern(g, f) : NULL;

	if (f->codec == &json_text)
		*(const char **)at = text ? text
					  : gen_text(g, f->most              ? f->most
							: gen_range(g, 0, 1) ? 36
									     : 200);
	else if (f->codec == &json_any)
		*(struct bytes *)at = bytes_of_str("\"v\\n\"");
	else if (f->key && !strcmp(f->key, "xres"))
		*(struct bytes *)at = gen_octets_of(g, 4, 16);
	else
		*(struct bytes *)at = gen_octets(g, 60);
}

static void gen_value(struct generator *g, const struct json_field *f, uint8_t *base)
{
	uint64_t max = f->max ? f->max : f->size < 8 ? (UINT64_C(1) << (8 * f->size)) - 1 : UINT64_MAX;
	uint64_t least = !f->mandatory && !f->has && f->min == 0 ? 1 : f->min;
	uint8_t *at = base + f->offset;

	if (f->codec != &json_mcc && f->codec != &json_mnc && f->codec != &json_amf_id)
		memset(at, 0, f->size);
	if (f->codec->hold)
		gen_held(g, f, at);
	else if (f->codec == &json_uint)
		gen_store(f, at, gen_range(g, least, max));
	else if (f->codec == &json_bool)
		*at = (uint8_t)gen_range(g, 0, 1);
	else if (f->codec == &json_enum)
		gen_enum(g, f, at);
	else if (f->codec == &json_date_time)
		gen_store(f, at, gen_range(g, 1, UINT64_C(253402300799999)));
	else if (f->codec == &json_bit_rate)
		gen_store(f, at, gen_rate(g));
	else if (f->codec == &json_hex)
		for (uint64_t i = 0; i < f->size; i++)
			at[i] = (uint8_t)gen_next(g);
	else
		gen_id(g, f, at);
}

static void gen_object(struct generator *g, const struct json_object *o, uint8_t *base)
{
	for (unsigned i = 0; o && i < o->count; i++)
		gen_field(g, &o->fields[i], base);
}

/* A list's texts have the pattern of its key. */
static void gen_items(struct generator *g, const struct json_field *f, uint8_t *base)
{
	struct json_list *list = (struct json_list *)(base + f->offset);
	struct json_field item = *f->item;

	item.key = f->key;
	list->count = (uint32_t)gen_range(g, 1, g->most);
	list->items = gen_alloc(g, (size_t)list->count * f->size);
	for (uint32_t i = 0; i < list->count; i++) {
		uint8_t *element = (uint8_t *)list->items + (size_t)i * f->size;
		char *key;

		if (f->kind == JSON_MAP) {
			key = gen_alloc(g, 64);
			snprintf(key, 64, "%u-%s", i, gen_text(g, 30));
			*(const char **)element = key;
		}
		if (f->kind != JSON_MAP || !item.pointer || gen_range(g, 0, 9) > 0)
			gen_field(g, &item, element);
	}
}

/* Also where it is optional. */
static void gen_filled(struct generator *g, const struct json_field *f, uint8_t *base)
{
	struct json_field must = *f;

	must.mandatory = true;
	gen_field(g, &must, base);
}

/* What may be a text in place of an object is one of the two, and whole. */
static void gen_member(struct generator *g, const struct json_field *f, uint8_t *base)
{
	uint8_t *object = base + f->offset;

	if (f->pointer) {
		object = gen_alloc(g, f->size);
		*(void **)(base + f->offset) = object;
	}
	if (!f->sub->or_text)
		gen_object(g, f->sub, object);
	else if (gen_range(g, 0, 1))
		gen_filled(g, &f->sub->fields[0], object);
	else
		for (unsigned i = 1; i < f->sub->count; i++)
			gen_filled(g, &f->sub->fields[i], object);
}

/* Of some objects one of several members must be there: it is this one at least. */
static bool gen_one_of(const struct json_field *f)
{
	static const char *const keys[] = { "fqdn", "gNbId", "ipv4Addr", "tacs", "ueIpv4" };

	for (size_t i = 0; f->key && i < ARRAY_LEN(keys); i++)
		if (!strcmp(f->key, keys[i]))
			return true;
	return false;
}

void gen_field(struct generator *g, const struct json_field *f, uint8_t *base)
{
	if (!f->mandatory && !gen_one_of(f) && gen_range(g, 0, 3) == 0)
		return;
	if (f->has)
		base[f->has - 1] = true;
	switch (f->kind) {
	case JSON_VALUE:
		gen_value(g, f, base);
		break;
	case JSON_OBJECT:
		gen_member(g, f, base);
		break;
	case JSON_BINARY:
		*(struct bytes *)(base + f->offset) = gen_octets(g, g->binary_most);
		break;
	default:
		gen_items(g, f, base);
	}
}

void gen_operation(struct generator *g, struct arena *arena, enum sbi_op_id op, void **req, void **rsp)
{
	const struct sbi_json *j = sbi_json_of(op);

	g->arena = arena;
	*req = gen_alloc(g, GEN_STRUCT_MAX);
	*rsp = gen_alloc(g, GEN_STRUCT_MAX);
	if (j->req)
		gen_field(g, j->req, *req);
	gen_object(g, j->path, *req);
	gen_object(g, j->query, *req);
	if (j->rsp)
		gen_field(g, j->rsp, *rsp);
	gen_object(g, j->location_fields, *rsp);
}
