; What matters in a C++ file after `prepare` took the preprocessor's part away. The vocabulary: extract/engine.py.

; -- scopes
((namespace_definition name: (_) body: (declaration_list) @scope) (#set! on "scope") (#set! kind "namespace"))
((field_declaration_list) @scope (#set! on "scope") (#set! kind "class"))
((enum_specifier ["class" "struct"] body: (enumerator_list) @scope) (#set! on "scope") (#set! kind "class"))
; a member defined outside its class sees what the class has
((function_definition declarator: [
    (function_declarator declarator: (qualified_identifier))
    (_ (function_declarator declarator: (qualified_identifier)))
    (_ (_ (function_declarator declarator: (qualified_identifier))))
    (qualified_identifier name: (operator_cast))
  ]) @scope (#set! on "scope") (#set! kind "class"))
; so does the body of a test macro that names a fixture class: `TEST_F (Fixture, name) {…}`
(translation_unit (function_definition !type declarator: (function_declarator declarator: (identifier)
  parameters: (parameter_list . (parameter_declaration type: (_) !declarator)))) @scope
  (#set! on "scope") (#set! kind "class"))
(declaration_list (function_definition !type declarator: (function_declarator declarator: (identifier)
  parameters: (parameter_list . (parameter_declaration type: (_) !declarator)))) @scope
  (#set! on "scope") (#set! kind "class"))
((function_definition) @scope (#set! on "scope") (#set! kind "function"))
((lambda_expression) @scope (#set! on "scope") (#set! kind "function"))
((template_declaration) @scope (#set! on "scope") (#set! kind "type_parameters"))
([(compound_statement) (for_statement) (for_range_loop) (if_statement) (while_statement) (switch_statement)
  (catch_clause)] @scope (#set! on "scope") (#set! kind "block"))
((compound_statement) @branch (#set! on "branch"))
((comment) @comment (#set! on "comment"))

; -- definitions
([(translation_unit) (ERROR)] @root (#set! on "directives"))
([(namespace_definition) (class_specifier) (struct_specifier) (union_specifier) (enum_specifier) (enumerator)
  (function_definition) (declaration) (field_declaration) (type_definition) (alias_declaration)
  (namespace_alias_definition) (using_declaration) (lambda_expression) (for_range_loop) (catch_clause)
  (concept_definition)] @node (#set! on "declaration"))
((labeled_statement label: (statement_identifier) @name) (#set! on "label"))

; -- uses
([(translation_unit) (ERROR)] @root (#set! on "late_unlikely"))
([(translation_unit) (ERROR)] @root (#set! on "use_names"))
((base_class_clause) @clause (#set! on "late_bases"))
((goto_statement label: (statement_identifier) @name) (#set! on "use_goto"))
((field_designator (field_identifier) @name) (#set! on "use_designator"))
((return_statement (_) @value) @return (#set! on "return"))
((call_expression) @call (#set! on "use_call"))
((compound_literal_expression) @made (#set! on "use_braces"))
((new_expression) @new (#set! on "use_new"))
((qualified_identifier) @name (#set! on "use_qualified"))
((field_expression) @access (#set! on "use_member"))
((field_initializer . (_) @name) (#set! on "use_initializer"))
((assignment_expression left: [(identifier) @name (field_expression field: (field_identifier) @name)])
  (#set! on "write"))
((update_expression argument: [(identifier) @name (field_expression field: (field_identifier) @name)])
  (#set! on "write"))
([(type_identifier) (namespace_identifier)] @name (#set! on "type"))
([(type_identifier) (namespace_identifier) (identifier)] @ref (#set! on "ref"))
