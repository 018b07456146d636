/* SPDX-License-Identifier: MIT */
/*
 * test_policies.c - all policies against their contract, and the simulator against naive models.
 *
 * `test-policies [SEED]` runs the tests and prints "ok NAME" or "FAIL NAME" for each.
 * `test-policies --drive POLICY FRAMES SEED STEPS exact|bits EVENTS` prints a recording of a random
 * run, which naive.py checks against a second implementation of the policy.
 *
 * Two policies from tests/sim/policies are built in: fuzz lies, forgetful breaks the contract.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "checker.h"
#include "curves.h"
#include "drive.h"
#include "opt.h"
#include "recorder.h"
#include "trace.h"

static uint64_t seed = 1;
static int failed;

static void report(bool good, const char *what, const char *name)
{
    printf("%s %s%s%s\n", good ? "ok" : "FAIL", what, *name ? " " : "", name);
    failed += !good;
}

/* Those that are for tests only. */
static bool is_test_policy(const struct policy *policy)
{
    return strcmp(policy->name, "fuzz") == 0 || strcmp(policy->name, "forgetful") == 0;
}

static void begin(struct machine *m, const char *text, uint32_t nframes, bool bits)
{
    struct machine_setup setup = {.nframes = nframes,
                                  .max_frames = nframes,
                                  .seed = seed,
                                  .bits = bits,
                                  .interval = nframes / 4 + 1,
                                  .npages = 3 * nframes + 2};
    const char *wrong = policy_parse(text, &setup.policy, setup.value);

    setup.pages = drive_keys(setup.npages);
    if (wrong || !machine_init(m, &setup)) {
        printf("%s: %s\n", text, wrong ? wrong : "init() failed");
        exit(1);
    }
}

static void end(struct machine *m)
{
    machine_fini(m);
    alloc_free((void *)m->setup.pages);
}

/* --- The contract ------------------------------------------------------------------------- */

/* Random events under the checker; returns the number of breaches. */
static unsigned breaches_of(const char *text, uint32_t nframes, bool bits, int steps)
{
    struct machine m;
    struct checker *checker;
    struct drive drive = {.machine = &m, .state = seed + nframes, .events = ~0};
    unsigned breaches = 0;

    begin(&m, text, nframes, bits);
    checker = checker_attach(&m, text);
    for (int i = 0; i < steps && breaches == 0; i++) {
        drive_step(&drive);
        breaches += !drive_audit(&m);
    }
    if (m.policy->dump)
        m.policy->dump(m.self);
    breaches += checker_detach(checker);
    end(&m);
    return breaches;
}

static bool keeps_contract(const char *text)
{
    static const uint32_t sizes[] = {1, 2, 3, 7, 30, 100};
    unsigned breaches = 0;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        breaches += breaches_of(text, sizes[i], false, 10000);
        breaches += breaches_of(text, sizes[i], true, 10000);
    }
    return breaches == 0;
}

static void test_contract(void)
{
    static const char *const variants[] = {
        "clock:start=0",  "2q:in=0,out=0", "2q:in=100,out=1000",     "lruk:k=4,period=5,keep=0",
        "lirs:hir=99",    "lirs:names=0",  "s3fifo:small=99,move=1", "wsclock:tau=1",
        "lruk:keep=1000",
    };

    for (int i = 0; policy_table[i]; i++)
        if (!is_test_policy(policy_table[i]))
            report(keeps_contract(policy_table[i]->name), "contract", policy_table[i]->name);
    for (size_t i = 0; i < sizeof(variants) / sizeof(*variants); i++)
        report(keeps_contract(variants[i]), "contract", variants[i]);
}

