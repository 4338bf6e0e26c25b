// What inference needs to know of Rust's standard library, in one flat module: result types of the most used methods.
// Primitive types have names of their own here; adapters of iterators are all one type.

pub struct Bool; pub struct Char; pub struct U8; pub struct U16; pub struct U32; pub struct U64; pub struct U128;
pub struct Usize; pub struct I8; pub struct I16; pub struct I32; pub struct I64; pub struct I128; pub struct Isize;
pub struct F32; pub struct F64;

pub trait Number {
    fn min(self, other: Self) -> Self;
    fn max(self, other: Self) -> Self;
    fn clamp(self, low: Self, high: Self) -> Self;
    fn abs(self) -> Self;
    fn pow(self, by: u32) -> Self;
    fn saturating_add(self, by: Self) -> Self;
    fn saturating_sub(self, by: Self) -> Self;
    fn wrapping_add(self, by: Self) -> Self;
    fn wrapping_sub(self, by: Self) -> Self;
    fn wrapping_mul(self, by: Self) -> Self;
    fn checked_add(self, by: Self) -> Option<Self>;
    fn checked_sub(self, by: Self) -> Option<Self>;
    fn checked_mul(self, by: Self) -> Option<Self>;
    fn checked_div(self, by: Self) -> Option<Self>;
    fn overflowing_add(self, by: Self) -> (Self, bool);
    fn from_str_radix(text: &str, radix: u32) -> Result<Self, ParseIntError>;
    fn leading_zeros(self) -> u32;
    fn trailing_zeros(self) -> u32;
    fn count_ones(self) -> u32;
    fn is_power_of_two(self) -> bool;
    fn next_power_of_two(self) -> Self;
    fn to_le(self) -> Self;
    fn to_be(self) -> Self;
    fn sqrt(self) -> Self;
    fn floor(self) -> Self;
    fn ceil(self) -> Self;
    fn round(self) -> Self;
    fn is_ascii_digit(&self) -> bool;
    fn is_ascii_whitespace(&self) -> bool;
    fn is_ascii_alphabetic(&self) -> bool;
    fn to_ascii_lowercase(&self) -> Self;
    fn to_ascii_uppercase(&self) -> Self;
}
impl Number for U8 {} impl Number for U16 {} impl Number for U32 {} impl Number for U64 {} impl Number for U128 {}
impl Number for Usize {} impl Number for I8 {} impl Number for I16 {} impl Number for I32 {} impl Number for I64 {}
impl Number for I128 {} impl Number for Isize {} impl Number for F32 {} impl Number for F64 {}
impl Char {
    fn len_utf8(self) -> usize;
    fn is_alphabetic(self) -> bool;
    fn is_numeric(self) -> bool;
    fn is_whitespace(self) -> bool;
    fn to_digit(self, radix: u32) -> Option<u32>;
    fn from_u32(value: u32) -> Option<char>;
    fn from_digit(value: u32, radix: u32) -> Option<char>;
    fn to_ascii_lowercase(&self) -> char;
    fn to_ascii_uppercase(&self) -> char;
    fn is_ascii_digit(&self) -> bool;
    fn to_lowercase(self) -> Seq<char>;
    fn to_uppercase(self) -> Seq<char>;
}
impl Bool {
    fn then<T, F: FnOnce() -> T>(self, f: F) -> Option<T>;
    fn then_some<T>(self, value: T) -> Option<T>;
}

pub enum Option<T> { None, Some(T) }
impl<T> Option<T> {
    fn is_some(&self) -> bool;
    fn is_none(&self) -> bool;
    fn is_some_and<F: FnOnce(T) -> bool>(self, f: F) -> bool;
    fn is_none_or<F: FnOnce(T) -> bool>(self, f: F) -> bool;
    fn as_ref(&self) -> Option<T>;
    fn as_mut(&mut self) -> Option<T>;
    fn as_deref(&self) -> Option<T>;
    fn as_deref_mut(&mut self) -> Option<T>;
    fn as_slice(&self) -> [T];
    fn expect(self, message: &str) -> T;
    fn unwrap(self) -> T;
    fn unwrap_unchecked(self) -> T;
    fn unwrap_or(self, other: T) -> T;
    fn unwrap_or_default(self) -> T;
    fn unwrap_or_else<F: FnOnce() -> T>(self, f: F) -> T;
    fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Option<U>;
    fn inspect<F: FnOnce(T)>(self, f: F) -> Option<T>;
    fn map_or<U, F: FnOnce(T) -> U>(self, other: U, f: F) -> U;
    fn map_or_else<U, D: FnOnce() -> U, F: FnOnce(T) -> U>(self, other: D, f: F) -> U;
    fn ok_or<E>(self, error: E) -> Result<T, E>;
    fn ok_or_else<E, F: FnOnce() -> E>(self, f: F) -> Result<T, E>;
    fn and<U>(self, other: Option<U>) -> Option<U>;
    fn and_then<U, F: FnOnce(T) -> Option<U>>(self, f: F) -> Option<U>;
    fn filter<F: FnOnce(T) -> bool>(self, f: F) -> Option<T>;
    fn or(self, other: Option<T>) -> Option<T>;
    fn or_else<F: FnOnce() -> Option<T>>(self, f: F) -> Option<T>;
    fn xor(self, other: Option<T>) -> Option<T>;
    fn insert(&mut self, value: T) -> T;
    fn get_or_insert(&mut self, value: T) -> T;
    fn get_or_insert_with<F: FnOnce() -> T>(&mut self, f: F) -> T;
    fn take(&mut self) -> Option<T>;
    fn take_if<F: FnOnce(T) -> bool>(&mut self, f: F) -> Option<T>;
    fn replace(&mut self, value: T) -> Option<T>;
    fn zip<U>(self, other: Option<U>) -> Option<(T, U)>;
    fn copied(self) -> Option<T>;
    fn cloned(self) -> Option<T>;
    fn iter(&self) -> Seq<T>;
    fn iter_mut(&mut self) -> Seq<T>;
    fn flatten(self) -> T;
    fn transpose(self) -> Self;
}
impl<T> IntoIterator for Option<T> { type Item = T; }
pub use Option::{None, Some};
pub use Result::{Err, Ok};

pub enum Result<T, E> { Ok(T), Err(E) }
impl<T, E> Result<T, E> {
    fn is_ok(&self) -> bool;
    fn is_err(&self) -> bool;
    fn is_ok_and<F: FnOnce(T) -> bool>(self, f: F) -> bool;
    fn is_err_and<F: FnOnce(E) -> bool>(self, f: F) -> bool;
    fn ok(self) -> Option<T>;
    fn err(self) -> Option<E>;
    fn as_ref(&self) -> Result<T, E>;
    fn as_mut(&mut self) -> Result<T, E>;
    fn as_deref(&self) -> Result<T, E>;
    fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Result<U, E>;
    fn map_or<U, F: FnOnce(T) -> U>(self, other: U, f: F) -> U;
    fn map_or_else<U, D: FnOnce(E) -> U, F: FnOnce(T) -> U>(self, other: D, f: F) -> U;
    fn map_err<O, F: FnOnce(E) -> O>(self, f: F) -> Result<T, O>;
    fn inspect<F: FnOnce(T)>(self, f: F) -> Result<T, E>;
    fn inspect_err<F: FnOnce(E)>(self, f: F) -> Result<T, E>;
    fn iter(&self) -> Seq<T>;
    fn expect(self, message: &str) -> T;
    fn unwrap(self) -> T;
    fn unwrap_or_default(self) -> T;
    fn expect_err(self, message: &str) -> E;
    fn unwrap_err(self) -> E;
    fn and<U>(self, other: Result<U, E>) -> Result<U, E>;
    fn and_then<U, F: FnOnce(T) -> Result<U, E>>(self, f: F) -> Result<U, E>;
    fn or_else<O, F: FnOnce(E) -> Result<T, O>>(self, f: F) -> Result<T, O>;
    fn unwrap_or(self, other: T) -> T;
    fn unwrap_or_else<F: FnOnce(E) -> T>(self, f: F) -> T;
    fn copied(self) -> Result<T, E>;
    fn cloned(self) -> Result<T, E>;
    fn flatten(self) -> T;
    fn transpose(self) -> Self;
}
impl<T, E> IntoIterator for Result<T, E> { type Item = T; }

