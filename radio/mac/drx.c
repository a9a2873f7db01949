#include "radio/mac/drx.h"

enum { MS = 1000000, US = 1000, SYMBOLS = 14 };

bool mac_drx_same(const struct mac_drx_config *a, const struct mac_drx_config *b)
{
	return a->there == b->there && a->on_us == b->on_us && a->slot_offset_us == b->slot_offset_us &&
	       a->inactivity_ms == b->inactivity_ms && a->cycle_ms == b->cycle_ms &&
	       a->offset_ms == b->offset_ms && a->short_ms == b->short_ms &&
	       a->short_cycles == b->short_cycles && a->rtt_dl_symbols == b->rtt_dl_symbols &&
	       a->rtt_ul_symbols == b->rtt_ul_symbols && a->again_dl_slots == b->again_dl_slots &&
	       a->again_ul_slots == b->again_ul_slots;
}

void mac_drx_init(struct mac_drx *d, const struct mac_drx_config *c, uint64_t slot_ns)
{
	*d = (struct mac_drx){ .config = *c, .slot_ns = slot_ns };
}

/* The inactivity timer, or a command, has ended: the short cycle is used for a while, if there is one. */
static void begin_short(struct mac_drx *d, uint64_t now_ns)
{
	const struct mac_drx_config *c = &d->config;

	if (c->short_ms > 0)
		d->short_until_ns = now_ns + (uint64_t)c->short_ms * c->short_cycles * MS;
}

void mac_drx_slot(struct mac_drx *d, unsigned subframe, unsigned slot_of_subframe, uint64_t now_ns)
{
	const struct mac_drx_config *c = &d->config;
	uint64_t into_ns = slot_of_subframe * d->slot_ns, offset_ns = (uint64_t)c->slot_offset_us * US;
	unsigned cycle, offset;

	if (!c->there)
		return;
	if (d->inactive_ns > 0 && d->inactive_ns <= now_ns) {
		begin_short(d, d->inactive_ns);
		d->inactive_ns = 0;
	}
	if (d->short_until_ns <= now_ns)
		d->short_until_ns = 0;
	cycle = d->short_until_ns ? c->short_ms : c->cycle_ms;
	offset = d->short_until_ns ? c->offset_ms % c->short_ms : c->offset_ms;
	/* The first slot that begins with the offset or behind it. */
	if (subframe % cycle == offset && into_ns >= offset_ns && into_ns < offset_ns + d->slot_ns)
		d->on_until_ns = now_ns - (into_ns - offset_ns) + (uint64_t)c->on_us * US;
}

static bool is_within(const struct mac_drx_again *w, uint64_t now_ns)
{
	return w->from_ns <= now_ns && now_ns < w->until_ns;
}

bool mac_drx_is_active(const struct mac_drx *d, uint64_t now_ns)
{
	bool active = !d->config.there || now_ns < d->on_until_ns || now_ns < d->inactive_ns;

	for (unsigned i = 0; i < MAC_DRX_PROCESSES && !active; i++)
		active = is_within(&d->dl[i], now_ns) || is_within(&d->ul[i], now_ns);
	return active;
}

/* It runs from behind the PDCCH, which is some symbols into the slot. */
void mac_drx_new(struct mac_drx *d, uint64_t now_ns)
{
	d->inactive_ns = now_ns + (uint64_t)d->config.inactivity_ms * MS + d->slot_ns / SYMBOLS;
}

static struct mac_drx_again window(
	const struct mac_drx *d, uint64_t end_ns, unsigned rtt_symbols, unsigned slots)
{
	uint64_t from_ns = end_ns + rtt_symbols * d->slot_ns / SYMBOLS;

	return (struct mac_drx_again){ from_ns, from_ns + slots * d->slot_ns };
}

void mac_drx_answered(struct mac_drx *d, uint8_t process, bool decoded, uint64_t end_ns)
{
	d->dl[process % MAC_DRX_PROCESSES] =
		decoded ? (struct mac_drx_again){ 0, 0 }
			: window(d, end_ns, d->config.rtt_dl_symbols, d->config.again_dl_slots);
}

void mac_drx_sent(struct mac_drx *d, uint8_t process, uint64_t end_ns)
{
	d->ul[process % MAC_DRX_PROCESSES] =
		window(d, end_ns, d->config.rtt_ul_symbols, d->config.again_ul_slots);
}

void mac_drx_command(struct mac_drx *d, bool long_cycle, uint64_t now_ns)
{
	d->on_until_ns = d->inactive_ns = d->short_until_ns = 0;
	if (!long_cycle)
		begin_short(d, now_ns);
}

void mac_drx_unsure(struct mac_drx *d)
{
	d->inactive_ns = d->short_until_ns = 0;
}
