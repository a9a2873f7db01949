#include <stdlib.h>

#include "core/internal.h"
#include "core/subscriber_line.h"
#include "proto/pfcp.h"
#include "wire/nas/nas.h"

void core_settle(struct core *core)
{
	sbi_run(core->bus);
	for (uint8_t i = 0; i < core->config.amf_count; i++)
		amf_store(core->amfs[i]);
	smf_store(core->smf);
	core_events_store(core);
	core_alarms_store(core);
}

/* What one function hands another must fit there: here is where both are known. */
_Static_assert((int)SMF_RECORD_MAX <= (int)STORE_VALUE_MAX, "a session's record fits the store");
_Static_assert(SMF_N1_MAX + 64 <= NAS_MAX_OCTETS, "a 5GSM message fits a 5GMM one");
_Static_assert((int)SMF_UPFS_MAX <= (int)PFCP_PEERS_MAX, "each UPF is a peer");
_Static_assert((int)CORE_NFS_MAX <= (int)SBI_NFS_MAX && (int)CORE_NFS_MAX <= (int)NRF_PROFILES_MAX,
	"each function is on the bus, and registered");
_Static_assert((int)AUSF_AUTH_MAX <= (int)UDM_AUTH_PENDING_MAX &&
		       (int)UDM_AUTH_PENDING_MAX + (int)UDM_UECM_PENDING_MAX <= (int)SBI_PENDING_MAX,
	"the UDM has room for what the AUSF lets through, the bus for what the UDM asks");
_Static_assert((int)AMF_PORT_N2 != (int)SMF_PORT_N4 && (int)CORE_PORT_CONTROL != (int)AMF_PORT_N2 &&
		       (int)CORE_PORT_CONTROL != (int)SMF_PORT_N4 &&
		       (int)CORE_PORT_N2_MORE + (int)CORE_AMFS_MAX <= (int)SMF_PORT_N4U,
	"ports of one room");
_Static_assert((int)UDM_HN_KEYS_MAX <= UINT8_MAX && (int)SNSSAI_MAX <= UINT8_MAX, "counts are octets");

/* The i-th AMF, which knows whose stored UEs are not its own. */
static struct amf *core_make_amf(
	struct core *core, const struct core_config *config, uint8_t i, bool counts_lost)
{
	struct amf_config c = config->amfs[i];
	struct amf *amf;

	c.number = i;
	c.n2_port = core_port_n2(i);
	c.other_count = 0;
	for (uint8_t k = 0; k < config->amf_count; k++)
		if (k != i)
			c.others[c.other_count++] = config->amfs[k].guami;
	amf = amf_new(&c, counts_lost, core->env, core->bus);
	explicit_bzero(c.seal_key, sizeof(c.seal_key));
	return amf;
}

static bool core_make_amfs(struct core *core, const struct core_config *config, bool counts_lost)
{
	for (uint8_t i = 0; i < config->amf_count; i++) {
		core->amfs[i] = core_make_amf(core, config, i, counts_lost);
		if (!core->amfs[i])
			return false;
	}
	return true;
}

static bool address_is_reserved(void *arg, struct ip ip)
{
	struct core *core = arg;
	struct supi owner;

	return udr_static_owner(core->udr, ip, &owner);
}

/* Makes all functions; false when one is refused. */
static bool core_make(struct core *core, const struct core_config *config, bool counts_lost)
{
	struct env *env = core->env;

	core->bus = sbi_bus_new(env);
	if (!core->bus)
		return false;
	sbi_bus_set_wire(core->bus, config->sbi_wire);
	if (!sbi_bus_set_callback_key(core->bus, config->udm.seal_key))
		return false;
	core->nrf = nrf_new(&config->plmn, env, core->bus);
	core->nssf = nssf_new(&config->nssf, env, core->bus);
	core->pcf = pcf_new(&config->pcf, env, core->bus);
	core->udr = udr_new(&config->plmn, env, core->bus);
	core->udm = udm_new(&config->udm, env, core->bus);
	core->ausf = ausf_new(&config->plmn, config->udm.seal_key, counts_lost, env, core->bus);
	core->smf = smf_new(&config->smf, env, core->bus);
	core->af = af_new(&config->plmn, env, core->bus);
	if (core->smf)
		smf_set_reserved(core->smf, &(struct smf_reserved){ address_is_reserved, core });
	return core->nrf && core->nssf && core->pcf && core->udr && core->udm && core->ausf && core->smf &&
	       core->af && core_make_amfs(core, config, counts_lost);
}

void core_wipe_secrets(struct core_config *config)
{
	for (uint8_t i = 0; i < UDM_HN_KEYS_MAX; i++)
		explicit_bzero(config->udm.hn_keys[i].private_key, SUCI_PRIVATE_LEN);
	explicit_bzero(config->udm.seal_key, SEAL_KEY_LEN);
	for (uint8_t i = 0; i < CORE_AMFS_MAX; i++)
		explicit_bzero(config->amfs[i].seal_key, SEAL_KEY_LEN);
}

