#include "plane/upf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "plane/lane.h"

#define LOG_ROOM "upf"

enum { TEID_OFFSET = 4 }; /* in a GTP-U message */

struct plane_upf {
	struct upf *upf;
	struct loop *loop;
	struct log *log;
	struct loop_watch noted; /* the workers have notes */
	struct loop_hook turn;
	bool started;
	uint8_t lane_count;
	struct lane *lanes[UPF_WORKERS_MAX];
	uint8_t lan_count;
	struct tun lans[UPF_LANS_MAX];
	struct plane_upf_stats shown;
};

/* What the room sends beside the bursts, end markers: from the control plane's thread. */
static bool send_one_n3(void *arg, const struct msg *m)
{
	struct plane_upf *p = arg;

	return udp_send_one(p->lanes[0]->n3, &m->peer, m->data);
}

static void notes_ready(void *arg, uint32_t events)
{
	struct plane_upf *p = arg;

	lane_hear_bell(p->noted.fd);
	/* Without one of its workers the UPF serves some UEs only: it ends, to be started again. */
	for (uint8_t i = 0; i < p->lane_count; i++)
		if (__atomic_load_n(&p->lanes[i]->failed, __ATOMIC_ACQUIRE))
			loop_fail(p->loop, EBADFD);
	upf_collect_notes(p->upf);
}

/* At the end of each turn: in the first the threads start; what changed is looked at by its worker. */
static void plane_turn_end(void *arg)
{
	struct plane_upf *p = arg;
	uint32_t changed;

	for (uint8_t i = 0; !p->started && i < p->lane_count; i++) {
		struct lane *d = p->lanes[i];

		errno = lane_start(d);
		if (errno) {
			log_error(p->log, "worker %u cannot start: %m", i);
			loop_stop(p->loop);
		}
	}
	p->started = true;
	changed = upf_changed(p->upf);
	for (uint8_t i = 0; changed; i++, changed >>= 1)
		if (changed & 1)
			lane_ring_bell(p->lanes[i]->wake.fd);
}

static bool lane_new(struct plane_upf *p, uint8_t index, const struct plane_upf_config *c)
{
	struct lane *d = calloc(1, sizeof(*d));

	p->lanes[index] = d;
	if (!d)
		return false;
	d->lanes = p->lanes;
	d->lane_count = p->lane_count;
	d->noted_fd = p->noted.fd;
	d->log = p->log;
	d->index = index;
	d->worker = upf_worker_at(p->upf, index);
	d->mtu = c->mtu;
	for (; d->lan_count < p->lan_count; d->lan_count++) {
		d->lans[d->lan_count].tun = p->lans[d->lan_count];
		d->lans[d->lan_count].mtu = c->lan_mtu[d->lan_count];
	}
	d->tun.fd = d->wake.fd = -1;
	return d->worker && lane_open(d, c);
}

static bool plane_open(struct plane_upf *p, const struct plane_upf_config *config, struct bind *bind)
{
	struct room room = upf_room(p->upf);

	p->noted = (struct loop_watch){ eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), EPOLLIN, notes_ready, p };
	if (p->noted.fd < 0 || !loop_watch(p->loop, &p->noted))
		return false;
	for (; p->lan_count < config->lan_count; p->lan_count++)
		if (!tun_open(&p->lans[p->lan_count],
			    &(struct tun_config){ .name = config->lans[p->lan_count], .tap = true }))
			return false;
	for (uint8_t i = 0; i < p->lane_count; i++)
		if (!lane_new(p, i, config))
			return false;
	if (p->lane_count > 1 && !udp_steer(p->lanes[0]->n3, TEID_OFFSET, p->lane_count))
		log_warn(p->log, "N3: packets are not steered to their worker: %m");
	if (p->lane_count > 1 && !tun_steer(&p->lanes[0]->tun, p->lane_count))
		log_warn(p->log, "N6: packets are not steered to their worker: %m");
	return bind_custom(bind, &room, UPF_PORT_N3, send_one_n3, p);
}

struct plane_upf *plane_upf_new(const struct plane_upf_config *config, struct upf *upf, struct loop *loop,
	struct bind *bind, struct log *log)
{
	struct plane_upf *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->upf = upf;
	upf_set_threaded(upf);
	p->loop = loop;
	p->log = log;
	p->lane_count = config->workers ? config->workers : 1;
	p->noted.fd = -1;
	p->turn = (struct loop_hook){ .turn_end = plane_turn_end, .phase = LOOP_FLUSH, .arg = p };
	loop_hook_add(loop, &p->turn);
	loop_again(loop);
	if (p->lane_count <= UPF_WORKERS_MAX && plane_open(p, config, bind))
		return p;
	plane_upf_free(p);
	return NULL;
}

void plane_upf_free(struct plane_upf *p)
{
	int error = errno;

	if (!p)
		return;
	loop_hook_remove(p->loop, &p->turn);
	for (int i = 0; i < UPF_WORKERS_MAX; i++)
		lane_free(p->lanes[i]);
	for (uint8_t i = 0; i < p->lan_count; i++)
		tun_close(&p->lans[i]);
	if (p->noted.fd >= 0) {
		loop_unwatch(p->loop, &p->noted);
		close(p->noted.fd);
	}
	free(p);
	errno = error;
}

const char *plane_upf_offload(const struct plane_upf *p, char buf[32])
{
	const struct lane *d = p->lanes[0];

	snprintf(buf, 32, "%s%s%s%s", udp_has_gro(d->n3) ? "GRO " : "", udp_has_gso(d->n3) ? "GSO " : "",
		d->tun.tso ? "TSO " : "", d->tun.uso ? "USO " : "");
	return buf[0] ? buf : "none";
}

struct plane_upf_stats plane_upf_stats(const struct plane_upf *p)
{
	uint64_t sum[LANE_STATS] = { 0 };

	for (uint8_t i = 0; i < p->lane_count; i++)
		for (int k = 0; k < LANE_STATS; k++)
			sum[k] += __atomic_load_n(&p->lanes[i]->shown[k], __ATOMIC_RELAXED);
	return (struct plane_upf_stats){ sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7] };
}

static const struct stat_def defs[] = {
	{ "n3_packets_in", "packets read from N3" },
	{ "n3_packets_out", "packets sent on N3" },
	{ "n6_packets_in", "packets read from N6" },
	{ "n6_packets_out", "packets written to N6" },
	{ "n6_writes", "writes to N6, each perhaps of many packets" },
	{ "n6_reads", "reads from N6, likewise" },
	{ "n3_failed", "packets that the kernel refused on N3" },
	{ "n6_failed", "packets that the kernel refused on N6" },
};
const struct stat_group plane_upf_group = { "plane", defs, ARRAY_LEN(defs) };
_Static_assert(sizeof(struct plane_upf_stats) == sizeof(uint64_t) * ARRAY_LEN(defs), "a row for each");

void plane_upf_figures(struct plane_upf *p, struct stats_list *l)
{
	p->shown = plane_upf_stats(p);
	stats_add(l, (struct stats){ .group = &plane_upf_group,
			     .values = (const uint64_t *)(const void *)&p->shown });
}
