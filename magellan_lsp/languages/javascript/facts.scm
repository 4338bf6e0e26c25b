; What only JavaScript's grammar has; common.scm and jsx.scm come before it.

((comment) @comment (#set! on "late_doc_comment")
  (#match? @comment "^/[*][*](.|\n)*@(type|param|arg|argument|returns?|typedef)[ \t]*[{]"))
(((comment) @comment . (parenthesized_expression) @value) (#set! on "cast") (#match? @comment "@type"))

([(function_declaration) (generator_function_declaration) (function_expression) (generator_function)
  (arrow_function) (class_declaration) (class) (object) (lexical_declaration) (variable_declaration)
  (using_declaration) (for_in_statement) (catch_clause) (import_statement) (export_statement)
  (assignment_expression) (labeled_statement)] @node (#set! on "define"))
