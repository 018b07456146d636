/* SPDX-License-Identifier: MIT
 *
 * event.c - see event.h.
 */
#include "event.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "policy.h"
#include "record.h"

static const char *const enter_words[] = {"fault", "ahead", "taken", NULL};
static const char *const leave_words[] = {"evicted", "freed", "handed", NULL};
static const char *const access_words[] = {"-", "r", "w", "rw", "x", NULL};

static const char *const *words_of(char type)
{
    return type == 'e'   ? enter_words
           : type == 'l' ? leave_words
           : type == 'a' ? access_words
                         : NULL;
}

/* --- text --- */

static bool is_newline(enum scan_token token)
{
    return token == SCAN_NEWLINE || token == SCAN_END;
}

static bool one_of(struct scan *scan, const char *const words[], uint64_t *value)
{
    for (*value = 0; words[*value]; (*value)++)
        if (strcmp(words[*value], scan->word) == 0)
            return true;
    scan_fail(scan, "'%s' is none of '%s', '%s' ...", scan->word, words[0], words[1]);
    return false;
}

/* Bytes that are no letters, digits or plain marks are %XX; the empty string is "%". */
static bool text_decode(struct scan *scan, char *text)
{
    const char *from = scan->word;
    size_t n = 0;

    if (strcmp(from, "%") == 0)
        from++;
    for (; *from && n < TRACE_TEXT - 1; n++) {
        char digits[3] = "";

        if (*from != '%') {
            text[n] = *from++;
            continue;
        }
        strncpy(digits, from + 1, 2);
        if (!isxdigit((unsigned char)digits[0]) || !isxdigit((unsigned char)digits[1]))
            break;
        text[n] = strtoul(digits, NULL, 16);
        from += 3;
    }
    text[n] = '\0';
    if (*from)
        scan_fail(scan, "'%s' is too long, or has a bad %%", scan->word);
    return !scan->wrong;
}

static void text_encode(FILE *file, const char *text)
{
    if (*text == '\0')
        fputc('%', file);
    for (; *text; text++) {
        if (isalnum((unsigned char)*text) || strchr("_-./:=+[]", *text))
            fputc(*text, file);
        else
            fprintf(file, "%%%02x", (unsigned char)*text);
    }
}

/* One field, whose word has been read. */
static bool field(struct scan *scan, char type, struct trace_event *event, uint64_t *value)
{
    if (type == 's')
        return text_decode(scan, event->text);
    if (words_of(type))
        return one_of(scan, words_of(type), value);
    if (type == 'o' && strcmp(scan->word, "-") == 0) {
        *value = TRACE_NONE;
        return true;
    }
    if (!scan_number(scan->word, value) || (type == 'b' && *value > 1) ||
        (type == 'o' && *value == TRACE_NONE))
        scan_fail(scan, "'%s' is not %s", scan->word, type == 'b' ? "0 or 1" : "a number");
    return !scan->wrong;
}

bool event_read_text(struct scan *scan, struct trace_event *event)
{
    const char *fields;

    event->kind = strlen(scan->word) == 1 ? (unsigned char)scan->word[0] : 0;
    event->text[0] = '\0';
    fields = trace_fields(event->kind);
    if (!fields) {
        scan_fail(scan, "'%s' is no event", scan->word);
        return false;
    }
    for (unsigned i = 0; fields[i]; i++) {
        event->field[i] = 0;
        if (is_newline(scan_next(scan))) {
            if (fields[i] != 'O')
                scan_fail(scan, "'%c' has more fields", event->kind);
            event->field[i] = TRACE_NONE;
            return !scan->wrong;
        }
        if (!field(scan, fields[i], event, &event->field[i]))
            return false;
    }
    if (is_newline(scan_next(scan)))
        return true;
    scan_fail(scan, "'%s' is one word too many", scan->word);
    return false;
}

void event_write_text(FILE *file, const struct trace_event *event)
{
    const char *fields = trace_fields(event->kind);

    fputc(event->kind, file);
    for (unsigned i = 0; fields[i]; i++) {
        uint64_t value = event->field[i];

        if (fields[i] == 'O' && value == TRACE_NONE)
            break;
        fputc(' ', file);
        if (fields[i] == 's')
            text_encode(file, event->text);
        else if (words_of(fields[i]))
            fputs(words_of(fields[i])[value], file);
        else if (fields[i] == 'o' && value == TRACE_NONE)
            fputc('-', file);
        else
            fprintf(file, fields[i] == 'x' ? "0x%" PRIx64 : "%" PRIu64, value);
    }
    fputc('\n', file);
}

/* --- bytes --- */

bool event_begin_bytes(struct scan *scan)
{
    const char *bytes;
    size_t length = scan_ahead(scan, TRACE_MAGIC_BYTES, &bytes);

    if (length < TRACE_MAGIC_BYTES || memcmp(bytes, TRACE_MAGIC, TRACE_MAGIC_BYTES) != 0)
        return false;
    scan_take(scan, TRACE_MAGIC_BYTES);
    scan->line = 0;
    return true;
}

/* Words have numbers; those that no word has are no event. */
static bool is_sound(const struct trace_event *event)
{
    static const unsigned counts[] = {['e'] = 3, ['l'] = 3, ['a'] = 5, ['b'] = 2};
    const char *fields = trace_fields(event->kind);

    for (unsigned i = 0; fields[i]; i++)
        if (strchr("elab", fields[i]) && event->field[i] >= counts[(unsigned char)fields[i]])
            return false;
    return true;
}

bool event_read_bytes(struct scan *scan, struct trace_event *event)
{
    const char *bytes;
    size_t length = scan_ahead(scan, TRACE_BYTES, &bytes), taken;

    if (length == 0)
        return false;
    scan->line++;
    memset(event, 0, sizeof(*event));
    taken = trace_get((const uint8_t *)bytes, length, event);
    if (taken == 0 || !is_sound(event)) {
        scan_fail(scan,
                  taken || trace_fields((unsigned char)*bytes) == NULL
                      ? "no event: 0x%02x"
                      : "the recording ends within an event: 0x%02x",
                  (unsigned char)*bytes);
        return false;
    }
    if (event->kind == TRACE_END && event->field[0] != scan->line - 1)
        scan_fail(scan, "%llu events were recorded", (unsigned long long)event->field[0]);
    scan_take(scan, taken);
    return !scan->wrong;
}

void event_write_bytes(FILE *file, const struct trace_event *event)
{
    uint8_t bytes[TRACE_BYTES];

    fwrite(bytes, 1, trace_put(bytes, event), file);
}

/* --- conversion --- */

static void begin(FILE *file, bool to_bytes, const struct record_header *header)
{
    struct trace_event event = {.kind = TRACE_POLICY,
                                .field = {0, header->nframes, header->max_frames, header->seed}};

    if (!to_bytes) {
        record_write_header(file, header);
        return;
    }
    snprintf(event.text, sizeof(event.text), "%s", header->policy);
    fwrite(TRACE_MAGIC, 1, TRACE_MAGIC_BYTES, file);
    event_write_bytes(file, &event);
}

bool event_convert(const char *path, bool to_bytes, FILE *file)
{
    struct scan *scan = malloc(sizeof(*scan));
    struct record_header header;
    struct record_line line;

    if (!scan || !scan_open(scan, path)) {
        free(scan);
        return false;
    }
    if (record_read_header(scan, &header)) {
        begin(file, to_bytes, &header);
        while (record_read(scan, &line))
            (to_bytes ? event_write_bytes : event_write_text)(file, &line.event);
    }
    bool good = scan_close(scan);
    free(scan);
    return good;
}
