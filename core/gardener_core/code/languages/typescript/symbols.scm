(function_declaration name: (identifier) @name return_type: (type_annotation)? @returns body: (_) @body) @definition.function
(generator_function_declaration name: (identifier) @name body: (_) @body) @definition.function
(class_declaration name: (_) @name (class_heritage)? @bases body: (_) @body) @definition.class
(method_definition name: (_) @name return_type: (type_annotation)? @returns body: (_) @body) @definition.method
(public_field_definition name: (_) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(variable_declarator name: (identifier) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]) @definition.function
(variable_declarator name: (identifier) @name value: (class (class_heritage)? @bases body: (_) @body)) @definition.class
(program (lexical_declaration (variable_declarator name: (identifier) @name value: [(string) (number) (template_string) (object) (array) (call_expression) (new_expression) (true) (false)]) @definition.constant))
(program (export_statement (lexical_declaration (variable_declarator name: (identifier) @name value: [(string) (number) (template_string) (object) (array) (call_expression) (new_expression) (true) (false)]) @definition.constant)))
(pair key: [(property_identifier) (string)] @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.method
(assignment_expression left: (identifier) @name right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.function
(assignment_expression left: (member_expression object: (_) @module property: (property_identifier) @name) right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.function

; What a module exports without a name is named after its file.
(export_statement "default" value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (class body: (_) @body)]) @definition.function
(export_statement "default" value: (call_expression arguments: (arguments [(arrow_function) (function_expression)]))) @definition.function
(export_statement "default" value: (object)) @definition.object

(call_expression function: (identifier) @callee) @call
(call_expression function: (member_expression object: (_) @receiver property: (property_identifier) @callee)) @call
(new_expression constructor: (identifier) @callee) @call

[(if_statement) (for_statement) (for_in_statement) (while_statement) (do_statement) (switch_case)
 (catch_clause) (ternary_expression)] @branch
(binary_expression operator: ["&&" "||" "??"]) @branch

(abstract_class_declaration name: (_) @name (class_heritage)? @bases body: (_) @body) @definition.class
(interface_declaration name: (_) @name (extends_type_clause)? @bases body: (_) @body) @definition.interface
(type_alias_declaration name: (_) @name) @definition.type
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(function_signature name: (_) @name) @definition.function
(abstract_method_signature name: (_) @name) @definition.method
(internal_module name: (_) @name body: (_) @body) @definition.module
