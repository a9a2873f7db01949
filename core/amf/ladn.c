/*
 * Local area data networks, 23.501 5.6.5.
 *
 *   AMF -> UE   LADN information                  24.501 9.11.3.30: in REGISTRATION ACCEPT, and in
 * CONFIGURATION UPDATE COMMAND when the subscription changes AMF -> SMF  CreateSMContext,
 * UpdateSMContext  29.502 6.1.6.2.2, 6.1.6.2.3: presenceInLadn; when the UE asks for the session or its user
 * plane, and when it is known to have gone
 */
#include "core/amf/ladn.h"

#include "core/amf/mobility.h"

static bool has(const struct amf_ladn *ladn, uint32_t tac)
{
	for (uint8_t i = 0; i < ladn->tac_count; i++)
		if (ladn->tacs[i] == tac)
			return true;
	return false;
}

enum presence_state amf_ladn_presence(const struct amf *amf, const struct amf_ue *ue, const char *dnn)
{
	for (uint8_t i = 0; i < amf->config.ladn_count; i++)
		if (dnn_equal(amf->config.ladns[i].dnn, dnn))
			return has(&amf->config.ladns[i], ue->tai.tac) ? PRESENCE_STATE_IN_AREA
								       : PRESENCE_STATE_OUT_OF_AREA;
	return PRESENCE_STATE_ABSENT;
}

/* 9.11.3.29: without a DNN all are meant. */
uint8_t amf_ladn_asked(const struct amf *amf, const struct nas_dnns *indication)
{
	uint8_t bits = 0;

	for (uint8_t i = 0; i < amf->config.ladn_count; i++) {
		bool named = indication->count == 0;

		for (size_t k = 0; k < indication->count; k++)
			named |= dnn_equal(amf->config.ladns[i].dnn, indication->items[k]);
		bits |= (uint8_t)(named << i);
	}
	return bits;
}

bool amf_ladn_take(struct amf *amf, struct amf_ue *ue,
	const struct access_and_mobility_subscription_data *data, uint8_t asked)
{
	struct amf_mobility *m;
	uint8_t bits = 0;

	for (uint8_t i = 0; i < amf->config.ladn_count; i++)
		for (uint32_t k = 0; k < data->subscribed_dnn_list.count; k++)
			bits |= (uint8_t)(dnn_equal(amf->config.ladns[i].dnn,
						  data->subscribed_dnn_list.items[k])
					  << i);
	bits &= asked;
	if (bits == amf_mobility_of(ue)->ladns)
		return true;
	m = amf_mobility_make(ue);
	if (m)
		m->ladns = bits;
	return m != NULL;
}

/* The intersection of its area and the registration area; false: they have none, or there is no room. */
static bool information_of(struct amf *amf, const struct amf_ladn *ladn, const struct tai *area,
	uint8_t count, struct nas_ladn *out)
{
	struct nas_tai_partial *list = arena_alloc(&amf->arena, sizeof(*list));
	struct tai *tais = arena_array(&amf->arena, AMF_TACS_MAX, sizeof(*tais));

	if (!list || !tais)
		return false;
	*list = (struct nas_tai_partial){ .type = NAS_TAI_LIST_ONE_PLMN, .tais = tais };
	for (uint8_t i = 0; i < count; i++)
		if (has(ladn, area[i].tac))
			tais[list->count++] = area[i];
	*out = (struct nas_ladn){ ladn->dnn, { 1, list } };
	return list->count > 0;
}

bool amf_ladn_information(struct amf *amf, const struct amf_ue *ue, struct nas_ladns *out)
{
	struct tai area[AMF_TACS_MAX];
	uint8_t count = amf_registration_area(amf, ue, area), ladns = amf_mobility_of(ue)->ladns;
	struct nas_ladn *items = ladns ? arena_array(&amf->arena, AMF_LADNS_MAX, sizeof(*items)) : NULL;

	*out = (struct nas_ladns){ 0, items };
	for (uint8_t i = 0; items && i < amf->config.ladn_count; i++)
		if (ladns >> i & 1)
			out->count +=
				information_of(amf, &amf->config.ladns[i], area, count, &items[out->count]);
	return out->count > 0;
}
