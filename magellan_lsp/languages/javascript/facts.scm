; What only JavaScript's grammar has; common.scm and jsx.scm come before it.

([(function_declaration) (generator_function_declaration) (function_expression) (generator_function)
  (arrow_function) (class_declaration) (class) (object) (lexical_declaration) (variable_declaration)
  (using_declaration) (for_in_statement) (catch_clause) (import_statement) (export_statement)
  (assignment_expression) (labeled_statement)] @node (#set! on "define"))
