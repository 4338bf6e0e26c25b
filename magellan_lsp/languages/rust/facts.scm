; What matters in a Rust file. The vocabulary is described in extract/engine.py; the text that is parsed has the
; arguments of macros laid open (macros.py).

; -- scopes
([(function_item) (function_signature_item) (closure_expression)] @scope (#set! on "scope") (#set! kind "function"))
([(block) (match_arm)] @scope (#set! on "scope") (#set! kind "block"))
((for_expression pattern: (_) @from body: (block) @scope) (#set! on "scope") (#set! kind "block"))
((if_expression condition: [(let_condition) (let_chain)] @from consequence: (block) @scope)
  (#set! on "scope") (#set! kind "block"))
((while_expression condition: [(let_condition) (let_chain)] @from body: (block) @scope)
  (#set! on "scope") (#set! kind "block"))
((mod_item body: (declaration_list) @scope) (#set! on "scope") (#set! kind "namespace"))
((impl_item body: (declaration_list) @scope) (#set! on "scope") (#set! kind "class"))
((trait_item body: (declaration_list) @scope) (#set! on "scope") (#set! kind "class"))
([(field_declaration_list) (ordered_field_declaration_list) (enum_variant_list)] @scope
  (#set! on "scope") (#set! kind "class"))
([(struct_item type_parameters: (_)) (enum_item type_parameters: (_)) (union_item type_parameters: (_))
  (trait_item type_parameters: (_)) (impl_item type_parameters: (_)) (type_item type_parameters: (_))
  (associated_type type_parameters: (_)) (higher_ranked_trait_bound)] @scope
  (#set! on "scope") (#set! kind "type_parameters"))
((block) @branch (#set! on "branch"))
([(line_comment) (block_comment)] @comment (#set! on "comment"))

; -- definitions
((mod_item name: (identifier) @name body: (declaration_list) @body) @def (#set! on "def") (#set! kind "module"))
((struct_item name: (type_identifier) @name body: (_)? @body) @def (#set! on "def") (#set! kind "struct"))
((union_item name: (type_identifier) @name body: (_) @body) @def (#set! on "def") (#set! kind "union"))
((enum_item name: (type_identifier) @name body: (_) @body) @def (#set! on "def") (#set! kind "enum"))
((enum_variant name: (identifier) @name body: (_)? @body) @def (#set! on "def") (#set! kind "enum_member"))
((trait_item name: (type_identifier) @name body: (_) @body) @def (#set! on "def") (#set! kind "trait"))
((impl_item type: (_) @name body: (declaration_list) @body) @def (#set! on "def") (#set! kind "impl"))
((type_item name: (type_identifier) @name type: (_) @type) @def (#set! on "def") (#set! kind "type_alias"))
((associated_type name: (type_identifier) @name) @def
  (#set! on "def") (#set! kind "type_alias") (#set! flags "declaration|abstract"))
((function_item name: (identifier) @name return_type: (_)? @type) @def (#set! on "def") (#set! kind "function"))
((function_signature_item name: (identifier) @name return_type: (_)? @type) @def
  (#set! on "def") (#set! kind "function") (#set! flags "declaration|abstract"))
((const_item name: (identifier) @name type: (_)? @type value: (_)? @value) @def
  (#set! on "def") (#set! kind "constant"))
((static_item name: (identifier) @name type: (_)? @type value: (_)? @value) @def
  (#set! on "def") (#set! kind "constant") (#set! flags "static"))
((field_declaration name: (field_identifier) @name type: (_) @type) @def (#set! on "def") (#set! kind "field"))
((macro_definition name: (identifier) @name) @def (#set! on "def") (#set! kind "macro"))

((closure_expression) @closure (#set! on "closure"))
([(type_parameters) (for_lifetimes)] @parameters (#set! on "type_parameters"))
((ordered_field_declaration_list) @fields (#set! on "tuple_fields"))
((call_expression arguments: (arguments (closure_expression) @closure)) @call (#set! on "closure_argument"))
((parameters) @parameters (#set! on "parameters"))
((closure_parameters) @parameters (#set! on "parameters"))
((let_declaration pattern: (_) @pattern) @let (#set! on "let"))
((let_condition pattern: (_) @pattern) @let (#set! on "let"))
((for_expression pattern: (_) @pattern value: (_) @value body: (_) @body) (#set! on "for"))
((match_expression value: (_) @value body: (match_block) @body) (#set! on "match"))
((assignment_expression left: (identifier) @name right: (_) @value) (#set! on "late_assign"))
((call_expression
    function: (field_expression value: (identifier) @name field: (field_identifier) @method)
    arguments: (arguments) @arguments) (#set! on "late_stored")
  (#any-of? @method "push" "push_back" "push_front" "insert" "extend" "append" "extend_from_slice" "resize"))
((label) @label (#set! on "label"))
((macro_definition) @macro (#set! on "macro_results"))
((macro_definition) @macro (#set! on "late_written"))
((static_item type: (_) @type) @static (#set! on "thread_local"))
([(use_declaration) (extern_crate_declaration)] @use (#set! on "import"))
((mod_item name: (identifier) @name !body) @mod (#set! on "mod"))

; -- uses
([(scoped_identifier path: (identifier) @name)
  (scoped_type_identifier path: (identifier) @name)
  (scoped_identifier path: (scoped_identifier name: (identifier) @name))
  (scoped_type_identifier path: (scoped_identifier name: (identifier) @name))
  (generic_type type: (scoped_identifier name: (identifier) @name))]
  (#set! on "type_name"))
([(attribute_item) (inner_attribute_item) (macro_definition) (macro_invocation (token_tree))] @skip
  (#set! on "skip"))
((attribute_item) @attribute (#set! on "attribute"))
((attribute (identifier) @name arguments: (token_tree) @tokens) (#set! on "use_tokens") (#eq? @name "derive"))
((attribute (_) @name arguments: (token_tree) @tokens) (#set! on "use_attribute"))
((macro_invocation macro: (_) @macro (token_tree) @tokens) (#set! on "use_tokens"))
((impl_item) @impl (#set! on "impl"))
((impl_item) @impl (#set! on "use_impl"))
([(trait_item bounds: (_)) (associated_type bounds: (_))] @def (#set! on "use_bounds"))
([(type_parameter bounds: (_)) (where_predicate)] @bounded (#set! on "use_type_bounds"))
((call_expression function: [
    (identifier) @callee
    (field_expression field: (field_identifier) @callee)
    (scoped_identifier name: (identifier) @callee)
    (generic_function function: (identifier) @callee)
    (generic_function function: (field_expression field: (field_identifier) @callee))
    (generic_function function: (scoped_identifier name: (identifier) @callee))]) (#set! on "called"))
((call_expression function: (identifier) arguments: (arguments (identifier) @given)) @call (#set! on "use_given"))
([(assignment_expression left: (identifier) @name)
  (assignment_expression left: (field_expression field: (field_identifier) @name))
  (compound_assignment_expr left: (identifier) @name)
  (compound_assignment_expr left: (field_expression field: (field_identifier) @name))]
  (#set! on "assigned"))
((field_expression value: (_) @object field: (field_identifier) @name) (#set! on "member"))
((scoped_identifier path: (_) @path name: (identifier) @name) (#set! on "use_path"))
((scoped_type_identifier path: (_) @path name: (type_identifier) @name) (#set! on "use_path"))
((struct_expression name: (_) @type body: (field_initializer_list
    [(field_initializer field: (field_identifier) @name) (shorthand_field_initializer (identifier) @short)]))
  (#set! on "use_field"))
((struct_pattern type: (_) @type (field_pattern name: [(field_identifier) @name (shorthand_field_identifier) @short]))
  (#set! on "use_field"))
((type_binding name: (type_identifier) @name) (#set! on "use_binding"))
((lifetime) @lifetime (#set! on "use_lifetime"))
((macro_invocation macro: (identifier) @macro) (#set! on "use_macro"))
((call_expression function: (_) @macro arguments: (arguments (string_literal (string_content) @text)))
  (#set! on "use_format"))
([(identifier) (self)] @ref (#set! on "use_ref"))
((type_identifier) @ref (#set! on "use_type"))
