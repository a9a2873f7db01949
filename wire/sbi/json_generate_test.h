/*
 * Random structs of the operations, made from the JSON tables: what a table can say, it shall say and read.
 */
#pragma once

#include "base/test.h"

#include "wire/id.h"
#include "wire/sbi/tables.h"

struct generator {
	uint64_t state;
	uint8_t octets[256]; /* what the binaries point into */
};

static inline uint64_t gen_next(struct generator *g)
{
	g->state ^= g->state << 13;
	g->state ^= g->state >> 7;
	g->state ^= g->state << 17;
	return g->state * UINT64_C(0x2545f4914f6cdd1d);
}

static inline uint64_t gen_range(struct generator *g, uint64_t lo, uint64_t hi)
{
	return lo + (hi - lo == UINT64_MAX ? gen_next(g) : (gen_next(g) >> 8) % (hi - lo + 1));
}

static inline void gen_digits(struct generator *g, char *to, size_t n)
{
	for (size_t i = 0; i < n; i++)
		to[i] = (char)('0' + gen_range(g, 0, 9));
	to[n] = '\0';
}

/* Identifiers are of plain characters; in longer texts, what must be escaped is there too. */
static inline void gen_str(struct generator *g, const struct json_field *f, char *to)
{
	static const char *const pieces[] = { "a", "Z", "0", "-", "_", ".", "~", "/", "\"", "\\", "%", "&",
		"?", "{", "\n", "\x01", " ", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x93\xa1" };
	bool plain = f->size <= 40 || f->codec == &json_uri_segment;
	size_t most = gen_range(g, 1, f->size - 1u), len = 0;

	while (len < most) {
		const char *piece = pieces[gen_range(g, 0, plain ? 6 : ARRAY_LEN(pieces) - 1)];
		size_t n = strlen(piece);

		if (len + n > f->size - 1u)
			break;
		assert_true(bytes_copy(to + len, f->size - len, bytes_of(piece, n)));
		len += n;
	}
	if (len == 0)
		to[len++] = 'x';
	to[len] = '\0';
}

/* Texts of which the OpenAPI has a pattern; false for others. */
static inline bool gen_pattern(struct generator *g, const struct json_field *f, char *to)
{
	char digits[16];

	gen_digits(g, digits, gen_range(g, 5, 15));
	if (!strcmp(f->key, "servingNetworkName"))
		snprintf(to, f->size, "5G:mnc0%.2s.mcc%.3s.3gppnetwork.org", digits, digits + 2);
	else if (!strcmp(f->key, "supiOrSuci"))
		snprintf(to, f->size, gen_range(g, 0, 1) ? "imsi-%s" : "suci-0-001-01-0-1-27-%s", digits);
	else if (!strcmp(f->key, "fqdn"))
		snprintf(to, f->size, "a%s.5gc.example.org", digits);
	else
		return false;
	return true;
}

static inline void gen_store(const struct json_field *f, void *at, uint64_t v)
{
	assert_true(bytes_copy(at, f->size, bytes_of(&v, f->size))); /* little endian hosts */
}

static inline uint64_t gen_rate(struct generator *g)
{
	uint64_t v = gen_range(g, 0, 9999);

	for (uint64_t k = gen_range(g, 0, 4); k > 0; k--)
		v *= 1000;
	return v;
}

static inline void gen_mcc(struct generator *g, struct plmn *p, bool mcc, bool mnc)
{
	char a[4], b[4], old_mcc[4], old_mnc[4];

	plmn_digits(p, old_mcc, old_mnc);
	gen_digits(g, a, 3);
	gen_digits(g, b, gen_range(g, 2, 3));
	assert_true(plmn_from_digits(mcc ? a : old_mcc, mnc ? b : old_mnc, p));
}

static inline void gen_id(struct generator *g, const struct json_field *f, void *at)
{
	struct guami *guami = at;
	struct snssai *s = at;

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
	} else if (f->codec == &json_snssai_text) {
		*s = (struct snssai){ (uint8_t)gen_range(g, 0, 255),
			(uint32_t)gen_range(g, 0, SNSSAI_NO_SD) };
	} else if (f->codec == &json_amf_id) {
		guami->amf_region_id = (uint8_t)gen_range(g, 0, 255);
		guami->amf_set_id = (uint16_t)gen_range(g, 0, 1023);
		guami->amf_pointer = (uint8_t)gen_range(g, 0, 63);
	} else if (f->codec == &json_ipv4) {
		gen_store(f, at, gen_range(g, 0, UINT32_MAX));
	} else if (f->codec == &json_ipv4_text) {
		snprintf(at, 16, "10.%u.%u.%u", (unsigned)gen_range(g, 0, 255),
			(unsigned)gen_range(g, 0, 255), (unsigned)gen_range(g, 0, 255));
	} else {
		fail_msg("%s: no generator for its codec", f->key);
	}
}

