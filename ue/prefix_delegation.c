/*
 * An IPv6 prefix for networks behind the UE: 23.501 5.8.2.2.4, RFC 8415 18.2, RFC 6603. Only for UEs that are
 * to ask by themselves; what others on their hosts send and get by DHCPv6 passes through.
 *
 *   UE                                    SMF
 *    |-- SOLICIT, rapid commit ----------->|    once the session has its address
 *    |<- REPLY ----------------------------|    or ADVERTISE, which is taken up with a REQUEST
 *    |   again after 1 s, 2 s, ... an hour, as long as there is a user plane
 */
#include "ue/ipv6.h"
#include "wire/ip/dhcp6.h"
#include "wire/ip/nd.h"

#include <stdlib.h>

/* RFC 8415 7.6: the first interval and the longest; REQ_MAX_RC. */
enum { AGAIN_MS = 1000, AGAIN_MAX_MS = 3600000, REQUESTS_MAX = 10 };
enum { DUID_LINK_LAYER = 3, HARDWARE_EUI64 = 27 };

struct ue_delegation {
	struct ue_session *s;
	struct timer timer;
	uint32_t id, again_ms;
	struct dhcp6_duid server; /* whose ADVERTISE is taken up; len 0: none */
	uint8_t requests;
	struct prefix prefix, excluded; /* it has got; bits 0: none */
};

static struct dhcp6_duid client_of(const struct ue_session *s)
{
	struct dhcp6_duid d = { 0 };
	struct writer w = writer_of(d.octets, sizeof(d.octets));

	writer_u16(&w, DUID_LINK_LAYER);
	writer_u16(&w, HARDWARE_EUI64);
	writer_u64(&w, s->info.interface_id);
	d.len = (uint8_t)w.len;
	return d;
}

static void ask(struct ue_delegation *d);

static void ask_again(void *owner, struct timer *t)
{
	ask(container_of(t, struct ue_delegation, timer));
}

/* Without a bearer it waits for the next one. */
static void ask(struct ue_delegation *d)
{
	struct ue_session *s = d->s;
	struct ue_host *host = s->ue->host;
	struct ue_packet p = { host->air + UE_HEADROOM, 0 };
	struct writer w = writer_of(p.data, DHCP6_PACKET_MAX);
	struct dhcp6_message m = { .src = nd_link_local(s->info.interface_id),
		.dst = DHCP6_SERVERS,
		.id = d->id,
		.client = client_of(s),
		.wants_exclusion = true,
		.ia_count = 1,
		.ias = { { .id = s->info.psi } } };

	if (!s->drb)
		return;
	if (d->server.len && d->requests++ == REQUESTS_MAX)
		d->server.len = 0;
	m.type = d->server.len ? DHCP6_REQUEST : DHCP6_SOLICIT;
	m.rapid_commit = m.type == DHCP6_SOLICIT;
	m.server = d->server;
	d->again_ms = d->again_ms ? d->again_ms * 2 : AGAIN_MS;
	if (d->again_ms > AGAIN_MAX_MS)
		d->again_ms = AGAIN_MAX_MS;
	ue_timer_set(s->ue, &d->timer, d->again_ms, 0, ask_again);
	if (!dhcp6_encode(&m, &w))
		return;
	p.len = w.len;
	host->stat[UE_STAT_DELEGATIONS_ASKED]++;
	if (ue_rrc_data_put(&(struct ue_rrc_data){ s->ue, s->info.psi, s->drb, s->info.qfi }, &p))
		may_fail(outbox_send_to(host->env->outbox, UE_PORT_AIR, &s->ue->radio.gnb,
			bytes_of(p.data, p.len))); /* packets may be lost */
}

/* Another message of the client, asked for from the start. */
static void begin(struct ue_delegation *d)
{
	d->id = env_random_u32(d->s->ue->host->env) & 0xffffff;
	d->again_ms = 0;
	d->requests = 0;
	ask(d);
}

void ue_delegation_begin(struct ue_session *s)
{
	struct ue_delegation *d = s->delegation;

	if (!s->ue->profile->prefix_delegation || !s->drb || ip_is_none(s->info.ipv6))
		return;
	if (!d) {
		d = s->delegation = calloc(1, sizeof(*d));
		if (!d)
			return;
		d->s = s;
	}
	if (!d->prefix.bits && !timer_is_set(&d->timer))
		begin(d);
}

void ue_delegation_end(struct ue_session *s)
{
	if (!s->delegation)
		return;
	timer_stop(&s->ue->host->timers, &s->delegation->timer);
	free(s->delegation);
	s->delegation = NULL;
}

static void take_prefix(struct ue_session *s, const struct dhcp6_ia *ia)
{
	struct ue_delegation *d = s->delegation;
	char text[PREFIX_STR_SIZE], but[PREFIX_STR_SIZE];

	d->prefix = ia->prefix;
	d->excluded = ia->excluded;
	timer_stop(&s->ue->host->timers, &d->timer);
	ue_say(s->ue, UE_EVENT_SESSION_PREFIX, s->info.psi, 0, "session %u may delegate %s%s%s", s->info.psi,
		prefix_str(&ia->prefix, text), ia->excluded.bits ? " but for " : "",
		ia->excluded.bits ? prefix_str(&ia->excluded, but) : "");
}

bool ue_session_prefix(const struct ue *ue, uint8_t psi, struct prefix *out, struct prefix *excluded)
{
	const struct ue_session *s = ue_session_find(ue, psi);

	if (!s || !s->delegation || !s->delegation->prefix.bits)
		return false;
	*out = s->delegation->prefix;
	*excluded = s->delegation->excluded;
	return true;
}

bool ue_delegation_receive(struct ue_session *s, struct bytes packet)
{
	struct ue_delegation *d = s->delegation;
	struct dhcp6_message m;
	struct dhcp6_duid own;

	if (!d || d->prefix.bits || !dhcp6_decode(packet, &m) || !dhcp6_is_of_server(m.type))
		return false;
	own = client_of(s);
	if (m.id != d->id || !m.server.len ||
		!bytes_equal(bytes_of(m.client.octets, m.client.len), bytes_of(own.octets, own.len)))
		return true;
	for (uint8_t i = 0; i < m.ia_count; i++) {
		const struct dhcp6_ia *ia = &m.ias[i];

		if (ia->of_addresses || ia->id != s->info.psi || ia->status || !ia->prefix.bits)
			continue;
		if (m.type == DHCP6_REPLY) {
			take_prefix(s, ia);
		} else if (!d->server.len) {
			d->server = m.server;
			begin(d);
		}
		return true;
	}
	return true;
}
