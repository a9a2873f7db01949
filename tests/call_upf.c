/* A UPF that says yes. */
#include "tests/call_bed.h"

void call_upf_receive(struct call_bed *b, const struct msg *m)
{
}
