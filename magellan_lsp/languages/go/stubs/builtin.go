// Package builtin describes the predeclared names whose types navigation needs to follow. Never shown as places.
package builtin

type bool bool
type string string
type int int
type int8 int8
type int16 int16
type int32 int32
type int64 int64
type uint uint
type uint8 uint8
type uint16 uint16
type uint32 uint32
type uint64 uint64
type uintptr uintptr
type float32 float32
type float64 float64
type complex64 complex64
type complex128 complex128
type byte = uint8
type rune = int32
type any interface{}
type comparable interface{}

type error interface {
	Error() string
}

// The types that only keywords and brackets name.
type array[T any] struct{}
type map_[K comparable, V any] struct{}
type chan_[T any] struct{}

func append[S any](slice S) S
func cap(v any) int
func clear(v any)
func close(c any)
func complex(r, i float64) complex128
func copy(dst, src any) int
func delete(m, key any)
func imag(c complex128) float64
func len(v any) int
func make(t any) any
func max[T any](x T) T
func min[T any](x T) T
func new[T any](t T) T
func panic(v any)
func print()
func println()
func real(c complex128) float64
func recover() any

const iota = 0
