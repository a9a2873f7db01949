/* UE parameters update, 23.502 4.20.2: the UpuInfo of a notification as the UE gets it (24.501 9.11.3.53A).
 */
#include "core/amf/home_update.h"
#include "core/nf/upu.h"

static bool container_of_info(const struct upu_info *info, struct amf_home_update *out)
{
	struct nas_home_container h = { .header = (uint8_t)((info->upu_ack_ind ? NAS_UPU_ACKNOWLEDGE : 0) |
							    (info->upu_reg_ind ? NAS_UPU_RE_REGISTER : 0)) };
	struct cursor counter = cursor_of(BYTES(info->counter_upu));
	uint8_t octets[AMF_HOME_CONTAINER_MAX];
	struct writer list = writer_of(octets, sizeof(octets));
	bool ok = info->has_upu_mac_iausf && info->has_counter_upu &&
		  nf_upu_list_write(&info->upu_data_list, &list);

	bytes_copy(h.mac, sizeof(h.mac), BYTES(info->upu_mac_iausf));
	h.counter = cursor_u16(&counter);
	h.list = writer_bytes(&list);
	return ok && amf_home_container_write(&h, out);
}

static bool read(struct amf *amf, struct bytes value, struct amf_home_update *out)
{
	struct upu_info info;

	if (!nudm_upu_info_read(value, &amf->arena, &info))
		return false;
	out->acknowledge = info.upu_ack_ind;
	out->provisioning_time = info.provisioning_time;
	return container_of_info(&info, out);
}

const struct amf_home_update_def amf_parameters_update = {
	.path = "/upuInfo",
	.payload_container_type = NAS_PAYLOAD_UE_PARAMETERS,
	.acknowledge = SBI_UDM_UPU_ACK,
	.sent = AMF_STAT_PARAMETERS_UPDATES,
	.read = read,
};
