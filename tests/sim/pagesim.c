/* SPDX-License-Identifier: MIT
 *
 * pagesim.c - runs policies over traces and prints what came of it.
 *
 * Nothing is printed on stdout before every trace has been read whole: bad input gives an error on
 * stderr, status 2, and no result.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "curves.h"
#include "event.h"
#include "guard.h"
#include "machine.h"
#include "opt.h"
#include "options.h"
#include "progress.h"
#include "record.h"
#include "recorder.h"
#include "story.h"
#include "trace.h"

/* Before a machine's first reference: begins the recording, if one was asked for. */
static void run_begin(const struct options *o, struct machine *m, const char *text, FILE **file,
                      struct recorder **recorder)
{
    *file = NULL;
    *recorder = NULL;
    if (!o->record)
        return;
    *file = fopen(o->record, "w");
    if (!*file) {
        perror(o->record);
        exit(1);
    }
    *recorder = recorder_attach(m, *file, text);
}

/* After its last one. */
static void run_end(const struct options *o, struct machine *m, const char *text, FILE *file,
                    struct recorder *recorder)
{
    if (recorder) {
        recorder_detach(recorder);
        if (fclose(file) != 0) {
            perror(o->record);
            exit(1);
        }
    }
    if (o->dump && m->policy->dump) {
        policy_log("%s, %u frames:", text, m->nframes);
        m->policy->dump(m->self);
    }
    if (m->counts.refused > 0)
        fprintf(stderr, "pagesim: %s, %u frames: %" PRIu64 " nominations could not be used\n", text,
                m->nframes, m->counts.refused);
}

static void begin_machine(const struct options *o, const struct choice *choice,
                          const struct trace *trace, uint32_t nframes, struct machine *m)
{
    struct machine_setup setup = {
        .policy = choice->policy,
        .nframes = nframes,
        .max_frames = nframes,
        .seed = o->seed,
        .bits = o->bits && !choice->exact && !choice->opt,
        .interval = o->interval ? o->interval : (nframes + 9) / 10,
        .pages = trace->pages,
        .npages = trace->npages,
    };

    memcpy(setup.value, choice->value, sizeof(setup.value));
    guard_begin(choice->text, &m->counts.references);
    if (!machine_init(m, &setup)) {
        fprintf(stderr, "pagesim: %s, %u frames: init() returned NULL\n", choice->text, nframes);
        exit(1);
    }
}

/* One policy, one memory size, one trace. */
static struct machine_counts run(const struct options *o, const struct choice *choice,
                                 const struct trace *trace, uint32_t nframes)
{
    struct recorder *recorder;
    struct machine m;
    FILE *file;

    begin_machine(o, choice, trace, nframes, &m);
    run_begin(o, &m, choice->text, &file, &recorder);
    for (uint64_t t = 0; t < trace->nrefs; t++) {
        machine_touch(&m, trace_page(trace->refs[t]), trace_write(trace->refs[t]));
        if ((t & 0xfffff) == 0)
            progress("%s, %u frames: %d %%", choice->text, nframes, (int)(100 * t / trace->nrefs));
    }
    run_end(o, &m, choice->text, file, recorder);
    machine_fini(&m);
    guard_end();
    return m.counts;
}

/* The same, told step by step. */
static void tell_story(const struct options *o, const struct trace *trace)
{
    struct choice choice = o->choices[0];
    const uint32_t *next = choice.opt ? opt_next_uses(trace) : NULL;
    struct story *story;
    struct machine m;

    if (choice.opt)
        choice.policy = &opt_policy;
    begin_machine(o, &choice, trace, o->frames[0], &m);
    struct story_subject subject = {.policy = &m.policy,
                                    .self = &m.self,
                                    .services = &m.services,
                                    .frames = m.frames,
                                    .nframes = m.nframes,
                                    .max_frames = m.setup.max_frames,
                                    .accessed = m.setup.bits,
                                    .text = choice.text,
                                    .from = o->from,
                                    .most = o->steps};

    story = story_begin(stdout, &subject);
    for (uint64_t t = 0; t < trace->nrefs; t++) {
        uint32_t page = trace_page(trace->refs[t]);

        opt_policy_at(next ? next[t] : 0);
        machine_touch(&m, page, trace_write(trace->refs[t]));
        story_step(story, trace->pages[page], trace_write(trace->refs[t]));
    }
    story_end(story);
    machine_fini(&m);
    guard_end();
    if (next)
        opt_next_uses_destroy(next, trace);
}

/* Memory sizes worth looking at when none are given. */
static void default_frames(struct options *o, const struct trace *trace)
{
    o->nframes = 0;
    o->frames = alloc_resize(o->frames, 4, sizeof(*o->frames));
    for (uint32_t part = 16; part > 1; part /= 2)
        if (trace->npages / part > 0)
            o->frames[o->nframes++] = trace->npages / part;
    if (o->nframes == 0)
        o->frames[o->nframes++] = 1;
}

static void print_csv(const char *path, const struct choice *choice, uint32_t nframes,
                      const struct machine_counts *c)
{
    const char *quote = strchr(choice->text, ',') ? "\"" : "";

    if (path)
        printf("%s,", path);
    printf("%s%s%s,%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", quote, choice->text,
           quote, nframes, c->references, c->faults, c->evictions, c->writebacks);
}

static void print_title(const struct options *o, const struct trace *trace)
{
    printf("%s (%s): %" PRIu64 " references to %u pages; ", trace->path, trace->format,
           trace->nrefs, trace->npages);
    if (o->bits)
        printf("accessed bits, harvested every %" PRIu64 " faults", o->interval);
    else
        printf("every reference told");
    printf("\nfaults with%*s", 6, "");
    for (int i = 0; i < o->nframes; i++)
        printf(" %12u", o->frames[i]);
    printf("  frames\n");
}

