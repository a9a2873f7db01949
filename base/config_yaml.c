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

bool config_yaml_load(
	const char *file, struct bytes text, yaml_document_t *doc, char error[CONFIG_ERROR_SIZE])
{
	yaml_parser_t parser;
	bool ok;

	if (!yaml_parser_initialize(&parser)) {
		snprintf(error, CONFIG_ERROR_SIZE, "%s: out of memory", file);
		return false;
	}
	yaml_parser_set_input_string(&parser, text.data, text.len);
	ok = yaml_parser_load(&parser, doc);
	if (!ok)
		snprintf(error, CONFIG_ERROR_SIZE, "%s:%zu: not YAML: %s", file, problem_line(&parser, text),
			parser.problem ? parser.problem : "unknown");
	yaml_parser_delete(&parser);
	return ok;
}
