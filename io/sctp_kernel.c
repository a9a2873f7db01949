#include "io/sctp_impl.h"
#include <errno.h>
bool sctp_kernel_present(void)
{
	return false;
}
struct io_sctp *sctp_kernel_open(struct loop *l, const struct io_sctp_config *config, struct log *log)
{
	errno = EPROTONOSUPPORT;
	return NULL;
}
