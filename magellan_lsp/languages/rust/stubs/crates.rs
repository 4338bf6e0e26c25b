// Of crates that very many programs use, the few types that other types flow through.

pub mod anyhow {
    pub struct Error;
    impl Error {
        fn new<E>(error: E) -> Error;
        fn msg<M>(message: M) -> Error;
        fn context<C>(self, context: C) -> Error;
        fn downcast_ref<E>(&self) -> Option<E>;
        fn root_cause(&self) -> Error;
        fn chain(&self) -> Seq<Error>;
    }
    pub type Result<T> = std::Result<T, Error>;
    pub trait Context<T> {
        fn context<C>(self, context: C) -> Result<T>;
        fn with_context<C, F: FnOnce() -> C>(self, f: F) -> Result<T>;
        fn wrap_err<C>(self, context: C) -> Result<T>;
        fn wrap_err_with<C, F: FnOnce() -> C>(self, f: F) -> Result<T>;
    }
}
impl<T, E> anyhow::Context<T> for Result<T, E> {}
impl<T> anyhow::Context<T> for Option<T> {}
pub mod eyre {
    pub struct Report;
    pub type Result<T> = std::Result<T, Report>;
}
pub mod color_eyre {
    pub struct Report;
    pub type Result<T> = std::Result<T, Report>;
}

pub mod parking_lot {
    pub struct Mutex<T>;
    impl<T> Mutex<T> {
        fn new(value: T) -> Mutex<T>;
        fn lock(&self) -> MutexGuard<T>;
        fn try_lock(&self) -> Option<MutexGuard<T>>;
        fn get_mut(&mut self) -> T;
        fn into_inner(self) -> T;
    }
    pub struct RwLock<T>;
    impl<T> RwLock<T> {
        fn new(value: T) -> RwLock<T>;
        fn read(&self) -> MutexGuard<T>;
        fn write(&self) -> MutexGuard<T>;
        fn upgradable_read(&self) -> MutexGuard<T>;
        fn into_inner(self) -> T;
    }
    pub struct MutexGuard<T>;
    impl<T> Deref for MutexGuard<T> { type Target = T; }
}

pub mod once_cell {
    pub struct Lazy<T>;
    impl<T> Deref for Lazy<T> { type Target = T; }
    impl<T> Lazy<T> { fn new<F: FnOnce() -> T>(f: F) -> Lazy<T>; fn force(value: &Lazy<T>) -> T; }
    pub struct OnceCell<T>;
    impl<T> OnceCell<T> {
        fn new() -> OnceCell<T>;
        fn get(&self) -> Option<T>;
        fn set(&self, value: T) -> Result<(), T>;
        fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> T;
    }
}

pub mod hashbrown { pub use std::HashMap; pub use std::HashSet; }
pub mod indexmap { pub use std::HashMap as IndexMap; pub use std::HashSet as IndexSet; }
pub mod ahash { pub use std::HashMap as AHashMap; pub use std::HashSet as AHashSet; }
pub mod rustc_hash { pub use std::HashMap as FxHashMap; pub use std::HashSet as FxHashSet; }

pub mod crossbeam_channel {
    pub use std::Receiver;
    pub use std::Sender;
    pub fn unbounded<T>() -> (Sender<T>, Receiver<T>);
    pub fn bounded<T>(n: usize) -> (Sender<T>, Receiver<T>);
}

pub mod tokio {
    pub struct Mutex<T>;
    impl<T> Mutex<T> {
        fn new(value: T) -> Mutex<T>;
        async fn lock(&self) -> MutexGuard<T>;
        fn blocking_lock(&self) -> MutexGuard<T>;
        fn into_inner(self) -> T;
    }
    pub struct RwLock<T>;
    impl<T> RwLock<T> {
        fn new(value: T) -> RwLock<T>;
        async fn read(&self) -> MutexGuard<T>;
        async fn write(&self) -> MutexGuard<T>;
    }
    pub struct MutexGuard<T>;
    impl<T> Deref for MutexGuard<T> { type Target = T; }
    pub struct Sender<T>;
    impl<T> Sender<T> { fn send(&self, value: T) -> Result<(), T>; }
    pub struct Receiver<T>;
    impl<T> Receiver<T> { async fn recv(&mut self) -> Option<T>; fn try_recv(&mut self) -> Result<T, ()>; }
    pub struct UnboundedSender<T>;
    impl<T> UnboundedSender<T> { fn send(&self, value: T) -> Result<(), T>; }
    pub struct UnboundedReceiver<T>;
    impl<T> UnboundedReceiver<T> { async fn recv(&mut self) -> Option<T>; fn try_recv(&mut self) -> Result<T, ()>; }
    pub fn channel<T>(n: usize) -> (Sender<T>, Receiver<T>);
    pub fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>);
    pub struct JoinHandle<T>;
    impl<T> Future for JoinHandle<T> { type Output = Result<T, ()>; }
    pub fn spawn<T>(future: T) -> JoinHandle<T>;
    pub fn spawn_blocking<T, F: FnOnce() -> T>(f: F) -> JoinHandle<T>;
}

