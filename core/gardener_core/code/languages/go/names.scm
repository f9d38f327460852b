; What names mean: where they come from, what they hold.
(import_spec name: (package_identifier)? @alias path: (interpreted_string_literal) @module) @import

(short_var_declaration left: (expression_list . (identifier) @bound) right: (expression_list . (_) @value .))
(short_var_declaration left: (expression_list (identifier) @bound))
(var_spec name: (identifier) @bound type: (_)? @type value: (expression_list . (_) @value .)?)
(parameter_declaration name: (identifier) @bound type: (_) @type)
(field_declaration name: (field_identifier) @bound type: (_) @type)
(field_declaration !name type: (_) @bound @type)
(range_clause left: (expression_list (identifier) @bound))

(composite_literal type: (type_identifier) @callee)
(composite_literal type: (qualified_type package: (_) @receiver name: (_) @callee))
(argument_list [(identifier) (selector_expression operand: (identifier))] @passed)
