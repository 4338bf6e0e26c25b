; JSX. A tag in lower case names an element of the page, which is no name of the program.

((jsx_opening_element name: (identifier) @callee) (#set! on "call") (#match? @callee "^[A-Z_$]"))
((jsx_self_closing_element name: (identifier) @callee) (#set! on "call") (#match? @callee "^[A-Z_$]"))
((jsx_opening_element name: (member_expression property: (_) @callee)) (#set! on "call"))
((jsx_self_closing_element name: (member_expression property: (_) @callee)) (#set! on "call"))
([(jsx_opening_element name: (identifier) @name) (jsx_closing_element name: (identifier) @name)
  (jsx_self_closing_element name: (identifier) @name)] (#set! on "late_element") (#match? @name "^[a-z]"))
((jsx_opening_element name: (_) @component attribute: (jsx_attribute . (property_identifier) @name (_)? @value))
  (#set! on "attribute"))
((jsx_self_closing_element name: (_) @component
    attribute: (jsx_attribute . (property_identifier) @name (_)? @value)) (#set! on "attribute"))
