/* Steering of roaming as AUSF, UDM and AMF speak of it (29.509 SteeringContainer), and as the UE gets it. */
#pragma once

#include "base/arena.h"
#include "wire/nas/nas.h"

enum { NF_STEERING_JSON_MAX = 4096 };

/* A SteeringContainer. False: no room. */
MUST_USE bool nf_steering_write(const struct nas_steering *s, struct writer *json);
/* False: it is none, a secured packet, or more than there may be. Empty: no list. */
MUST_USE bool nf_steering_read(struct bytes json, struct arena *arena, struct nas_steering *out);
/* The SOR header of 24.501 figure 9.11.3.51.5. */
uint8_t nf_sor_header(const struct nas_steering *s, bool acknowledge);
