#include "base/config.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/config_yaml.h"
#include "base/text.h"

enum { CONFIG_PATH_SIZE = 128, CONFIG_DEPTH_MAX = 8, CONFIG_KEYS_MAX = 64, CONFIG_WORD_SIZE = 64 };

/* Where in the file something was read from. */
struct config_mark {
	const uint8_t *at;
	size_t size, line;
	char path[CONFIG_PATH_SIZE];
};

struct config_reader {
	const char *file;
	yaml_document_t *doc;
	char *error;
	char path[CONFIG_PATH_SIZE]; /* "core.amfs[1].set", of what is being read */
	struct config_mark *marks;
	size_t mark_count, mark_cap;
};

static bool read_section(struct config_reader *r, const struct config_section *s, yaml_node_t *node,
	uint8_t *out, unsigned depth);
static void set_defaults(const struct config_section *s, uint8_t *out);

static bool fail_at(struct config_reader *r, size_t line, const char *path, const char *what)
{
	snprintf(r->error, CONFIG_ERROR_SIZE, "%s:%zu: %s: %s", r->file, line, path[0] ? path : "top level",
		what);
	return false;
}

static bool fail(struct config_reader *r, const yaml_node_t *node, const char *what)
{
	return fail_at(r, node->start_mark.line + 1, r->path, what);
}

/* Remembers the place of size octets at `at`. */
static bool mark(struct config_reader *r, const void *at, size_t size, const yaml_node_t *node)
{
	struct config_mark *m;

	if (r->mark_count == r->mark_cap) {
		size_t cap = r->mark_cap ? r->mark_cap * 2 : 64;
		struct config_mark *grown = realloc(r->marks, cap * sizeof(*grown));

		if (!grown)
			return fail(r, node, "out of memory");
		r->marks = grown;
		r->mark_cap = cap;
	}
	m = &r->marks[r->mark_count++];
	*m = (struct config_mark){ .at = at, .size = size, .line = node->start_mark.line + 1 };
	str_copy(m->path, sizeof(m->path), r->path);
	return true;
}

/* The smallest thing read that holds what is there; NULL: nothing. */
static const struct config_mark *mark_of(const struct config_reader *r, const uint8_t *where)
{
	const struct config_mark *best = NULL;

	for (size_t i = 0; i < r->mark_count; i++) {
		const struct config_mark *m = &r->marks[i];

		if (where && where >= m->at && (size_t)(where - m->at) < m->size &&
			(!best || m->size <= best->size))
			best = m;
	}
	return best;
}

/* A check's doubt: at that; else at the section itself. */
static bool fail_doubt(struct config_reader *r, const yaml_node_t *section, const struct config_doubt *doubt)
{
	const struct config_mark *best = mark_of(r, doubt->where);

	return best ? fail_at(r, best->line, best->path, doubt->what) : fail(r, section, doubt->what);
}

static bool read_value(struct config_reader *r, const struct config_field *f, yaml_node_t *node, uint8_t *out)
{
	char wanted[160], message[240];

	config_expected(f, wanted, sizeof(wanted));
	if (node->type == YAML_SCALAR_NODE &&
		node->data.scalar.length == strlen((char *)node->data.scalar.value)) {
		if (f->read((const char *)node->data.scalar.value, f, out))
			return mark(r, out, f->size, node);
		snprintf(message, sizeof(message), "expected %s, got \"%.40s\"", wanted,
			node->data.scalar.value);
	} else {
		snprintf(message, sizeof(message), "expected %s", wanted);
	}
	return fail(r, node, message);
}

/* An element that is a section of its own: its path has its number. */
static bool read_element(struct config_reader *r, const struct config_field *f, yaml_node_t *element,
	uint8_t *at, unsigned number, unsigned depth)
{
	size_t path_len = strlen(r->path);
	bool ok;

	if (!f->section)
		return read_value(r, f, element, at);
	snprintf(r->path + path_len, sizeof(r->path) - path_len, "[%u]", number);
	set_defaults(f->section, at);
	ok = mark(r, at, f->size, element) && read_section(r, f->section, element, at, depth + 1);
	if (ok)
		r->path[path_len] = '\0';
	return ok;
}

