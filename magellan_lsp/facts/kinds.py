"""The closed vocabularies of the facts. The numbers are stored: append, never renumber."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class DefKind(IntEnum):
    """What a definition defines."""

    MODULE = 1  # the file itself, or a Rust `mod`, or a TypeScript `module`
    NAMESPACE = 2  # C++ / TypeScript namespace, Java package clause, Go package clause
    CLASS = 3
    STRUCT = 4
    INTERFACE = 5
    TRAIT = 6
    ENUM = 7
    UNION = 8
    TYPE_ALIAS = 9
    FUNCTION = 10
    METHOD = 11
    CONSTRUCTOR = 12
    PROPERTY = 13  # a method read like a field (Python @property, JS getter)
    FIELD = 14  # a member variable: class attribute, struct field, object-literal key
    ENUM_MEMBER = 15
    VARIABLE = 16  # module-level or local
    CONSTANT = 17
    PARAMETER = 18
    TYPE_PARAMETER = 19
    IMPORT = 20  # a local name that an import binds
    MACRO = 21
    LABEL = 22
    # a Rust impl block or a C++ out-of-class qualifier: gives scope and members, has no name of its own
    IMPL = 23
    LIFETIME = 24


class DefFlag(IntFlag):
    """What else is known of a definition."""

    # Plain integers come out: asking for a flag is among the most frequent steps of linking.
    __and__ = int.__and__  # type: ignore[assignment]
    __rand__ = int.__rand__  # type: ignore[assignment]

    NONE = 0
    EXPORTED = 1  # visible outside its file by the language's own word (pub, export, capital letter in Go)
    STATIC = 2  # reached through the type, not an instance; C: `static`
    CLASSMETHOD = 4  # its first parameter is the class
    # a member found only through an instance or receiver, never by lexical look-up (`self.x = 1`)
    INSTANCE = 8
    # says that something exists without defining it (C prototype, trait method without body)
    DECLARATION = 16
    ABSTRACT = 32
    ASYNC = 64
    GENERATOR = 128
    DEFAULT = 256  # `export default`
    OVERRIDE = 512
    DEPRECATED = 1024
    TEST = 2048  # a test function or case, by the language's convention
    VARIADIC = 4096  # `*args`, `...rest`, `T...`
    KEYWORDS = 8192  # `**kwargs`
    # visible only from its end onward in its scope (Rust let, Go :=, C locals); see FileFacts.def_visible
    REACHES = 16384
    PRIVATE = 32768
    OVERLOAD = 65536  # one of several signatures; the implementation may follow
    CALLABLE = 131072  # a variable or field whose value is evidently a function
    GLOBAL = 262144  # shared by every file of the program by bare name (C external linkage, C++ header)
    EXTENSION = 524288  # a member declared away from its type; see FileFacts.extensions
    SYNTHETIC = 1048576  # has no token of its own in the source
    # in code that an ordinary build leaves out (`#ifdef _WIN32`): other definitions of the name come first
    UNLIKELY = 2097152
    OPTIONAL = 4194304  # a parameter or member that need not be given
    CONST = 8388608  # a member function that leaves its object unchanged (C++ `void f () const`)
    READONLY = 16777216  # what it holds or gives cannot be changed through it (C++ `const A &a`)
    PROCEDURAL = 33554432  # a function that other crates use as a macro (Rust `#[proc_macro]`)
    VIRTUAL = 67108864  # a member function that those of derived classes override (C++ `virtual`)


class ScopeKind(IntEnum):
    """What a scope does to name look-up."""

    FILE = 1
    CLASS = 2  # members; whether inner functions see them lexically is the language's rule
    FUNCTION = 3
    BLOCK = 4
    COMPREHENSION = 5
    NAMESPACE = 6  # mod, namespace
    TYPE_PARAMETERS = 7


class Role(IntEnum):
    """As what a name appears at an occurrence. A reference is any role but DEFINITION."""

    DEFINITION = 1
    DECLARATION = 2
    READ = 3
    WRITE = 4
    CALL = 5
    TYPE = 6
    IMPORT = 7


class ImportFlag(IntFlag):
    """What else is known of an import."""

    # Plain integers come out: asking for a flag is among the most frequent steps of linking.
    __and__ = int.__and__  # type: ignore[assignment]
    __rand__ = int.__rand__  # type: ignore[assignment]

    NONE = 0
    STAR = 1  # every exported name of the module
    REEXPORT = 2  # also exported from here (`export … from`, `pub use`, Python `__init__` / `as x` form)
    TYPE_ONLY = 4
    STATIC = 8  # Java `import static`
    MODULE = 16  # binds the module itself, not a member of it
    SIDE_EFFECT = 32  # binds no name (`import "x"`, `#include`)
    DEFAULT = 64  # JS default import
    SYSTEM = 128  # `#include <x>`
    NAMESPACE = 256  # JS `* as ns`
    REQUIRE = 512  # CommonJS
    EXPORT_LIST = 1024  # `export { a, b as c }` without `from`
    FIRST_PART = 2048  # Python `import a.b` binds only `a`
    LEFT_OUT = 4096  # in code that an ordinary build surely leaves out (`#ifdef _WIN32`)


class ExprOp(IntEnum):
    """The operators of symbolic expressions: what a type inference needs of an expression, and no more.

    An expression is ``(op, *args)``; args are indices of other expressions unless said otherwise.
    ``name`` is an index into ``FileFacts.names``; ``def`` one of a definition of the same file.
    """

    UNKNOWN = 0
    NAME = 1  # (name, scope, name space or 0): a name that lexical look-up in the file left open
    # (def, moment): a name bound to a definition of this file, as seen at byte `moment`; 0: at any time
    DEF = 2
    MEMBER = 3  # (object, name)
    CALL = 4  # (function, *arguments)
    INDEX = 5  # (object, index expression or -1)
    GENERIC = 6  # (base, *type arguments): `List[int]`, `Vec<T>`; in value position an explicit instantiation
    NEW = 7  # (type, *arguments): an instance of a type
    AWAIT = 8  # (expression)
    ELEMENT = 9  # (expression): what iterating over it gives
    UNPACK = 10  # (expression, position int): the n-th part of a tuple-like
    LITERAL = 11  # (name of a built-in type, *element expressions)
    UNION = 12  # (*alternatives): conditional expression, `or`, several returns, `A | B` types
    LAMBDA = 13  # (def): a function value; the definition may be anonymous (SYNTHETIC)
    SELF = 14  # (def of the class-like owner): the receiver inside it
    SUPER = 15  # (def of the class-like owner)
    INSTANCE = 16  # (type expression): a value of that type (annotation, cast, struct literal)
    DEREF = 17  # (expression): `*p`
    REF = 18  # (expression): `&x`, pointer or reference to
    TUPLE = 19  # (*elements)
    TRY = 20  # (expression): Rust `?`; Go's first of (value, error)
    ENTER = 21  # (expression): what a `with` statement binds
    # (function, argument position int, parameter position int, *other arguments): what a callback gets;
    ARGUMENT = 22
    # with parameter position -1: what the function expects as that argument
    FUNCTION_TYPE = 23  # (return type or -1, *parameter types)
    POINTER = 24  # (type): type-level pointer / reference / optional wrapper that members reach through
    ARRAY = 25  # (element type): slice, array
    TYPEOF = 26  # (value expression): the type of a value, as a type
    KEY = 27  # (expression): key type of a mapping (`for k in map`)
    # (type expression): as a site's value: what a check said, holding only from site_start to site_until
    NARROW = 28
    CATCH = 29  # (type expression): instance bound by catch/except
    BASE = 30  # (def of class, n): the n-th base
    STRING = 31  # (name): a string literal's text; for import paths and dictionary keys
    CALLBACK = 32  # (def of function, n): what n-th parameter is called with in this file, where evident
    OBJECT = 33  # (def): an object literal whose members are the definition's scope
    YIELDED = 34  # (element expression): a generator yielding that
    PATH = 35  # (object, name): `A::b`, static member access through a type or module
    ASSOC = 36  # (type expression, name): associated type `T::Item`
    # (value or 0, path): the value, known by a pattern to be of the struct or enum member that `path` names
    VARIANT = 37
    BINDING = 38  # (name, type): an argument of GENERIC given by name, `Item = T`
    PARAMETER = 39  # (function value, position int): what a function of that type is given for a parameter
    INTERSECTION = 40  # (*types): a type that is all of these at once; its members are those of all
    METHOD = 41  # (object, name): a method as a value, Java `a::b`
    # (name of a built-in type, *key and value): a literal of known parts; a key is STRING (the constant as source text)
    # or any expression
    TABLE = 43
    # (value, *keys): as a site's value: a part of the definition's value is set (`d[k1][k2] = value`)
    STORED = 44
    NAMED = 42  # (name, value): an argument of a CALL that is given by its parameter's name; stands after the others
