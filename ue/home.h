/* What a UE has of its home network beyond the USIM: nas/parameters_update.c. */
#pragma once

#include "crypto/kdf.h"
#include "ue/ue.h"

/* 33.501 6.15.2.2 */
struct ue_home {
	uint8_t k_ausf[KDF_KEY_LEN];       /* of the last authentication, */
	uint8_t fresh_k_ausf[KDF_KEY_LEN]; /* and of one that no command has taken into use */
	uint16_t counter_upu;              /* the last one that was good */
	struct ue_parameters parameters;
};

/* The network has proved that it has the K_AUSF of the authentication before it. */
void ue_parameters_key_take(struct ue *ue);
void ue_parameters_update(struct ue *ue, struct bytes container);
/* The UE has gone idle. */
void ue_parameters_idle(struct ue *ue);
