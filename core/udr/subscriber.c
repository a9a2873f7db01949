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
};
const char *const subscriber_authentication_names[SUBSCRIBER_AUTHENTICATIONS] = {
	[SUBSCRIBER_5G_AKA] = "5g-aka",
	[SUBSCRIBER_EAP_AKA_PRIME] = "eap-aka-prime",
};

const struct record_def subscriber_def = { "subscriber", subscriber_fields, ARRAY_LEN(subscriber_fields) };

/* Tag and length of each field are three octets (base/record.h). */
_Static_assert(
	sizeof(struct subscriber) +
			3 * (ARRAY_LEN(subscriber_fields) +
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
		same = ip_equal(a->routes[i].ip, b->routes[i].ip) && a->routes[i].bits == b->routes[i].bits;
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