/* Each has its place on the bus. */
static bool core_is_listed(const struct core *core)
{
	for (uint8_t i = 0; i < core->nf_count; i++)
		if (!core->nfs[i]->self)
			return false;
	return true;
}

/* The NRF first: it does not register. */
static void core_list(struct core *core)
{
	struct nf *const alone[CORE_NFS_ALONE] = { nrf_nf(core->nrf), nssf_nf(core->nssf), pcf_nf(core->pcf),
		udr_nf(core->udr), udm_nf(core->udm), ausf_nf(core->ausf), smf_nf(core->smf),
		af_nf(core->af) };

	for (uint8_t i = 0; i < CORE_NFS_ALONE; i++)
		core->nfs[core->nf_count++] = alone[i];
	for (uint8_t i = 0; i < core->config.amf_count; i++)
		core->nfs[core->nf_count++] = amf_nf(core->amfs[i]);
}

struct core *core_new(const struct core_config *config, bool counts_lost, struct env *env)
{
	struct core *core = calloc(1, sizeof(*core));

	if (!core)
		return NULL;
	core->env = env;
	core->config = *config;
	core_wipe_secrets(&core->config);
	core->line = calloc(1, sizeof(*core->line));
	core->old = calloc(1, sizeof(*core->old));
	if (!core->line || !core->old || !core_seal_prove(env, config->udm.seal_key) ||
		!core_make(core, config, counts_lost)) {
		core_free(core);
		return NULL;
	}
	core_list(core);
	if (!core_trace_init(core) || !core_alarms_restore(core) ||
		(config->events_max && !core_events_restore(core, config->events_max)) ||
		!core_is_listed(core)) {
		core_free(core);
		return NULL;
	}
	for (uint8_t i = 1; i < core->nf_count; i++) {
		core->nfs[i]->events = config->events_max ? &core->events.sink : NULL;
		core->nfs[i]->alarms = &core->alarms.sink;
		nf_start(core->nfs[i]);
	}
	core_settle(core);
	return core;
}

void core_free(struct core *core)
{
	if (!core)
		return;
	for (uint8_t i = 0; i < CORE_AMFS_MAX; i++)
		amf_free(core->amfs[i]);
	af_free(core->af);
	smf_free(core->smf);
	ausf_free(core->ausf);
	udm_free(core->udm);
	udr_free(core->udr);
	pcf_free(core->pcf);
	nssf_free(core->nssf);
	nrf_free(core->nrf);
	sbi_bus_free(core->bus);
	core_trace_fini(core);
	free(core->line);
	free(core->old);
	free(core);
}

struct amf *core_amf(struct core *core)
{
	return core->amfs[0];
}

struct amf *core_amf_at(struct core *core, uint8_t i)
{
	return i < core->config.amf_count ? core->amfs[i] : NULL;
}

struct amf_numbers core_amf_numbers(const struct core *core)
{
	struct amf_numbers sum = { 0 };

	for (uint8_t i = 0; i < core->config.amf_count; i++) {
		struct amf_numbers n = amf_numbers(core->amfs[i]);

		sum.gnbs += n.gnbs;
		sum.connections += n.connections;
		sum.ues += n.ues;
		sum.registered += n.registered;
		sum.sessions += n.sessions;
	}
	return sum;
}

struct smf *core_smf(struct core *core)
{
	return core->smf;
}

bool core_subscriber_add(
	struct core *core, struct subscriber *s, struct bytes k, struct bytes opc, uint64_t sqn)
{
	return udm_seal_keys(core->udm, s, k, opc) && udr_subscriber_put(core->udr, s, sqn);
}

struct change {
	const struct subscriber *old, *now;
};

/* Another address needs another session: with #39 the UE asks for it again (24.501 6.3.3.2). */
static void change_session(
	void *arg, const struct snssai *snssai, const char *dnn, struct smf_subscribed *out)
{
	const struct change *c = arg;
	const struct subscriber_dnn *was = subscriber_dnn_find(c->old, snssai, dnn);
	const struct subscriber_dnn *is = subscriber_dnn_find(c->now, snssai, dnn);

	if (!is || !was || was->static_ipv4 != is->static_ipv4 || !subscriber_routes_same(was, is)) {
		out->cause = is ? NAS_5GSM_REACTIVATION_REQUESTED : NAS_5GSM_REGULAR_DEACTIVATION;
		return;
	}
	out->changed = !subscriber_dnn_same(was, is);
	out->ambr = (struct ambr){ is->ambr_uplink_bps, is->ambr_downlink_bps };
	out->qos = (struct default_qos){ is->five_qi,
		{ is->arp_priority_level, is->arp_may_preempt, is->arp_preemptable }, 0 };
}

