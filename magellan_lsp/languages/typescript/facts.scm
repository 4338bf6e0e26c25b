; What only TypeScript's grammars have; javascript/common.scm comes before it.

; -- scopes
([(function_signature) (method_signature) (abstract_method_signature) (call_signature) (construct_signature)]
  @scope (#set! on "scope") (#set! kind "function"))
([(function_type) (constructor_type) (index_signature) (conditional_type)] @scope
  (#set! on "scope") (#set! kind "type_parameters"))
([(class_declaration type_parameters: (_)) (abstract_class_declaration type_parameters: (_))
  (class type_parameters: (_)) (interface_declaration type_parameters: (_))
  (type_alias_declaration type_parameters: (_))] @scope (#set! on "scope") (#set! kind "type_parameters"))
([(interface_body) (object_type) (enum_body)] @scope (#set! on "scope") (#set! kind "class"))
([(internal_module body: (_) @scope) (module body: (_) @scope)] (#set! on "scope") (#set! kind "namespace"))

; -- definitions
([(function_declaration) (generator_function_declaration) (function_expression) (generator_function)
  (arrow_function) (class_declaration) (class) (object) (lexical_declaration) (variable_declaration)
  (for_in_statement) (catch_clause) (import_statement) (export_statement)
  (assignment_expression) (labeled_statement)
  (function_signature) (abstract_class_declaration) (interface_declaration) (type_alias_declaration)
  (enum_declaration) (internal_module) (module) (ambient_declaration) (import_alias) (object_type)
  (function_type) (constructor_type) (index_signature) (infer_type)] @node (#set! on "define"))

; -- uses
; By convention such functions are named as questions; to follow every call in a condition would cost too much.
((call_expression
    function: [(identifier) (member_expression property: (property_identifier))] @callee
    arguments: (arguments . (identifier) @name)) @check
  (#set! on "late_guard") (#match? @callee "(^|[.])_*(is|has)[A-Z_]"))
((nested_type_identifier module: (_) @object name: (type_identifier) @name) (#set! on "member")
  (#set! role "type"))
((nested_identifier object: (_) @object property: (property_identifier) @name) (#set! on "member"))
((lookup_type (_) @object (literal_type (string (string_fragment) @name))) (#set! on "use_indexed"))
((call_expression function: (non_null_expression [(identifier) @callee
    (member_expression property: (_) @callee)])) (#set! on "call"))
((call_expression function: (instantiation_expression [(identifier) @callee
    (member_expression property: (_) @callee)])) (#set! on "call"))
((type_identifier) @ref (#set! on "ref") (#set! role "type"))
