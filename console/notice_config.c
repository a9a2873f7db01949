/* The keys of `console.alarms` in network.yaml: where alarms go beside the page. */
#include "console/notice.h"

static bool read_severity(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "warning", 1 }, { "minor", 2 }, { "major", 3 },
		{ "critical", 4 } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_transport(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "none", SYSLOG_NONE }, { "udp", SYSLOG_UDP },
		{ "tcp", SYSLOG_TCP }, { "local", SYSLOG_LOCAL } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_url(const char *text, const struct config_field *f, void *out)
{
	struct url url;

	return url_read(text, &url) && config_read_str(text, f, out);
}

static const struct config_field fields[] = {
	{ CONFIG_OWN("least", notice_config, least, read_severity, "warning, minor, major or critical",
		"warning", "alarms of this severity or a higher one go out") },
	{ CONFIG_OWN("syslog", notice_config, syslog_transport, read_transport, "none, udp, tcp or local",
		"none",
		"to a collector by RFC 5424, over UDP (RFC 5426) or TCP (RFC 6587), or to this host's "
		"/dev/log") },
	{ CONFIG_ADDR("syslog_address", notice_config, syslog_address, NULL, "of the collector") },
	{ CONFIG_UINT("syslog_port", notice_config, syslog_port, 1, 65535, "514", "of the collector") },
	{ CONFIG_OWN("webhook", notice_config, webhook, read_url,
		"https://HOST[:PORT][/PATH] (or http://), of 255 octets at most", NULL,
		"each is sent there by POST, as an object of JSON, again until it is taken") },
	{ CONFIG_STR("webhook_ca", notice_config, webhook_ca, NULL,
		"PEM file of the authorities that its certificate may be by; none: those of this host") },
	{ CONFIG_STR("webhook_token", notice_config, webhook_token, NULL, "sent to it as a bearer token"),
		.secret = true },
	{ CONFIG_VALUES("command", notice_config, command, command_count, config_read_str, NULL, NULL,
		"program, by its whole path, and its arguments: it is run for each, with the object of JSON "
		"on its standard input, by no shell") },
};

static bool check(void *at, struct config_doubt *doubt)
{
	const struct notice_config *c = at;
	bool sent = c->syslog_transport == SYSLOG_UDP || c->syslog_transport == SYSLOG_TCP;

	if (sent != (c->syslog_address.len > 0)) {
		*doubt = (struct config_doubt){ &c->syslog_transport,
			"expected syslog_address with udp or tcp, and not else" };
		return false;
	}
	if (!c->webhook[0] && (c->webhook_ca[0] || c->webhook_token[0])) {
		*doubt = (struct config_doubt){ c->webhook_ca[0] ? c->webhook_ca : c->webhook_token,
			"expected webhook beside it" };
		return false;
	}
	if (c->command_count > 0 && c->command[0][0] != '/') {
		*doubt = (struct config_doubt){ c->command[0], "expected a whole path, beginning with /" };
		return false;
	}
	return true;
}

const struct config_section notice_config_section = { fields, ARRAY_LEN(fields), check };
