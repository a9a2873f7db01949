/* What a crowd does, and the datagrams that the data network sends it. */
#include <stdio.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "tests/scenario/scenario.h"

enum {
	SERVER = 0x08080808,
	DATAGRAMS_MAX = 4096, /* on their way in the data network; more are lost */
	DATAGRAM_MAX = 128,
	IPV4 = 20,
	UDP = 8,
	PORT = 9,
	UDP_PROTOCOL = 17
};

struct scn_datagrams {
	size_t first, count;
	struct datagram {
		size_t len;
		uint8_t octets[DATAGRAM_MAX];
	} ring[DATAGRAMS_MAX];
};

bool scn_crowd_starts(struct scn *s, const struct scn_args *a)
{
	if (!s->crowd)
		return scn_fail(s, "there is no crowd");
	crowd_start(s->crowd);
	sim_settle(s->crowd_node);
	return true;
}

/* Rates are of a thousand UEs. */
bool scn_crowd_lives(struct scn *s, const struct scn_args *a)
{
	struct crowd_mix mix = { .seconds = (uint32_t)(a->n[0] / MS_PER_S) };

	if (!s->crowd)
		return scn_fail(s, "there is no crowd");
	if (!scn_options_known(s, a, "register idle service page handover path-switch traffic deregister"))
		return false;
	for (unsigned task = 0; task < CROWD_TASKS; task++) {
		const char *rate = scn_option(a, crowd_task_names[task]);

		if (rate && !scn_number(rate, &mix.per_1000_s[task]))
			return scn_fail(s, "%s: so many in 1000 s", crowd_task_names[task]);
		mix.per_1000_s[task] = mix.per_1000_s[task] * crowd_numbers(s->crowd).begun / 1000;
	}
	crowd_live(s->crowd, &mix);
	sim_settle(s->crowd_node);
	return true;
}

bool scn_crowd_leaves(struct scn *s, const struct scn_args *a)
{
	if (!s->crowd)
		return scn_fail(s, "there is no crowd");
	crowd_leave(s->crowd);
	sim_settle(s->crowd_node);
	return true;
}

static struct datagram *datagram_new(struct scn *s)
{
	struct scn_datagrams *q = s->datagrams;

	if (!q)
		q = s->datagrams = calloc(1, sizeof(*q));
	if (!q || q->count == DATAGRAMS_MAX)
		return NULL;
	return &q->ring[(q->first + q->count++) % DATAGRAMS_MAX];
}

/* From the data network to a UE: an IP packet of it. */
void scn_datagram_down(struct scn *s, const struct msg *m)
{
	struct datagram *d = m->data.len <= DATAGRAM_MAX - IPV4 - UDP ? datagram_new(s) : NULL;
	struct writer w;

	if (!d)
		return;
	w = writer_of(d->octets, sizeof(d->octets));
	writer_u32(&w, 0x45000000 | (uint32_t)(IPV4 + UDP + m->data.len));
	writer_u32(&w, 0);
	writer_u32(&w, 64u << 24 | UDP_PROTOCOL << 16);
	writer_u32(&w, SERVER);
	writer_u32(&w, addr_v4(&m->peer));
	writer_u32(&w, PORT << 16 | PORT);
	writer_u32(&w, (uint32_t)(UDP + m->data.len) << 16);
	writer_put(&w, m->data);
	d->len = w.len;
}

void scn_datagrams_deliver(struct scn *s)
{
	struct scn_datagrams *q = s->datagrams;

	while (q && q->count > 0) {
		struct datagram d = q->ring[q->first];
		struct msg m = { .kind = MSG_DATA, .port = UPF_PORT_N6, .data = bytes_of(d.octets, d.len) };

		q->first = (q->first + 1) % DATAGRAMS_MAX;
		q->count--;
		if (s->upf)
			sim_deliver(s->upf_node, &m);
	}
}
