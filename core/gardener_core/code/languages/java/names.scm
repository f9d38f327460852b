; What names mean: where they come from, what they hold.
(import_declaration (scoped_identifier scope: (_) @module name: (identifier) @member) .) @import
(import_declaration [(identifier) (scoped_identifier)] @module (asterisk) @star) @import

(local_variable_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @bound value: (_)? @value))
(field_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @bound))
(formal_parameter type: (_) @type name: (identifier) @bound)
(enhanced_for_statement type: (_) @type name: (identifier) @bound)
(catch_formal_parameter (catch_type (_) @type) name: (identifier) @bound)
(resource type: (_) @type name: (identifier) @bound)
(inferred_parameters (identifier) @bound)
(lambda_expression parameters: (identifier) @bound)

(object_creation_expression type: (generic_type (type_identifier) @callee))
(object_creation_expression type: (scoped_type_identifier (type_identifier) @receiver . (type_identifier) @callee .))
