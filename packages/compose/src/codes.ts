import type { Diagnostic, Many, Report, Span } from '@landfall/diagnostic'

/** Every code that this package reports, each with the one line that documents it. */
export const composeCodes = {
  'compose/no-file': 'No Compose file was found.',
  'compose/unreadable-file': 'A file that the project names cannot be read, or is not a text file.',
  'compose/outside-file':
    'The project reads a file outside of its directory, which has to be accepted in landfall.yaml.',
  'compose/too-large': 'A file exceeds the limits on size, nesting or repetition.',
  'compose/yaml-syntax': 'A file is not valid YAML.',
  'compose/duplicate-key': 'A key is repeated in a mapping.',
  'compose/non-text-key': 'A key of a mapping is not a string.',
  'compose/empty-file': 'The Compose files are empty.',
  'compose/not-a-mapping': 'The top level of a Compose file is not a mapping.',
  'compose/unset-variable': 'A variable without a default is not set; an empty string is used.',
  'compose/required-variable': 'A variable that is required with `:?` or `?` is not set.',
  'compose/invalid-interpolation': 'A `$` is not followed by a valid variable.',
  'compose/invalid-value':
    'A value cannot be parsed as the type of its key: a number, a boolean, a size …',
  'compose/yaml-1.1-boolean': 'A boolean is written as `yes`, `on`, `no` or `off`.',
  'compose/unknown-key': 'A key is not part of the Compose Specification.',
  'compose/missing-key': 'A required key is missing.',
  'compose/wrong-type': 'A value does not have the type of its key.',
  'compose/not-allowed-value': 'A value is not one of the allowed values of its key.',
  'compose/duplicate-item': 'An item is repeated in a list whose items must be unique.',
  'compose/cannot-merge': 'Two files set a key to values of different types.',
  'compose/obsolete-version': 'The top-level `version` is obsolete and has no effect.',
  'compose/deprecated-external-name':
    '`external.name` is the old form of `name` and `external: true`.',
  'compose/several-files': 'Several Compose files were found; the first is used.',
  'compose/env-file-not-found': 'A required env_file does not exist.',
  'compose/label-file-not-found': 'A label_file does not exist.',
  'compose/invalid-env-file': 'A line of an env file cannot be parsed.',
  'compose/extends-not-found': 'The service or file that a service extends does not exist.',
  'compose/extends-cycle': 'Services extend each other in a cycle.',
  'compose/include-conflict':
    'An included file and the file that includes it define the same resource differently.',
  'compose/include-cycle': 'Files include each other in a cycle.',
  'compose/invalid-port': 'A port cannot be parsed.',
  'compose/invalid-mount': 'A volume of a service cannot be parsed.',
  'compose/invalid-command': 'A command string cannot be split into words.',
  'compose/invalid-project-name': 'The project has no name, or one that is not valid.',
  'compose/no-image': 'A service has neither image nor build.',
  'compose/undefined-service': 'A service refers to a service that does not exist.',
  'compose/disabled-service': 'A service depends on one that no active profile enables.',
  'compose/undefined-network': 'A service refers to a network that the project does not define.',
  'compose/undefined-volume': 'A service refers to a volume that the project does not define.',
  'compose/undefined-secret': 'A service refers to a secret that the project does not define.',
  'compose/undefined-config': 'A service refers to a config that the project does not define.',
  'compose/undefined-model': 'A service refers to a model that the project does not define.',
  'compose/dependency-cycle': 'Services depend on each other in a cycle.',
  'compose/conflicting-keys': 'Two keys are set that exclude or contradict each other.',
  'compose/duplicate-target': 'Two mounts of a service have the same target.',
  'compose/duplicate-container-name': 'Two containers have the same name.',
  'compose/engine-refuses':
    'Docker Compose reads a value that Docker refuses when it creates or starts the container.',
} as const satisfies Record<`compose/${string}`, string>

export type ComposeCode = keyof typeof composeCodes

/** A diagnostic of this package; leaves out what is undefined. */
export interface Problem {
  code: ComposeCode
  message: string
  path: string
  at?: Span | undefined
  hint?: string | undefined
  related?: readonly { message: string; at: Span | undefined }[]
  severity?: 'error' | 'warning'
  many?: Many
}

/** Reports a problem; an error unless it says otherwise. */
export function reportProblem(report: Report, problem: Problem): void {
  const { code, message, path, at, hint, severity = 'error', many } = problem
  const related = problem.related?.flatMap(({ message, at }) => (at ? [{ message, at }] : []))
  const diagnostic: Diagnostic = {
    code,
    severity,
    message: clip(message),
    path,
    ...(at && { at }),
    ...(hint !== undefined && { hint }),
    ...(related?.length && { related }),
    ...(many !== undefined && { many }),
  }
  report(diagnostic)
}

/** A message that quotes a text of any length, in the length of a message. */
function clip(message: string): string {
  return message.length > 400 ? `${message.slice(0, 300)} … ${message.slice(-60)}` : message
}
