/* SPDX-License-Identifier: MIT
 *
 * What the sections of the values test share: lines of output, and numbers that are drawn.
 *
 * The program calls library functions with listed and drawn arguments and writes one line a case. It is
 * compiled for the guest, and for a host with glibc, whose lines are the reference (tests/guest/values.py
 * compares). So nothing here may depend on the library under test: output is formatted by put(), drawn
 * numbers come from draw(), and no case depends on an address, the clock, or the size of a type that differs. */
#ifndef OCTAVO_TESTS_VALUES_H
#define OCTAVO_TESTS_VALUES_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A section: its name on the command line, and what writes its lines. A function of a section begins
 * each of its subjects with draw_begin(), so that a case added to one does not change the others. */
struct section {
    const char *name;
    void (*run)(void);
};

void run_rounding(void);
void run_exact(void);
void run_elementary(void);
void run_powers(void);
void run_gamma(void);
void run_bessel(void);
void run_complex(void);
void run_fenv(void);
void run_printf(void);
void run_wprintf(void);
void run_scanf(void);
void run_wscanf(void);
void run_strtod(void);
void run_strtol(void);
void run_calendar(void);
void run_strftime(void);
void run_strptime(void);
void run_bytes(void);
void run_wide(void);
void run_multibyte(void);
void run_sorting(void);
void run_regex(void);
void run_fnmatch(void);

/* Writes text to the output. A whole line is "SUBJECT CASE: RESULT\n"; the case has no colon, and put()
 * writes none in quoted text. Directives:
 *   %s  text as it is             %i  int            %l  long          %u  unsigned long
 *   %x  unsigned long in hex      %D  16 digits of a double, or nan   %F  8 of a float (passed as a double)
 *   %q  a string in quotes        %Q  bytes in quotes: pointer, then size_t
 *   %w  a wide string in quotes   %c  one character of a string, in quotes: int
 * In quotes, what is not printable ASCII, and : " \ are \xx in hex. NULL pointers are shown as NULL. */
void put(const char *format, ...);

/* Writes what put() has kept back. */
void put_flush(void);

/* The file where put() writes; -1 before. */
extern int put_fd;

/* --- Drawing --------------------------------------------------------------------------------------
 * Never two in one expression: compilers evaluate them in different orders. */

/* Starts the sequence anew from the program's seed and a name. */
void draw_begin(const char *name);

/* What is drawn after draw_again() is what was drawn after draw_mark(). */
void draw_mark(void);
void draw_again(void);

/* 64 random bits. */
uint64_t draw(void);

/* 0 .. limit - 1; limit is not 0. */
uint64_t draw_below(uint64_t limit);

/* lowest .. highest, both included. */
long draw_between(long lowest, long highest);

/* A random number of at least `fewest` and at most `most` bits, 1 to 64. */
uint64_t draw_bits(unsigned fewest, unsigned most);

/* One time in so many. */
int draw_chance(unsigned times);

/* A character of this string. */
char draw_of(const char *characters);

/* How many cases to draw where `cases` are drawn by default (the program's SCALE times as many). */
long draw_cases(long cases);

/* --- Numbers by their bits -------------------------------------------------------------------------- */

double double_of(uint64_t bits);
uint64_t bits_of(double x);
float float_of(uint32_t bits);
uint32_t bits_of_float(float x);

/* A double with a random sign and mantissa and an exponent of 2 from lowest to highest. */
double draw_scaled(int lowest, int highest);

/* A double from lowest to highest. Both are exact, and so is their difference. */
double draw_uniform(double lowest, double highest);

/* Random bits that are no NaN. */
double draw_any(void);
float draw_any_float(void);

/* The name of an errno value that a case may show; "0", or "other". */
const char *errno_word(int error);

#endif
