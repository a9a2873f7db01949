/* SoapySDR's C interface, loaded only where a device is to be opened: the library is C++ and brings drivers
 * of all makers, which no other process is to carry. */
#pragma once

#include <SoapySDR/Device.h>
#include <SoapySDR/Version.h>

#include "base/must_use.h"

#define SOAPY_LIBRARY "libSoapySDR.so." SOAPY_SDR_ABI_VERSION

#define SOAPY_FUNCTIONS(F)                                                                                   \
	F(makeStrArgs)                                                                                       \
	F(unmake)                                                                                            \
	F(lastError)                                                                                         \
	F(setSampleRate)                                                                                     \
	F(getSampleRate)                                                                                     \
	F(setFrequency)                                                                                      \
	F(setGain)                                                                                           \
	F(setAntenna)                                                                                        \
	F(setupStream)                                                                                       \
	F(closeStream)                                                                                       \
	F(activateStream)                                                                                    \
	F(deactivateStream)                                                                                  \
	F(readStream)                                                                                        \
	F(writeStream)                                                                                       \
	F(readStreamStatus)

struct soapy {
	void *library;
#define SOAPY_MEMBER(name) __typeof__(&SoapySDRDevice_##name) name;
	SOAPY_FUNCTIONS(SOAPY_MEMBER)
#undef SOAPY_MEMBER
};

/* NULL for library: SOAPY_LIBRARY. NULL, or why not, valid until the next call of dlopen(). */
MUST_USE const char *soapy_load(struct soapy *s, const char *library);
void soapy_unload(struct soapy *s);
