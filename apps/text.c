/* freehold text: octets of a message to what they mean. */
#include <stdio.h>
#include <stdlib.h>

#include "apps/app.h"
#include "base/text.h"
#include "wire/text/text.h"

static const char help[] = "freehold text PROTOCOL [--full] [HEX...]\n\n"
			   "Shows messages as text, each in a line or, with --full, with all it holds. "
			   "Octets in hexadecimal, a message an\n"
			   "argument, or a line of standard input. Keys and the like are ***.\n\nPROTOCOL: "
			   "ngap nas pfcp gtpu f1ap e1ap xnap rrc-dl-dcch "
			   "rrc-ul-dcch\n          rrc-dl-ccch rrc-ul-ccch rrc-pcch rrc-bcch\n";

enum { TEXT_SIZE = 1 << 20, HEX_SIZE = 1 << 18 };

struct text_command {
	text_fn *fn;
	enum print_form form;
	uint8_t octets[HEX_SIZE / 2];
	char line[HEX_SIZE], text[TEXT_SIZE];
};

/* Shows one message; false: its octets are none, or it is malformed. */
static bool show(struct text_command *t, const char *hex)
{
	struct writer w = writer_of(t->text, sizeof(t->text));
	size_t len;
	bool ok;

	if (!text_unhex(bytes_of(hex, strcspn(hex, " \t\r\n")), t->octets, sizeof(t->octets), &len)) {
		fprintf(stderr, "freehold text: expected octets in hexadecimal, got \"%.40s\"\n", hex);
		return false;
	}
	ok = t->fn(t->form, bytes_of(t->octets, len), &w);
	printf("%.*s%s", (int)w.len, t->text, t->form == PRINT_LINE ? "\n" : "");
	return ok;
}

int app_text(struct options *args)
{
	struct text_command *t;
	bool ok = true;

	if (options_help(args, help))
		return 0;
	t = options_memory(sizeof(*t));
	if (!t)
		return 1;
	t->form = options_flag(args, "--full") ? PRINT_FULL : PRINT_LINE;
	t->fn = args->argc > 1 ? text_named(args->argv[1]) : NULL;
	if (!t->fn) {
		fprintf(stderr, "freehold text: expected a protocol: %s\n", text_names());
		free(t);
		return 2;
	}
	for (int i = 2; i < args->argc; i++)
		ok &= show(t, args->argv[i]);
	while (args->argc == 2 && fgets(t->line, sizeof(t->line), stdin))
		ok &= show(t, t->line);
	free(t);
	return ok ? 0 : 1;
}
