import { Type } from 'typebox'
import { line } from './line.ts'

const service = Type.String({ description: 'Its name in the Compose file.' })

export const refusedLine = line(
  'refused',
  'A number of pods that a service cannot have: nothing is changed.',
  {
    service,
    message: Type.String({ description: 'For people; the wording may change.' }),
    hint: Type.String({ description: 'What to do, for people.' }),
  },
)

export const scaledLine = line('scaled', 'The new number of pods of a service.', {
  service,
  object: Type.String({ description: '`deployment/web`' }),
  from: Type.Integer({ description: 'The number of pods before.' }),
  to: Type.Integer(),
  declared: Type.Integer({
    description: 'What the project declares: the next `landfall up` sets this number.',
  }),
})
