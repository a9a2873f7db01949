/* Pieces of answers that no table of JSON describes. */
#include <time.h>

#include "console/internal.h"

void json_key(struct writer *w, const char *key, bool first)
{
	if (!first)
		writer_u8(w, ',');
	json_write_string(w, bytes_of_str(key));
	writer_u8(w, ':');
}

/* Names come from peers: octets that are no UTF-8 become '?'. */
void json_text_of(struct writer *w, struct bytes text)
{
	char plain[1024];
	size_t len = text.len < sizeof(plain) ? text.len : sizeof(plain);

	if (json_is_utf8(text)) {
		json_write_string(w, text);
		return;
	}
	for (size_t i = 0; i < len; i++)
		plain[i] = text.data[i] < 0x80 ? (char)text.data[i] : '?';
	json_write_string(w, bytes_of(plain, len));
}

/* RFC 3339 */
void json_time_s(struct writer *w, uint64_t utc_s)
{
	time_t t = (time_t)utc_s;
	struct tm tm;

	if (utc_s == 0 || utc_s > UINT32_MAX || !gmtime_r(&t, &tm))
		text_put(w, "null");
	else
		text_put(w, "\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", tm.tm_year + 1900, tm.tm_mon + 1,
			tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
