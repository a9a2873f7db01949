#include "apps/upf_data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/upf/gso.h"

enum {
	DATA_BURST = 256,
	DATA_MORE = 16,  /* after so many at once there may be more: they are read without asking */
	DATA_ROUNDS = 8, /* bursts of one side a turn, then the other side has its turn */
	TUN_READS = 64,
	IP_HEADER_LEN = 20,
	DATA_GSO_UDP_L4 = 5,             /* VIRTIO_NET_HDR_GSO_UDP_L4, newer than some headers */
	TUN_BUFFER = 4 * TUN_PACKET_MAX, /* what one round of TUN reads may hold */
};

struct upf_data {
	struct loop *loop;
	struct upf *upf;
	struct udp *n3;
	struct tun tun;
	struct loop_watch n3_watch, tun_watch;
	uint32_t mtu;
	uint64_t n6_writes, n6_reads, n6_in, n6_out;
	struct udp_packet in[DATA_BURST], out[DATA_BURST];
	struct upf_packet packets[DATA_BURST];
	struct upf_segment segments[DATA_BURST];
	struct upf_segment *segment_of[DATA_BURST];
	size_t gathered;
	struct tun_packet read[TUN_READS];
	uint8_t buffer[TUN_BUFFER];
};

/* peer NULL: from the TUN. */
static void packet_set(struct upf_packet *p, struct bytes data, const struct addr *peer)
{
	p->data = data.data;
	p->len = p->linear = (uint32_t)data.len;
	p->peer_ip = peer ? addr_v4(peer) : 0;
	p->peer_port = peer ? peer->port : 0;
}

/* The tunnel's header of a segment goes before its own. */
static struct udp_packet segment_out(struct upf_segment *s, const struct upf_packet *p)
{
	uint8_t *at = s->head + UPF_GSO_HEAD_SPACE - p->head_len;

	bytes_copy(at, p->head_len, bytes_of(p->head, p->head_len));
	return (struct udp_packet){ addr_from_v4(p->peer_ip, p->peer_port),
		bytes_of(at, p->head_len + s->head_len), s->payload };
}

/* segments: of each packet, NULL in a packet that is whole; may be NULL. */
static void send_n3(struct upf_data *d, size_t count, struct upf_segment *const *segments)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct upf_packet *p = &d->packets[i];

		if (p->verdict != UPF_TO_N3)
			continue;
		if (segments && segments[i])
			d->out[n++] = segment_out(segments[i], p);
		else
			d->out[n++] = (struct udp_packet){ addr_from_v4(p->peer_ip, p->peer_port),
				bytes_of(p->head, p->head_len), bytes_of(p->data, p->len) };
	}
	if (n)
		udp_send_burst(d->n3, d->out, n);
}

static bool write_run(
	struct upf_data *d, const struct upf_packet *packets, size_t count, const struct upf_run *run)
{
	struct bytes pieces[1 + UPF_GSO_SEGMENTS_MAX];
	struct virtio_net_hdr vnet = { .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = run->kind == UPF_GSO_TCP ? VIRTIO_NET_HDR_GSO_TCPV4 : DATA_GSO_UDP_L4,
		.hdr_len = run->head_len,
		.gso_size = run->segment,
		.csum_start = IP_HEADER_LEN,
		.csum_offset = run->checksum_offset };

	pieces[0] = bytes_of(run->head, run->head_len);
	for (size_t i = 0; i < count; i++)
		pieces[i + 1] = bytes_of(packets[i].data + run->head_len, packets[i].len - run->head_len);
	return tun_write_pieces(&d->tun, &vnet, pieces, count + 1);
}

static void send_n6(struct upf_data *d, size_t count)
{
	struct upf_run run;

	for (size_t i = 0, n; i < count; i += n) {
		const struct upf_packet *p = &d->packets[i];

		n = 1;
		if (p->verdict != UPF_TO_N6)
			continue;
		if (d->tun.tso)
			n = upf_gso_run(p, count - i, &run);
		if (n > 1 && run.kind == UPF_GSO_UDP && !d->tun.uso)
			n = 1;
		d->n6_writes++;
		if (n == 1 ? tun_write(&d->tun, NULL, bytes_of(p->data, p->len)) : write_run(d, p, n, &run))
			d->n6_out += n;
	}
}

static void n3_ready(void *arg, uint32_t events)
{
	struct upf_data *d = arg;
	size_t n = DATA_BURST;

	for (int round = 0; udp_recv_pending(d->n3) || (n >= DATA_MORE && round < DATA_ROUNDS); round++) {
		n = udp_recv_burst(d->n3, d->in, DATA_BURST);
		for (size_t i = 0; i < n; i++)
			packet_set(&d->packets[i], d->in[i].data, &d->in[i].peer);
		upf_data_n3(d->upf, d->packets, n);
		send_n6(d, n);
		send_n3(d, n, NULL);
	}
}

/* Judges and sends what is gathered from the TUN. */
static void n6_flush(struct upf_data *d)
{
	upf_data_n6(d->upf, d->packets, d->gathered);
	send_n3(d, d->gathered, d->segment_of);
	d->n6_in += d->gathered;
	d->gathered = 0;
}