bool core_subscriber_change(struct core *core, const struct subscriber *old, struct subscriber *s,
	struct bytes k, struct bytes opc, uint64_t sqn)
{
	struct change change = { old, s };
	struct subscriber_am_data am;
	struct supi supi;

	if (!supi_parse(s->imsi, &supi) || !store_savepoint(core->env->store))
		return false;
	if (!core_subscriber_add(core, s, k, opc, sqn)) {
		store_rollback_to(core->env->store);
		return false;
	}
	store_release(core->env->store);
	smf_subscription_changed(core->smf, &supi, change_session, &change);
	subscriber_am_data(s, &am);
	for (uint8_t i = 0; i < core->config.amf_count; i++)
		amf_subscription_changed(core->amfs[i], &supi, &am.data);
	core_settle(core);
	return true;
}

bool core_subscriber_keys(const struct core *core, const struct subscriber *s, uint8_t k[AKA_K_MAX],
	uint8_t *k_len, uint8_t opc[AKA_OPC_MAX], uint8_t *opc_len)
{
	return udm_open_keys(core->udm, s, k, k_len, opc, opc_len);
}

uint64_t core_subscriber_sqn(struct core *core, const struct supi *supi)
{
	return udr_subscriber_sqn(core->udr, supi);
}

bool core_static_owner(struct core *core, struct ip ip, struct supi *owner)
{
	return udr_static_owner(core->udr, ip, owner);
}

bool core_route_owner(struct core *core, const struct prefix *route, struct supi *owner)
{
	return udr_route_owner(core->udr, route, owner);
}

bool core_subscriber_get(struct core *core, const struct supi *supi, struct subscriber *out, uint64_t *sqn)
{
	return udr_subscriber_get(core->udr, supi, out, sqn);
}

bool core_subscriber_remove(struct core *core, const struct supi *supi)
{
	struct udr_amf_context amf;

	if (!store_savepoint(core->env->store))
		return false;
	udr_serving_amf(core->udr, supi, &amf);
	if (!udr_subscriber_remove(core->udr, supi)) {
		store_rollback_to(core->env->store);
		return false;
	}
	store_release(core->env->store);
	ausf_forget(core->ausf, supi);
	udm_withdraw(core->udm, supi, amf.instance_id, amf.dereg_callback_uri);
	core_settle(core);
	return true;
}

bool core_reauthenticate(struct core *core, const struct supi *supi)
{
	bool found = false;

	for (uint8_t i = 0; i < core->config.amf_count && !found; i++)
		found = amf_reauthenticate(core->amfs[i], supi);
	core_settle(core);
	return found;
}

bool core_update(
	struct core *core, const struct supi *supi, enum udm_update_kind kind, const struct udm_order *order)
{
	bool ok = udm_update_order(core->udm, supi, kind, order);

	core_settle(core);
	return ok;
}

bool core_deregister(struct core *core, const struct supi *supi, bool again)
{
	bool found = false;

	for (uint8_t i = 0; i < core->config.amf_count && !found; i++)
		found = amf_deregister(core->amfs[i], supi, again);
	core_settle(core);
	return found;
}

void core_close(struct core *core)
{
	for (uint8_t i = 0; i < core->config.amf_count; i++)
		amf_close(core->amfs[i]);
	core_settle(core);
}

bool core_session_release(struct core *core, const struct supi *supi, uint8_t pdu_session_id, uint8_t cause)
{
	bool released = smf_release_session(core->smf, supi, pdu_session_id, cause);

	core_settle(core);
	return released;
}

enum smf_relocated core_session_relocate(struct core *core, const struct supi *supi, uint8_t pdu_session_id)
{
	enum smf_relocated done = smf_relocate_session(core->smf, supi, pdu_session_id);

	core_settle(core);
	return done;
}

bool core_subscriber_each(struct core *core, const struct supi *after, udr_each_fn *fn, void *arg)
{
	return udr_subscriber_each(core->udr, after, NULL, fn, arg);
}

struct bytes core_hn_public_key(const struct core *core, uint8_t i)
{
	return udm_hn_public_key(core->udm, i);
}

void core_figures(struct core *core, struct stats_list *l)
{
	struct stats s;

	for (uint8_t i = 0; i < core->config.amf_count; i++)
		amf_figures(core->amfs[i], l);
	smf_figures(core->smf, l);
	ausf_stats(core->ausf, &s);
	stats_add(l, s);
	udm_stats(core->udm, &s);
	stats_add(l, s);
	udr_stats(core->udr, &s);
	stats_add(l, s);
	pcf_stats(core->pcf, &s);
	stats_add(l, s);
	af_stats(core->af, &s);
	stats_add(l, s);
	nssf_stats(core->nssf, &s);
	stats_add(l, s);
	nrf_stats(core->nrf, &s);
	stats_add(l, s);
	sbi_figures(core->bus, l);
	core_event_stats(core, &s);
	stats_add(l, s);
	stats_add(l, core_alarm_stats(core));
	core_trace_stats(core, &s);
	stats_add(l, s);
}
