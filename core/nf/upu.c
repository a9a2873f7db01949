#include "core/nf/upu.h"

bool nf_upu_list_write(const struct upu_data_list *from, struct writer *w)
{
	struct nas_ue_parameters p = { 0 };

	for (uint32_t i = 0; i < from->count; i++) {
		const struct upu_data *d = &from->items[i];

		if (d->default_conf_nssai.count > SNSSAI_MAX)
			return false;
		for (uint32_t n = 0; n < d->default_conf_nssai.count; n++)
			p.default_nssai[n] = d->default_conf_nssai.items[n];
		if (d->default_conf_nssai.count > 0)
			p.default_nssai_count = (uint8_t)d->default_conf_nssai.count;
		if (d->routing_id && strlen(d->routing_id) >= sizeof(p.routing_indicator))
			return false;
		if (d->routing_id)
			str_copy(p.routing_indicator, sizeof(p.routing_indicator), d->routing_id);
	}
	return nas_ue_parameters_encode(&p, w);
}
