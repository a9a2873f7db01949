/* freehold subscriber, freehold status: questions to the running core's control socket. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ops/ops.h"
#include "base/text.h"
#include "io/file.h"
#include "io/unix_socket.h"

enum { IMPORT_MAX = 256 << 20, IMPORT_BATCH_LINES = 64, CONTROL_TIMEOUT_MS = 30000 };

static const char help[] =
	"freehold subscriber add KEY=VALUE...    add or replace a subscriber\n"
	"freehold subscriber list\n"
	"freehold subscriber show IMSI           (keys are never shown)\n"
	"freehold subscriber remove IMSI         its UE, if registered, is de-registered\n"
	"freehold subscriber import FILE         a subscriber a line, as for add; # begins a comment\n"
	"freehold subscriber keys                the home network's public keys, for USIMs\n\n"
	"Keys of add: imsi k opc (or op) [algorithm=milenage|tuak] [amf=8000] [sqn=0] [ambr_uplink=1Gbps]\n"
	"[ambr_downlink=1Gbps] [dnn=NAME[@SLICE]]... [five_qi=9] [arp=8] [ip=ADDRESS]\n"
	"Without dnn: all data networks in all slices of the network. A slice is SST or SST-SD, like "
	"1-010203.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

static uint8_t reply[UNIX_MSG_MAX];

/* Sends one request; the body of the answer, or false with the error on stderr. */
static bool ask(int fd, struct bytes request, struct bytes *body)
{
	struct cursor c;
	int64_t n;

	if (!unix_send(fd, request)) {
		fprintf(stderr, "freehold: the core does not listen: %m\n");
		return false;
	}
	n = unix_recv(fd, reply, sizeof(reply), CONTROL_TIMEOUT_MS);
	if (n <= 0) {
		fprintf(stderr, "freehold: no answer from the core\n");
		return false;
	}
	c = cursor_of(bytes_of(reply, (size_t)n));
	if (n >= 3 && !memcmp(reply, "ok\n", 3)) {
		cursor_skip(&c, 3);
		*body = cursor_rest(&c);
		return true;
	}
	cursor_skip(&c, 6); /* "error\n" */
	*body = cursor_rest(&c);
	fprintf(stderr, "freehold: %.*s", (int)body->len, (const char *)body->data);
	return false;
}

/* A request of a command and a line. */
static bool ask_line(int fd, const char *command, const char *line, struct bytes *body)
{
	static uint8_t request[4096];
	struct writer w = writer_of(request, sizeof(request));
	bool ok;

	text_put(&w, "%s\n%s", command, line);
	ok = !w.failed && ask(fd, writer_bytes(&w), body);
	explicit_bzero(request, sizeof(request));
	return ok;
}

static bool print(bool ok, struct bytes body)
{
	if (ok)
		fwrite(body.data, 1, body.len, stdout);
	return ok;
}

static bool add(int fd, struct options *args)
{
	char line[2048];
	struct writer w = writer_of(line, sizeof(line));
	struct bytes body;
	bool ok;

	for (int i = 2; i < args->argc; i++)
		text_put(&w, "%s ", args->argv[i]);
	writer_u8(&w, 0);
	ok = !w.failed && print(ask_line(fd, "subscriber add", line, &body), body);
	explicit_bzero(line, sizeof(line));
	return ok;
}

static bool list(int fd)
{
	char last[20] = "";
	struct bytes body;

	for (;;) {
		size_t start;

		if (!ask_line(fd, "subscriber list", last, &body))
			return false;
		if (body.len == 0)
			return true;
		fwrite(body.data, 1, body.len, stdout);
		start = body.len - 1;
		while (start > 0 && body.data[start - 1] != '\n')
			start--;
		str_copy(last, sizeof(last), (const char *)body.data + start);
		last[strcspn(last, " ")] = '\0';
	}
}

/* Sends lines in batches, each all or nothing. */
static bool import(int fd, const char *path)
{
	struct bytes file, body;
	struct cursor c;
	unsigned long total = 0;
	bool ok = true;

	if (!file_read(path, IMPORT_MAX, &file)) {
		fprintf(stderr, "freehold: %s: %m\n", path);
		return false;
	}
	c = cursor_of(file);
	while (ok && cursor_left(&c) > 0) {
		static uint8_t request[UNIX_MSG_MAX];
		struct writer w = writer_of(request, sizeof(request));
		unsigned lines = 0;

		text_put(&w, "subscriber add\n");
		while (lines < IMPORT_BATCH_LINES && cursor_left(&c) > 0) {
			const uint8_t *end = memchr(c.at, '\n', cursor_left(&c));
			struct bytes line = cursor_bytes(&c, end ? (size_t)(end - c.at) : cursor_left(&c));

			if (end)
				cursor_skip(&c, 1);
			if (line.len == 0 || line.data[0] == '#')
				continue;
			writer_put(&w, line);
			writer_u8(&w, '\n');
			lines++;
		}
		ok = lines == 0 || (!w.failed && ask(fd, writer_bytes(&w), &body));
		total += lines;
		explicit_bzero(request, sizeof(request));
	}
	file_free(&file);
	if (ok)
		printf("%lu imported\n", total);
	return ok;
}

static int connect_core(struct options *args)
{
	const char *control = options_text(args, "--control"), *file = options_text(args, "-c");
	struct network *n = malloc(sizeof(*n));
	char error[CONFIG_ERROR_SIZE] = "";
	struct bytes text;
	int fd;

	if (!n)
		return -1;
	config_defaults(&network_section, n, sizeof(*n));
	if (!control && file_read(file ? file : "network.yaml", 1 << 20, &text)) {
		network_load(file ? file : "network.yaml", text, n, error);
		file_free(&text);
	} else if (!control && file) {
		fprintf(stderr, "freehold: %s: %m\n", file);
	}
	if (error[0])
		fprintf(stderr, "freehold: %s\n", error);
	fd = unix_connect(control ? control : n->core.control);
	if (fd < 0)
		fprintf(stderr, "freehold: %s: %m; is the core running?\n",
			control ? control : n->core.control);
	explicit_bzero(n, sizeof(*n));
	free(n);
	return fd;
}

int ops_subscriber(struct options *args)
{
	const char *what;
	struct bytes body;
	bool ok = false;
	int fd;

	if (options_help(args, help))
		return 0;
	fd = connect_core(args);
	if (fd < 0)
		return 1;
	what = args->argc > 1 ? args->argv[1] : "";
	if (!strcmp(what, "add"))
		ok = add(fd, args);
	else if (!strcmp(what, "list"))
		ok = list(fd);
	else if (!strcmp(what, "keys"))
		ok = print(ask_line(fd, "keys", "", &body), body);
	else if (!strcmp(what, "show") && args->argc > 2)
		ok = print(ask_line(fd, "subscriber show", args->argv[2], &body), body);
	else if (!strcmp(what, "remove") && args->argc > 2)
		ok = print(ask_line(fd, "subscriber remove", args->argv[2], &body), body);
	else if (!strcmp(what, "import") && args->argc > 2)
		ok = import(fd, args->argv[2]);
	else
		fprintf(stderr, "%s", help);
	close(fd);
	return ok ? 0 : 1;
}

int ops_status(struct options *args)
{
	struct bytes body;
	bool ok;
	int fd;

	if (options_help(args,
		    "freehold status [-c network.yaml | --control SOCKET]\n\nPrints what the running "
		    "core has and counts.\n"))
		return 0;
	fd = connect_core(args);
	if (fd < 0)
		return 1;
	ok = print(ask_line(fd, "status", "", &body), body);
	close(fd);
	return ok ? 0 : 1;
}