static bool read_list(struct config_reader *r, const struct config_field *f, yaml_node_t *node, uint8_t *out,
	unsigned depth)
{
	char message[64];
	uint8_t count = 0;

	if (f->lone && node->type == YAML_SCALAR_NODE) {
		out[f->count_offset] = 1;
		return read_value(r, f, node, out + f->offset);
	}
	if (node->type != YAML_SEQUENCE_NODE)
		return fail(r, node, "expected a list: [a, b] or lines that begin with \"- \"");
	for (yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top; i++) {
		yaml_node_t *element = yaml_document_get_node(r->doc, *i);

		if (count == f->count_max) {
			snprintf(message, sizeof(message), "expected at most %u entries", f->count_max);
			return fail(r, element, message);
		}
		if (!read_element(
			    r, f, element, out + f->offset + (size_t)count * f->size, count + 1u, depth))
			return false;
		count++;
	}
	out[f->count_offset] = count;
	return mark(r, out + f->count_offset, 1, node);
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

/* The field of a key; *out becomes the struct that has it. */
static const struct config_field *find_field(const struct config_section *s, const char *key, uint8_t **out)
{
	for (size_t i = 0; i < s->field_count; i++) {
		const struct config_field *f = &s->fields[i], *inner;
		uint8_t *at = *out + f->offset;

		if (f->kind != CONFIG_INLINE) {
			if (!strcmp(f->key, key))
				return f;
			continue;
		}
		inner = find_field(f->section, key, &at);
		if (inner) {
			*out = at;
			return inner;
		}
	}
	return NULL;
}

static void list_keys(const struct config_section *s, struct writer *w)
{
	for (size_t i = 0; i < s->field_count; i++) {
		if (s->fields[i].kind == CONFIG_INLINE)
			list_keys(s->fields[i].section, w);
		else
			text_put(w, " %s", s->fields[i].key);
	}
}

static bool fail_unknown(struct config_reader *r, const struct config_section *s, const yaml_node_t *key)
{
	char message[CONFIG_ERROR_SIZE];
	struct writer w = writer_of(message, sizeof(message) - 1);

	text_put(&w, "unknown key \"%.40s\"; known here:", key->data.scalar.value);
	list_keys(s, &w);
	message[w.len] = '\0';
	return fail(r, key, message);
}

/* The fields that a mapping gave. */
struct config_seen {
	const struct config_field *fields[CONFIG_KEYS_MAX];
	size_t count;
};

static bool was_seen(const struct config_seen *seen, const struct config_field *f)
{
	for (size_t i = 0; i < seen->count; i++)
		if (seen->fields[i] == f)
			return true;
	return false;
}

static bool check_required(struct config_reader *r, const struct config_section *s, const yaml_node_t *node,
	const struct config_seen *seen)
{
	char message[80];

	for (size_t i = 0; i < s->field_count; i++) {
		const struct config_field *f = &s->fields[i];

		if (f->kind == CONFIG_INLINE && !check_required(r, f->section, node, seen))
			return false;
		if (!f->required || was_seen(seen, f))
			continue;
		snprintf(message, sizeof(message), "the key \"%.40s\" is missing", f->key);
		return fail(r, node, message);
	}
	return true;
}

static bool read_pair(struct config_reader *r, const struct config_section *s, const yaml_node_pair_t *p,
	uint8_t *out, struct config_seen *seen, unsigned depth)
{
	yaml_node_t *key = yaml_document_get_node(r->doc, p->key);
	yaml_node_t *value = yaml_document_get_node(r->doc, p->value);
	size_t path_len = strlen(r->path);
	const struct config_field *f;

	if (key->type != YAML_SCALAR_NODE)
		return fail(r, key, "expected a plain key");
	f = find_field(s, (const char *)key->data.scalar.value, &out);
	if (!f)
		return fail_unknown(r, s, key);
	snprintf(r->path + path_len, sizeof(r->path) - path_len, "%s%s", path_len ? "." : "", f->key);
	if (was_seen(seen, f) || seen->count == CONFIG_KEYS_MAX)
		return fail(r, key, "the key stands twice");
	seen->fields[seen->count++] = f;
	if (!read_field(r, f, value, out, depth))
		return false;
	r->path[path_len] = '\0';
	return true;
}

/* The checks of the section and of those whose keys stand among its own. */
static bool run_checks(
	struct config_reader *r, const struct config_section *s, const yaml_node_t *node, uint8_t *out)
{
	struct config_doubt doubt = { 0 };

	for (size_t i = 0; i < s->field_count; i++) {
		const struct config_field *f = &s->fields[i];

		if (f->kind == CONFIG_INLINE && !run_checks(r, f->section, node, out + f->offset))
			return false;
	}
	return !s->check || s->check(out, &doubt) || fail_doubt(r, node, &doubt);
}

static bool read_section(struct config_reader *r, const struct config_section *s, yaml_node_t *node,
	uint8_t *out, unsigned depth)
{
	struct config_seen seen = { 0 };

	if (node->type != YAML_MAPPING_NODE || depth > CONFIG_DEPTH_MAX)
		return fail(r, node, "expected keys and values (key: value)");
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++)
		if (!read_pair(r, s, p, out, &seen, depth))
			return false;
	return check_required(r, s, node, &seen) && run_checks(r, s, node, out);
}

