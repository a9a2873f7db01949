/* Fuzz target: NGAP (fuzz_ap.h). */
#include "wire/ngap/ngap.h"

#define AP(name)           ngap_##name
#define AP_PRIVATE_MESSAGE NGAP_MSG_PRIVATE_MESSAGE

#include "tests/fuzz/fuzz_ap.h"
