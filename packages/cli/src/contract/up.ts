import { type Static, Type } from 'typebox'
import { checkResult } from './checks.ts'
import { drift } from './day/status.ts'
import { line } from './line.ts'

const object = Type.String({ description: 'Kind and name of an object: `deployment/web`.' })
const operation = Type.Enum(['create', 'update', 'replace', 'unchanged', 'delete', 'keep'], {
  description:
    '`replace`: deleted and created again, because the API server refuses the change. `keep`: no longer part of the project, and left in place.',
})

export const progressLine = line(
  'progress',
  'A step before the deployment: building an image, starting the local cluster.',
  {
    step: Type.String({ description: 'For people; the wording may change.' }),
    state: Type.Enum(['start', 'progress', 'done', 'cached']),
    detail: Type.Optional(Type.String()),
    ms: Type.Optional(Type.Number({ description: 'Duration of a step that is done.' })),
  },
)

export const noteLine = line('note', 'A message for people.', { message: Type.String() })

export const operationsLine = line('operations', 'What the deployment is about to do.', {
  operations: Type.Array(
    Type.Object({
      id: Type.Integer(),
      object,
      operation,
      reason: Type.String({ description: 'For people; the wording may change.' }),
    }),
  ),
})

export const applyLine = line('apply', 'An operation is done.', { object, operation })

export const waitLine = line('wait', 'What an object waits for; repeated when it changes.', {
  object,
  message: Type.String({ description: 'For people; the wording may change.' }),
})

export const readyLine = line('ready', 'An object is ready.', {
  object,
  ms: Type.Number({ description: 'Milliseconds since the deployment began.' }),
})

const failure = Type.Object({
  object,
  pod: Type.Optional(Type.String()),
  container: Type.Optional(Type.String()),
  code: Type.String({ description: 'A stable id: `landfall explain CODE` documents it.' }),
  reason: Type.String({
    description: 'As the cluster calls it, or in a few words for people: `ImagePullBackOff`.',
  }),
  message: Type.String({ description: 'For people; the wording may change.' }),
  exitCode: Type.Optional(Type.Integer()),
  log: Type.Array(Type.String(), { description: 'Last lines that the failed container printed.' }),
  source: Type.Optional(
    Type.String({ description: 'Where the object came from: `compose.yaml#/services/web`.' }),
  ),
  line: Type.Optional(
    Type.String({
      description:
        'The line of a check at the deploy, `landfall.yaml:12:3`, or of the object in the manifests of `--bundle`.',
    }),
  ),
  hint: Type.Optional(Type.String({ description: 'What to do, for people.' })),
  also: Type.Array(Type.Object({ object, code: Type.String(), reason: Type.String() }), {
    description: 'Other workloads with a problem at the same time: one of them may be the cause.',
  }),
})

export const failedLine = line('failed', 'A workload has failed.', { failure })
export type FailedLine = Static<typeof failedLine>

export const completedLine = line(
  'completed',
  'Programs have ended with exit code 0 and their restart policy leaves them ended.',
  {
    sources: Type.Array(
      Type.String({ description: 'Their services: `compose.yaml#/services/setup`.' }),
    ),
  },
)

export const copyLine = line(
  'copy',
  'A directory of the project that is too large for objects is copied into a claim; repeated while it is copied.',
  {
    claim: Type.String(),
    tree: Type.String({ description: 'As the Compose file writes it: `./media`.' }),
    state: Type.Enum(['progress', 'done']),
    bytes: Type.Integer({ description: 'Bytes that were sent.' }),
    total: Type.Integer({ description: 'Bytes that the claim does not have yet.' }),
  },
)

export const keptLine = line(
  'kept',
  'Files of the project that programs have changed in a volume, and which the volume keeps as they are.',
  {
    tree: Type.String({ description: 'As the Compose file writes it: `./config`.' }),
    files: Type.Array(
      Type.Object({
        path: Type.String({
          description: 'As the Compose file would write it: `./config/app.ini`.',
        }),
        reason: Type.String({ description: 'For people; the wording may change.' }),
      }),
    ),
  },
)

export const addedLine = line(
  'added',
  'What others have added to objects of the release; it stays.',
  {
    fields: Type.Array(drift),
  },
)

export const backLine = line(
  'back',
  'A failed revision is taken back: the release becomes again what this revision was.',
  { revision: Type.Integer() },
)

const address = Type.Object({
  service: Type.String(),
  port: Type.String({ description: 'The published port, or a range: `8080`, `10000-10100`.' }),
  url: Type.Optional(Type.String({ description: 'Absent where nothing offers the port.' })),
  answered: Type.Boolean(),
  error: Type.Optional(
    Type.String({ description: 'Why it did not answer or was not tested, for people.' }),
  ),
  optional: Type.Boolean({ description: 'The project does not require an answer.' }),
})

const image = Type.Object({
  image: Type.String(),
  detail: Type.String({ description: 'For people; the wording may change.' }),
})

export const verdictLine = line('verdict', 'The end of `landfall up`.', {
  state: Type.Enum(['ready', 'failed']),
  ms: Type.Number({
    description: 'Milliseconds until everything was ready, or until the failure was certain.',
  }),
  watchedMs: Type.Optional(
    Type.Number({ description: 'Milliseconds for which everything then stayed ready.' }),
  ),
  failure: Type.Optional(failure),
  untested: Type.Optional(
    Type.String({
      description: 'Why connections between services could not be tested, for people.',
    }),
  ),
  untestedEffects: Type.Optional(
    Type.String({
      description:
        'Why it could not be tested whether what complete one-shots have done is still there, for people.',
    }),
  ),
  unreachable: Type.Optional(
    Type.Array(
      Type.Object({
        address: Type.String({ description: 'Name and port, as programs write them.' }),
        by: Type.String({ description: 'A service that connects to it.' }),
      }),
      {
        description:
          'What services connect to outside of the project, and does not answer inside the cluster.',
      },
    ),
  ),
  withoutMetrics: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Services with `scale` in landfall.yaml whose number of pods does not change, because the cluster serves no metrics.',
    }),
  ),
  checks: Type.Optional(
    Type.Array(checkResult, {
      description:
        'How the checks of landfall.yaml ended; absent if there are none, or if the deployment failed before.',
    }),
  ),
  addresses: Type.Array(address, { description: 'The published ports.' }),
  replacedImages: Type.Array(image, {
    description: 'Images of a local cluster that are not the original ones.',
  }),
  missingImages: Type.Array(image, { description: 'Images that a local cluster cannot provide.' }),
  revision: Type.Optional(
    Type.Integer({ description: 'The revision that it is about; absent if none is recorded.' }),
  ),
  back: Type.Optional(
    Type.Object(
      {
        to: Type.Integer({ description: 'The revision that the release is like again.' }),
        revision: Type.Optional(Type.Integer({ description: 'The new revision that repeats it.' })),
        state: Type.Enum(['ready', 'failed']),
        ms: Type.Number(),
        failure: Type.Optional(failure),
        lasting: Type.Array(Type.String(), {
          description: 'What is not undone, for people: a Job that ran, a claim that was created.',
        }),
      },
      { description: 'How it went when the failed revision was taken back.' },
    ),
  ),
  notBack: Type.Optional(
    Type.String({ description: 'Why a failed revision was not taken back, for people.' }),
  ),
})
export type VerdictLine = Static<typeof verdictLine>
