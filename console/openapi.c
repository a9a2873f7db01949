/* The OpenAPI document, printed from the tables that the API is run by. */
#include "console/operations.h"
#include "console/rows.h"

/* What a struct of JSON takes, as a schema. */
static void put_schema(const struct json_object *o, struct writer *w);

static void put_kind(const struct json_field *f, struct writer *w)
{
	if (f->kind == JSON_LIST) {
		text_put(w, "{\"type\":\"array\",\"items\":");
		put_kind(f->item, w);
		text_put(w, "}");
	} else if (f->kind == JSON_OBJECT) {
		put_schema(f->sub, w);
	} else if (f->codec->form == JSON_NUMBER) {
		text_put(w, "{\"type\":\"integer\"}");
	} else if (f->codec->form == JSON_BOOL) {
		text_put(w, "{\"type\":\"boolean\"}");
	} else if (f->names) {
		bool first = true;

		text_put(w, "{\"type\":\"string\",\"enum\":[");
		for (uint16_t i = 0; i < f->name_count; i++) {
			if (!f->names[i])
				continue;
			text_put(w, "%s\"%s\"", first ? "" : ",", f->names[i]);
			first = false;
		}
		text_put(w, "]}");
	} else {
		text_put(w, "{\"type\":\"string\"%s}", f->secret ? ",\"writeOnly\":true" : "");
	}
}

static void put_schema(const struct json_object *o, struct writer *w)
{
	bool first = true;

	text_put(w, "{\"type\":\"object\",\"properties\":{");
	for (uint8_t i = 0; i < o->count; i++) {
		json_key(w, o->fields[i].key, i == 0);
		put_kind(&o->fields[i], w);
	}
	text_put(w, "},\"required\":[");
	for (uint8_t i = 0; i < o->count; i++) {
		if (!o->fields[i].mandatory)
			continue;
		text_put(w, "%s\"%s\"", first ? "" : ",", o->fields[i].key);
		first = false;
	}
	text_put(w, "]}");
}

static void put_rows_schema(const struct table *t, struct writer *w)
{
	static const char *const types[] = {
		[TABLE_TEXT] = "\"string\"", [TABLE_NUMBER] = "\"integer\"", [TABLE_TIME] = "\"string\""
	};

	text_put(w,
		"{\"type\":\"object\",\"properties\":{\"next\":{\"type\":[\"string\",\"null\"]},\"rows\":{"
		"\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{");
	for (size_t i = 0; i < t->column_count; i++) {
		const struct table_column *c = &t->columns[i];

		json_key(w, c->name, i == 0);
		text_put(w, "{\"type\":[%s,\"null\"]%s,\"description\":", types[c->type],
			c->type == TABLE_TIME ? ",\"format\":\"date-time\"" : "");
		json_write_string(w, bytes_of_str(c->help));
		text_put(w, "}");
	}
	text_put(w, "}}}},\"required\":[\"rows\",\"next\"]}");
}

static void put_items_schema(const struct json_object *item, struct writer *w)
{
	text_put(w,
		"{\"type\":\"object\",\"properties\":{\"next\":{\"type\":[\"string\",\"null\"]},\"rows\":{"
		"\"type\":\"array\",\"items\":");
	put_schema(item, w);
	text_put(w, "}},\"required\":[\"rows\",\"next\"]}");
}

static void put_parameter(struct writer *w, bool *first, const char *in, struct bytes name, const char *help)
{
	text_put(w, "%s{\"in\":\"%s\",\"name\":", *first ? "" : ",", in);
	*first = false;
	json_write_string(w, name);
	text_put(w, ",\"required\":%s,\"schema\":{\"type\":\"string\"},\"description\":",
		*in == 'p' ? "true" : "false");
	json_write_string(w, bytes_of_str(help));
	text_put(w, "}");
}

