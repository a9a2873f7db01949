/* TS 29.503, 29.509: UE parameters update, which AUSF, UDM and AMF do together (23.502 4.20.2). */
#include "wire/sbi/tables.h"

JSON_TABLE(protection_path, { JSON_V("supi", json_supi, nausf_upu_protection_req, supi), MUST }, );
BODY(protection_req, upu_protection_info_json, nausf_upu_protection_req, data);
BODY(protection_rsp, upu_security_info_json, nausf_upu_protection_rsp, data);

const struct sbi_json ausf_upu_protection_json = {
	.path = &protection_path, .req = &protection_req, .rsp = &protection_rsp
};

JSON_TABLE(ack_path, { JSON_V("supi", json_supi, nudm_upu_ack_req, supi), MUST }, );
BODY(ack_req, acknowledge_info_json, nudm_upu_ack_req, data);

const struct sbi_json udm_upu_ack_json = { .path = &ack_path, .req = &ack_req };

JSON_TABLE(notify_path, { JSON_V("callback", json_text, nudm_sdm_notify_req, callback), MUST }, );
BODY(notify_req, modification_notification_json, nudm_sdm_notify_req, data);

const struct sbi_json amf_sdm_notify_json = { .path = &notify_path, .req = &notify_req };

static const struct json_field upu_info_root = {
	.kind = JSON_OBJECT, .mandatory = true, .sub = &upu_info_json, .size = sizeof(struct upu_info)
};

bool nudm_upu_info_write(const struct upu_info *from, struct writer *w)
{
	json_encode(&upu_info_root, from, NULL, w);
	return !w->failed;
}

bool nudm_upu_info_read(struct bytes json, struct arena *arena, struct upu_info *out)
{
	struct json_fault fault;

	*out = (struct upu_info){ 0 };
	return json_decode(&upu_info_root, json, arena, NULL, out, &fault);
}
