/* Steering of roaming, 23.122 annex C: the SorInfo of a notification, or of the subscription that a
 * registration asks for, as the UE gets it (24.501 9.11.3.51). */
#include "core/amf/home_update.h"
#include "core/nf/sor.h"

static bool take(struct amf *amf, const struct sor_info *info, struct amf_home_update *out)
{
	struct nas_home_container h = { 0 };
	struct cursor counter = cursor_of(BYTES(info->countersor));
	uint8_t octets[AMF_HOME_CONTAINER_MAX];
	struct writer list = writer_of(octets, sizeof(octets));
	struct nas_steering s;

	if (!info->has_sor_mac_iausf || !info->has_countersor ||
		!nf_steering_read(info->steering_container, &amf->arena, &s) ||
		!nas_steering_encode(&s, &list))
		return false;
	h.header = nf_sor_header(&s, info->ack_ind);
	bytes_copy(h.mac, sizeof(h.mac), BYTES(info->sor_mac_iausf));
	h.counter = cursor_u16(&counter);
	h.list = writer_bytes(&list);
	out->acknowledge = info->ack_ind;
	out->provisioning_time = info->provisioning_time;
	return amf_home_container_write(&h, out);
}

static bool read(struct amf *amf, struct bytes value, struct amf_home_update *out)
{
	struct sor_info info;

	return nudm_sor_info_read(value, &amf->arena, &info) && take(amf, &info, out);
}

/* One that cannot be taken changes nothing of the registration: the UDM repeats it. */
void amf_steering_of_subscription(struct amf *amf, struct amf_ue *ue, const struct sor_info *info)
{
	struct amf_home_update what = { .sent = false };

	if (info && take(amf, info, &what))
		amf_home_update_begin(
			amf, ue, AMF_STEERING_OF_ROAMING, &what, AMF_TRANSFER_WAIT_S * MS_PER_S);
}

void amf_steering_accept(struct amf *amf, struct amf_ue *ue, struct nas_registration_accept *a)
{
	struct amf_home_update *u = (struct amf_home_update *)amf_procedure_find(ue, AMF_STEERING_OF_ROAMING);

	a->has_sor_transparent_container = u && !u->sent;
	if (!a->has_sor_transparent_container)
		return;
	a->sor_transparent_container = bytes_of(u->container, u->container_len);
	amf_home_update_sent(amf, u);
}

void amf_steering_complete(struct amf *amf, struct amf_ue *ue, const struct amf_nas *nas)
{
	const struct nas_registration_complete *m = nas ? &nas->msg->registration_complete : NULL;

	if (m && nas->msg->type == NAS_REGISTRATION_COMPLETE && m->has_sor_transparent_container)
		may_fail(amf_home_update_acknowledged(
			amf, ue, AMF_STEERING_OF_ROAMING, m->sor_transparent_container));
}

const struct amf_home_update_def amf_steering_of_roaming = {
	.path = "/sorInfo",
	.payload_container_type = NAS_PAYLOAD_SOR,
	.acknowledge = SBI_UDM_SOR_ACK,
	.sent = AMF_STAT_STEERINGS,
	.read = read,
};
