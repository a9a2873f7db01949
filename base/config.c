#include "base/config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <yaml.h>

#include "base/text.h"

enum { CONFIG_PATH_SIZE = 128, CONFIG_DEPTH_MAX = 8 };

struct config_reader {
	const char *file;
	yaml_document_t *doc;
	char *error;
	char path[CONFIG_PATH_SIZE]; /* "amf.tacs", of what is being read */
};

static bool read_section(struct config_reader *r, const struct config_section *s, yaml_node_t *node,
	uint8_t *out, unsigned depth);

static bool fail(struct config_reader *r, const yaml_node_t *node, const char *what)
{
	snprintf(r->error, CONFIG_ERROR_SIZE, "%s:%zu: %s: %s", r->file, node->start_mark.line + 1,
		r->path[0] ? r->path : "top level", what);
	return false;
}

/* What a field wants, in words. */
static void expectation(const struct config_field *f, char *text, size_t cap)
{
	if (f->expected)
		str_copy(text, cap, f->expected);
	else if (f->read == config_read_uint)
		snprintf(text, cap, "a number from %" PRIu64 " to %" PRIu64, f->min, f->max);
	else if (f->read == config_read_bool)
		str_copy(text, cap, "true or false");
	else if (f->read == config_read_addr)
		str_copy(text, cap, "an IP address");
	else if (f->read == config_read_prefix)
		str_copy(text, cap, "an IPv4 prefix like 10.45.0.0/16");
	else if (f->read == config_read_rate)
		str_copy(text, cap, "a bit rate like 100 Mbps");
	else
		snprintf(text, cap, "a text of at most %u characters", f->size - 1u);
}

static bool read_value(struct config_reader *r, const struct config_field *f, yaml_node_t *node, uint8_t *out)
{
	char wanted[160], message[240];

	expectation(f, wanted, sizeof(wanted));
	if (node->type == YAML_SCALAR_NODE &&
		node->data.scalar.length == strlen((char *)node->data.scalar.value)) {
		if (f->read((const char *)node->data.scalar.value, f, out))
			return true;
		snprintf(message, sizeof(message), "expected %s, got \"%.40s\"", wanted,
			node->data.scalar.value);
	} else {
		snprintf(message, sizeof(message), "expected %s", wanted);
	}
	return fail(r, node, message);
}

static bool read_list(struct config_reader *r, const struct config_field *f, yaml_node_t *node, uint8_t *out,
	unsigned depth)
{
	char message[64];
	uint8_t count = 0;

	if (node->type != YAML_SEQUENCE_NODE)
		return fail(r, node, "expected a list: [a, b] or lines that begin with \"- \"");
	for (yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top; i++) {
		yaml_node_t *element = yaml_document_get_node(r->doc, *i);
		uint8_t *at = out + f->offset + (size_t)count * f->size;

		if (count == f->count_max) {
			snprintf(message, sizeof(message), "expected at most %u entries", f->count_max);
			return fail(r, element, message);
		}
		if (f->section ? !read_section(r, f->section, element, at, depth + 1)
			       : !read_value(r, f, element, at))
			return false;
		count++;
	}
	out[f->count_offset] = count;
	return true;
}

static bool read_field(struct config_reader *r, const struct config_field *f, yaml_node_t *node, uint8_t *out,
	unsigned depth)
{
	switch (f->kind) {
	case CONFIG_SECTION:
		return read_section(r, f->section, node, out + f->offset, depth + 1);
	case CONFIG_LIST:
		return read_list(r, f, node, out, depth);
	default:
		return read_value(r, f, node, out + f->offset);
	}
}

static int find_field(const struct config_section *s, const char *key)
{
	for (size_t i = 0; i < s->field_count; i++)
		if (!strcmp(s->fields[i].key, key))
			return (int)i;
	return -1;
}

static bool fail_unknown(struct config_reader *r, const struct config_section *s, const yaml_node_t *key)
{
	char message[CONFIG_ERROR_SIZE];
	struct writer w = writer_of(message, sizeof(message) - 1);

	text_put(&w, "unknown key \"%.40s\"; known here:", key->data.scalar.value);
	for (size_t i = 0; i < s->field_count; i++)
		text_put(&w, " %s", s->fields[i].key);
	message[w.len] = '\0';
	return fail(r, key, message);
}

static bool check_required(
	struct config_reader *r, const struct config_section *s, const yaml_node_t *node, uint64_t seen)
{
	char message[80];

	for (size_t i = 0; i < s->field_count; i++) {
		if (!s->fields[i].required || seen >> i & 1)
			continue;
		snprintf(message, sizeof(message), "the key \"%.40s\" is missing", s->fields[i].key);
		return fail(r, node, message);
	}
	return true;
}

