/* SPDX-License-Identifier: MIT
 *
 * The scanner under the whole scanf family, wide and not (C17 7.21.6.2, POSIX.1-2017 fscanf), on
 * picolibc's streams. docs/picolibc.md says which of its conversions which picolibc lacks. It looks one
 * character ahead and gives back one at most, so of "1e+x" all but the x is gone, as the standard has it. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>
#include "user/lib/posix/conversion.h"
#include "user/lib/posix/scanf.h"

/* Why the scan ends, or not. */
enum scanf_result { SCANF_DONE, SCANF_MISMATCH, SCANF_NO_INPUT };

/* Where the characters of a conversion go: to memory of the program, or to memory that grows. */
struct scanf_target {
    void *memory;
    bool stores;       /* false: nothing is to be stored */
    bool characters;   /* of wchar_t, else of char */
    bool heap;         /* the memory is from malloc */
    size_t used, room; /* members; room SIZE_MAX: the program's */
    mbstate_t state;   /* of a character that is read byte by byte */
};

/* --- Input --------------------------------------------------------------------------------- */

static wint_t peek(struct scanf_in *in)
{
    if (in->looked)
        return in->next;
    if (!in->file)
        in->next = *in->memory ? (wint_t)*in->memory++ : WEOF;
    else if (in->wide)
        in->next = fgetwc(in->file);
    else if ((in->next = (wint_t)getc(in->file)) == (wint_t)EOF)
        in->next = WEOF;
    in->looked = true;
    return in->next;
}

static void take(struct scanf_in *in)
{
    in->looked = false;
    in->count++;
}

static bool is_space(const struct scanf_in *in, wint_t c)
{
    return c != WEOF && (in->wide ? iswspace(c) : isspace((int)c));
}

static void skip_space(struct scanf_in *in)
{
    while (is_space(in, peek(in)))
        take(in);
}

static void give_back(struct scanf_in *in)
{
    if (!in->looked || in->next == WEOF || !in->file)
        return;
    if (in->wide)
        ungetwc(in->next, in->file);
    else
        ungetc((int)in->next, in->file);
}

/* The format's next character: a byte, or what the bytes encode. */
static wint_t format_next(const struct scanf_in *in, const char **format)
{
    mbstate_t state = {0};
    wchar_t wide;

    if (!in->wide || mbrtowc(&wide, *format, CHARACTER_BYTES, &state) > CHARACTER_BYTES)
        return (unsigned char)*(*format)++;
    *format += wide ? mbrlen(*format, CHARACTER_BYTES, &state) : 1;
    return (wint_t)wide;
}

/* --- Targets ------------------------------------------------------------------------------- */

/* One more member, a char or a wchar_t; false with ENOMEM. */
static bool target_add(struct scanf_target *t, const void *member)
{
    size_t size = t->characters ? sizeof(wchar_t) : 1;

    if (!t->stores)
        return true;
    if (t->used == t->room) {
        size_t room = 2 * t->room + 32;
        void *more = realloc(t->heap ? t->memory : NULL, room * size);
        if (!more)
            return false;
        if (!t->heap && t->used)
            memcpy(more, t->memory, t->used * size);
        t->heap = true;
        t->room = room;
        t->memory = more;
    }
    memcpy((char *)t->memory + t->used++ * size, member, size);
    return true;
}

/* Stores what was read: *whole is false after a byte that does not end a character. False with errno. */
static bool target_put(struct scanf_target *t, const struct scanf_in *in, wint_t c, bool *whole)
{
    char bytes[CHARACTER_BYTES] = {(char)c};
    wchar_t wide = (wchar_t)c;
    size_t size = 1;

    if (!in->wide && t->characters)
        size = mbrtowc(&wide, bytes, 1, &t->state);
    else if (in->wide && !t->characters)
        size = wcrtomb(bytes, wide, &t->state);
    *whole = size != (size_t)-2;
    if (size == (size_t)-1)
        return false;
    if (t->characters)
        return !*whole || target_add(t, &wide);
    for (size_t i = 0; i < size; i++)
        if (!target_add(t, &bytes[i]))
            return false;
    return true;
}

/* --- Characters: c s [ ------------------------------------------------------------------------ */

/* Behind the bracket that ends a set, whose text begins behind the other: a ] that comes first is in it. */
static const char *set_end(const char *set)
{
    const char *end = strchr(set + (*set == '^') + (set[*set == '^'] == ']'), ']');

    return end ? end + 1 : set + strlen(set);
}

