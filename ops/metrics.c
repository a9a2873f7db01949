/* freehold metrics: the figures of a running process. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "io/http_client.h"
#include "ops/control_client.h"
#include "ops/figures.h"

static const char help[] =
	"freehold metrics [-c network.yaml | --control SOCKET]\n"
	"freehold metrics --address ADDRESS:PORT\n\n"
	"Prints the figures of the running core (counters, gauges and histograms) as OpenMetrics text; with "
	"--address\n"
	"those of any process that has a port for them (metrics_address of core, upfs or gnbs in "
	"network.yaml).\n"
	"freehold help families lists what there is.\n";

/* "192.0.2.1:9478" or "[2001:db8::1]:9478" */
static bool read_address(const char *text, struct addr *out)
{
	char host[ADDR_STR_SIZE];
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	bool bracketed = len > 2 && text[0] == '[' && text[len - 1] == ']';
	uint64_t port;

	if (len == 0 || len >= sizeof(host) || !text_uint(bytes_of_str(colon + 1), 65535, &port) || port == 0)
		return false;
	str_copy(host, len + 1 - 2 * bracketed, text + bracketed);
	if (!addr_parse(host, out) || (out->len == 16) != bracketed)
		return false;
	out->port = (uint16_t)port;
	return true;
}

static int print(struct bytes text)
{
	return fwrite(text.data, 1, text.len, stdout) == text.len && fflush(stdout) == 0 ? 0 : 1;
}

static bool is_whole(struct bytes text)
{
	static const char end[] = "# EOF\n";
	size_t len = sizeof(end) - 1;

	return text.len >= len && memcmp(text.data + text.len - len, end, len) == 0;
}

static int from_port(const char *address, const struct addr *at)
{
	char error[256];
	struct bytes body;
	int status;

	if (!http_get(at, FIGURES_PATH, &body, error, sizeof(error))) {
		fprintf(stderr, "freehold metrics: %s: %s\n", address, error);
		return 1;
	}
	status = print(body);
	if (!is_whole(body)) {
		fprintf(stderr, "freehold metrics: %s: the answer is not whole\n", address);
		status = 1;
	}
	free((void *)body.data);
	return status;
}

static int from_control(int fd)
{
	char place[24] = "";
	struct bytes body;

	do {
		const uint8_t *end;
		size_t len;

		if (!control_ask_line(fd, "metrics", place, &body))
			return 1;
		end = memchr(body.data, '\n', body.len);
		len = end ? (size_t)(end - body.data) : 0;
		if (!end || len >= sizeof(place)) {
			fprintf(stderr, "freehold metrics: the core's answer is none\n");
			return 1;
		}
		str_copy(place, len + 1, (const char *)body.data);
		if (print(bytes_of(end + 1, body.len - len - 1)) != 0)
			return 1;
	} while (strcmp(place, "end") != 0);
	return 0;
}

int ops_metrics(struct options *args)
{
	struct control_place place;
	const char *address;
	struct addr at;
	int fd, status;

	if (options_help(args, help))
		return 0;
	address = options_text(args, "--address");
	place = control_take(args);
	if (address && (place.control || place.file))
		return options_refuse(args, "--address", "no other place beside it", "another") ? 0 : 2;
	if (address && !read_address(address, &at))
		return options_refuse(args, "--address", "ADDRESS:PORT", address) ? 0 : 2;
	if (!control_words(args, 1))
		return 2;
	if (address)
		return from_port(address, &at);
	fd = control_connect(&place);
	if (fd < 0)
		return 1;
	status = from_control(fd);
	close(fd);
	return status;
}
