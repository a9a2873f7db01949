/* A script, line by line. */
#include "tests/scenario/scenario.h"
#include "tests/trace_check.h"

bool scn_play(struct scn *s)
{
	const char *fault;

	s->command = scn_command;
	for (size_t i = 0; i < s->script->count; i++) {
		char text[SCN_LINE_MAX], *words[SCN_WORDS_MAX];
		size_t count;

		s->line = &s->script->lines[i];
		str_copy(text, sizeof(text), s->line->text);
		count = scn_words(text, words);
		if (count > 0 && (!scn_command(s, words, count) || s->error[0]))
			return scn_fail(s, "failed");
		if (s->defect[0])
			return scn_fail(s, "%s", s->defect);
	}
	fault = s->core ? trace_check(s->core, true) : NULL;
	return !fault || scn_fail(s, "%s", fault);
}
