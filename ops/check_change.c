/* freehold check --change: what another network.yaml would take and interrupt, before it is the network's. */
#include <stdio.h>
#include <stdlib.h>

#include "console/change_lines.h"
#include "io/file.h"
#include "ops/check_change.h"
#include "ops/control_client.h"
#include "ops/network_change.h"

enum { TEXT_MAX = 1 << 20 };

/* Without the core nobody is interrupted, and nobody is counted. */
static struct bytes counts_of(
	const struct control_place *place, struct bytes changes, struct writer *question)
{
	struct bytes body = BYTES_NONE;
	bool answered;
	int fd;

	change_question(changes, question);
	fd = question->len > 0 ? control_connect(place) : -1;
	return fd >= 0 && control_exchange(fd, writer_bytes(question), &answered, &body) ? body : BYTES_NONE;
}

static void print(struct bytes changes, struct bytes counts)
{
	struct change_line c;

	while (change_next(&changes, &counts, &c)) {
		printf("%.*s: %s", (int)c.key.len, (const char *)c.key.data,
			bytes_equal(c.when, bytes_of_str("live")) ? "taken while it runs"
								  : "taken at a restart of ");
		printf("%.*s", (int)c.parts.len, (const char *)c.parts.data);
		if (c.interrupted.len > 0)
			printf("; %.*s", (int)c.interrupted.len, (const char *)c.interrupted.data);
		if (c.counted)
			printf(" (now %llu UEs, %llu sessions)", (unsigned long long)c.ues,
				(unsigned long long)c.sessions);
		printf("\n");
	}
}

static bool load(const char *file, struct network *n)
{
	char error[CONFIG_ERROR_SIZE];
	struct bytes text;
	bool ok;

	if (!file_read(file, TEXT_MAX, &text)) {
		fprintf(stderr, "freehold: %s: %m\n", file);
		return false;
	}
	ok = network_load(file, text, n, error);
	if (!ok)
		fprintf(stderr, "freehold: %s\n", error);
	file_free(&text);
	return ok;
}

int check_change(const struct control_place *place, const struct network *n, const char *file)
{
	struct network *wanted = calloc(1, sizeof(*wanted));
	struct writer changes = writer_of(calloc(1, TEXT_MAX), TEXT_MAX),
		      question = writer_of(calloc(1, TEXT_MAX), TEXT_MAX);
	bool ok = wanted && changes.data && question.data && load(file, wanted);

	if (ok) {
		network_change_print(n, wanted, &changes);
		print(writer_bytes(&changes), counts_of(place, writer_bytes(&changes), &question));
	}
	if (wanted)
		explicit_bzero(wanted, sizeof(*wanted));
	free(wanted);
	free(changes.data);
	free(question.data);
	return ok ? 0 : 1;
}