pub mod http {
    pub struct Request<T>;
    pub struct Response<T>;
    pub struct Error;
    pub type Result<T> = std::Result<T, Error>;
    pub struct Extensions;
    pub struct HeaderMap<T = HeaderValue>;
    pub struct HeaderName;
    pub struct HeaderValue;
    pub struct Method;
    pub struct StatusCode;
    pub struct Uri;
    pub struct Version;
    pub mod request {
        pub struct Builder;
        pub struct Parts;
    }
    pub mod response {
        pub struct Builder;
        pub struct Parts;
    }
}
impl<T> http::Request<T> {
    fn new(body: T) -> http::Request<T>;
    fn builder() -> http::request::Builder;
    fn from_parts(parts: http::request::Parts, body: T) -> http::Request<T>;
    fn method(&self) -> http::Method;
    fn method_mut(&mut self) -> http::Method;
    fn uri(&self) -> http::Uri;
    fn uri_mut(&mut self) -> http::Uri;
    fn version(&self) -> http::Version;
    fn version_mut(&mut self) -> http::Version;
    fn headers(&self) -> http::HeaderMap;
    fn headers_mut(&mut self) -> http::HeaderMap;
    fn extensions(&self) -> http::Extensions;
    fn extensions_mut(&mut self) -> http::Extensions;
    fn body(&self) -> T;
    fn body_mut(&mut self) -> T;
    fn into_body(self) -> T;
    fn into_parts(self) -> (http::request::Parts, T);
    fn map<U, F: FnOnce(T) -> U>(self, f: F) -> http::Request<U>;
}
impl<T> http::Response<T> {
    fn new(body: T) -> http::Response<T>;
    fn builder() -> http::response::Builder;
    fn from_parts(parts: http::response::Parts, body: T) -> http::Response<T>;
    fn status(&self) -> http::StatusCode;
    fn status_mut(&mut self) -> http::StatusCode;
    fn version(&self) -> http::Version;
    fn version_mut(&mut self) -> http::Version;
    fn headers(&self) -> http::HeaderMap;
    fn headers_mut(&mut self) -> http::HeaderMap;
    fn extensions(&self) -> http::Extensions;
    fn extensions_mut(&mut self) -> http::Extensions;
    fn body(&self) -> T;
    fn body_mut(&mut self) -> T;
    fn into_body(self) -> T;
    fn into_parts(self) -> (http::response::Parts, T);
    fn map<U, F: FnOnce(T) -> U>(self, f: F) -> http::Response<U>;
}
impl http::request::Builder {
    fn new() -> http::request::Builder;
    fn method<M>(self, method: M) -> http::request::Builder;
    fn uri<U>(self, uri: U) -> http::request::Builder;
    fn version(self, version: http::Version) -> http::request::Builder;
    fn header<K, V>(self, key: K, value: V) -> http::request::Builder;
    fn extension<X>(self, extension: X) -> http::request::Builder;
    fn headers_mut(&mut self) -> Option<http::HeaderMap>;
    fn body<T>(self, body: T) -> http::Result<http::Request<T>>;
}
impl http::response::Builder {
    fn new() -> http::response::Builder;
    fn status<S>(self, status: S) -> http::response::Builder;
    fn version(self, version: http::Version) -> http::response::Builder;
    fn header<K, V>(self, key: K, value: V) -> http::response::Builder;
    fn extension<X>(self, extension: X) -> http::response::Builder;
    fn headers_mut(&mut self) -> Option<http::HeaderMap>;
    fn body<T>(self, body: T) -> http::Result<http::Response<T>>;
}
impl<T> http::HeaderMap<T> {
    fn new() -> http::HeaderMap;
    fn with_capacity(n: usize) -> http::HeaderMap;
    fn get<K>(&self, key: K) -> Option<T>;
    fn get_mut<K>(&mut self, key: K) -> Option<T>;
    fn get_all<K>(&self, key: K) -> Seq<T>;
    fn contains_key<K>(&self, key: K) -> bool;
    fn insert<K>(&mut self, key: K, value: T) -> Option<T>;
    fn append<K>(&mut self, key: K, value: T) -> bool;
    fn remove<K>(&mut self, key: K) -> Option<T>;
    fn iter(&self) -> Seq<(http::HeaderName, T)>;
    fn keys(&self) -> Seq<http::HeaderName>;
    fn values(&self) -> Seq<T>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn clear(&mut self);
}
impl http::HeaderName {
    fn as_str(&self) -> str;
    fn from_static(name: &str) -> http::HeaderName;
}
impl http::HeaderValue {
    fn from_static(value: &str) -> http::HeaderValue;
    fn from_str(value: &str) -> http::Result<http::HeaderValue>;
    fn from_bytes(value: &[u8]) -> http::Result<http::HeaderValue>;
    fn to_str(&self) -> http::Result<str>;
    fn as_bytes(&self) -> [u8];
    fn is_empty(&self) -> bool;
    fn len(&self) -> usize;
}
impl http::Extensions {
    fn new() -> http::Extensions;
    fn insert<T>(&mut self, value: T) -> Option<T>;
    fn get<T>(&self) -> Option<T>;
    fn get_mut<T>(&mut self) -> Option<T>;
    fn remove<T>(&mut self) -> Option<T>;
}
impl http::Uri {
    fn from_static(uri: &str) -> http::Uri;
    fn path(&self) -> str;
    fn query(&self) -> Option<str>;
    fn host(&self) -> Option<str>;
    fn scheme_str(&self) -> Option<str>;
    fn port_u16(&self) -> Option<u16>;
    fn to_string(&self) -> String;
}
impl http::Method {
    fn as_str(&self) -> str;
    const GET: http::Method; const POST: http::Method; const PUT: http::Method; const DELETE: http::Method;
    const HEAD: http::Method; const OPTIONS: http::Method; const CONNECT: http::Method;
    const PATCH: http::Method; const TRACE: http::Method;
}
impl http::StatusCode {
    fn from_u16(code: u16) -> http::Result<http::StatusCode>;
    fn as_u16(&self) -> u16;
    fn as_str(&self) -> str;
    fn is_informational(&self) -> bool;
    fn is_success(&self) -> bool;
    fn is_redirection(&self) -> bool;
    fn is_client_error(&self) -> bool;
    fn is_server_error(&self) -> bool;
    const CONTINUE: http::StatusCode; const SWITCHING_PROTOCOLS: http::StatusCode;
    const OK: http::StatusCode; const CREATED: http::StatusCode; const ACCEPTED: http::StatusCode;
    const NO_CONTENT: http::StatusCode; const RESET_CONTENT: http::StatusCode;
    const PARTIAL_CONTENT: http::StatusCode; const MULTIPLE_CHOICES: http::StatusCode;
    const MOVED_PERMANENTLY: http::StatusCode; const FOUND: http::StatusCode;
    const SEE_OTHER: http::StatusCode; const NOT_MODIFIED: http::StatusCode;
    const TEMPORARY_REDIRECT: http::StatusCode; const PERMANENT_REDIRECT: http::StatusCode;
    const BAD_REQUEST: http::StatusCode; const UNAUTHORIZED: http::StatusCode;
    const FORBIDDEN: http::StatusCode; const NOT_FOUND: http::StatusCode;
    const METHOD_NOT_ALLOWED: http::StatusCode; const NOT_ACCEPTABLE: http::StatusCode;
    const REQUEST_TIMEOUT: http::StatusCode; const CONFLICT: http::StatusCode; const GONE: http::StatusCode;
    const LENGTH_REQUIRED: http::StatusCode; const PRECONDITION_FAILED: http::StatusCode;
    const PAYLOAD_TOO_LARGE: http::StatusCode; const URI_TOO_LONG: http::StatusCode;
    const UNSUPPORTED_MEDIA_TYPE: http::StatusCode; const RANGE_NOT_SATISFIABLE: http::StatusCode;
    const EXPECTATION_FAILED: http::StatusCode; const IM_A_TEAPOT: http::StatusCode;
    const UNPROCESSABLE_ENTITY: http::StatusCode; const TOO_MANY_REQUESTS: http::StatusCode;
    const REQUEST_HEADER_FIELDS_TOO_LARGE: http::StatusCode; const INTERNAL_SERVER_ERROR: http::StatusCode;
    const NOT_IMPLEMENTED: http::StatusCode; const BAD_GATEWAY: http::StatusCode;
    const SERVICE_UNAVAILABLE: http::StatusCode; const GATEWAY_TIMEOUT: http::StatusCode;
    const HTTP_VERSION_NOT_SUPPORTED: http::StatusCode;
}
