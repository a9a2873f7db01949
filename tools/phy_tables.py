#!/usr/bin/env python3
"""The tables of the physical layer as const C: phy_tables.py --header FILE.h OUT.c CSV...

Each CSV is a fact of the standard: comment lines (#) with its source, a header, rows. A file without a function
of its own here gives one array a numeric column: `const int32_t <file>_<column>[]`.
"""
import csv
import os
import sys


def rows_of(path):
    with open(path, encoding="utf-8") as f:
        return list(csv.DictReader(line for line in f if not line.startswith("#")))


def array(kind, name, values):
    out = ["const %s %s[%d] = {" % (kind, name, len(values))]
    for i in range(0, len(values), 12):
        out.append("\t" + ", ".join(str(v) for v in values[i:i + 12]) + ",")
    return out + ["};", ""]


def base_graph(name, rows):
    out = ["const struct ldpc_entry %s_entries[%d] = {" % (name, len(rows))]
    for r in rows:
        shifts = ", ".join(r["v_set%d" % s] for s in range(8))
        out.append("\t{ %s, %s, { %s } }," % (r["row"], r["col"], shifts))
    return out + ["};", ""]


def lifting_sizes(name, rows):
    pairs = sorted((int(z), int(r["set_index"])) for r in rows for z in r["z_values"].split())
    return array("uint16_t", "ldpc_z", [z for z, _ in pairs]) + array("uint8_t", "ldpc_z_set", [s for _, s in pairs])


def crc_slices(poly):
    """[k][b]: the remainder, at the top of 32 bits, of octet b followed by k octets of zeros."""
    def octet(reg):
        for _ in range(8):
            reg = (reg << 1 ^ (poly if reg >> 31 else 0)) & 0xffffffff
        return reg
    slices = [[octet(b << 24) for b in range(256)]]
    while len(slices) < 8:
        slices.append([octet(v) for v in slices[-1]])
    return slices


def crc_folds(poly):
    """x^576, x^512, x^192 and x^128 modulo x^32 + poly."""
    def power(n):
        reg = 1
        for _ in range(n):
            reg = (reg << 1 ^ (poly if reg >> 31 else 0)) & 0xffffffff
        return reg
    return [power(n) for n in (576, 512, 192, 128)]


def crc(name, rows):
    out = ["const struct kern_crc crc_tables[%d] = {" % len(rows)]
    for r in rows:
        exponents = [int(e) for e in r["exponents"].split()]
        length = int(r["length"])
        poly = sum(1 << e for e in exponents if e < length)
        if poly != int(r["hex_without_leading_term"], 16):
            sys.exit("%s: exponents and hex differ" % r["name"])
        def numbers(values):
            return "{ %s }," % ", ".join("%du" % v for v in values)
        top = poly << (32 - length)
        out += ["\t{ {"] + ["\t\t" + numbers(v) for v in crc_slices(top)] + ["\t}, " + numbers(crc_folds(top)) + " },"]
    return out + ["};", ""] + array("uint8_t", "crc_lengths", [r["length"] for r in rows])


def columns(name, rows):
    out = []
    for c in rows[0]:
        try:
            values = [int(r[c]) for r in rows]
        except ValueError:
            continue
        out += ["extern const int32_t %s_%s[%d];" % (name, c, len(values))]
        out += array("int32_t", "%s_%s" % (name, c), values)
    return out


def small(kind):
    """An array of the values after the index column: phy_<file>[rows], or [rows][columns] if there are several."""
    def handler(name, rows):
        values = [[str(int(v)) for v in list(r.values())[1:]] for r in rows]
        if len(values[0]) == 1:
            return array(kind, "phy_" + name, [v[0] for v in values])
        out = ["const %s phy_%s[%d][%d] = {" % (kind, name, len(values), len(values[0]))]
        return out + ["\t{ %s }," % ", ".join(v) for v in values] + ["};", ""]
    return handler


def mcs(name, rows):
    """38.214 5.1.3.1: bits a symbol and the rate times 2048; 0 for a reserved one."""
    out = ["const struct phy_mcs phy_%s[%d] = {" % (name, len(rows))]
    for r in rows:
        rate = 0 if r["rate_x1024"] == "reserved" else int(2 * float(r["rate_x1024"]))
        out.append("\t{ %s, %d }," % (r["qm"], rate))
    return out + ["};", ""]