pub trait Deref { type Target; fn deref(&self) -> Self::Target; }
pub trait DerefMut: Deref { fn deref_mut(&mut self) -> Self::Target; }
pub trait Index<I> { type Output; fn index(&self, at: I) -> Self::Output; }
pub trait IndexMut<I>: Index<I> { fn index_mut(&mut self, at: I) -> Self::Output; }
pub trait Drop { fn drop(&mut self); }
pub trait Default { fn default() -> Self; }
impl<T> Default for T {}
pub trait Debug { fn fmt(&self, f: &mut Formatter) -> fmt::Result; }
pub trait Display { fn fmt(&self, f: &mut Formatter) -> fmt::Result; }
pub trait Copy {}
pub trait Sized {}
pub trait Send {}
pub trait Sync {}
pub trait Unpin {}
pub trait Eq {}
pub trait Any {}
pub trait Error { fn source(&self) -> Option<Error>; fn description(&self) -> &str; }
pub trait From<T> { fn from(value: T) -> Self; }
pub trait TryFrom<T> { type Error; fn try_from(value: T) -> Result<Self, Self::Error>; }
pub trait AsRef<T> { fn as_ref(&self) -> T; }
pub trait AsMut<T> { fn as_mut(&mut self) -> T; }
pub trait Hash { fn hash<H>(&self, state: &mut H); }
pub trait Hasher { fn finish(&self) -> u64; fn write(&mut self, bytes: &[u8]); }
pub trait FromStr { type Err; fn from_str(text: &str) -> Result<Self, Self::Err>; }
pub trait FromIterator<T> { fn from_iter<I>(items: I) -> Self; }
pub trait Extend<T> { fn extend<I>(&mut self, items: I); }
pub trait Fn {} pub trait FnMut {} pub trait FnOnce {}

pub trait Clone { fn clone(&self) -> Self; fn clone_from(&mut self, other: &Self); }
impl<T> Clone for T {}
pub trait ToOwned { fn to_owned(&self) -> Self; }
impl<T> ToOwned for T {}
pub trait PartialEq { fn eq(&self, other: &Self) -> bool; fn ne(&self, other: &Self) -> bool; }
impl<T> PartialEq for T {}
pub trait PartialOrd { fn partial_cmp(&self, other: &Self) -> Option<Ordering>; }
impl<T> PartialOrd for T {}
pub trait Ord { fn cmp(&self, other: &Self) -> Ordering; fn max(self, other: Self) -> Self; fn min(self, other: Self) -> Self; }
impl<T> Ord for T {}
pub trait ToString { fn to_string(&self) -> String; }
impl<T> ToString for T {}
pub trait Into<T> { fn into(self) -> T; }
impl<T> Into<T> for T {}
pub trait TryInto<T> { fn try_into(self) -> Result<T, ()>; }
impl<T> TryInto<T> for T {}
pub trait Borrow<T> { fn borrow(&self) -> Self; }
impl<T> Borrow<T> for T {}
pub trait BorrowMut<T> { fn borrow_mut(&mut self) -> Self; }
impl<T> BorrowMut<T> for T {}

pub enum Ordering { Less, Equal, Greater, Relaxed, Release, Acquire, AcqRel, SeqCst }
impl Ordering {
    fn reverse(self) -> Ordering;
    fn then(self, other: Ordering) -> Ordering;
    fn then_with<F: FnOnce() -> Ordering>(self, f: F) -> Ordering;
    fn is_eq(self) -> bool;
    fn is_lt(self) -> bool;
    fn is_gt(self) -> bool;
}

pub trait IntoIterator { type Item; fn into_iter(self) -> Seq<Self::Item>; }
pub trait Iterator {
    type Item;
    fn next(&mut self) -> Option<Self::Item>;
    fn size_hint(&self) -> (usize, Option<usize>);
    fn count(self) -> usize;
    fn last(self) -> Option<Self::Item>;
    fn nth(&mut self, n: usize) -> Option<Self::Item>;
    fn step_by(self, by: usize) -> Seq<Self::Item>;
    fn chain<U>(self, other: U) -> Seq<Self::Item>;
    fn zip<U: IntoIterator>(self, other: U) -> Seq<(Self::Item, U::Item)>;
    fn map<B, F: FnMut(Self::Item) -> B>(self, f: F) -> Seq<B>;
    fn for_each<F: FnMut(Self::Item)>(self, f: F);
    fn filter<F: FnMut(Self::Item) -> bool>(self, f: F) -> Seq<Self::Item>;
    fn filter_map<B, F: FnMut(Self::Item) -> Option<B>>(self, f: F) -> Seq<B>;
    fn enumerate(self) -> Seq<(usize, Self::Item)>;
    fn peekable(self) -> Seq<Self::Item>;
    fn skip_while<F: FnMut(Self::Item) -> bool>(self, f: F) -> Seq<Self::Item>;
    fn take_while<F: FnMut(Self::Item) -> bool>(self, f: F) -> Seq<Self::Item>;
    fn map_while<B, F: FnMut(Self::Item) -> Option<B>>(self, f: F) -> Seq<B>;
    fn skip(self, n: usize) -> Seq<Self::Item>;
    fn take(self, n: usize) -> Seq<Self::Item>;
    fn scan<S, B, F: FnMut(S, Self::Item) -> Option<B>>(self, start: S, f: F) -> Seq<B>;
    fn flat_map<U: IntoIterator, F: FnMut(Self::Item) -> U>(self, f: F) -> Seq<U::Item>;
    fn flatten(self) -> Seq<Item2<Self::Item>>;
    fn fuse(self) -> Self;
    fn inspect<F: FnMut(Self::Item)>(self, f: F) -> Seq<Self::Item>;
    fn by_ref(&mut self) -> Self;
    fn collect<B>(self) -> B;
    fn partition<B, F: FnMut(Self::Item) -> bool>(self, f: F) -> (B, B);
    fn fold<B, F: FnMut(B, Self::Item) -> B>(self, start: B, f: F) -> B;
    fn try_fold<B, R, F: FnMut(B, Self::Item) -> R>(&mut self, start: B, f: F) -> R;
    fn try_for_each<R, F: FnMut(Self::Item) -> R>(&mut self, f: F) -> R;
    fn reduce<F: FnMut(Self::Item, Self::Item) -> Self::Item>(self, f: F) -> Option<Self::Item>;
    fn all<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> bool;
    fn any<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> bool;
    fn find<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> Option<Self::Item>;
    fn find_map<B, F: FnMut(Self::Item) -> Option<B>>(&mut self, f: F) -> Option<B>;
    fn position<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> Option<usize>;
    fn rposition<F: FnMut(Self::Item) -> bool>(&mut self, f: F) -> Option<usize>;
    fn max(self) -> Option<Self::Item>;
    fn min(self) -> Option<Self::Item>;
    fn max_by_key<B, F: FnMut(Self::Item) -> B>(self, f: F) -> Option<Self::Item>;
    fn max_by<F: FnMut(Self::Item, Self::Item) -> Ordering>(self, f: F) -> Option<Self::Item>;
    fn min_by_key<B, F: FnMut(Self::Item) -> B>(self, f: F) -> Option<Self::Item>;
    fn min_by<F: FnMut(Self::Item, Self::Item) -> Ordering>(self, f: F) -> Option<Self::Item>;
    fn rev(self) -> Seq<Self::Item>;
    fn unzip<A, B>(self) -> (A, B);
    fn copied(self) -> Seq<Self::Item>;
    fn cloned(self) -> Seq<Self::Item>;
    fn cycle(self) -> Seq<Self::Item>;
    fn sum<S>(self) -> S;
    fn product<S>(self) -> S;
    fn eq<U>(self, other: U) -> bool;
    fn into_iter(self) -> Self;
}
pub trait DoubleEndedIterator: Iterator { fn next_back(&mut self) -> Option<Self::Item>; }
pub trait ExactSizeIterator: Iterator { fn len(&self) -> usize; }

pub struct Seq<T>;
impl<T> Seq<T> {
    fn peek(&mut self) -> Option<T>;
    fn peek_mut(&mut self) -> Option<T>;
    fn next_if<F: FnOnce(T) -> bool>(&mut self, f: F) -> Option<T>;
    fn next_if_eq(&mut self, value: &T) -> Option<T>;
    fn next_back(&mut self) -> Option<T>;
    fn len(&self) -> usize;
    fn as_str(&self) -> &str;
    fn as_slice(&self) -> [T];
}
impl<T> Iterator for Seq<T> { type Item = T; }
pub fn repeat<T>(value: T) -> Seq<T>;
pub fn once<T>(value: T) -> Seq<T>;
pub fn empty<T>() -> Seq<T>;
pub fn from_fn<T, F: FnMut() -> Option<T>>(f: F) -> Seq<T>;
pub fn successors<T, F: FnMut(T) -> Option<T>>(first: Option<T>, f: F) -> Seq<T>;