static inline void gen_value(struct generator *g, const struct json_field *f, uint8_t *base)
{
	uint8_t *at = base + f->offset;
	uint64_t v, max = f->max ? f->max : f->size < 8 ? (UINT64_C(1) << (8 * f->size)) - 1 : UINT64_MAX;

	if (f->codec == &json_const || f->codec == &json_emit || f->codec == &json_true)
		return;
	if (f->codec != &json_mcc && f->codec != &json_mnc && f->codec != &json_amf_id)
		memset(at, 0, f->size);
	if (f->codec == &json_uint) {
		gen_store(f, at, gen_range(g, f->min, max));
	} else if (f->codec == &json_bool) {
		*at = (uint8_t)gen_range(g, 0, 1);
	} else if (f->codec == &json_str || f->codec == &json_uri_segment) {
		if (!gen_pattern(g, f, (char *)at))
			gen_str(g, f, (char *)at);
	} else if (f->codec == &json_enum) {
		do {
			v = gen_range(g, 0, f->name_count - 1u);
		} while (!f->names[v]);
		gen_store(f, at, v);
	} else if (f->codec == &json_date_time) {
		gen_store(f, at, gen_range(g, 0, UINT64_C(253402300799999)));
	} else if (f->codec == &json_bit_rate) {
		gen_store(f, at, gen_rate(g));
	} else if (f->codec == &json_hex || f->count) {
		v = f->count ? gen_range(g, 1, f->size) : f->size;
		for (uint64_t i = 0; i < v; i++)
			at[i] = (uint8_t)gen_next(g);
		if (f->count)
			base[f->count - 1] = (uint8_t)v;
	} else {
		gen_id(g, f, at);
	}
}

static inline void gen_field(struct generator *g, const struct json_field *f, uint8_t *base);

static inline void gen_object(struct generator *g, const struct json_object *o, uint8_t *base)
{
	for (unsigned i = 0; o && i < o->count; i++)
		gen_field(g, &o->fields[i], base);
}

static inline void gen_items(struct generator *g, const struct json_field *f, uint8_t *base)
{
	unsigned n = f->count ? (unsigned)gen_range(g, 1, f->most) : 1;

	for (unsigned i = 0; i < n; i++) {
		uint8_t *element = base + f->offset + (size_t)i * f->size;

		if (f->kind == JSON_MAP)
			gen_value(g, f->map_key, element);
		gen_field(g, f->item, element);
	}
	if (f->count)
		base[f->count - 1] = (uint8_t)n;
}

static inline void gen_via(struct generator *g, const struct json_field *f, uint8_t *base)
{
	uint8_t *view = calloc(1, f->via->size);

	assert_non_null(view);
	gen_field(g, f->via->field, view);
	f->via->from(view, base);
	free(view);
}

static inline void gen_binary(struct generator *g, const struct json_field *f, uint8_t *base)
{
	for (size_t i = 0; i < sizeof(g->octets); i++)
		g->octets[i] ^= (uint8_t)gen_next(g);
	*(struct bytes *)(base + f->offset) = bytes_of(g->octets, gen_range(g, 1, sizeof(g->octets)));
}

static inline void gen_field(struct generator *g, const struct json_field *f, uint8_t *base)
{
	if (!f->mandatory && gen_range(g, 0, 3) == 0)
		return;
	if (f->has)
		base[f->has - 1] = true;
	switch (f->kind) {
	case JSON_VALUE:
		gen_value(g, f, base);
		break;
	case JSON_OBJECT:
		gen_object(g, f->sub, base + f->offset);
		break;
	case JSON_BINARY:
		gen_binary(g, f, base);
		break;
	case JSON_VIA:
		gen_via(g, f, base);
		break;
	default:
		gen_items(g, f, base);
	}
}

/* What the message has no place for is not there. */
static inline void gen_canonical(enum sbi_op_id op, void *req, void *rsp)
{
	struct namf_n1n2_message_transfer_req *transfer = req;
	struct nnrf_nf_discover_rsp *found = rsp;
	struct nf_profile *profiles[NF_DISCOVERY_MAX + 2] = { NULL };
	unsigned n = 0;

	if (op == SBI_AMF_N1N2_MESSAGE_TRANSFER && transfer->n2_sm_info_type == N2_SM_NONE) {
		transfer->n2_sm_info = BYTES_NONE;
		transfer->snssai = (struct snssai){ 0 };
	}
	if (op == SBI_NRF_NF_REGISTER) {
		profiles[n++] = &((struct nnrf_nf_register_req *)req)->profile;
		profiles[n++] = &((struct nnrf_nf_register_rsp *)rsp)->profile;
	}
	for (uint8_t i = 0; op == SBI_NRF_NF_DISCOVER && i < found->count; i++)
		profiles[n++] = &found->instances[i];
	for (unsigned i = 0; i < n; i++) {
		struct nf_profile *p = profiles[i];

		if (p->snssais.count == 0) { /* DNNs are said within slices */
			p->dnn_count = 0;
			memset(p->dnns, 0, sizeof(p->dnns));
		}
		if (!p->fqdn[0] && !p->ipv4_address[0])
			snprintf(p->ipv4_address, sizeof(p->ipv4_address), "192.0.2.1");
	}
}

enum { GEN_STRUCT_MAX = 16384 };

/* A request and a response of the operation. */
static inline void gen_operation(struct generator *g, enum sbi_op_id op, void *req, void *rsp)
{
	const struct sbi_json *j = sbi_json_of(op);

	memset(req, 0, GEN_STRUCT_MAX);
	memset(rsp, 0, GEN_STRUCT_MAX);
	if (j->req)
		gen_field(g, j->req, req);
	gen_object(g, j->path, req);
	gen_object(g, j->query, req);
	if (j->rsp)
		gen_field(g, j->rsp, rsp);
	gen_object(g, j->location_fields, rsp);
	gen_canonical(op, req, rsp);
}
