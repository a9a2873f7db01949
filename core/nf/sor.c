#include "core/nf/sor.h"

#include "wire/sbi/nudm.h"

enum {
	EUTRA = NAS_ACCESS_EUTRA | NAS_ACCESS_EUTRA_WB | NAS_ACCESS_EUTRA_NB,
	GSM = NAS_ACCESS_GSM | NAS_ACCESS_GSM_EC | NAS_ACCESS_GSM_NOT_EC,
};

/* AccessTech of 29.509 over 31.102 4.2.5: a technology is there where the mask has these bits alone. */
static const struct {
	enum access_tech tech;
	uint16_t mask, bits;
} technologies[] = {
	{ ACCESS_TECH_NR, NAS_ACCESS_NR, NAS_ACCESS_NR },
	{ ACCESS_TECH_EUTRAN_IN_WBS1_MODE_AND_NBS1_MODE, EUTRA, NAS_ACCESS_EUTRA },
	{ ACCESS_TECH_EUTRAN_IN_WBS1_MODE_ONLY, EUTRA, NAS_ACCESS_EUTRA | NAS_ACCESS_EUTRA_WB },
	{ ACCESS_TECH_EUTRAN_IN_NBS1_MODE_ONLY, EUTRA, NAS_ACCESS_EUTRA | NAS_ACCESS_EUTRA_NB },
	{ ACCESS_TECH_UTRAN, NAS_ACCESS_UTRA, NAS_ACCESS_UTRA },
	{ ACCESS_TECH_GSM_AND_ECGSM_IOT, GSM, NAS_ACCESS_GSM },
	{ ACCESS_TECH_GSM_WITHOUT_ECGSM_IOT, GSM, NAS_ACCESS_GSM | NAS_ACCESS_GSM_NOT_EC },
	{ ACCESS_TECH_ECGSM_IOT_ONLY, GSM, NAS_ACCESS_GSM | NAS_ACCESS_GSM_EC },
	{ ACCESS_TECH_CDMA_1XRTT, NAS_ACCESS_CDMA_1XRTT, NAS_ACCESS_CDMA_1XRTT },
	{ ACCESS_TECH_CDMA_HRPD, NAS_ACCESS_CDMA_HRPD, NAS_ACCESS_CDMA_HRPD },
	{ ACCESS_TECH_GSM_COMPACT, NAS_ACCESS_GSM_COMPACT, NAS_ACCESS_GSM_COMPACT },
};

bool nf_steering_write(const struct nas_steering *s, struct writer *json)
{
	enum access_tech techs[NAS_STEERING_MAX][ARRAY_LEN(technologies)];
	struct steering_info items[NAS_STEERING_MAX];

	for (uint8_t i = 0; i < s->count; i++) {
		items[i] = (struct steering_info){ s->plmns[i].plmn, { 0, techs[i] } };
		for (size_t t = 0; t < ARRAY_LEN(technologies); t++)
			if ((s->plmns[i].access & technologies[t].mask) == technologies[t].bits)
				techs[i][items[i].access_tech_list.count++] = technologies[t].tech;
	}
	return s->count == 0 || nudm_steering_write(&(struct steering_info_list){ s->count, items }, json);
}

static uint16_t access_of(enum access_tech tech)
{
	for (size_t t = 0; t < ARRAY_LEN(technologies); t++)
		if (technologies[t].tech == tech)
			return technologies[t].bits;
	return 0;
}

bool nf_steering_read(struct bytes json, struct arena *arena, struct nas_steering *out)
{
	struct steering_info_list list = { 0 };

	*out = (struct nas_steering){ 0 };
	if (json.len > 0 && (!nudm_steering_read(json, arena, &list) || list.count > NAS_STEERING_MAX))
		return false;
	for (uint32_t i = 0; i < list.count; i++) {
		const struct steering_info *from = &list.items[i];
		struct nas_steering_plmn *to = &out->plmns[out->count++];

		to->plmn = from->plmn_id;
		for (uint32_t t = 0; t < from->access_tech_list.count; t++)
			to->access |= access_of(from->access_tech_list.items[t]);
	}
	return true;
}

uint8_t nf_sor_header(const struct nas_steering *s, bool acknowledge)
{
	return (uint8_t)((s->count > 0 ? NAS_SOR_LIST | NAS_SOR_PLMNS : 0) |
			 (acknowledge ? NAS_SOR_ACKNOWLEDGE : 0));
}
