(class_declaration name: (identifier) @name superclass: (_)? @bases interfaces: (_)? @bases body: (_) @body) @definition.class
(record_declaration name: (identifier) @name body: (_) @body) @definition.class
(interface_declaration name: (identifier) @name (extends_interfaces)? @bases body: (_) @body) @definition.interface
(annotation_type_declaration name: (identifier) @name body: (_) @body) @definition.interface
(enum_declaration name: (identifier) @name body: (_) @body) @definition.enum
(method_declaration type: (_) @returns name: (identifier) @name body: (_)? @body) @definition.method
(constructor_declaration name: (identifier) @name body: (_) @body) @definition.method
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @definition.constant

(method_invocation !object name: (identifier) @callee) @call
(method_invocation object: (_) @receiver name: (identifier) @callee) @call
(object_creation_expression type: (type_identifier) @callee) @call

[(if_statement) (for_statement) (enhanced_for_statement) (while_statement) (do_statement)
 (switch_label) (catch_clause) (ternary_expression)] @branch
(binary_expression operator: ["&&" "||"]) @branch
