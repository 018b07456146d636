/* SPDX-License-Identifier: MIT
 *
 * record.c - see record.h.
 */
#include "record.h"

#include <inttypes.h>
#include <string.h>

static const char *const enter_words[] = {"fault", "ahead", "taken", NULL};
static const char *const leave_words[] = {"evicted", "freed", "handed", NULL};

static bool is_newline(enum scan_token token)
{
    return token == SCAN_NEWLINE || token == SCAN_END;
}

/* The next word of this line; false, with a reason printed, if there is none. */
static bool word(struct scan *scan, const char *what)
{
    if (scan_next(scan) == SCAN_A_WORD)
        return true;
    scan_fail(scan, "%s is missing", what);
    return false;
}

static bool number(struct scan *scan, const char *what, uint64_t most, uint64_t *value)
{
    if (!word(scan, what))
        return false;
    if (!scan_number(scan->word, value) || *value > most) {
        scan_fail(scan, "'%s' is no %s", scan->word, what);
        return false;
    }
    return true;
}

static bool frame_number(struct scan *scan, struct record_line *line)
{
    uint64_t value = 0;
    bool good = number(scan, "frame number", RECORD_MAX_FRAMES - 1, &value);

    line->frame = value;
    return good;
}

static bool flag(struct scan *scan, struct record_line *line)
{
    uint64_t value = 0;
    bool good = number(scan, "0 or 1", 1, &value);

    line->dirty = value;
    return good;
}

static bool page_key(struct scan *scan, struct policy_key *key)
{
    return number(scan, "object number", UINT64_MAX, &key->object) &&
           number(scan, "page index", UINT64_MAX, &key->index);
}

static bool reason(struct scan *scan, const char *const words[], int *why)
{
    if (!word(scan, "the reason"))
        return false;
    for (*why = 0; words[*why]; (*why)++)
        if (strcmp(words[*why], scan->word) == 0)
            return true;
    scan_fail(scan, "'%s' is no reason", scan->word);
    return false;
}

/* "-" or the first number of several; false if it is neither. */
static bool dash_or_number(struct scan *scan, bool *dash, uint64_t *value)
{
    if (!word(scan, "a number or '-'"))
        return false;
    *dash = strcmp(scan->word, "-") == 0;
    if (!*dash && !scan_number(scan->word, value))
        scan_fail(scan, "'%s' is no number", scan->word);
    return !scan->wrong;
}

static bool incoming(struct scan *scan, struct record_line *line)
{
    bool dash = false;

    if (!dash_or_number(scan, &dash, &line->key.object))
        return false;
    line->has_key = !dash;
    return dash || number(scan, "page index", UINT64_MAX, &line->key.index);
}

/* "= -", "= N" or "= N N"; takes the end of the line too. */
static bool result(struct scan *scan, struct record_line *line)
{
    uint64_t value = 0, second = 0;
    bool dash = false;

    if (!dash_or_number(scan, &dash, &value))
        return false;
    line->frame = dash ? RECORD_NO_FRAME : value;
    line->has_second = scan_next(scan) == SCAN_A_WORD;
    if (!line->has_second)
        return true;
    if (dash || !scan_number(scan->word, &second))
        scan_fail(scan, "'%s' is no number", scan->word);
    line->second = second;
    return !scan->wrong && is_newline(scan_next(scan));
}

static bool view(struct scan *scan, struct policy_view *view)
{
    uint64_t value[4] = {0};
    static const uint64_t most[4] = {1, UINT32_MAX, UINT32_MAX, UINT32_MAX};

    if (!page_key(scan, &view->key))
        return false;
    for (int i = 0; i < 4; i++)
        if (!number(scan, "number of pages", most[i], &value[i]))
            return false;
    view->write = value[0];
    view->before = value[1];
    view->after = value[2];
    view->free = value[3];
    return true;
}

