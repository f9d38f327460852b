; What names mean: where they come from, what they hold.
(use_declaration argument: (_) @tree) @import

(let_declaration pattern: [(identifier) @bound (mut_pattern (identifier) @bound)] type: (_)? @type value: (_)? @value)
(parameter pattern: [(identifier) @bound (mut_pattern (identifier) @bound)] type: (_) @type)
(closure_parameters (identifier) @bound)
(for_expression pattern: (identifier) @bound)
(field_declaration name: (field_identifier) @bound type: (_) @type)
(static_item name: (identifier) @bound type: (_) @type)

(struct_expression name: (type_identifier) @callee)
(arguments [(identifier) (scoped_identifier)] @passed)
