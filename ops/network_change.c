#include "ops/network_change.h"

#include "base/text.h"

/* The first that the key begins with. */
static const struct {
	const char *begins, *parts, *interrupted;
} effects[] = {
	{ "plmn", "all parts", "all UEs and sessions, until they register again" },
	{ "tacs", "core, gNBs", "signalling for a moment; gNBs set up again" },
	{ "slices", "core, gNBs",
		"signalling for a moment; gNBs set up again; UEs of a slice that goes leave it" },
	{ "dnns", "core, UPFs",
		"signalling for a moment, user traffic until the UPF is back; sessions whose pool or data "
		"network "
		"is gone end" },
	{ "pcc_rules", "core", "signalling for a moment; registrations and sessions stay" },
	{ "core.", "core", "signalling for a moment; registrations and sessions stay" },
	{ "upfs", "core, UPFs", "user traffic until the UPF is back; sessions stay" },
	{ "gnbs", "gNBs", "UEs of the gNB lose their connection, and come again" },
	{ "ues", "test UEs", "the test UE" },
	{ "console", "console", "this console for a moment; who is logged in logs in again" },
	{ "", "all parts", "signalling and user traffic for a moment; registrations and sessions stay" },
};

static void print_one(void *arg, const char *key, bool live)
{
	struct writer *w = arg;
	size_t i = 0;

	while (strncmp(key, effects[i].begins, strlen(effects[i].begins)) != 0)
		i++;
	if (live)
		text_put(w, "%s\tlive\t\t\n", key);
	else
		text_put(w, "%s\trestart\t%s\t%s\n", key, effects[i].parts, effects[i].interrupted);
}

void network_change_print(const struct network *old, const struct network *now, struct writer *w)
{
	config_differences(&network_section, old, now, print_one, w);
}
