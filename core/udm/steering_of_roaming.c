/*
 * Steering of roaming, 23.122 annex C and 33.501 6.14.2: what of it update.c is told, and how it comes with a
 * registration.
 *
 *   AMF -> UDM   Nudm_SDM_Get am-data      29.503 5.2.2.2
 *   UDM -> AUSF  Nausf_SoRProtection       29.509: MAC, counter, and the MAC that the UE is to answer
 *   UDM -> UDR   am-data
 *   UDM -> AMF   am-data with SorInfo; without it where the AUSF cannot
 */
#include "base/record.h"
#include "core/nf/sor.h"
#include "core/udm/internal.h"

static const struct record_field plmn_fields[] = {
	RECORD_O(1, nas_steering_plmn, plmn),
	RECORD_U(2, nas_steering_plmn, access),
};
static const struct record_def plmn_def = { "plmn", plmn_fields, ARRAY_LEN(plmn_fields) };

static const struct record_field fields[] = {
	RECORD_L(1, udm_order, steering.plmns, steering.count, &plmn_def),
	RECORD_U(2, udm_order, provisioned_ms),
};
static const struct record_def record = { "steering", fields, ARRAY_LEN(fields) };

static void protect(struct udm *udm, struct udm_update *u)
{
	struct nausf_sor_protection_req req = { u->supi, { .ack_ind = true } };
	uint8_t json[NF_STEERING_JSON_MAX];
	struct writer w = writer_of(json, sizeof(json));

	may_fail(nf_steering_write(&u->order.steering, &w)); /* the longest has room */
	req.data.steering_container = writer_bytes(&w);
	nf_call(&udm->nf, SBI_AUSF_SOR_PROTECTION, &req, udm_update_token(udm, u));
}

void udm_on_sor_protected(struct udm *udm, const struct sbi_answer *a)
{
	const struct nausf_sor_protection_rsp *rsp = a->body;
	struct udm_protection p = { 0 };

	if (a->cause != SBI_OK || !rsp->data.has_sor_xmac_iue) {
		udm_update_protected(udm, a, NULL);
		return;
	}
	bytes_copy(p.counter, sizeof(p.counter), BYTES(rsp->data.counter_sor));
	bytes_copy(p.mac, sizeof(p.mac), BYTES(rsp->data.sor_mac_iausf));
	bytes_copy(p.xmac, sizeof(p.xmac), BYTES(rsp->data.sor_xmac_iue));
	udm_update_protected(udm, a, &p);
}

static bool info_of(const struct udm_update *u, struct writer *steering, struct sor_info *out)
{
	bool ok = nf_steering_write(&u->order.steering, steering);

	*out = (struct sor_info){ .steering_container = writer_bytes(steering),
		.ack_ind = true,
		.has_sor_mac_iausf = true,
		.has_countersor = true,
		.provisioning_time = u->order.provisioned_ms };
	bytes_copy(out->sor_mac_iausf, sizeof(out->sor_mac_iausf), BYTES(u->protection.mac));
	bytes_copy(out->countersor, sizeof(out->countersor), BYTES(u->protection.counter));
	return ok;
}

static bool value(const struct udm_update *u, struct writer *w)
{
	uint8_t json[NF_STEERING_JSON_MAX];
	struct writer steering = writer_of(json, sizeof(json));
	struct sor_info info;

	return info_of(u, &steering, &info) && nudm_sor_info_write(&info, w);
}

bool udm_steering_at_registration(struct udm *udm, const struct sbi_request *r)
{
	const struct nudm_sdm_get_req *req = r->body;
	struct udm_update *u = udm_update_of(udm, &req->supi, UDM_STEERING);

	if (!u)
		return false;
	udm_update_rest(udm, u);
	udm_update_begin(udm, u);
	u->request_id = r->id;
	u->plmn = req->plmn;
	return true;
}

void udm_steering_on_am_data(struct udm *udm, const struct sbi_answer *a)
{
	struct udm_update *u = udm_update_of_token(udm, &a->token);
	uint8_t json[NF_STEERING_JSON_MAX];
	struct writer steering = writer_of(json, sizeof(json));
	struct nudm_am_data_rsp rsp;
	struct sor_info info;
	uint64_t id;

	if (!u)
		return; /* the AMF does not wait for this one any more */
	id = u->request_id;
	u->request_id = 0;
	if (a->cause != SBI_OK) {
		udm_update_rest(udm, u);
		sbi_answer(udm->nf.bus, id, a->cause, NULL);
		return;
	}
	rsp = *(const struct nudm_am_data_rsp *)a->body;
	if (info_of(u, &steering, &info))
		rsp.data.sor_info = &info;
	u->sent = true;
	udm->stat[UDM_STAT_STEERINGS_SENT]++;
	sbi_answer(udm->nf.bus, id, SBI_OK, &rsp);
}

const struct udm_update_def udm_steering_of_roaming = {
	.path = "/sorInfo",
	.table = STORE_UDM_STEERING,
	.record = &record,
	.done = EVENT_STEERED,
	.not_done = EVENT_NOT_STEERED,
	.sent = UDM_STAT_STEERINGS_SENT,
	.acknowledged = UDM_STAT_STEERINGS_ACKNOWLEDGED,
	.not_proved = UDM_STAT_STEERINGS_NOT_PROVED,
	.protect = protect,
	.value = value,
};
