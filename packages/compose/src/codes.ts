import type { Diagnostic, Report, Span } from '@landfall/diagnostic'

/** Every code that this package reports, each with the one line that documents it. */
export const composeCodes = {
  'compose/no-file': 'There is no Compose file where it was looked for.',
  'compose/unreadable-file': 'A file that the project names cannot be read, or is not text.',
  'compose/too-large': 'A file is larger, deeper or more repetitive than any project needs.',
  'compose/yaml-syntax': 'A file is not valid YAML.',
  'compose/duplicate-key': 'A key stands twice in one mapping.',
  'compose/non-text-key': 'A key of a mapping is not text.',
  'compose/empty-file': 'The Compose files together hold nothing.',
  'compose/not-a-mapping': 'A Compose file is not a mapping at its top.',
  'compose/unset-variable': 'A variable without a default is not set; it counts as empty.',
  'compose/required-variable': 'A variable that is asked for with `:?` or `?` has no value.',
  'compose/invalid-interpolation': 'A `$` starts something that is no variable.',
  'compose/invalid-value':
    'A text cannot be read as what its place needs: a number, a boolean, a size …',
  'compose/yaml-1.1-boolean': 'A boolean is written as `yes`, `on`, `no` or `off`.',
  'compose/unknown-key': 'A key is not part of the Compose Specification.',
  'compose/missing-key': 'A mapping lacks a key that it must have.',
  'compose/wrong-type': 'A value is of another type than its key takes.',
  'compose/not-allowed-value': 'A value is not one of those that its key takes.',
  'compose/duplicate-item': 'An item stands twice in a list that takes each once.',
  'compose/cannot-merge': 'Two files give one key values of different types.',
  'compose/obsolete-version': 'The top-level `version` has no effect any more.',
  'compose/deprecated-external-name':
    '`external.name` is the old form of `name` and `external: true`.',
  'compose/several-files': 'Several Compose files could be meant; the first is taken.',
  'compose/env-file-not-found': 'An env_file that is required does not exist.',
  'compose/label-file-not-found': 'A label_file does not exist.',
  'compose/invalid-env-file': 'A line of an env file cannot be read.',
  'compose/extends-not-found': 'The service or file that a service extends does not exist.',
  'compose/extends-cycle': 'Services extend each other in a circle.',
  'compose/include-conflict':
    'An included file defines what the including file defines differently.',
  'compose/include-cycle': 'Files include each other in a circle.',
  'compose/invalid-port': 'A port cannot be read.',
  'compose/invalid-mount': 'A volume of a service cannot be read.',
  'compose/invalid-command': 'A command text cannot be split into words.',
  'compose/invalid-project-name': 'The project has no name, or one that is not allowed.',
  'compose/no-image': 'A service has neither image nor build.',
  'compose/undefined-service': 'A service refers to a service that does not exist.',
  'compose/disabled-service': 'A service needs one that no active profile enables.',
  'compose/undefined-network': 'A service refers to a network that the project does not define.',
  'compose/undefined-volume': 'A service refers to a volume that the project does not define.',
  'compose/undefined-secret': 'A service refers to a secret that the project does not define.',
  'compose/undefined-config': 'A service refers to a config that the project does not define.',
  'compose/undefined-model': 'A service refers to a model that the project does not define.',
  'compose/dependency-cycle': 'Services depend on each other in a circle.',
  'compose/conflicting-keys': 'Two keys are given that exclude or contradict each other.',
  'compose/duplicate-target': 'Two mounts of a service have one target.',
  'compose/duplicate-container-name': 'Two containers would have one name.',
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
}

/** Reports a problem; an error unless it says otherwise. */
export function reportProblem(report: Report, problem: Problem): void {
  const { code, message, path, at, hint, severity = 'error' } = problem
  const related = problem.related?.flatMap(({ message, at }) => (at ? [{ message, at }] : []))
  const diagnostic: Diagnostic = {
    code,
    severity,
    message: clip(message),
    path,
    ...(at && { at }),
    ...(hint !== undefined && { hint }),
    ...(related?.length && { related }),
  }
  report(diagnostic)
}

/** A message that quotes a text of any length, in the length of a message. */
function clip(message: string): string {
  return message.length > 400 ? `${message.slice(0, 300)} … ${message.slice(-60)}` : message
}