static bool set_has(const struct scanf_in *in, const char *set, wint_t c)
{
    const char *end = set_end(set) - 1;
    bool inverted = *set == '^', found = false;

    for (set += inverted; set < end;) {
        wint_t low = format_next(in, &set), high = low;
        if (*set == '-' && set + 1 < end) {
            set++;
            high = format_next(in, &set);
        }
        found |= low <= c && c <= high;
    }
    return found != inverted;
}

static bool belongs(const struct scanf_in *in, const struct conversion *c, const char *set,
                    wint_t next)
{
    if (next == WEOF || c->letter == 'c')
        return next != WEOF;
    return c->letter == 's' ? !is_space(in, next) : set_has(in, set, next);
}

/* Reads what belongs to the conversion, up to its width. */
static enum scanf_result read_text(struct scanf_in *in, const struct conversion *c, const char *set,
                                   struct scanf_target *t)
{
    int left = c->width ? c->width : c->letter == 'c' ? 1 : INT_MAX;
    bool whole = true, any = false;

    for (; left > 0 && belongs(in, c, set, peek(in)); left -= whole) {
        take(in);
        if (!target_put(t, in, in->next, &whole))
            return SCANF_NO_INPUT;
        any = true;
    }
    if (!whole) {
        errno = EILSEQ;
        return SCANF_NO_INPUT;
    }
    return any ? SCANF_DONE : peek(in) == WEOF ? SCANF_NO_INPUT : SCANF_MISMATCH;
}

static enum scanf_result scan_text(struct scanf_in *in, const struct conversion *c, const char *set,
                                   void *argument)
{
    struct scanf_target t = {.stores = argument != NULL, .characters = c->length == 'l'};

    if (!c->allocates) {
        t.memory = argument;
        t.room = SIZE_MAX;
    }
    enum scanf_result result = read_text(in, c, set, &t);
    if (result == SCANF_DONE && c->letter != 'c' && !target_add(&t, &(wchar_t){0}))
        result = SCANF_NO_INPUT;
    if (result == SCANF_DONE && c->allocates && argument)
        *(void **)argument = t.memory;
    else if (t.heap)
        free(t.memory);
    return result;
}

/* --- Numbers ---------------------------------------------------------------------------------- */

/* The text of a number, as it is read. */
struct scanf_number {
    struct scanf_in *in;
    struct scanf_target text;
    int left; /* of the width */
    char memory[64];
};

/* Takes the next character if it is one of these, without regard to case. */
static bool number_take(struct scanf_number *n, const char *these)
{
    wint_t next = n->left > 0 ? peek(n->in) : WEOF;

    if (next == 0 || next > 127 || !strchr(these, tolower((int)next)))
        return false;
    take(n->in);
    n->left--;
    return target_add(&n->text, &(char){(char)next});
}

static bool number_take_all(struct scanf_number *n, const char *these)
{
    bool any = false;

    while (number_take(n, these))
        any = true;
    return any;
}

static bool number_word(struct scanf_number *n, const char *word)
{
    while (*word && number_take(n, (char[]){*word, 0}))
        word++;
    return *word == 0;
}

/* A sign, and digits with or without a prefix. *base: 0 as %i has it. */
static bool number_integer(struct scanf_number *n, int *base)
{
    static const char digits[] = "0123456789abcdef";
    bool any = false;

    number_take(n, "+-");
    if ((*base == 0 || *base == 16) && number_take(n, "0")) {
        any = true;
        if (number_take(n, "x"))
            *base = 16;
        else if (*base == 0)
            *base = 8;
    }
    *base = *base ? *base : 10;
    char these[sizeof(digits)] = {0};
    memcpy(these, digits, (size_t)*base);
    return number_take_all(n, these) || any;
}

/* What strtod takes, but no nan(...), and an exponent without digits is taken, too: both as in glibc. False: no
 * number. */
static bool number_real(struct scanf_number *n)
{
    const char *digits = "0123456789", *exponent = "e";

    number_take(n, "+-");
    if (number_take(n, "i"))
        return number_word(n, "nf") && (!number_take(n, "i") || number_word(n, "nity"));
    if (number_take(n, "n"))
        return number_word(n, "an");
    bool any = number_take(n, "0");
    if (any && number_take(n, "x")) {
        digits = "0123456789abcdef";
        exponent = "p";
        any = false;
    }
    any |= number_take_all(n, digits);
    if (number_take(n, "."))
        any |= number_take_all(n, digits);
    if (any && number_take(n, exponent)) {
        number_take(n, "+-");
        number_take_all(n, "0123456789");
    }
    return any;
}

