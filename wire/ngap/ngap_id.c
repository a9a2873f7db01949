#include "wire/ngap/ngap_id.h"

/* v in n octets of the arena. */
static struct bytes uint_octets(uint64_t v, size_t n, struct arena *arena)
{
	uint8_t *at = arena_alloc(arena, n);
	struct writer w = writer_of(at, n);

	if (!at)
		return BYTES_NONE;
	writer_uint(&w, v, n);
	return writer_bytes(&w);
}

static uint32_t octets_uint(struct bytes b)
{
	struct cursor c = cursor_of(b);

	return (uint32_t)cursor_uint(&c, b.len);
}

struct bytes ngap_plmn_of(const struct plmn *p, struct arena *arena)
{
	uint8_t *at = arena_alloc(arena, PLMN_OCTETS);

	if (!at)
		return BYTES_NONE;
	plmn_to_ap(p, at);
	return bytes_of(at, PLMN_OCTETS);
}

bool ngap_s_nssai_of(const struct snssai *s, struct arena *arena, struct ngap_s_nssai *out)
{
	out->sst = bytes_of(&s->sst, 1);
	out->has_sd = s->sd != SNSSAI_NO_SD;
	if (out->has_sd)
		out->sd = uint_octets(s->sd, 3, arena);
	return !out->has_sd || out->sd.data;
}

bool ngap_tai_of(const struct tai *t, struct arena *arena, struct ngap_tai *out)
{
	out->plmn_identity = ngap_plmn_of(&t->plmn, arena);
	out->tac = uint_octets(t->tac, 3, arena);
	return out->plmn_identity.data && out->tac.data;
}

bool ngap_guami_of(const struct guami *g, struct arena *arena, struct ngap_guami *out)
{
	*out = (struct ngap_guami){
		.plmn_identity = ngap_plmn_of(&g->plmn, arena),
		.amf_region_id = g->amf_region_id,
		.amf_set_id = g->amf_set_id,
		.amf_pointer = g->amf_pointer,
	};
	return out->plmn_identity.data;
}

bool ngap_nr_location_of(const struct tai *tai, const struct ncgi *ncgi, struct arena *arena,
	struct ngap_user_location_information *out)
{
	struct ngap_user_location_information_nr *nr = &out->u.user_location_information_nr;

	out->tag = NGAP_USER_LOCATION_INFORMATION_TAG_USER_LOCATION_INFORMATION_NR;
	*nr = (struct ngap_user_location_information_nr){ 0 };
	nr->nr_cgi.plmn_identity = ngap_plmn_of(&ncgi->plmn, arena);
	nr->nr_cgi.nr_cell_identity = ncgi->nci;
	return nr->nr_cgi.plmn_identity.data && ngap_tai_of(tai, arena, &nr->tai);
}

struct plmn ngap_plmn(struct bytes plmn_identity)
{
	uint8_t octets[PLMN_OCTETS] = { 0 };

	bytes_copy(octets, sizeof(octets), plmn_identity);
	return plmn_from_ap(octets);
}

uint32_t ngap_tac(struct bytes tac)
{
	return octets_uint(tac);
}

struct snssai ngap_snssai(const struct ngap_s_nssai *s)
{
	return (struct snssai){ (uint8_t)octets_uint(s->sst), s->has_sd ? octets_uint(s->sd) : SNSSAI_NO_SD };
}

struct guami ngap_guami(const struct ngap_guami *g)
{
	return (struct guami){ ngap_plmn(g->plmn_identity), g->amf_region_id, g->amf_set_id, g->amf_pointer };
}

struct tai ngap_tai(const struct ngap_tai *t)
{
	return (struct tai){ ngap_plmn(t->plmn_identity), ngap_tac(t->tac) };
}

bool ngap_nr_location(const struct ngap_user_location_information *u, struct tai *tai, struct ncgi *ncgi)
{
	const struct ngap_user_location_information_nr *nr = &u->u.user_location_information_nr;

	if (u->tag != NGAP_USER_LOCATION_INFORMATION_TAG_USER_LOCATION_INFORMATION_NR)
		return false;
	*tai = ngap_tai(&nr->tai);
	*ncgi = (struct ncgi){ ngap_plmn(nr->nr_cgi.plmn_identity), nr->nr_cgi.nr_cell_identity };
	return true;
}
