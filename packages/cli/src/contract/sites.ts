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
