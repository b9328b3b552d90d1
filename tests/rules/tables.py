# What the rules know: the layers and what each may see, the calls that are banned, and every exception with its reason.
# A new exception is a row here, so that it is seen in review.

# Left to right: each layer sees itself and those before it.
LAYERS = ["base", "core", "store", "net", "smtp", "lua", "shell"]

# Headers of the C library that compute and touch nothing.
PURE = {"arpa/inet.h", "assert.h", "errno.h", "float.h", "inttypes.h", "limits.h", "math.h", "stdalign.h", "stdarg.h",
        "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "strings.h", "sys/queue.h"}

# Headers of the system. Ending in "/" stands for a folder.
FILES = {"dirent.h", "fcntl.h", "sys/file.h", "sys/mman.h", "sys/stat.h", "sys/types.h", "unistd.h"}
SOCKETS = {"fcntl.h", "net/if.h", "netinet/", "poll.h", "sys/eventfd.h", "sys/socket.h", "sys/types.h", "sys/uio.h",
           "sys/un.h", "unistd.h"}
TERMINAL = {"langinfo.h", "locale.h", "poll.h", "signal.h", "sys/ioctl.h", "sys/signalfd.h", "sys/wait.h", "termios.h"}
LUA = {"lua.h", "lauxlib.h", "lualib.h"}

# What each layer may include beside PURE and the headers of ehlo to its left.
MAY_INCLUDE = {
    "base": {"time.h"},
    "core": {"gmime/", "jansson.h", "idn2.h", "libpsl.h", "utf8proc.h"},
    "store": FILES | {"archive.h", "dlfcn.h", "jansson.h", "openssl/", "poll.h", "signal.h", "sqlite3.h", "sys/inotify.h",
                      "sys/prctl.h", "sys/wait.h", "systemd/", "time.h"},
    "net": SOCKETS | {"curl/", "dlfcn.h", "event2/", "idn2.h", "libpsl.h", "openssl/", "signal.h", "spawn.h", "sys/pidfd.h", "sys/stat.h",
                      "sys/wait.h", "time.h", "unbound.h",
                      "unbound-event.h"},
    "smtp": SOCKETS | {"dlfcn.h", "gsasl.h", "search.h", "time.h"},
    "lua": LUA | {"dlfcn.h", "jansson.h", "signal.h", "time.h", "unistd.h"},
    "shell": LUA | FILES | TERMINAL | {"dlfcn.h", "time.h"},
}

# Public headers stand alone: they name no type of these.
PUBLIC_MAY_INCLUDE = PURE | {"signal.h", "time.h", "sys/types.h"}

# name: why not, and what instead.
BANNED = {
    **dict.fromkeys(["sprintf", "vsprintf", "strcpy", "stpcpy", "strcat", "strncat", "gets"],
                    "writes without a bound: use snprintf or ehlo_buf"),
    **dict.fromkeys(["strncpy", "wcscpy", "wcscat"], "may leave no NUL: use snprintf or ehlo_buf"),
    **dict.fromkeys(["atoi", "atol", "atoll", "atof", "sscanf", "scanf", "fscanf"],
                    "hides overflow and garbage: use ehlo_scan"),
    **dict.fromkeys(["strtok", "strtok_r"], "writes into its input: use ehlo_scan"),
    **dict.fromkeys(["alloca"], "grows the stack by what others sent: use ehlo_memory_alloc"),
    **dict.fromkeys(["system", "popen", "vfork", "execvp", "execlp"], "hands words to a shell, or blocks: programs are begun by net/pipe.c"),
    **dict.fromkeys(["malloc", "calloc", "realloc", "reallocarray", "free", "strdup", "strndup", "asprintf", "vasprintf",
                     "aligned_alloc", "posix_memalign"], "cannot be made to fail in tests: use ehlo_memory_*"),
    **dict.fromkeys(["getaddrinfo", "getnameinfo", "gethostbyname", "gethostbyname2", "gethostbyaddr", "res_query",
                     "res_search"], "blocks, and does not validate: names are resolved by net"),
    **dict.fromkeys(["localtime", "gmtime", "ctime", "asctime", "inet_ntoa", "getpwnam", "getpwuid"],
                    "answers in static memory: use its _r form"),
    **dict.fromkeys(["setjmp", "longjmp", "sigsetjmp", "siglongjmp"], "skips cleaning up"),
    **dict.fromkeys(["sleep", "usleep", "nanosleep"], "blocks the loop: use a timer"),
    **dict.fromkeys(["rand", "srand", "random", "mktemp", "tmpnam", "tempnam"], "can be foretold: use the kernel's"),
    **dict.fromkeys(["abort"], "ends the program of somebody else: return an error"),
}

# Core is made of pure functions of bytes, and only the shell speaks to the person in front of it.
IMPURE = dict.fromkeys(
    ["open", "openat", "fopen", "read", "write", "socket", "connect", "send", "recv", "poll", "select", "time",
     "clock_gettime", "gettimeofday", "getenv", "setenv", "setlocale", "dlopen", "getrandom", "getpid"],
    "is input, output, a clock or the environment, and core has none")
SPEAKING = dict.fromkeys(["printf", "vprintf", "puts", "putchar", "perror", "exit", "_exit"],
                         "is for the shell: return an error or fill a buffer")
SPEAKING_LAYERS = {"shell"}

# (file, call): reason.
CALLS_ALLOWED = {
    ("src/base/memory.c", "malloc"): "the one place",
    ("src/base/memory.c", "calloc"): "the one place",
    ("src/base/memory.c", "realloc"): "the one place",
    ("src/base/memory.c", "free"): "the one place",
    ("src/store/source_journal.c", "_exit"): "ends a process of its own, in which libsystemd may abort",
    ("src/shell/prompt/readline.c", "free"): "readline hands out lines and lists that are freed so",
    ("src/shell/prompt/readline.c", "strdup"): "readline frees what it is given",
    ("src/shell/prompt/libedit.c", "free"): "libedit hands out names of files that are freed so",
    ("src/shell/prompt/libedit.c", "strdup"): "the module is libedit's and the C library's alone, as its twin is readline's",
    ("src/shell/prompt/readline.c", "malloc"): "readline frees what it is given",
    ("src/shell/prompt/readline.c", "calloc"): "readline frees what it is given",
}

# Lua scripts of ours run no other programs and load no bytecode.
BANNED_LUA = {
    "os.execute": "runs other programs: the product runs none",
    "io.popen": "runs other programs: the product runs none",
    "os.exit": "skips the end of the shell: return an exit status",
    "loadstring": "is of Lua 5.1: use load with mode \"t\"",
}
LUA_ALLOWED = {
    ("scripts/lib/programs.lua", "os.execute"): "the pager and the editor that the person names",
    ("src/core/catalogue/build.lua", "io.popen"): "a program of its own, run by the build",
    ("src/shell/embed.lua", "io.popen"): "a program of its own, run by the build",
    ("src/core/catalogue/build.lua", "os.exit"): "a program of its own, run by the build",
    ("src/shell/embed.lua", "os.exit"): "a program of its own, run by the build",
}

# Symbols that may change while the program runs, outside any structure: (file, symbol): reason.
MUTABLE_ALLOWED = {
    ("src/shell/interrupt.c", "interruptible"): "a signal handler gets no argument",
    ("src/shell/prompt/libedit.c", "editor"): "libedit calls back with its own handle only",
    ("src/shell/prompt/readline.c", "editor"): "readline calls back without an argument",
}

# What a public header may declare, and what only the loader of a module calls.
PUBLIC_PREFIX = "ehlo_"
ENTRY_PREFIXES = ("main", "luaopen_")

TOP_LEVEL = {"CMakeLists.txt", "README.md", "LICENSE", "include", "src", "scripts", "tests", "examples", ".ci",
             ".clang-format", ".clang-tidy", ".editorconfig", ".gitignore", ".gitattributes"}

# Warned of, refused. The catalogue is data, as long as there are codes.
FILE_WARN = 600
FILE_MAX = 1000
FUNCTION_MAX = 60
LINE_WARN = 120
LINE_MAX = 160
NO_LENGTH = ("src/core/catalogue/",)

# What other programs write stays as it is.
TABS_AS_FOUND = ("tests/logs/",)

# Text in another alphabet is wanted where it is the matter itself.
NOT_ASCII = ("tests/", "README.md", "src/core/catalogue/", "src/manual/", "examples/")
