/* What a UE has of its home network beyond the USIM: nas/parameters_update.c, nas/steering_of_roaming.c. */
#pragma once

#include "crypto/kdf.h"
#include "ue/ue.h"

enum { UE_HOME_ACKNOWLEDGEMENT = 1 + KDF_MAC_LEN };

/* 33.501 6.14.2.3, 6.15.2.2 */
struct ue_home {
	uint8_t k_ausf[KDF_KEY_LEN];       /* of the last authentication, */
	uint8_t fresh_k_ausf[KDF_KEY_LEN]; /* and of one that no command has taken into use */
	uint16_t counter_upu, counter_sor; /* the last ones that were good */
	struct ue_parameters parameters;
	struct nas_steering steering; /* PLMNs that it prefers where it is not at home */
};

/* The network has proved that it has the K_AUSF of the authentication before it. */
void ue_home_key_take(struct ue *ue);
/* 24.501 figures 9.11.3.51.4, 9.11.3.53A.2 */
struct bytes ue_home_acknowledgement(const uint8_t mac[KDF_MAC_LEN], uint8_t octets[UE_HOME_ACKNOWLEDGEMENT]);
/* A container that the network sent; repeated: it may be the last one again (24.501 5.5.1.2.8 c). The
 * acknowledgement, in octets; empty: none. */
struct bytes ue_steering_of_roaming(
	struct ue *ue, struct bytes container, bool repeated, uint8_t octets[UE_HOME_ACKNOWLEDGEMENT]);
/* One in DL NAS TRANSPORT: answered. */
void ue_steering_receive(struct ue *ue, struct bytes container);
void ue_parameters_update(struct ue *ue, struct bytes container);
/* The UE has gone idle. */
void ue_parameters_idle(struct ue *ue);
