; What matters in a Go file. The vocabulary is described in extract/engine.py.

; -- scopes: a function's parameters live in the same block as its body
([(function_declaration) (method_declaration) (func_literal)] @scope (#set! on "scope") (#set! kind "function"))
([(field_declaration_list) (interface_type)] @scope (#set! on "scope") (#set! kind "class"))
((type_spec type_parameters: (_)) @scope (#set! on "scope") (#set! kind "type_parameters"))
((type_alias type_parameters: (_)) @scope (#set! on "scope") (#set! kind "type_parameters"))
([(if_statement) (for_statement) (expression_switch_statement) (type_switch_statement) (select_statement)
  (expression_case) (default_case) (type_case) (communication_case)] @scope
  (#set! on "scope") (#set! kind "block"))
([(if_statement (block) @scope) (for_statement (block) @scope) (statement_list (block) @scope)
  (labeled_statement (block) @scope)] (#set! on "scope") (#set! kind "block"))
((comment) @comment (#set! on "comment"))

; -- definitions; hooks run in the order of this file, owners before what they own
((package_clause (package_identifier) @name) @clause (#set! on "package"))
((import_spec) @import (#set! on "import"))
([(function_declaration) (method_declaration) (func_literal)] @function (#set! on "function"))
([(type_spec) (type_alias) (struct_type) (interface_type)] @type (#set! on "types"))
((function_type parameters: (parameter_list (_ name: (_)))) @type (#set! on "function_type"))
([(var_spec) (const_spec)] @spec (#set! on "spec"))
((short_var_declaration) @declaration (#set! on "short"))
([(range_clause) (receive_statement)] @clause (#set! on "clause"))
((type_switch_statement alias: (_) @alias) @switch (#set! on "type_switch"))
((label_name) @label (#set! on "label"))

; -- uses
((call_expression function: (identifier) @callee) (#set! on "call"))
((call_expression function: (selector_expression field: (field_identifier) @callee)) (#set! on "call"))
((call_expression function: (index_expression operand: (identifier) @callee)) (#set! on "call"))
((call_expression function: (index_expression
  operand: (selector_expression field: (field_identifier) @callee))) (#set! on "call"))
((type_conversion_expression type: (generic_type type: (type_identifier) @callee)) (#set! on "call"))
((type_conversion_expression type: (generic_type type: (qualified_type name: (type_identifier) @callee)))
  (#set! on "call"))
((call_expression function: (identifier) arguments: (argument_list (identifier) @given)) @call (#set! on "use_given"))
((assignment_statement left: (expression_list (identifier) @name)) (#set! on "write"))
((assignment_statement left: (expression_list (selector_expression field: (field_identifier) @name)))
  (#set! on "write"))
((range_clause left: (expression_list (identifier) @name)) (#set! on "write"))
([(inc_statement (identifier) @name) (dec_statement (identifier) @name)] (#set! on "write"))
([(inc_statement (selector_expression field: (field_identifier) @name))
  (dec_statement (selector_expression field: (field_identifier) @name))] (#set! on "write"))
((selector_expression operand: (_) @object field: (field_identifier) @name) (#set! on "member"))
((qualified_type package: (_) @object name: (type_identifier) @name) (#set! on "member") (#set! role "type"))
((literal_value (keyed_element key: (literal_element (identifier) @name))) @type (#set! on "late_key"))
((literal_value (keyed_element key: (literal_element (identifier) @name))) @type (#set! on "field"))
((type_identifier) @ref (#set! on "ref") (#set! role "type"))
([(identifier) (package_identifier)] @ref (#set! on "ref"))
