// Package std describes interfaces and types of the standard library that workspaces embed, implement and call through.
// A name's prefix stands for its package, see rules.py. Never shown as places.
package std

// io
type io_Reader interface {
	Read(p []byte) (n int, err error)
}
type io_Writer interface {
	Write(p []byte) (n int, err error)
}
type io_Closer interface {
	Close() error
}
type io_Seeker interface {
	Seek(offset int64, whence int) (int64, error)
}
type io_ReadWriter interface {
	io_Reader
	io_Writer
}
type io_ReadCloser interface {
	io_Reader
	io_Closer
}
type io_WriteCloser interface {
	io_Writer
	io_Closer
}
type io_ReadWriteCloser interface {
	io_Reader
	io_Writer
	io_Closer
}
type io_ReadSeeker interface {
	io_Reader
	io_Seeker
}
type io_ReaderFrom interface {
	ReadFrom(r io_Reader) (n int64, err error)
}
type io_WriterTo interface {
	WriteTo(w io_Writer) (n int64, err error)
}
type io_ReaderAt interface {
	ReadAt(p []byte, off int64) (n int, err error)
}
type io_WriterAt interface {
	WriteAt(p []byte, off int64) (n int, err error)
}
type io_ByteReader interface {
	ReadByte() (byte, error)
}
type io_ByteWriter interface {
	WriteByte(c byte) error
}
type io_RuneReader interface {
	ReadRune() (r rune, size int, err error)
}
type io_StringWriter interface {
	WriteString(s string) (n int, err error)
}

// what gives errors
func errors_New(text string) error
func errors_Join(errs ...error) error
func errors_Unwrap(err error) error
func fmt_Errorf(format string, a ...any) error
func io_Copy(dst io_Writer, src io_Reader) (written int64, err error)
func io_ReadAll(r io_Reader) ([]byte, error)
func io_ReadFull(r io_Reader, buf []byte) (n int, err error)
func json_Marshal(v any) ([]byte, error)
func json_MarshalIndent(v any, prefix, indent string) ([]byte, error)
func json_Unmarshal(data []byte, v any) error
func os_Chdir(dir string) error
func os_Getwd() (dir string, err error)
func os_Hostname() (name string, err error)
func os_Mkdir(name string, perm uint32) error
func os_MkdirAll(path string, perm uint32) error
func os_ReadFile(name string) ([]byte, error)
func os_Remove(name string) error
func os_RemoveAll(path string) error
func os_Rename(oldpath, newpath string) error
func os_Setenv(key, value string) error
func os_UserHomeDir() (string, error)
func os_WriteFile(name string, data []byte, perm uint32) error
func strconv_Atoi(s string) (int, error)
func strconv_ParseBool(str string) (bool, error)
func strconv_ParseFloat(s string, bitSize int) (float64, error)
func strconv_ParseInt(s string, base int, bitSize int) (i int64, err error)
func strconv_ParseUint(s string, base int, bitSize int) (uint64, error)
func strconv_Unquote(s string) (string, error)

// fmt
type fmt_Stringer interface {
	String() string
}
type fmt_GoStringer interface {
	GoString() string
}
type fmt_Formatter interface {
	Format(f fmt_State, verb rune)
}
type fmt_State interface {
	Write(b []byte) (n int, err error)
	Width() (wid int, ok bool)
	Precision() (prec int, ok bool)
	Flag(c int) bool
}

// sort, container/heap
type sort_Interface interface {
	Len() int
	Less(i, j int) bool
	Swap(i, j int)
}
type heap_Interface interface {
	sort_Interface
	Push(x any)
	Pop() any
}

// sync
type sync_Locker interface {
	Lock()
	Unlock()
}
type sync_Mutex struct{}

func (m *sync_Mutex) Lock()
func (m *sync_Mutex) Unlock()
func (m *sync_Mutex) TryLock() bool

type sync_RWMutex struct{}

func (m *sync_RWMutex) Lock()
func (m *sync_RWMutex) Unlock()
func (m *sync_RWMutex) RLock()
func (m *sync_RWMutex) RUnlock()
func (m *sync_RWMutex) TryLock() bool

// context
type context_Context interface {
	Deadline() (deadline time_Time, ok bool)
	Done() <-chan struct{}
	Err() error
	Value(key any) any
}
type time_Time struct{}

// encoding and its formats
type encoding_TextMarshaler interface {
	MarshalText() (text []byte, err error)
}
type encoding_TextUnmarshaler interface {
	UnmarshalText(text []byte) error
}
type encoding_BinaryMarshaler interface {
	MarshalBinary() (data []byte, err error)
}
type encoding_BinaryUnmarshaler interface {
	UnmarshalBinary(data []byte) error
}
type json_Marshaler interface {
	MarshalJSON() ([]byte, error)
}
type json_Unmarshaler interface {
	UnmarshalJSON(data []byte) error
}

// flag
type flag_Value interface {
	String() string
	Set(value string) error
}
type flag_Getter interface {
	flag_Value
	Get() any
}

// net
type net_Conn interface {
	Read(b []byte) (n int, err error)
	Write(b []byte) (n int, err error)
	Close() error
	LocalAddr() net_Addr
	RemoteAddr() net_Addr
	SetDeadline(t time_Time) error
	SetReadDeadline(t time_Time) error
	SetWriteDeadline(t time_Time) error
}
type net_Listener interface {
	Accept() (net_Conn, error)
	Close() error
	Addr() net_Addr
}
type net_Addr interface {
	Network() string
	String() string
}
type net_Error interface {
	error
	Timeout() bool
	Temporary() bool
}

// net/http
type http_Handler interface {
	ServeHTTP(w http_ResponseWriter, r *http_Request)
}
type http_ResponseWriter interface {
	Header() http_Header
	Write(data []byte) (int, error)
	WriteHeader(statusCode int)
}
type http_Flusher interface {
	Flush()
}
type http_Hijacker interface {
	Hijack() (net_Conn, *bufio_ReadWriter, error)
}
type http_CloseNotifier interface {
	CloseNotify() <-chan bool
}
type http_Pusher interface {
	Push(target string, opts *http_PushOptions) error
}
type http_RoundTripper interface {
	RoundTrip(r *http_Request) (*http_Response, error)
}
type http_FileSystem interface {
	Open(name string) (http_File, error)
}
type http_File interface {
	io_Closer
	io_Reader
	io_Seeker
	Readdir(count int) ([]fs_FileInfo, error)
	Stat() (fs_FileInfo, error)
}
type http_Header map[string][]string
type http_HandlerFunc func(w http_ResponseWriter, r *http_Request)
type http_Request struct{}
type http_Response struct{}
type http_PushOptions struct{}
type bufio_ReadWriter struct{}

// io/fs
type fs_FS interface {
	Open(name string) (fs_File, error)
}
type fs_File interface {
	Stat() (fs_FileInfo, error)
	Read(b []byte) (int, error)
	Close() error
}
type fs_FileInfo interface {
	Name() string
	Size() int64
	IsDir() bool
	Sys() any
}

// reflect
type reflect_Value struct{}

// database/sql and its drivers
type driver_Valuer interface {
	Value() (driver_Value, error)
}
type driver_Value any
type sql_Scanner interface {
	Scan(src any) error
}
