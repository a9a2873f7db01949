/* DateTime of TS 29.571: RFC 3339, as milliseconds since 1970 UTC. Leap seconds count as the second after. */
#include <inttypes.h>

#include "base/text.h"
#include "wire/json/table.h"

enum { MS_PER_DAY = 86400000, DAYS_1970 = 719468, DAYS_PER_ERA = 146097 };

/* Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that leap days are last. */
static int64_t days_of_date(unsigned year, unsigned month, unsigned day)
{
	unsigned y = year - (month <= 2), of_year, of_era;

	of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	of_era = y % 400 * 365 + y % 400 / 4 - y % 400 / 100 + of_year;
	return (int64_t)(y / 400) * DAYS_PER_ERA + of_era - DAYS_1970;
}

static void date_of_days(uint64_t days, unsigned *year, unsigned *month, unsigned *day)
{
	uint64_t z = days + DAYS_1970;
	unsigned of_era = (unsigned)(z % DAYS_PER_ERA), y, of_year, m;

	y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * y + y / 4 - y / 100);
	m = (5 * of_year + 2) / 153;
	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = (unsigned)(z / DAYS_PER_ERA) * 400 + y + (*month <= 2);
}

/* n digits, of which the number is lo to hi. */
static bool take_number(struct cursor *c, size_t n, unsigned lo, unsigned hi, unsigned *out)
{
	uint64_t v;

	if (!text_uint(cursor_bytes(c, n), hi, &v) || v < lo)
		return false;
	*out = (unsigned)v;
	return true;
}

static bool take_char(struct cursor *c, char a, char b)
{
	char got = (char)cursor_u8(c);

	return !c->failed && (got == a || got == b);
}

static bool take_date(struct cursor *c, int64_t *days)
{
	static const uint8_t lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned year, month, day;

	if (!take_number(c, 4, 1, 9999, &year) || !take_char(c, '-', '-') ||
		!take_number(c, 2, 1, 12, &month) || !take_char(c, '-', '-') ||
		!take_number(c, 2, 1, lengths[month - 1], &day))
		return false;
	if (month == 2 && day == 29 && (year % 4 || (year % 100 == 0 && year % 400)))
		return false;
	*days = days_of_date(year, month, day);
	return true;
}

/* Milliseconds of ".sss..."; more digits are cut. */
static bool take_fraction(struct cursor *c, unsigned *ms)
{
	unsigned digits = 0, weight = 100;

	*ms = 0;
	if (cursor_left(c) == 0 || *c->at != '.')
		return true;
	cursor_skip(c, 1);
	for (; cursor_left(c) > 0 && *c->at >= '0' && *c->at <= '9'; digits++, weight /= 10)
		*ms += (cursor_u8(c) - (unsigned)'0') * weight;
	return digits > 0;
}

/* "Z" or "+09:00", in minutes east. */
static bool take_zone(struct cursor *c, int *minutes)
{
	unsigned h, m;
	char sign = (char)cursor_u8(c);

	*minutes = 0;
	if (sign == 'Z' || sign == 'z')
		return cursor_left(c) == 0;
	if ((sign != '+' && sign != '-') || !take_number(c, 2, 0, 23, &h) || !take_char(c, ':', ':') ||
		!take_number(c, 2, 0, 59, &m))
		return false;
	*minutes = (int)(h * 60 + m) * (sign == '-' ? -1 : 1);
	return cursor_left(c) == 0;
}

static bool time_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	struct cursor c = cursor_of(text);
	unsigned hour, minute, second, ms;
	int64_t days, at;
	int zone;

	if (!take_date(&c, &days) || !take_char(&c, 'T', 't') || !take_number(&c, 2, 0, 23, &hour) ||
		!take_char(&c, ':', ':') || !take_number(&c, 2, 0, 59, &minute) || !take_char(&c, ':', ':') ||
		!take_number(&c, 2, 0, 60, &second) || !take_fraction(&c, &ms) || !take_zone(&c, &zone))
		return false;
	at = days * MS_PER_DAY + ((int64_t)hour * 3600 + minute * 60 + second - zone * 60) * 1000 + ms;
	if (at < 0)
		return false;
	*(uint64_t *)((uint8_t *)base + f->offset) = (uint64_t)at;
	return true;
}

static void time_write(const struct json_field *f, const void *base, struct writer *w)
{
	uint64_t ms = *(const uint64_t *)((const uint8_t *)base + f->offset);
	unsigned year = 0, month = 0, day = 0, of_day = (unsigned)(ms % MS_PER_DAY);

	if (ms / MS_PER_DAY < 4000000)
		date_of_days(ms / MS_PER_DAY, &year, &month, &day);
	w->failed |= year < 1970 || year > 9999;
	text_put(w, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", year, month, day, of_day / 3600000,
		of_day / 60000 % 60, of_day / 1000 % 60, of_day % 1000);
}

const struct json_codec json_date_time = { JSON_STRING, time_read, time_write, NULL, NULL };
