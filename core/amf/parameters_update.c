/*
 * UE parameters update, 23.502 4.20.2 and 24.501 5.4.5.3.2: from the UDM to the UE and back. An idle UE is
 * paged.
 *
 *   UDM -> AMF  Nudm_SDM_Notification    29.503 5.2.2.5: UpuInfo, under the callback of the registration
 *   AMF -> UE   DL NAS TRANSPORT         24.501 9.11.3.53A
 *   UE  -> AMF  UL NAS TRANSPORT         its acknowledgement
 *   AMF -> UDM  Nudm_SDM_Info upu-ack    29.503 5.2.2.9: its MAC, or that the UE was not reached
 *
 * What is lost the UDM sends again, with another counter.
 */
#include "core/amf/internal.h"
#include "core/amf/paging.h"
#include "core/nf/upu.h"

enum { ACKNOWLEDGE_MS = 20000 };

static void acknowledge(struct amf *amf, const struct amf_parameters_update *p, const uint8_t *mac)
{
	struct nudm_upu_ack_req req = { p->p.ue->supi, { .has_upu_mac_iue = mac,
							       .provisioning_time = p->provisioning_time,
							       .ue_not_reachable = !mac } };

	if (mac)
		bytes_copy(req.data.upu_mac_iue, sizeof(req.data.upu_mac_iue), bytes_of(mac, KDF_MAC_LEN));
	nf_call(&amf->nf, SBI_UDM_UPU_ACK, &req, (struct sbi_token){ .whose = amf_ue_whose(p->p.ue) });
}

static bool container_of_info(const struct upu_info *info, struct amf_parameters_update *p)
{
	struct nas_ue_parameters_update u = { .acknowledge = info->upu_ack_ind,
		.re_register = info->upu_reg_ind };
	struct cursor counter = cursor_of(BYTES(info->counter_upu));
	uint8_t octets[AMF_PARAMETERS_MAX];
	struct writer list = writer_of(octets, sizeof(octets)),
		      w = writer_of(p->container, sizeof(p->container));
	bool ok = info->has_upu_mac_iausf && info->has_counter_upu &&
		  nf_upu_list_write(&info->upu_data_list, &list);

	bytes_copy(u.mac, sizeof(u.mac), BYTES(info->upu_mac_iausf));
	u.counter_upu = cursor_u16(&counter);
	u.list = writer_bytes(&list);
	ok = ok && nas_ue_parameters_update_encode(&u, &w);
	p->container_len = (uint8_t)w.len;
	return ok;
}

/* The UE's to be told, in place of what it was to be told before. */
static enum sbi_cause begin(struct amf *amf, struct amf_ue *ue, const struct upu_info *info)
{
	uint32_t most_ms = amf_paging_ms(amf, ue) + AMF_TRANSFER_WAIT_S * 1000;
	struct amf_parameters_update fresh = { .acknowledge = info->upu_ack_ind,
		.provisioning_time = info->provisioning_time };
	struct amf_parameters_update *p;

	if (!container_of_info(info, &fresh))
		return SBI_MANDATORY_IE_INCORRECT;
	p = (struct amf_parameters_update *)amf_procedure_begin(amf, ue, AMF_PARAMETERS_UPDATE);
	if (!p)
		return SBI_NF_CONGESTION;
	fresh.p = p->p;
	*p = fresh;
	p->until_ns = env_now_ns(amf->nf.env) + most_ms * (uint64_t)NS_PER_MS;
	if (amf_paging_is_possible(ue) && amf_paging_begin(amf, ue, 0))
		amf_procedure_wait(amf, &p->p, most_ms);
	else
		amf_procedure_wait(amf, &p->p, 0);
	return SBI_OK;
}

static const struct change_item *change_of(const struct modification_notification *n)
{
	for (uint32_t i = 0; i < n->notify_items.count; i++)
		for (uint32_t k = 0; k < n->notify_items.items[i].changes.count; k++) {
			const struct change_item *c = &n->notify_items.items[i].changes.items[k];

			if (!strcmp(c->path, "/upuInfo") &&
				(c->op == CHANGE_TYPE_ADD || c->op == CHANGE_TYPE_REPLACE))
				return c;
		}
	return NULL;
}

void amf_sdm_notify(struct amf *amf, const struct sbi_request *r)
{
	const struct nudm_sdm_notify_req *req = r->body;
	const struct change_item *change = change_of(&req->data);
	struct amf_ue *ue = amf_ue_of_callback(amf, req->callback);
	enum sbi_cause cause = SBI_OK;
	struct upu_info info;

	if (!ue || !ue->registered || ue->emergency)
		cause = SBI_CONTEXT_NOT_FOUND;
	else if (change) /* other changes of the subscription the AMF learns at the next registration */
		cause = nudm_upu_info_read(change->new_value, &amf->arena, &info)
				? begin(amf, ue, &info)
				: SBI_MANDATORY_IE_INCORRECT;
	sbi_answer(amf->nf.bus, r->id, cause, NULL);
}

static bool send(struct amf *amf, const struct amf_parameters_update *p)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };

	m.dl_nas_transport.payload_container_type = NAS_PAYLOAD_UE_PARAMETERS;
	m.dl_nas_transport.payload_container = bytes_of(p->container, p->container_len);
	return amf_n1_send(amf, p->p.ue, NAS_INTEGRITY_CIPHERED, &m);
}

/* The UE is connected and nothing else is under way; or it does not come, or does not answer. */
void amf_parameters_update_expired(struct amf *amf, struct amf_procedure *at)
{
	struct amf_parameters_update *p = (struct amf_parameters_update *)at;
	const struct amf_ue *ue = at->ue;
	uint64_t now = env_now_ns(amf->nf.env);

	if ((p->sent || amf_procedure_waits(at)) && now < p->until_ns) { /* something else has ended */
		amf_procedure_wait(amf, at, (uint32_t)((p->until_ns - now) / NS_PER_MS) + 1);
		return;
	}
	if (p->sent) {
		amf_procedure_end(amf, at);
		return;
	}
	p->sent = !amf_procedure_waits(at) && ue->state == MM_REGISTERED &&
		  amf_connection_for(ue, AMF_FOR_NAS) && send(amf, p);
	if (p->sent) {
		amf->stat[AMF_STAT_PARAMETERS_UPDATES]++;
		p->until_ns = now + ACKNOWLEDGE_MS * (uint64_t)NS_PER_MS;
		amf_procedure_wait(amf, at, ACKNOWLEDGE_MS);
		return;
	}
	acknowledge(amf, p, NULL);
	amf_procedure_end(amf, at);
}

bool amf_parameters_update_acknowledged(struct amf *amf, struct amf_ue *ue, struct bytes container)
{
	struct amf_parameters_update *p =
		(struct amf_parameters_update *)amf_procedure_find(ue, AMF_PARAMETERS_UPDATE);
	struct nas_ue_parameters_update u;

	if (!p || !p->sent || !p->acknowledge || !nas_ue_parameters_update_decode(container, &u) ||
		!u.is_acknowledgement)
		return false;
	acknowledge(amf, p, u.mac);
	amf_procedure_end(amf, &p->p);
	return true;
}