/* A machine with a policy that lies stays right, and counts the lies. */
static void test_fuzz(void)
{
    struct machine m;
    struct drive drive = {.machine = &m, .state = seed, .events = ~0};
    bool good = true;

    for (uint32_t nframes = 1; nframes < 40; nframes += 6) {
        begin(&m, "fuzz", nframes, nframes & 1);
        for (int i = 0; i < 20000 && good; i++) {
            drive_step(&drive);
            good = drive_audit(&m);
        }
        good = good && m.counts.refused > 0 && m.counts.faults < m.counts.references;
        end(&m);
    }
    report(good, "fuzz", "the machine stays right");
}

/* The checker sees what a bad policy does. */
static void test_checker(void)
{
    FILE *saved = stdout;

    stdout = fopen("/dev/null", "w");
    bool fuzz = breaches_of("fuzz", 20, false, 5000) > 0;
    bool forgetful = breaches_of("forgetful", 20, false, 5000) > 0;
    bool writes_late = breaches_of("forgetful:late=1", 20, false, 5000) > 0;
    bool endless = breaches_of("forgetful:looks=1", 20, false, 5000) > 0;
    fclose(stdout);
    stdout = saved;
    report(fuzz, "checker", "sees garbage");
    report(forgetful, "checker", "sees a missing victim");
    report(writes_late, "checker", "sees a write to a frame that left");
    report(endless, "checker", "sees too many looks");
}

/* --- Independence and replay -------------------------------------------------------------- */

/* Runs one machine, with another of the same policy running in between if asked; the recording. */
static char *record_run(const char *text, bool with_other)
{
    struct machine m, other;
    struct drive drive = {.machine = &m, .state = seed, .events = ~0};
    struct drive other_drive = {.machine = &other, .state = seed + 7, .events = ~0};
    struct recorder *recorder;
    char *recording;
    size_t length;
    FILE *file = open_memstream(&recording, &length);

    begin(&m, text, 12, true);
    begin(&other, text, 12, true);
    recorder = recorder_attach(&m, file, text);
    for (int i = 0; i < 5000; i++) {
        drive_step(&drive);
        if (with_other)
            drive_step(&other_drive);
    }
    recorder_detach(recorder);
    fclose(file);
    end(&m);
    end(&other);
    return recording;
}

static bool replays(const char *recording)
{
    char path[] = "/tmp/test-policies-XXXXXX";
    struct replay_counts counts;
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    bool good;

    fputs(recording, file);
    fclose(file);
    good = replay(path, NULL, NULL, &counts) && counts.victims > 100;
    remove(path);
    return good;
}

static void test_independence_and_replay(void)
{
    for (int i = 0; policy_table[i]; i++) {
        const char *name = policy_table[i]->name;
        char *alone, *together;

        if (is_test_policy(policy_table[i]))
            continue;
        alone = record_run(name, false);
        together = record_run(name, true);
        report(strcmp(alone, together) == 0, "instances are independent", name);
        report(replays(alone), "replay", name);
        free(alone);
        free(together);
    }
}

/* --- Traces made here --------------------------------------------------------------------- */

static void make_trace(struct trace *trace, uint32_t npages, uint32_t nrefs)
{
    uint32_t *refs = alloc_array(nrefs, sizeof(*refs));
    uint64_t state = seed + npages;

    for (uint32_t i = 0; i < nrefs; i++) {
        uint64_t dice = policy_random(&state);
        uint32_t page = (dice >> 8) % ((dice & 3) ? npages / 5 + 1 : npages);

        if (i < npages) /* every page of a trace is referenced */
            page = i;
        refs[i] = page << 1 | (dice >> 4 & 1);
    }
    *trace = (struct trace){"(random)", "refs", refs, nrefs, drive_keys(npages), npages};
}

static void unmake_trace(struct trace *trace)
{
    alloc_free((void *)trace->refs);
    alloc_free(trace->pages);
}

