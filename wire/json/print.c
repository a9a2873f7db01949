/* Bodies as text for people, by the tables that encode them. */
#include "base/text.h"
#include "wire/json/scan.h"
#include "wire/json/table.h"

enum { SCALAR_MAX = 1024 }; /* octets of a value that is shown */

static void print_field(struct printer *p, const struct json_object *in, const struct json_field *f,
	const char *name, const uint8_t *base);

static void print_scalar(struct printer *p, const struct json_field *f, const char *name, const uint8_t *base)
{
	char text[SCALAR_MAX];
	struct writer w = writer_of(text, sizeof(text));

	if (f->secret) {
		print_value(p, name, NULL, "***");
		return;
	}
	if (f->codec->hold == JSON_HOLDS_TEXT) {
		const char *s = *(const char *const *)(base + f->offset);

		print_string(p, name, NULL, s ? bytes_of_str(s) : BYTES_NONE);
		return;
	}
	json_scalar_write(f, base, &w);
	if (w.failed)
		print_value(p, name, NULL, "...");
	else if (f->codec->form == JSON_ANY)
		print_string(p, name, NULL, writer_bytes(&w));
	else
		print_value(p, name, NULL, "%.*s", (int)w.len, text);
}

/* What kind of content a binary has: its media type, or more closely a member of the same object, as
 * n2SmInfoType (29.502 6.1.6.2.3) and ngapIeType (29.518 6.1.6.2.27) describe N2 information. */
static const char *content_of(
	const struct json_object *in, const struct json_field *binary, const uint8_t *base)
{
	for (unsigned i = 0; in && i < in->count; i++) {
		const struct json_field *f = &in->fields[i];
		unsigned v = f->size == 1 ? base[f->offset] : 0;

		if (strcmp(f->key, "n2SmInfoType") != 0 && strcmp(f->key, "ngapIeType") != 0)
			continue;
		if (f->size == sizeof(v))
			(void)bytes_copy(&v, sizeof(v), bytes_of(base + f->offset, sizeof(v)));
		if (!strcmp(binary->text2, "application/vnd.3gpp.ngap") && v < f->name_count && f->names[v])
			return f->names[v];
	}
	return binary->text2;
}

static void print_object(struct printer *p, const struct json_object *o, const uint8_t *base)
{
	for (unsigned i = 0; i < o->count; i++)
		if (o->fields[i].mandatory || json_is_filled(&o->fields[i], base))
			print_field(p, o, &o->fields[i], o->fields[i].key, base);
}

static void print_items(struct printer *p, const struct json_field *f, const uint8_t *base)
{
	const struct json_list *list = (const struct json_list *)(base + f->offset);
	char number[24];

	for (uint32_t i = 0; i < list->count && i < PRINT_ITEMS_SHOWN && !p->w->failed; i++) {
		const uint8_t *item = (const uint8_t *)list->items + (size_t)i * f->size;
		struct writer w = writer_of(number, sizeof(number) - 1);
		const char *key = f->kind == JSON_MAP ? *(const char *const *)item : number;

		text_put(&w, "%u", i);
		number[w.len] = '\0';
		if (f->item->pointer && !json_is_filled(f->item, item))
			print_value(p, key, NULL, "null");
		else
			print_field(p, NULL, f->item, key ? key : "", item);
	}
	if (list->count > PRINT_ITEMS_SHOWN)
		print_value(p, "...", NULL, "%u in all", list->count);
}

static void print_field(struct printer *p, const struct json_object *in, const struct json_field *f,
	const char *name, const uint8_t *base)
{
	const uint8_t *at = base + f->offset;

	if (f->kind == JSON_VALUE) {
		print_scalar(p, f, name, base);
		return;
	}
	if (f->kind == JSON_BINARY) {
		print_octets(p, name, content_of(in, f, base), *(const struct bytes *)at);
		return;
	}
	if (p->depth >= PRINT_DEPTH_MAX)
		return;
	print_open(p, name, NULL);
	if (f->kind != JSON_OBJECT)
		print_items(p, f, base);
	else if (!f->pointer || *(const uint8_t *const *)at)
		print_object(p, f->sub, f->pointer ? *(const uint8_t *const *)at : at);
	print_close(p);
}

void json_print(const struct json_field *root, const void *from, struct printer *p)
{
	const uint8_t *at = (const uint8_t *)from + root->offset;

	if (root->kind == JSON_OBJECT && (!root->pointer || *(const uint8_t *const *)at))
		print_object(p, root->sub, root->pointer ? *(const uint8_t *const *)at : at);
	else if (root->kind != JSON_OBJECT)
		print_field(p, NULL, root, root->key ? root->key : "items", from);
}

void json_print_object(const struct json_object *o, const void *from, struct printer *p)
{
	print_object(p, o, from);
}
