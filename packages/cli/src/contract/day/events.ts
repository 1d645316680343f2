import { type Static, Type } from 'typebox'
import { line } from '../line.ts'

export const eventLine = line(
  'event',
  'What the cluster reports about an object of a release; repeated events are one line.',
  {
    service: Type.Optional(Type.String({ description: 'Absent for an object of no service.' })),
    object: Type.String({ description: '`pod/web-5d8f-abcde`: the object of the last time.' }),
    severity: Type.Enum(['normal', 'warning']),
    reason: Type.String({ description: 'As Kubernetes names it: `BackOff`.' }),
    message: Type.String({ description: 'For people; the wording may change.' }),
    count: Type.Integer({ description: 'How often it happened, over all objects of the service.' }),
    first: Type.String({ description: 'When it happened first (RFC 3339).' }),
    last: Type.String({ description: 'When it happened last (RFC 3339).' }),
  },
)
export type EventLine = Static<typeof eventLine>