static void simulate_trace(struct options *o, const struct trace *trace)
{
    const uint32_t *next = NULL;

    if (!o->csv)
        print_title(o, trace);
    for (int c = 0; c < o->nchoices; c++) {
        const struct choice *choice = &o->choices[c];

        if (choice->opt && !next)
            next = opt_next_uses(trace);
        if (!o->csv)
            printf("%-17s", choice->text);
        for (int i = 0; i < o->nframes; i++) {
            struct machine_counts counts = choice->opt ? opt_run(trace, next, o->frames[i])
                                                       : run(o, choice, trace, o->frames[i]);

            if (o->csv)
                print_csv(o->npaths > 1 ? trace->path : NULL, choice, o->frames[i], &counts);
            else
                printf(" %12" PRIu64, counts.faults);
            fflush(stdout);
        }
        if (!o->csv)
            printf("\n");
    }
    if (next)
        opt_next_uses_destroy(next, trace);
}

static void simulate(struct options *o, const struct trace *traces)
{
    bool given = o->frames != NULL;

    if (o->csv)
        printf("%spolicy,frames,references,faults,evictions,writebacks\n",
               o->npaths > 1 ? "trace," : "");
    for (int i = 0; i < o->npaths; i++) {
        if (!given)
            default_frames(o, &traces[i]);
        if (i > 0 && !o->csv)
            printf("\n");
        simulate_trace(o, &traces[i]);
    }
}

static void print_lru_curve(const struct trace *trace)
{
    uint64_t *faults = curves_lru(trace);

    printf("frames,faults\n");
    for (uint32_t n = 1; n <= trace->npages; n++)
        printf("%u,%" PRIu64 "\n", n, faults[n]);
    alloc_free(faults);
}

/* Windows of 1, 2, 3, 4, 6, 8, 12, 16, ... references. */
static void print_ws_curve(const struct trace *trace)
{
    struct curves_ws points[128];
    int n = 0;

    for (uint64_t tau = 1; tau <= trace->nrefs; tau *= 2) {
        points[n++].tau = tau;
        if (tau > 1 && tau + tau / 2 <= trace->nrefs)
            points[n++].tau = tau + tau / 2;
    }
    curves_working_set(trace, points, n);
    printf("window,mean_pages,faults\n");
    for (int i = 0; i < n; i++)
        printf("%" PRIu64 ",%.3f,%" PRIu64 "\n", points[i].tau, points[i].mean_pages,
               points[i].faults);
}

static void print_ws_point(uint64_t time, uint32_t pages)
{
    printf("%" PRIu64 ",%u\n", time, pages);
}

static void print_references(const struct trace *trace, uint64_t samples)
{
    uint64_t step = (trace->nrefs + samples - 1) / samples;

    printf("time,page,written\n");
    for (uint64_t t = 0; t < trace->nrefs; t += step)
        printf("%" PRIu64 ",%" PRIu64 ",%d\n", t + 1,
               trace->pages[trace_page(trace->refs[t])].index, trace_write(trace->refs[t]));
}

static void list(void)
{
    for (int i = 0; policy_table[i]; i++) {
        const struct policy_param *p = policy_table[i]->parameters;

        printf("%-9s %s\n", policy_table[i]->name, policy_table[i]->about);
        for (; p && p->key; p++)
            printf("            %s=%" PRId64 "  %s (%" PRId64 " to %" PRId64 ")\n", p->key,
                   p->standard, p->about, p->least, p->most);
    }
}

static int replay_all(const struct options *o)
{
    struct replay_story story = {.file = stdout, .from = o->from, .most = o->steps};
    struct replay_counts counts;
    int status = 0;

    for (int i = 0; i < o->npaths; i++) {
        if (!replay(o->paths[i], o->nchoices > 0 ? o->choices[0].text : NULL,
                    o->story ? &story : NULL, &counts))
            status = 2;
        else if (!o->story)
            printf("%s: %" PRIu64 " calls, %" PRIu64 " victims, all the same\n", o->paths[i],
                   counts.calls, counts.victims);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct trace *traces;
    struct options o;

    options_read(&o, argc, argv);
    services_show_log(o.show_log || o.dump);
    if (o.mode == LIST) {
        list();
        return 0;
    }
    if (o.mode == REPLAY)
        return replay_all(&o);
    if (o.mode == TO_TEXT || o.mode == TO_BYTES)
        return event_convert(o.paths[0], o.mode == TO_BYTES, stdout) && fflush(stdout) == 0 ? 0 : 2;
    traces = alloc_array(o.npaths, sizeof(*traces));
    for (int i = 0; i < o.npaths; i++)
        if (!trace_read(&traces[i], o.paths[i], &o.trace))
            return 2;
    if (o.story) {
        tell_story(&o, &traces[0]);
    } else if (o.mode == SIMULATE) {
        simulate(&o, traces);
    } else if (o.mode == LRU_CURVE) {
        print_lru_curve(traces);
    } else if (o.mode == WS_CURVE) {
        print_ws_curve(traces);
    } else if (o.mode == WS_TIME) {
        printf("time,pages\n");
        curves_working_set_in_time(traces, o.window, o.samples, print_ws_point);
    } else {
        print_references(traces, o.samples);
    }
    for (int i = 0; i < o.npaths; i++)
        trace_destroy(&traces[i]);
    alloc_free(traces);
    alloc_free(o.choices);
    alloc_free(o.frames);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("pagesim: standard output");
        return 1;
    }
    return 0;
}
