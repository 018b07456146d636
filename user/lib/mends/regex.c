/* SPDX-License-Identifier: MIT
 *
 * regcomp (POSIX.1-2017): picolibc's, which is called octavo_libc_regcomp here, behind a look at the expression. 1.8.6
 * to 1.8.12 use a null pointer after an error between brackets. In all versions nothing bounds an expression: parentheses in
 * each other recurse on the stack, and ((a){1,255}){1,255} takes time and memory without end. */
#include <stdlib.h>
#include "user/lib/mends/bracket.h"

#define DEPTH_MAX 250       /* of parentheses */
#define COST_MAX (1L << 16) /* characters, repeated as intervals say */

int octavo_libc_regcomp(regex_t *restrict regex, const char *restrict text, int flags);

int regcomp(regex_t *restrict regex, const char *restrict text, int flags)
{
    long cost[DEPTH_MAX] = {0}; /* of what is in each open parenthesis */
    long last = 0;              /* of the piece before */
    int depth = 0;

    for (const char *at = text; *at; at++) {
        bool escaped = *at == '\\' && at[1];
        at += escaped;
        char mark = escaped == !(flags & REG_EXTENDED) ? *at : '\0'; /* if it is an operator */
        if (*at == '[' && !escaped) {
            bool matches;
            at += at[1] == '^' ? 2 : 1;
            int error = bracket_match(&at, 0, 0, &matches);
            if (error)
                return error;
            at--; /* the "]" */
        }
        if (mark == '{') {
            char *end;
            long least = strtol(at + 1, &end, 10),
                 most = *end == ',' ? strtol(end + 1, NULL, 10) : 0;
            cost[depth] += last * (least > most ? least : most);
        } else if (mark == '(') {
            if (++depth == DEPTH_MAX)
                return REG_ESPACE;
            cost[depth] = 0;
        } else {
            last = mark == ')' && depth > 0 ? cost[depth--] + 1 : 1;
            cost[depth] += last;
        }
        if (cost[depth] > COST_MAX)
            return REG_ESPACE;
    }
    return octavo_libc_regcomp(regex, text, flags);
}
