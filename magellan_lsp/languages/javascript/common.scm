; What matters in JavaScript and TypeScript alike. The vocabulary is described in extract/engine.py.

; -- scopes
([(function_declaration) (generator_function_declaration) (function_expression) (generator_function)
  (arrow_function) (method_definition)] @scope (#set! on "scope") (#set! kind "function"))
([(class_body) (object)] @scope (#set! on "scope") (#set! kind "class"))
([(for_statement) (for_in_statement) (catch_clause) (switch_body) (class_static_block)] @scope
  (#set! on "scope") (#set! kind "block"))
([(if_statement consequence: (statement_block) @scope) (else_clause (statement_block) @scope)
  (while_statement body: (statement_block) @scope) (do_statement body: (statement_block) @scope)
  (try_statement body: (statement_block) @scope) (finally_clause body: (statement_block) @scope)
  (statement_block (statement_block) @scope) (program (statement_block) @scope)]
  (#set! on "scope") (#set! kind "block"))

; -- code that may be skipped
([(statement_block) (switch_case) (switch_default)] @branch (#set! on "branch"))
([(if_statement consequence: (expression_statement) @branch) (else_clause (expression_statement) @branch)]
  (#set! on "branch"))
((comment) @comment (#set! on "comment"))

; -- modules named by calls, and places that say what a function or object in them should be
((call_expression function: [(identifier) (import)] @callee arguments: (arguments . (string) @module)) @call
  (#set! on "require") (#any-of? @callee "require" "import"))
((arguments [(function_expression) (arrow_function) (generator_function) (object) (array)] @value) @arguments
  (#set! on "argument"))
((call_expression
    function: (parenthesized_expression [(function_expression) (arrow_function)] @function)
    arguments: (arguments) @given) (#set! on "invoked"))
((return_statement [(function_expression) (arrow_function) (object) (array) (parenthesized_expression)
    (ternary_expression)] @value) @return (#set! on "returned"))

; -- uses
((call_expression function: [(identifier) @name (member_expression property: (_) @name) (super) @name]) @call
  (#set! on "use_called"))
((new_expression constructor: (identifier) @name) @call (#set! on "use_called"))
((call_expression function: (identifier) arguments: (arguments (identifier) @given)) @call (#set! on "use_given"))
((comment) @comment (#set! on "late_doc_link") (#match? @comment "\\{@link"))
((return_statement (_) @value) @return (#set! on "return"))
((yield_expression) @yield (#set! on "late_yield"))
((binary_expression left: (identifier) @name operator: "instanceof" right: (_) @type) @check
  (#set! on "late_instanceof"))
((new_expression constructor: (member_expression property: (_) @callee)) (#set! on "call"))
((decorator (identifier) @callee) (#set! on "call"))
([(assignment_expression left: [(identifier) @name (member_expression property: (_) @name)])
  (augmented_assignment_expression left: [(identifier) @name (member_expression property: (_) @name)])
  (update_expression argument: [(identifier) @name (member_expression property: (_) @name)])
  (for_in_statement left: (identifier) @name)] (#set! on "write"))
((member_expression object: (_) @object property: [(property_identifier) (private_property_identifier)] @name)
  (#set! on "member"))
((subscript_expression object: (_) @object index: (string (string_fragment) @name)) (#set! on "member"))
((identifier) @ref (#set! on "ref"))
([(break_statement label: (statement_identifier) @label) (continue_statement label: (statement_identifier) @label)]
  (#set! on "late_jump"))
