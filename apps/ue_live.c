#include "apps/ue_live.h"

#include <math.h>
#include <stdio.h>

#include "base/room.h"

/* Counters begin again in another cell. */
static uint64_t since(uint64_t now, uint64_t before)
{
	return now >= before ? now - before : now;
}

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void print_line(struct ue_live *l)
{
	struct ue_air_state s = ue_host_air_state(l->host), *b = &l->before;
	uint64_t dl = since(s.dl_blocks, b->dl_blocks), bad = since(s.dl_errors, b->dl_errors);
	uint64_t ul = since(s.ul_blocks, b->ul_blocks), again = since(s.ul_repeated, b->ul_repeated);

	if (l->prefix)
		printf("%s: ", l->prefix);
	if (s.camped)
		printf("air PCI %u  SNR %.1f dB  offset %ld Hz  N_TA %u  down %.2f Mb/s, %llu blocks, "
		       "%.1f%% in "
		       "error  up %.2f Mb/s, %llu blocks, %.1f%% again\n",
			s.pci, (double)s.snr_db, lround(s.cfo_hz), s.advance_tc,
			(double)since(s.down_octets, b->down_octets) * 8e-6, (unsigned long long)dl,
			percent(bad, dl + bad), (double)since(s.up_octets, b->up_octets) * 8e-6,
			(unsigned long long)ul, percent(again, ul + again));
	else
		printf("air no cell\n");
	l->before = s;
}

static uint64_t next_ns(void *arg)
{
	return ((struct ue_live *)arg)->due_ns;
}

static void due(void *arg, uint64_t now_ns)
{
	struct ue_live *l = arg;

	print_line(l);
	l->due_ns = now_ns + NS_PER_S;
}

void ue_live_begin(struct ue_live *l, struct loop *loop, const struct ue_host *host, const char *prefix)
{
	*l = (struct ue_live){ .hook = { next_ns, due, NULL, LOOP_FLUSH, l, NULL },
		.loop = loop,
		.host = host,
		.prefix = prefix,
		.due_ns = loop_now_ns(loop) + NS_PER_S };
	loop_hook_add(loop, &l->hook);
}

void ue_live_end(struct ue_live *l)
{
	if (l->loop)
		loop_hook_remove(l->loop, &l->hook);
	l->loop = NULL;
}
