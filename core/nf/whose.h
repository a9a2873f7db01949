/*
 * Whom a message concerns, as a number, for traces: supi_key() of its UE; WHOSE_UNKNOWN with the number of
 * the UE's first message, until its SUPI is known; or 0: nobody, or more than one UE.
 */
#pragma once

#include "wire/id.h"

#define WHOSE_UNKNOWN (UINT64_C(1) << 63) /* more than supi_key() has */