/* Runs a policy on a whole trace and returns the faults. */
static uint64_t faults_of(const struct trace *trace, const char *text, uint32_t nframes,
                          uint64_t bits)
{
    struct machine_setup setup = {.nframes = nframes,
                                  .max_frames = nframes,
                                  .seed = seed,
                                  .bits = bits != 0,
                                  .interval = bits ? bits : nframes / 10 + 1,
                                  .pages = trace->pages,
                                  .npages = trace->npages};
    struct machine m;

    if (policy_parse(text, &setup.policy, setup.value) || !machine_init(&m, &setup))
        return 0;
    for (uint64_t t = 0; t < trace->nrefs; t++)
        machine_touch(&m, trace_page(trace->refs[t]), trace_write(trace->refs[t]));
    machine_fini(&m);
    return m.counts.faults;
}

/* The optimum by looking through the rest of the trace for each page at each eviction. */
static uint64_t naive_opt(const struct trace *trace, uint32_t nframes)
{
    uint32_t resident[64], count = 0;
    uint64_t faults = 0;

    for (uint64_t t = 0; t < trace->nrefs; t++) {
        uint32_t page = trace_page(trace->refs[t]), i, worst = 0;
        uint64_t farthest = 0;

        for (i = 0; i < count && resident[i] != page; i++)
            ;
        if (i < count)
            continue;
        faults++;
        if (count < nframes) {
            resident[count++] = page;
            continue;
        }
        for (i = 0; i < count; i++) {
            uint64_t next = t + 1;

            while (next < trace->nrefs && trace_page(trace->refs[next]) != resident[i])
                next++;
            if (next > farthest) {
                farthest = next;
                worst = i;
            }
        }
        resident[worst] = page;
    }
    return faults;
}

static void test_opt(void)
{
    bool equal = true, floor = true;
    struct trace trace;

    for (uint32_t npages = 2; npages < 90; npages += 11) {
        const uint32_t *next;

        make_trace(&trace, npages, 3000);
        next = opt_next_uses(&trace);
        for (uint32_t nframes = 1; nframes <= npages && nframes < 64; nframes += 1 + npages / 5) {
            uint64_t faults = opt_run(&trace, next, nframes).faults;

            equal = equal && faults == naive_opt(&trace, nframes);
            for (int i = 0; policy_table[i]; i++) {
                const char *name = policy_table[i]->name;

                if (faults_of(&trace, name, nframes, 0) < faults ||
                    faults_of(&trace, name, nframes, 5) < faults) {
                    printf("%s beats the optimum\n", name);
                    floor = false;
                }
            }
        }
        opt_next_uses_destroy(next, &trace);
        unmake_trace(&trace);
    }
    report(equal, "opt", "equals a naive search");
    report(floor, "opt", "is the floor of all policies");
}

/* With one frame more, LRU holds what it held, and one page more: at every moment. */
static void test_lru_stack_property(void)
{
    struct machine m[2];
    struct trace trace;
    bool good = true;

    make_trace(&trace, 40, 20000);
    for (uint32_t nframes = 1; nframes < 30; nframes += 7) {
        for (int i = 0; i < 2; i++)
            begin(&m[i], "lru", nframes + i, false);
        for (uint64_t t = 0; t < trace.nrefs; t++) {
            uint32_t page = trace_page(trace.refs[t]) % m[0].setup.npages;

            for (int i = 0; i < 2; i++)
                machine_touch(&m[i], page, false);
            for (page = 0; page < m[0].setup.npages; page++)
                good = good && (!m[0].where[page] || m[1].where[page]);
        }
        for (int i = 0; i < 2; i++)
            end(&m[i]);
    }
    unmake_trace(&trace);
    report(good, "lru", "has the stack property");
}

static void test_lru_curve(void)
{
    struct trace trace;
    bool good = true;

    for (uint32_t npages = 1; npages < 100; npages += 14) {
        uint64_t *faults;

        make_trace(&trace, npages, 5000);
        faults = curves_lru(&trace);
        for (uint32_t nframes = 1; nframes <= npages; nframes++)
            good = good && faults[nframes] == faults_of(&trace, "lru", nframes, 0);
        alloc_free(faults);
        unmake_trace(&trace);
    }
    report(good, "lru curve", "equals lru at every size");
}

