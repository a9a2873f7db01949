/* What is on its way along the line: in the order of time, with what befalls it. */
#include "tests/e1_line_internal.h"

enum { DELAY_MS = 2 };

/* In the order of time; E1AP is SCTP's, which loses and repeats nothing but by the fault that is asked for.
 */
static void put_after(struct e1_line *l, const struct e1_message *like, struct bytes octets)
{
	struct e1_message *m = calloc(1, sizeof(*m) + octets.len), **at = &l->first;

	assert_non_null(m);
	*m = *like;
	m->len = octets.len;
	assert_true(bytes_copy(m->octets, octets.len, octets));
	while (*at && (*at)->due_ns <= m->due_ns)
		at = &(*at)->next;
	m->next = *at;
	*at = m;
}

/* One of so many, and which is by chance. */
static bool datagram_is_lost(struct e1_line *l)
{
	l->datagrams = l->datagrams * 1103515245u + 12345u;
	return l->datagram_lost_every && (l->datagrams >> 16) % l->datagram_lost_every == 0;
}

void e1_line_put(struct e1_line *l, enum e1_kind kind, unsigned node, struct bytes octets)
{
	bool e1ap = kind <= E1_DOWN, hit = e1ap && ++l->sent == l->fault_at;
	struct e1_message m = {
		.due_ns = l->env.now_ns + DELAY_MS * (uint64_t)NS_PER_MS, .kind = kind, .node = node
	};
	uint8_t copy[16384];

	if (l->tap)
		l->tap(l, kind, octets);
	if ((kind == E1_F1U_UP && l->mute_du) || (!e1ap && datagram_is_lost(l))) {
		l->lost[kind]++;
		return;
	}
	if (hit && l->fault == E1_LOST)
		return;
	if (hit && l->fault == E1_DAMAGED && octets.len > 0 && bytes_copy(copy, sizeof(copy), octets)) {
		copy[octets.len / 2] ^= 0x55;
		octets = bytes_of(copy, octets.len);
	}
	put_after(l, &m, octets);
	if (hit && l->fault == E1_TWICE)
		put_after(l, &m, octets);
	l->breaks = l->breaks || (hit && l->fault == E1_BROKEN);
	l->restarts = l->restarts || (hit && l->fault == E1_RESTARTED);
}
