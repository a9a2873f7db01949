#include "plane/lane.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LOG_ROOM "upf"

enum {
	DATA_MORE = 16,      /* after so many at once there may be more: they are read without asking */
	DATA_ROUNDS = 8,     /* bursts of one side a turn, then the other side has its turn */
	DATA_GSO_UDP_L4 = 5, /* VIRTIO_NET_HDR_GSO_UDP_L4, newer than some headers */
};

void lane_ring_bell(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) < 0) /* full: it is awake anyway */
		errno = 0;
}

void lane_hear_bell(int fd)
{
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0)
		errno = 0;
}

/* peer NULL: from the TUN. */
static void packet_set(struct upf_packet *p, struct bytes data, const struct addr *peer, uint8_t tos)
{
	p->data = data.data;
	p->len = p->linear = (uint32_t)data.len;
	p->peer = peer ? ip_from_addr(peer) : IP_NONE;
	p->peer_port = peer ? peer->port : 0;
	p->lan = 0;
	p->tos = tos;
}

/* The tunnel's header of a segment goes before its own, or in place of one that it came in. */
static struct udp_packet segment_out(struct upf_segment *s, const struct upf_packet *p)
{
	uint8_t *at = s->head + UPF_GSO_HEAD_SPACE + p->outer - p->head_len;

	bytes_copy(at, p->head_len, bytes_of(p->head, p->head_len));
	return (struct udp_packet){ ip_to_addr(p->peer, p->peer_port),
		bytes_of(at, p->head_len + s->head_len - p->outer), s->payload, p->tos };
}

/* segments: of each packet, NULL in a packet that is whole; may be NULL. */
static void send_n3(struct lane *d, size_t count, struct upf_segment *const *segments)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct upf_packet *p = &d->packets[i];

		if (p->verdict != UPF_TO_N3)
			continue;
		if (segments && segments[i])
			d->out[n++] = segment_out(segments[i], p);
		else
			d->out[n++] = (struct udp_packet){ ip_to_addr(p->peer, p->peer_port),
				bytes_of(p->head, p->head_len), bytes_of(p->data, p->len), p->tos };
	}
	if (n)
		udp_send_burst(d->n3, d->out, n);
}

static bool write_run(
	struct lane *d, const struct upf_packet *packets, size_t count, const struct upf_run *run)
{
	struct bytes pieces[1 + UPF_GSO_SEGMENTS_MAX];
	uint8_t tcp = run->ipv6 ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4;
	struct virtio_net_hdr vnet = { .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = run->kind == UPF_GSO_TCP ? tcp : DATA_GSO_UDP_L4,
		.hdr_len = run->head_len,
		.gso_size = run->segment,
		.csum_start = run->checksum_start,
		.csum_offset = run->checksum_offset };

	pieces[0] = bytes_of(run->head, run->head_len);
	for (size_t i = 0; i < count; i++)
		pieces[i + 1] = bytes_of(packets[i].data + run->head_len, packets[i].len - run->head_len);
	return tun_write_pieces(&d->tun, &vnet, pieces, count + 1);
}

static bool write_n6(struct lane *d, const struct upf_packet *p)
{
	const struct bytes pieces[] = { bytes_of(p->head, p->head_len), bytes_of(p->data, p->len) };

	return tun_write_pieces(&d->tun, NULL, pieces, ARRAY_LEN(pieces));
}

static void send_n6(struct lane *d, size_t count)
{
	struct upf_run run;

	for (size_t i = 0, n; i < count; i += n) {
		const struct upf_packet *p = &d->packets[i];

		n = 1;
		if (p->verdict != UPF_TO_N6)
			continue;
		if (p->lan) {
			d->n6_writes++;
			d->n6_out += tun_write(&d->lans[p->lan - 1].tun, NULL, bytes_of(p->data, p->len));
			continue;
		}
		if (d->tun.tso)
			n = upf_gso_run(p, count - i, &run);
		if (n > 1 && run.kind == UPF_GSO_UDP && !d->tun.uso)
			n = 1;
		d->n6_writes++;
		if (n == 1 ? write_n6(d, p) : write_run(d, p, n, &run))
			d->n6_out += n;
	}
}

static void n3_ready(void *arg, uint32_t events)
{
	struct lane *d = arg;
	size_t n = LANE_BURST;

	for (int round = 0; udp_recv_pending(d->n3) || (n >= DATA_MORE && round < DATA_ROUNDS); round++) {
		n = udp_recv_burst(d->n3, d->in, LANE_BURST);
		for (size_t i = 0; i < n; i++)
			packet_set(&d->packets[i], d->in[i].data, &d->in[i].peer, d->in[i].tos);
		upf_worker_begin(d->worker, loop_now_ns(d->loop));
		upf_worker_n3(d->worker, d->packets, n);
		send_n6(d, n);
		send_n3(d, n, NULL);
		upf_worker_end(d->worker);
	}
}

