import { Type } from 'typebox'
import { byName } from './shapes.ts'

/** What is sent: the keys of http in effects and in checks. */
export const requestKeys = {
  method: Type.String({
    description: 'The method of the request; GET if omitted, POST with send.',
    pattern: '^[A-Z]+$',
  }),
  headers: byName(
    'Headers of the request, by their names.',
    Type.Unsafe<string>({ type: ['string', 'number'] }),
  ),
  send: Type.Unsafe<string | Record<string, unknown> | unknown[]>({
    description:
      'The body of the request. A mapping or a list is sent as JSON, a text as it is (text/plain if headers does not set Content-Type).',
    type: ['string', 'object', 'array'],
  }),
}