def mcs_precoded(name, rows):
    """38.214 6.1.4.1: q bits a symbol and a rate over q; once for q = 2, once (_pi2) for q = 1."""
    out = []
    for q, suffix in ((2, ""), (1, "_pi2")):
        out += ["const struct phy_mcs phy_%s%s[%d] = {" % (name, suffix, len(rows))]
        for r in rows:
            qm = q if r["qm"] == "q" else int(r["qm"])
            rate, _, divided = r["rate_x1024"].partition("/")
            rate = 0 if rate == "reserved" else 2 * int(rate) // (q if divided else 1)
            out.append("\t{ %d, %d }," % (qm, rate))
        out += ["};", ""]
    return out


def time_domain(name, rows):
    """38.214 5.1.2.1.1: [row - 1][dmrs-TypeA-Position - 2]; zeros for a reserved row."""
    table = {}
    for r in rows:
        if r["row"].isdigit() and r["mapping_type"] != "Reserved":
            for position in r["dmrs_typeA_position"].split(","):
                table[int(r["row"]), int(position)] = "{ %d, %s, %s, %s }" % (r["mapping_type"] == "B", r["k0"], r["s"], r["l"])
    out = ["const struct phy_time_domain phy_%s[16][2] = {" % name]
    for row in range(1, 17):
        out.append("\t{ %s }," % ", ".join(table.get((row, position), "{ 0, 0, 0, 0 }") for position in (2, 3)))
    return out + ["};", ""]


def dmrs_positions(name, rows):
    """38.211 7.4.1.1.2: [l_d][column] of masks of symbols; l0 is bit 0, l1 bit 11; 0 is not applicable."""
    masks = {}
    for r in rows:
        values = list(r.values())
        cells = []
        for cell in values[1:]:
            symbols = [] if cell == "-" else [{"l0": 0, "l1": 11}[s] if s[0] == "l" else int(s) for s in cell.split()]
            cells.append("%#x" % sum(1 << s for s in symbols))
        below = values[0].startswith("<")
        for l_d in range(int(values[0][1:])) if below else [int(values[0])]:
            masks[l_d] = cells
    width = len(next(iter(masks.values())))
    out = ["const uint16_t phy_%s[15][%d] = {" % (name, width)]
    for l_d in range(15):
        out.append("\t{ %s }," % ", ".join(masks.get(l_d, ["0"] * width)))
    return out + ["};", ""]


def dmrs_hopping(name, rows):
    """38.211 Table 6.4.1.1.3-6: [l_d][column] of masks of symbols of the hop; 0 is not applicable."""
    masks = {}
    for r in rows:
        values = list(r.values())
        cells = ["%#x" % sum(1 << int(s) for s in cell.split() if s != "-") for cell in values[1:]]
        below = values[0].startswith("<=")
        for l_d in range(int(values[0][2:]) + 1) if below else [int(v) for v in values[0].split(",")]:
            masks[l_d] = cells
    out = ["const uint8_t phy_%s[8][12] = {" % name]
    return out + ["\t{ %s }," % ", ".join(masks[l_d]) for l_d in range(8)] + ["};", ""]


def precoding(name, rows):
    """38.211 Tables 6.3.1.5-1 to -7: [port][layer] of 1, j, -1, -j or 0."""
    units = {"0": "{ 0, 0 }", "1": "{ 1, 0 }", "-1": "{ -1, 0 }", "j": "{ 0, 1 }", "-j": "{ 0, -1 }"}
    scales = {"1/sqrt(2)": 0.5 ** 0.5, "1/2": 0.5, "1/4": 0.25, "1/(2*sqrt(2))": 0.125 ** 0.5, "1/(2*sqrt(3))": 12 ** -0.5}
    transform = {"any": "PHY_TPMI_ANY", "enabled": "PHY_TPMI_TRANSFORM", "disabled": "PHY_TPMI_PLAIN"}
    out = ["const struct phy_tpmi phy_%s[%d] = {" % (name, len(rows))]
    for r in rows:
        w = ["{ %s }" % ", ".join(units[v] for v in port.split()) for port in r["matrix"].split("/")]
        out.append("\t{ %s, %s, %s, %s, %.9gf, { %s } }," % (
            r["ports"], r["layers"], transform[r["transform_precoding"]], r["tpmi"], scales[r["scale"]], ", ".join(w)))
    return out + ["};", "const size_t phy_%s_n = %d;" % (name, len(rows)), ""]


