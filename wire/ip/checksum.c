#include "wire/ip/checksum.h"

uint64_t ip_sum(struct bytes b, uint64_t sum)
{
	for (size_t i = 0; i + 1 < b.len; i += 2)
		sum += (uint64_t)b.data[i] << 8 | b.data[i + 1];
	return b.len & 1 ? sum + ((uint64_t)b.data[b.len - 1] << 8) : sum;
}

uint16_t ip_sum_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static uint64_t sum_words(uint64_t v)
{
	return (v >> 48) + (v >> 32 & 0xffff) + (v >> 16 & 0xffff) + (v & 0xffff);
}

uint16_t ip6_checksum(struct ip src, struct ip dst, uint8_t next_header, struct bytes message)
{
	uint64_t sum = sum_words(src.high) + sum_words(src.low) + sum_words(dst.high) + sum_words(dst.low);

	return ip_sum_fold(ip_sum(message, sum + message.len + next_header));
}
