/* The keys of `console` in network.yaml. */
#include "console/console.h"

static const struct config_field fields[] = {
	{ CONFIG_ADDR("address", console_config, address, NULL,
		"where browsers connect, by HTTPS; none: there is no console") },
	{ CONFIG_UINT("port", console_config, port, 1, 65535, "8443", "its TCP port") },
	{ CONFIG_STR("store", console_config, store, "/var/lib/freehold/console",
		"directory of users, audit log and certificates") },
	{ CONFIG_VALUES("names", console_config, names, name_count, config_read_str, NULL, NULL,
		"DNS names and addresses that the certificate is for, beside address, localhost and this "
		"host's "
		"name") },
	{ CONFIG_STR("certificate", console_config, certificate, NULL,
		"PEM file of a certificate chain; none: one by an own authority, made at the first start") },
	{ CONFIG_STR("key", console_config, key, NULL, "PEM file of its key") },
	{ CONFIG_UINT("session_idle_s", console_config, session_idle_s, 60, 86400, "1800",
		"so long without a click ends a session") },
	{ CONFIG_UINT("session_max_s", console_config, session_max_s, 300, 604800, "43200",
		"so long after the login it ends in any case") },
	{ CONFIG_UINT("signalling_mib", console_config, signalling_mib, CONSOLE_SIGNALLING_MIB_MIN,
		CONSOLE_SIGNALLING_MIB_MAX, NULL,
		"signalling of all subscribers that is kept on the disk, in console.store/signalling, the "
		"oldest "
		"giving way; a registration with a session takes about 16 KiB. None: the core's memory alone "
		"has "
		"some. It is personal data: the console's user is to stand in core.trace_users") },
	{ CONFIG_SUB("alarms", console_config, alarms, &notice_config_section,
		"where alarms go beside the page: to syslog, a webhook, a command") },
};

static bool check(void *at, struct config_doubt *doubt)
{
	const struct console_config *c = at;

	if ((c->certificate[0] == '\0') == (c->key[0] == '\0'))
		return true;
	*doubt = (struct config_doubt){ c->certificate[0] ? c->certificate : c->key,
		"expected certificate and key, or neither" };
	return false;
}

const struct config_section console_config_section = { fields, ARRAY_LEN(fields), check };
