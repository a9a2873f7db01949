/* TS 29.531: Nnssf_NSSelection_Get for a registration. nf-type: the AMF is who asks. */
#include "wire/sbi/tables.h"

/* subscribedNssai: one list, where the struct has the default slices apart. */
struct subscribed_element {
	struct snssai snssai;
	bool is_default;
};

struct subscribed_view {
	uint8_t count;
	struct subscribed_element items[2 * SNSSAI_MAX];
};

static void view_add(struct subscribed_view *v, const struct nssai *list, bool is_default)
{
	for (uint8_t i = 0; i < list->count && i < SNSSAI_MAX; i++) {
		v->items[v->count].snssai = list->items[i];
		v->items[v->count++].is_default = is_default;
	}
}

static bool subscribed_to(const void *base, void *view)
{
	const struct nnssf_ns_selection_req *req = base;
	struct subscribed_view *v = view;

	view_add(v, &req->default_subscribed_nssai, true);
	view_add(v, &req->subscribed_nssai, false);
	return v->count > 0;
}

static bool subscribed_from(const void *view, void *base)
{
	struct nnssf_ns_selection_req *req = base;
	const struct subscribed_view *v = view;

	for (uint8_t i = 0; i < v->count; i++) {
		struct nssai *list =
			v->items[i].is_default ? &req->default_subscribed_nssai : &req->subscribed_nssai;

		if (list->count == SNSSAI_MAX)
			return false;
		list->items[list->count++] = v->items[i].snssai;
	}
	return true;
}

JSON_TABLE(subscribed_snssai, { JSON_OBJ("subscribedSnssai", sbi_snssai, subscribed_element, snssai), MUST },
	{ JSON_V("defaultIndication", json_bool, subscribed_element, is_default) }, );
JSON_ITEM(subscribed_item, subscribed_snssai, subscribed_element);
static const struct json_field subscribed_list = {
	JSON_ITEMS(NULL, subscribed_item, subscribed_view, items, count), MUST
};
static const struct json_via subscribed_via = { sizeof(struct subscribed_view), &subscribed_list,
	subscribed_to, subscribed_from };

JSON_TABLE(slice_info, { JSON_THROUGH("subscribedNssai", subscribed_via) },
	{ JSON_ITEMS("requestedNssai", sbi_snssai_item, nnssf_ns_selection_req, requested_nssai.items,
		requested_nssai.count) }, );
JSON_TABLE(selection_query, { JSON_EMIT("nf-type", "AMF"), MUST },
	{ JSON_V("nf-id", json_str, nnssf_ns_selection_req, nf_id), MUST },
	{ JSON_GROUP("slice-info-request-for-registration", slice_info) },
	{ JSON_OBJ("tai", sbi_tai, nnssf_ns_selection_req, tai) }, );

JSON_TABLE(allowed_snssai,
	{ .key = "allowedSnssai",
		.kind = JSON_OBJECT,
		.sub = &sbi_snssai,
		.size = sizeof(struct snssai),
		MUST }, );
JSON_ITEM(allowed_snssai_item, allowed_snssai, snssai);
JSON_TABLE(allowed_nssai,
	{ JSON_ITEMS("allowedSnssaiList", allowed_snssai_item, nnssf_ns_selection_rsp, allowed_nssai.items,
		  allowed_nssai.count),
		MUST },
	{ JSON_EMIT("accessType", "3GPP_ACCESS"), MUST }, );
JSON_ROOT(allowed_nssai_item, allowed_nssai);
JSON_TABLE(configured_snssai,
	{ .key = "configuredSnssai",
		.kind = JSON_OBJECT,
		.sub = &sbi_snssai,
		.size = sizeof(struct snssai),
		MUST }, );
JSON_ITEM(configured_snssai_item, configured_snssai, snssai);

JSON_TABLE(slice_information, { JSON_ONE("allowedNssaiList", allowed_nssai_item) },
	{ JSON_ITEMS("configuredNssai", configured_snssai_item, nnssf_ns_selection_rsp,
		configured_nssai.items, configured_nssai.count) },
	{ JSON_ITEMS("rejectedNssaiInPlmn", sbi_snssai_item, nnssf_ns_selection_rsp,
		rejected_nssai_in_plmn.items, rejected_nssai_in_plmn.count) },
	{ JSON_ITEMS("rejectedNssaiInTa", sbi_snssai_item, nnssf_ns_selection_rsp, rejected_nssai_in_ta.items,
		rejected_nssai_in_ta.count) }, );
JSON_ROOT(selection_rsp, slice_information);

const struct sbi_json nssf_ns_selection_json = { .query = &selection_query, .rsp = &selection_rsp };
