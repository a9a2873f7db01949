/* Where a text of configuration has secrets: the values of keys whose tables say so. */
#include <stdlib.h>

#include "base/config_yaml.h"

enum { SECRETS_DEPTH_MAX = 8 };

struct secrets {
	yaml_document_t doc;
	struct bytes text;
	struct config_secret *out;
	size_t count, cap;
	bool ok;
};

/* libyaml counts characters, not octets, and a byte order mark is none. */
static size_t octet_at(struct bytes text, size_t character)
{
	size_t at = text.len >= 3 && !memcmp(text.data, "\xef\xbb\xbf", 3) ? 3 : 0;

	for (; at < text.len; at++)
		if ((text.data[at] & 0xc0) != 0x80 && character-- == 0)
			break;
	return at;
}

static const struct config_field *field_of(const struct config_section *s, const char *key)
{
	for (size_t i = 0; i < s->field_count; i++) {
		const struct config_field *f = &s->fields[i];

		if (f->kind == CONFIG_INLINE)
			f = field_of(f->section, key);
		else if (strcmp(f->key, key) != 0)
			f = NULL;
		if (f)
			return f;
	}
	return NULL;
}

static void note(struct secrets *s, const yaml_node_t *node)
{
	struct config_secret *secret;

	if (s->count == s->cap || node->type != YAML_SCALAR_NODE) {
		s->ok = false;
		return;
	}
	secret = &s->out[s->count++];
	secret->start = octet_at(s->text, node->start_mark.index);
	secret->end = octet_at(s->text, node->end_mark.index);
	s->ok &= node->data.scalar.length < sizeof(secret->value);
	str_copy(secret->value, sizeof(secret->value), (const char *)node->data.scalar.value);
}

static void look(struct secrets *s, const struct config_section *section, yaml_node_t *node, unsigned depth);

static void look_at(struct secrets *s, const struct config_field *f, yaml_node_t *node, unsigned depth)
{
	if (f->secret)
		note(s, node);
	else if (f->section && f->kind == CONFIG_LIST && node->type == YAML_SEQUENCE_NODE)
		for (yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top;
			i++)
			look(s, f->section, yaml_document_get_node(&s->doc, *i), depth + 1);
	else if (f->section)
		look(s, f->section, node, depth + 1);
}

/* What does not fit the tables has no secrets: it is refused when it is to be taken. */
static void look(struct secrets *s, const struct config_section *section, yaml_node_t *node, unsigned depth)
{
	if (node->type != YAML_MAPPING_NODE || depth > SECRETS_DEPTH_MAX)
		return;
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = yaml_document_get_node(&s->doc, p->key);
		const struct config_field *f =
			key->type == YAML_SCALAR_NODE
				? field_of(section, (const char *)key->data.scalar.value)
				: NULL;

		if (f)
			look_at(s, f, yaml_document_get_node(&s->doc, p->value), depth);
	}
}

static int order(const void *a, const void *b)
{
	const struct config_secret *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* An alias stands for what is somewhere else, which is one secret. */
static size_t without_doubles(struct config_secret *list, size_t count)
{
	size_t kept = 0;

	if (count > 0)
		qsort(list, count, sizeof(*list), order);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || list[kept - 1].start != list[i].start)
			list[kept++] = list[i];
	return kept;
}

bool config_secrets(const struct config_section *root, const char *file, struct bytes text,
	struct config_secret *out, size_t cap, size_t *count, char error[CONFIG_ERROR_SIZE])
{
	struct secrets s = { .text = text, .out = out, .cap = cap, .ok = true };
	yaml_node_t *node;

	if (!config_yaml_load(file, text, &s.doc, error))
		return false;
	node = yaml_document_get_root_node(&s.doc);
	if (node)
		look(&s, root, node, 0);
	yaml_document_delete(&s.doc);
	*count = without_doubles(out, s.count);
	if (!s.ok)
		str_copy(error, CONFIG_ERROR_SIZE, "more keys than may be, or one that is no plain value");
	return s.ok;
}
