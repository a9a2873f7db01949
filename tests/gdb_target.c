/* What tests/gdb_test.py looks at: values of each type that tools/gdb.py shows. */
#include "base/addr.h"
#include "base/list.h"
#include "base/pool.h"
#include "wire/id.h"

static const uint8_t pdu[] = { 0x00, 0x29, 0x00, 0x10, 0x00, 0x00, 0x02, 0x00, 0x72, 0x00, 0x04, 0x00, 0x01,
	0x00, 0x01, 0x00, 0x0f, 0x40, 0x01, 0x48 };
static const uint8_t nas[] = { 0x7e, 0x00, 0x44, 0x07 };
static const uint8_t heartbeat[] = { 0x20, 0x01, 0x00, 0x0c, 0x00, 0x00, 0x01, 0x00, 0x00, 0x60, 0x00, 0x04,
	0xe8, 0xc5, 0x16, 0x19 };

int main(void)
{
	struct bytes message = BYTES(nas);
	struct addr v4 = addr_from_v4(0x7f000001, 38412), none = { 0 };
	struct plmn plmn = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };
	struct supi supi = { "001010000000001" };
	struct snssai slice = { 1, 0x010203 };
	struct link head, one, two;
	struct pool pool;
	void *used;

	list_init(&head);
	list_append(&head, &one);
	list_append(&head, &two);
	pool_init(&pool, 64, 10);
	used = pool_alloc(&pool);
	/* gdb stops here: line "look" */
	__asm__ volatile(""
		:
		: "r"(&message), "r"(&v4), "r"(&none), "r"(&plmn), "r"(&supi), "r"(&slice), "r"(&head),
		"r"(pdu), "r"(heartbeat)
		: "memory");
	pool_free(&pool, used);
	pool_fini(&pool);
	return 0;
}
