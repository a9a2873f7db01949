#include "base/config_yaml.h"

#include <stdio.h>

/* Octets that are no text have no mark; a text that ends too early has one behind its last line. */
static size_t problem_line(const yaml_parser_t *parser, struct bytes text)
{
	bool unmarked = parser->error == YAML_READER_ERROR;
	size_t line = 1;

	for (size_t i = 0; i < text.len && (!unmarked || i < parser->problem_offset); i++)
		line += text.data[i] == '\n';
	return unmarked || line < parser->problem_mark.line + 1 ? line : parser->problem_mark.line + 1;
}

enum { CONFIG_NESTING_MAX = 16 }; /* a network.yaml nests 4 deep; libyaml's time grows with the square */

static bool not_yaml(
	const char *file, yaml_parser_t *parser, struct bytes text, char error[CONFIG_ERROR_SIZE])
{
	snprintf(error, CONFIG_ERROR_SIZE, "%s:%zu: not YAML: %s", file, problem_line(parser, text),
		parser->problem ? parser->problem : "unknown");
	return false;
}

/* Looks through the text before anything is made of it: how deep it nests, and that it is one document. */
static bool is_plain(const char *file, struct bytes text, char error[CONFIG_ERROR_SIZE])
{
	yaml_event_type_t type = YAML_NO_EVENT;
	unsigned depth = 0, documents = 0;
	yaml_parser_t parser;
	bool ok = yaml_parser_initialize(&parser);

	if (!ok) {
		snprintf(error, CONFIG_ERROR_SIZE, "%s: out of memory", file);
		return false;
	}
	yaml_parser_set_input_string(&parser, text.data, text.len);
	while (ok && type != YAML_STREAM_END_EVENT) {
		yaml_event_t event;
		const char *what = NULL;

		if (!yaml_parser_parse(&parser, &event)) {
			ok = not_yaml(file, &parser, text, error);
			break;
		}
		type = event.type;
		depth += type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT;
		depth -= type == YAML_SEQUENCE_END_EVENT || type == YAML_MAPPING_END_EVENT;
		documents += type == YAML_DOCUMENT_START_EVENT;
		what = depth > CONFIG_NESTING_MAX ? "brackets or lists within lists, deeper than any key"
		       : documents > 1            ? "expected one document, without a second \"---\""
						  : NULL;
		ok = !what;
		if (what)
			snprintf(error, CONFIG_ERROR_SIZE, "%s:%zu: %s", file, event.start_mark.line + 1,
				what);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return ok;
}

bool config_yaml_load(
	const char *file, struct bytes text, yaml_document_t *doc, char error[CONFIG_ERROR_SIZE])
{
	yaml_parser_t parser;
	bool ok;

	if (!is_plain(file, text, error))
		return false;
	if (!yaml_parser_initialize(&parser)) {
		snprintf(error, CONFIG_ERROR_SIZE, "%s: out of memory", file);
		return false;
	}
	yaml_parser_set_input_string(&parser, text.data, text.len);
	ok = yaml_parser_load(&parser, doc);
	if (!ok)
		ok = not_yaml(file, &parser, text, error);
	yaml_parser_delete(&parser);
	return ok;
}
