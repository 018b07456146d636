/* SPDX-License-Identifier: MIT
 *
 * trace.c - reads a trace of any format into a struct trace.
 *
 * One function per format turns words into references; add() numbers and spools them. The formats
 * are described in docs/simulator.md. Nothing here knows about policies.
 */
#define _GNU_SOURCE
#include "trace.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "alloc.h"
#include "pagemap.h"
#include "progress.h"
#include "record.h"
#include "scan.h"

struct reader {
    struct scan scan;
    struct pagemap map;
    FILE *spool;
    uint64_t nrefs;
    uint64_t page_size;
    bool faults; /* the recording tells of faults */
};

/* Appends one reference. */
static void add(struct reader *r, uint64_t object, uint64_t index, bool write)
{
    uint32_t page = pagemap_number(&r->map, object, index);
    uint32_t ref = page << 1 | write;

    if (page == PAGEMAP_FULL || r->nrefs == UINT32_MAX) {
        scan_fail(&r->scan, "trace too large: more than 2^32 references or 2^30 pages");
        return;
    }
    fwrite_unlocked(&ref, sizeof(ref), 1, r->spool);
    if ((++r->nrefs & 0xfffff) == 0)
        progress("%s: %llu references read", r->scan.path, (unsigned long long)r->nrefs);
}

/* Is the word r, w or x (a fetch), in either case? A write is told apart. */
static bool is_kind(const char *word, bool *write)
{
    *write = strcasecmp(word, "w") == 0;
    return *write || strcasecmp(word, "r") == 0 || strcasecmp(word, "x") == 0;
}

/*
 * A reference string: page numbers, each with an r, w or x attached or behind it ("12 13w 14 w").
 * On a line that begins with such a letter, letters come before their numbers ("w 14").
 */
struct refs_line {
    bool letters_first;
    bool letter, write; /* a letter waits for its number */
    bool number;        /* a number waits for its letter, which need not come */
    uint64_t page;
};

static void refs_letter(struct reader *r, struct refs_line *line, bool write)
{
    if (line->letters_first ? line->letter : !line->number)
        scan_fail(&r->scan, "'%s' belongs to no page number", r->scan.word);
    else if (line->number)
        add(r, 0, line->page, write);
    line->letter = line->letters_first;
    line->write = write;
    line->number = false;
}

static void refs_number(struct reader *r, struct refs_line *line)
{
    char *last = r->scan.word + strlen(r->scan.word) - 1;
    bool write, suffix = is_kind(last, &write);

    if (line->number)
        add(r, 0, line->page, false);
    if (suffix)
        *last = '\0';
    if (!scan_number(r->scan.word, &line->page))
        scan_fail(&r->scan, "'%s' is not a page number", r->scan.word);
    line->number = !suffix && !line->letters_first;
    if (!line->number)
        add(r, 0, line->page, suffix ? write : line->letter && line->write);
    line->letter = false;
}

static void refs_end_line(struct reader *r, struct refs_line *line)
{
    if (line->letter)
        scan_fail(&r->scan, "a letter without its page number");
    if (line->number)
        add(r, 0, line->page, false);
    *line = (struct refs_line){0};
}

/* A line that begins with '#' is a comment, one that begins with '*' a mark (in LIRS traces). */
static void read_refs(struct reader *r)
{
    struct refs_line line = {0};
    bool first = true, write;
    enum scan_token token;

    while ((token = scan_next(&r->scan)) != SCAN_END) {
        if (token == SCAN_NEWLINE) {
            refs_end_line(r, &line);
            first = true;
            continue;
        }
        if (first && (r->scan.word[0] == '#' || r->scan.word[0] == '*')) {
            scan_skip_line(&r->scan);
            continue;
        }
        if (first)
            line.letters_first = is_kind(r->scan.word, &write);
        first = false;
        if (is_kind(r->scan.word, &write))
            refs_letter(r, &line, write);
        else
            refs_number(r, &line);
    }
    refs_end_line(r, &line);
}

