/* The bar that shows how far `freehold link` has come. */
#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "air/link.h"

enum { REDRAW_MS = 100, COLUMNS_MAX = 200, BAR_MAX = 30, BAR_MIN = 8 };

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void link_progress_begin(struct link_progress *p, bool quiet)
{
	*p = (struct link_progress){ .shown = !quiet && isatty(STDERR_FILENO) };
}

void link_progress_clear(struct link_progress *p, uint64_t blocks)
{
	if (p->shown && p->drawn_ns)
		fputs("\r\033[K", stderr);
	p->point_ns = p->shown ? now_ns() : 0;
	p->blocks += (double)blocks;
}

static unsigned columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col == 0)
		return 80;
	return size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
}

static void draw(const char *text, unsigned used, double done)
{
	char bar[BAR_MAX + 1];
	unsigned width = columns(), bars = 0;

	if (used + 4 + BAR_MIN < width)
		bars = width - used - 4 < BAR_MAX ? width - used - 4 : BAR_MAX;
	for (unsigned i = 0; i < bars; i++)
		bar[i] = i < done * bars ? '#' : '.';
	bar[bars] = '\0';
	/* the last column stays free: some terminals wrap behind it */
	fprintf(stderr, "\r\033[K%s%s%s%.*s", bars ? "[" : "", bar, bars ? "] " : "", (int)width - 1, text);
}

void link_progress_show(
	struct link_progress *p, const char *label, const struct link_point *point, double left)
{
	char text[COLUMNS_MAX + 1];
	uint64_t now = p->shown ? now_ns() : 0;
	double blocks = (double)point->count.blocks,
	       done = (p->blocks + blocks) / (p->blocks + blocks + left);
	double rate = blocks / fmax(1e-3, (double)(now - p->point_ns) / 1e9),
	       seconds = fmin(left / rate, 1e7);
	int used;

	if (!p->shown || now - p->drawn_ns < REDRAW_MS * UINT64_C(1000000))
		return;
	p->drawn_ns = now;
	used = snprintf(text, sizeof(text), "%s%s%.2f dB: %.0f blocks, %llu errors, %.0f/s, %.0f:%02.0f left",
		label, label[0] ? ", " : "", point->snr_db, blocks, (unsigned long long)point->count.errors,
		rate, floor(seconds / 60), floor(fmod(seconds, 60)));
	draw(text, (unsigned)used, done);
}
