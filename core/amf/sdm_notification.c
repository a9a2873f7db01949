/*
 * What the home network sends to a UE, from the UDM and back: UE parameters update
 * (23.502 4.20.2, 24.501 5.4.5.3.2) and steering of roaming (23.122 annex C.3). An idle UE is paged.
 *
 *   UDM -> AMF  Nudm_SDM_Notification    29.503 5.2.2.5: UpuInfo, SorInfo, under the callback of the
 * registration AMF -> UE   DL NAS TRANSPORT         24.501 9.11.3.53A, 9.11.3.51; preferred PLMNs that came
 * with the subscription: in REGISTRATION ACCEPT UE  -> AMF  UL NAS TRANSPORT, or REGISTRATION COMPLETE: its
 * acknowledgement AMF -> UDM  Nudm_SDM_Info            29.503 5.2.2.9: its MAC, or that the UE was not
 * reached
 *
 * What is lost the UDM sends again, with another counter.
 */
#include "core/amf/home_update.h"
#include "core/amf/paging.h"

enum { ACKNOWLEDGE_MS = 20000 };

static struct amf_home_update *find(const struct amf_ue *ue, enum amf_procedure_kind kind)
{
	return (struct amf_home_update *)amf_procedure_find(ue, kind);
}

static void acknowledge(struct amf *amf, const struct amf_home_update *u, const uint8_t *mac)
{
	struct acknowledge_info *info;
	struct nudm_acknowledge_req req = { u->p.ue->supi,
		{ .provisioning_time = u->provisioning_time, .ue_not_reachable = !mac } };

	info = &req.data;
	if (mac && u->p.kind == AMF_STEERING_OF_ROAMING) {
		info->has_sor_mac_iue = true;
		bytes_copy(info->sor_mac_iue, sizeof(info->sor_mac_iue), bytes_of(mac, KDF_MAC_LEN));
	} else if (mac) {
		info->has_upu_mac_iue = true;
		bytes_copy(info->upu_mac_iue, sizeof(info->upu_mac_iue), bytes_of(mac, KDF_MAC_LEN));
	}
	nf_call(&amf->nf, amf->dispatch->home_update[u->p.kind]->acknowledge, &req,
		(struct sbi_token){ .whose = amf_ue_whose(u->p.ue) });
}

struct amf_home_update *amf_home_update_begin(struct amf *amf, struct amf_ue *ue,
	enum amf_procedure_kind kind, const struct amf_home_update *what, uint32_t most_ms)
{
	struct amf_home_update *u = (struct amf_home_update *)amf_procedure_begin(amf, ue, kind);
	struct amf_procedure p;

	if (!u)
		return NULL;
	p = u->p;
	*u = *what;
	u->p = p;
	u->until_ns = env_now_ns(amf->nf.env) + most_ms * (uint64_t)NS_PER_MS;
	amf_procedure_wait(amf, &u->p, most_ms);
	return u;
}

bool amf_home_container_write(const struct nas_home_container *h, struct amf_home_update *out)
{
	struct writer w = writer_of(out->container, sizeof(out->container));
	bool ok = nas_home_container_encode(h, &w);

	out->container_len = (uint8_t)w.len;
	return ok;
}

/* False: it is not idle, or it was paged in vain. */
static bool page(struct amf *amf, struct amf_home_update *u)
{
	struct amf_ue *ue = u->p.ue;

	if (u->paged || !amf_paging_is_possible(ue) || !amf_paging_begin(amf, ue, 0))
		return false;
	u->paged = true;
	return true;
}

/* The UE's to be told, in place of what it was to be told before. */
static enum sbi_cause begin(
	struct amf *amf, struct amf_ue *ue, enum amf_procedure_kind kind, struct bytes value)
{
	uint32_t most_ms = amf_paging_ms(amf, ue) + AMF_TRANSFER_WAIT_S * 1000;
	struct amf_home_update what = { .sent = false }, *u;

	if (!amf->dispatch->home_update[kind]->read(amf, value, &what))
		return SBI_MANDATORY_IE_INCORRECT;
	u = amf_home_update_begin(amf, ue, kind, &what, most_ms);
	if (!u)
		return SBI_NF_CONGESTION;
	if (!page(amf, u))
		amf_procedure_wait(amf, &u->p, 0);
	return SBI_OK;
}

