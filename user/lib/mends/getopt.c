/* SPDX-License-Identifier: MIT
 *
 * getopt (POSIX.1-2017), getopt_long and getopt_long_only (GNU). Up to picolibc 1.8.12 they take a lone "-" and an
 * empty argument for options, optopt is '?' for an unknown one, and the order of moved operands is wrong.
 * Operands may stand before options and are moved behind them, unless the option string begins with "+" or
 * POSIXLY_CORRECT is in the environment; with "-" they are options of value 1. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *optarg;
int optind = 1, opterr = 1, optopt = '?';

static struct {
    const char *letter; /* next one of a group -abc; NULL: a new argument */
    int first, last;    /* argv[first, last): operands that were passed over */
} state;

/* Moves the operands that were passed over behind what was read since, argv[last, optind). */
static void operands_move(char **argv)
{
    for (; state.last < optind; state.last++, state.first++) {
        char *option = argv[state.last];
        memmove(argv + state.first + 1, argv + state.first,
                (size_t)(state.last - state.first) * sizeof(*argv));
        argv[state.first] = option;
    }
}

static int is_option(const char *text)
{
    return text[0] == '-' && text[1];
}

static int fail(char **argv, int quiet, const char *before, const char *what, const char *after)
{
    if (opterr && !quiet)
        fprintf(stderr, "%s: %s'%s'%s\n", argv[0], before, what, after);
    return '?';
}

/* Finds a long option by its name or a beginning of it that no other shares; -1: none, -2: several. */
static int long_find(const char *name, size_t length, const struct option *options)
{
    int found = -1;

    for (int i = 0; options[i].name; i++) {
        if (strncmp(options[i].name, name, length) != 0)
            continue;
        if (!options[i].name[length])
            return i;
        if (found >= 0 &&
            (options[found].has_arg != options[i].has_arg ||
             options[found].flag != options[i].flag || options[found].val != options[i].val))
            return -2;
        found = found >= 0 ? found : i;
    }
    return found;
}

/* The long option in argv[optind], whose name begins at name. */
static int long_take(int argc, char **argv, const char *name, int quiet,
                     const struct option *options, int *index)
{
    size_t length = strcspn(name, "=");
    int n = long_find(name, length, options);

    optind++;
    optopt = 0;
    optarg = name[length] ? (char *)name + length + 1 : NULL;
    if (n == -1)
        return fail(argv, quiet, "unrecognized option ", argv[optind - 1], "");
    if (n < 0)
        return fail(argv, quiet, "option ", argv[optind - 1], " is ambiguous");
    const struct option *option = &options[n];
    if (optarg && option->has_arg == no_argument) {
        optopt = option->val;
        return fail(argv, quiet, "option --", option->name, " doesn't allow an argument");
    }
    if (!optarg && option->has_arg == required_argument) {
        if (optind >= argc) {
            optopt = option->val;
            fail(argv, quiet, "option --", option->name, " requires an argument");
            return quiet ? ':' : '?';
        }
        optarg = argv[optind++];
    }
    if (index)
        *index = n;
    if (!option->flag)
        return option->val;
    *option->flag = option->val;
    return 0;
}

/* The next letter of a group. */
static int short_take(int argc, char **argv, const char *letters, int quiet)
{
    char text[2] = {*state.letter++, '\0'};
    const char *known = strchr(":;", text[0]) ? NULL : strchr(letters, text[0]);
    int wants = known && known[1] == ':', must = wants && known[2] != ':';

    optopt = (unsigned char)text[0];
    optarg = wants && *state.letter ? (char *)state.letter : NULL;
    if (wants || !*state.letter) {
        optind++;
        state.letter = NULL;
    }
    if (!known)
        return fail(argv, quiet, "invalid option -- ", text, "");
    if (must && !optarg && optind >= argc) {
        fail(argv, quiet, "option requires an argument -- ", text, "");
        return quiet ? ':' : '?';
    }
    if (must && !optarg)
        optarg = argv[optind++];
    return optopt;
}

/* Goes to the next option; 0: argv[optind] is one, else what getopt returns. */
static int next_argument(int argc, char **argv, char order)
{
    if (optind == 0 || state.last > optind) { /* from the start again */
        optind += !optind;
        state.first = state.last = optind;
    }
    if (order == 0) {
        operands_move(argv);
        while (optind < argc && !is_option(argv[optind]))
            optind++;
        state.last = optind;
    }
    int end = optind < argc && strcmp(argv[optind], "--") == 0;
    if (!end && optind < argc && is_option(argv[optind]))
        return 0;
    if (!end && optind < argc && order == '-') {
        optarg = argv[optind++];
        return 1;
    }
    optind += end;
    if (order == 0) {
        if (end)
            operands_move(argv);
        optind = state.last = state.first;
    }
    return -1;
}

static int take(int argc, char **argv, const char *letters, const struct option *options,
                int *index, int only)
{
    char order = *letters == '+' || *letters == '-' ? *letters++
                 : getenv("POSIXLY_CORRECT")        ? '+'
                                                    : 0;
    int colon = *letters == ':';

    if (!state.letter) {
        int result = next_argument(argc, argv, order);
        if (result)
            return result;
        const char *word = argv[optind];
        if (options && word[1] == '-')
            return long_take(argc, argv, word + 2, colon, options, index);
        if (options && only &&
            (!strchr(letters, word[1]) ||
             (word[2] && long_find(word + 1, strcspn(word + 1, "="), options) != -1)))
            return long_take(argc, argv, word + 1, colon, options, index);
        state.letter = word + 1;
    }
    return short_take(argc, argv, letters, colon);
}

int getopt(int argc, char *const argv[], const char *letters)
{
    return take(argc, (char **)argv, letters, NULL, NULL, 0);
}

int getopt_long(int argc, char *const argv[], const char *letters, const struct option *options,
                int *index)
{
    return take(argc, (char **)argv, letters, options, index, 0);
}

int getopt_long_only(int argc, char *const argv[], const char *letters,
                     const struct option *options, int *index)
{
    return take(argc, (char **)argv, letters, options, index, 1);
}
