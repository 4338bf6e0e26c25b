; What matters in a Python file. The vocabulary is described in extract/engine.py.

; -- scopes
((function_definition) @scope (#set! on "scope") (#set! kind "function"))
((lambda) @scope (#set! on "scope") (#set! kind "function"))
((class_definition body: (block) @scope) (#set! on "scope") (#set! kind "class"))
([(list_comprehension) (set_comprehension) (dictionary_comprehension) (generator_expression)] @scope
  (#set! on "scope") (#set! kind "comprehension"))
((block) @branch (#set! on "branch"))
((comment) @comment (#set! on "comment"))

; defaults, annotations and the return type belong to the scope around the function
((default_parameter value: (_) @outer) (#set! on "outer"))
((typed_default_parameter value: (_) @outer) (#set! on "outer"))
; … but not the annotations of one that has type parameters, which only its own scope knows
((function_definition !type_parameters parameters: (parameters [
    (typed_default_parameter type: (_) @outer) (typed_parameter type: (_) @outer)])) (#set! on "outer"))
((function_definition !type_parameters return_type: (_) @outer) (#set! on "outer"))

; so does the first iterable of a comprehension
((list_comprehension body: (_) . (for_in_clause right: (_) @outer)) (#set! on "outer"))
((set_comprehension body: (_) . (for_in_clause right: (_) @outer)) (#set! on "outer"))
((dictionary_comprehension body: (_) . (for_in_clause right: (_) @outer)) (#set! on "outer"))
((generator_expression body: (_) . (for_in_clause right: (_) @outer)) (#set! on "outer"))

; -- definitions
((class_definition name: (identifier) @name body: (block) @body) @def (#set! on "def") (#set! kind "class"))
((function_definition name: (identifier) @name return_type: (type)? @type body: (block) @body) @def
  (#set! on "def") (#set! kind "function"))
((class_definition body: (block . (string) @doc)) @def (#set! on "doc"))
((function_definition body: (block . (string) @doc)) @def (#set! on "doc"))
((module . (comment)* . (string) @doc) @def (#set! on "doc"))

((lambda) @lambda (#set! on "lambda"))
((global_statement) @statement (#set! on "binding_scope"))
((nonlocal_statement) @statement (#set! on "binding_scope"))
((decorated_definition) @decorated (#set! on "decorated"))
((function_definition parameters: (parameters) @parameters) (#set! on "parameters"))
((lambda parameters: (lambda_parameters) @parameters) (#set! on "parameters"))
((function_definition type_parameters: (type_parameter) @parameters) (#set! on "type_parameters"))
((class_definition type_parameters: (type_parameter) @parameters) (#set! on "type_parameters"))
([(import_statement) (import_from_statement) (future_import_statement)] @import (#set! on "import"))
((assignment) @assign (#set! on "assign"))
((augmented_assignment left: (identifier) @name) (#set! on "augment"))
((named_expression name: (identifier) @name value: (_) @value) (#set! on "walrus"))
((for_statement left: (_) @left right: (_) @right) (#set! on "for"))
((for_in_clause left: (_) @left right: (_) @right) (#set! on "for"))
((as_pattern (_) @value alias: (as_pattern_target (_) @left)) @as (#set! on "as"))
((type_alias_statement) @alias (#set! on "type_alias"))
((case_clause) @case (#set! on "case"))
((case_clause) @case (#set! on "late_case"))
((assignment left: (identifier) @name right: (_) @value) (#set! on "late_all") (#eq? @name "__all__"))
((augmented_assignment left: (identifier) @name right: (_) @value) (#set! on "late_all") (#eq? @name "__all__"))
((call function: (attribute object: (identifier) @name) arguments: (argument_list . (_) @value))
  (#set! on "late_all") (#eq? @name "__all__"))
((class_definition superclasses: (argument_list (keyword_argument name: (identifier) @name value: (_) @value))) @def
  (#set! on "use_metaclass") (#eq? @name "metaclass"))
([(if_statement condition: (_) @condition) (elif_clause condition: (_) @condition)] @if (#set! on "late_if"))
((call function: [(call) (subscript) (parenthesized_expression) (lambda) (conditional_expression)] @function) @call
  (#set! on "use_computed"))
((call) @call (#set! on "use_call"))
((assignment left: (subscript value: [(identifier) (subscript)]) @left right: (_) @value) @store (#set! on "late_store"))
((call function: (attribute object: (identifier) @left attribute: (identifier) @update)
    arguments: (argument_list . (dictionary) @value .)) @store
  (#set! on "late_store") (#eq? @update "update"))
((raise_statement . [(identifier) (attribute)] @function) @call (#set! on "use_raise"))
([(for_statement right: (_) @value) (for_in_clause right: (_) @value)] @for (#set! on "use_iterated"))
((decorated_definition definition: (function_definition)) @decorated (#set! on "use_decorated"))

; -- uses
((class_definition superclasses: (argument_list [(identifier) (attribute) (subscript) (call)] @base)) @def
  (#set! on "base"))
((return_statement (_) @value) @return (#set! on "return"))
((lambda body: (_) @value) @lambda (#set! on "late_lambda"))
((yield) @yield (#set! on "late_yield"))
((call function: (identifier) @f
    arguments: (argument_list . (identifier) @name . (_) @type .)) @check
  (#set! on "late_isinstance") (#eq? @f "isinstance"))
((call function: (identifier) @callee) (#set! on "call"))
((call function: (attribute attribute: (identifier) @callee)) (#set! on "call"))
((augmented_assignment left: (attribute attribute: (identifier) @name)) (#set! on "write"))
((assignment left: (attribute attribute: (identifier) @name)) (#set! on "write"))
((type (identifier) @name) (#set! on "type"))
((type (attribute attribute: (identifier) @name)) (#set! on "type"))
((generic_type (identifier) @name) (#set! on "type"))
((case_pattern (dotted_name (identifier) (identifier)) @path) (#set! on "late_case_path"))
((class_pattern (dotted_name (identifier) (identifier)) @path) (#set! on "late_case_path"))
((class_pattern . (dotted_name) @type (case_pattern (keyword_pattern . (identifier) @name))) (#set! on "field"))
((attribute object: (_) @object attribute: (identifier) @name) (#set! on "member"))
((call function: (_) @function arguments: (argument_list (keyword_argument name: (identifier) @name)))
  (#set! on "keyword"))
((type (string) @string) (#set! on "late_string_type"))
((identifier) @ref (#set! on "ref"))
