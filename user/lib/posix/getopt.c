/* SPDX-License-Identifier: MIT
 *
 * getopt (POSIX.1-2017), getopt_long and getopt_long_only (as elsewhere): picolibc's take a lone "-"
 * for an option. Operands may stand before options and are moved behind them, unless the option string
 * begins with "+" or POSIXLY_CORRECT is in the environment; with "-" they are options of value 1. */
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

/* Moves the operands that were passed over behind argv[last, optind). */
static void operands_move(char **argv)
{
    int options = optind - state.last, operands = state.last - state.first;

    for (int i = 0; i < options && operands > 0; i++) {
        char *option = argv[state.last + i];
        memmove(&argv[state.first + i + 1], &argv[state.first + i],
                (size_t)operands * sizeof(*argv));
        argv[state.first + i] = option;
    }
    state.first += options;
    state.last = optind;
}

static int is_option(const char *text)
{
    return text[0] == '-' && text[1];
}

static int fail(char **argv, int quiet, const char *format, const char *what, int result)
{
    if (opterr && !quiet) {
        fprintf(stderr, "%s: ", argv[0]);
        fprintf(stderr, format, what);
    }
    return result;
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
static int long_take(int argc, char **argv, const char *name, int quiet, int colon,
                     const struct option *options, int *index)
{
    size_t length = strcspn(name, "=");
    int n = long_find(name, length, options);

    optind++;
    optopt = 0;
    optarg = NULL;
    if (n < 0)
        return fail(argv, quiet,
                    n == -1 ? "unrecognized option '%s'\n" : "option '%s' is ambiguous\n",
                    argv[optind - 1], '?');
    const struct option *option = &options[n];
    if (index)
        *index = n;
    optopt = option->val;
    if (name[length] && option->has_arg == no_argument)
        return fail(argv, quiet, "option '--%s' doesn't allow an argument\n", option->name, '?');
    if (name[length]) {
        optarg = (char *)name + length + 1;
    } else if (option->has_arg == required_argument) {
        if (optind >= argc)
            return fail(argv, quiet, "option '--%s' requires an argument\n", option->name,
                        colon ? ':' : '?');
        optarg = argv[optind++];
    }
    if (!option->flag)
        return option->val;
    *option->flag = option->val;
    return 0;
}

/* The next letter of a group. */
static int short_take(int argc, char **argv, const char *letters, int quiet, int colon)
{
    char text[2] = {*state.letter++, '\0'};
    const char *known = text[0] == ':' || text[0] == ';' ? NULL : strchr(letters, text[0]);

    optopt = (unsigned char)text[0];
    optarg = NULL;
    int ends = !*state.letter;
    if (known && known[1] == ':') {
        if (!ends)
            optarg = (char *)state.letter;
        else if (known[2] != ':' && optind + 1 < argc)
            optarg = argv[++optind];
        else if (known[2] != ':')
            known = "";
        ends = 1;
    }
    if (ends) {
        optind++;
        state.letter = NULL;
    }
    if (!known)
        return fail(argv, quiet, "invalid option -- '%s'\n", text, '?');
    if (!*known)
        return fail(argv, quiet, "option requires an argument -- '%s'\n", text, colon ? ':' : '?');
    return (unsigned char)text[0];
}

/* Goes to the next option; 0: argv[optind] is one, else what getopt returns. */
static int next_argument(int argc, char **argv, char order)
{
    if (optind == 0 || state.last > optind) { /* from the start again */
        optind = optind ? optind : 1;
        state.first = state.last = optind;
    }
    if (order == 0) {
        operands_move(argv);
        while (optind < argc && !is_option(argv[optind]))
            optind++;
        state.last = optind;
    }
    if (optind < argc && strcmp(argv[optind], "--") == 0) {
        optind++;
        if (order == 0) {
            operands_move(argv);
            optind = state.first;
            state.last = state.first;
        }
        return -1;
    }
    if (optind >= argc || !is_option(argv[optind])) {
        if (optind < argc && order == '-') {
            optarg = argv[optind++];
            return 1;
        }
        if (order == 0)
            optind = state.last = state.first;
        return -1;
    }
    return 0;
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
            return long_take(argc, argv, word + 2, colon, colon, options, index);
        if (options && only &&
            (!strchr(letters, word[1]) ||
             (word[2] && long_find(word + 1, strcspn(word + 1, "="), options) >= 0)))
            return long_take(argc, argv, word + 1, colon, colon, options, index);
        state.letter = word + 1;
    }
    return short_take(argc, argv, letters, colon, colon);
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
