; What names mean: where they come from, what they hold.
(import_statement (import_clause (identifier) @alias @default) source: (string) @module) @import
(import_statement (import_clause (namespace_import (identifier) @alias)) source: (string) @module) @import
(import_statement (import_clause (named_imports (import_specifier name: (_) @member alias: (_)? @alias))) source: (string) @module) @import
(export_statement (export_clause (export_specifier name: (_) @member alias: (_)? @alias)) source: (string) @module) @import
(export_statement "*" @star . source: (string) @module) @import
(export_statement "*" . "from" . source: (string) @module @star) @import
(export_statement (namespace_export (_) @alias) source: (string) @module) @import
(variable_declarator name: (identifier) @alias value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module)) (#eq? @_require "require")) @import
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @member) value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module)) (#eq? @_require "require")) @import
(variable_declarator name: (object_pattern (pair_pattern key: (property_identifier) @member value: (identifier) @alias)) value: (call_expression function: (identifier) @_require arguments: (arguments . (string) @module)) (#eq? @_require "require")) @import

(export_statement "default" @bound value: [(identifier) (call_expression) (new_expression)] @value)
(export_statement "default" @bound declaration: (_ name: (_) @value))
(export_statement !source (export_clause (export_specifier name: (_) @value alias: (_) @bound)))
(assignment_expression left: (member_expression object: (identifier) @_module property: (property_identifier) @_exports) @bound @exports right: [(identifier) (call_expression) (new_expression)] @value (#eq? @_module "module") (#eq? @_exports "exports"))

(variable_declarator name: (identifier) @bound !value)
(variable_declarator name: (object_pattern (shorthand_property_identifier_pattern) @bound))
(variable_declarator name: (array_pattern (identifier) @bound))
(assignment_expression left: [(identifier) (member_expression object: (this))] @bound right: [(call_expression) (new_expression) (identifier) (member_expression) (await_expression) (string) (template_string) (number) (array) (object) (binary_expression) (ternary_expression)] @value)
(formal_parameters (assignment_pattern left: (identifier) @bound))
(formal_parameters (object_pattern (shorthand_property_identifier_pattern) @bound))
(arrow_function parameter: (identifier) @bound)
(for_in_statement left: (identifier) @bound)
(catch_clause parameter: (identifier) @bound)
(return_statement [(call_expression) (new_expression) (identifier)] @returned)

(arguments [(identifier) (member_expression object: [(this) (identifier)])] @passed)

(member_expression object: (member_expression object: (identifier) @_process property: (property_identifier) @_env) property: (property_identifier) @configuration.environment (#eq? @_process "process") (#eq? @_env "env"))
(subscript_expression object: (member_expression object: (identifier) @_process property: (property_identifier) @_env) index: (string) @configuration.environment (#eq? @_process "process") (#eq? @_env "env"))
(member_expression object: (member_expression object: (meta_property) property: (property_identifier) @_env) property: (property_identifier) @configuration.environment (#eq? @_env "env"))

(variable_declarator name: (identifier) @bound value: [(call_expression) (new_expression) (identifier) (member_expression) (await_expression) (string) (template_string) (number) (array) (object) (true) (false) (null) (binary_expression) (ternary_expression) (subscript_expression)] @value)
(formal_parameters (identifier) @bound)
(field_definition property: (property_identifier) @bound value: [(call_expression) (new_expression) (identifier) (member_expression) (await_expression) (string) (template_string) (number) (array) (object) (true) (false) (null) (binary_expression) (ternary_expression) (subscript_expression)] @value)