def taps(name, rows):
    """A profile of a tapped delay line: delays in ns or normalized, powers in dB, the line of sight marked."""
    out = ["const struct channel_tap channel_%s[%d] = {" % (name, len(rows))]
    for r in rows:
        delay = r["delay_ns"] if "delay_ns" in r else r["normalized_delay"]
        los = "true" if r.get("fading") == "LOS" else "false"
        out.append("\t{ %s, %s, %s }," % (delay, r["power_db"], los))
    return out + ["};", ""]


def clusters(name, rows):
    """A profile of a clustered delay line: a tap a cluster, and where its rays leave and arrive, in degrees."""
    out = ["const struct channel_tap channel_%s[%d] = {" % (name, len(rows))]
    out += ["\t{ %s, %s, %s }," % (r["normalized_delay"], r["power_db"], "true" if r["type"] == "LOS" else "false") for r in rows]
    out += ["};", "", "const struct channel_cluster channel_%s_clusters[%d] = {" % (name, len(rows))]
    out += ["\t{ %s }," % ", ".join(r[c] for c in ("aod_deg", "aoa_deg", "zod_deg", "zoa_deg")) for r in rows]
    return out + ["};", ""]


def csi_rs_rows(name, rows):
    """38.211 Table 7.4.1.5.3-1: ports, densities, size of a group, and of each place which k and l, and what is added to them."""
    out = ["const struct phy_csi_rs_row phy_%s[%d] = {" % (name, len(rows))]
    for r in rows:
        densities = sum({"1": 1, "3": 2, "0.5": 4}[d] for d in r["density"].split())
        places = []
        for place in r["k_l"].split():
            k, l = ((x.split("+") + ["0"])[:2] for x in place.strip("()").split(";"))
            places.append("{ %s, %s, %s, %s }" % (k[0][1:], k[1], l[0][1:], l[1]))
        out.append("\t{ %s, %d, %d, %d, %d, { %s } }," % (r["ports"], densities, len(r["k_prime"].split()), len(r["l_prime"].split()),
                                                       len(places), ", ".join(places)))
    return out + ["};", ""]


def type1_codebook(name, rows):
    """38.214 5.2.2.2.1: i_1,1, i_1,3 and i_2 of each precoder, and its phases in multiples of pi/4 by port and layer."""
    phases = {"1": 0, "j": 2, "-1": 4, "-j": 6}
    out = []
    for r in rows:
        cells = [c.split() for c in (r["phases"] if "phases" in r else r["matrix"]).split("/")]
        matrix = ", ".join("{ %s }" % ", ".join(c if "phases" in r else str(phases[c]) for c in row) for row in cells)
        out.append([r["layers"], r.get("i11", "0"), r.get("i13") or "0", r.get("i2", r.get("index")), "{ %s }" % matrix])
    return structs("type1_row", name, out)


def cqi(name, rows):
    """38.214 5.2.2.1: the efficiency of each CQI; 0 is out of range."""
    return array("float", "phy_" + name, ["%sf" % r["efficiency"] if r["efficiency"] else "0" for r in rows])


def slot_formats(name, rows):
    """38.213 Table 11.1.1-1: masks of downlink and uplink symbols."""
    def mask(r, kind):
        return "%#x" % sum(1 << l for l in range(14) if r["s%d" % l] == kind)
    return ["const struct phy_slot_format phy_%s[%d] = {" % (name, len(rows))] + [
        "\t{ %s, %s }," % (mask(r, "D"), mask(r, "U")) for r in rows] + ["};", ""]


def coreset0(name, rows):
    """38.213 Tables 13-0 to 13-10A: an offset a|b is a if k_SSB = 0, b if it is more."""
    out = ["const struct phy_coreset0_row phy_%s[16] = {" % name]
    for r in rows:
        offsets = (r["offset_rb"] or "0").split("|")
        out.append("\t{ %s, %s, %s, { %s, %s } }," % (r["mux_pattern"] or 0, r["n_rb"] or 0, r["n_symb"] or 0, offsets[0], offsets[-1]))
    return out + ["};", ""]


