#include "core/upf/internal.h"

#include <stdlib.h>

enum { PACKET_MAX = 65535 };

static bool config_usable(const struct upf_config *c)
{
	return c->n4_address.len == 4 && c->n3_address.len == 4 && c->smf_count > 0 &&
	       c->smf_count <= UPF_SMFS_MAX && c->gnb_count <= UPF_GNB_PREFIXES_MAX &&
	       c->pool_count <= UPF_POOLS_MAX && c->dnn_count <= UPF_DNNS_MAX &&
	       c->protected_count <= UPF_PROTECTED_MAX - 2 && c->sessions_max <= UPF_SESSIONS_MAX;
}

static uint64_t random_u64(struct env *env)
{
	return (uint64_t)env_random_u32(env) << 32 | env_random_u32(env);
}

static bool data_init(struct upf *upf)
{
	struct upf_plane *d = &upf->data;

	upf_epoch_init(&d->epoch);
	d->reader = upf_epoch_reader(&d->epoch);
	return upf_table_init(&d->by_teid, random_u64(upf->env), &d->epoch) &&
	       upf_table_init(&d->by_ue_ip, random_u64(upf->env), &d->epoch) &&
	       upf_table_init(&d->by_tunnel, random_u64(upf->env), &d->epoch);
}

struct upf *upf_new(const struct upf_config *config, struct env *env)
{
	struct upf *upf;

	if (!config_usable(config))
		return NULL;
	upf = aligned_alloc(64, (sizeof(*upf) + 63) & ~(size_t)63);
	if (!upf)
		return NULL;
	memset(upf, 0, sizeof(*upf));
	upf->env = env;
	upf->config = *config;
	upf->config.protected[upf->config.protected_count++] =
		(struct prefix4){ addr_v4(&config->n3_address), 32 };
	upf->config.protected[upf->config.protected_count++] =
		(struct prefix4){ addr_v4(&config->n4_address), 32 };
	upf->recovery = pfcp_time(env);
	upf->start_ns = env_now_ns(env);
	list_init(&upf->pending);
	for (int i = 0; i < UPF_SMFS_MAX; i++)
		list_init(&upf->smfs[i].sessions);
	timers_init(&upf->timers, upf);
	if (!upf->config.sessions_max)
		upf->config.sessions_max = UPF_SESSIONS;
	pool_init(&upf->sessions, sizeof(struct upf_session), upf->config.sessions_max);
	pool_init(&upf->meters, sizeof(struct upf_meter), UINT32_MAX);
	pool_init(&upf->urrs, sizeof(struct upf_urr), UINT32_MAX);
	if (data_init(upf) && upf_associations_init(upf))
		return upf;
	upf_free(upf);
	return NULL;
}

void upf_free(struct upf *upf)
{
	if (!upf)
		return;
	for (int i = 0; i < UPF_SMFS_MAX; i++)
		upf_delete_all(upf, &upf->smfs[i]);
	upf_epoch_fini(&upf->data.epoch);
	upf_table_fini(&upf->data.by_teid);
	upf_table_fini(&upf->data.by_ue_ip);
	upf_table_fini(&upf->data.by_tunnel);
	pfcp_node_free(upf->pfcp);
	pool_fini(&upf->sessions);
	pool_fini(&upf->meters);
	pool_fini(&upf->urrs);
	timers_fini(&upf->timers);
	free(upf);
}

/* The packet that leaves on a port, in one piece. */
static void send_packet(struct upf *upf, uint16_t port, const struct addr *to, const struct upf_packet *p)
{
	uint8_t *whole = malloc(p->head_len + p->len);
	struct writer w = writer_of(whole, p->head_len + p->len);

	if (!whole)
		return;
	writer_put(&w, bytes_of(p->head, p->head_len));
	writer_put(&w, bytes_of(p->data, p->len));
	outbox_send_to(upf->env->outbox, port, to, writer_bytes(&w));
	free(whole);
}

/* The data path by messages: for tests and simulations. */
static void on_packet(struct upf *upf, const struct msg *m)
{
	struct upf_packet p = { .data = m->data.data,
		.len = (uint32_t)m->data.len,
		.linear = (uint32_t)m->data.len,
		.peer_ip = addr_v4(&m->peer),
		.peer_port = m->peer.port };
	struct addr to = { 0 };

	if (m->data.len == 0 || m->data.len > PACKET_MAX)
		return;
	if (m->port == UPF_PORT_N3)
		upf_data_n3(upf, &p, 1);
	else
		upf_data_n6(upf, &p, 1);
	if (p.verdict == UPF_TO_N6)
		send_packet(upf, UPF_PORT_N6, &to, &p);
	to = addr_from_v4(p.peer_ip, p.peer_port);
	if (p.verdict == UPF_TO_N3)
		send_packet(upf, UPF_PORT_N3, &to, &p);
}

static void on_msg(void *self, const struct msg *m)
{
	struct upf *upf = self;

	if (m->kind != MSG_DATA)
		return;
	if (m->port == UPF_PORT_N4)
		pfcp_receive(upf->pfcp, m);
	else if (m->port == UPF_PORT_N3 || m->port == UPF_PORT_N6)
		on_packet(upf, m);
}

static uint64_t next_deadline_ns(void *self)
{
	return timers_next_ns(&((struct upf *)self)->timers);
}

static void on_deadline(void *self, uint64_t now_ns)
{
	struct upf *upf = self;

	timers_run(&upf->timers, now_ns);
	upf_epoch_collect(&upf->data.epoch);
}

struct room upf_room(struct upf *upf)
{
	static const struct room_ops ops = { on_msg, next_deadline_ns, on_deadline };

	return (struct room){ &ops, upf };
}

void upf_pfcp_stats(const struct upf *upf, struct stats *out)
{
	pfcp_stats(upf->pfcp, out);
}

struct upf_numbers upf_numbers(const struct upf *upf)
{
	struct upf_numbers n = { .sessions = upf->sessions.used, .sessions_max = upf->config.sessions_max };

	for (int i = 0; i < UPF_SMFS_MAX; i++)
		n.smfs_associated += upf->smfs[i].associated;
	n.session_octets = upf->rules_octets + (uint64_t)upf->sessions.used * upf->sessions.record_size +
			   (uint64_t)upf->meters.used * upf->meters.record_size +
			   (uint64_t)upf->urrs.used * upf->urrs.record_size +
			   (upf->data.by_teid.slots->mask + upf->data.by_ue_ip.slots->mask +
				   upf->data.by_tunnel.slots->mask + 3) *
				   sizeof(struct upf_bucket);
	return n;
}
