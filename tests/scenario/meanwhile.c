/* A command of a script that begins beside another one, at each of its steps in turn. */
#include "tests/scenario/scenario.h"

bool scn_meanwhile(struct scn *s, const struct scn_args *a)
{
	s->meanwhile = s->line;
	return true;
}

void scn_meanwhile_begin(struct scn *s)
{
	char text[SCN_LINE_MAX], *words[SCN_WORDS_MAX];
	uint32_t nth = s->variant.meanwhile_nth;
	size_t count;

	if (!s->meanwhile || !nth || s->meanwhile_begun || s->messages < nth)
		return;
	s->meanwhile_begun = true;
	str_copy(text, sizeof(text), s->meanwhile->text);
	count = scn_words(text, words);
	if (!s->command(s, words + 1, count - 1))
		scn_fail(s, "`%s` failed", s->meanwhile->text);
}

bool scn_meanwhile_has_begun(struct scn *s)
{
	return !s->variant.meanwhile_nth || s->meanwhile_begun ||
	       scn_fail(s, "`%s` never began", s->meanwhile->text);
}
