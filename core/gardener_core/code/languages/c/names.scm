; What names mean: where they come from, what they hold.
(preproc_include path: (_) @module @star) @import

(declaration type: [(type_identifier) (struct_specifier) (primitive_type) (sized_type_specifier)] @type declarator: [(identifier) @bound (pointer_declarator declarator: (identifier) @bound) (array_declarator declarator: (identifier) @bound)])
(init_declarator declarator: [(identifier) @bound (pointer_declarator declarator: (identifier) @bound)] value: (_) @value)
(parameter_declaration declarator: [(identifier) @bound (pointer_declarator declarator: (identifier) @bound)])
(field_declaration type: (_) @type declarator: [(field_identifier) @bound (pointer_declarator declarator: (field_identifier) @bound)])

(argument_list [(identifier) @passed (pointer_expression argument: (identifier) @passed)])