// What adapters of any iterator are called: they give what it gives.
pub struct Peekable<I>;
impl<I> Iterator for Peekable<I> {}
impl<I> Peekable<I> {
    fn peek(&mut self) -> Option<Iterator::Item>;
    fn peek_mut(&mut self) -> Option<Iterator::Item>;
    fn next_if<F: FnOnce(Iterator::Item) -> bool>(&mut self, f: F) -> Option<Iterator::Item>;
    fn next_if_eq<T>(&mut self, value: &T) -> Option<Iterator::Item>;
}
pub struct Rev<I>; pub struct Skip<I>; pub struct Take<I>; pub struct StepBy<I>; pub struct Fuse<I>; pub struct Cycle<I>;
pub struct Cloned<I>; pub struct Copied<I>; pub struct Chain<I, J>; pub struct Filter<I, F>; pub struct TakeWhile<I, F>;
pub struct SkipWhile<I, F>;
impl<I> Iterator for Rev<I> {} impl<I> Iterator for Skip<I> {} impl<I> Iterator for Take<I> {}
impl<I> Iterator for StepBy<I> {} impl<I> Iterator for Fuse<I> {} impl<I> Iterator for Cycle<I> {}
impl<I> Iterator for Cloned<I> {} impl<I> Iterator for Copied<I> {} impl<I, J> Iterator for Chain<I, J> {}
impl<I, F> Iterator for Filter<I, F> {} impl<I, F> Iterator for TakeWhile<I, F> {} impl<I, F> Iterator for SkipWhile<I, F> {}
pub type Chars = Seq<char>;
pub type CharIndices = Seq<(usize, char)>;
pub type Bytes = Seq<u8>;
pub type Lines = Seq<&str>;
pub type Split<P> = Seq<&str>;
pub type SplitWhitespace = Seq<&str>;
pub type Iter<T> = Seq<T>;
pub type IterMut<T> = Seq<T>;
pub type IntoIter<T> = Seq<T>;
pub type Drain<T> = Seq<T>;
pub type Windows<T> = Seq<[T]>;
pub type Chunks<T> = Seq<[T]>;
pub type Args = Seq<String>;
pub type Components = Seq<Component>;
pub mod hash_map {
    pub type Iter<K, V> = Seq<(K, V)>;
    pub type IterMut<K, V> = Seq<(K, V)>;
    pub type IntoIter<K, V> = Seq<(K, V)>;
    pub type Drain<K, V> = Seq<(K, V)>;
    pub type Keys<K, V> = Seq<K>;
    pub type Values<K, V> = Seq<V>;
    pub type ValuesMut<K, V> = Seq<V>;
}
pub mod btree_map {
    pub type Iter<K, V> = Seq<(K, V)>;
    pub type IterMut<K, V> = Seq<(K, V)>;
    pub type IntoIter<K, V> = Seq<(K, V)>;
    pub type Range<K, V> = Seq<(K, V)>;
    pub type Keys<K, V> = Seq<K>;
    pub type Values<K, V> = Seq<V>;
    pub type ValuesMut<K, V> = Seq<V>;
}

pub struct Range<T> { pub start: T, pub end: T }
impl<T> Iterator for Range<T> { type Item = T; }
impl<T> Range<T> { fn contains(&self, value: &T) -> bool; fn is_empty(&self) -> bool; }
pub struct RangeInclusive<T>;
impl<T> Iterator for RangeInclusive<T> { type Item = T; }
impl<T> RangeInclusive<T> { fn new(start: T, end: T) -> Self; fn contains(&self, value: &T) -> bool; fn is_empty(&self) -> bool; fn start(&self) -> T; fn end(&self) -> T; fn into_inner(self) -> (T, T); }
pub struct RangeFrom<T> { pub start: T }
impl<T> Iterator for RangeFrom<T> { type Item = T; }
impl<T> RangeFrom<T> { fn contains(&self, value: &T) -> bool; }
pub struct RangeTo<T> { pub end: T }
impl<T> RangeTo<T> { fn contains(&self, value: &T) -> bool; }
pub struct RangeToInclusive<T> { pub end: T }
impl<T> RangeToInclusive<T> { fn contains(&self, value: &T) -> bool; }
pub struct RangeFull;

pub struct Slice<T>;
impl<T> Slice<T> {
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn first(&self) -> Option<T>;
    fn first_mut(&mut self) -> Option<T>;
    fn last(&self) -> Option<T>;
    fn last_mut(&mut self) -> Option<T>;
    fn split_first(&self) -> Option<(T, [T])>;
    fn split_last(&self) -> Option<(T, [T])>;
    fn get(&self, at: usize) -> Option<T>;
    fn get_mut(&mut self, at: usize) -> Option<T>;
    fn get_unchecked(&self, at: usize) -> T;
    fn get_unchecked_mut(&mut self, at: usize) -> T;
    fn as_ptr(&self) -> T;
    fn as_mut_ptr(&mut self) -> T;
    fn swap(&mut self, a: usize, b: usize);
    fn reverse(&mut self);
    fn iter(&self) -> Seq<T>;
    fn iter_mut(&mut self) -> Seq<T>;
    fn windows(&self, size: usize) -> Seq<[T]>;
    fn chunks(&self, size: usize) -> Seq<[T]>;
    fn chunks_exact(&self, size: usize) -> Seq<[T]>;
    fn chunks_mut(&mut self, size: usize) -> Seq<[T]>;
    fn split_at(&self, at: usize) -> ([T], [T]);
    fn split_at_mut(&mut self, at: usize) -> ([T], [T]);
    fn split<F: FnMut(T) -> bool>(&self, f: F) -> Seq<[T]>;
    fn contains(&self, value: &T) -> bool;
    fn starts_with(&self, value: &[T]) -> bool;
    fn ends_with(&self, value: &[T]) -> bool;
    fn strip_prefix(&self, value: &[T]) -> Option<[T]>;
    fn strip_suffix(&self, value: &[T]) -> Option<[T]>;
    fn binary_search(&self, value: &T) -> Result<usize, usize>;
    fn binary_search_by<F: FnMut(T) -> Ordering>(&self, f: F) -> Result<usize, usize>;
    fn binary_search_by_key<B, F: FnMut(T) -> B>(&self, key: &B, f: F) -> Result<usize, usize>;
    fn partition_point<F: FnMut(T) -> bool>(&self, f: F) -> usize;
    fn sort(&mut self);
    fn sort_by<F: FnMut(T, T) -> Ordering>(&mut self, f: F);
    fn sort_by_key<B, F: FnMut(T) -> B>(&mut self, f: F);
    fn sort_unstable(&mut self);
    fn sort_unstable_by<F: FnMut(T, T) -> Ordering>(&mut self, f: F);
    fn sort_unstable_by_key<B, F: FnMut(T) -> B>(&mut self, f: F);
    fn to_vec(&self) -> Vec<T>;
    fn to_owned(&self) -> Vec<T>;
    fn into_vec(self) -> Vec<T>;
    fn join(&self, by: &str) -> String;
    fn concat(&self) -> T;
    fn fill(&mut self, value: T);
    fn copy_from_slice(&mut self, from: &[T]);
    fn clone_from_slice(&mut self, from: &[T]);
    fn as_ref(&self) -> [T];
    fn as_mut(&mut self) -> [T];
    fn as_slice(&self) -> [T];
    fn map<U, F: FnMut(T) -> U>(self, f: F) -> [U];
    fn is_ascii(&self) -> bool;
}
impl<T> IntoIterator for Slice<T> { type Item = T; }
impl<T> Index<usize> for Slice<T> { type Output = T; }