/* Judges and sends what is gathered from the TUN. */
static void n6_flush(struct lane *d)
{
	upf_worker_begin(d->worker, loop_now_ns(d->loop));
	upf_worker_n6(d->worker, d->packets, d->gathered);
	send_n3(d, d->gathered, d->segment_of);
	upf_worker_end(d->worker);
	d->n6_in += d->gathered;
	d->gathered = 0;
}

static void n6_gather(struct lane *d, struct bytes packet, uint32_t len, struct upf_segment *segment)
{
	struct upf_packet *p = &d->packets[d->gathered];

	packet_set(p, packet, NULL, 0);
	p->len = len;
	p->rest = segment ? segment->payload.data : NULL;
	d->segment_of[d->gathered++] = segment;
	if (d->gathered == LANE_BURST)
		n6_flush(d);
}

/* A super-packet of TSO or USO: cut here, its segments leave as one GSO message. */
static void n6_super(struct lane *d, const struct tun_packet *t)
{
	struct upf_super super = { t->data, UPF_GSO_NONE, t->vnet.gso_size };
	uint8_t type = t->vnet.gso_type & (uint8_t)~VIRTIO_NET_HDR_GSO_ECN;
	size_t at = 0, n = 1;

	if (type == VIRTIO_NET_HDR_GSO_TCPV4 || type == VIRTIO_NET_HDR_GSO_TCPV6)
		super.kind = UPF_GSO_TCP;
	else if (type == DATA_GSO_UDP_L4)
		super.kind = UPF_GSO_UDP;
	while (super.kind != UPF_GSO_NONE && n) {
		struct upf_segment *s = &d->segments[d->gathered];

		n = upf_gso_split(&super, &at, s, LANE_BURST - d->gathered);
		for (size_t i = 0, k = n; i < k; i++)
			n6_gather(d, bytes_of(s[i].head + UPF_GSO_HEAD_SPACE, s[i].head_len),
				s[i].head_len + (uint32_t)s[i].payload.len, &s[i]);
	}
}

static void n6_packet(struct lane *d, const struct tun_packet *t)
{
	if (t->vnet.gso_type != VIRTIO_NET_HDR_GSO_NONE) {
		n6_super(d, t);
		return;
	}
	if (t->vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM && /* the buffer is ours */
		!upf_checksum_complete((uint8_t *)(uintptr_t)t->data.data, t->data.len, t->vnet.csum_start,
			t->vnet.csum_offset))
		return;
	n6_gather(d, t->data, (uint32_t)t->data.len, NULL);
}

static void n6_ready(void *arg, uint32_t events)
{
	struct lane *d = arg;
	size_t n = LANE_TUN_READS;

	for (int round = 0; n == LANE_TUN_READS && round < DATA_ROUNDS; round++) {
		n = tun_read_burst(&d->tun, d->buffer, sizeof(d->buffer), d->mtu, d->read, LANE_TUN_READS);
		d->n6_reads += n;
		for (size_t i = 0; i < n; i++)
			n6_packet(d, &d->read[i]);
		if (d->gathered)
			n6_flush(d);
	}
}

static void lan_ready(void *arg, uint32_t events)
{
	struct lane_lan *l = arg;
	struct lane *d = l->lane;
	size_t n = LANE_TUN_READS;

	for (int round = 0; n == LANE_TUN_READS && round < DATA_ROUNDS; round++) {
		n = tun_read_burst(&l->tun, d->buffer, sizeof(d->buffer), l->mtu + LANE_FRAME_HEADER_MAX,
			d->read, LANE_TUN_READS);
		for (size_t i = 0; i < n; i++) {
			packet_set(&d->packets[i], d->read[i].data, NULL, 0);
			d->packets[i].lan = (uint8_t)(l - d->lans + 1);
		}
		upf_worker_begin(d->worker, loop_now_ns(d->loop));
		upf_worker_lan(d->worker, d->packets, n);
		send_n3(d, n, NULL);
		upf_worker_end(d->worker);
		d->n6_in += n;
		d->n6_reads += n;
	}
}

/* What other workers have received for this one, and copies of frames for several sessions. */
static void take_handed(struct lane *d)
{
	size_t n;

	do {
		upf_worker_begin(d->worker, loop_now_ns(d->loop));
		n = upf_worker_take(d->worker, d->packets, LANE_BURST);
		send_n6(d, n);
		send_n3(d, n, NULL);
		upf_worker_end(d->worker);
	} while (n);
}

/* What has waited for a maximum bit rate. */
static void waited(void *arg, uint64_t now_ns)
{
	struct lane *d = arg;
	size_t n;

	do {
		upf_worker_begin(d->worker, now_ns);
		n = upf_worker_due(d->worker, d->packets, LANE_BURST);
		send_n6(d, n);
		send_n3(d, n, NULL);
		upf_worker_end(d->worker);
	} while (n);
}

