/* freehold handover: a UE of this network goes to another gNB, or to another cell of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "io/unix_socket.h"
#include "ops/control_client.h"
#include "ops/ops.h"

static const char help[] = "freehold handover UE GNB [CELL] [--n2 | --xn] [-c network.yaml]\n\n"
			   "Hands a UE, by its name in ues or its IMSI, over to a gNB of gnbs, to its first "
			   "cell or to the one of this "
			   "id:\n"
			   "by Xn where both gNBs have it, else by N2; --n2 and --xn allow only that way; "
			   "to another cell of the gNB\n"
			   "where it is without either. "
			   "The gNB that serves the UE is\n"
			   "asked at its control socket (gnbs: control). Done means that the handover has "
			   "begun; the logs of both gNBs\n"
			   "tell how it went.\n";

static const struct network_ue *ue_named(const struct network *n, const char *name)
{
	struct supi supi;
	bool is_supi = supi_of_plain(name, &supi);

	for (uint8_t i = 0; i < n->ue_count; i++)
		if (!strcmp(n->ues[i].name, name) ||
			(is_supi && supi_key(&n->ues[i].config.supi) == supi_key(&supi)))
			return &n->ues[i];
	fprintf(stderr, "freehold handover: expected the name or IMSI of one of ues, got \"%s\"\n", name);
	return NULL;
}

static const char nobody[] = "no gNB that could be asked has a control socket\n";

/* A gNB has said why it does not; what one says that does not have the UE tells less. */
static bool refused(const char *why)
{
	return strcmp(why, nobody) != 0 && !strstr(why, "no such UE");
}

/* One that has no socket, or does not have the UE, may be followed by one that does. */
static bool ask(const struct network_gnb *g, struct bytes request, char why[256])
{
	int fd = unix_connect(g->control);
	struct bytes body;
	bool answered, ok, elsewhere;

	if (fd < 0) {
		snprintf(why, 256, "%s: %m\n", g->control);
		return false;
	}
	ok = control_exchange(fd, request, &answered, &body);
	elsewhere = answered && body.len > 10 && !memcmp(body.data, "no such UE", 10);
	if (!ok && !(elsewhere && refused(why)))
		snprintf(why, 256, "%s: %.*s", g->config.name, answered ? (int)body.len : 10,
			answered ? (const char *)body.data : "no answer\n");
	close(fd);
	return ok;
}

static int handover(const struct network *n, char **argv, const char *way)
{
	const struct network_ue *ue = ue_named(n, argv[1]);
	char request[512], address[ADDR_STR_SIZE], why[256];
	struct writer w = writer_of(request, sizeof(request));
	struct addr at;

	if (!ue)
		return 2;
	snprintf(why, sizeof(why), "%s", nobody);
	at = ue->air_address;
	at.port = 0;
	text_put(&w, "handover\n%s\n%s\n%s\n%s\n", addr_str(&at, address), argv[2], argv[3] ? argv[3] : "0",
		way);
	for (uint8_t i = 0; i < n->gnb_count; i++)
		if (n->gnbs[i].control[0] && ask(&n->gnbs[i], writer_bytes(&w), why))
			return 0;
	fprintf(stderr, "freehold handover: %s", why);
	return 1;
}

int ops_handover(struct options *args)
{
	bool n2, xn;
	struct network *n;
	char *argv[4] = { NULL };
	int status;

	if (options_help(args, help))
		return 0;
	n2 = options_flag(args, "--n2");
	xn = options_flag(args, "--xn");
	options_network_file(args);
	if (args->argc < 3 || args->argc > 4 || (n2 && xn)) {
		fprintf(stderr, "freehold handover: expected a UE and a gNB (see --help)\n");
		return 2;
	}
	for (int i = 0; i < args->argc; i++)
		argv[i] = args->argv[i];
	args->argc = 1;
	n = options_memory(sizeof(*n));
	if (!n)
		return 1;
	status = options_network(args, n) ? handover(n, argv, n2 ? "n2" : xn ? "xn" : "") : 2;
	explicit_bzero(n, sizeof(*n));
	free(n);
	return status;
}
