import { Type } from 'typebox'
import { line } from './line.ts'

const names = (description: string) => Type.Array(Type.String(), { description })

export const siteLine = line('site', 'How a site ended: the end of its lines.', {
  state: Type.Enum(['ready', 'failed', 'away', 'held'], {
    description:
      '`away`: its cluster does not respond. `held`: it connects to a site that is not ready, and was not deployed.',
  }),
  reason: Type.Optional(
    Type.String({
      description: 'Why it is not ready, or that there was nothing to do; for people.',
    }),
  ),
  ms: Type.Number({ description: 'Milliseconds since its deployment began.' }),
})

export const sitesLine = line('sites', 'The end of `landfall up` with several sites.', {
  state: Type.Enum(['ready', 'failed'], { description: '`ready`: all of them are.' }),
  ready: names('Sites that are ready.'),
  failed: names('Sites that have failed.'),
  away: names('Sites whose cluster does not respond.'),
  held: names('Sites that were not deployed, because one to which they connect is not ready.'),
})

export const siteStatusLine = line(
  'siteStatus',
  'The state of a site, of `landfall status --sites`.',
  {
    state: Type.Enum(['ready', 'behind', 'inProgress', 'failed', 'absent', 'away'], {
      description:
        '`behind`: ready, but not as the project declares it. `absent`: not deployed. `away`: its cluster does not respond.',
    }),
    namespace: Type.String(),
    context: Type.Optional(
      Type.String({ description: 'The kubeconfig context; absent if it is that of the command.' }),
    ),
    location: Type.Optional(Type.Object({ latitude: Type.Number(), longitude: Type.Number() })),
    ready: Type.Optional(Type.Integer({ description: 'Ready pods, and completed Jobs.' })),
    desired: Type.Optional(Type.Integer()),
    revision: Type.Optional(Type.Integer()),
    changes: Type.Optional(
      Type.Integer({
        description: 'How many objects `landfall up` would change, if that is known.',
      }),
    ),
    reason: Type.Optional(
      Type.String({
        description: 'Why the state, or what would change, is not known; for people.',
      }),
    ),
  },
)
