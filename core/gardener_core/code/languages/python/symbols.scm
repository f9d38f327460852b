(function_definition name: (identifier) @name return_type: (type)? @returns body: (block) @body) @definition.function
(class_definition name: (identifier) @name superclasses: (argument_list)? @bases body: (block) @body) @definition.class
(module (expression_statement (assignment left: (identifier) @name) @definition.constant))
(class_definition body: (block (expression_statement (assignment left: (identifier) @name) @definition.constant)))

(function_definition body: (block . (expression_statement (string) @docstring)))
(class_definition body: (block . (expression_statement (string) @docstring)))

(call function: (identifier) @callee) @call
(call function: (attribute object: (_) @receiver attribute: (identifier) @callee)) @call
[(if_statement) (elif_clause) (for_statement) (while_statement) (except_clause) (boolean_operator)
 (conditional_expression) (case_clause) (if_clause) (for_in_clause) (assert_statement)] @branch