static void put_parameters(const struct operation *op, const struct table *t, struct writer *w)
{
	const char *param = strchr(op->path, '{');
	bool first = true;

	text_put(w, ",\"parameters\":[");
	if (param)
		put_parameter(w, &first, "path", bytes_of(param + 1, strcspn(param, "}") - 1), "");
	for (size_t i = 0; i < op->query_count; i++)
		put_parameter(w, &first, "query", bytes_of_str(op->queries[i].name), op->queries[i].help);
	for (size_t i = 0; t && i < t->column_count; i++)
		put_parameter(w, &first, "query", bytes_of_str(t->columns[i].name),
			"only rows whose cell is like this: * and ? as in a shell");
	text_put(w, "]");
}

static void put_roles(const struct operation *op, struct writer *w)
{
	bool first = true;

	text_put(w, ",\"x-roles\":[");
	for (unsigned role = 1; role < ROLES; role++) {
		if (!(op->who & MAY(role)))
			continue;
		text_put(w, "%s\"%s\"", first ? "" : ",", role_names[role]);
		first = false;
	}
	text_put(w, "],\"security\":[%s]", op->who == OPEN ? "" : "{\"session\":[]},{\"token\":[]}");
}

static void put_responses(const struct operation *op, const struct table *t, struct writer *w)
{
	text_put(w, ",\"responses\":{\"2XX\":{\"description\":\"done\"");
	if (op->gives || op->item || t) {
		text_put(w, ",\"content\":{\"application/json\":{\"schema\":");
		if (t)
			put_rows_schema(t, w);
		else if (op->item)
			put_items_schema(op->item, w);
		else
			put_schema(op->gives, w);
		text_put(w, "}}");
	}
	text_put(w, "},\"4XX\":{\"description\":\"refused: {\\\"error\\\": why}\"}}");
}

static void put_operation(const struct console_facts *facts, const struct operation *op, struct writer *w)
{
	const struct table *t = op->table ? rows_table(facts, op->table) : NULL;

	switch (op->method) {
	case HTTP_GET:
		text_put(w, "\"get\":{");
		break;
	case HTTP_POST:
		text_put(w, "\"post\":{");
		break;
	case HTTP_PUT:
		text_put(w, "\"put\":{");
		break;
	case HTTP_PATCH:
		text_put(w, "\"patch\":{");
		break;
	default:
		text_put(w, "\"delete\":{");
	}
	text_put(w, "\"operationId\":\"%s\",\"summary\":", op->id);
	json_write_string(w, bytes_of_str(op->summary));
	put_parameters(op, op->run == run_table || op->run == run_events ? t : NULL, w);
	put_roles(op, w);
	if (op->takes) {
		text_put(w,
			",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":");
		put_schema(op->takes, w);
		text_put(w, "}}}");
	}
	put_responses(op, t, w);
	text_put(w, "}");
}

static bool came_before(const struct operation *list, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (!strcmp(list[i].path, list[at].path))
			return true;
	return false;
}

void openapi_print(
	const struct operation *list, size_t count, const struct console_facts *facts, struct writer *w)
{
	text_put(w, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Freehold console\",\"version\":");
	json_write_string(w, bytes_of_str(facts->version));
	text_put(w,
		"},\"servers\":[{\"url\":\"/\"}],\"components\":{\"securitySchemes\":{"
		"\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"%s\"},"
		"\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}}},\"paths\":{",
		session_cookie);
	for (size_t i = 0; i < count; i++) {
		if (came_before(list, i))
			continue;
		json_key(w, list[i].path, i == 0);
		text_put(w, "{");
		for (size_t k = i; k < count; k++) {
			if (strcmp(list[k].path, list[i].path) != 0)
				continue;
			if (k > i)
				writer_u8(w, ',');
			put_operation(facts, &list[k], w);
		}
		text_put(w, "}");
	}
	text_put(w, "}}");
}

void run_openapi(struct call *call)
{
	enum { DOCUMENT_MAX = 256 << 10 };

	const struct console *c = call->console;

	openapi_print(c->operations, c->operation_count, c->facts, call_json(call, DOCUMENT_MAX));
	call_answer(call, HTTP1_OK);
}
