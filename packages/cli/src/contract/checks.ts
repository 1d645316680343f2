import { type Static, Type } from 'typebox'
import { line } from './line.ts'

/** How a check ended. */
export const checkResult = Type.Object({
  name: Type.String({ description: 'Its key in landfall.yaml.' }),
  state: Type.Enum(['holds', 'fails', 'unknown'], {
    description: '`unknown`: it could not be run.',
  }),
  message: Type.Optional(
    Type.String({
      description:
        'What was got instead, or why it could not be run, for people; the wording may change.',
    }),
  ),
  step: Type.Optional(
    Type.Integer({ description: 'The step of a chain that did not succeed, counted from 1.' }),
  ),
  source: Type.String({ description: '`landfall.yaml#/checks/order`' }),
  line: Type.Optional(
    Type.String({ description: 'Where it was at the deploy: `landfall.yaml:12:3`.' }),
  ),
  ms: Type.Number({ description: 'Milliseconds that it took.' }),
  hint: Type.Optional(Type.String({ description: 'What to do, for people.' })),
})
export type CheckResultLine = Static<typeof checkResult>

export const testedLine = line('tested', 'The end of `landfall test`.', {
  release: Type.String(),
  namespace: Type.String(),
  revision: Type.Integer({ description: 'The present revision, whose checks these are.' }),
  state: Type.Enum(['holds', 'fails', 'unknown'], {
    description:
      '`fails`: one of the checks fails. `unknown`: none fails, and one could not be run.',
  }),
  checks: Type.Array(checkResult, { description: 'In the order of landfall.yaml.' }),
})
export type TestedLine = Static<typeof testedLine>
