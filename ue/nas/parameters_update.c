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

void ue_parameters_key_take(struct ue *ue)
{
	bytes_copy(ue->home.k_ausf, sizeof(ue->home.k_ausf), BYTES(ue->home.fresh_k_ausf));
	explicit_bzero(ue->home.fresh_k_ausf, sizeof(ue->home.fresh_k_ausf));
	ue->home.counter_upu = 0;
}

/* 33.501 6.15.2.2: greater than any before, and the MAC is that of K_AUSF. */
static bool is_proved(const struct ue *ue, const struct nas_ue_parameters_update *u)
{
	uint8_t mac[KDF_MAC_LEN];

	return u->counter_upu > ue->home.counter_upu &&
	       kdf_upu_mac_i_ausf(ue->home.k_ausf, u->list, u->counter_upu, mac) &&
	       crypto_equal(BYTES(mac), BYTES(u->mac));
}

static void acknowledge(struct ue *ue)
{
	struct nas_ue_parameters_update u = { .is_acknowledgement = true };
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT };
	uint8_t octets[1 + KDF_MAC_LEN];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!kdf_upu_mac_i_ue(ue->home.k_ausf, ue->home.counter_upu, u.mac) ||
		!nas_ue_parameters_update_encode(&u, &w))
		return;
	m.ul_nas_transport.payload_container_type = NAS_PAYLOAD_UE_PARAMETERS;
	m.ul_nas_transport.payload_container = writer_bytes(&w);
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
	struct nas_ue_parameters_update u;
	struct nas_ue_parameters p;

	if (!nas_ue_parameters_update_decode(container, &u) || u.is_acknowledgement || !is_proved(ue, &u)) {
		ue->host->stat[UE_STAT_PARAMETERS_REFUSED]++;
		log_warn(ue->host->env->log, "imsi-%s: an update of its parameters is not proved; ignored",
			ue->usim.supi.imsi);
		return;
	}
	ue->home.counter_upu = u.counter_upu;
	if (!nas_ue_parameters_decode(u.list, &ue->host->arena, &p)) {
		ue->host->stat[UE_STAT_NAS_REFUSED]++;
		return;
	}
	take(ue, &p);
	ue->host->stat[UE_STAT_PARAMETERS_UPDATED]++;
	if (u.acknowledge)
		acknowledge(ue);
	ue->update_pending |= u.re_register;
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
