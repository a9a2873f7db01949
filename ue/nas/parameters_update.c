/*
 * UE parameters update, 24.501 5.4.5.3.3 and 33.501 6.15.2.
 *
 *   UE                            AMF
 *    |<- DL NAS TRANSPORT ---------|    of the UDM, protected by K_AUSF from end to end
 *    |-- UL NAS TRANSPORT -------->|    its acknowledgement, if the UDM asks for it
 *    |-- REGISTRATION REQUEST ---->|    once it is idle, if the UDM asks for it
 */
#include "crypto/equal.h"
#include "ue/internal.h"

void ue_home_key_take(struct ue *ue)
{
	bytes_copy(ue->home.k_ausf, sizeof(ue->home.k_ausf), BYTES(ue->home.fresh_k_ausf));
	explicit_bzero(ue->home.fresh_k_ausf, sizeof(ue->home.fresh_k_ausf));
	ue->home.counter_upu = ue->home.counter_sor = 0;
}

struct bytes ue_home_acknowledgement(const uint8_t mac[KDF_MAC_LEN], uint8_t octets[UE_HOME_ACKNOWLEDGEMENT])
{
	struct nas_home_container h = { .header = NAS_HOME_ACKNOWLEDGEMENT };
	struct writer w = writer_of(octets, UE_HOME_ACKNOWLEDGEMENT);

	bytes_copy(h.mac, sizeof(h.mac), bytes_of(mac, KDF_MAC_LEN));
	may_fail(nas_home_container_encode(&h, &w)); /* it has room */
	return writer_bytes(&w);
}

/* 33.501 6.15.2.2: greater than any before, and the MAC is that of K_AUSF. */
static bool is_proved(const struct ue *ue, const struct nas_home_container *h)
{
	uint8_t mac[KDF_MAC_LEN];

	return h->counter > ue->home.counter_upu &&
	       kdf_upu_mac_i_ausf(ue->home.k_ausf, h->list, h->counter, mac) &&
	       crypto_equal(BYTES(mac), BYTES(h->mac));
}

static void acknowledge(struct ue *ue)
{
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT };
	uint8_t mac[KDF_MAC_LEN], octets[UE_HOME_ACKNOWLEDGEMENT];

	if (!kdf_upu_mac_i_ue(ue->home.k_ausf, ue->home.counter_upu, mac))
		return;
	m.ul_nas_transport.payload_container_type = NAS_PAYLOAD_UE_PARAMETERS;
	m.ul_nas_transport.payload_container = ue_home_acknowledgement(mac, octets);
	ue_nas_send(ue, &m);
}

static void take(struct ue *ue, const struct nas_ue_parameters *p)
{
	if (p->default_nssai_count > 0) {
		ue->home.parameters.default_nssai_count = p->default_nssai_count;
		for (uint8_t i = 0; i < p->default_nssai_count; i++)
			ue->home.parameters.default_nssai[i] = p->default_nssai[i];
	}
	if (p->routing_indicator[0]) {
		str_copy(ue->home.parameters.routing_indicator, sizeof(ue->home.parameters.routing_indicator),
			p->routing_indicator);
		ue->suci_len = 0; /* the next SUCI has it */
		ue->suci_until_ns = 0;
	}
}

void ue_parameters_update(struct ue *ue, struct bytes container)
{
	struct nas_home_container h;
	struct nas_ue_parameters p;

	if (!nas_home_container_decode(container, &h) || h.header & NAS_HOME_ACKNOWLEDGEMENT ||
		!is_proved(ue, &h)) {
		ue->host->stat[UE_STAT_PARAMETERS_REFUSED]++;
		log_warn(ue->host->env->log, "imsi-%s: an update of its parameters is not proved; ignored",
			ue->usim.supi.imsi);
		return;
	}
	ue->home.counter_upu = h.counter;
	if (!nas_ue_parameters_decode(h.list, &ue->host->arena, &p)) {
		ue->host->stat[UE_STAT_NAS_REFUSED]++;
		return;
	}
	take(ue, &p);
	ue->host->stat[UE_STAT_PARAMETERS_UPDATED]++;
	if (h.header & NAS_UPU_ACKNOWLEDGE)
		acknowledge(ue);
	ue->update_pending |= (h.header & NAS_UPU_RE_REGISTER) != 0;
	log_info(ue->host->env->log, "imsi-%s: the home network has updated its parameters",
		ue->usim.supi.imsi);
}

void ue_parameters_idle(struct ue *ue)
{
	uint8_t type = NAS_REGISTRATION_MOBILITY;

	if (!ue->update_pending || ue->state != MM_REGISTERED)
		return;
	ue->update_pending = false;
	ue_mm_event(ue, MM_EV_UPDATE, &type);
}
