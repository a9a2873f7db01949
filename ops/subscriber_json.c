/*
 * Subscribers in the JSON that two other open cores dump. The one has imsi, security, ambr and slice in a
 * document, as its database exports it; the other the authentication subscription by ueId (its names are
 * those of TS 29.505), without slices. What of a document is not listed here is left out.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "ops/subscriber_source.h"
#include "wire/id.h"
#include "wire/json/table.h"

struct rate {
	uint64_t value;
	uint64_t unit; /* thousands: 0 is bit/s */
};
struct rates {
	struct rate uplink, downlink;
};
struct qos_arp {
	uint64_t priority_level;
};
struct qos {
	uint64_t index;
	struct qos_arp arp;
};
struct address {
	const char *ipv4, *addr;
};
struct dump_session {
	const char *name;
	struct qos qos;
	struct rates ambr;
	struct address ue;
};
struct dump_slice {
	uint64_t sst;
	uint32_t sd;
	struct {
		uint32_t count;
		struct dump_session *items;
	} session;
};
struct security {
	const char *k, *op, *opc, *amf;
	uint64_t sqn;
	bool has_sqn;
};
struct texts {
	uint32_t count;
	const char **items;
};
struct key_value {
	const char *value;
};
struct milenage {
	struct key_value op;
};
struct document {
	const char *imsi; /* of the one */
	struct texts msisdn;
	struct security security;
	struct rates ambr;
	struct {
		uint32_t count;
		struct dump_slice *items;
	} slice;
	const char *ue_id; /* of the other */
	struct texts gpsis;
	struct key_value permanent_key, opc;
	struct milenage milenage;
	uint64_t sequence_number;
	bool has_sequence_number;
	const char *amf, *method;
};

/* The text in `text` behind its last colon (all of it when it is no object), without quotes. */
static struct bytes inner(struct bytes text)
{
	static const char around[] = " \t\r\n\"}";

	for (size_t i = text.len; i-- > 0 && text.data[0] == '{';)
		if (text.data[i] == ':') {
			text = bytes_of(text.data + i + 1, text.len - i - 1);
			break;
		}
	while (text.len > 0 && memchr(around, text.data[text.len - 1], sizeof(around) - 1))
		text.len--;
	while (text.len > 0 && memchr(around, text.data[0], sizeof(around) - 1))
		text = bytes_of(text.data + 1, text.len - 1);
	return text;
}

static bool begins(struct bytes text, const char *with)
{
	return text.len >= strlen(with) && !memcmp(text.data, with, strlen(with));
}

/* A number, or {"$numberLong": "97"}, as databases export what a double does not hold. */
static bool number_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	uint64_t *out = (uint64_t *)((uint8_t *)base + f->offset);

	if (text.len == 0 || text.data[0] == '"' ||
		(text.data[0] == '{' && !begins(text, "{\"$number") && !begins(text, "{ \"$number")))
		return false;
	return text_uint(inner(text), UINT64_MAX, out);
}

/* Six octets in hexadecimal, by themselves or as {"sqn": "..."} (TS 29.505 SequenceNumber, alone). */
static bool sqn_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	uint64_t *out = (uint64_t *)((uint8_t *)base + f->offset);
	uint8_t octets[6];
	struct cursor c = cursor_of(BYTES(octets));
	size_t len;

	if (!text_unhex(inner(text), octets, sizeof(octets), &len) || len != sizeof(octets))
		return false;
	*out = cursor_uint(&c, 6);
	return true;
}

static const struct json_codec number = { .form = JSON_ANY, .read = number_read };
static const struct json_codec hex_sqn = { .form = JSON_ANY, .read = sqn_read };

JSON_TABLE(rate_object, { JSON_V("value", number, rate, value) }, { JSON_V("unit", number, rate, unit) });
JSON_TABLE(rates_object, { JSON_OBJ("uplink", rate_object, rates, uplink) },
	{ JSON_OBJ("downlink", rate_object, rates, downlink) });
