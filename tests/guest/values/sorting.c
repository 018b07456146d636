/* SPDX-License-Identifier: MIT
 *
 * qsort, qsort_r, bsearch, and the trees and tables of <search.h>. Elements of equal order are equal, for sorting
 * need not keep their order. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include "values.h"

#define MOST 300

struct wide_element {
    int key;
    char rest[25]; /* follows from the key; an odd size */
};

static int numbers[MOST];
static char bytes[MOST];
static struct wide_element elements[MOST];

static int compare_ints(const void *x, const void *y)
{
    int a = *(const int *)x, b = *(const int *)y;

    return (a > b) - (a < b);
}

static int compare_bytes(const void *x, const void *y)
{
    return *(const char *)x - *(const char *)y;
}

static int compare_downward(const void *x, const void *y, void *argument)
{
    ++*(long *)argument;
    return compare_ints(y, x);
}

/* The sum of all, each times its place: tells one order from another. */
static unsigned long fingerprint(size_t count)
{
    unsigned long result = 0;

    for (size_t i = 0; i < count; i++)
        result = result * 31 + (unsigned)numbers[i];
    return result;
}

/* Ascending, descending, all alike, few kinds, random, a saw. */
static void draw_numbers(size_t count, int kind)
{
    for (size_t i = 0; i < count; i++) {
        int drawn = (int)draw();
        numbers[i] = kind == 0   ? (int)i
                     : kind == 1 ? -(int)i
                     : kind == 2 ? 7
                     : kind == 3 ? drawn & 3
                     : kind == 4 ? drawn
                                 : (int)(i % 10);
    }
}

static void show_sorts(size_t count, int kind)
{
    long calls = 0;
    int ordered = 1;

    draw_numbers(count, kind);
    put("qsort %l %i %x: ", (long)count, kind, fingerprint(count));
    for (size_t i = 0; i < count; i++) {
        elements[i].key = numbers[i];
        memset(elements[i].rest, numbers[i], sizeof(elements[i].rest));
        bytes[i] = (char)(numbers[i] & 127);
    }
    qsort(numbers, count, sizeof(numbers[0]), compare_ints);
    qsort(elements, count, sizeof(elements[0]), compare_ints);
    qsort(bytes, count, 1, compare_bytes);
    for (size_t i = 0; i < count; i++) {
        ordered &= elements[i].key == numbers[i] && elements[i].rest[24] == (char)numbers[i];
        ordered &= i == 0 || bytes[i - 1] <= bytes[i];
    }
    put("%x %i ", fingerprint(count), ordered);
    qsort_r(numbers, count, sizeof(numbers[0]), compare_downward, &calls);
    put("%x %i\n", fingerprint(count), calls > 0 || count < 2);
}

static void show_searches(size_t count)
{
    draw_numbers(count, 4);
    for (size_t i = 0; i < count; i++)
        numbers[i] = (int)i * 3;
    for (long i = 0; i < 10; i++) {
        int key = (int)draw_between(-2, (long)count * 3 + 1);
        int *found = bsearch(&key, numbers, count, sizeof(numbers[0]), compare_ints);
        put("bsearch %i in %l: %l\n", key, (long)count, found ? (long)(found - numbers) : -1);
    }
}

/* --- Trees and tables -------------------------------------------------------------------------- */

static unsigned long visited;

static void visit(const void *node, VISIT order, int depth)
{
    (void)depth;
    if (order == postorder || order == leaf)
        visited = visited * 31 + (unsigned)**(int *const *)node;
}

static void show_tree(void)
{
    void *root = NULL;

    draw_numbers(100, 4);
    for (int i = 0; i < 100; i++)
        numbers[i] &= 63; /* some twice */
    for (int i = 0; i < 100; i++)
        tsearch(&numbers[i], &root, compare_ints);
    for (int i = 0; i < 64; i += 3)
        tdelete(&i, &root, compare_ints);
    for (int i = 0; i < 64; i += 5) {
        int **found = tfind(&i, &root, compare_ints);
        put("tfind %i: %i\n", i, found ? **found : -1);
    }
    visited = 0;
    twalk(root, visit);
    put("twalk: %x\n", visited);
    while (root)
        tdelete(*(int **)root, &root, compare_ints);
}

static void show_table(void)
{
    static char names[20][4];

    put("hcreate: %i\n", hcreate(30) != 0);
    for (int i = 0; i < 20; i++) {
        ENTRY entry = {names[i], &numbers[i]}, *found;
        names[i][0] = 'k';
        names[i][1] = (char)('a' + i % 15); /* some twice: the first stays */
        numbers[i] = i;
        found = hsearch(entry, ENTER);
        put("hsearch enter %q: %i\n", names[i], found ? *(int *)found->data : -1);
    }
    for (int i = 0; i < 4; i++) {
        char name[] = {'k', "aoxb"[i], 0};
        ENTRY entry = {name, NULL}, *found = hsearch(entry, FIND);
        put("hsearch find %q: %i\n", name, found ? *(int *)found->data : -1);
    }
    hdestroy();
}

void run_sorting(void)
{
    static const size_t counts[] = {0, 1, 2, 3, 7, 8, 41, 100, 299};

    draw_begin("sorting");
    for (size_t i = 0; i < COUNT(counts); i++) {
        for (int kind = 0; kind < 6; kind++)
            show_sorts(counts[i], kind);
        show_searches(counts[i]);
    }
    show_tree();
    show_table();
}