/* Whether the pages referenced in the `tau` references up to `t` hold this one; or how many. */
static uint32_t naive_working_set(const struct trace *trace, uint64_t t, uint64_t tau,
                                  uint32_t page, bool *there)
{
    bool seen[128] = {false};
    uint32_t count = 0;

    for (uint64_t i = t + 1 > tau ? t + 1 - tau : 0; i <= t; i++) {
        uint32_t other = trace_page(trace->refs[i]);

        count += !seen[other];
        seen[other] = true;
    }
    *there = seen[page];
    return count;
}

static const struct trace *ws_trace;
static uint64_t ws_tau, ws_points;
static bool ws_good;

static void check_ws_point(uint64_t time, uint32_t pages)
{
    bool there;

    ws_points++;
    ws_good = ws_good && naive_working_set(ws_trace, time - 1, ws_tau, 0, &there) == pages;
}

static void test_working_set(void)
{
    struct curves_ws points[] = {{.tau = 1}, {.tau = 2}, {.tau = 30}, {.tau = 500}, {.tau = 5000}};
    struct trace trace;
    bool good = true, there;

    make_trace(&trace, 90, 2000);
    curves_working_set(&trace, points, 5);
    for (int i = 0; i < 5; i++) {
        uint64_t sum = 0, faults = 0;

        for (uint64_t t = 0; t < trace.nrefs; t++) {
            uint32_t page = trace_page(trace.refs[t]);

            sum += naive_working_set(&trace, t, points[i].tau, page, &there);
            there = false;
            if (t > 0)
                naive_working_set(&trace, t - 1, points[i].tau, page, &there);
            faults += !there;
        }
        good = good && faults == points[i].faults;
        good = good && (uint64_t)(points[i].mean_pages * trace.nrefs + 0.5) == sum;
        ws_trace = &trace;
        ws_tau = points[i].tau;
        ws_points = 0;
        ws_good = true;
        curves_working_set_in_time(&trace, ws_tau, 100, check_ws_point);
        good = good && ws_good && ws_points > 90;
    }
    unmake_trace(&trace);
    report(good, "working set", "equals a naive count");
}

/* A bit that is set is set, however often someone looks: harvests change nothing for a clock. */
static void test_clock_bits(void)
{
    struct trace trace;
    bool good = true;

    make_trace(&trace, 200, 50000);
    for (uint32_t nframes = 5; nframes < 100; nframes += 19)
        for (uint64_t bits = 1; bits < 5000; bits = bits * 3 + 1)
            good = good && faults_of(&trace, "clock", nframes, 0) ==
                               faults_of(&trace, "clock", nframes, bits);
    unmake_trace(&trace);
    report(good, "clock", "needs accessed bits only");
}

/* --- The other use: a recording for naive.py ---------------------------------------------- */

static int drive_main(char **argv)
{
    struct machine m;
    struct drive drive = {.machine = &m,
                          .state = strtoull(argv[4], NULL, 10),
                          .events = atoi(argv[7]),
                          .notes = stdout};
    struct recorder *recorder;

    begin(&m, argv[2], atoi(argv[3]), strcmp(argv[6], "bits") == 0);
    recorder = recorder_attach(&m, stdout, argv[2]);
    for (int i = atoi(argv[5]); i > 0; i--)
        drive_step(&drive);
    recorder_detach(recorder);
    end(&m);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 8 && strcmp(argv[1], "--drive") == 0)
        return drive_main(argv);
    if (argc > 1)
        seed = strtoull(argv[1], NULL, 10);
    printf("seed %" PRIu64 "\n", seed);
    test_contract();
    test_fuzz();
    test_checker();
    test_independence_and_replay();
    test_opt();
    test_lru_stack_property();
    test_lru_curve();
    test_working_set();
    test_clock_bits();
    return failed > 0;
}