JSON_TABLE(arp_object, { JSON_V("priority_level", number, qos_arp, priority_level) });
JSON_TABLE(qos_object, { JSON_V("index", number, qos, index) }, { JSON_OBJ("arp", arp_object, qos, arp) });
JSON_TABLE(address_object, { JSON_V("ipv4", json_text, address, ipv4) },
	{ JSON_V("addr", json_text, address, addr) });
JSON_TABLE(session_object, { JSON_V("name", json_text, dump_session, name), .mandatory = true },
	{ JSON_OBJ("qos", qos_object, dump_session, qos) },
	{ JSON_OBJ("ambr", rates_object, dump_session, ambr) },
	{ JSON_OBJ("ue", address_object, dump_session, ue) });
static const struct json_field session_item = {
	.kind = JSON_OBJECT, .sub = &session_object, .size = sizeof(struct dump_session)
};
JSON_TABLE(slice_object, { JSON_V("sst", number, dump_slice, sst), .mandatory = true },
	{ JSON_V("sd", json_sd, dump_slice, sd) },
	{ JSON_ITEMS("session", session_item, dump_slice, session) });
static const struct json_field slice_item = {
	.kind = JSON_OBJECT, .sub = &slice_object, .size = sizeof(struct dump_slice)
};
JSON_TABLE(security_object, { JSON_V("k", json_text, security, k) },
	{ JSON_V("op", json_text, security, op) }, { JSON_V("opc", json_text, security, opc) },
	{ JSON_V("amf", json_text, security, amf) },
	{ JSON_V("sqn", number, security, sqn), JSON_HAS(security, has_sqn) });
JSON_TABLE(permanent_key_object, { JSON_V("permanentKeyValue", json_text, key_value, value) });
JSON_TABLE(opc_object, { JSON_V("opcValue", json_text, key_value, value) });
JSON_TABLE(op_object, { JSON_V("opValue", json_text, key_value, value) });
JSON_TABLE(milenage_object, { JSON_OBJ("op", op_object, milenage, op) });
static const struct json_field text_item = { .codec = &json_text, .size = sizeof(const char *) };
JSON_TABLE(document_object, { JSON_V("imsi", json_text, document, imsi) },
	{ JSON_ITEMS("msisdn", text_item, document, msisdn) },
	{ JSON_ITEMS("gpsis", text_item, document, gpsis) },
	{ JSON_OBJ("security", security_object, document, security) },
	{ JSON_OBJ("ambr", rates_object, document, ambr) },
	{ JSON_ITEMS("slice", slice_item, document, slice) }, { JSON_V("ueId", json_text, document, ue_id) },
	{ JSON_OBJ("permanentKey", permanent_key_object, document, permanent_key) },
	{ JSON_OBJ("opc", opc_object, document, opc) },
	{ JSON_OBJ("milenage", milenage_object, document, milenage) },
	{ JSON_V("sequenceNumber", hex_sqn, document, sequence_number),
		JSON_HAS(document, has_sequence_number) },
	{ JSON_V("authenticationManagementField", json_text, document, amf) },
	{ JSON_V("authenticationMethod", json_text, document, method) });
static const struct json_field document_root = {
	.kind = JSON_OBJECT, .sub = &document_object, .size = sizeof(struct document)
};

static bool put_rate(struct writer *line, const char *before, const struct rate *r, char error[SOURCE_ERROR])
{
	static const char *const units[] = { "bps", "Kbps", "Mbps", "Gbps", "Tbps" };

	if (r->value == 0)
		return true;
	if (r->unit >= ARRAY_LEN(units)) {
		snprintf(error, SOURCE_ERROR, "ambr: unit %" PRIu64 " is not one of 0 to 4", r->unit);
		return false;
	}
	text_put(line, "%s%" PRIu64 "%s", before, r->value, units[r->unit]);
	return true;
}

