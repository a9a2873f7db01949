#include "wire/id_config.h"

#include "base/text.h"
#include "wire/id.h"

bool config_read_plmn(const char *text, const struct config_field *f, void *out)
{
	return plmn_parse(text, out);
}

bool config_read_snssai(const char *text, const struct config_field *f, void *out)
{
	return snssai_parse(text, out);
}

bool config_read_supi(const char *text, const struct config_field *f, void *out)
{
	return supi_parse(text, out);
}

bool config_read_nea(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "nea0", 0 }, { "nea1", 1 }, { "nea2", 2 },
		{ "nea3", 3 } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

bool config_read_nia(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "nia1", 1 }, { "nia2", 2 }, { "nia3", 3 } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

bool config_read_node_name(const char *text, const struct config_field *f, void *out)
{
	static const char printable[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?";

	return text[strspn(text, printable)] == '\0' && config_read_str(text, f, out);
}

bool config_read_hex(const char *text, const struct config_field *f, void *out)
{
	size_t len;

	return text_unhex(bytes_of_str(text), out, f->size, &len) && len == f->size;
}
