; JSX. A tag in lower case names an element of the page, which is no name of the program.

((jsx_opening_element name: (identifier) @callee) (#match? @callee "^[A-Z_$]") (#set! on "call"))
((jsx_self_closing_element name: (identifier) @callee) (#match? @callee "^[A-Z_$]") (#set! on "call"))
((jsx_opening_element name: (member_expression property: (_) @callee)) (#set! on "call"))
((jsx_self_closing_element name: (member_expression property: (_) @callee)) (#set! on "call"))
([(jsx_opening_element name: (identifier) @name) (jsx_closing_element name: (identifier) @name)
  (jsx_self_closing_element name: (identifier) @name)] (#match? @name "^[a-z]") (#set! on "late_element"))
((jsx_opening_element name: (_) @component attribute: (jsx_attribute . (property_identifier) @name (_)? @value))
  (#set! on "attribute"))
((jsx_self_closing_element name: (_) @component
    attribute: (jsx_attribute . (property_identifier) @name (_)? @value)) (#set! on "attribute"))