static bool put_session(struct writer *line, const struct dump_slice *slice, const struct dump_session *d,
	char error[SOURCE_ERROR])
{
	struct snssai snssai = { (uint8_t)slice->sst, slice->sd };
	char text[SNSSAI_STR_SIZE];

	if (slice->sst > UINT8_MAX) {
		snprintf(error, SOURCE_ERROR, "sst: expected 0 to 255");
		return false;
	}
	if (!source_put(line, " dnn=", d->name, error))
		return false;
	text_put(line, "@%s", snssai_str(&snssai, text));
	if (d->qos.index)
		text_put(line, ":five_qi=%" PRIu64, d->qos.index);
	if (d->qos.arp.priority_level)
		text_put(line, ":arp=%" PRIu64, d->qos.arp.priority_level);
	return put_rate(line, ":ambr_uplink=", &d->ambr.uplink, error) &&
	       put_rate(line, ":ambr_downlink=", &d->ambr.downlink, error) &&
	       source_put(line, ":ip=", d->ue.ipv4 ? d->ue.ipv4 : d->ue.addr, error);
}

static bool put_slices(struct writer *line, const struct document *d, char error[SOURCE_ERROR])
{
	for (uint32_t i = 0; i < d->slice.count; i++)
		for (uint32_t k = 0; k < d->slice.items[i].session.count; k++)
			if (!put_session(
				    line, &d->slice.items[i], &d->slice.items[i].session.items[k], error))
				return false;
	return true;
}

/* OPc where there is one, else OP. */
static bool put_keys(struct writer *line, const char *k, const char *opc, const char *op, const char *amf,
	char error[SOURCE_ERROR])
{
	bool has_opc = opc && *opc;

	return source_put(line, " k=", k, error) &&
	       source_put(line, has_opc ? " opc=" : " op=", has_opc ? opc : op, error) &&
	       source_put(line, " amf=", amf, error);
}

/* 29.505 AuthMethod. */
static bool put_method(struct writer *line, const char *method, char error[SOURCE_ERROR])
{
	bool eap = method && !strcmp(method, "EAP_AKA_PRIME");

	if (method && *method && !eap && strcmp(method, "5G_AKA") != 0) {
		snprintf(error, SOURCE_ERROR, "authenticationMethod: expected 5G_AKA or EAP_AKA_PRIME");
		return false;
	}
	text_put(line, "%s", eap ? " authentication=eap-aka-prime" : "");
	return true;
}

/* The first telephone number, where there is one: dumps have empty ones. */
static bool put_msisdn(struct writer *line, const struct document *d, char error[SOURCE_ERROR])
{
	static const char prefix[] = "msisdn-";
	size_t skip = d->imsi ? 0 : sizeof(prefix) - 1;
	const struct texts *numbers = d->imsi ? &d->msisdn : &d->gpsis;

	for (uint32_t i = 0; i < numbers->count; i++)
		if (strlen(numbers->items[i]) > skip && !strncmp(numbers->items[i], prefix, skip))
			return source_put(line, " msisdn=", numbers->items[i] + skip, error);
	return true;
}

static bool put_document(struct writer *line, const struct document *d, char error[SOURCE_ERROR])
{
	static const char prefix[] = "imsi-";
	bool has_sqn = d->imsi ? d->security.has_sqn : d->has_sequence_number;

	if (d->imsi) {
		if (!source_put(line, "imsi=", d->imsi, error) ||
			!put_keys(
				line, d->security.k, d->security.opc, d->security.op, d->security.amf, error))
			return false;
	} else if (!d->ue_id || strncmp(d->ue_id, prefix, sizeof(prefix) - 1) != 0) {
		snprintf(error, SOURCE_ERROR, "expected imsi, or ueId of the form \"imsi-...\"");
		return false;
	} else if (!source_put(line, "imsi=", d->ue_id + sizeof(prefix) - 1, error) ||
		   !put_keys(
			   line, d->permanent_key.value, d->opc.value, d->milenage.op.value, d->amf, error)) {
		return false;
	}
	if (has_sqn)
		text_put(line, " sqn=%" PRIu64, d->imsi ? d->security.sqn : d->sequence_number);
	return put_method(line, d->method, error) && put_msisdn(line, d, error) &&
	       put_rate(line, " ambr_uplink=", &d->ambr.uplink, error) &&
	       put_rate(line, " ambr_downlink=", &d->ambr.downlink, error) && put_slices(line, d, error);
}

