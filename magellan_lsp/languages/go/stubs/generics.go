// Package generics describes the generic parts of the standard library through which a workspace's own types flow.
// A comment above each part names its package; rules.py maps import paths to the prefix.
package generics

// iter
type iter_Seq[V any] func(yield func(V) bool)
type iter_Seq2[K, V any] func(yield func(K, V) bool)

// slices
func slices_All[E any](s []E) iter_Seq2[int, E]
func slices_Values[E any](s []E) iter_Seq[E]
func slices_Backward[E any](s []E) iter_Seq2[int, E]
func slices_Clone[S any](s S) S
func slices_Collect[E any](seq iter_Seq[E]) []E
func slices_Compact[S any](s S) S
func slices_Sorted[E any](seq iter_Seq[E]) []E
func slices_Concat[S any](s S) S
func slices_Delete[S any](s S, i, j int) S
func slices_Insert[S any](s S, i int) S
func slices_Grow[S any](s S, n int) S
func slices_Clip[S any](s S) S
func slices_Repeat[S any](s S, n int) S
func slices_Max[E any](s []E) E
func slices_Min[E any](s []E) E
func slices_MaxFunc[E any](s []E, f func(a, b E) int) E
func slices_MinFunc[E any](s []E, f func(a, b E) int) E
func slices_Index[E any](s []E, v E) int
func slices_Contains[E any](s []E, v E) bool

// maps
func maps_Keys[K comparable, V any](m map[K]V) iter_Seq[K]
func maps_Values[K comparable, V any](m map[K]V) iter_Seq[V]
func maps_All[K comparable, V any](m map[K]V) iter_Seq2[K, V]
func maps_Clone[M any](m M) M
func maps_Collect[K comparable, V any](seq iter_Seq2[K, V]) map[K]V

// sync
func sync_OnceValue[T any](f func() T) func() T
func sync_OnceValues[A, B any](f func() (A, B)) func() (A, B)

// sync/atomic
type atomic_Pointer[T any] struct{}

func (p *atomic_Pointer[T]) Load() *T
func (p *atomic_Pointer[T]) Swap(new *T) *T

// cmp
func cmp_Or[T any](v T) T