static bool convert_integer(struct scanf_number *n, const struct conversion *c, void *to)
{
    int base = strchr("xXp", c->letter) ? 16 : c->letter == 'i' ? 0 : c->letter == 'o' ? 8 : 10;
    char length = c->letter == 'p' ? 'l' : c->length;

    if (c->letter == 'p' && number_take(n, "(")) {
        conversion_store(length, 0, to);
        return number_word(n, "nil)");
    }
    if (!number_integer(n, &base) || !target_add(&n->text, ""))
        return false;
    const char *text = n->text.memory;
    conversion_store(length,
                     strchr("di", c->letter) ? strtoimax(text, NULL, base)
                                             : (intmax_t)strtoumax(text, NULL, base),
                     to);
    return true;
}

static bool convert_real(struct scanf_number *n, char length, void *to)
{
    union {
        float single;
        double normal;
        long double large;
    } value;
    size_t size;

    if (!number_real(n) || !target_add(&n->text, ""))
        return false;
    const char *text = n->text.memory;
    if (length == 'L') {
        value.large = strtold(text, NULL);
        size = sizeof(value.large);
    } else if (length == 'l') {
        value.normal = strtod(text, NULL);
        size = sizeof(value.normal);
    } else {
        value.single = strtof(text, NULL);
        size = sizeof(value.single);
    }
    memcpy(to, &value, size);
    return true;
}

static enum scanf_result scan_number(struct scanf_in *in, const struct conversion *c,
                                     void *argument)
{
    struct scanf_number n = {.in = in, .left = c->width ? c->width : INT_MAX};
    long double nowhere; /* a place for what is not to be stored */
    void *to = argument ? argument : &nowhere;

    if (peek(in) == WEOF)
        return SCANF_NO_INPUT;
    n.text = (struct scanf_target){.memory = n.memory, .stores = true, .room = sizeof(n.memory)};
    bool done = strchr("aAeEfFgG", c->letter) ? convert_real(&n, c->length, to)
                                              : convert_integer(&n, c, to);
    if (n.text.heap)
        free(n.text.memory);
    return done ? SCANF_DONE : SCANF_MISMATCH;
}

/* --- Formats ---------------------------------------------------------------------------------- */

static void *argument_at(va_list arguments, int position)
{
    va_list list;
    void *argument = NULL;

    va_copy(list, arguments);
    for (int i = 0; i < position; i++)
        argument = va_arg(list, void *);
    va_end(list);
    return argument;
}

static enum scanf_result scan_literal(struct scanf_in *in, wint_t wanted)
{
    wint_t next = peek(in);

    if (next == wanted)
        take(in);
    return next == wanted ? SCANF_DONE : next == WEOF ? SCANF_NO_INPUT : SCANF_MISMATCH;
}

static enum scanf_result scan_conversion(struct scanf_in *in, const struct conversion *c,
                                         const char *set, void *argument)
{
    if (!strchr("nc[", c->letter))
        skip_space(in);
    if (strchr("sc[", c->letter))
        return scan_text(in, c, set, argument);
    if (strchr("diouxXpaAeEfFgG", c->letter))
        return scan_number(in, c, argument);
    if (c->letter == '%')
        return scan_literal(in, '%');
    if (c->letter != 'n')
        return SCANF_MISMATCH;
    if (argument)
        conversion_store(c->length, in->count, argument);
    return SCANF_DONE;
}

int octavo_scan(struct scanf_in *in, const char *format, va_list arguments)
{
    enum scanf_result result = SCANF_DONE;
    int stored = 0, used = 0;

    while (result == SCANF_DONE && *format) {
        wint_t wanted = format_next(in, &format);
        if (is_space(in, wanted)) {
            skip_space(in);
        } else if (wanted != '%') {
            result = scan_literal(in, wanted);
        } else {
            struct conversion c = conversion_parse(&format, true);
            const char *set = format;
            void *argument = NULL;
            if (!c.letter)
                break;
            if (c.argument != ARGUMENT_NONE && c.width_argument == ARGUMENT_NONE)
                argument = argument_at(arguments, c.argument ? c.argument : ++used);
            result = scan_conversion(in, &c, set, argument);
            stored += result == SCANF_DONE && argument && c.letter != 'n';
            format = c.letter == '[' ? set_end(set) : format;
        }
    }
    give_back(in);
    return result == SCANF_NO_INPUT && stored == 0 ? EOF : stored;
}

int vfscanf(FILE *restrict file, const char *restrict format, va_list arguments)
{
    struct scanf_in in = {.file = file};

    flockfile(file);
    int result = octavo_scan(&in, format, arguments);
    funlockfile(file);
    return result;
}
