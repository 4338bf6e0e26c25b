; What matters in a C file after `prepare` took the preprocessor's part away. The vocabulary: extract/engine.py.

; -- scopes
((function_definition) @scope (#set! on "scope") (#set! kind "function"))
((field_declaration_list) @scope (#set! on "scope") (#set! kind "class"))
((compound_statement) @scope (#set! on "scope") (#set! kind "block"))
((for_statement) @scope (#set! on "scope") (#set! kind "block"))
; a table's initializer belongs to the variable: what it names is named there
((translation_unit (declaration declarator: (init_declarator value: (initializer_list) @scope)))
  (#set! on "scope") (#set! kind "block"))
((compound_statement) @branch (#set! on "branch"))
((comment) @comment (#set! on "comment"))

; -- definitions
([(translation_unit) (ERROR)] @root (#set! on "directives"))
([(struct_specifier) (union_specifier) (enum_specifier) (enumerator) (function_definition) (declaration)
  (field_declaration) (type_definition)] @node (#set! on "declaration"))
((labeled_statement label: (statement_identifier) @name) (#set! on "label"))

; -- uses
([(translation_unit) (ERROR)] @root (#set! on "late_unlikely"))
([(translation_unit) (ERROR)] @root (#set! on "use_names"))
([(struct_specifier name: (type_identifier) @name) (union_specifier name: (type_identifier) @name)
  (enum_specifier name: (type_identifier) @name)] (#set! on "use_tag"))
((goto_statement label: (statement_identifier) @name) (#set! on "use_goto"))
((field_designator (field_identifier) @name) (#set! on "use_designator"))
((offsetof_expression type: (_) @type member: (field_identifier) @name) (#set! on "field"))
((return_statement (_) @value) @return (#set! on "return"))
((call_expression function: (identifier) @callee) (#set! on "call"))
((call_expression function: (field_expression field: (field_identifier) @callee)) (#set! on "call"))
((call_expression function: (parenthesized_expression (identifier) @callee)) (#set! on "call"))
((call_expression function: (identifier) arguments: (argument_list (identifier) @given)) @call (#set! on "use_given"))
((assignment_expression left: [(identifier) @name (field_expression field: (field_identifier) @name)])
  (#set! on "write"))
((update_expression argument: [(identifier) @name (field_expression field: (field_identifier) @name)])
  (#set! on "write"))
((type_identifier) @name (#set! on "type"))
((field_expression argument: (_) @object field: (field_identifier) @name) (#set! on "member"))
((type_identifier) @ref (#set! on "ref"))
((identifier) @ref (#set! on "ref"))
