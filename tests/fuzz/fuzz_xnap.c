/* Fuzz target: XnAP (fuzz_ap.h). */
#include "wire/xnap/xnap.h"

#define AP(name)           xnap_##name
#define AP_PRIVATE_MESSAGE XNAP_MSG_PRIVATE_MESSAGE

#include "tests/fuzz/fuzz_ap.h"
