/* Readers of configuration (base/config.h) for the identities of wire/id.h and what else several rooms
 * configure. */
#pragma once

#include "base/config.h"

config_read config_read_plmn;   /* struct plmn: MCC and MNC as 5 or 6 digits */
config_read config_read_snssai; /* struct snssai: SST or SST-SD */
config_read config_read_supi;   /* struct supi: an IMSI of 5 to 15 digits */
config_read config_read_nea;    /* uint8_t: nea0 to nea3, 33.501 5.11.1.1 */
config_read config_read_nia;    /* uint8_t: nia1 to nia3, 33.501 5.11.1.2 */
/* The name of an AMF or a gNB: NGAP has PrintableString for it (38.413 9.3.3.21, 9.3.1.22). */
config_read config_read_node_name;
config_read config_read_hex; /* exactly `size` octets as hexadecimal digits */

#define CONFIG_PLMN_TEXT      "MCC and MNC as 5 or 6 digits, in quotes"
#define CONFIG_SLICE_TEXT     "a slice: SST or SST-SD, like 1 or 1-010203"
#define CONFIG_NEA_TEXT       "nea0, nea1, nea2 or nea3"
#define CONFIG_NODE_NAME_TEXT "at most 63 letters, digits, blanks and '()+,-./:=?"
#define CONFIG_NIA_TEXT       "nia1, nia2 or nia3"