/* What stands behind the letter. */
static bool rest(struct scan *scan, struct record_line *line)
{
    uint64_t value = 0;

    switch (line->kind) {
    case RECORD_ENTER:
        return frame_number(scan, line) && page_key(scan, &line->key) &&
               reason(scan, enter_words, &line->why) && flag(scan, line);
    case RECORD_USED:
        return frame_number(scan, line) && flag(scan, line);
    case RECORD_LEAVE:
        return frame_number(scan, line) && reason(scan, leave_words, &line->why);
    case RECORD_VICTIM:
        return incoming(scan, line);
    case RECORD_RESULT:
        return result(scan, line);
    case RECORD_PLAN:
        return view(scan, &line->view);
    case RECORD_RESIZE:
        if (!number(scan, "number of frames", RECORD_MAX_FRAMES, &value))
            return false;
        line->frame = value;
        return true;
    case RECORD_TICK:
        return true;
    case RECORD_CLEAN_FIRST:
    case RECORD_REFERENCED:
    case RECORD_BUSY:
    case RECORD_DIRTY:
        return frame_number(scan, line);
    }
    scan_fail(scan, "'%s' is no event", scan->word);
    return false;
}

bool record_read(struct scan *scan, struct record_line *line)
{
    enum scan_token token;

    memset(line, 0, sizeof(*line));
    while ((token = scan_next(scan)) != SCAN_END) {
        if (token == SCAN_NEWLINE)
            continue;
        if (scan->word[0] == '#' || (scan->line <= 2 && strlen(scan->word) > 1)) {
            scan_skip_line(scan);
            continue;
        }
        line->kind = strlen(scan->word) == 1 ? scan->word[0] : 0;
        if (!rest(scan, line))
            return false;
        if (line->kind == RECORD_RESULT || is_newline(scan_next(scan)))
            return true;
        scan_fail(scan, "'%s' is one word too many", scan->word);
        return false;
    }
    return false;
}

static bool header_word(struct scan *scan, const char *expected)
{
    if (word(scan, expected) && strcmp(scan->word, expected) == 0)
        return true;
    scan_fail(scan, "'%s' where '%s' was expected", scan->word, expected);
    return false;
}

bool record_read_header(struct scan *scan, struct record_header *header)
{
    uint64_t nframes, max_frames;

    if (!header_word(scan, "octavo-policy-trace") || !header_word(scan, "1"))
        return false;
    scan_next(scan);
    if (!header_word(scan, "policy"))
        return false;
    header->policy[0] = '\0';
    while (word(scan, "frames") && strcmp(scan->word, "frames") != 0) {
        size_t length = strlen(header->policy);

        /* Commas are spaces to scan.c: put those between parameters back. */
        snprintf(header->policy + length, sizeof(header->policy) - length, "%s%s",
                 length ? "," : "", scan->word);
    }
    if (scan->wrong || !number(scan, "number of frames", RECORD_MAX_FRAMES, &nframes) ||
        !header_word(scan, "max") ||
        !number(scan, "number of frames", RECORD_MAX_FRAMES, &max_frames) ||
        !header_word(scan, "seed") || !number(scan, "seed", UINT64_MAX, &header->seed))
        return false;
    header->nframes = nframes;
    header->max_frames = max_frames;
    if (nframes < 1 || max_frames < nframes)
        scan_fail(scan, "no such number of frames");
    return !scan->wrong;
}

void record_write_header(FILE *file, const struct record_header *header)
{
    fprintf(file, RECORD_MAGIC "\npolicy %s frames %u max %u seed %" PRIu64 "\n", header->policy,
            header->nframes, header->max_frames, header->seed);
}

void record_write(FILE *file, const struct record_line *line)
{
    fputc(line->kind, file);
    switch (line->kind) {
    case RECORD_ENTER:
        fprintf(file, " %u %" PRIu64 " %" PRIu64 " %s %d", line->frame, line->key.object,
                line->key.index, enter_words[line->why], line->dirty);
        break;
    case RECORD_USED:
        fprintf(file, " %u %d", line->frame, line->dirty);
        break;
    case RECORD_LEAVE:
        fprintf(file, " %u %s", line->frame, leave_words[line->why]);
        break;
    case RECORD_VICTIM:
        if (line->has_key)
            fprintf(file, " %" PRIu64 " %" PRIu64, line->key.object, line->key.index);
        else
            fputs(" -", file);
        break;
    case RECORD_PLAN:
        fprintf(file, " %" PRIu64 " %" PRIu64 " %d %u %u %u", line->view.key.object,
                line->view.key.index, line->view.write, line->view.before, line->view.after,
                line->view.free);
        break;
    case RECORD_TICK:
        break;
    default:
        if (line->frame == RECORD_NO_FRAME)
            fputs(" -", file);
        else
            fprintf(file, " %u", line->frame);
        if (line->has_second)
            fprintf(file, " %u", line->second);
    }
    fputc('\n', file);
}
