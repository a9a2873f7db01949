/* freehold subscriber, freehold status: questions to the running core's control socket. */
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ops/control_client.h"
#include "ops/ops.h"
#include "ops/subscriber_import.h"
#include "base/text.h"
#include "core/subscriber_line.h"
#include "io/unix_socket.h"

static const char help[] =
	"freehold subscriber add KEY=VALUE...    add or replace a subscriber\n"
	"freehold subscriber set IMSI KEY=VALUE...\n"
	"                                        change what is given, and nothing else: the SQN and keys "
	"stay\n"
	"freehold subscriber list\n"
	"freehold subscriber show IMSI           (keys are never shown)\n"
	"freehold subscriber remove IMSI         its UE, if registered, is de-registered\n"
	"freehold subscriber import FILE         - is stdin; all or nothing. Lines as for add (# begins a\n"
	"                                        comment), or CSV whose header has the keys of add, or JSON\n"
	"                                        documents of other cores: {imsi, security {k, opc or op, "
	"amf,\n"
	"                                        sqn}, ambr, slice [{sst, sd, session}]}, or {ueId, "
	"permanentKey,\n"
	"                                        opc, sequenceNumber, authenticationManagementField}\n"
	"freehold subscriber export [--keys]     all subscribers, a line each as for add; without --keys "
	"nothing\n"
	"                                        secret is in it, and import refuses it (umask 077 first)\n"
	"freehold subscriber keys                the home network's public keys, for USIMs\n\n"
	"Keys of add: imsi k opc (or op) [algorithm=milenage] [amf=8000] [sqn=0] [ambr_uplink=1Gbps]\n"
	"[ambr_downlink=1Gbps] [dnn=NAME[@SLICE]]... [five_qi=9] [arp=8] [ip=ADDRESS]\n"
	"A dnn may have values of its own: dnn=ims@1:five_qi=5:arp=1:ambr_uplink=3Mbps:ambr_downlink=3Mbps:"
	"ip=ADDRESS\n"
	"Without dnn: all data networks in all slices of the network. A slice is SST or SST-SD, like "
	"1-010203.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

static bool print(bool ok, struct bytes body)
{
	if (ok)
		fwrite(body.data, 1, body.len, stdout);
	return ok;
}

/* The words from `first` on as the lines of a command. */
static bool tell(int fd, struct options *args, const char *command, const char *head, int first)
{
	static char line[SUBSCRIBER_LINE_MAX];
	struct writer w = writer_of(line, sizeof(line));
	struct bytes body;
	bool ok;

	text_put(&w, "%s", head);
	for (int i = first; i < args->argc; i++)
		text_put(&w, "%s ", args->argv[i]);
	writer_u8(&w, 0);
	if (w.failed)
		fprintf(stderr, "freehold: the line is too long\n");
	ok = !w.failed && print(control_ask_line(fd, command, line, &body), body);
	explicit_bzero(line, sizeof(line));
	return ok;
}

static bool add(int fd, struct options *args)
{
	return tell(fd, args, "subscriber add", "", 2);
}

static bool set(int fd, struct options *args)
{
	char imsi[40];

	snprintf(imsi, sizeof(imsi), "%.32s\n", args->argv[2]);
	return tell(fd, args, "subscriber set", imsi, 3);
}

/* All pages of a command whose lines begin with `before` and an IMSI. */
static bool pages(int fd, const char *command, const char *before)
{
	char last[40] = "";
	struct bytes body;

	for (;;) {
		size_t start;

		if (!control_ask_line(fd, command, last, &body))
			return false;
		if (body.len == 0)
			return fflush(stdout) == 0;
		fwrite(body.data, 1, body.len, stdout);
		start = body.len - 1;
		while (start > 0 && body.data[start - 1] != '\n')
			start--;
		start += strlen(before);
		if (start > body.len)
			start = body.len;
		str_copy(last, body.len - start < sizeof(last) ? body.len - start + 1 : sizeof(last),
			(const char *)body.data + start);
		last[strcspn(last, " \n")] = '\0';
	}
}

/* With the keys, whoever reads the file has the SIMs. */
static void warn_of_readers(void)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077))
		fprintf(stderr, "freehold: warning: others may read the file with the keys; chmod 600 it, "
				"and run `umask 077` before\n");
}

static bool export(int fd, bool keys)
{
	if (keys)
		warn_of_readers();
	return pages(fd, keys ? "subscriber export keys" : "subscriber export", "imsi=");
}

/* How many words a command has at most, its own among them. */
static int words_max(const char *what)
{
	if (!strcmp(what, "add") || !strcmp(what, "set"))
		return INT_MAX;
	return !strcmp(what, "list") || !strcmp(what, "export") || !strcmp(what, "keys") ? 2 : 3;
}

int ops_subscriber(struct options *args)
{
	struct control_place place;
	const char *what;
	struct bytes body;
	bool ok = false, keys;
	int fd;

	if (options_help(args, help))
		return 0;
	place = control_take(args);
	keys = args->argc > 1 && !strcmp(args->argv[1], "export") && options_flag(args, "--keys");
	if (!control_words(args, words_max(args->argc > 1 ? args->argv[1] : "")))
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	what = args->argc > 1 ? args->argv[1] : "";
	if (!strcmp(what, "add"))
		ok = add(fd, args);
	else if (!strcmp(what, "list"))
		ok = pages(fd, "subscriber list", "");
	else if (!strcmp(what, "export"))
		ok = export(fd, keys);
	else if (!strcmp(what, "set") && args->argc > 3)
		ok = set(fd, args);
	else if (!strcmp(what, "keys"))
		ok = print(control_ask_line(fd, "keys", "", &body), body);
	else if (!strcmp(what, "show") && args->argc > 2)
		ok = print(control_ask_line(fd, "subscriber show", args->argv[2], &body), body);
	else if (!strcmp(what, "remove") && args->argc > 2)
		ok = print(control_ask_line(fd, "subscriber remove", args->argv[2], &body), body);
	else if (!strcmp(what, "import") && args->argc > 2)
		ok = subscriber_import(fd, args->argv[2]);
	else
		fprintf(stderr, "%s", help);
	close(fd);
	return ok ? 0 : 1;
}

int ops_status(struct options *args)
{
	struct control_place place;
	struct bytes body;
	bool ok;
	int fd;

	if (options_help(args,
		    "freehold status [-c network.yaml | --control SOCKET]\n\nPrints what the running "
		    "core has and counts.\n"))
		return 0;
	place = control_take(args);
	if (!control_words(args, 1))
		return 2;
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	ok = print(control_ask_line(fd, "status", "", &body), body);
	close(fd);
	return ok ? 0 : 1;
}
