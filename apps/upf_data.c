#include "apps/upf_data.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/upf/data.h"

enum {
	DATA_BURST = 256,
	DATA_ROUNDS = 8,		/* bursts of one side a turn, then the other side has its turn */
	TUN_READS = 64,
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
	struct tun_packet read[TUN_READS];
	uint8_t buffer[TUN_BUFFER];
};

static void send_n3(struct upf_data *d, const struct upf_packet *packets, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct upf_packet *p = &packets[i];

		if (p->verdict == UPF_TO_N3)
			d->out[n++] = (struct udp_packet){ addr_from_v4(p->peer_ip, p->peer_port),
				bytes_of(p->head, p->head_len), bytes_of(p->data, p->len) };
	}
	if (n)
		udp_send_burst(d->n3, d->out, n);
}

static void send_n6(struct upf_data *d, const struct upf_packet *packets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (packets[i].verdict != UPF_TO_N6)
			continue;
		d->n6_out += tun_write(&d->tun, NULL, bytes_of(packets[i].data, packets[i].len));
		d->n6_writes++;
	}
}

static void n3_ready(void *arg, uint32_t events)
{
	struct upf_data *d = arg;
	size_t n = DATA_BURST;

	for (int round = 0; n == DATA_BURST && (round < DATA_ROUNDS || udp_recv_pending(d->n3)); round++) {
		n = udp_recv_burst(d->n3, d->in, DATA_BURST);
		for (size_t i = 0; i < n; i++)
			d->packets[i] = (struct upf_packet){ .data = d->in[i].data.data,
				.len = (uint32_t)d->in[i].data.len, .linear = (uint32_t)d->in[i].data.len,
				.peer_ip = addr_v4(&d->in[i].peer), .peer_port = d->in[i].peer.port };
		upf_data_n3(d->upf, d->packets, n);
		send_n6(d, d->packets, n);
		send_n3(d, d->packets, n);
	}
}

static void n6_ready(void *arg, uint32_t events)
{
	struct upf_data *d = arg;
	size_t n = TUN_READS;

	for (int round = 0; n == TUN_READS && round < DATA_ROUNDS; round++) {
		n = tun_read_burst(&d->tun, d->buffer, sizeof(d->buffer), d->mtu, d->read, TUN_READS);
		d->n6_reads += n;
		d->n6_in += n;
		for (size_t i = 0; i < n; i++)
			d->packets[i] = (struct upf_packet){ .data = d->read[i].data.data,
				.len = (uint32_t)d->read[i].data.len, .linear = (uint32_t)d->read[i].data.len };
		upf_data_n6(d->upf, d->packets, n);
		send_n3(d, d->packets, n);
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
	struct tun_config tun = { .name = c->tun, .vnet_hdr = true, .offload = false };

	n3.port = n3.port ? n3.port : GTPU_UDP_PORT;
	d->n3 = udp_open(&n3, &udp);
	return d->n3 && tun_open(&d->tun, &tun);
}

struct upf_data *upf_data_new(const struct upf_data_config *config, struct upf *upf, struct loop *loop,
	struct bind *bind)
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

	return (struct upf_data_stats){ n3.in, n3.out, d->n6_in, d->n6_out, d->n6_writes, d->n6_reads, n3.send_failed,
		d->tun.write_failed };
}
