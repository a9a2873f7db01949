/* The UDM's keys in network.yaml. */
#include "core/udm/udm.h"
#include "wire/id_config.h"

static bool read_scheme(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "A", SUCI_PROFILE_A }, { "B", SUCI_PROFILE_B } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static const struct config_field key_fields[] = {
	{ CONFIG_UINT("id", udm_hn_key, id, 0, 254, NULL, "Home Network Public Key Identifier"),
		.required = true },
	{ CONFIG_OWN("profile", udm_hn_key, scheme, read_scheme, "A or B", NULL, "protection scheme"),
		.required = true },
	{ CONFIG_OWN("private_key", udm_hn_key, private_key, config_read_hex, "64 hexadecimal digits", NULL,
		  "private key"),
		.required = true, .secret = true },
};
static const struct config_section key_section = { key_fields, ARRAY_LEN(key_fields), NULL };

static const struct config_field fields[] = {
	{ CONFIG_BOOL("null_scheme", udm_config, null_scheme, "true",
		"accept SUCIs of the null scheme: false once all USIMs have a home network key") },
	{ CONFIG_UINT("sqn_ind_bits", udm_config, sqn.ind_bits, 5, 16, "8",
		"bits of IND in SQN, as many as the USIMs have or more (33.102 C.3)") },
	{ CONFIG_UINT("sqn_time_unit_ms", udm_config, sqn.time_unit_ms, 0, 3600000, "0",
		"unit of the time-based part of SQN (33.102 C.1.1.3); 0: none") },
	{ CONFIG_SUBS("home_network_keys", udm_config, hn_keys, hn_key_count, &key_section,
		"key pairs for SUCIs; none: made at the first start") },
};

static bool check(void *at, struct config_doubt *doubt)
{
	struct udm_config *c = at;

	for (uint8_t i = 0; i < c->hn_key_count; i++) {
		for (uint8_t k = 0; k < i; k++) {
			if (c->hn_keys[i].id != c->hn_keys[k].id)
				continue;
			*doubt = (struct config_doubt){ &c->hn_keys[i].id,
				"expected an id that no other key has" };
			return false;
		}
	}
	return true;
}

const struct config_section udm_config_section = { fields, ARRAY_LEN(fields), check };