/*
 * The next line's words, at most `most`; the rest of the line is skipped. Returns their number, 0
 * at the end of the file. Empty lines and comments are passed over.
 */
static int next_line(struct reader *r, char words[][SCAN_WORD], int most)
{
    enum scan_token token;
    int n = 0;

    while ((token = scan_next(&r->scan)) == SCAN_A_WORD || (token == SCAN_NEWLINE && n == 0)) {
        if (token == SCAN_NEWLINE)
            continue;
        if (n == 0 && r->scan.word[0] == '#') {
            scan_skip_line(&r->scan);
            continue;
        }
        memcpy(words[n++], r->scan.word, SCAN_WORD);
        if (n == most) {
            scan_skip_line(&r->scan);
            scan_next(&r->scan);
            break;
        }
    }
    return n;
}

/* ARC traces: "start count ignored id", a request for `count` blocks from `start`. */
static void read_arc(struct reader *r)
{
    char words[4][SCAN_WORD];
    uint64_t value[4];
    int n;

    while ((n = next_line(r, words, 4)) > 0) {
        for (int i = 0; i < n; i++)
            if (!scan_number(words[i], &value[i]))
                scan_fail(&r->scan, "'%s' is not a number", words[i]);
        if (n < 4)
            scan_fail(&r->scan, "%d numbers where 'start count ignored id' was expected", n);
        else if (value[1] > UINT32_MAX || value[0] + value[1] < value[0])
            scan_fail(&r->scan, "no such blocks");
        for (uint64_t i = 0; i < value[1] && !r->scan.wrong; i++)
            add(r, 0, value[0] + i, false);
    }
}

/* Address traces: "l 0xADDR ..." or "s 0xADDR ..."; what follows is ignored. */
static void read_addr(struct reader *r)
{
    char words[2][SCAN_WORD];
    uint64_t address;
    int n;

    while ((n = next_line(r, words, 2)) > 0) {
        if (strcmp(words[0], "l") != 0 && strcmp(words[0], "s") != 0)
            scan_fail(&r->scan, "'%s' is neither l nor s", words[0]);
        else if (n < 2 || strncmp(words[1], "0x", 2) != 0 || !scan_number(words[1], &address))
            scan_fail(&r->scan, "'%s' is not an address", n < 2 ? "" : words[1]);
        else
            add(r, 0, address / r->page_size, words[0][0] == 's');
    }
}

/*
 * One event of a recording. Frames are turned back into pages. The guest tells of faults as they
 * come, and its policy of their pages only when memory is short: where faults were kept they count.
 */
static void add_event(struct reader *r, const struct record_line *line, struct policy_key *in_frame)
{
    const uint64_t *field = line->event.field;
    struct policy_key *key = &in_frame[line->frame];

    switch (line->kind) {
    case RECORD_REFERENCE: /* space, page, access */
        add(r, field[0], field[1], field[2] == TRACE_WRITES);
        break;
    case RECORD_FAULT: /* space, address, access, pc, action, pages, code, object, index */
        r->faults = true;
        if (field[7] != TRACE_NONE)
            add(r, field[7], field[8], field[2] == TRACE_WRITES);
        break;
    case RECORD_ENTER:
        *key = line->key;
        if (line->why == POLICY_FAULT && !r->faults)
            add(r, key->object, key->index, line->dirty);
        break;
    case RECORD_USED:
    case RECORD_REFERENCED:
        add(r, key->object, key->index, line->dirty);
        break;
    default:
        break;
    }
}

/* A recording (record.h): what it tells of references. */
static void read_octavo(struct reader *r)
{
    struct policy_key *in_frame = alloc_array(RECORD_MAX_FRAMES, sizeof(*in_frame));
    struct record_header header;
    struct record_line line;

    if (record_read_header(&r->scan, &header))
        while (record_read(&r->scan, &line))
            add_event(r, &line, in_frame);
    alloc_free(in_frame);
}

static const struct format {
    const char *name;
    void (*read)(struct reader *r);
} formats[] = {
    {"refs", read_refs}, {"arc", read_arc}, {"addr", read_addr}, {"octavo", read_octavo}, {0},
};

