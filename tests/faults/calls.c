/* Calls of the C library that change files, counted below one folder; one of them fails, or ends the process.

   Loaded before the C library (LD_PRELOAD) and armed by fault_arm. The kernel is asked as always, except at the call
   whose number is `at`: there SIGKILL is sent (error 0), or errno is set and the call is not made. A close that fails
   has closed the file, as on Linux. Every counted call is a line of the log, if there is one: its name and its path. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long at = -1, seen;
static int fault, log_handle = -1;

void fault_arm(const char *below, long number, int error, const char *log) {
    strncpy(folder, below, sizeof folder - 1);
    fault = error;
    seen = 0;
    at = number;
    log_handle = log[0] ? (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
}

/* Move the clock by some seconds. */
static long moved;

void fault_clock(long seconds) { moved = seconds; }

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = (int)syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME)
        now->tv_sec += moved;
    return result;
}

static void of_handle(int handle, char *path) {
    char link[64];
    ssize_t length;
    if (handle == AT_FDCWD)
        snprintf(link, sizeof link, "/proc/self/cwd");
    else
        snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
}

/* Count one call; 1 where it is to fail. */
static int counted(const char *call, int handle, const char *name) {
    char path[2 * PATH_MAX], line[3 * PATH_MAX];
    int before = errno, length;
    if (at < 0)
        return 0;
    path[0] = 0;
    if (!name || name[0] != '/')
        of_handle(handle, path);
    if (name)
        snprintf(path + strlen(path), PATH_MAX, "%s%s", name[0] == '/' ? "" : "/", name);
    errno = before;
    if (strncmp(path, folder, strlen(folder)) != 0)
        return 0;
    length = snprintf(line, sizeof line, "%s %s\n", call, path);
    if (log_handle >= 0)
        syscall(SYS_write, log_handle, line, length);
    if (__atomic_add_fetch(&seen, 1, __ATOMIC_SEQ_CST) != at)
        return 0;
    if (!fault)
        syscall(SYS_kill, getpid(), SIGKILL);
    errno = fault;
    return 1;
}

static int is_written(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT); }

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) \
        real = dlsym(RTLD_NEXT, #name)
#define MODE \
    va_list rest; \
    va_start(rest, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest)
#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        MODE; \
        REAL(int, name, const char *, int, ...); \
        return is_written(flags) && counted("open", AT_FDCWD, path) ? -1 : real(path, flags, mode); \
    }
#define OPENAT(name) \
    int name(int in, const char *path, int flags, ...) { \
        MODE; \
        REAL(int, name, int, const char *, int, ...); \
        return is_written(flags) && counted("open", in, path) ? -1 : real(in, path, flags, mode); \
    }
#define OF_HANDLE(result, name, types, names) \
    result name types { \
        REAL(result, name, UNPACK types); \
        return counted(#name, handle, NULL) ? -1 : real names; \
    }
#define OF_PATH(name, types, names, in, path) \
    int name types { \
        REAL(int, name, UNPACK types); \
        return counted(#name, in, path) ? -1 : real names; \
    }
#define UNPACK(...) __VA_ARGS__

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
OF_HANDLE(ssize_t, write, (int handle, const void *data, size_t count), (handle, data, count))
OF_HANDLE(ssize_t, pwrite, (int handle, const void *data, size_t count, off_t to), (handle, data, count, to))
OF_HANDLE(ssize_t, pwrite64, (int handle, const void *data, size_t count, off64_t to), (handle, data, count, to))
OF_HANDLE(ssize_t, writev, (int handle, const struct iovec *parts, int count), (handle, parts, count))
OF_HANDLE(int, fsync, (int handle), (handle))
OF_HANDLE(int, fdatasync, (int handle), (handle))
OF_HANDLE(int, ftruncate, (int handle, off_t length), (handle, length))
OF_HANDLE(int, ftruncate64, (int handle, off64_t length), (handle, length))
OF_HANDLE(int, fchmod, (int handle, mode_t mode), (handle, mode))
OF_HANDLE(int, flock, (int handle, int operation), (handle, operation))
OF_PATH(rename, (const char *from, const char *to), (from, to), AT_FDCWD, to)
OF_PATH(renameat, (int in, const char *from, int into, const char *to), (in, from, into, to), into, to)
OF_PATH(renameat2, (int in, const char *from, int into, const char *to, unsigned flags), (in, from, into, to, flags), into, to)
OF_PATH(mkdir, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path)
OF_PATH(mkdirat, (int in, const char *path, mode_t mode), (in, path, mode), in, path)
OF_PATH(unlink, (const char *path), (path), AT_FDCWD, path)
OF_PATH(unlinkat, (int in, const char *path, int flags), (in, path, flags), in, path)
OF_PATH(rmdir, (const char *path), (path), AT_FDCWD, path)
OF_PATH(link, (const char *from, const char *to), (from, to), AT_FDCWD, to)
OF_PATH(linkat, (int in, const char *from, int into, const char *to, int flags), (in, from, into, to, flags), into, to)
OF_PATH(symlink, (const char *from, const char *to), (from, to), AT_FDCWD, to)
OF_PATH(chmod, (const char *path, mode_t mode), (path, mode), AT_FDCWD, path)
OF_PATH(fchmodat, (int in, const char *path, mode_t mode, int flags), (in, path, mode, flags), in, path)
OF_PATH(utimensat, (int in, const char *path, const struct timespec times[2], int flags), (in, path, times, flags), in, path)

int close(int handle) {
    REAL(int, close, int);
    int is_wrong = at >= 0 && is_written(fcntl(handle, F_GETFL)) && counted("close", handle, NULL), error = errno;
    int result = real(handle);
    errno = is_wrong ? error : errno;
    return is_wrong ? -1 : result;
}