def searchspace0(name, rows):
    """38.213 Tables 13-11 and 13-12: a first symbol a|b is a for even SSB indexes, b for odd ones; -1 is n_symb."""
    out = ["const struct phy_searchspace0_row phy_%s[16] = {" % name]
    for r in rows:
        first = (r["first_symbol"] or "0").replace("n_symb", "-1").split("|")
        twice = ["%d" % (2 * float(r[c] or 0)) for c in ("o", "m")]
        out.append("\t{ %s, %s, %s, { %s, %s } }," % (twice[0], r["n_ss_per_slot"] or 0, twice[1], first[0], first[-1]))
    return out + ["};", ""]


def structs(kind, name, rows):
    """const struct phy_<kind> phy_<name>[], and how many there are."""
    return ["const struct phy_%s phy_%s[%d] = {" % (kind, name, len(rows))] + ["\t{ %s }," % ", ".join(r) for r in rows] + [
        "};", "const size_t phy_%s_n = %d;" % (name, len(rows)), ""]


def bands(name, rows):
    """38.104 Tables 5.2-1, -2 and 5.4.2.3-1, -2: a row a band and channel raster; one without duplex is of satellites."""
    columns = "band raster_khz dl_arfcn_first dl_arfcn_step dl_arfcn_last dl_low_khz dl_high_khz ul_low_khz ul_high_khz".split()
    return structs("band_raster", name, [["PHY_DUPLEX_" + (r["duplex"] or "FDD")] + [r[c] or "0" for c in columns] for r in rows])


def gscn_ranges(name, rows):
    """38.104 Tables 5.4.3.3-1 and -4."""
    columns = "band ssb_scs_khz gscn_first gscn_step gscn_last".split()
    return structs("gscn_range", name, [[r[c] for c in columns] for r in rows])


def gscn_lists(name, rows):
    """The same of bands whose entries are listed: case A is 15 kHz, bands of shared spectrum have 30 kHz."""
    out, all_lists = [], []
    for r in rows:
        band, case_a = r["name"][1:].split("_")[0], r["name"].endswith("caseA")
        values = r["gscn_values"].split()
        out += ["static " + line if i == 0 else line for i, line in enumerate(array("uint16_t", "gscn_of_%s" % band, values))]
        all_lists.append([band, "15" if case_a else "30", str(len(values)), "gscn_of_%s" % band])
    return out + structs("gscn_list", name, all_lists)


def max_rb(name, rows):
    """38.104 Tables 5.3.2-1 and -2."""
    columns = "n_rb_15khz n_rb_30khz n_rb_60khz n_rb_120khz".split()
    return structs("bandwidth", name, [["true" if r["fr"] == "FR2" else "false", r["bandwidth_mhz"],
                                        "{ %s }" % ", ".join(r[c] for c in columns)] for r in rows])


def conformance(kind, name, rows):
    """const struct conformance_<kind>_row conformance_<name>[], and how many there are."""
    return ["const struct conformance_%s_row conformance_%s[] = {" % (kind, name)] + ["\t{ %s }," % ", ".join(r) for r in rows] + [
        "};", "const size_t conformance_%s_n = %d;" % (name, len(rows)), ""]


def conformance_uci(name, rows):
    """38.104 8.2.3 and 11.2.2.3: a row a requirement."""
    return conformance("uci", name, [[
        '"%s"' % r["table"], '"%s"' % r["frc"], "%d" % (r["mapping"] == "B"), r["csi_part"], r["scs_khz"], r["n_rb"], "CHANNEL_" + r["profile"],
        r["doppler_hz"], "{ %s, %s }" % (r["bits_1"], r["bits_2"]), r["symbols"], r["additional"], r["ptrs"], r["snr_db"]] for r in rows])


def conformance_pusch(name, rows):
    """38.104 8.2 and 11.2.2: a row a requirement; the rate times 2048."""
    q_m = {"QPSK": 2, "16QAM": 4, "64QAM": 6, "256QAM": 8}
    out = [[
        '"%s"' % r["table"], '"%s"' % r["frc"], "%d" % (r["mapping"] == "B"), r["transform_precoding"], r["scs_khz"], r["n_rb"],
        "%d" % q_m[r["modulation"]], "%d" % (2 * float(r["rate_x1024"])), r["layers"], r["n_tx"], r["n_rx"],
        "CHANNEL_" + r["profile"], r["doppler_hz"], r["snr_db"], r["symbols"], r["additional"], r["ptrs"]] for r in rows]
    return conformance("pusch", name, out)


