/* The sessions of a burst of packets, fetched ahead. */
#pragma once

#include "core/upf/table.h"
#include "core/upf/worker.h"

/* What every packet writes: the first bucket and the first counter. */
static inline void upf_prefetch_state(const struct upf_packet *packets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct upf_session *s = packets[i].session;
		const struct upf_rules *r;

		if (!s || (i > 0 && s == packets[i - 1].session))
			continue;
		r = __atomic_load_n(&s->rules, __ATOMIC_ACQUIRE);
		if (r && r->qer_count)
			__builtin_prefetch(upf_rules_qers(r)[0].meter, 1);
		if (r && r->urr_count)
			__builtin_prefetch(upf_rules_urrs(r)[0], 1);
	}
}

/* The session of each packet, fetched ahead in steps: table, session, rules. */
static inline void upf_find_sessions(
	const struct upf_table *t, struct upf_packet *packets, struct upf_key *key, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool same = i > 0 && upf_key_equal(&key[i], &key[i - 1]);

		packets[i].session = same ? packets[i - 1].session : upf_table_find(t, key[i]);
		if (!same && packets[i].session)
			__builtin_prefetch(packets[i].session);
	}
	for (size_t i = 0; i < count; i++) {
		const struct upf_session *s = packets[i].session;
		const char *r;

		if (!s || (i > 0 && s == packets[i - 1].session))
			continue;
		r = (const char *)__atomic_load_n(&s->rules, __ATOMIC_ACQUIRE);
		for (int line = 0; r && line < 6; line++)
			__builtin_prefetch(r + line * 64);
	}
	upf_prefetch_state(packets, count);
}