pub struct Vec<T>;
impl<T> Deref for Vec<T> { type Target = [T]; }
impl<T> IntoIterator for Vec<T> { type Item = T; }
impl<T> Index<usize> for Vec<T> { type Output = T; }
impl<T> Vec<T> {
    fn new() -> Vec<T>;
    fn with_capacity(n: usize) -> Vec<T>;
    fn from<V>(value: V) -> Vec<T>;
    fn capacity(&self) -> usize;
    fn reserve(&mut self, n: usize);
    fn shrink_to_fit(&mut self);
    fn into_boxed_slice(self) -> Box<[T]>;
    fn truncate(&mut self, n: usize);
    fn as_slice(&self) -> [T];
    fn as_mut_slice(&mut self) -> [T];
    fn swap_remove(&mut self, at: usize) -> T;
    fn insert(&mut self, at: usize, value: T);
    fn remove(&mut self, at: usize) -> T;
    fn retain<F: FnMut(T) -> bool>(&mut self, f: F);
    fn retain_mut<F: FnMut(T) -> bool>(&mut self, f: F);
    fn dedup(&mut self);
    fn dedup_by_key<K, F: FnMut(T) -> K>(&mut self, f: F);
    fn push(&mut self, value: T);
    fn pop(&mut self) -> Option<T>;
    fn append(&mut self, other: &mut Vec<T>);
    fn extend<I>(&mut self, items: I);
    fn extend_from_slice(&mut self, items: &[T]);
    fn drain<R>(&mut self, range: R) -> Seq<T>;
    fn clear(&mut self);
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn split_off(&mut self, at: usize) -> Vec<T>;
    fn resize(&mut self, n: usize, value: T);
    fn resize_with<F: FnMut() -> T>(&mut self, n: usize, f: F);
    fn to_owned(&self) -> Vec<T>;
}

pub struct VecDeque<T>;
impl<T> IntoIterator for VecDeque<T> { type Item = T; }
impl<T> Index<usize> for VecDeque<T> { type Output = T; }
impl<T> VecDeque<T> {
    fn new() -> VecDeque<T>;
    fn with_capacity(n: usize) -> VecDeque<T>;
    fn get(&self, at: usize) -> Option<T>;
    fn get_mut(&mut self, at: usize) -> Option<T>;
    fn front(&self) -> Option<T>;
    fn front_mut(&mut self) -> Option<T>;
    fn back(&self) -> Option<T>;
    fn back_mut(&mut self) -> Option<T>;
    fn pop_front(&mut self) -> Option<T>;
    fn pop_back(&mut self) -> Option<T>;
    fn push_front(&mut self, value: T);
    fn push_back(&mut self, value: T);
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn iter(&self) -> Seq<T>;
    fn iter_mut(&mut self) -> Seq<T>;
    fn drain<R>(&mut self, range: R) -> Seq<T>;
    fn clear(&mut self);
    fn contains(&self, value: &T) -> bool;
    fn remove(&mut self, at: usize) -> Option<T>;
    fn extend<I>(&mut self, items: I);
    fn append(&mut self, other: &mut VecDeque<T>);
    fn retain<F: FnMut(T) -> bool>(&mut self, f: F);
}
pub struct LinkedList<T>;
impl<T> IntoIterator for LinkedList<T> { type Item = T; }
impl<T> LinkedList<T> {
    fn new() -> LinkedList<T>;
    fn pop_front(&mut self) -> Option<T>;
    fn pop_back(&mut self) -> Option<T>;
    fn push_back(&mut self, value: T);
    fn push_front(&mut self, value: T);
    fn iter(&self) -> Seq<T>;
}
pub struct BinaryHeap<T>;
impl<T> IntoIterator for BinaryHeap<T> { type Item = T; }
impl<T> BinaryHeap<T> {
    fn new() -> BinaryHeap<T>;
    fn push(&mut self, value: T);
    fn pop(&mut self) -> Option<T>;
    fn peek(&self) -> Option<T>;
    fn peek_mut(&mut self) -> Option<T>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn iter(&self) -> Seq<T>;
    fn into_sorted_vec(self) -> Vec<T>;
    fn into_vec(self) -> Vec<T>;
    fn clear(&mut self);
}

pub struct HashMap<K, V>;
impl<K, V> IntoIterator for HashMap<K, V> { type Item = (K, V); }
impl<K, V> Index<K> for HashMap<K, V> { type Output = V; }
impl<K, V> HashMap<K, V> {
    fn new() -> HashMap<K, V>;
    fn with_capacity(n: usize) -> HashMap<K, V>;
    fn from<T>(value: T) -> HashMap<K, V>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn clear(&mut self);
    fn keys(&self) -> Seq<K>;
    fn into_keys(self) -> Seq<K>;
    fn values(&self) -> Seq<V>;
    fn values_mut(&mut self) -> Seq<V>;
    fn into_values(self) -> Seq<V>;
    fn iter(&self) -> Seq<(K, V)>;
    fn iter_mut(&mut self) -> Seq<(K, V)>;
    fn drain(&mut self) -> Seq<(K, V)>;
    fn entry(&mut self, key: K) -> Entry<K, V>;
    fn get(&self, key: &K) -> Option<V>;
    fn get_mut(&mut self, key: &K) -> Option<V>;
    fn get_key_value(&self, key: &K) -> Option<(K, V)>;
    fn contains_key(&self, key: &K) -> bool;
    fn insert(&mut self, key: K, value: V) -> Option<V>;
    fn remove(&mut self, key: &K) -> Option<V>;
    fn remove_entry(&mut self, key: &K) -> Option<(K, V)>;
    fn retain<F: FnMut(K, V) -> bool>(&mut self, f: F);
    fn extend<I>(&mut self, items: I);
    fn reserve(&mut self, n: usize);
}
pub struct BTreeMap<K, V>;
impl<K, V> IntoIterator for BTreeMap<K, V> { type Item = (K, V); }
impl<K, V> Index<K> for BTreeMap<K, V> { type Output = V; }
impl<K, V> BTreeMap<K, V> {
    fn new() -> BTreeMap<K, V>;
    fn from<T>(value: T) -> BTreeMap<K, V>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn clear(&mut self);
    fn keys(&self) -> Seq<K>;
    fn into_keys(self) -> Seq<K>;
    fn values(&self) -> Seq<V>;
    fn values_mut(&mut self) -> Seq<V>;
    fn into_values(self) -> Seq<V>;
    fn iter(&self) -> Seq<(K, V)>;
    fn iter_mut(&mut self) -> Seq<(K, V)>;
    fn range<R>(&self, range: R) -> Seq<(K, V)>;
    fn range_mut<R>(&mut self, range: R) -> Seq<(K, V)>;
    fn entry(&mut self, key: K) -> Entry<K, V>;
    fn get(&self, key: &K) -> Option<V>;
    fn get_mut(&mut self, key: &K) -> Option<V>;
    fn contains_key(&self, key: &K) -> bool;
    fn insert(&mut self, key: K, value: V) -> Option<V>;
    fn remove(&mut self, key: &K) -> Option<V>;
    fn first_key_value(&self) -> Option<(K, V)>;
    fn last_key_value(&self) -> Option<(K, V)>;
    fn pop_first(&mut self) -> Option<(K, V)>;
    fn pop_last(&mut self) -> Option<(K, V)>;
    fn retain<F: FnMut(K, V) -> bool>(&mut self, f: F);
    fn extend<I>(&mut self, items: I);
}
pub enum Entry<K, V> { Occupied(OccupiedEntry<K, V>), Vacant(VacantEntry<K, V>) }
impl<K, V> Entry<K, V> {
    fn or_insert(self, value: V) -> V;
    fn or_insert_with<F: FnOnce() -> V>(self, f: F) -> V;
    fn or_default(self) -> V;
    fn and_modify<F: FnOnce(V)>(self, f: F) -> Entry<K, V>;
    fn key(&self) -> K;
}
pub struct OccupiedEntry<K, V>;
impl<K, V> OccupiedEntry<K, V> {
    fn key(&self) -> K;
    fn get(&self) -> V;
    fn get_mut(&mut self) -> V;
    fn into_mut(self) -> V;
    fn insert(&mut self, value: V) -> V;
    fn remove(self) -> V;
}
pub struct VacantEntry<K, V>;
impl<K, V> VacantEntry<K, V> { fn key(&self) -> K; fn insert(self, value: V) -> V; }