def conformance_ue_pdsch(name, rows):
    """38.101-4 5.2: a row a requirement."""
    return conformance("ue_pdsch", name, [[
        '"%s"' % r["table"], '"%s"' % r["test"], '"%s"' % r["reference"], *[r[c] for c in ("scs_khz", "carrier_rb", "first_rb", "n_rb")],
        "PHY_MCS_" + r["mcs_table"], *[r[c] for c in ("mcs", "payload", "layers", "n_tx", "n_rx")], "CHANNEL_" + r["profile"], r["doppler_hz"],
        r["speed_kmh"], "CHANNEL_" + r["correlation"], *[r[c] for c in ("prg", "additional", "groups", "type_b", "start", "symbols", "share", "snr_db")]]
        for r in rows])


def conformance_ue_pdcch(name, rows):
    """38.101-4 5.3: a row a requirement."""
    return conformance("ue_pdcch", name, [[
        '"%s"' % r["table"], '"%s"' % r["test"], '"%s"' % r["reference"], *[r[c] for c in ("scs_khz", "n_rb", "symbols", "al", "dci_bits", "n_tx", "n_rx")],
        "CHANNEL_" + r["profile"], r["doppler_hz"], "CHANNEL_" + r["correlation"], *[r[c] for c in ("interleaved", "bundle", "interleaver", "snr_db")]]
        for r in rows])


def conformance_ue_pbch(name, rows):
    """38.101-4 5.4: a row a requirement."""
    return conformance("ue_pbch", name, [['"%s"' % r["table"], '"%s"' % r["test"], r["scs_khz"], r["known"], r["n_rx"], "CHANNEL_" + r["profile"],
                                          r["doppler_hz"], r["snr_db"]] for r in rows])


def conformance_ue_cqi(name, rows):
    """38.101-4 6.2: a row a test."""
    return conformance("ue_cqi", name, [['"%s"' % r["table"], '"%s"' % r["test"], *[r[c] for c in ("scs_khz", "n_rb", "n_rx", "rank")],
                                         "CHANNEL_" + r["profile"], r["doppler_hz"], "CHANNEL_" + r["correlation"],
                                         *[r[c] for c in ("snr_db", "alpha", "gamma_percent")]] for r in rows])


def prach_config(name, rows):
    """38.211 Tables 6.3.3.2-2 to -4: formats of the occasions but the last, and of that; y and slots as masks; - is 0."""
    out = ["const struct phy_prach_schedule phy_%s[%d] = {" % (name, len(rows))]
    for i, r in enumerate(rows):
        if int(r["config_index"]) != i:
            sys.exit("%s: not in order" % name)
        formats = r["preamble_format"].split("/")
        slots = r["subframe_numbers"] if "subframe_numbers" in r else r["slot_numbers"]
        masks = ["%#xu" % sum(1 << int(v) for v in r["y"].split()), "UINT64_C(%#x)" % sum(1 << int(v) for v in slots.split())]
        rest = [r[c].replace("-", "0") for c in ("starting_symbol", "n_prach_slots", "n_t_ra_slot", "n_dur_ra")]
        out.append("\t{ PHY_PRACH_%s, PHY_PRACH_%s, %s, %s, %s, %s }," % (formats[0], formats[-1], r["x"], masks[0], masks[1], ", ".join(rest)))
    return out + ["};", ""]


def prach_preambles(name, rows):
    """38.211 Tables 6.3.3.1-1 and -2: repetitions and prefix in units of 64 T_c, by format."""
    out = ["const struct phy_prach_shape phy_%s[%d] = {" % (name, len(rows))]
    for r in rows:
        out.append("\t{ %s, %s }," % (r["n_repetitions"], r.get("n_cp_kappa") or r["n_cp_kappa_at_mu0"]))
    return out + ["};", ""]


def prach_ncs(name, rows):
    """38.211 Tables 6.3.3.1-5 to -7: N_CS by column; - is PRACH_NONE."""
    values = [[v.replace("-", "PRACH_NONE") for v in list(r.values())[1:]] for r in rows]
    return ["const uint16_t phy_%s[%d][%d] = {" % (name, len(values), len(values[0]))] + ["\t{ %s }," % ", ".join(v) for v in values] + ["};", ""]


