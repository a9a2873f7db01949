#include "core/udr/subscriber.h"

#include "base/store.h"

static const struct record_field route_fields[] = {
	RECORD_U(1, prefix, ip.high),
	RECORD_U(2, prefix, ip.low),
	RECORD_U(3, prefix, bits),
};
static const struct record_def route_def = { "route", route_fields, ARRAY_LEN(route_fields) };

static const struct record_field dnn_fields[] = {
	RECORD_S(1, subscriber_dnn, dnn),
	RECORD_U(2, subscriber_dnn, default_dnn),
	RECORD_U(3, subscriber_dnn, five_qi),
	RECORD_U(4, subscriber_dnn, arp_priority_level),
	RECORD_U(5, subscriber_dnn, arp_may_preempt),
	RECORD_U(6, subscriber_dnn, arp_preemptable),
	RECORD_U(7, subscriber_dnn, ambr_uplink_bps),
	RECORD_U(8, subscriber_dnn, ambr_downlink_bps),
	RECORD_U(9, subscriber_dnn, static_ipv4),
	RECORD_U(10, subscriber_dnn, static_ipv6),
	RECORD_U(11, subscriber_dnn, session_types),
	RECORD_U(12, subscriber_dnn, default_session_type),
	RECORD_U(13, subscriber_dnn, ssc_modes),
	RECORD_U(14, subscriber_dnn, default_ssc_mode),
	RECORD_L(15, subscriber_dnn, routes, route_count, &route_def),
};
static const struct record_def dnn_def = { "dnn", dnn_fields, ARRAY_LEN(dnn_fields) };

static const struct record_field slice_fields[] = {
	RECORD_U(1, subscriber_slice, sst),
	RECORD_U(2, subscriber_slice, sd),
	RECORD_U(3, subscriber_slice, default_slice),
	RECORD_L(4, subscriber_slice, dnns, dnn_count, &dnn_def),
};
static const struct record_def slice_def = { "slice", slice_fields, ARRAY_LEN(slice_fields) };

static const struct record_field tac_fields[] = { RECORD_U(1, subscriber_tac, tac) };
static const struct record_def tac_def = { "tac", tac_fields, ARRAY_LEN(tac_fields) };

static const struct record_field subscriber_fields[] = {
	RECORD_S(1, subscriber, imsi),
	RECORD_U(2, subscriber, algorithm),
	RECORD_U(3, subscriber, enc_permanent_key_len),
	RECORD_U(4, subscriber, enc_opc_key_len),
	RECORD_K(5, subscriber, enc_permanent_key),
	RECORD_K(6, subscriber, enc_opc_key),
	RECORD_O(7, subscriber, amf),
	RECORD_U(8, subscriber, ambr_uplink_bps),
	RECORD_U(9, subscriber, ambr_downlink_bps),
	RECORD_L(10, subscriber, slices, slice_count, &slice_def),
	RECORD_U(11, subscriber, authentication),
	RECORD_U(12, subscriber, mobility.t3512_s),
	RECORD_U(13, subscriber, mobility.active_time_s),
	RECORD_U(14, subscriber, mobility.mico),
	RECORD_U(15, subscriber, mobility.no_nr),
	RECORD_U(16, subscriber, mobility.no_5gc),
	RECORD_U(17, subscriber, mobility.areas_are),
	RECORD_U(18, subscriber, mobility.has_areas_max),
	RECORD_U(19, subscriber, mobility.areas_max),
	RECORD_L(20, subscriber, mobility.areas, mobility.area_count, &tac_def),
	RECORD_L(21, subscriber, mobility.forbidden, mobility.forbidden_count, &tac_def),
	RECORD_S(22, subscriber, profile),
	RECORD_U(23, subscriber, msisdn),
};
const char *const subscriber_authentication_names[SUBSCRIBER_AUTHENTICATIONS] = {
	[SUBSCRIBER_5G_AKA] = "5g-aka",
	[SUBSCRIBER_EAP_AKA_PRIME] = "eap-aka-prime",
};

const struct record_def subscriber_def = { "subscriber", subscriber_fields, ARRAY_LEN(subscriber_fields) };

/* Tag and length of each field are three octets (base/record.h). */
_Static_assert(
	sizeof(struct subscriber) +
			3 * (ARRAY_LEN(subscriber_fields) + 2 * SUBSCRIBER_AREAS_MAX * 2 +
				    SNSSAI_MAX * (1 + ARRAY_LEN(slice_fields) +
							 DNN_PER_SLICE_MAX *
								 (1 + ARRAY_LEN(dnn_fields) +
									 SUBSCRIBER_ROUTES_MAX *
										 ARRAY_LEN(route_fields)))) <=
		SUBSCRIBER_RECORD_MAX,
	"a full subscriber fits its record");
_Static_assert((int)SUBSCRIBER_RECORD_MAX <= (int)STORE_VALUE_MAX, "a record fits the store");

bool subscriber_decode(struct bytes in, struct subscriber *out)
{
	*out = (struct subscriber){ 0 };
	return record_decode(&subscriber_def, in, out);
}