pub struct HashSet<T>;
impl<T> IntoIterator for HashSet<T> { type Item = T; }
impl<T> HashSet<T> {
    fn new() -> HashSet<T>;
    fn with_capacity(n: usize) -> HashSet<T>;
    fn from<V>(value: V) -> HashSet<T>;
    fn iter(&self) -> Seq<T>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn insert(&mut self, value: T) -> bool;
    fn remove(&mut self, value: &T) -> bool;
    fn contains(&self, value: &T) -> bool;
    fn get(&self, value: &T) -> Option<T>;
    fn take(&mut self, value: &T) -> Option<T>;
    fn drain(&mut self) -> Seq<T>;
    fn union(&self, other: &HashSet<T>) -> Seq<T>;
    fn intersection(&self, other: &HashSet<T>) -> Seq<T>;
    fn difference(&self, other: &HashSet<T>) -> Seq<T>;
    fn extend<I>(&mut self, items: I);
    fn clear(&mut self);
    fn retain<F: FnMut(T) -> bool>(&mut self, f: F);
}
pub struct BTreeSet<T>;
impl<T> IntoIterator for BTreeSet<T> { type Item = T; }
impl<T> BTreeSet<T> {
    fn new() -> BTreeSet<T>;
    fn from<V>(value: V) -> BTreeSet<T>;
    fn iter(&self) -> Seq<T>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn insert(&mut self, value: T) -> bool;
    fn remove(&mut self, value: &T) -> bool;
    fn contains(&self, value: &T) -> bool;
    fn first(&self) -> Option<T>;
    fn last(&self) -> Option<T>;
    fn pop_first(&mut self) -> Option<T>;
    fn range<R>(&self, range: R) -> Seq<T>;
    fn clear(&mut self);
}

pub struct Str;
impl Str {
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
    fn as_bytes(&self) -> &[u8];
    fn as_ptr(&self) -> u8;
    fn as_ref(&self) -> &str;
    fn as_str(&self) -> &str;
    fn get<I>(&self, at: I) -> Option<&str>;
    fn split_at(&self, at: usize) -> (&str, &str);
    fn chars(&self) -> Seq<char>;
    fn char_indices(&self) -> Seq<(usize, char)>;
    fn bytes(&self) -> Seq<u8>;
    fn lines(&self) -> Seq<&str>;
    fn split_whitespace(&self) -> Seq<&str>;
    fn split_ascii_whitespace(&self) -> Seq<&str>;
    fn split<P>(&self, by: P) -> Seq<&str>;
    fn splitn<P>(&self, n: usize, by: P) -> Seq<&str>;
    fn rsplit<P>(&self, by: P) -> Seq<&str>;
    fn rsplitn<P>(&self, n: usize, by: P) -> Seq<&str>;
    fn split_terminator<P>(&self, by: P) -> Seq<&str>;
    fn split_inclusive<P>(&self, by: P) -> Seq<&str>;
    fn split_once<P>(&self, by: P) -> Option<(&str, &str)>;
    fn rsplit_once<P>(&self, by: P) -> Option<(&str, &str)>;
    fn matches<P>(&self, by: P) -> Seq<&str>;
    fn match_indices<P>(&self, by: P) -> Seq<(usize, &str)>;
    fn trim(&self) -> &str;
    fn trim_start(&self) -> &str;
    fn trim_end(&self) -> &str;
    fn trim_matches<P>(&self, by: P) -> &str;
    fn trim_start_matches<P>(&self, by: P) -> &str;
    fn trim_end_matches<P>(&self, by: P) -> &str;
    fn strip_prefix<P>(&self, by: P) -> Option<&str>;
    fn strip_suffix<P>(&self, by: P) -> Option<&str>;
    fn contains<P>(&self, by: P) -> bool;
    fn starts_with<P>(&self, by: P) -> bool;
    fn ends_with<P>(&self, by: P) -> bool;
    fn find<P>(&self, by: P) -> Option<usize>;
    fn rfind<P>(&self, by: P) -> Option<usize>;
    fn parse<F>(&self) -> Result<F, F>;
    fn replace<P>(&self, from: P, to: &str) -> String;
    fn replacen<P>(&self, from: P, to: &str, n: usize) -> String;
    fn to_lowercase(&self) -> String;
    fn to_uppercase(&self) -> String;
    fn to_ascii_lowercase(&self) -> String;
    fn to_ascii_uppercase(&self) -> String;
    fn eq_ignore_ascii_case(&self, other: &str) -> bool;
    fn repeat(&self, n: usize) -> String;
    fn to_owned(&self) -> String;
    fn to_string(&self) -> String;
    fn is_char_boundary(&self, at: usize) -> bool;
    fn is_ascii(&self) -> bool;
}
pub struct String;
impl Deref for String { type Target = str; }
impl String {
    fn new() -> String;
    fn with_capacity(n: usize) -> String;
    fn from<T>(value: T) -> String;
    fn from_utf8(bytes: Vec<u8>) -> Result<String, FromUtf8Error>;
    fn from_utf8_lossy(bytes: &[u8]) -> Cow<str>;
    fn into_bytes(self) -> Vec<u8>;
    fn as_str(&self) -> &str;
    fn push_str(&mut self, text: &str);
    fn push(&mut self, c: char);
    fn pop(&mut self) -> Option<char>;
    fn truncate(&mut self, n: usize);
    fn clear(&mut self);
    fn insert(&mut self, at: usize, c: char);
    fn insert_str(&mut self, at: usize, text: &str);
    fn remove(&mut self, at: usize) -> char;
    fn drain<R>(&mut self, range: R) -> Seq<char>;
    fn into_boxed_str(self) -> Box<str>;
    fn capacity(&self) -> usize;
    fn to_owned(&self) -> String;
}
pub fn from_utf8(bytes: &[u8]) -> Result<&str, Utf8Error>;
pub fn from_utf8_unchecked(bytes: &[u8]) -> &str;
pub struct FromUtf8Error; pub struct Utf8Error; pub struct ParseIntError; pub struct ParseFloatError;

pub struct Box<T>;
impl<T> Deref for Box<T> { type Target = T; }
impl<T> Box<T> {
    fn new(value: T) -> Box<T>;
    fn pin(value: T) -> Pin<Box<T>>;
    fn from<V>(value: V) -> Box<V>;
    fn leak(value: Box<T>) -> T;
    fn into_raw(value: Box<T>) -> T;
    fn from_raw(value: T) -> Box<T>;
}
pub struct Pin<T>;
impl<T> Deref for Pin<T> { type Target = T; }
impl<T> Pin<T> {
    fn new(value: T) -> Pin<T>;
    fn new_unchecked(value: T) -> Pin<T>;
    fn as_mut(&mut self) -> Pin<T>;
    fn as_ref(&self) -> Pin<T>;
    fn get_mut(self) -> T;
    fn get_ref(self) -> T;
    fn get_unchecked_mut(self) -> T;
    fn set(&mut self, value: T);
}
pub struct Rc<T>;
impl<T> Deref for Rc<T> { type Target = T; }
impl<T> Rc<T> {
    fn new(value: T) -> Rc<T>;
    fn clone(value: &Rc<T>) -> Rc<T>;
    fn ptr_eq(a: &Rc<T>, b: &Rc<T>) -> bool;
    fn downgrade(value: &Rc<T>) -> Weak<T>;
    fn get_mut(value: &mut Rc<T>) -> Option<T>;
    fn make_mut(value: &mut Rc<T>) -> T;
    fn try_unwrap(value: Rc<T>) -> Result<T, Rc<T>>;
    fn strong_count(value: &Rc<T>) -> usize;
}
pub struct Arc<T>;
impl<T> Deref for Arc<T> { type Target = T; }
impl<T> Arc<T> {
    fn new(value: T) -> Arc<T>;
    fn clone(value: &Arc<T>) -> Arc<T>;
    fn ptr_eq(a: &Arc<T>, b: &Arc<T>) -> bool;
    fn downgrade(value: &Arc<T>) -> Weak<T>;
    fn get_mut(value: &mut Arc<T>) -> Option<T>;
    fn make_mut(value: &mut Arc<T>) -> T;
    fn try_unwrap(value: Arc<T>) -> Result<T, Arc<T>>;
    fn strong_count(value: &Arc<T>) -> usize;
    fn into_raw(value: Arc<T>) -> T;
    fn from_raw(value: T) -> Arc<T>;
    fn as_ptr(value: &Arc<T>) -> T;
}
pub struct Weak<T>;
impl<T> Weak<T> { fn new() -> Weak<T>; fn upgrade(&self) -> Option<Arc<T>>; fn clone(&self) -> Weak<T>; }
pub enum Cow<T> { Borrowed(T), Owned(T) }
impl<T> Deref for Cow<T> { type Target = T; }
impl<T> Cow<T> { fn into_owned(self) -> T; fn to_mut(&mut self) -> T; }
pub struct ManuallyDrop<T>;
impl<T> Deref for ManuallyDrop<T> { type Target = T; }
impl<T> ManuallyDrop<T> { fn new(value: T) -> ManuallyDrop<T>; fn into_inner(value: ManuallyDrop<T>) -> T; }
pub struct MaybeUninit<T>;
impl<T> MaybeUninit<T> {
    fn uninit() -> MaybeUninit<T>;
    fn new(value: T) -> MaybeUninit<T>;
    fn assume_init(self) -> T;
    fn assume_init_ref(&self) -> T;
    fn assume_init_mut(&mut self) -> T;
    fn write(&mut self, value: T) -> T;
    fn as_ptr(&self) -> T;
    fn as_mut_ptr(&mut self) -> T;
}
pub struct NonNull<T>;
impl<T> NonNull<T> {
    fn new(value: T) -> Option<NonNull<T>>;
    fn new_unchecked(value: T) -> NonNull<T>;
    fn from(value: T) -> NonNull<T>;
    fn as_ptr(self) -> T;
    fn as_ref(&self) -> T;
    fn as_mut(&mut self) -> T;
    fn dangling() -> NonNull<T>;
}
pub struct PhantomData<T>;

