(method name: (_) @name body: (_)? @body) @definition.method
(singleton_method name: (_) @name body: (_)? @body) @definition.method
(class name: (_) @name superclass: (superclass)? @bases body: (_)? @body) @definition.class
(module name: (_) @name body: (_)? @body) @definition.module
(assignment left: (constant) @name) @definition.constant

(call !receiver method: (identifier) @callee) @call
(call receiver: (_) @receiver method: (_) @callee) @call

[(if) (elsif) (unless) (while) (until) (for) (when) (rescue) (if_modifier) (unless_modifier)
 (while_modifier) (until_modifier) (rescue_modifier) (conditional)] @branch
(binary operator: ["&&" "||" "and" "or"]) @branch
