#include "air/sib1_option.h"

#include <stdio.h>

#include "base/text.h"
#include "io/file.h"

bool sib1_option(struct options *args, uint8_t octets[PHY_SIB1_OCTETS_MAX], struct bytes *sib1)
{
	const char *text = options_text(args, "--sib1");
	struct bytes file;
	size_t len = 0;
	bool ok;

	*sib1 = bytes_of(octets, 0);
	if (!text)
		return true;
	if (text[0] == '@') {
		if (!file_read(text + 1, PHY_SIB1_OCTETS_MAX, &file)) {
			fprintf(stderr, "freehold %s: --sib1 %s: %m\n", args->argv[0], text);
			return false;
		}
		len = file.len;
		ok = bytes_copy(octets, PHY_SIB1_OCTETS_MAX, file);
		file_free(&file);
	} else {
		ok = text_unhex(bytes_of_str(text), octets, PHY_SIB1_OCTETS_MAX, &len);
	}
	*sib1 = bytes_of(octets, len);
	return (ok && len > 0) || options_refuse(args, "--sib1", "1 to 372 octets in hex, or @FILE", text);
}