pub struct Cell<T>;
impl<T> Cell<T> {
    fn new(value: T) -> Cell<T>;
    fn get(&self) -> T;
    fn set(&self, value: T);
    fn take(&self) -> T;
    fn replace(&self, value: T) -> T;
}
pub struct RefCell<T>;
impl<T> RefCell<T> {
    fn new(value: T) -> RefCell<T>;
    fn borrow(&self) -> Ref<T>;
    fn borrow_mut(&self) -> RefMut<T>;
    fn try_borrow(&self) -> Result<Ref<T>, BorrowError>;
    fn try_borrow_mut(&self) -> Result<RefMut<T>, BorrowError>;
    fn into_inner(self) -> T;
    fn get_mut(&mut self) -> T;
    fn replace(&self, value: T) -> T;
    fn take(&self) -> T;
}
pub struct UnsafeCell<T>;
impl<T> UnsafeCell<T> { fn new(value: T) -> UnsafeCell<T>; fn get(&self) -> T; fn get_mut(&mut self) -> T; fn into_inner(self) -> T; }
pub struct BorrowError;
pub struct Ref<T>;
impl<T> Deref for Ref<T> { type Target = T; }
pub struct RefMut<T>;
impl<T> Deref for RefMut<T> { type Target = T; }
pub struct OnceCell<T>;
impl<T> OnceCell<T> {
    fn new() -> OnceCell<T>;
    fn get(&self) -> Option<T>;
    fn get_mut(&mut self) -> Option<T>;
    fn set(&self, value: T) -> Result<(), T>;
    fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> T;
}
pub struct OnceLock<T>;
impl<T> OnceLock<T> {
    fn new() -> OnceLock<T>;
    fn get(&self) -> Option<T>;
    fn set(&self, value: T) -> Result<(), T>;
    fn get_or_init<F: FnOnce() -> T>(&self, f: F) -> T;
}
pub struct LazyLock<T>;
impl<T> Deref for LazyLock<T> { type Target = T; }
impl<T> LazyLock<T> { fn new<F: FnOnce() -> T>(f: F) -> LazyLock<T>; }
pub struct LocalKey<T>;
impl<T> LocalKey<T> { fn with<R, F: FnOnce(T) -> R>(&self, f: F) -> R; fn try_with<R, F: FnOnce(T) -> R>(&self, f: F) -> Result<R, AccessError>; }
impl<T> LocalKey<RefCell<T>> { fn with_borrow<R, F: FnOnce(T) -> R>(&self, f: F) -> R; fn with_borrow_mut<R, F: FnOnce(T) -> R>(&self, f: F) -> R; fn replace(&self, value: T) -> T; fn take(&self) -> T; }
impl<T> LocalKey<Cell<T>> { fn get(&self) -> T; fn set(&self, value: T); }
pub struct AccessError;

pub struct Mutex<T>;
impl<T> Mutex<T> {
    fn new(value: T) -> Mutex<T>;
    fn lock(&self) -> LockResult<MutexGuard<T>>;
    fn try_lock(&self) -> LockResult<MutexGuard<T>>;
    fn into_inner(self) -> LockResult<T>;
    fn get_mut(&mut self) -> LockResult<T>;
}
pub type LockResult<T> = Result<T, PoisonError<T>>;
pub struct PoisonError<T>;
impl<T> PoisonError<T> { fn into_inner(self) -> T; }
pub struct MutexGuard<T>;
impl<T> Deref for MutexGuard<T> { type Target = T; }
pub struct RwLock<T>;
impl<T> RwLock<T> {
    fn new(value: T) -> RwLock<T>;
    fn read(&self) -> LockResult<RwLockReadGuard<T>>;
    fn write(&self) -> LockResult<RwLockWriteGuard<T>>;
    fn into_inner(self) -> LockResult<T>;
}
pub struct RwLockReadGuard<T>;
impl<T> Deref for RwLockReadGuard<T> { type Target = T; }
pub struct RwLockWriteGuard<T>;
impl<T> Deref for RwLockWriteGuard<T> { type Target = T; }
pub struct Condvar;
impl Condvar {
    fn new() -> Condvar;
    fn wait<T>(&self, guard: MutexGuard<T>) -> LockResult<MutexGuard<T>>;
    fn notify_one(&self);
    fn notify_all(&self);
}
pub trait Atomic {}
pub struct AtomicBool; pub struct AtomicUsize; pub struct AtomicU8; pub struct AtomicU32; pub struct AtomicU64;
pub struct AtomicI32; pub struct AtomicI64; pub struct AtomicIsize;
impl AtomicBool { fn new(v: bool) -> AtomicBool; fn load(&self, o: Ordering) -> bool; fn store(&self, v: bool, o: Ordering); fn swap(&self, v: bool, o: Ordering) -> bool; }
impl AtomicUsize { fn new(v: usize) -> AtomicUsize; fn load(&self, o: Ordering) -> usize; fn store(&self, v: usize, o: Ordering); fn fetch_add(&self, v: usize, o: Ordering) -> usize; fn fetch_sub(&self, v: usize, o: Ordering) -> usize; fn fetch_or(&self, v: usize, o: Ordering) -> usize; fn fetch_and(&self, v: usize, o: Ordering) -> usize; fn swap(&self, v: usize, o: Ordering) -> usize; fn compare_exchange(&self, a: usize, b: usize, o: Ordering, p: Ordering) -> Result<usize, usize>; fn compare_exchange_weak(&self, a: usize, b: usize, o: Ordering, p: Ordering) -> Result<usize, usize>; }
impl AtomicU64 { fn new(v: u64) -> AtomicU64; fn load(&self, o: Ordering) -> u64; fn store(&self, v: u64, o: Ordering); fn fetch_add(&self, v: u64, o: Ordering) -> u64; fn fetch_sub(&self, v: u64, o: Ordering) -> u64; }
impl AtomicU32 { fn new(v: u32) -> AtomicU32; fn load(&self, o: Ordering) -> u32; fn store(&self, v: u32, o: Ordering); fn fetch_add(&self, v: u32, o: Ordering) -> u32; fn fetch_sub(&self, v: u32, o: Ordering) -> u32; }
pub struct AtomicPtr<T>;
impl<T> AtomicPtr<T> { fn new(v: T) -> AtomicPtr<T>; fn load(&self, o: Ordering) -> T; fn store(&self, v: T, o: Ordering); fn swap(&self, v: T, o: Ordering) -> T; }

