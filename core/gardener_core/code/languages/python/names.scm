; What names mean: where they come from, what they hold.
(future_import_statement name: (dotted_name) @member) @import
(import_statement name: (dotted_name) @module) @import
(import_statement name: (aliased_import name: (dotted_name) @module alias: (identifier) @alias)) @import
(import_from_statement module_name: (_) @module name: (dotted_name) @member) @import
(import_from_statement module_name: (_) @module name: (aliased_import name: (dotted_name) @member alias: (identifier) @alias)) @import
(import_from_statement module_name: (_) @module (wildcard_import) @star) @import

(assignment left: [(identifier) (attribute)] @bound type: (type)? @type right: (_)? @value)
(assignment left: (pattern_list (identifier) @bound))
(named_expression name: (identifier) @bound value: (_) @value)
(typed_parameter . (identifier) @bound type: (type) @type)
(typed_parameter . (list_splat_pattern (identifier) @bound))
(typed_default_parameter name: (identifier) @bound type: (type) @type)
(default_parameter name: (identifier) @bound)
(parameters [(identifier) @bound (list_splat_pattern (identifier) @bound) (dictionary_splat_pattern (identifier) @bound)])
(lambda_parameters (identifier) @bound)
(for_statement left: (identifier) @bound right: (_) @element)
(for_statement left: (pattern_list (identifier) @bound))
(for_in_clause left: (identifier) @bound right: (_) @element)
(for_in_clause left: (pattern_list (identifier) @bound))
(as_pattern (_) @entered alias: (as_pattern_target (identifier) @bound))
(return_statement [(call) (identifier) (attribute)] @returned)

(decorator [(identifier) @callee (attribute object: (_) @receiver attribute: (identifier) @callee)])
(argument_list [(identifier) (attribute object: (identifier))] @passed)
(keyword_argument value: [(identifier) (attribute object: (identifier))] @passed)

(subscript value: (attribute object: (identifier) @_os attribute: (identifier) @_environ) subscript: [(string) (identifier)] @configuration.environment (#eq? @_os "os") (#eq? @_environ "environ"))
(subscript value: (identifier) @_holder subscript: (string) @configuration.key (#any-of? @_holder "config" "settings" "conf" "cfg" "options"))
(subscript value: (attribute attribute: (identifier) @_holder) subscript: (string) @configuration.key (#any-of? @_holder "config" "settings" "conf" "cfg" "options"))
