/* SPDX-License-Identifier: MIT
 *
 * getopt (POSIX.1-2017), getopt_long and getopt_long_only (GNU). Up to picolibc 1.8.12 they take a lone "-" and an
 * empty argument for options, optopt is '?' for an unknown one, a long one that is unknown is taken for letters, and
 * the order of moved operands is wrong. Operands may stand before options and are moved behind them, unless the
 * option string begins with "+" or POSIXLY_CORRECT is in the environment; with "-" they are options of value 1. */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *optarg;
int optind = 1, opterr = 1, optopt = '?';

static const char *group; /* next letter of -abc in argv[optind]; NULL: a new argument */
static int passed;        /* operands from argv[optind] on that were passed over */
static int expected = 1;  /* optind, unless the program has set it */

/* The argument behind the operands, moved before them; NULL: there is none. */
static char *next_argument(int argc, char **argv)
{
    char **at = argv + optind, *argument = optind + passed < argc ? at[passed] : NULL;

    if (argument) {
        memmove(at + 1, at, (size_t)passed * sizeof(*at));
        *at = argument;
    }
    return argument;
}

static bool is_option(const char *text)
{
    return text[0] == '-' && text[1];
}

static int fail(char **argv, bool quiet, const char *before, const char *what, const char *after)
{
    if (opterr && !quiet)
        fprintf(stderr, "%s: %s'%s'%s\n", argv[0], before, what, after);
    return '?';
}

/* Gives an option the argument that it must have, and returns it, or what getopt returns when there is none. */
static int take_argument(int argc, char **argv, int option, bool quiet, const char *before,
                         const char *name)
{
    optarg = next_argument(argc, argv);
    optind += optarg != NULL;
    if (optarg)
        return option;
    fail(argv, quiet, before, name, " requires an argument");
    return quiet ? ':' : '?';
}

/* A long option by its name, or a beginning of it that no other has; -1: none, -2: several. */
static int long_find(const char *name, const struct option *options)
{
    size_t length = strcspn(name, "=");
    int found = -1;

    for (int i = 0; options[i].name; i++) {
        if (strncmp(options[i].name, name, length) != 0)
            continue;
        if (!options[i].name[length])
            return i;
        found = found == -1 ? i : -2;
    }
    return found;
}

/* The long option in argv[optind], whose name begins at name. */
static int long_take(int argc, char **argv, const char *name, bool quiet,
                     const struct option *options, int *index)
{
    int n = long_find(name, options);
    const struct option *option = &options[n];

    optind++;
    optopt = n < 0 ? 0 : option->val;
    optarg = strchr(name, '=');
    optarg += optarg != NULL;
    if (n < 0)
        return fail(argv, quiet, n == -1 ? "unrecognized option " : "option ", argv[optind - 1],
                    n == -1 ? "" : " is ambiguous");
    if (optarg && option->has_arg == no_argument)
        return fail(argv, quiet, "option --", option->name, " doesn't allow an argument");
    if (!optarg && option->has_arg == required_argument &&
        (take_argument(argc, argv, 0, quiet, "option --", option->name) != 0))
        return quiet ? ':' : '?';
    if (index)
        *index = n;
    if (option->flag)
        *option->flag = option->val;
    return option->flag ? 0 : option->val;
}

/* The next letter of a group. */
static int short_take(int argc, char **argv, const char *letters, bool quiet)
{
    char text[2] = {*group++, '\0'};
    const char *known = strchr(":;", text[0]) ? NULL : strchr(letters, text[0]);
    bool wants = known && known[1] == ':', must = wants && known[2] != ':';

    optopt = (unsigned char)text[0];
    optarg = wants && *group ? (char *)group : NULL;
    if (wants || !*group) {
        optind++;
        group = NULL;
    }
    if (!known)
        return fail(argv, quiet, "invalid option -- ", text, "");
    return must && !optarg ? take_argument(argc, argv, optopt, quiet, "option -", text) : optopt;
}

static int take(int argc, char **argv, const char *letters, const struct option *options,
                int *index, bool only)
{
    char order = *letters == '+' || *letters == '-' ? *letters++
                 : getenv("POSIXLY_CORRECT")        ? '+'
                                                    : 0;
    bool quiet = *letters == ':';

    if (optind != expected) { /* from there anew */
        optind += !optind;
        passed = 0;
        group = NULL;
    }
    if (group)
        return short_take(argc, argv, letters, quiet);
    while (order == 0 && optind + passed < argc && !is_option(argv[optind + passed]))
        passed++;
    const char *word = next_argument(argc, argv);
    if (word && !is_option(word) && order == '-') {
        optarg = argv[optind++];
        return 1;
    }
    if (!word || !is_option(word) || strcmp(word, "--") == 0) {
        optind += word && is_option(word);
        passed = 0;
        return -1;
    }
    if (options && word[1] == '-')
        return long_take(argc, argv, word + 2, quiet, options, index);
    if (options && only &&
        (!strchr(letters, word[1]) || (word[2] && long_find(word + 1, options) != -1)))
        return long_take(argc, argv, word + 1, quiet, options, index);
    group = word + 1;
    return short_take(argc, argv, letters, quiet);
}

#define GETOPT(name, only)                                                                    \
    int name(int argc, char *const argv[], const char *letters, const struct option *options, \
             int *index)                                                                      \
    {                                                                                         \
        int result = take(argc, (char **)argv, letters, options, index, only);                \
        expected = optind;                                                                    \
        return result;                                                                        \
    }
GETOPT(getopt_long, false)
GETOPT(getopt_long_only, true)

int getopt(int argc, char *const argv[], const char *letters)
{
    return getopt_long(argc, argv, letters, NULL, NULL);
}
