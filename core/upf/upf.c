#include "core/upf/internal.h"

#include <stdlib.h>

enum { PACKET_MAX = 65535 };

static bool config_usable(const struct upf_config *c)
{
	return c->n4_address.len == 4 && c->n3_address.len == 4 && c->smf_count > 0 &&
	       c->smf_count <= UPF_SMFS_MAX && c->gnb_count <= UPF_GNB_PREFIXES_MAX &&
	       c->pool_count <= UPF_POOLS_MAX && c->pool6_count <= UPF_POOLS_MAX &&
	       c->protected6_count <= UPF_PROTECTED_MAX && c->dnn_count <= UPF_DNNS_MAX &&
	       c->workers <= UPF_WORKERS_MAX && c->protected_count <= UPF_PROTECTED_MAX - 2 - UPF_SMFS_MAX &&
	       c->lan_count <= UPF_LANS_MAX && c->sessions_max <= UPF_SESSIONS_MAX &&
	       c->packet_max <= UPF_PACKET_OCTETS_MAX && c->buffered_max <= UPF_BUFFERED_PACKETS_MAX;
}

static uint64_t random_u64(struct env *env)
{
	return (uint64_t)env_random_u32(env) << 32 | env_random_u32(env);
}

static bool data_init(struct upf *upf)
{
	struct upf_plane *d = &upf->data;

	upf_epoch_init(&d->epoch, upf);
	d->config = &upf->config;
	d->start_ns = env_now_ns(upf->env);
	if (!upf_table_init(&d->by_teid, random_u64(upf->env), &d->epoch) ||
		!upf_table_init(&d->by_ue_ip, random_u64(upf->env), &d->epoch) ||
		!upf_table_init(&d->by_tunnel, random_u64(upf->env), &d->epoch) ||
		!upf_table_init(&d->n3_peers, random_u64(upf->env), &d->epoch) ||
		!upf_table_init(&d->by_mac, random_u64(upf->env), &d->epoch) || !upf_lan_init(upf))
		return false;
	d->worker_count = upf->config.workers ? upf->config.workers : 1;
	for (uint8_t i = 0; i < d->worker_count; i++)
		if (!(d->workers[i] = upf_worker_new(d, i)))
			return false;
	return true;
}

_Static_assert((int)UPF_SMFS_MAX <= (int)PFCP_PEERS_MAX, "each SMF is a peer");
_Static_assert((int)UPF_PDR_QERS_MAX <= (int)UPF_QERS_MAX && (int)UPF_PDR_URRS_MAX <= (int)UPF_URRS_MAX,
	"a PDR names rules of its session");

/* What no UE may send to. */
static void protect(struct upf *upf, const struct addr *a)
{
	upf->config.protected[upf->config.protected_count++] = (struct prefix4){ addr_v4(a), 32 };
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
	protect(upf, &config->n3_address);
	protect(upf, &config->n4_address);
	for (uint8_t i = 0; i < config->smf_count; i++)
		protect(upf, &config->smfs[i]);
	upf->recovery = pfcp_time(env);
	upf->collect_at_ns = upf->due_ns = NEVER;
	list_init(&upf->pending);
	for (int i = 0; i < UPF_SMFS_MAX; i++)
		list_init(&upf->smfs[i].sessions);
	timers_init(&upf->timers, upf);
	if (upf->config.packet_max < UPF_PACKET_OCTETS)
		upf->config.packet_max = UPF_PACKET_OCTETS;
	if (!upf->config.buffered_max)
		upf->config.buffered_max = UPF_BUFFERED;
	if (!upf->config.buffered_session_max)
		upf->config.buffered_session_max = UPF_BUFFERED_SESSION;
	if (!upf->config.buffered_s)
		upf->config.buffered_s = UPF_BUFFERED_S;
	if (!upf->config.sessions_max)
		upf->config.sessions_max = UPF_SESSIONS;
	pool_init(&upf->sessions, sizeof(struct upf_session), upf->config.sessions_max);
	pool_init(&upf->meters, sizeof(struct upf_meter), UINT32_MAX);
	pool_init(&upf->urrs, sizeof(struct upf_urr), UINT32_MAX);
	pool_init(&upf->macs, sizeof(struct upf_mac), UPF_MACS_MAX);
	if (data_init(upf) && upf_n4_init(upf))
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
	upf_table_fini(&upf->data.n3_peers);
	upf_table_fini(&upf->data.by_mac);
	upf_lan_fini(upf);
	for (int i = 0; i < UPF_WORKERS_MAX; i++)
		upf_worker_free(upf->data.workers[i]);
	pfcp_node_free(upf->pfcp);
	pool_fini(&upf->sessions);
	pool_fini(&upf->meters);
	pool_fini(&upf->urrs);
	pool_fini(&upf->macs);
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
	may_fail(outbox_send_to(upf->env->outbox, port, to, writer_bytes(&w))); /* a packet may be lost */
	free(whole);
}

/* What is judged, sent. */
static void send_judged(struct upf *upf, const struct upf_packet *p)
{
	struct addr none = { 0 }, to = ip_to_addr(p->peer, p->peer_port);

	if (p->verdict == UPF_TO_N6)
		send_packet(upf, p->lan ? UPF_PORT_LAN + p->lan - 1 : UPF_PORT_N6, &none, p);
	if (p->verdict == UPF_TO_N3)
		send_packet(upf, UPF_PORT_N3, &to, p);
}

