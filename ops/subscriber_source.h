/*
 * A file of subscribers as lines for the core (core/subscriber_line.h), whichever of these it is, by its
 * first character or line: such lines; CSV with a header of their keys; JSON documents, in an array or one
 * after the other, as two other open cores dump them (subscriber_json.c); the YAML file of a test UE
 * (subscriber_yaml.c).
 */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"

enum { SOURCE_COLUMNS_MAX = 32, SOURCE_ERROR = 320 };

enum source_form { SOURCE_LINES, SOURCE_CSV, SOURCE_JSON, SOURCE_YAML };

enum source_next { SOURCE_SUBSCRIBER, SOURCE_END, SOURCE_WRONG };

/* What may stand next between JSON documents. */
enum source_expects {
	EXPECTS_FIRST,    /* a document, or an array of them */
	EXPECTS_ITEM,     /* of the array, or its end */
	EXPECTS_NEXT,     /* of the array, behind a comma */
	EXPECTS_COMMA,    /* or the array's end */
	EXPECTS_DOCUMENT, /* or the file's end */
	EXPECTS_END,
};

struct subscriber_source {
	enum source_form form;
	struct cursor c;
	unsigned long line;     /* in which the last subscriber begins */
	unsigned long document; /* its number in JSON; 0: the file has another form */
	unsigned long lines;    /* read so far */
	char separator;         /* of CSV */
	uint8_t column_count;
	struct bytes columns[SOURCE_COLUMNS_MAX];
	enum source_expects expects;
	struct arena arena;
};

/* False with what is wrong in source->line. The file stays the caller's, and must stay. */
MUST_USE bool subscriber_source_open(
	struct subscriber_source *source, struct bytes file, char error[SOURCE_ERROR]);
void subscriber_source_close(struct subscriber_source *source);

/* The next subscriber, as a line without its end; with SOURCE_WRONG what is wrong in error. */
enum source_next subscriber_source_next(
	struct subscriber_source *source, struct writer *line, char error[SOURCE_ERROR]);

/* subscriber_json.c */
enum source_next subscriber_json_next(
	struct subscriber_source *source, struct writer *line, char error[SOURCE_ERROR]);
/* subscriber_yaml.c */
enum source_next subscriber_yaml_next(
	struct subscriber_source *source, struct writer *line, char error[SOURCE_ERROR]);

/* subscriber_word.c: before, and text without the blanks in it; nothing where there is no text. False, with
 * what is wrong in error, when it would be more than one word of a line. */
MUST_USE bool source_put(struct writer *line, const char *before, const char *text, char error[SOURCE_ERROR]);