def prach_combinations(name, rows):
    """38.211 Table 6.3.3.2-1: spacings in Hz."""
    return structs("prach_combination", name, [[r["l_ra"], "%d" % (1000 * float(r["delta_f_ra_khz"])), "%d" % (1000 * float(r["delta_f_pusch_khz"])),
                                                r["n_rb_ra"], r["k_bar"]] for r in rows])


def conformance_pucch(form):
    """38.104 8.3: a row a requirement: table, format, what is counted, antennas, kHz, blocks of the carrier, symbols, blocks, additional DM-RS, dB."""
    whats = {"NACK to ACK": "NACK_TO_ACK", "ACK missed detection": "ACK_MISSED", "ACK missed detection, 4 bits": "ACK_MISSED",
             "UCI BLER, 22 bits": "UCI_LOST"}

    def handler(name, rows):
        out = []
        for r in rows:
            fmt = r.get("format", str(form))
            what = whats.get(r.get("what"), "ACK_MISSED" if form == 0 else "UCI_LOST")
            if fmt == "0":
                symbols, prbs = int(r["n_symbols"]), 1
            elif fmt == "2":
                symbols, prbs = (1, 4) if what == "ACK_MISSED" else (2, 9)
            else:
                symbols, prbs = (4, 3) if r.get("test") == "2" else (14, 1)
            out.append('\t{ "%s", %s, CONFORMANCE_%s, %s, %s, %s, %d, %d, %s, %s },' % (
                r["table"], fmt, what, r["n_rx"], r["scs_khz"], r["n_rb_carrier"], symbols, prbs, r.get("additional_dmrs", "false"), r["snr_db"]))
        return ["const struct conformance_pucch_row conformance_%s[] = {" % name] + out + ["};", "const size_t conformance_%s_n = %d;" % (name, len(out)), ""]
    return handler


def conformance_prach(name, rows):
    """38.104 8.4.2.2."""
    return ["const struct conformance_prach_row conformance_%s[] = {" % name] + [
        '\t{ "%s", "%s", PHY_PRACH_%s, %s, %s, %s, %s, %s, %s },' % (r["table"], r["format"], r["format"], r["delta_f_ra_khz"], r["n_rx"],
            "true" if r["channel"].startswith("TDLC300") else "false", r["frequency_offset_hz"], r["snr_db"], r["time_error_tolerance_us"])
        for r in rows] + ["};", "const size_t conformance_%s_n = %d;" % (name, len(rows)), ""]


def reference_channels(name, rows):
    """38.104 Annex A: fixed reference channels; the rate times 2048."""
    q_m = {"QPSK": 2, "16QAM": 4, "64QAM": 6, "256QAM": 8}
    return structs("frc", name, [['"%s"' % r["frc"], r["scs_khz"], r["n_rb"], r["additional"], "%d" % q_m[r["modulation"]],
                                  "%d" % (2 * float(r["rate_x1024"])), r["layers"], "%d" % (r["transform_precoding"] == "enabled"),
                                  r["payload_bits"], r["total_bits"], r["code_blocks"]] for r in rows])


def test_preambles(name, rows):
    """38.104 Annex A.6: test preambles; spacings in units of 1.25 kHz."""
    return structs("test_preamble", name, [["PHY_PRACH_" + r["format"], r["l_ra"], "%d" % (float(r["scs_khz"]) / 1.25), "PHY_PRACH_" + r["set"],
                                            r["n_cs"], r["root"], r["preamble"]] for r in rows])


def l1_curves(name, rows):
    """The points of measured curves (sim/l1), and how many there are."""
    return columns(name, rows) + ["const uint32_t %s_points = %d;" % (name, len(rows)), ""]


