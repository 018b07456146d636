/* SPDX-License-Identifier: MIT
 *
 * record.c - see record.h.
 */
#include "record.h"

#include <inttypes.h>
#include <string.h>

/* --- what an event means to a policy --- */

static bool good_frame(struct scan *scan, uint64_t frame, uint64_t most)
{
    if (frame > most)
        scan_fail(scan, "%" PRIu64 " is no frame number", frame);
    return !scan->wrong;
}

static void read_view(const uint64_t *field, struct policy_view *view)
{
    *view = (struct policy_view){.key = {field[0], field[1]},
                                 .write = field[2],
                                 .before = field[3],
                                 .after = field[4],
                                 .free = field[5]};
}

bool record_is_call(enum record_kind kind)
{
    return kind == RECORD_POLICY || strchr("eulv=cptzRBDF", (int)kind) != NULL;
}

/* From the fields to the names that they have here. */
static bool understand(struct scan *scan, struct record_line *line)
{
    const uint64_t *field = line->event.field;

    line->kind = line->event.kind;
    switch (line->kind) {
    case RECORD_ENTER:
        line->key = (struct policy_key){field[1], field[2]};
        line->why = field[3];
        line->dirty = field[4];
        break;
    case RECORD_USED:
        line->dirty = field[1];
        break;
    case RECORD_LEAVE:
        line->why = field[1];
        break;
    case RECORD_VICTIM:
        line->has_key = field[0] != TRACE_NONE;
        line->key = (struct policy_key){field[0], field[1]};
        return true;
    case RECORD_RESULT:
        line->frame = field[0] == TRACE_NONE ? RECORD_NO_FRAME : field[0];
        line->has_second = field[1] != TRACE_NONE;
        line->second = line->has_second ? field[1] : 0;
        return true;
    case RECORD_PLAN:
        read_view(field, &line->view);
        return true;
    case RECORD_RESIZE:
        line->frame = field[0];
        return good_frame(scan, field[0], RECORD_MAX_FRAMES);
    case RECORD_CLEAN_FIRST:
    case RECORD_REFERENCED:
    case RECORD_BUSY:
    case RECORD_DIRTY:
        break;
    default:
        return true;
    }
    line->frame = field[0];
    return good_frame(scan, field[0], RECORD_MAX_FRAMES - 1);
}

bool record_read(struct scan *scan, struct record_line *line)
{
    enum scan_token token;

    memset(line, 0, sizeof(*line));
    if (scan->bytes)
        return event_read_bytes(scan, &line->event) && understand(scan, line);
    while ((token = scan_next(scan)) != SCAN_END) {
        if (token == SCAN_NEWLINE)
            continue;
        if (scan->word[0] == '#' || (scan->line <= 2 && strlen(scan->word) > 1)) {
            scan_skip_line(scan);
            continue;
        }
        return event_read_text(scan, &line->event) && understand(scan, line);
    }
    return false;
}

/* --- the head --- */

static bool header_word(struct scan *scan, const char *expected)
{
    if (scan_next(scan) == SCAN_A_WORD && strcmp(scan->word, expected) == 0)
        return true;
    scan_fail(scan, "'%s' where '%s' was expected", scan->word, expected);
    return false;
}

static bool header_number(struct scan *scan, uint64_t *value)
{
    if (scan_next(scan) != SCAN_A_WORD || !scan_number(scan->word, value))
        scan_fail(scan, "'%s' is no number", scan->word);
    return !scan->wrong;
}

static bool header_text(struct scan *scan, struct trace_event *event)
{
    if (!header_word(scan, "octavo-policy-trace") || !header_word(scan, "1"))
        return false;
    scan_next(scan);
    if (!header_word(scan, "policy"))
        return false;
    event->text[0] = '\0';
    while (scan_next(scan) == SCAN_A_WORD && strcmp(scan->word, "frames") != 0) {
        size_t length = strlen(event->text), room = sizeof(event->text) - length;

        /* Commas are spaces to scan.c: put those between parameters back. */
        if ((size_t)snprintf(event->text + length, room, "%s%s", length ? "," : "", scan->word) >=
            room)
            scan_fail(scan, "'%s' is too much", scan->word);
    }
    return header_number(scan, &event->field[1]) && header_word(scan, "max") &&
           header_number(scan, &event->field[2]) && header_word(scan, "seed") &&
           header_number(scan, &event->field[3]);
}

bool record_header_of(struct scan *scan, const struct trace_event *event,
                      struct record_header *header)
{
    snprintf(header->policy, sizeof(header->policy), "%s", event->text);
    header->nframes = event->field[1];
    header->max_frames = event->field[2];
    header->seed = event->field[3];
    if (event->field[1] < 1 || event->field[2] < event->field[1] ||
        event->field[2] > RECORD_MAX_FRAMES)
        scan_fail(scan, "no such number of frames");
    return !scan->wrong;
}

bool record_read_header(struct scan *scan, struct record_header *header)
{
    struct trace_event event = {0};

    scan->bytes = event_begin_bytes(scan);
    if (!scan->bytes)
        return header_text(scan, &event) && record_header_of(scan, &event, header);
    if (!event_read_bytes(scan, &event) || event.kind != TRACE_POLICY) {
        scan_fail(scan, "a recording begins with its policy");
        return false;
    }
    return record_header_of(scan, &event, header);
}

/* --- writing --- */

void record_write_header(FILE *file, const struct record_header *header)
{
    fprintf(file, RECORD_MAGIC "\npolicy %s frames %u max %u seed %" PRIu64 "\n", header->policy,
            header->nframes, header->max_frames, header->seed);
}

void record_write(FILE *file, const struct record_line *line)
{
    struct trace_event event = {.kind = line->kind, .field = {line->frame}};
    uint64_t *field = event.field;

    switch (line->kind) {
    case RECORD_ENTER:
        field[1] = line->key.object;
        field[2] = line->key.index;
        field[3] = line->why;
        field[4] = line->dirty;
        break;
    case RECORD_USED:
        field[1] = line->dirty;
        break;
    case RECORD_LEAVE:
        field[1] = line->why;
        break;
    case RECORD_VICTIM:
        field[0] = line->has_key ? line->key.object : TRACE_NONE;
        field[1] = line->has_key ? line->key.index : TRACE_NONE;
        break;
    case RECORD_RESULT:
        field[0] = line->frame == RECORD_NO_FRAME ? TRACE_NONE : line->frame;
        field[1] = line->has_second ? line->second : TRACE_NONE;
        break;
    case RECORD_PLAN:
        memcpy(field,
               (uint64_t[]){line->view.key.object, line->view.key.index, line->view.write,
                            line->view.before, line->view.after, line->view.free},
               6 * sizeof(*field));
        break;
    default:
        break;
    }
    event_write_text(file, &event);
}