/* Whether c may stand here; what may follow is then set. */
static bool between(struct subscriber_source *s, uint8_t c)
{
	switch (s->expects) {
	case EXPECTS_FIRST:
		s->expects = c == '[' ? EXPECTS_ITEM : EXPECTS_DOCUMENT;
		return c == '[' || c == '{';
	case EXPECTS_ITEM:
	case EXPECTS_NEXT:
		if (c == ']' && s->expects == EXPECTS_ITEM) {
			s->expects = EXPECTS_END;
			return true;
		}
		s->expects = EXPECTS_COMMA;
		return c == '{';
	case EXPECTS_COMMA:
		s->expects = c == ',' ? EXPECTS_NEXT : EXPECTS_END;
		return c == ',' || c == ']';
	case EXPECTS_DOCUMENT:
		return c == '{';
	default:
		return false;
	}
}

/* The document at the cursor, which goes behind it; what is not closed is all that is left. */
static struct bytes document_text(struct subscriber_source *s)
{
	const uint8_t *start = s->c.at;
	unsigned depth = 0;
	bool string = false;

	while (cursor_left(&s->c) > 0) {
		uint8_t c = cursor_u8(&s->c);

		s->lines += c == '\n';
		if (string && c == '\\' && cursor_left(&s->c) > 0)
			cursor_skip(&s->c, 1);
		else if (c == '"')
			string = !string;
		else if (!string && c == '{')
			depth++;
		else if (!string && c == '}' && --depth == 0)
			break;
	}
	return bytes_of(start, (size_t)(s->c.at - start));
}

static enum source_next decode(
	struct subscriber_source *s, struct bytes text, struct writer *line, char error[SOURCE_ERROR])
{
	static const char *const causes[] = {
		[JSON_INVALID_FORMAT] = "not JSON, or a key twice",
		[JSON_MANDATORY_MISSING] = "missing",
		[JSON_MANDATORY_INCORRECT] = "not as expected",
		[JSON_OPTIONAL_INCORRECT] = "not as expected",
		[JSON_NO_MEMORY] = "not as expected, or too large",
	};
	struct document d = { 0 };
	struct json_fault fault = { 0 };
	bool ok;

	arena_reset(&s->arena);
	ok = json_decode(&document_root, text, &s->arena, NULL, &d, &fault);
	if (!ok)
		snprintf(error, SOURCE_ERROR, "%s%s%s", fault.path, fault.path[0] ? ": " : "",
			causes[fault.cause]);
	ok = ok && put_document(line, &d, error);
	return ok ? SOURCE_SUBSCRIBER : SOURCE_WRONG;
}

enum source_next subscriber_json_next(
	struct subscriber_source *s, struct writer *line, char error[SOURCE_ERROR])
{
	while (cursor_left(&s->c) > 0) {
		uint8_t c = *s->c.at;

		s->line = s->lines + 1;
		if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			s->lines += c == '\n';
		} else if (!between(s, c)) {
			snprintf(error, SOURCE_ERROR, "not JSON: unexpected '%c'",
				c >= ' ' && c <= '~' ? c : '?');
			return SOURCE_WRONG;
		} else if (c == '{') {
			s->document++;
			return decode(s, document_text(s), line, error);
		}
		cursor_skip(&s->c, 1);
	}
	if (s->expects == EXPECTS_DOCUMENT || s->expects == EXPECTS_END)
		return SOURCE_END;
	s->line = s->lines + 1;
	snprintf(error, SOURCE_ERROR, "not JSON: the array does not end");
	return SOURCE_WRONG;
}
