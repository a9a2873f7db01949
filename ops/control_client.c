#include "ops/control_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "io/file.h"
#include "io/unix_socket.h"

enum { CONTROL_TIMEOUT_MS = 30000, AGAIN_MS = 200, NETWORK_FILE_MAX = 1 << 20, ORDER_MAX = 8192 };

static uint8_t reply[UNIX_MSG_MAX];

bool control_exchange(int fd, struct bytes request, bool *answered, struct bytes *body)
{
	struct cursor c;
	int64_t n;
	bool ok;

	*answered = false;
	if (!unix_send(fd, request)) {
		fprintf(stderr, "freehold: the core does not listen: %m\n");
		return false;
	}
	n = unix_recv(fd, reply, sizeof(reply), CONTROL_TIMEOUT_MS);
	if (n <= 0) {
		fprintf(stderr, "freehold: no answer from the core\n");
		return false;
	}
	*answered = true;
	c = cursor_of(bytes_of(reply, (size_t)n));
	ok = n >= 3 && !memcmp(reply, "ok\n", 3);
	cursor_skip(&c, ok ? 3 : 6); /* "error\n" */
	*body = cursor_rest(&c);
	return ok;
}

/* The same; a refusal is on stderr too. */
static bool ask(int fd, struct bytes request, struct bytes *body)
{
	bool answered, ok = control_exchange(fd, request, &answered, body);

	if (!ok && answered)
		fprintf(stderr, "freehold: %.*s", (int)body->len, (const char *)body->data);
	return ok;
}

bool control_ask_line(int fd, const char *command, const char *line, struct bytes *body)
{
	static uint8_t request[UNIX_MSG_MAX];
	struct writer w = writer_of(request, sizeof(request));
	bool ok;

	text_put(&w, "%s\n%s", command, line);
	ok = !w.failed && ask(fd, writer_bytes(&w), body);
	explicit_bzero(request, w.len);
	return ok;
}

bool control_ask_table(int fd, const char *name, const char *from, const char *imsi, struct table_text *t)
{
	char request[128], place[24];
	struct bytes body;

	str_copy(place, sizeof(place), from);
	do {
		const uint8_t *end;
		size_t len;

		snprintf(request, sizeof(request), "%s\n%s\n%s", name, place, imsi);
		if (!control_ask_line(fd, "table", request, &body))
			return false;
		end = memchr(body.data, '\n', body.len);
		len = end ? (size_t)(end - body.data) : 0;
		if (!end || len >= sizeof(place) ||
			!table_text_add(t, bytes_of(end + 1, body.len - len - 1))) {
			fprintf(stderr, "freehold: the core's answer is no table, or memory is out\n");
			return false;
		}
		str_copy(place, len + 1, (const char *)body.data);
	} while (strcmp(place, "end") != 0);
	return true;
}

struct control_place control_take(struct options *args)
{
	struct control_place place = { options_text(args, "--control"), options_text(args, "-c") };

	return place;
}

bool control_words(const struct options *args, int max)
{
	if (args->argc <= max)
		return true;
	fprintf(stderr, "freehold %s: unknown argument \"%s\" (see --help)\n", args->argv[0],
		args->argv[max]);
	return false;
}

const char *control_imsi(const struct options *args)
{
	const char *word = args->argc > 1 ? args->argv[1] : "";
	const char *digits = strncmp(word, "imsi-", 5) ? word : word + 5;
	size_t len = strspn(digits, "0123456789");

	if (digits[len] == '\0' && len >= 5 && len <= 15)
		return digits;
	fprintf(stderr, "freehold %s: expected an IMSI of 5 to 15 digits, got \"%s\" (see --help)\n",
		args->argv[0], word);
	return NULL;
}

bool control_whose(const struct options *args, struct supi *out)
{
	const char *word = args->argc > 1 ? args->argv[1] : "";

	if (supi_of_plain(word, out))
		return true;
	fprintf(stderr,
		"freehold %s: expected an IMSI of 5 to 15 digits, or imei- and the digits of an IMEI or "
		"IMEISV, got "
		"\"%s\" (see --help)\n",
		args->argv[0], word);
	return false;
}

/* Where the control socket is: as given, or as network.yaml has it. NULL, with a message: that is wrong. */
static const char *find_control(const struct control_place *place, char path[NETWORK_PATH_SIZE])
{
	const char *file = place->file ? place->file : options_network_default();
	struct network *n = place->control ? NULL : malloc(sizeof(*n));
	char error[CONFIG_ERROR_SIZE] = "";
	struct bytes text;
	bool ok = true;

	if (!n)
		return place->control;
	config_defaults(&network_section, n, sizeof(*n));
	if (file_read(file, NETWORK_FILE_MAX, &text)) {
		ok = network_load(file, text, n, error);
		file_free(&text);
	} else if (place->file) {
		ok = false;
		snprintf(error, sizeof(error), "%s: %s", file, strerror(errno));
	}
	if (!ok)
		fprintf(stderr, "freehold: %s\n", error);
	str_copy(path, NETWORK_PATH_SIZE, n->core.control);
	explicit_bzero(n, sizeof(*n));
	free(n);
	return ok ? path : NULL;
}

int control_connect(const struct control_place *place)
{
	char buf[NETWORK_PATH_SIZE];
	const char *path = find_control(place, buf);
	int fd = path ? unix_connect(path) : -1;

	if (path && fd < 0)
		fprintf(stderr, "freehold: %s: %m; is the core running?\n", path);
	return fd;
}

int control_connect_again(const struct control_place *place, const volatile sig_atomic_t *ended)
{
	const struct timespec pause = { 0, AGAIN_MS * 1000000L };
	char buf[NETWORK_PATH_SIZE];
	const char *path = find_control(place, buf);
	int fd = -1;

	fprintf(stderr, "freehold: waiting for the core\n");
	while (path && fd < 0 && !*ended) {
		nanosleep(&pause, NULL);
		fd = unix_connect(path);
	}
	if (fd >= 0)
		fprintf(stderr, "freehold: the core is there again\n");
	return fd;
}

bool control_order(
	int fd, const struct options *args, const char *noun, const char *verb, const char *subject)
{
	char request[ORDER_MAX];
	struct writer w = writer_of((uint8_t *)request, sizeof(request));
	bool answered, ok;
	struct bytes body;

	text_put(&w, "%s %s\n%s\n", noun, verb, subject);
	for (int i = 3; i < args->argc; i++) {
		if (strchr(args->argv[i], '\n'))
			w.failed = true;
		text_put(&w, "%s\n", args->argv[i]);
	}
	if (w.failed) {
		fprintf(stderr, "freehold: too long\n");
		return false;
	}
	ok = control_exchange(fd, writer_bytes(&w), &answered, &body);
	if (ok)
		fwrite(body.data, 1, body.len, stdout);
	else if (answered)
		fprintf(stderr, "freehold: %.*s", (int)body.len, (const char *)body.data);
	return ok;
}
