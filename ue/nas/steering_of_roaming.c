/*
 * Steering of roaming, 23.122 annex C, 24.501 5.4.5.3.3 and 5.5.1.2.4, 33.501 6.14.2. A test UE stays in its
 * home network, so a list that is not proved is ignored, and one that is changes nothing at once.
 *
 *   UE                            AMF
 *    |<- REGISTRATION ACCEPT ------|    preferred PLMNs of the UDM, protected by K_AUSF from end to end
 *    |-- REGISTRATION COMPLETE --->|    its acknowledgement, if the UDM asks for it
 *    |<- DL NAS TRANSPORT ---------|    or later
 *    |-- UL NAS TRANSPORT -------->|
 */
#include "crypto/equal.h"
#include "ue/internal.h"

static bool mac_is_right(const struct ue *ue, const struct nas_home_container *h)
{
	uint8_t mac[KDF_MAC_LEN];

	return kdf_sor_mac_i_ausf(ue->home.k_ausf, h->header, h->list, h->counter, mac) &&
	       crypto_equal(BYTES(mac), BYTES(h->mac));
}

/* 33.501 6.14.2.3: the counter is greater than any before. */
static bool take(struct ue *ue, const struct nas_home_container *h)
{
	struct nas_steering s;

	if (h->counter <= ue->home.counter_sor || !mac_is_right(ue, h))
		return false;
	ue->home.counter_sor = h->counter;
	if (!nas_steering_decode(h->header, h->list, &s)) {
		ue->host->stat[UE_STAT_NAS_REFUSED]++;
		return false;
	}
	if (h->header & NAS_SOR_LIST)
		ue->home.steering = s;
	ue->host->stat[UE_STAT_STEERED]++;
	log_info(ue->host->env->log, "imsi-%s: the home network prefers %u PLMNs", ue->usim.supi.imsi,
		ue->home.steering.count);
	return true;
}

static struct bytes acknowledgement(const struct ue *ue, uint8_t octets[UE_HOME_ACKNOWLEDGEMENT])
{
	uint8_t mac[KDF_MAC_LEN];

	return kdf_sor_mac_i_ue(ue->home.k_ausf, ue->home.counter_sor, mac)
		       ? ue_home_acknowledgement(mac, octets)
		       : BYTES_NONE;
}

struct bytes ue_steering_of_roaming(
	struct ue *ue, struct bytes container, bool repeated, uint8_t octets[UE_HOME_ACKNOWLEDGEMENT])
{
	struct nas_home_container h;
	bool ok = nas_home_container_decode(container, &h) && !(h.header & NAS_HOME_ACKNOWLEDGEMENT);

	if (ok && repeated && h.counter == ue->home.counter_sor)
		ok = mac_is_right(ue, &h);
	else
		ok = ok && take(ue, &h);
	if (!ok) {
		ue->host->stat[UE_STAT_STEERING_REFUSED]++;
		log_warn(ue->host->env->log, "imsi-%s: a list of preferred PLMNs is not proved; ignored",
			ue->usim.supi.imsi);
	}
	return ok && h.header & NAS_SOR_ACKNOWLEDGE ? acknowledgement(ue, octets) : BYTES_NONE;
}

void ue_steering_receive(struct ue *ue, struct bytes container)
{
	struct nas_msg m = { .type = NAS_UL_NAS_TRANSPORT };
	uint8_t octets[UE_HOME_ACKNOWLEDGEMENT];

	m.ul_nas_transport.payload_container_type = NAS_PAYLOAD_SOR;
	m.ul_nas_transport.payload_container = ue_steering_of_roaming(ue, container, false, octets);
	if (m.ul_nas_transport.payload_container.len > 0)
		ue_nas_send(ue, &m);
}
