/*
 * The YAML file of a test UE, as another simulator has one for each UE: supi, key, op with opType, amf, and
 * the sessions that it will ask for. What else stands there is the UE's own business.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/config_yaml.h"
#include "ops/subscriber_source.h"
#include "wire/id.h"

struct file {
	yaml_document_t doc;
	yaml_node_t *root;
};

static yaml_node_t *member(struct file *f, const yaml_node_t *map, const char *key)
{
	if (!map || map->type != YAML_MAPPING_NODE)
		return NULL;
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top; p++) {
		const yaml_node_t *k = yaml_document_get_node(&f->doc, p->key);

		if (k->type == YAML_SCALAR_NODE && !strcmp((const char *)k->data.scalar.value, key))
			return yaml_document_get_node(&f->doc, p->value);
	}
	return NULL;
}

/* NULL: there is none. */
static const char *text_of(struct file *f, const yaml_node_t *map, const char *key)
{
	const yaml_node_t *n = member(f, map, key);

	return n && n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : NULL;
}

/* Decimal, or hexadecimal behind 0x. */
static bool number_of(struct file *f, const yaml_node_t *map, const char *key, unsigned long most,
	unsigned long *out, char error[SOURCE_ERROR])
{
	const char *text = text_of(f, map, key);
	char *end;

	if (!text)
		return true;
	*out = strtoul(text, &end, 0);
	if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && *out <= most)
		return true;
	snprintf(error, SOURCE_ERROR, "%s: expected a number up to %lu", key, most);
	return false;
}

static bool put_session(
	struct file *f, const yaml_node_t *session, struct writer *line, char error[SOURCE_ERROR])
{
	const yaml_node_t *slice = member(f, session, "slice");
	unsigned long sst = 0, sd = SNSSAI_NO_SD;
	char text[SNSSAI_STR_SIZE];
	struct snssai snssai;

	if (!text_of(f, session, "apn"))
		return true; /* the UE takes the default one */
	if (!source_put(line, " dnn=", text_of(f, session, "apn"), error) ||
		!number_of(f, slice, "sst", UINT8_MAX, &sst, error) ||
		!number_of(f, slice, "sd", SNSSAI_NO_SD, &sd, error))
		return false;
	snssai = (struct snssai){ (uint8_t)sst, (uint32_t)sd };
	return !text_of(f, slice, "sst") || source_put(line, "@", snssai_str(&snssai, text), error);
}

static bool put_sessions(struct file *f, struct writer *line, char error[SOURCE_ERROR])
{
	const yaml_node_t *list = member(f, f->root, "sessions");

	if (!list || list->type != YAML_SEQUENCE_NODE)
		return true;
	for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++)
		if (!put_session(f, yaml_document_get_node(&f->doc, *i), line, error))
			return false;
	return true;
}

static bool put_ue(struct file *f, struct writer *line, char error[SOURCE_ERROR])
{
	static const char prefix[] = "imsi-";
	const char *supi = text_of(f, f->root, "supi"), *type = text_of(f, f->root, "opType");
	bool is_op = type && !strcmp(type, "OP");

	if (!supi || strncmp(supi, prefix, sizeof(prefix) - 1) != 0) {
		snprintf(error, SOURCE_ERROR, "expected supi of the form \"imsi-...\"");
		return false;
	}
	if (type && !is_op && strcmp(type, "OPC") != 0) {
		snprintf(error, SOURCE_ERROR, "opType: expected OP or OPC");
		return false;
	}
	return source_put(line, "imsi=", supi + sizeof(prefix) - 1, error) &&
	       source_put(line, " k=", text_of(f, f->root, "key"), error) &&
	       source_put(line, is_op ? " op=" : " opc=", text_of(f, f->root, "op"), error) &&
	       source_put(line, " amf=", text_of(f, f->root, "amf"), error) && put_sessions(f, line, error);
}

enum source_next subscriber_yaml_next(
	struct subscriber_source *s, struct writer *line, char error[SOURCE_ERROR])
{
	char why[CONFIG_ERROR_SIZE];
	struct file f;
	bool ok;

	if (cursor_left(&s->c) == 0)
		return SOURCE_END;
	s->line = 1;
	ok = config_yaml_load("the file", cursor_bytes(&s->c, cursor_left(&s->c)), &f.doc, why);
	if (!ok) {
		snprintf(error, SOURCE_ERROR, "%.*s", SOURCE_ERROR - 1, why);
		return SOURCE_WRONG;
	}
	f.root = yaml_document_get_root_node(&f.doc);
	ok = put_ue(&f, line, error);
	yaml_document_delete(&f.doc);
	return ok ? SOURCE_SUBSCRIBER : SOURCE_WRONG;
}
