#include "tests/fuzz/fuzz_bed.h"

#include <stdlib.h>

uint8_t fuzz_u8(struct fuzz_in *in)
{
	return cursor_left(&in->c) ? cursor_u8(&in->c) : 0;
}

uint32_t fuzz_u32(struct fuzz_in *in)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++)
		v = v << 8 | fuzz_u8(in);
	return v;
}

struct bytes fuzz_octets(struct fuzz_in *in)
{
	size_t len = fuzz_u8(in);

	return cursor_bytes(&in->c, len < cursor_left(&in->c) ? len : cursor_left(&in->c));
}

static void on_log(void *arg, const char *node, const char *room, const char *text)
{
	if (getenv("FUZZ_LOG"))
		printf("%s %s: %s\n", node, room, text);
	if (strstr(text, "please report this")) {
		fprintf(stderr, "%s %s: %s\n", node, room, text);
		abort();
	}
}

struct scn *fuzz_bed_new(void)
{
	static const struct scn_script none = { .path = "fuzz" };
	static const struct scn_variant variant = { .seed = 1 };
	struct scn *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	scn_init(s, &none, &variant, getenv("FUZZ_LOG") != NULL);
	fuzz_say(s, "network");
	sim_set_log(s->sim, getenv("FUZZ_LOG") ? LOG_DEBUG : LOG_ERROR, on_log, s);
	fuzz_say(s, "subscriber 1");
	fuzz_say(s, "gnb 1");
	fuzz_say(s, "expect core upfs 1 within 5s");
	fuzz_say(s, "expect gnb 1 amfs 1 within 5s");
	fuzz_say(s, "ue 1 session profile=null");
	fuzz_say(s, "ue 1 registers");
	fuzz_say(s, "expect ue 1 session 1 user-plane within 5s");
	fuzz_say(s, "expect core active 1 within 1s");
	return s;
}

void fuzz_bed_free(struct scn *s)
{
	scn_fini(s);
	free(s);
}

void fuzz_check(struct scn *s, bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %s %s\n", what, s->error, s->seen);
	abort();
}

void fuzz_try(struct scn *s, const char *line)
{
	char text[SCN_LINE_MAX], *words[SCN_WORDS_MAX];

	str_copy(text, sizeof(text), line);
	scn_command(s, words, scn_words(text, words));
	s->error[0] = '\0';
}

void fuzz_say(struct scn *s, const char *line)
{
	char text[SCN_LINE_MAX], *words[SCN_WORDS_MAX];

	str_copy(text, sizeof(text), line);
	fuzz_check(s, scn_command(s, words, scn_words(text, words)) && !s->error[0], line);
}

void fuzz_mutate(struct fuzz_in *in, const struct msg *m)
{
	uint8_t *octets = (uint8_t *)m->data.data; /* of the sender's outbox: nobody reads it again */

	for (unsigned n = 1 + fuzz_u8(in) % 4; n > 0 && m->data.len > 0; n--) {
		size_t at = (size_t)fuzz_u8(in) * m->data.len / 256;

		octets[at] ^= fuzz_u8(in);
	}
}
