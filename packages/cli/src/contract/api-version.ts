/**
 * The version of everything that commands print for programs. Within it, keys and values of enumerations are only added;
 * whatever else changes gets another version (docs/output.md).
 */
export const API_VERSION = 'landfall.dev/v1alpha1'
