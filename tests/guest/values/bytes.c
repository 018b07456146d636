/* SPDX-License-Identifier: MIT
 *
 * <string.h>, <strings.h>, <ctype.h> and <libgen.h> in the C locale. Texts lie at every offset of a word and end
 * where another character follows, for the fast ways go by words. Of comparisons only the sign is shown. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <ctype.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "values.h"

#define ROOM 64

/* Two texts at drawn offsets in rooms that are full of other characters. */
static char room_a[ROOM], room_b[ROOM], *a, *b;

static int sign(int comparison)
{
    return (comparison > 0) - (comparison < 0);
}

/* Where in text, or -1. */
static long place(const void *found, const char *text)
{
    return found ? (long)((const char *)found - text) : -1;
}

static char *draw_text(char *room, const char *letters, long longest)
{
    long at = draw_between(0, 9), length = draw_between(0, longest);

    memset(room, '~', ROOM - 1);
    room[ROOM - 1] = 0;
    for (long i = 0; i < length; i++)
        room[at + i] = draw_of(letters);
    room[at + length] = 0;
    return room + at;
}

static void draw_texts(void)
{
    static const char *const alphabets[] = {"ab", "abc", "aA", "ab\x80\xff", "a,; "};
    const char *letters = alphabets[draw_below(COUNT(alphabets))];
    long longest = draw_chance(3) ? 30 : 6;

    a = draw_text(room_a, letters, longest);
    b = draw_text(room_b, letters, draw_chance(2) ? 3 : longest);
    if (draw_chance(4)) /* one begins as the other */
        strncpy(b, a, strlen(b));
}

static void show_searches(void)
{
    int c = (unsigned char)draw_of("abcA\x80\xff,~");
    size_t n = draw_below(strlen(a) + 1);

    put("strlen %q: %l %l\n", a, (long)strlen(a), (long)strnlen(a, n));
    put("strchr %q %c: %l %l %l\n", a, c, place(strchr(a, c), a), place(strrchr(a, c), a),
        place(strchrnul(a, c), a));
    put("strchr %q 0: %l %l\n", a, place(strchr(a, 0), a), place(strrchr(a, 0), a));
    put("memchr %q %c %l: %l %l\n", a, c, (long)n, place(memchr(a, c, n), a),
        place(memrchr(a, c, n), a));
    put("rawmemchr %q: %l\n", a, place(rawmemchr(a, 0), a));
    put("strspn %q %q: %l %l %l\n", a, b, (long)strspn(a, b), (long)strcspn(a, b),
        place(strpbrk(a, b), a));
    put("strstr %q %q: %l %l\n", a, b, place(strstr(a, b), a), place(strcasestr(a, b), a));
    put("memmem %q %q %l: %l\n", a, b, (long)n, place(memmem(a, n, b, strlen(b)), a));
}

static void show_comparisons(void)
{
    size_t n = draw_below(8), least = strlen(a) < strlen(b) ? strlen(a) : strlen(b);

    put("strcmp %q %q: %i %i %i\n", a, b, sign(strcmp(a, b)), sign(strncmp(a, b, n)),
        sign(memcmp(a, b, least)));
    put("strcasecmp %q %q %l: %i %i\n", a, b, (long)n, sign(strcasecmp(a, b)),
        sign(strncasecmp(a, b, n)));
    put("strcoll %q %q: %i\n", a, b, sign(strcoll(a, b)));
    put("strverscmp %q %q: %i\n", a, b, sign(strverscmp(a, b)));
    put("bcmp %q %q: %i\n", a, b, bcmp(a, b, least) != 0);
}

