#include "tests/upper_pdu.h"

#include "base/test.h"

#include "base/cursor.h"
#include "base/room.h"

enum { FRAME_MAX = 16400, TAG_DISSECTOR = 12 };

FILE *upper_pdu_begin(const char *path)
{
	static const uint32_t header[] = { 0xa1b2c3d4, 0x00040002, 0, 0, 65535, 252 };
	FILE *capture = fopen(path, "wb");

	return capture && fwrite(header, sizeof(header), 1, capture) == 1 ? capture : NULL;
}

void upper_pdu_write(FILE *capture, uint64_t now_ns, const char *dissector, struct bytes pdu)
{
	static const uint8_t padding[4];
	uint8_t frame[FRAME_MAX];
	struct writer w = writer_of(frame, sizeof(frame));
	struct bytes name = bytes_of_str(dissector);
	size_t pad = -name.len & 3, len = 4 + name.len + pad + 4 + pdu.len;

	writer_u32(&w, __builtin_bswap32((uint32_t)(now_ns / NS_PER_S)));
	writer_u32(&w, __builtin_bswap32((uint32_t)(now_ns / 1000 % 1000000)));
	for (int i = 0; i < 2; i++)
		writer_u32(&w, __builtin_bswap32((uint32_t)len));
	writer_u16(&w, TAG_DISSECTOR);
	writer_u16(&w, (uint16_t)(name.len + pad));
	writer_put(&w, name);
	writer_put(&w, bytes_of(padding, pad));
	writer_u32(&w, 0);
	writer_put(&w, pdu);
	assert_false(w.failed);
	assert_int_equal(fwrite(frame, 1, w.len, capture), w.len);
}
