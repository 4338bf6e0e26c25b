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