/* What waited for a tunnel. */
static void send_released(struct lane *d)
{
	size_t n;

	do {
		upf_worker_begin(d->worker, loop_now_ns(d->loop));
		n = upf_worker_release(d->worker, d->packets, LANE_BURST);
		send_n3(d, n, NULL);
		upf_worker_end(d->worker);
	} while (n);
}

static uint64_t waits_until(void *arg)
{
	return upf_worker_next_ns(((struct lane *)arg)->worker);
}

static void show_stats(struct lane *d)
{
	struct udp_stats n3 = udp_stats(d->n3);
	const uint64_t now[LANE_STATS] = { n3.in, n3.out, d->n6_in, d->n6_out, d->n6_writes, d->n6_reads,
		n3.send_failed, d->tun.write_failed };

	for (int i = 0; i < LANE_STATS; i++)
		__atomic_store_n(&d->shown[i], now[i], __ATOMIC_RELAXED);
}

/* Wakes those for whom there is something. */
static void lane_turn_end(void *arg)
{
	struct lane *d = arg;
	uint32_t handed;

	if (d->lane_count > 1 || d->lan_count)
		take_handed(d);
	send_released(d);
	handed = upf_worker_handed(d->worker);
	for (uint8_t i = 0; handed; i++, handed >>= 1)
		if (handed & 1)
			lane_ring_bell(d->lanes[i]->wake.fd);
	if (upf_worker_noted(d->worker))
		lane_ring_bell(d->noted_fd);
	show_stats(d);
}

static void lane_woken(void *arg, uint32_t events)
{
	struct lane *d = arg;

	lane_hear_bell(d->wake.fd);
	if (__atomic_load_n(&d->stop, __ATOMIC_ACQUIRE))
		loop_stop(d->loop);
}

static void *lane_run(void *arg)
{
	struct lane *d = arg;
	char name[16];

	snprintf(name, sizeof(name), "upf-%u", d->index);
	prctl(PR_SET_NAME, name);
	if (!loop_run(d->loop)) {
		log_error(d->log, "worker %u has stopped: %m (is its interface gone?)", d->index);
		__atomic_store_n(&d->failed, true, __ATOMIC_RELEASE);
		lane_ring_bell(d->noted_fd);
	}
	return NULL;
}

bool lane_open(struct lane *d, const struct plane_upf_config *c)
{
	bool several = d->lane_count > 1;
	struct addr n3 = c->n3_address;
	struct udp_config udp = { .offload = !c->plain, .tos = true, .reuse_port = several };
	struct tun_config tun = {
		.name = c->tun, .vnet_hdr = true, .offload = !c->plain, .multi_queue = several
	};

	n3.port = n3.port ? n3.port : GTPU_UDP_PORT;
	d->n3 = udp_open(&n3, &udp);
	if (!d->n3 || !tun_open(&d->tun, &tun))
		return false;
	d->loop = loop_new();
	d->wake.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (!d->loop || d->wake.fd < 0)
		return false;
	d->turn = (struct loop_hook){ .next_ns = waits_until,
		.due = waited,
		.turn_end = lane_turn_end,
		.phase = LOOP_FLUSH,
		.arg = d };
	loop_hook_add(d->loop, &d->turn);
	d->n3_watch = (struct loop_watch){ udp_fd(d->n3), EPOLLIN, n3_ready, d };
	d->tun_watch = (struct loop_watch){ d->tun.fd, EPOLLIN, n6_ready, d };
	d->wake = (struct loop_watch){ d->wake.fd, EPOLLIN, lane_woken, d };
	for (uint8_t i = 0; i < d->lan_count; i++) {
		struct lane_lan *l = &d->lans[i];

		l->lane = d;
		l->watch = (struct loop_watch){ l->tun.fd, EPOLLIN, lan_ready, l };
		if (i % d->lane_count == d->index && !loop_watch(d->loop, &l->watch))
			return false;
	}
	return loop_watch(d->loop, &d->n3_watch) && loop_watch(d->loop, &d->tun_watch) &&
	       loop_watch(d->loop, &d->wake);
}

int lane_start(struct lane *d)
{
	int error = pthread_create(&d->thread, NULL, lane_run, d);

	d->started = error == 0;
	return error;
}

void lane_free(struct lane *d)
{
	if (!d)
		return;
	if (d->started) {
		__atomic_store_n(&d->stop, true, __ATOMIC_RELEASE);
		lane_ring_bell(d->wake.fd);
		pthread_join(d->thread, NULL);
	}
	loop_free(d->loop);
	udp_free(d->n3);
	if (d->tun.fd >= 0)
		tun_close(&d->tun);
	if (d->wake.fd >= 0)
		close(d->wake.fd);
	free(d);
}