/* The default of a list of values: its words. */
static void set_default_list(const struct config_field *f, uint8_t *out)
{
	const char *at = f->otherwise;
	char word[CONFIG_WORD_SIZE];
	uint8_t count = 0;

	while (*at) {
		size_t len = strcspn(at, " ");

		assert(len < sizeof(word) && count < f->count_max);
		bytes_copy(word, sizeof(word) - 1, bytes_of(at, len));
		word[len] = '\0';
		if (!f->read(word, f, out + f->offset + (size_t)count++ * f->size))
			assert(!"a default in a table does not read");
		at += len + strspn(at + len, " ");
	}
	out[f->count_offset] = count;
}

static void set_defaults(const struct config_section *s, uint8_t *out)
{
	for (size_t i = 0; i < s->field_count; i++) {
		const struct config_field *f = &s->fields[i];

		if (f->kind == CONFIG_SECTION || f->kind == CONFIG_INLINE)
			set_defaults(f->section, out + f->offset);
		else if (f->kind == CONFIG_LIST && f->otherwise)
			set_default_list(f, out);
		else if (f->otherwise && !f->read(f->otherwise, f, out + f->offset))
			assert(!"a default in a table does not read");
	}
}

void config_defaults(const struct config_section *section, void *out, size_t size)
{
	memset(out, 0, size);
	set_defaults(section, out);
}

/* Its marks are the caller's to free. */
static bool read_text(
	struct config_reader *r, const struct config_section *root, struct bytes text, void *out, size_t size)
{
	yaml_document_t doc;
	yaml_node_t *node;
	bool ok;

	config_defaults(root, out, size);
	if (!config_yaml_load(r->file, text, &doc, r->error))
		return false;
	r->doc = &doc;
	node = yaml_document_get_root_node(&doc);
	ok = node ? read_section(r, root, node, out, 0) : false;
	if (!node)
		snprintf(r->error, CONFIG_ERROR_SIZE, "%s:1: the file is empty", r->file);
	yaml_document_delete(&doc);
	r->doc = NULL;
	return ok;
}

bool config_load(const struct config_section *root, const char *file, struct bytes text, void *out,
	size_t size, char error[CONFIG_ERROR_SIZE])
{
	struct config_reader r = { .file = file, .error = error };
	bool ok = read_text(&r, root, text, out, size);

	free(r.marks);
	return ok;
}

void config_where(const struct config_section *root, const char *file, struct bytes text, size_t size,
	size_t offset, char where[CONFIG_ERROR_SIZE])
{
	struct config_reader r = { .file = file, .error = where };
	const struct config_mark *m = NULL;
	uint8_t *out = malloc(size);

	if (out && read_text(&r, root, text, out, size))
		m = mark_of(&r, out + offset);
	where[0] = '\0';
	if (m)
		snprintf(where, CONFIG_ERROR_SIZE, "%s:%zu: %s", file, m->line, m->path);
	if (out)
		explicit_bzero(out, size); /* keys may be in it */
	free(out);
	free(r.marks);
}