static bool read_section(struct config_reader *r, const struct config_section *s, yaml_node_t *node,
	uint8_t *out, unsigned depth)
{
	size_t path_len = strlen(r->path);
	uint64_t seen = 0;

	if (node->type != YAML_MAPPING_NODE || depth > CONFIG_DEPTH_MAX)
		return fail(r, node, "expected keys and values (key: value)");
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++) {
		yaml_node_t *key = yaml_document_get_node(r->doc, p->key);
		yaml_node_t *value = yaml_document_get_node(r->doc, p->value);
		int field = key->type == YAML_SCALAR_NODE
				    ? find_field(s, (const char *)key->data.scalar.value)
				    : -1;

		if (key->type != YAML_SCALAR_NODE)
			return fail(r, key, "expected a plain key");
		if (field < 0)
			return fail_unknown(r, s, key);
		snprintf(r->path + path_len, sizeof(r->path) - path_len, "%s%s", path_len ? "." : "",
			s->fields[field].key);
		if (seen >> field & 1)
			return fail(r, key, "the key stands twice");
		seen |= UINT64_C(1) << field;
		if (!read_field(r, &s->fields[field], value, out, depth))
			return false;
		r->path[path_len] = '\0';
	}
	return check_required(r, s, node, seen);
}

bool config_load(const struct config_section *root, const char *file, struct bytes text, void *out,
	char error[CONFIG_ERROR_SIZE])
{
	yaml_document_t doc;
	struct config_reader r = { file, &doc, error, "" };
	yaml_parser_t parser;
	yaml_node_t *node;
	bool ok = false;

	if (!yaml_parser_initialize(&parser)) {
		snprintf(error, CONFIG_ERROR_SIZE, "%s: out of memory", file);
		return false;
	}
	yaml_parser_set_input_string(&parser, text.data, text.len);
	if (!yaml_parser_load(&parser, &doc)) {
		snprintf(error, CONFIG_ERROR_SIZE, "%s:%zu: not YAML: %s", file, parser.problem_mark.line + 1,
			parser.problem ? parser.problem : "unknown");
		yaml_parser_delete(&parser);
		return false;
	}
	node = yaml_document_get_root_node(&doc);
	if (node)
		ok = read_section(&r, root, node, out, 0);
	else
		snprintf(error, CONFIG_ERROR_SIZE, "%s:1: the file is empty", file);
	yaml_document_delete(&doc);
	yaml_parser_delete(&parser);
	return ok;
}

static void store_uint(void *out, size_t size, uint64_t v)
{
	switch (size) {
	case 1:
		*(uint8_t *)out = (uint8_t)v;
		break;
	case 2:
		*(uint16_t *)out = (uint16_t)v;
		break;
	case 4:
		*(uint32_t *)out = (uint32_t)v;
		break;
	default:
		*(uint64_t *)out = v;
	}
}

bool config_read_uint(const char *text, const struct config_field *field, void *out)
{
	uint64_t v;
	char *end;

	if (!strncmp(text, "0x", 2) && text[2]) {
		v = strtoull(text + 2, &end, 16);
		if (*end || strlen(text) > 18)
			return false;
	} else if (!text_uint(bytes_of_str(text), UINT64_MAX, &v)) {
		return false;
	}
	if (v < field->min || v > field->max)
		return false;
	store_uint(out, field->size, v);
	return true;
}

bool config_read_bool(const char *text, const struct config_field *field, void *out)
{
	bool yes = !strcasecmp(text, "true") || !strcasecmp(text, "yes");

	*(bool *)out = yes;
	return yes || !strcasecmp(text, "false") || !strcasecmp(text, "no");
}

bool config_read_str(const char *text, const struct config_field *field, void *out)
{
	if (strlen(text) >= field->size)
		return false;
	str_copy(out, field->size, text);
	return true;
}

bool config_read_addr(const char *text, const struct config_field *field, void *out)
{
	struct addr *a = out;
	uint16_t port = a->port;

	if (!addr_parse(text, a))
		return false;
	a->port = port;
	return true;
}

bool config_read_prefix(const char *text, const struct config_field *field, void *out)
{
	return prefix4_parse(text, out);
}

bool config_read_rate(const char *text, const struct config_field *field, void *out)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = { { "", 1 }, { "bps", 1 }, { "Kbps", 1e3 }, { "Mbps", 1e6 }, { "Gbps", 1e9 },
		{ "Tbps", 1e12 } };
	char *end;
	double v = strtod(text, &end);

	if (end == text || !(v >= 0 && v <= 4e12))
		return false;
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (strcasecmp(end, units[i].unit) || v * units[i].factor > 4e12)
			continue;
		*(uint64_t *)out = (uint64_t)(v * units[i].factor + 0.5);
		return true;
	}
	return false;
}
