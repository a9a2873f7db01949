/* Each form of a file of subscribers, and damage to it: the exact line of core/subscriber_line.h, or what is
 * wrong and where. */
#include "base/test.h"

#include <stdio.h>

#include "core/subscriber_line.h"
#include "ops/subscriber_source.h"

/* The lines of the file one below the other; or "LINE/DOCUMENT: what is wrong". */
static void read_all(const char *file, char *out, size_t cap)
{
	static uint8_t octets[SUBSCRIBER_LINE_MAX];
	struct subscriber_source s;
	struct writer line, w = writer_of(out, cap - 1);
	char error[SOURCE_ERROR];
	enum source_next next = SOURCE_WRONG;
	bool ok = subscriber_source_open(&s, bytes_of_str(file), error);

	while (ok) {
		line = writer_of(octets, sizeof(octets));
		next = subscriber_source_next(&s, &line, error);
		if (next != SOURCE_SUBSCRIBER)
			break;
		writer_put(&w, writer_bytes(&line));
		writer_u8(&w, '\n');
	}
	if (next == SOURCE_WRONG)
		w.len = (size_t)snprintf(out, cap, "%lu/%lu: %s", s.line, s.document, error);
	assert_false(w.failed);
	out[w.len] = '\0';
	subscriber_source_close(&s);
}

#define DUMP_HEAD                                                                                            \
	"{\"imsi\": \"001010000000001\", \"security\": {\"k\": \"46 5B\", \"opc\": \"CD\", \"amf\": "        \
	"\"8000\""

static void test_forms(void **state)
{
	static const struct {
		const char *file, *lines;
	} files[] = {
		{ "", "" },
		{ "\xef\xbb\xbf# none\r\n\r\n  imsi=1 k=2 \r\nimsi=3", "imsi=1 k=2\nimsi=3\n" },
		{ "imsi,k,dnn\n1, 2 3 ,\"a;b\"\n# none\n2,4,\n", " imsi=1 k=23 dnn=a dnn=b\n imsi=2 k=4\n" },
		{ "imsi;ambr_uplink\r\n1;\"100 Mbps\"\r\n", " imsi=1 ambr_uplink=100Mbps\n" },
		{ "imsi\n1\n", " imsi=1\n" },
		{ "[]", "" },
		{ DUMP_HEAD ", \"sqn\": 97}}\n" DUMP_HEAD ", \"sqn\": {\"$numberLong\": \"98\"}}}\n",
			"imsi=001010000000001 k=465B opc=CD amf=8000 sqn=97\n"
			"imsi=001010000000001 k=465B opc=CD amf=8000 sqn=98\n" },
		{ "[" DUMP_HEAD
		  "}, \"x\": \"}{\\\"\", \"ambr\": {\"uplink\": {\"value\": 3, \"unit\": 2}}, \"slice\": "
		  "[{\"sst\": 1, \"sd\": \"010203\", \"session\": [{\"name\": \"ims\", \"qos\": {\"index\": "
		  "5, \"arp\": "
		  "{\"priority_level\": 1}}, \"ambr\": {\"downlink\": {\"value\": 7, \"unit\": 0}}, \"ue\": "
		  "{\"ipv4\": "
		  "\"10.45.0.9\"}}, {\"name\": \"internet\"}]}]},\n{\"ueId\": \"imsi-2\", \"permanentKey\": "
		  "{\"permanentKeyValue\": \"aa\"}, \"opc\": {\"opcValue\": \"\"}, \"milenage\": {\"op\": "
		  "{\"opValue\": "
		  "\"bb\"}}, \"sequenceNumber\": \"16f3b3f70fc2\"}]",
			"imsi=001010000000001 k=465B opc=CD amf=8000 ambr_uplink=3Mbps "
			"dnn=ims@1-010203:five_qi=5:arp=1:ambr_downlink=7bps:ip=10.45.0.9 "
			"dnn=internet@1-010203\nimsi=2 k=aa op=bb sqn=25235952177090\n" },
		{ "{\"ueId\": \"imsi-2\", \"authenticationMethod\": \"EAP_AKA_PRIME\"}\n{\"ueId\": "
		  "\"imsi-3\", "
		  "\"authenticationMethod\": \"5G_AKA\"}",
			"imsi=2 authentication=eap-aka-prime\nimsi=3\n" },
		{ DUMP_HEAD "}, \"msisdn\": [\"491720400305\", \"1\"]}\n" DUMP_HEAD "}, \"msisdn\": []}",
			"imsi=001010000000001 k=465B opc=CD amf=8000 msisdn=491720400305\n"
			"imsi=001010000000001 k=465B opc=CD amf=8000\n" },
		{ "{\"ueId\": \"imsi-2\", \"gpsis\": [\"extid-a@b\", \"msisdn-\", \"msisdn-0900000000\"]}",
			"imsi=2 msisdn=0900000000\n" },
		{ "{\"ueId\": \"imsi-2\", \"sequenceNumber\": {\"sqn\": \"000000000020\"}}",
			"imsi=2 sqn=32\n" },
		{ "# a UE\nsupi: 'imsi-3'\nmcc: '001'\nkey: '46 5B'\nop: 'CD'\nopType: 'OPC'\namf: '8000'\n"
		  "sessions:\n  - type: 'IPv4'\n    apn: 'internet'\n    slice:\n      sst: 1\n      sd: "
		  "0x010203\n"
		  "  - type: 'IPv4'\n    apn: 'ims'\n    slice: {sst: 1, sd: 66051}\n  - {type: IPv6, apn: "
		  "a}\n"
		  "  - {type: IPv4}\nconfigured-nssai: [{sst: 1}]\n",
			"imsi=3 k=465B opc=CD amf=8000 dnn=internet@1-010203 dnn=ims@1-010203 dnn=a\n" },
		{ "supi: imsi-3\nkey: a\nop: b\nopType: OP\n", "imsi=3 k=a op=b\n" },
	};
	char text[2048];

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		read_all(files[i].file, text, sizeof(text));
		assert_string_equal(text, files[i].lines);
	}
}