/* SBI_OK also for changes that the AMF learns at the next registration. */
static enum sbi_cause change_take(struct amf *amf, struct amf_ue *ue, const struct change_item *c)
{
	if (c->op != CHANGE_TYPE_ADD && c->op != CHANGE_TYPE_REPLACE)
		return SBI_OK;
	for (uint8_t kind = 0; kind < AMF_PROCEDURE_KINDS; kind++)
		if (amf->dispatch->home_update[kind] &&
			!strcmp(c->path, amf->dispatch->home_update[kind]->path))
			return begin(amf, ue, kind, c->new_value);
	return SBI_OK;
}

void amf_sdm_notify(struct amf *amf, const struct sbi_request *r)
{
	const struct nudm_sdm_notify_req *req = r->body;
	struct amf_ue *ue = amf_ue_of_callback(amf, req->callback);
	enum sbi_cause cause = ue && ue->registered && !ue->emergency ? SBI_OK : SBI_CONTEXT_NOT_FOUND;

	for (uint32_t i = 0; cause == SBI_OK && i < req->data.notify_items.count; i++) {
		const struct notify_item *item = &req->data.notify_items.items[i];

		for (uint32_t k = 0; cause == SBI_OK && k < item->changes.count; k++)
			cause = change_take(amf, ue, &item->changes.items[k]);
	}
	sbi_answer(amf->nf.bus, r->id, cause, NULL);
}

void amf_home_update_sent(struct amf *amf, struct amf_home_update *u)
{
	u->sent = true;
	amf->stat[amf->dispatch->home_update[u->p.kind]->sent]++;
	u->until_ns = env_now_ns(amf->nf.env) + ACKNOWLEDGE_MS * (uint64_t)NS_PER_MS;
	amf_procedure_wait(amf, &u->p, ACKNOWLEDGE_MS);
}

static bool send(struct amf *amf, const struct amf_home_update *u)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };

	m.dl_nas_transport.payload_container_type =
		amf->dispatch->home_update[u->p.kind]->payload_container_type;
	m.dl_nas_transport.payload_container = bytes_of(u->container, u->container_len);
	return amf_n1_send(amf, u->p.ue, NAS_INTEGRITY_CIPHERED, &m);
}

/* The UE is connected and nothing else is under way; or it does not come, or does not answer. */
void amf_home_update_expired(struct amf *amf, struct amf_procedure *at)
{
	struct amf_home_update *u = (struct amf_home_update *)at;
	const struct amf_ue *ue = at->ue;
	uint64_t now = env_now_ns(amf->nf.env);

	/* Something else has ended, maybe the connection. */
	if ((u->sent || amf_procedure_waits(at) || page(amf, u)) && now < u->until_ns) {
		amf_procedure_wait(amf, at, (uint32_t)((u->until_ns - now) / NS_PER_MS) + 1);
		return;
	}
	if (u->sent) {
		amf_procedure_end(amf, at);
		return;
	}
	if (!amf_procedure_waits(at) && ue->state == MM_REGISTERED && amf_connection_for(ue, AMF_FOR_NAS) &&
		send(amf, u)) {
		amf_home_update_sent(amf, u);
		return;
	}
	acknowledge(amf, u, NULL);
	amf_procedure_end(amf, at);
}

bool amf_home_update_acknowledged(
	struct amf *amf, struct amf_ue *ue, enum amf_procedure_kind kind, struct bytes container)
{
	struct amf_home_update *u = find(ue, kind);
	struct nas_home_container h;

	if (!u || !u->sent || !u->acknowledge || !nas_home_container_decode(container, &h) ||
		!(h.header & NAS_HOME_ACKNOWLEDGEMENT))
		return false;
	acknowledge(amf, u, h.mac);
	amf_procedure_end(amf, &u->p);
	return true;
}

bool amf_home_update_payload(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m)
{
	for (uint8_t kind = 0; kind < AMF_PROCEDURE_KINDS; kind++)
		if (amf->dispatch->home_update[kind] &&
			amf->dispatch->home_update[kind]->payload_container_type == m->payload_container_type)
			return amf_home_update_acknowledged(amf, ue, kind, m->payload_container);
	return false;
}