static void show_copies(void)
{
    char to[ROOM];
    size_t n = draw_below(12), length;
    char *end, *copy;
    int c = draw_of("abc");

    memset(to, '.', ROOM);
    end = stpncpy(to, a, n);
    put("stpncpy %q %l: %l %Q\n", a, (long)n, place(end, to), to, (size_t)14);
    memset(to, '.', ROOM);
    strncpy(to, a, n);
    put("strncpy %q %l: %Q\n", a, (long)n, to, (size_t)14);
    memset(to, '.', ROOM);
    end = stpcpy(to, a);
    put("stpcpy %q: %l %Q\n", a, place(end, to), to, strlen(a) + 2);
    strcpy(to, "x");
    strncat(to, a, n);
    put("strncat %q %l: %q\n", a, (long)n, to);
    if (strlen(to) + strlen(b) < ROOM)
        put("strcat %q: %q\n", b, strcat(to, b));
    memset(to, '.', ROOM);
    put("memccpy %q %c %l: ", a, c, (long)n);
    end = memccpy(to, a, c, n < strlen(a) ? n : strlen(a));
    put("%l %Q\n", place(end, to), to, (size_t)14);
    copy = strndup(a, n);
    put("strndup %q %l: %q\n", a, (long)n, copy);
    free(copy);
    memset(to, '.', ROOM);
    length = strxfrm(to, a, ROOM);
    put("strxfrm %q: %l %q\n", a, (long)length, to);
    strcpy(to, "0123456789abcdefghijklmnopqrstuvwxyz");
    length = draw_below(25);
    memmove(to + draw_below(9), to + n, length);
    put("memmove: %q\n", to);
    end = mempcpy(to, "0123456789", n < 10 ? n : 10);
    put("mempcpy %l: %l %q\n", (long)n, place(end, to), to);
    memset(to + 3, c, n);
    put("memset %c %l: %q\n", c, (long)n, to);
    swab("badcfehg", to, 6);
    put("swab: %q\n", to);
}

static void show_tokens(void)
{
    char text[ROOM], *rest = text, *token, *kept = NULL;

    strcpy(text, a);
    put("strsep %q %q:", a, b);
    while ((token = strsep(&rest, b)))
        put(" %q", token);
    put("\n");
    strcpy(text, a);
    put("strtok_r %q %q:", a, b);
    for (token = strtok_r(text, b, &kept); token; token = strtok_r(NULL, b, &kept))
        put(" %q", token);
    put("\n");
    strcpy(text, a);
    put("strtok %q %q:", a, b);
    for (token = strtok(text, b); token; token = strtok(NULL, b))
        put(" %q", token);
    put("\n");
}

static void show_paths(void)
{
    static const char *const paths[] = {"",    "/",   "a",    "a/",           "/a",
                                        "/a/", "a/b", "a/b/", "a//b",         "/a//b//",
                                        ".",   "..",  "a/..", "/usr/lib/x.so"};

    for (size_t i = 0; i < COUNT(paths); i++) {
        char text[ROOM];
        strcpy(text, paths[i]);
        put("dirname %q: %q\n", paths[i], dirname(text));
        strcpy(text, paths[i]);
        put("basename %q: %q\n", paths[i], basename(text)); /* POSIX's, by libgen.h */
    }
}

static void show_classes(void)
{
    for (int c = -1; c < 256; c++) {
        put("ctype %i: %i%i%i%i%i%i%i%i%i%i%i%i", c, isalnum(c) != 0, isalpha(c) != 0,
            isblank(c) != 0, iscntrl(c) != 0, isdigit(c) != 0, isgraph(c) != 0, islower(c) != 0,
            isprint(c) != 0, ispunct(c) != 0, isspace(c) != 0, isupper(c) != 0, isxdigit(c) != 0);
        put(" %i %i\n", toupper(c), tolower(c));
        put("toascii %i: %i %i\n", c, toascii(c), c < 0 ? 0 : isascii(c) != 0);
    }
}

void run_bytes(void)
{
    static const char *const versions[] = {"",    "a",  "a0",  "a00",  "a1",    "a01",
                                           "a10", "a9", "a1b", "a1.2", "a1.10", "000",
                                           "00",  "01", "010", "09",   "0",     "1"};

    show_classes();
    show_paths();
    for (size_t i = 0; i < COUNT(versions); i++)
        for (size_t j = 0; j < COUNT(versions); j++)
            put("strverscmp %q %q: %i\n", versions[i], versions[j],
                sign(strverscmp(versions[i], versions[j])));
    draw_begin("bytes");
    for (long i = draw_cases(250); i > 0; i--) {
        draw_texts();
        show_searches();
        show_comparisons();
        show_copies();
        show_tokens();
    }
    for (long i = draw_cases(50); i > 0; i--) {
        long shift = draw_between(0, 32),
             bits = draw_chance(10) ? 0 : (long)(draw_bits(1, 32) << shift);
        put("ffs %x: %i %i %i\n", (unsigned long)bits, ffs((int)bits), ffsl(bits), ffsll(bits));
    }
}