static void n6_gather(struct upf_data *d, struct bytes packet, uint32_t len, struct upf_segment *segment)
{
	struct upf_packet *p = &d->packets[d->gathered];

	packet_set(p, packet, NULL);
	p->len = len;
	d->segment_of[d->gathered++] = segment;
	if (d->gathered == DATA_BURST)
		n6_flush(d);
}

/* A super-packet of TSO or USO: cut here, its segments leave as one GSO message. */
static void n6_super(struct upf_data *d, const struct tun_packet *t)
{
	struct upf_super super = { t->data, UPF_GSO_NONE, t->vnet.gso_size };
	uint8_t type = t->vnet.gso_type & (uint8_t)~VIRTIO_NET_HDR_GSO_ECN;
	size_t at = 0, n = 1;

	super.kind = type == VIRTIO_NET_HDR_GSO_TCPV4 ? UPF_GSO_TCP
		     : type == DATA_GSO_UDP_L4        ? UPF_GSO_UDP
						      : UPF_GSO_NONE;
	while (super.kind != UPF_GSO_NONE && n) {
		struct upf_segment *s = &d->segments[d->gathered];

		n = upf_gso_split(&super, &at, s, DATA_BURST - d->gathered);
		for (size_t i = 0, k = n; i < k; i++)
			n6_gather(d, bytes_of(s[i].head + UPF_GSO_HEAD_SPACE, s[i].head_len),
				s[i].head_len + (uint32_t)s[i].payload.len, &s[i]);
	}
}

static void n6_packet(struct upf_data *d, const struct tun_packet *t)
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
	struct upf_data *d = arg;
	size_t n = TUN_READS;

	for (int round = 0; n == TUN_READS && round < DATA_ROUNDS; round++) {
		n = tun_read_burst(&d->tun, d->buffer, sizeof(d->buffer), d->mtu, d->read, TUN_READS);
		d->n6_reads += n;
		for (size_t i = 0; i < n; i++)
			n6_packet(d, &d->read[i]);
		if (d->gathered)
			n6_flush(d);
	}
}

/* What the room says beside the bursts: end markers. */
static bool send_one_n3(void *arg, const struct msg *m)
{
	struct upf_data *d = arg;
	struct udp_packet p = { m->peer, BYTES_NONE, m->data };

	return udp_send_burst(d->n3, &p, 1) == 1;
}

static bool open_both(struct upf_data *d, const struct upf_data_config *c)
{
	struct addr n3 = c->n3_address;
	struct udp_config udp = { .offload = !c->plain };
	struct tun_config tun = { .name = c->tun, .vnet_hdr = true, .offload = !c->plain };

	n3.port = n3.port ? n3.port : GTPU_UDP_PORT;
	d->n3 = udp_open(&n3, &udp);
	return d->n3 && tun_open(&d->tun, &tun);
}

struct upf_data *upf_data_new(
	const struct upf_data_config *config, struct upf *upf, struct loop *loop, struct bind *bind)
{
	struct upf_data *d = calloc(1, sizeof(*d));
	struct room room = upf_room(upf);

	if (!d)
		return NULL;
	d->loop = loop;
	d->upf = upf;
	d->mtu = config->mtu;
	d->tun.fd = -1;
	d->n3_watch.fd = d->tun_watch.fd = -1;
	if (!open_both(d, config)) {
		upf_data_free(d);
		return NULL;
	}
	d->n3_watch = (struct loop_watch){ udp_fd(d->n3), EPOLLIN, n3_ready, d };
	d->tun_watch = (struct loop_watch){ d->tun.fd, EPOLLIN, n6_ready, d };
	if (!loop_watch(loop, &d->n3_watch) || !loop_watch(loop, &d->tun_watch) ||
		!bind_custom(bind, &room, UPF_PORT_N3, send_one_n3, d)) {
		upf_data_free(d);
		return NULL;
	}
	return d;
}

void upf_data_free(struct upf_data *d)
{
	int error = errno;

	if (!d)
		return;
	if (d->n3_watch.fd >= 0)
		loop_unwatch(d->loop, &d->n3_watch);
	if (d->tun_watch.fd >= 0)
		loop_unwatch(d->loop, &d->tun_watch);
	udp_free(d->n3);
	if (d->tun.fd >= 0)
		tun_close(&d->tun);
	free(d);
	errno = error;
}

const char *upf_data_offload(const struct upf_data *d, char buf[32])
{
	snprintf(buf, 32, "%s%s%s%s", udp_has_gro(d->n3) ? "GRO " : "", udp_has_gso(d->n3) ? "GSO " : "",
		d->tun.tso ? "TSO " : "", d->tun.uso ? "USO " : "");
	return buf[0] ? buf : "none";
}

struct upf_data_stats upf_data_stats(const struct upf_data *d)
{
	struct udp_stats n3 = udp_stats(d->n3);

	return (struct upf_data_stats){ n3.in, n3.out, d->n6_in, d->n6_out, d->n6_writes, d->n6_reads,
		n3.send_failed, d->tun.write_failed };
}
