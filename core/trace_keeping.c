/*
 * The command "trace keep" of the control port: the signalling of all subscribers, as it lies in the ring,
 * for who keeps it over days (the console's keeper). Nothing is decoded here, so watching costs the core a
 * copy.
 *
 *   trace keep, number    from that message on (empty: from the oldest)
 *
 * The answer: the next number, and how many were lost before this page; then of each message whose it is
 * (supi_key), its number, and its entry with its length. What is younger than a moment waits, since whose it
 * is may not be known yet; what is nobody's is left out.
 */
#include <inttypes.h>

#include "base/text.h"
#include "core/internal.h"
#include "core/nf/whose.h"

enum { PAGE_OCTETS = 60000, LOOKED_AT_MAX = 8192, SETTLE_MS = 1500 };

_Static_assert((int)CORE_TRACE_OCTETS_MAX + 1024 < (int)PAGE_OCTETS, "a message fits a page");

static bool put_entry(uint64_t number, const struct trace_entry *e, struct writer *w)
{
	size_t size = sizeof(*e) + e->octets + e->plain;

	if (w->len + size + 20 > PAGE_OCTETS)
		return false;
	writer_u64(w, e->whose);
	writer_u64(w, number);
	writer_u32(w, (uint32_t)size);
	writer_put(w, bytes_of(e, size));
	return true;
}

static void put_page(struct core *core, uint64_t at, struct writer *w)
{
	struct writer entries = writer_of(core->rows, sizeof(core->rows));
	const struct trace_ring *r = &core->trace.ring;
	uint64_t lost = at > 0 && at < r->first ? r->first - at : 0;
	uint64_t until_ns = (env_utc_ms(core->env) - SETTLE_MS) * NS_PER_MS;

	core_trace_settle(core);
	at = at < r->first || at > r->next ? r->first : at; /* beyond: of a core before this one */
	for (unsigned looked = 0; at < r->next && looked < LOOKED_AT_MAX; looked++, at++) {
		const struct trace_entry *e = trace_ring_at(r, at);

		if (e->utc_ns > until_ns ||
			(e->whose && !(e->whose & WHOSE_UNKNOWN) && !put_entry(at, e, &entries)))
			break;
	}
	text_put(w, "ok\n%" PRIu64 " %" PRIu64 "\n", at, lost);
	writer_put(w, writer_bytes(&entries));
}

void core_trace_keep_command(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct bytes place = core_control_line(in);
	uint64_t at = 0;

	if (!core_trace_is_allowed(core, m->uid)) {
		core->trace.stat[CORE_TRACE_REFUSED]++;
		log_access(core->env->log, LOG_ROOM,
			"personal data: uid %u (pid %u) is refused all signalling: it is not in "
			"core.trace_users",
			m->uid, m->pid);
		text_put(w,
			"error\nuser %u may not trace subscribers: name it in core.trace_users of "
			"network.yaml and "
			"restart the core\n",
			m->uid);
	} else if (!core->trace.ring.memory) {
		text_put(w, "error\nthe core keeps no signalling: core.trace_ring_mib is 0\n");
	} else if (place.len > 0 && !text_uint(place, UINT64_MAX, &at)) {
		text_put(w, "error\nexpected the number of a message\n");
	} else {
		if (place.len == 0)
			log_access(core->env->log, LOG_ROOM,
				"personal data: uid %u (pid %u) keeps the signalling of all subscribers",
				m->uid, m->pid);
		put_page(core, at, w);
	}
}