static void test_damage(void **state)
{
	static const struct {
		const char *file, *error;
	} files[] = {
		{ "# x\nimsi,colour\n",
			"2/0: expected key=value, a header of keys, or JSON; got \"colour\"" },
		{ "imsi,k\n1,2\n3\n", "3/0: fewer cells than the header's 2" },
		{ "imsi,k\n1,2,3\n", "2/0: more cells than the header's 2" },
		{ "imsi,k\n1,\"2\n",
			"2/0: a quote that does not fit, or a cell that is too long, in column \"k\"" },
		{ "imsi,k\n\"1\"x,2\n",
			"2/0: a quote that does not fit, or a cell that is too long, in column \"imsi\"" },
		{ "[{\"imsi\": \"1\"}", "1/1: not JSON: the array does not end" },
		{ "[{\"imsi\": \"1\"},\n]", "2/1: not JSON: unexpected ']'" },
		{ "[{\"imsi\": \"1\"}\n{\"imsi\": \"1\"}]", "2/1: not JSON: unexpected '{'" },
		{ "{\"imsi\": \"1\"}\n\n{\"imsi\": \"2\"", "3/2: not JSON, or a key twice" },
		{ "{\"imsi\": \"1\"}\n{\"imsi\": \"2\\", "2/2: not JSON, or a key twice" },
		{ "{\"imsi\": \"1\"}]", "1/1: not JSON: unexpected ']'" },
		{ "{\"imsi\": \"1\", \"imsi\": \"2\"}", "1/1: /imsi: not JSON, or a key twice" },
		{ "{\"k\": 1}", "1/1: expected imsi, or ueId of the form \"imsi-...\"" },
		{ "{\"ueId\": \"msisdn-1\"}", "1/1: expected imsi, or ueId of the form \"imsi-...\"" },
		{ "{\"imsi\": 1}", "1/1: /imsi: not as expected" },
		{ "{\"imsi\": \"1\", \"security\": {\"sqn\": \"x\"}}",
			"1/1: /security/sqn: not as expected, or too large" },
		{ "{\"imsi\": \"1\", \"security\": {\"k\": \"a,opc=b\"}}", "1/1: k=: unexpected characters" },
		{ "{\"imsi\": \"1\", \"ambr\": {\"uplink\": {\"value\": 1, \"unit\": 9}}}",
			"1/1: ambr: unit 9 is not one of 0 to 4" },
		{ "{\"ueId\": \"imsi-1\", \"authenticationMethod\": \"EAP_TLS\"}",
			"1/1: authenticationMethod: expected 5G_AKA or EAP_AKA_PRIME" },
		{ "{\"ueId\": \"imsi-1\", \"sequenceNumber\": \"12\"}",
			"1/1: /sequenceNumber: not as expected, or too large" },
		{ "{\"imsi\": \"1\", \"slice\": [{\"sst\": 1, \"session\": [{}]}]}",
			"1/1: /slice/0/session/0/name: not as expected" },
	};
	char text[2048];

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		read_all(files[i].file, text, sizeof(text));
		assert_string_equal(text, files[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_forms), cmocka_unit_test(test_damage) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