pub struct Sender<T>; pub struct SyncSender<T>; pub struct Receiver<T>;
impl<T> Sender<T> { fn send(&self, value: T) -> Result<(), SendError<T>>; }
impl<T> SyncSender<T> { fn send(&self, value: T) -> Result<(), SendError<T>>; }
impl<T> Receiver<T> { fn recv(&self) -> Result<T, RecvError>; fn try_recv(&self) -> Result<T, RecvError>; fn iter(&self) -> Seq<T>; }
impl<T> IntoIterator for Receiver<T> { type Item = T; }
pub struct SendError<T>; pub struct RecvError;
pub fn channel<T>() -> (Sender<T>, Receiver<T>);
pub fn sync_channel<T>(n: usize) -> (SyncSender<T>, Receiver<T>);
pub struct Thread;
impl Thread { fn unpark(&self); fn id(&self) -> ThreadId; fn name(&self) -> Option<&str>; }
pub struct ThreadId;
pub struct JoinHandle<T>;
impl<T> JoinHandle<T> { fn join(self) -> Result<T, Box<Any>>; fn thread(&self) -> &Thread; fn is_finished(&self) -> bool; }
pub mod thread {
    pub fn spawn<T, F: FnOnce() -> T>(f: F) -> JoinHandle<T>;
    pub fn current() -> Thread;
    pub fn scope<T, F: FnOnce(Scope) -> T>(f: F) -> T;
    pub fn sleep(time: Duration);
    pub struct Scope;
    impl Scope { fn spawn<T, F: FnOnce() -> T>(&self, f: F) -> JoinHandle<T>; }
    pub struct Builder;
    impl Builder { fn new() -> Builder; fn name(self, name: String) -> Builder; fn stack_size(self, n: usize) -> Builder; fn spawn<T, F: FnOnce() -> T>(self, f: F) -> io::Result<JoinHandle<T>>; }
}

pub trait Future { type Output; fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<Self::Output>; }
pub trait IntoFuture { type Output; fn into_future(self) -> Self; }
pub enum Poll<T> { Ready(T), Pending }
impl<T> Poll<T> { fn is_ready(&self) -> bool; fn is_pending(&self) -> bool; fn map<U, F: FnOnce(T) -> U>(self, f: F) -> Poll<U>; }
pub struct Context;
impl Context { fn waker(&self) -> &Waker; fn from_waker(waker: &Waker) -> Context; }
pub struct Waker;
impl Waker { fn wake(self); fn wake_by_ref(&self); fn will_wake(&self, other: &Waker) -> bool; fn clone(&self) -> Waker; }
pub enum ControlFlow<B, C> { Continue(C), Break(B) }

pub struct Duration;
impl Duration {
    fn from_secs(n: u64) -> Duration;
    fn from_millis(n: u64) -> Duration;
    fn from_micros(n: u64) -> Duration;
    fn from_nanos(n: u64) -> Duration;
    fn from_secs_f64(n: f64) -> Duration;
    fn as_secs(&self) -> u64;
    fn as_millis(&self) -> u128;
    fn as_micros(&self) -> u128;
    fn as_nanos(&self) -> u128;
    fn as_secs_f64(&self) -> f64;
    fn subsec_nanos(&self) -> u32;
    fn subsec_millis(&self) -> u32;
    fn checked_sub(self, other: Duration) -> Option<Duration>;
    fn checked_add(self, other: Duration) -> Option<Duration>;
    fn saturating_sub(self, other: Duration) -> Duration;
}
pub struct Instant;
impl Instant {
    fn now() -> Instant;
    fn elapsed(&self) -> Duration;
    fn duration_since(&self, other: Instant) -> Duration;
    fn checked_add(&self, by: Duration) -> Option<Instant>;
    fn saturating_duration_since(&self, other: Instant) -> Duration;
}
pub struct SystemTime;
impl SystemTime { fn now() -> SystemTime; fn duration_since(&self, other: SystemTime) -> Result<Duration, SystemTimeError>; fn elapsed(&self) -> Result<Duration, SystemTimeError>; }
pub struct SystemTimeError;

pub struct Path;
impl Path {
    fn new<S>(text: &S) -> &Path;
    fn as_os_str(&self) -> &OsStr;
    fn as_ref(&self) -> &Path;
    fn to_str(&self) -> Option<&str>;
    fn to_string_lossy(&self) -> Cow<str>;
    fn to_path_buf(&self) -> PathBuf;
    fn to_owned(&self) -> PathBuf;
    fn is_absolute(&self) -> bool;
    fn parent(&self) -> Option<&Path>;
    fn file_name(&self) -> Option<&OsStr>;
    fn file_stem(&self) -> Option<&OsStr>;
    fn extension(&self) -> Option<&OsStr>;
    fn strip_prefix<P>(&self, base: P) -> Result<&Path, StripPrefixError>;
    fn starts_with<P>(&self, base: P) -> bool;
    fn ends_with<P>(&self, base: P) -> bool;
    fn join<P>(&self, path: P) -> PathBuf;
    fn with_file_name<S>(&self, name: S) -> PathBuf;
    fn with_extension<S>(&self, name: S) -> PathBuf;
    fn components(&self) -> Seq<Component>;
    fn ancestors(&self) -> Seq<&Path>;
    fn display(&self) -> String;
    fn metadata(&self) -> io::Result<Metadata>;
    fn canonicalize(&self) -> io::Result<PathBuf>;
    fn exists(&self) -> bool;
    fn is_file(&self) -> bool;
    fn is_dir(&self) -> bool;
}
pub struct PathBuf;
impl Deref for PathBuf { type Target = Path; }
impl PathBuf {
    fn new() -> PathBuf;
    fn from<T>(value: T) -> PathBuf;
    fn as_path(&self) -> &Path;
    fn push<P>(&mut self, path: P);
    fn pop(&mut self) -> bool;
    fn into_os_string(self) -> OsString;
    fn set_extension<S>(&mut self, name: S) -> bool;
    fn to_owned(&self) -> PathBuf;
}
pub enum Component { Prefix, RootDir, CurDir, ParentDir, Normal(OsStr) }
pub struct StripPrefixError;
pub struct OsStr;
impl OsStr {
    fn new<S>(text: &S) -> &OsStr;
    fn to_str(&self) -> Option<&str>;
    fn to_string_lossy(&self) -> Cow<str>;
    fn to_os_string(&self) -> OsString;
    fn to_owned(&self) -> OsString;
    fn as_bytes(&self) -> &[u8];
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
}
pub struct OsString;
impl Deref for OsString { type Target = OsStr; }
impl OsString {
    fn new() -> OsString;
    fn from<T>(value: T) -> OsString;
    fn as_os_str(&self) -> &OsStr;
    fn into_string(self) -> Result<String, OsString>;
    fn push<S>(&mut self, text: S);
}
pub struct CString; pub struct CStr;

