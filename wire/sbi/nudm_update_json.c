/* TS 29.503, 29.509: steering of roaming and UE parameters update, which AUSF, UDM and AMF do together
 * (23.122 annex C, 23.502 4.20.2). */
#include "wire/sbi/tables.h"

JSON_TABLE(protection_path, { JSON_V("supi", json_supi, nausf_upu_protection_req, supi), MUST }, );
BODY(protection_req, upu_protection_info_json, nausf_upu_protection_req, data);
BODY(protection_rsp, upu_security_info_json, nausf_upu_protection_rsp, data);

const struct sbi_json ausf_upu_protection_json = {
	.path = &protection_path, .req = &protection_req, .rsp = &protection_rsp
};

JSON_TABLE(sor_path, { JSON_V("supi", json_supi, nausf_sor_protection_req, supi), MUST }, );
BODY(sor_req, sor_protection_info_json, nausf_sor_protection_req, data);
BODY(sor_rsp, sor_security_info_json, nausf_sor_protection_rsp, data);

const struct sbi_json ausf_sor_protection_json = { .path = &sor_path, .req = &sor_req, .rsp = &sor_rsp };

JSON_TABLE(ack_path, { JSON_V("supi", json_supi, nudm_acknowledge_req, supi), MUST }, );
BODY(ack_req, acknowledge_info_json, nudm_acknowledge_req, data);

const struct sbi_json udm_sdm_ack_json = { .path = &ack_path, .req = &ack_req };

JSON_TABLE(notify_path, { JSON_V("callback", json_text, nudm_sdm_notify_req, callback), MUST }, );
BODY(notify_req, modification_notification_json, nudm_sdm_notify_req, data);

const struct sbi_json amf_sdm_notify_json = { .path = &notify_path, .req = &notify_req };

ITEM(upu_info_root, upu_info_json, upu_info);
ITEM(sor_info_root, sor_info_json, sor_info);
ITEM(steering_item, steering_info_json, steering_info);

/* A list as a root has its place in a struct. */
struct steering {
	struct steering_info_list list;
};
static const struct json_field steering_root = { JSON_ITEMS(NULL, steering_item, steering, list), MUST };

static bool write(const struct json_field *root, const void *from, struct writer *w)
{
	json_encode(root, from, NULL, w);
	return !w->failed;
}

static bool read(const struct json_field *root, struct bytes json, struct arena *arena, void *out)
{
	struct json_fault fault;

	return json_decode(root, json, arena, NULL, out, &fault);
}

bool nudm_upu_info_write(const struct upu_info *from, struct writer *w)
{
	return write(&upu_info_root, from, w);
}

bool nudm_upu_info_read(struct bytes json, struct arena *arena, struct upu_info *out)
{
	*out = (struct upu_info){ 0 };
	return read(&upu_info_root, json, arena, out);
}

bool nudm_sor_info_write(const struct sor_info *from, struct writer *w)
{
	return write(&sor_info_root, from, w);
}

bool nudm_sor_info_read(struct bytes json, struct arena *arena, struct sor_info *out)
{
	*out = (struct sor_info){ 0 };
	return read(&sor_info_root, json, arena, out);
}

bool nudm_steering_write(const struct steering_info_list *from, struct writer *w)
{
	return write(&steering_root, &(struct steering){ *from }, w);
}

bool nudm_steering_read(struct bytes json, struct arena *arena, struct steering_info_list *out)
{
	struct steering s = { 0 };
	bool ok = read(&steering_root, json, arena, &s);

	*out = s.list;
	return ok;
}
