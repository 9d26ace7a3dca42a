"""From measurements to a table: medians over rounds, and what they are held against."""

import statistics

# Times K that a request may cost beyond V, if its job checks a signature.
K_MAX = {"jwt-bearer": {"memory": 5.0, "sqlite": 10.0, "postgresql": 7.0, "redis": 6.0},
         "private_key_jwt": {"memory": 5.0, "sqlite": 10.0},
         "client_credentials": {"sqlite": 4.5},
         "refresh": {"sqlite": 5.5},
         "introspection": {"memory": 2.5, "sqlite": 2.5},
         "check": {"memory": 2.5, "sqlite": 2.5},
         "metadata": {"memory": 1.8, "sqlite": 1.8},
         "key-set": {"memory": 1.8, "sqlite": 1.8}}
# Times K that a job may cost beyond another of the same run, and beyond the signatures of both.
K_MORE = {"jwt-token": ("jwt-bearer", 1.0), "dpop": ("jwt-bearer", 1.5),
          "jwt-bearer-tls": ("jwt-bearer", 1.0)}
# How the name of a store ends that had many live tokens before the measurement.
FILLED = " filled"
PURGING = " purging"  # as many dead ones, which are purged during the measurement
P99_RATIO_MAX = 1.2
OF_BARE_PIPELINE_MIN = 0.5
START_MS_MAX = 50.0
IDLE_MIB_MAX = 20.0
HANDSHAKE_RATIO_MAX = 1.3  # to nginx's

COLUMNS = ("case", "CPU us/req", "V", "K", "x: V + x K", "req/s", "p50 ms", "p99 ms", "p99.9 ms",
           "MiB before, after", "target", "verdict")


def in_units_of_k(sample):
    """Ratios are taken within a round, where the machine's mood is about the same."""
    return (sample["cpu_us"] - sample["v_us"]) / sample["k_us"]


def case(sample):
    return sample["job"], sample["algorithm"], sample["store"]


def summary(samples):
    """One line for each job, algorithm and store: the median of its rounds."""
    lines = []
    for job, algorithm, store in dict.fromkeys(map(case, samples)):
        chosen = [s for s in samples if case(s) == (job, algorithm, store)]
        line = {key: statistics.median(s[key] for s in chosen)
                for key, value in chosen[0].items() if isinstance(value, float)}
        xs = [in_units_of_k(s) for s in chosen]
        line |= {"job": job, "algorithm": algorithm, "store": store, "rounds": len(chosen),
                 "x": statistics.median(xs), "x_min": min(xs), "x_max": max(xs),
                 "x_target": target_of(job, algorithm, store, lines)}
        line["met"] = None if line["x_target"] is None else line["x"] <= line["x_target"]
        lines.append(line)
    return lines


def target_of(job, algorithm, store, earlier):
    """`earlier`: the lines so far, among them that of the job which this one is more than."""
    if job not in K_MORE:
        return K_MAX.get(job, {}).get(store)
    base, more = K_MORE[job]
    return next((line["x"] + more for line in earlier
                 if (line["job"], line["algorithm"], line["store"]) == (base, algorithm, store)),
                None)


def laden_lines(lines):
    """What the store's other tokens cost: with many, or while many are purged, against with none."""
    by_case = {case(line): line for line in lines}
    for line in lines:
        job, algorithm, store = case(line)
        for more in (FILLED, PURGING):
            laden = by_case.get((job, algorithm, store + more))
            if not laden:
                continue
            ratio = laden["p99_ms"] / line["p99_ms"]
            yield (f"p99 of {' '.join(filter(None, case(laden)))}: {ratio:.2f} times that without, "
                   f"target <= {P99_RATIO_MAX:g}: {verdict(ratio <= P99_RATIO_MAX)}; "
                   f"CPU {laden['cpu_us'] / line['cpu_us']:.2f} times")


def pipeline_lines(lines):
    for line in lines:
        share = line.get("of_bare_pipeline")
        if share:
            yield (f"{' '.join(case(line))}: {share:.2f} of a bare libpq pipeline, target "
                   f">= {OF_BARE_PIPELINE_MIN:g}: {verdict(share >= OF_BARE_PIPELINE_MIN)}")


def starts_summary(starts):
    """`starts`: for each store, the milliseconds and the idle MiB of several starts."""
    lines = []
    for store, measured in starts.items():
        start_ms = statistics.median(m["start_ms"] for m in measured)
        idle_mib = statistics.median(m["idle_mib"] for m in measured)
        lines.append({"store": store, "starts": len(measured),
                      "start_ms": start_ms, "start_ms_target": START_MS_MAX,
                      "start_met": start_ms <= START_MS_MAX,
                      "idle_mib": idle_mib, "idle_mib_target": IDLE_MIB_MAX,
                      "idle_met": idle_mib <= IDLE_MIB_MAX})
    return lines


def handshakes_summary(rounds):
    """`rounds`: of each, the microseconds of a handshake by server. Ratios are taken within one."""
    ratios = [each["assay"] / each["nginx"] for each in rounds]
    ratio = statistics.median(ratios)
    return {"rounds": len(rounds), "ratio": ratio, "ratio_min": min(ratios),
            "ratio_max": max(ratios), "met": ratio <= HANDSHAKE_RATIO_MAX,
            **{f"{server}_us": statistics.median(each[server] for each in rounds)
               for server in ("assay", "nginx")}}


def verdict(met):
    return {True: "met", False: "MISSED", None: ""}[met]


def job_rows(lines):
    for line in lines:
        target = line["x_target"]
        yield (" ".join(filter(None, case(line))),
               f"{line['cpu_us']:.1f}", f"{line['v_us']:.1f}", f"{line['k_us']:.2f}",
               f"{line['x']:.2f} ({line['x_min']:.2f} to {line['x_max']:.2f})",
               f"{line['requests_per_second']:.0f}", f"{line['p50_ms']:.2f}",
               f"{line['p99_ms']:.2f}", f"{line['p99_9_ms']:.2f}",
               f"{line['mib_before']:.1f}, {line['mib_after']:.1f}",
               "none" if target is None else f"x <= {target:.3g}", verdict(line["met"]))


def table(header, rows):
    rows = [header, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
                     for row in rows)


def report(lines, starts, handshakes):
    texts = [table(COLUMNS, job_rows(lines)), "", *laden_lines(lines), *pipeline_lines(lines)]
    for line in starts:
        texts.append(f"start to ready, {line['store']}: {line['start_ms']:.1f} ms, target "
                     f"<= {START_MS_MAX:g} ms: {verdict(line['start_met'])}")
        texts.append(f"resident when idle, {line['store']}: {line['idle_mib']:.1f} MiB, target "
                     f"<= {IDLE_MIB_MAX:g} MiB: {verdict(line['idle_met'])}")
    texts.append(f"full TLS 1.3 handshake: {handshakes['assay_us']:.0f} us, nginx "
                 f"{handshakes['nginx_us']:.0f} us, ratio {handshakes['ratio']:.2f} "
                 f"({handshakes['ratio_min']:.2f} to {handshakes['ratio_max']:.2f}), target "
                 f"<= {HANDSHAKE_RATIO_MAX:g}: {verdict(handshakes['met'])}")
    return "\n".join(texts)
