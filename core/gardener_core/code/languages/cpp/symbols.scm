(function_definition type: (_)? @returns declarator: (function_declarator declarator: (identifier) @name) body: (_) @body) @definition.function
(function_definition type: (_)? @returns declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)) body: (_) @body) @definition.function
(function_definition type: (_)? @returns declarator: (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))) body: (_) @body) @definition.function
(struct_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(union_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(enum_specifier name: (type_identifier) @name body: (_) @body) @definition.enum
(type_definition declarator: (type_identifier) @name) @definition.type
(preproc_function_def name: (identifier) @name) @definition.macro
(preproc_def name: (identifier) @name value: (_)) @definition.constant

(call_expression function: (identifier) @callee) @call
(call_expression function: (field_expression argument: (_) @receiver field: (field_identifier) @callee)) @call

[(if_statement) (for_statement) (for_range_loop) (catch_clause) (while_statement) (do_statement) (case_statement)
 (conditional_expression)] @branch
(binary_expression operator: ["&&" "||"]) @branch

(class_specifier name: (_) @name (base_class_clause)? @bases body: (_) @body) @definition.class
(struct_specifier name: [(template_type) (qualified_identifier)] @name body: (_) @body) @definition.struct
(namespace_definition name: (_) @name body: (_) @body) @definition.module
(function_definition type: (_)? @returns declarator: (function_declarator declarator: [(field_identifier) (qualified_identifier) (destructor_name) (operator_name)] @name) body: (_) @body) @definition.function
(function_definition type: (_)? @returns declarator: (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) (qualified_identifier)] @name)) body: (_) @body) @definition.function
(function_definition type: (_)? @returns declarator: (reference_declarator (function_declarator declarator: [(identifier) (field_identifier) (qualified_identifier) (operator_name)] @name)) body: (_) @body) @definition.function
(call_expression function: (qualified_identifier scope: (_) @receiver name: (identifier) @callee)) @call
