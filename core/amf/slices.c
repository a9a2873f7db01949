/*
 * The slices that the network has, while it takes some away: what a UE is allowed was told to it, and stays
 * so until it has been told otherwise. What is left of it is what holds for gNB and sessions
 * (23.501 5.15.5.2.2).
 */
#include "core/amf/internal.h"

struct nssai amf_slices(const struct amf *amf)
{
	struct nssai all = { 0 };

	for (; all.count < amf->config.slice_count; all.count++)
		all.items[all.count] = amf->config.slices[all.count];
	return all;
}

bool amf_serves_slice(const struct amf *amf, const struct snssai *s)
{
	for (uint8_t i = 0; i < amf->config.slice_count; i++)
		if (snssai_equal(&amf->config.slices[i], s))
			return true;
	return false;
}

struct nssai amf_nssai_left(const struct amf *amf, const struct amf_ue *ue)
{
	struct nssai left = { 0 };

	for (uint8_t i = 0; i < ue->allowed_nssai.count; i++)
		if (ue->emergency || amf_serves_slice(amf, &ue->allowed_nssai.items[i]))
			left.items[left.count++] = ue->allowed_nssai.items[i];
	return left;
}

uint64_t amf_ues_of_slice(const struct amf *amf, struct bytes slice)
{
	char text[SNSSAI_STR_SIZE];

	for (uint8_t i = 0; i < amf->config.slice_count; i++)
		if (bytes_equal(slice, bytes_of_str(snssai_str(&amf->config.slices[i], text))))
			return amf->figures.by_slice[i][AMF_SLICE_REGISTERED];
	return 0;
}
