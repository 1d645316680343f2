import { type Static, Type } from 'typebox'
import { requestKeys } from './request.ts'
import { effect } from './service.ts'
import { byName, mapping } from './shapes.ts'

const capture = mapping('Where a captured value is: exactly one of json, header and regex.', {
  json: Type.String({ description: 'A JSON Pointer into the response or the output: /id.' }),
  header: Type.String({
    description: 'A header of the response: Location.',
    pattern: "^[-A-Za-z0-9!#$%&'*+.^_`|~]+$",
  }),
  regex: Type.String({
    description:
      'A regular expression: the value is its first group, or the whole match if it has no group.',
  }),
})

const { tcp, dns } = effect.properties

/** What a check of one step and each step of a chain consist of. */
const stepKeys = {
  http: Type.String({
    description: 'The URL that is requested from inside the cluster.',
    pattern: '^(https?://[^/ ]+|\\{\\{[^ ]+\\}\\})(/[^ ]*)?([?][^ ]*)?$',
  }),
  ...requestKeys,
  status: Type.Unsafe<number | number[]>({
    description: 'The expected status, or a list of them; any 2xx if omitted.',
    type: ['integer', 'array'],
    minimum: 100,
    maximum: 599,
    items: { type: 'integer', minimum: 100, maximum: 599 },
  }),
  body: Type.String({ description: 'Text that the response must contain.' }),
  tcp,
  dns,
  exec: mapping('A command in a running container of a service.', {
    service: Type.String({ description: 'The service.' }),
    command: Type.Array(Type.String(), {
      description: 'The program and its arguments; there is no shell.',
    }),
  }),
  exitCode: Type.Integer({
    description: 'The expected exit code of the command; 0 if omitted.',
    minimum: 0,
    maximum: 255,
  }),
  output: Type.String({
    description: 'Text that the standard output of the command must contain.',
  }),
  matches: Type.String({
    description:
      'A regular expression (JavaScript, with ^ and $ for lines) that the response or the output must match somewhere.',
  }),
  json: Type.Unsafe<Record<string, unknown>>({
    description:
      'Expected values of the response or the output as JSON, by JSON Pointers: /items/0/name: Tea.',
    type: 'object',
    additionalProperties: {},
  }),
  capture: byName(
    'Values of the response or the output that this step and later ones use as {{NAME}}.',
    capture,
  ),
  greater: byName(
    'Captured values that must be greater than a number or another captured value: now: "{{before}}".',
    Type.Unsafe<number | string>({ type: ['number', 'string'] }),
  ),
}

export const step = mapping(
  'One step of a check: exactly one of http, tcp, dns and exec, and what is expected of it.',
  stepKeys,
)
export type StepSettings = Static<typeof step>

export const check = mapping(
  'What it means that the project works: one step, or a chain of steps.',
  {
    ...stepKeys,
    steps: Type.Array(step, {
      description:
        'Steps that follow each other, in place of http, tcp, dns or exec. A step that has succeeded is not repeated.',
    }),
    within: Type.String({
      description:
        'A check is repeated until it succeeds, at most for this time: 30s if omitted, 1h at most.',
      pattern: '^([0-9]+(ms|s|m|h))+$',
    }),
  },
)
export type CheckSettings = Static<typeof check>
