/* SPDX-License-Identifier: MIT
 *
 * A growing vector of strings: see arguments.h. */
#include "user/bin/sh/arguments.h"

#include "user/lib/tool/tool.h"
#include <stdlib.h>
#include <string.h>

void arguments_add(struct arguments *arguments, char *text)
{
    if ((arguments->n & (arguments->n + 1)) == 0) /* 0, 1, 3, 7 ...: full, with the NULL */
        arguments->v = tool_memory(arguments->v, (2 * arguments->n + 2) * sizeof(char *));
    arguments->v[arguments->n++] = text;
    arguments->v[arguments->n] = NULL;
}

void arguments_free(struct arguments *arguments)
{
    for (unsigned i = 0; i < arguments->n; i++)
        free(arguments->v[i]);
    free(arguments->v);
    *arguments = (struct arguments){0};
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void arguments_sort(struct arguments *arguments, unsigned first)
{
    if (arguments->n > first)
        qsort(arguments->v + first, arguments->n - first, sizeof(char *), compare);
}
