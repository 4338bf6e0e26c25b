"""Names of the C library and of POSIX, by kind. A workspace that defines one of them only for systems without it
(``#ifdef _WIN32``), or only announces it (``struct timeval;``), does not define it for an ordinary build.

Source: the indexes of names in ISO C17 and in POSIX.1-2017; the more usual part of them.
"""

from __future__ import annotations

_FUNCTIONS = """
abort abs accept access acos acosf alarm asctime asctime_r asin asinf asprintf assert atan atan2 atan2f atanf atexit atof
atoi atol atoll basename bcmp bcopy bind bsearch bzero calloc cbrt ceil ceilf chdir chmod chown clearerr clock
clock_gettime clock_nanosleep close closedir connect copysign copysignf cos cosf cosh creat ctime ctime_r daemon
difftime dirfd dirname div dlclose dlerror dlopen dlsym dprintf dup dup2 endpwent erf erfc execl execle execlp execv
execve execvp exit exp exp2 expf expm1 fabs fabsf fchmod fchown fclose fcntl fdatasync fdim fdopen fdopendir feof ferror
fflush ffs fgetc fgetpos fgets fgetwc fileno flock flockfile floor floorf fma fmax fmaxf fmemopen fmin fminf fmod fmodf
fopen fork fprintf fputc fputs fputwc fread free freeaddrinfo freeifaddrs freopen frexp frexpf fscanf fseek fseeko fsetpos
fstat fstatat fstatvfs fsync ftell ftello ftruncate ftw funlockfile fwide fwprintf fwrite gai_strerror getaddrinfo getc
getc_unlocked getchar getcwd getdelim getegid getenv geteuid getgid getgrgid getgrnam getgroups gethostbyaddr
gethostbyname gethostname getifaddrs getitimer getline getlogin getnameinfo getopt getopt_long getpagesize getpeername
getpgid getpgrp getpid getppid getpriority getprotobyname getpwnam getpwnam_r getpwuid getpwuid_r getrlimit getrusage
gets getservbyname getservbyport getsid getsockname getsockopt gettimeofday getuid getwc gmtime gmtime_r htonl htons
hypot hypotf if_indextoname if_nametoindex ilogb inet_addr inet_aton inet_ntoa inet_ntop inet_pton ioctl isalnum isalpha
isascii isatty isblank iscntrl isdigit isfinite isgraph isinf islower isnan isnormal isprint ispunct isspace isupper
iswalnum iswalpha iswdigit iswlower iswprint iswspace iswupper isxdigit kill killpg labs lchown ldexp ldexpf ldiv lgamma
link listen llabs lldiv llrint llround localeconv localtime localtime_r lockf log log10 log10f log1p log2 logb logf
longjmp lrint lround lseek lstat madvise malloc mblen mbrlen mbrtowc mbsrtowcs mbstowcs mbtowc memccpy memchr memcmp
memcpy memmem memmove mempcpy memset mkdir mkdirat mkdtemp mkfifo mknod mkostemp mkstemp mktemp mktime mlock mmap modf
modff mprotect msync munlock munmap nan nanosleep nearbyint nextafter nftw nice nl_langinfo ntohl ntohs open openat
opendir openlog pathconf pause pclose perror pipe pipe2 poll popen posix_fallocate posix_memalign posix_spawn
posix_spawnp pow powf ppoll pread printf pselect pthread_atfork pthread_attr_destroy pthread_attr_init
pthread_attr_setdetachstate pthread_attr_setstacksize pthread_cancel pthread_cond_broadcast pthread_cond_destroy
pthread_cond_init pthread_cond_signal pthread_cond_timedwait pthread_cond_wait pthread_create pthread_detach
pthread_equal pthread_exit pthread_getspecific pthread_join pthread_key_create pthread_key_delete pthread_kill
pthread_mutex_destroy pthread_mutex_init pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock
pthread_mutexattr_init pthread_mutexattr_settype pthread_once pthread_rwlock_destroy pthread_rwlock_init
pthread_rwlock_rdlock pthread_rwlock_unlock pthread_rwlock_wrlock pthread_self pthread_setspecific pthread_sigmask
putc putchar putenv puts pwrite qsort qsort_r raise rand rand_r random read readdir readdir_r readlink readv realloc
reallocarray realpath recv recvfrom recvmsg regcomp regerror regexec regfree remainder remove remquo rename renameat
rewind rewinddir rint rmdir round roundf scandir scanf sched_yield select sem_destroy sem_init sem_post sem_timedwait
sem_trywait sem_wait send sendfile sendmsg sendto setbuf setegid setenv seteuid setgid setgroups setitimer setjmp
setlocale setpgid setpriority setregid setreuid setrlimit setsid setsockopt setuid setvbuf shm_open shm_unlink shutdown
sigaction sigaddset sigdelset sigemptyset sigfillset siginterrupt sigismember siglongjmp signal signbit sigpending
sigprocmask sigsetjmp sigsuspend sigwait sin sinf sinh sleep snprintf socket socketpair sprintf sqrt sqrtf srand srandom
sscanf stat statvfs stpcpy stpncpy strcasecmp strcasestr strcat strchr strchrnul strcmp strcoll strcpy strcspn strdup
strerror strerror_r strftime strlen strncasecmp strncat strncmp strncpy strndup strnlen strpbrk strptime strrchr strsep
strsignal strspn strstr strtod strtof strtoimax strtok strtok_r strtol strtold strtoll strtoul strtoull strtoumax strxfrm
symlink sync sysconf syslog system tan tanf tanh tcgetattr tcsetattr telldir tgamma time timegm times tmpfile tmpnam
tolower toupper towlower towupper trunc truncate truncf ttyname tzset umask uname ungetc unlink unlinkat unsetenv usleep
utime utimensat utimes va_arg va_copy va_end va_start vasprintf vdprintf vfork vfprintf vfscanf vprintf vscanf vsnprintf
vsprintf vsscanf vsyslog vswprintf wait waitpid wcrtomb wcscat wcschr wcscmp wcscpy wcslen wcsncmp wcsncpy wcsrchr wcsstr
wcstol wcstombs wctomb wmemcpy wmemset write writev
"""
_TYPES = """
DIR FILE addrinfo blkcnt_t blksize_t clock_t clockid_t dev_t dirent div_t fd_set flock fpos_t gid_t group hostent id_t
ifaddrs in6_addr in_addr in_addr_t in_port_t ino_t int16_t int32_t int64_t int8_t intmax_t intptr_t iovec itimerval
jmp_buf key_t lconv ldiv_t lldiv_t mbstate_t mode_t msghdr nfds_t nlink_t off_t option passwd pid_t pollfd protoent
pthread_attr_t pthread_cond_t pthread_key_t pthread_mutex_t pthread_mutexattr_t pthread_once_t pthread_rwlock_t
pthread_t ptrdiff_t regex_t regmatch_t rlim_t rlimit rusage sa_family_t sem_t servent sig_atomic_t sigaction sigevent
siginfo_t sigjmp_buf sigset_t size_t sockaddr sockaddr_in sockaddr_in6 sockaddr_storage sockaddr_un socklen_t ssize_t
stat statvfs suseconds_t termios time_t timer_t timespec timeval timezone tm tms uid_t uint16_t uint32_t uint64_t uint8_t
uintmax_t uintptr_t useconds_t utimbuf utsname va_list wchar_t winsize wint_t
"""
_MACROS = """
BUFSIZ CHAR_BIT CHAR_MAX CHAR_MIN CLOCKS_PER_SEC DBL_DIG DBL_EPSILON DBL_MANT_DIG DBL_MAX DBL_MIN EACCES EAGAIN
EADDRINUSE EBADF EBUSY ECONNREFUSED ECONNRESET EEXIST EINPROGRESS EINTR EINVAL EIO EISCONN EISDIR EMFILE ENOBUFS ENOENT
ENOMEM ENOSPC ENOSYS ENOTCONN ENOTDIR ENOTSUP EOF EOVERFLOW EPERM EPIPE ERANGE ETIMEDOUT EWOULDBLOCK EXIT_FAILURE
EXIT_SUCCESS FLT_DIG FLT_EPSILON FLT_MAX FLT_MIN FLT_RADIX HUGE_VAL INFINITY INT16_MAX INT16_MIN INT32_MAX INT32_MIN
INT64_MAX INT64_MIN INT8_MAX INT8_MIN INTPTR_MAX INT_MAX INT_MIN LLONG_MAX LLONG_MIN LONG_MAX LONG_MIN M_E M_PI NAN NULL
O_CLOEXEC O_CREAT O_RDONLY O_RDWR O_WRONLY PATH_MAX PTRDIFF_MAX RAND_MAX SCHAR_MAX SCHAR_MIN SEEK_CUR SEEK_END SEEK_SET
SHRT_MAX SHRT_MIN SIZE_MAX SSIZE_MAX STDERR_FILENO STDIN_FILENO STDOUT_FILENO S_ISDIR S_ISREG UCHAR_MAX UINT16_MAX
UINT32_MAX UINT64_MAX UINT8_MAX UINT_MAX ULLONG_MAX ULONG_MAX USHRT_MAX environ errno offsetof stderr stdin stdout
"""

#: Every name above.
LIBRARY = frozenset(_FUNCTIONS.split()) | frozenset(_TYPES.split()) | frozenset(_MACROS.split())