HANDLERS = {
    "l1_curves": l1_curves, "frc_fr1_pusch": reference_channels, "prach_test_preambles": test_preambles,
    "prach_requirements_fr1": conformance_prach, "srs_bandwidth_config": small("uint16_t"),
    "prach_config_fr1_paired": prach_config, "prach_config_fr1_unpaired": prach_config, "prach_config_fr2_unpaired": prach_config,
    "prach_ncs_1k25": prach_ncs, "prach_ncs_5k": prach_ncs, "prach_ncs_short": prach_ncs,
    "prach_preamble_long": prach_preambles, "prach_preamble_short": prach_preambles, "prach_scs_combinations": prach_combinations,
    "prach_root_u_139": small("uint16_t"), "prach_root_u_571": small("uint16_t"), "prach_root_u_839": small("uint16_t"),
    "prach_root_u_1151": small("uint16_t"),
    "pucch_f0_requirements_fr1": conformance_pucch(0), "pucch_f1_f2_requirements_v19": conformance_pucch(1),
    "pucch_f3_requirements_fr1": conformance_pucch(3), "pucch_f4_requirements_fr1": conformance_pucch(4),
    "nr_bands_arfcn": bands, "gscn_per_band": gscn_ranges, "gscn_per_band_3_mhz": gscn_ranges, "gscn_lists": gscn_lists, "max_rb": max_rb,
    "mcs_table1_pdsch_64qam": mcs, "mcs_table2_pdsch_256qam": mcs,
    "mcs_table3_pdsch_64qam_lowse": mcs, "mcs_table4_pdsch_1024qam": mcs, "tbs_table": small("uint16_t"),
    "tda_pdsch_default_a_normal": time_domain, "tda_pdsch_default_a_extended": time_domain,
    "tda_pdsch_default_b": time_domain, "tda_pdsch_default_c": time_domain,
    "dmrs_pos_pdsch_single": dmrs_positions, "dmrs_pos_pdsch_double": dmrs_positions,
    "beta_offsets_ack": small("uint32_t"), "beta_offsets_csi": small("uint32_t"),
    "pusch_requirements": conformance_pusch, "uci_on_pusch_requirements": conformance_uci,
    "ue_pdsch_requirements": conformance_ue_pdsch, "ue_pdcch_requirements": conformance_ue_pdcch, "ue_pbch_requirements": conformance_ue_pbch,
    "ue_cqi_requirements": conformance_ue_cqi,
    "dmrs_pos_pusch_single": dmrs_positions, "dmrs_pos_pusch_double": dmrs_positions,
    "dmrs_pos_pusch_single_hopping": dmrs_hopping, "pusch_precoding_w": precoding,
    "mcs_pusch_tp_table1": mcs_precoded, "mcs_pusch_tp_table2": mcs_precoded,
    "lowpapr2_phi_6": small("int8_t"), "lowpapr2_bits_12": small("uint8_t"), "lowpapr2_bits_18": small("uint8_t"),
    "lowpapr2_bits_24": small("uint8_t"),
    "tdl_a": taps, "tdl_b": taps, "tdl_c": taps, "tdl_d": taps, "tdl_e": taps,
    "cdl_a": clusters, "cdl_b": clusters, "cdl_c": clusters, "cdl_d": clusters, "cdl_e": clusters,
    "cqi_table1": cqi, "cqi_table2": cqi, "cqi_table3": cqi, "cqi_table4": cqi,
    "slot_formats": slot_formats,
    "csi_rs_locations": csi_rs_rows, "csi_type1_sp_2ports": type1_codebook, "csi_type1_sp_4ports": type1_codebook,
    "tdla30": taps, "tdlb100": taps, "tdlc300": taps,
    "lowpapr_phi_6": small("int8_t"), "lowpapr_phi_12": small("int8_t"), "lowpapr_phi_18": small("int8_t"),
    "lowpapr_phi_24": small("int8_t"), "small_block_basis_32x11": small("int8_t"),
    "polar_sequence_1024": small("uint16_t"), "polar_input_interleaver_164": small("uint8_t"),
    "polar_subblock_interleaver_32": small("uint8_t"),
    "ldpc_bg1": base_graph, "ldpc_bg2": base_graph, "ldpc_lifting_sizes": lifting_sizes, "crc_polynomials": crc,
    "searchspace0_table_13_11": searchspace0, "searchspace0_table_13_12": searchspace0,
    **{"coreset0_table_13_" + t: coreset0 for t in "0 1 1A 2 3 4 4A 5 6 7 8 9 10 10A".split()},
}


def main():
    header, args = sys.argv[2], sys.argv[3:]
    out = ['/* Generated by tools/phy_tables.py; do not edit. */', '#include "%s"' % header, ""]
    for path in args[1:]:
        name = os.path.splitext(os.path.basename(path))[0]
        out += HANDLERS.get(name, columns)(name, rows_of(path))
    with open(args[0], "w", encoding="utf-8") as f:
        f.write("\n".join(out))


if __name__ == "__main__":
    main()
