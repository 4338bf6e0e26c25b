"""The messages of SCIP, as far as this program writes them, made from a descriptor at run time.

Numbers and names are those of the format's published schema (``scip.proto`` of the SCIP project); fields that are left out
there are simply not set here, which protobuf allows. Needs the ``protobuf`` package, which only an export loads.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from magellan_lsp.facts.kinds import DefKind

_MESSAGES: dict[str, tuple[tuple[str, int, str], ...]] = {
    "ToolInfo": (("name", 1, "string"), ("version", 2, "string"), ("arguments", 3, "string*")),
    "Metadata": (
        ("version", 1, "int32"),
        ("tool_info", 2, "ToolInfo"),
        ("project_root", 3, "string"),
        ("text_document_encoding", 4, "int32"),
    ),
    "Relationship": (
        ("symbol", 1, "string"),
        ("is_reference", 2, "bool"),
        ("is_implementation", 3, "bool"),
        ("is_type_definition", 4, "bool"),
        ("is_definition", 5, "bool"),
    ),
    "SymbolInformation": (
        ("symbol", 1, "string"),
        ("documentation", 3, "string*"),
        ("relationships", 4, "Relationship*"),
        ("kind", 5, "int32"),
        ("display_name", 6, "string"),
        ("enclosing_symbol", 8, "string"),
    ),
    "Occurrence": (
        ("range", 1, "int32*"),
        ("symbol", 2, "string"),
        ("symbol_roles", 3, "int32"),
        ("enclosing_range", 7, "int32*"),
    ),
    "Document": (
        ("language", 4, "string"),
        ("relative_path", 1, "string"),
        ("occurrences", 2, "Occurrence*"),
        ("symbols", 3, "SymbolInformation*"),
        ("position_encoding", 6, "int32"),
    ),
    "Index": (("metadata", 1, "Metadata"), ("documents", 2, "Document*")),
}

#: ``TextEncoding.UTF8`` and ``PositionEncoding.UTF8CodeUnitOffsetFromLineStart``.
UTF8_TEXT, UTF8_COLUMNS = 1, 1
#: ``SymbolRole``.
DEFINITION, IMPORT, WRITE, READ, TEST, FORWARD = 0x1, 0x2, 0x4, 0x8, 0x20, 0x40

#: ``SymbolInformation.Kind``.
KINDS: dict[int, int] = {
    DefKind.MODULE: 29,
    DefKind.NAMESPACE: 30,
    DefKind.CLASS: 7,
    DefKind.STRUCT: 49,
    DefKind.INTERFACE: 21,
    DefKind.TRAIT: 53,
    DefKind.ENUM: 11,
    DefKind.UNION: 59,
    DefKind.TYPE_ALIAS: 55,
    DefKind.FUNCTION: 17,
    DefKind.METHOD: 26,
    DefKind.CONSTRUCTOR: 9,
    DefKind.PROPERTY: 41,
    DefKind.FIELD: 15,
    DefKind.ENUM_MEMBER: 12,
    DefKind.VARIABLE: 61,
    DefKind.CONSTANT: 8,
    DefKind.PARAMETER: 37,
    DefKind.TYPE_PARAMETER: 58,
    DefKind.MACRO: 25,
}
#: ``Language``.
LANGUAGES = {
    "python": "Python",
    "javascript": "JavaScript",
    "typescript": "TypeScript",
    "tsx": "TypeScriptReact",
    "go": "Go",
    "rust": "Rust",
    "java": "Java",
    "c": "C",
    "cpp": "CPP",
}


@cache
def messages() -> dict[str, Any]:
    """The message classes, by name."""
    from google.protobuf import (  # type: ignore[import-untyped, unused-ignore]
        descriptor_pb2,
        descriptor_pool,
        message_factory,
    )

    field = descriptor_pb2.FieldDescriptorProto
    scalars = {"string": field.TYPE_STRING, "int32": field.TYPE_INT32, "bool": field.TYPE_BOOL}
    file = descriptor_pb2.FileDescriptorProto(name="scip.proto", package="scip", syntax="proto3")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field_name, number, kind in fields:
            repeated = kind.endswith("*")
            kind = kind.removesuffix("*")
            made = message.field.add(
                name=field_name,
                number=number,
                label=field.LABEL_REPEATED if repeated else field.LABEL_OPTIONAL,
            )
            if kind in scalars:
                made.type = scalars[kind]
            else:
                # Enums are written as int32, which is the same on the wire.
                made.type = field.TYPE_MESSAGE
                made.type_name = f".scip.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"scip.{name}"))
        for name in _MESSAGES
    }
