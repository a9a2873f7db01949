/* What the demo shows while it waits: packets of the captures, lines of the UE, the time. */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "demo/internal.h"

double demo_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void demo_say(const struct demo *d, const char *format, ...)
{
	va_list args;

	printf("%9.1f ms  ", demo_now_ms() - d->start_ms);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	fflush(stdout);
}

static void ue_line(struct demo *d, const char *line)
{
	demo_say(d, "  UE: %s", line);
	d->registered |= strstr(line, "registered") && !strstr(line, "deregistered") &&
			 !strstr(line, "not registered");
	d->session |= !strncmp(line, "session ", 8) && strstr(line, " interface "); /* it has it by then */
}

static void read_ue(struct demo *d)
{
	ssize_t n = read(d->ue_out, d->ue_text + d->ue_len, sizeof(d->ue_text) - 1 - d->ue_len);
	char *end;

	if (n <= 0)
		return;
	d->ue_len += (size_t)n;
	d->ue_text[d->ue_len] = '\0';
	while ((end = strchr(d->ue_text, '\n')) != NULL) {
		size_t rest = d->ue_len - (size_t)(end + 1 - d->ue_text);

		*end = '\0';
		ue_line(d, d->ue_text);
		memmove(d->ue_text, end + 1, rest + 1);
		d->ue_len = rest;
	}
	if (d->ue_len == sizeof(d->ue_text) - 1)
		d->ue_len = 0;
}

void demo_pump(struct demo *d, int timeout_ms)
{
	struct pollfd p[DEMO_TRACE_FDS + 1];

	for (size_t i = 0; i < DEMO_TRACE_FDS; i++)
		p[i] = (struct pollfd){ .fd = d->trace.fds[i], .events = POLLIN };
	p[DEMO_TRACE_FDS] = (struct pollfd){ .fd = d->ue_out, .events = POLLIN };
	if (poll(p, DEMO_TRACE_FDS + 1, timeout_ms) <= 0)
		return;
	for (size_t i = 0; i < DEMO_TRACE_FDS; i++)
		if (p[i].revents & POLLIN)
			demo_trace_read(&d->trace, i);
	if (p[DEMO_TRACE_FDS].revents & POLLIN)
		read_ue(d);
}