static struct uint32_list tacs_of(
	const struct subscriber_tac *from, uint8_t count, uint32_t to[SUBSCRIBER_AREAS_MAX])
{
	for (uint8_t i = 0; i < count; i++)
		to[i] = from[i].tac;
	return (struct uint32_list){ count, to };
}

static void restrictions_of(const struct subscriber_mobility *m, struct subscriber_am_data *out)
{
	struct access_and_mobility_subscription_data *d = &out->data;

	out->rat = RAT_TYPE_NR;
	out->core = CORE_NETWORK_TYPE_FIVE_GC;
	d->rat_restrictions = (struct rat_type_list){ m->no_nr, &out->rat };
	d->core_network_type_restrictions = (struct core_network_type_list){ m->no_5gc, &out->core };
	out->forbidden.tacs = tacs_of(m->forbidden, m->forbidden_count, out->tacs[0]);
	d->forbidden_areas = (struct area_list){ m->forbidden_count > 0, &out->forbidden };
	out->areas.tacs = tacs_of(m->areas, m->area_count, out->tacs[1]);
	out->restriction = (struct service_area_restriction){
		.restriction_type = m->areas_are == SUBSCRIBER_AREAS_ALLOWED ? RESTRICTION_TYPE_ALLOWED_AREAS
				    : m->areas_are == SUBSCRIBER_AREAS_NOT_ALLOWED
					    ? RESTRICTION_TYPE_NOT_ALLOWED_AREAS
					    : RESTRICTION_TYPE_ABSENT,
		.areas = { m->area_count > 0, &out->areas },
		.has_max_num_of_t_as = m->has_areas_max,
		.max_num_of_t_as = m->areas_max,
	};
	if (m->areas_are != SUBSCRIBER_AREAS_ALL || m->has_areas_max)
		d->service_area_restriction = &out->restriction;
}

static struct text_list dnns_of(const struct subscriber *s, const char **to)
{
	uint32_t count = 0;

	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++)
			to[count++] = s->slices[i].dnns[d].dnn;
	return (struct text_list){ count, to };
}

void subscriber_am_data(const struct subscriber *s, struct subscriber_am_data *out)
{
	const struct subscriber_mobility *m = &s->mobility;

	*out = (struct subscriber_am_data){ .ambr = { s->ambr_uplink_bps, s->ambr_downlink_bps } };
	out->nssai = (struct subscribed_nssai){ { 0, out->slices[0] }, { 0, out->slices[1] } };
	out->data = (struct access_and_mobility_subscription_data){
		.subscribed_ue_ambr = &out->ambr,
		.nssai = &out->nssai,
		.has_subs_reg_timer = m->t3512_s > 0,
		.subs_reg_timer = m->t3512_s,
		.has_active_time = m->active_time_s > 0,
		.active_time = m->active_time_s,
		.mico_allowed = m->mico,
		.subscribed_dnn_list = dnns_of(s, out->dnns),
		.gpsis = { s->msisdn != 0, out->gpsis },
	};
	out->gpsis[0] = gpsi_str(s->msisdn, out->gpsi);
	for (uint8_t i = 0; i < s->slice_count; i++) {
		bool other = !s->slices[i].default_slice;
		struct snssai_list *list =
			other ? &out->nssai.single_nssais : &out->nssai.default_single_nssais;

		out->slices[other][list->count++] = subscriber_snssai(&s->slices[i]);
	}
	restrictions_of(m, out);
}

const struct subscriber_dnn *subscriber_dnn_find(
	const struct subscriber *s, const struct snssai *snssai, const char *dnn)
{
	for (uint8_t i = 0; i < s->slice_count; i++) {
		struct snssai slice = subscriber_snssai(&s->slices[i]);

		if (!snssai_equal(&slice, snssai))
			continue;
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++)
			if (dnn_equal(s->slices[i].dnns[d].dnn, dnn))
				return &s->slices[i].dnns[d];
	}
	return NULL;
}

bool subscriber_routes_same(const struct subscriber_dnn *a, const struct subscriber_dnn *b)
{
	bool same = a->route_count == b->route_count;

	for (uint8_t i = 0; same && i < a->route_count; i++)
		same = prefix_equal(&a->routes[i], &b->routes[i]);
	return same;
}

bool subscriber_dnn_same(const struct subscriber_dnn *a, const struct subscriber_dnn *b)
{
	return a->five_qi == b->five_qi && a->arp_priority_level == b->arp_priority_level &&
	       a->arp_may_preempt == b->arp_may_preempt && a->arp_preemptable == b->arp_preemptable &&
	       a->ambr_uplink_bps == b->ambr_uplink_bps && a->ambr_downlink_bps == b->ambr_downlink_bps &&
	       a->static_ipv4 == b->static_ipv4 && a->static_ipv6 == b->static_ipv6 &&
	       a->session_types == b->session_types && a->default_session_type == b->default_session_type &&
	       a->ssc_modes == b->ssc_modes && a->default_ssc_mode == b->default_ssc_mode &&
	       subscriber_routes_same(a, b);
}