/* Packets on their way to the other workers, until there are none. */
static void take_all(struct upf *upf, uint64_t now_ns)
{
	struct upf_packet packets[UPF_BURST_MAX];
	uint8_t count = upf->data.worker_count;

	for (uint8_t idle = 0, i = 0; idle < count; i = (uint8_t)((i + 1) % count)) {
		struct upf_worker *w = upf->data.workers[i];
		size_t n;

		upf_worker_begin(w, now_ns);
		n = upf_worker_take(w, packets, UPF_BURST_MAX);
		for (size_t k = 0; k < n; k++)
			send_judged(upf, &packets[k]);
		upf_worker_end(w);
		idle = n ? 0 : idle + 1;
	}
}

/* What has waited and may leave now; and when the next may. */
static void send_due(struct upf *upf, uint64_t now_ns)
{
	struct upf_packet packets[UPF_BURST_MAX];

	upf->due_ns = NEVER;
	for (uint8_t i = 0; i < upf->data.worker_count; i++) {
		struct upf_worker *w = upf->data.workers[i];
		uint64_t next;
		size_t n;

		upf_worker_begin(w, now_ns);
		while ((n = upf_worker_due(w, packets, UPF_BURST_MAX)) > 0)
			for (size_t k = 0; k < n; k++)
				send_judged(upf, &packets[k]);
		upf_worker_end(w);
		next = upf_worker_next_ns(w);
		upf->due_ns = next < upf->due_ns ? next : upf->due_ns;
	}
}

/* What waited and may leave. */
static void release_all(struct upf *upf)
{
	struct upf_packet packets[UPF_BURST_MAX];

	for (uint8_t i = 0; i < upf->data.worker_count; i++) {
		struct upf_worker *w = upf->data.workers[i];
		size_t n;

		if (!w->buffer.count && !w->buffer.leaving_count)
			continue;
		do {
			upf_worker_begin(w, env_now_ns(upf->env));
			n = upf_worker_release(w, packets, UPF_BURST_MAX);
			for (size_t k = 0; k < n; k++)
				send_judged(upf, &packets[k]);
			upf_worker_end(w);
		} while (n);
	}
}

/* The data path by messages, for tests and simulations: a packet comes to the workers in turn. */
static void on_packet(struct upf *upf, const struct msg *m)
{
	uint64_t now_ns = env_now_ns(upf->env);
	struct upf_worker *w = upf->data.workers[upf->next_receiver];
	struct upf_packet p = { .data = m->data.data,
		.len = (uint32_t)m->data.len,
		.linear = (uint32_t)m->data.len,
		.peer = ip_from_addr(&m->peer),
		.peer_port = m->peer.port,
		.lan = (uint8_t)(m->port >= UPF_PORT_LAN ? m->port - UPF_PORT_LAN + 1 : 0) };

	if (m->data.len == 0 || m->data.len > PACKET_MAX)
		return;
	upf->next_receiver = (uint8_t)((upf->next_receiver + 1) % upf->data.worker_count);
	upf_worker_begin(w, now_ns);
	if (m->port == UPF_PORT_N3)
		upf_worker_n3(w, &p, 1);
	else if (p.lan)
		upf_worker_lan(w, &p, 1);
	else
		upf_worker_n6(w, &p, 1);
	send_judged(upf, &p);
	upf_worker_end(w);
	if (upf->data.worker_count > 1 || upf->config.lan_count)
		take_all(upf, now_ns);
	send_due(upf, now_ns);
	upf_collect_notes(upf);
}

static void on_msg(void *self, const struct msg *m)
{
	struct upf *upf = self;

	if (m->kind != MSG_DATA)
		return;
	if (m->port == UPF_PORT_N4)
		pfcp_receive(upf->pfcp, m);
	else if (m->port == UPF_PORT_N3 || m->port == UPF_PORT_N6 ||
		 (m->port >= UPF_PORT_LAN && m->port < UPF_PORT_LAN + upf->config.lan_count))
		on_packet(upf, m);
	if (!upf->threaded)
		release_all(upf);
}

static uint64_t next_deadline_ns(void *self)
{
	const struct upf *upf = self;
	uint64_t next = timers_next_ns(&upf->timers);

	next = upf->due_ns < next ? upf->due_ns : next;
	return next < upf->collect_at_ns ? next : upf->collect_at_ns;
}

static void on_deadline(void *self, uint64_t now_ns)
{
	struct upf *upf = self;

	timers_run(&upf->timers, now_ns);
	if (upf->due_ns <= now_ns) {
		send_due(upf, now_ns);
		upf_collect_notes(upf);
	}
	upf_report_all(upf);
	upf_collect(upf);
	if (!upf->threaded)
		release_all(upf);
}

struct room upf_room(struct upf *upf)
{
	static const struct room_ops ops = { on_msg, next_deadline_ns, on_deadline };

	return (struct room){ &ops, upf };
}

uint32_t upf_changed(struct upf *upf)
{
	uint32_t changed = upf->changed;

	upf->changed = 0;
	return changed;
}

void upf_set_threaded(struct upf *upf)
{
	upf->threaded = true;
}

struct upf_worker *upf_worker_at(struct upf *upf, uint8_t index)
{
	return index < upf->data.worker_count ? upf->data.workers[index] : NULL;
}