pub struct Formatter;
impl Formatter {
    fn write_str(&mut self, text: &str) -> fmt::Result;
    fn write_fmt(&mut self, args: Arguments) -> fmt::Result;
    fn debug_struct(&mut self, name: &str) -> DebugStruct;
    fn debug_tuple(&mut self, name: &str) -> DebugStruct;
    fn debug_list(&mut self) -> DebugStruct;
    fn debug_map(&mut self) -> DebugStruct;
    fn alternate(&self) -> bool;
    fn pad(&mut self, text: &str) -> fmt::Result;
    fn width(&self) -> Option<usize>;
}
pub struct Arguments;
pub struct DebugStruct;
impl DebugStruct {
    fn field<T>(&mut self, name: &str, value: &T) -> DebugStruct;
    fn entry<T>(&mut self, value: &T) -> DebugStruct;
    fn entries<T>(&mut self, values: T) -> DebugStruct;
    fn finish(&mut self) -> fmt::Result;
    fn finish_non_exhaustive(&mut self) -> fmt::Result;
}
pub mod fmt {
    pub type Result = super::Result<(), Error>;
    pub struct Error;
    pub trait Write { fn write_str(&mut self, text: &str) -> fmt::Result; fn write_char(&mut self, c: char) -> fmt::Result; }
}
pub mod io {
    pub type Result<T> = super::Result<T, Error>;
    pub struct Error;
    impl Error {
        fn new<E>(kind: ErrorKind, error: E) -> Error;
        fn other<E>(error: E) -> Error;
        fn from<E>(error: E) -> Error;
        fn kind(&self) -> ErrorKind;
        fn last_os_error() -> Error;
        fn from_raw_os_error(code: i32) -> Error;
        fn raw_os_error(&self) -> Option<i32>;
        fn to_string(&self) -> String;
    }
    pub trait Read {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize>;
        fn read_to_end(&mut self, buffer: &mut Vec<u8>) -> io::Result<usize>;
        fn read_to_string(&mut self, buffer: &mut String) -> io::Result<usize>;
        fn read_exact(&mut self, buffer: &mut [u8]) -> io::Result<()>;
        fn bytes(self) -> Seq<io::Result<u8>>;
        fn take(self, n: u64) -> Self;
        fn by_ref(&mut self) -> Self;
    }
    pub trait Write {
        fn write(&mut self, buffer: &[u8]) -> io::Result<usize>;
        fn write_all(&mut self, buffer: &[u8]) -> io::Result<()>;
        fn write_fmt(&mut self, args: Arguments) -> io::Result<()>;
        fn flush(&mut self) -> io::Result<()>;
        fn by_ref(&mut self) -> Self;
    }
    pub trait BufRead: Read {
        fn lines(self) -> Seq<io::Result<String>>;
        fn read_line(&mut self, buffer: &mut String) -> io::Result<usize>;
        fn read_until(&mut self, byte: u8, buffer: &mut Vec<u8>) -> io::Result<usize>;
        fn fill_buf(&mut self) -> io::Result<&[u8]>;
        fn consume(&mut self, n: usize);
        fn split(self, byte: u8) -> Seq<io::Result<Vec<u8>>>;
    }
    pub trait Seek { fn seek(&mut self, to: SeekFrom) -> io::Result<u64>; }
}
pub enum ErrorKind { NotFound, PermissionDenied, AlreadyExists, WouldBlock, InvalidInput, InvalidData, TimedOut, WriteZero, Interrupted, UnexpectedEof, BrokenPipe, Other }
pub enum SeekFrom { Start(u64), End(i64), Current(i64) }
pub struct BufReader<R>;
impl<R> BufReader<R> { fn new(inner: R) -> BufReader<R>; fn get_ref(&self) -> R; fn get_mut(&mut self) -> R; fn into_inner(self) -> R; }
impl<R> io::BufRead for BufReader<R> {}
pub struct BufWriter<W>;
impl<W> BufWriter<W> { fn new(inner: W) -> BufWriter<W>; fn get_ref(&self) -> W; fn get_mut(&mut self) -> W; fn into_inner(self) -> Result<W, io::Error>; }
impl<W> io::Write for BufWriter<W> {}
pub struct Cursor<T>;
impl<T> Cursor<T> { fn new(inner: T) -> Cursor<T>; fn get_ref(&self) -> T; fn get_mut(&mut self) -> T; fn into_inner(self) -> T; fn position(&self) -> u64; fn set_position(&mut self, at: u64); }
impl<T> io::BufRead for Cursor<T> {}
pub struct Stdin; pub struct Stdout; pub struct Stderr; pub struct StdoutLock; pub struct StdinLock;
impl Stdin { fn lock(&self) -> StdinLock; fn read_line(&self, buffer: &mut String) -> io::Result<usize>; fn lines(self) -> Seq<io::Result<String>>; }
impl Stdout { fn lock(&self) -> StdoutLock; }
impl Stderr { fn lock(&self) -> StdoutLock; }
impl io::Write for Stdout {} impl io::Write for Stderr {} impl io::Write for StdoutLock {} impl io::BufRead for StdinLock {} impl io::Read for Stdin {}
pub fn stdin() -> Stdin;
pub fn stdout() -> Stdout;
pub fn stderr() -> Stderr;
pub struct File;
impl File {
    fn open<P>(path: P) -> io::Result<File>;
    fn create<P>(path: P) -> io::Result<File>;
    fn options() -> OpenOptions;
    fn metadata(&self) -> io::Result<Metadata>;
    fn try_clone(&self) -> io::Result<File>;
    fn set_len(&self, n: u64) -> io::Result<()>;
    fn sync_all(&self) -> io::Result<()>;
}
impl io::Read for File {} impl io::Write for File {} impl io::Seek for File {}
pub struct OpenOptions;
impl OpenOptions {
    fn new() -> OpenOptions;
    fn read(&mut self, yes: bool) -> OpenOptions;
    fn write(&mut self, yes: bool) -> OpenOptions;
    fn append(&mut self, yes: bool) -> OpenOptions;
    fn create(&mut self, yes: bool) -> OpenOptions;
    fn truncate(&mut self, yes: bool) -> OpenOptions;
    fn open<P>(&self, path: P) -> io::Result<File>;
}
pub struct Metadata;
impl Metadata { fn len(&self) -> u64; fn is_file(&self) -> bool; fn is_dir(&self) -> bool; fn file_type(&self) -> FileType; fn modified(&self) -> io::Result<SystemTime>; fn created(&self) -> io::Result<SystemTime>; fn accessed(&self) -> io::Result<SystemTime>; }
pub struct FileType;
impl FileType { fn is_file(&self) -> bool; fn is_dir(&self) -> bool; fn is_symlink(&self) -> bool; }
pub struct DirEntry;
impl DirEntry { fn path(&self) -> PathBuf; fn file_name(&self) -> OsString; fn metadata(&self) -> io::Result<Metadata>; fn file_type(&self) -> io::Result<FileType>; }
pub fn read_dir<P>(path: P) -> io::Result<Seq<io::Result<DirEntry>>>;
pub fn read_to_string<P>(path: P) -> io::Result<String>;
pub fn canonicalize<P>(path: P) -> io::Result<PathBuf>;
pub fn current_dir() -> io::Result<PathBuf>;
pub fn current_exe() -> io::Result<PathBuf>;
pub fn args() -> Seq<String>;
pub fn args_os() -> Seq<OsString>;
pub fn var<S>(name: S) -> Result<String, VarError>;
pub fn var_os<S>(name: S) -> Option<OsString>;
pub struct VarError;
pub struct Command;
impl Command {
    fn new<S>(name: S) -> Command;
    fn arg<S>(&mut self, value: S) -> Command;
    fn args<I>(&mut self, values: I) -> Command;
    fn env<K, V>(&mut self, key: K, value: V) -> Command;
    fn env_remove<K>(&mut self, key: K) -> Command;
    fn current_dir<P>(&mut self, path: P) -> Command;
    fn stdin<T>(&mut self, to: T) -> Command;
    fn stdout<T>(&mut self, to: T) -> Command;
    fn stderr<T>(&mut self, to: T) -> Command;
    fn spawn(&mut self) -> io::Result<Child>;
    fn output(&mut self) -> io::Result<Output>;
    fn status(&mut self) -> io::Result<ExitStatus>;
}
pub struct Child { pub stdin: Option<ChildStdin>, pub stdout: Option<ChildStdout>, pub stderr: Option<ChildStderr> }
impl Child { fn wait(&mut self) -> io::Result<ExitStatus>; fn kill(&mut self) -> io::Result<()>; fn wait_with_output(self) -> io::Result<Output>; fn id(&self) -> u32; }
pub struct ChildStdin; pub struct ChildStdout; pub struct ChildStderr;
impl io::Write for ChildStdin {} impl io::Read for ChildStdout {} impl io::Read for ChildStderr {}
pub struct Output { pub status: ExitStatus, pub stdout: Vec<u8>, pub stderr: Vec<u8> }
pub struct ExitStatus;
impl ExitStatus { fn success(&self) -> bool; fn code(&self) -> Option<i32>; }
pub struct ExitCode;
impl ExitCode { fn from(code: u8) -> ExitCode; }

pub fn replace<T>(place: &mut T, value: T) -> T;
pub fn take<T>(place: &mut T) -> T;
pub fn swap<T>(a: &mut T, b: &mut T);
pub fn black_box<T>(value: T) -> T;
pub fn drop<T>(value: T);
pub fn min<T>(a: T, b: T) -> T;
pub fn max<T>(a: T, b: T) -> T;
pub fn size_of<T>() -> usize;
pub fn zip<A: IntoIterator, B: IntoIterator>(a: A, b: B) -> Seq<(A::Item, B::Item)>;

// What traits of a workspace ask of a type that they are for: `impl<W: fmt::Write> Extension for W`.
impl fmt::Write for String {}
impl<T> io::Write for Vec<T> {}
impl<T> io::Read for [T] {}
impl Error for io::Error {}
impl Display for io::Error {}
impl Display for String {} impl Display for str {} impl Display for char {} impl Display for bool {}
impl Display for u8 {} impl Display for u16 {} impl Display for u32 {} impl Display for u64 {} impl Display for usize {}
impl Display for i8 {} impl Display for i16 {} impl Display for i32 {} impl Display for i64 {} impl Display for isize {}
impl Display for f32 {} impl Display for f64 {}
impl AsRef<str> for String {} impl AsRef<str> for str {}
impl AsRef<Path> for Path {} impl AsRef<Path> for PathBuf {} impl AsRef<OsStr> for OsStr {} impl AsRef<OsStr> for OsString {}
