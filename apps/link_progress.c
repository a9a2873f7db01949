/* The bar that shows how far `freehold link` has come. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "apps/link.h"

enum { REDRAW_MS = 100, COLUMNS_MAX = 200, BAR_MAX = 30, BAR_MIN = 8 };

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void link_progress_begin(struct link_progress *p, bool quiet)
{
	*p = (struct link_progress){ .shown = !quiet && isatty(STDERR_FILENO), .begin_ns = now_ns() };
}

void link_progress_clear(struct link_progress *p)
{
	if (p->shown && p->drawn_ns)
		fputs("\r\033[K", stderr);
	p->point_ns = p->shown ? now_ns() : 0;
}

static unsigned columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col == 0)
		return 80;
	return size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
}

void link_progress_show(
	struct link_progress *p, const struct link_curve *c, const struct link_point *point, double done)
{
	char text[COLUMNS_MAX + 1], bar[BAR_MAX + 1];
	uint64_t now = p->shown ? now_ns() : 0;
	double seconds = (double)(now - p->begin_ns) / 1e9, left = done > 0 ? seconds * (1 - done) / done : 0;
	double here = (double)(now - p->point_ns) / 1e9;
	unsigned width, used, bars = 0;

	if (!p->shown || now - p->drawn_ns < REDRAW_MS * UINT64_C(1000000))
		return;
	p->drawn_ns = now;
	width = columns();
	used = (unsigned)snprintf(text, sizeof(text),
		"%s%s%.2f dB: %llu blocks, %llu errors, %.0f/s, %u:%02u left", c->label,
		c->label[0] ? ", " : "", point->snr_db, (unsigned long long)point->count.blocks,
		(unsigned long long)point->count.errors, here > 0 ? (double)point->count.blocks / here : 0,
		(unsigned)left / 60, (unsigned)left % 60);
	if (used + 4 + BAR_MIN < width)
		bars = width - used - 4 < BAR_MAX ? width - used - 4 : BAR_MAX;
	for (unsigned i = 0; i < bars; i++)
		bar[i] = i < done * bars ? '#' : '.';
	bar[bars] = '\0';
	/* the last column stays free: some terminals wrap behind it */
	fprintf(stderr, "\r\033[K%s%s%s%.*s", bars ? "[" : "", bar, bars ? "] " : "", (int)width - 1, text);
}
