#include "io/sdr/soapy.h"

#include <dlfcn.h>
#include <stddef.h>

const char *soapy_load(struct soapy *s, const char *library)
{
	*s = (struct soapy){ .library = dlopen(library ? library : SOAPY_LIBRARY, RTLD_NOW | RTLD_LOCAL) };
	if (!s->library)
		return dlerror();
#define SOAPY_LOAD(name)                                                                                     \
	if (!(*(void **)&s->name = dlsym(s->library, "SoapySDRDevice_" #name)))                              \
		goto missing;
	SOAPY_FUNCTIONS(SOAPY_LOAD)
#undef SOAPY_LOAD
	return NULL;
missing:
	soapy_unload(s);
	return "it is not SoapySDR 0.8";
}

void soapy_unload(struct soapy *s)
{
	if (s->library)
		dlclose(s->library);
	s->library = NULL;
}
