/* UE parameters update, 23.502 4.20.2 and 33.501 6.15.2: what of it update.c is told. */
#include "base/record.h"
#include "core/udm/internal.h"

static const struct record_field snssai_fields[] = { RECORD_U(1, snssai, sst), RECORD_U(2, snssai, sd) };
static const struct record_def snssai_def = { "snssai", snssai_fields, ARRAY_LEN(snssai_fields) };

static const struct record_field fields[] = {
	RECORD_L(1, udm_order, parameters.default_nssai, parameters.default_nssai_count, &snssai_def),
	RECORD_S(2, udm_order, parameters.routing_indicator),
	RECORD_U(3, udm_order, parameters.re_register),
	RECORD_U(4, udm_order, provisioned_ms),
};
static const struct record_def record = { "ue_parameters", fields, ARRAY_LEN(fields) };

static struct upu_data_list data_of(const struct udm_update *u, struct upu_data items[2])
{
	const struct udm_parameters *p = &u->order.parameters;
	struct upu_data_list list = { 0, items };

	if (p->default_nssai_count > 0)
		items[list.count++] = (struct upu_data){ { p->default_nssai_count, p->default_nssai }, NULL };
	if (p->routing_indicator[0])
		items[list.count++] = (struct upu_data){ { 0, NULL }, p->routing_indicator };
	return list;
}

static void protect(struct udm *udm, struct udm_update *u)
{
	struct upu_data items[2];
	struct nausf_upu_protection_req req = { u->supi, { data_of(u, items), .upu_ack_ind = true } };

	nf_call(&udm->nf, SBI_AUSF_UPU_PROTECTION, &req, udm_update_token(udm, u));
}

void udm_on_upu_protected(struct udm *udm, const struct sbi_answer *a)
{
	const struct nausf_upu_protection_rsp *rsp = a->body;
	struct udm_protection p = { 0 };

	if (a->cause != SBI_OK || !rsp->data.has_upu_xmac_iue) {
		udm_update_protected(udm, a, NULL);
		return;
	}
	bytes_copy(p.counter, sizeof(p.counter), BYTES(rsp->data.counter_upu));
	bytes_copy(p.mac, sizeof(p.mac), BYTES(rsp->data.upu_mac_iausf));
	bytes_copy(p.xmac, sizeof(p.xmac), BYTES(rsp->data.upu_xmac_iue));
	udm_update_protected(udm, a, &p);
}

static bool value(const struct udm_update *u, struct writer *w)
{
	struct upu_data items[2];
	struct upu_info info = { .upu_data_list = data_of(u, items),
		.upu_reg_ind = u->order.parameters.re_register,
		.upu_ack_ind = true,
		.has_upu_mac_iausf = true,
		.has_counter_upu = true,
		.provisioning_time = u->order.provisioned_ms };

	bytes_copy(info.upu_mac_iausf, sizeof(info.upu_mac_iausf), BYTES(u->protection.mac));
	bytes_copy(info.counter_upu, sizeof(info.counter_upu), BYTES(u->protection.counter));
	return nudm_upu_info_write(&info, w);
}

const struct udm_update_def udm_parameters_update = {
	.path = "/upuInfo",
	.table = STORE_UDM_UPDATE,
	.record = &record,
	.done = EVENT_PARAMETERS_UPDATED,
	.not_done = EVENT_PARAMETERS_NOT_UPDATED,
	.sent = UDM_STAT_UPDATES_SENT,
	.acknowledged = UDM_STAT_UPDATES_ACKNOWLEDGED,
	.not_proved = UDM_STAT_UPDATES_NOT_PROVED,
	.protect = protect,
	.value = value,
};