static const struct format *find_format(const char *name)
{
    for (const struct format *format = formats; format->name; format++)
        if (strcmp(format->name, name) == 0)
            return format;
    return NULL;
}

bool trace_format_known(const char *name)
{
    return find_format(name) != NULL;
}

/* Does `text` hold lines of four numbers, the last growing by one, the third always the same? */
static bool looks_like_arc(const char *text, size_t length)
{
    unsigned long long start, count, ignored, id, first_ignored = 0, last_id = 0;
    const char *end = text + length, *newline;
    int lines = 0;
    char extra;

    for (; (newline = memchr(text, '\n', end - text)) && lines < 100; text = newline + 1, lines++) {
        char line[128];
        size_t n = newline - text;

        if (n >= sizeof(line))
            return false;
        memcpy(line, text, n);
        line[n] = '\0';
        if (sscanf(line, "%llu %llu %llu %llu %c", &start, &count, &ignored, &id, &extra) != 4)
            return false;
        if (lines > 0 && (id != last_id + 1 || ignored != first_ignored))
            return false;
        first_ignored = ignored;
        last_id = id;
    }
    return lines > 1;
}

/* The format by the first bytes; what could be several is a reference string. */
static const char *guess_format(struct scan *scan)
{
    static const char *const suffixes[] = {".lis", ".lis.gz", ".lis.zst"};
    size_t path_length = strlen(scan->path), length;
    const char *text;

    length = scan_peek(scan, &text);
    if (length >= TRACE_MAGIC_BYTES && memcmp(text, TRACE_MAGIC, TRACE_MAGIC_BYTES) == 0)
        return "octavo";
    if (length >= strlen(RECORD_MAGIC) && memcmp(text, RECORD_MAGIC, strlen(RECORD_MAGIC)) == 0)
        return "octavo";
    for (int i = 0; i < 3; i++) {
        size_t n = strlen(suffixes[i]);

        if (path_length > n && strcmp(scan->path + path_length - n, suffixes[i]) == 0)
            return "arc";
    }
    if (length >= 4 && (memcmp(text, "l 0x", 4) == 0 || memcmp(text, "s 0x", 4) == 0))
        return "addr";
    return length > 0 && looks_like_arc(text, length) ? "arc" : "refs";
}

/* Turns what was read into the trace. */
static void finish(struct reader *r, struct trace *trace)
{
    if (fflush(r->spool) != 0 || ferror(r->spool))
        scan_fail(&r->scan, "no room for the temporary file; set TMPDIR to a folder that has it");
    else if (r->nrefs == 0)
        scan_fail(&r->scan, "no references in this file");
    trace->pages = r->map.keys;
    trace->npages = r->map.count;
    trace->nrefs = r->nrefs;
    if (!r->scan.wrong)
        trace->refs = alloc_map(dup(fileno(r->spool)), r->nrefs * sizeof(*trace->refs));
    fclose(r->spool);
    pagemap_drop_table(&r->map);
}

bool trace_read(struct trace *trace, const char *path, const struct trace_options *options)
{
    struct reader *r = alloc_array(1, sizeof(*r));
    bool good;

    memset(trace, 0, sizeof(*trace));
    if (!scan_open(&r->scan, path)) {
        alloc_free(r);
        return false;
    }
    r->page_size = options->page_size;
    r->spool = fdopen(alloc_temporary_file(), "w+");
    pagemap_setup(&r->map);
    trace->path = path;
    trace->format = options->format ? options->format : guess_format(&r->scan);
    find_format(trace->format)->read(r);
    good = scan_close(&r->scan);
    finish(r, trace);
    good = good && !r->scan.wrong;
    alloc_free(r);
    if (!good)
        trace_destroy(trace);
    return good;
}

void trace_destroy(struct trace *trace)
{
    if (trace->refs)
        alloc_unmap(trace->refs, trace->nrefs * sizeof(*trace->refs));
    alloc_free(trace->pages);
    memset(trace, 0, sizeof(*trace));
}
