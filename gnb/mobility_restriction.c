/*
 * Mobility Restriction List, 38.413 9.3.1.85 and 38.423 9.2.3.53: where the UE's subscription does not allow
 * it. It comes from the AMF, or from the source of a handover by Xn, and goes along with the next; no
 * handover begins to an area that it forbids (23.501 5.3.4.1.1). It is kept as it came, by the octets of
 * NGAP, which Xn carries too (5GC Mobility Restriction List Container).
 */
#include <stdlib.h>

#include "gnb/xn.h"

struct gnb_restrictions {
	size_t len;
	uint8_t octets[];
};

static bool keep(struct gnb *gnb, struct gnb_ue *ue, struct bytes octets)
{
	struct gnb_restrictions *r = octets.len ? malloc(sizeof(*r) + octets.len) : NULL;

	gnb->stat[GNB_STAT_EXHAUSTED] += octets.len > 0 && !r;
	if (octets.len > 0 && !r)
		return false;
	free(ue->restrictions);
	ue->restrictions = r;
	if (r) {
		r->len = octets.len;
		bytes_copy(r->octets, octets.len, octets);
	}
	return true;
}

bool gnb_restrictions_take(
	struct gnb *gnb, struct gnb_ue *ue, const struct ngap_mobility_restriction_list *list)
{
	struct bytes octets =
		list ? ngap_value_bytes(&ngap_mobility_restriction_list_type, list, &gnb->arena) : BYTES_NONE;

	return (!list || octets.len > 0) && keep(gnb, ue, octets);
}

bool gnb_restrictions_forbid(struct gnb *gnb, const struct gnb_ue *ue, const struct tai *tai)
{
	struct ngap_mobility_restriction_list list;
	struct per_diag diag;
	const struct ngap_forbidden_area_information *areas;

	if (!ue->restrictions)
		return false;
	if (!ngap_value_decode(&ngap_mobility_restriction_list_type,
		    bytes_of(ue->restrictions->octets, ue->restrictions->len), &gnb->arena, &list, &diag))
		return true; /* memory is out, and nobody knows */
	areas = list.forbidden_area_information;
	for (size_t i = 0; areas && i < areas->count; i++) {
		const struct ngap_forbidden_area_information_item *item = &areas->items[i];
		struct plmn plmn = ngap_plmn(item->plmn_identity);

		for (size_t k = 0; plmn_equal(&plmn, &tai->plmn) && k < item->forbidden_tacs.count; k++) {
			struct cursor c = cursor_of(item->forbidden_tacs.items[k]);

			if (cursor_uint(&c, 3) == tai->tac)
				return true;
		}
	}
	return false;
}

/* Its forbidden areas as Xn has them, for who does not know the container. */
static struct xnap_forbidden_area_list *forbidden_for_xn(
	struct gnb *gnb, const struct ngap_forbidden_area_information *from)
{
	struct xnap_forbidden_area_list *out = arena_alloc(&gnb->arena, sizeof(*out));

	if (!out || !from)
		return NULL;
	*out = (struct xnap_forbidden_area_list){ from->count,
		arena_array(&gnb->arena, from->count, sizeof(*out->items)) };
	for (size_t i = 0; out->items && i < from->count; i++) {
		out->items[i] =
			(struct xnap_forbidden_area_item){ .plmn_identity = from->items[i].plmn_identity };
		out->items[i].forbidden_tacs.count = from->items[i].forbidden_tacs.count;
		out->items[i].forbidden_tacs.items = from->items[i].forbidden_tacs.items;
	}
	return out->items ? out : NULL;
}

bool gnb_restrictions_give(
	struct gnb *gnb, const struct gnb_ue *ue, struct xnap_ue_context_info_ho_request *c)
{
	struct ngap_mobility_restriction_list list;
	struct per_diag diag;

	if (!ue->restrictions)
		return true;
	c->ie_extensions = arena_alloc(&gnb->arena, sizeof(*c->ie_extensions));
	c->mrl = arena_alloc(&gnb->arena, sizeof(*c->mrl));
	if (!c->ie_extensions || !c->mrl)
		return false;
	*c->ie_extensions = (struct xnap_ue_context_info_ho_request_ext_ies){
		.has_five_gc_mobility_restriction_list_container = true,
		.five_gc_mobility_restriction_list_container =
			bytes_of(ue->restrictions->octets, ue->restrictions->len),
	};
	if (!ngap_value_decode(&ngap_mobility_restriction_list_type,
		    bytes_of(ue->restrictions->octets, ue->restrictions->len), &gnb->arena, &list, &diag))
		return false;
	*c->mrl = (struct xnap_mobility_restriction_list){ .serving_plmn = list.serving_plmn,
		.forbidden_area_information = forbidden_for_xn(gnb, list.forbidden_area_information) };
	return !list.forbidden_area_information || c->mrl->forbidden_area_information;
}

/* Of a neighbour that sends no container. */
static bool take_of_xn(struct gnb *gnb, struct gnb_ue *ue, const struct xnap_mobility_restriction_list *mrl)
{
	const struct xnap_forbidden_area_list *from = mrl->forbidden_area_information;
	struct ngap_forbidden_area_information areas = { 0 };
	struct ngap_mobility_restriction_list list = { .serving_plmn = mrl->serving_plmn,
		.forbidden_area_information = from ? &areas : NULL };

	areas.count = from ? from->count : 0;
	areas.items = from ? arena_array(&gnb->arena, from->count, sizeof(*areas.items)) : NULL;
	if (from && !areas.items)
		return false;
	for (size_t i = 0; i < areas.count; i++)
		areas.items[i] = (struct ngap_forbidden_area_information_item){ from->items[i].plmn_identity,
			{ from->items[i].forbidden_tacs.count, from->items[i].forbidden_tacs.items } };
	return gnb_restrictions_take(gnb, ue, &list);
}

bool gnb_restrictions_take_xn(
	struct gnb *gnb, struct gnb_ue *ue, const struct xnap_ue_context_info_ho_request *c)
{
	const struct xnap_ue_context_info_ho_request_ext_ies *more = c->ie_extensions;
	struct ngap_mobility_restriction_list list;
	struct per_diag diag;

	if (more && more->has_five_gc_mobility_restriction_list_container &&
		ngap_value_decode(&ngap_mobility_restriction_list_type,
			more->five_gc_mobility_restriction_list_container, &gnb->arena, &list, &diag))
		return keep(gnb, ue, more->five_gc_mobility_restriction_list_container);
	return c->mrl ? take_of_xn(gnb, ue, c->mrl) : keep(gnb, ue, BYTES_NONE);
}
